//! Signing and validating, judged by our own manipulated files, by third-party corpora and by the programs of others.

mod ades;
mod attacks;
mod authorities;
mod comments;
mod corpora;
mod etsi;
mod forgeries;
mod forms;
mod hanko;
mod hostile;
mod judges;
mod levels;
mod looks;
mod mutations;
mod odd;
mod overlays;
mod paved;
mod readers;
mod renumbered;
mod revisions;
mod seen;
mod signing;
mod snapshots;
mod support;
mod world;
mod xfa;
