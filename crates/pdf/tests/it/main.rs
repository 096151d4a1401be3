//! The crate as others use it, judged by qpdf, MuPDF, poppler and lopdf.

mod account;
mod corpora;
mod encryption;
mod hostile;
mod judged;
mod pages;
mod signature;
mod support;
mod text;
mod updates;
