//! CMS SignedData (RFC 5652) as PDF signatures and time-stamp tokens use it.
mod attributes;
mod build;
mod cades;
mod certs_only;
mod signed_data;

pub use attributes::SignedAttributes;
pub use build::build;
pub use cades::{RevocationArchival, SignaturePolicy, SignerLocation};
pub use certs_only::{certificates, certs_only_message};
pub use signed_data::SignedData;

pub(crate) use attributes::tst_attributes;
pub(crate) use build::{Parts, assemble};
