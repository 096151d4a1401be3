//! Signing and validating, judged by our own manipulated files, by third-party corpora and by the programs of others.

mod ades;
mod attacks;
mod authorities;
mod corpora;
mod etsi;
mod forms;
mod hostile;
mod judges;
mod levels;
mod odd;
mod signing;
mod snapshots;
mod support;
mod world;
