//! Signing and validating, judged by our own manipulated files, by third-party corpora and by the programs of others.

mod attacks;
mod corpora;
mod judges;
mod odd;
mod signing;
mod snapshots;
mod support;
