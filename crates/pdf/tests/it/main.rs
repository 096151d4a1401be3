//! The crate as others use it, judged by qpdf, MuPDF, poppler and lopdf.

mod account;
mod archive;
mod corpora;
mod differential;
mod direct;
mod encryption;
mod hostile;
mod judged;
mod long;
mod pages;
mod signature;
mod signer;
mod signing;
mod support;
mod text;
mod updates;
mod xfa;
