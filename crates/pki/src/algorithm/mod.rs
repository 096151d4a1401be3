//! Algorithms and their identifiers (RFC 5480, 5754, 5758, 8017, 8410, 8419, 8702).
mod digest;
mod key;
mod pss;
mod signature;

pub use digest::{DigestAlgorithm, sha256};
pub use key::KeyAlgorithm;
pub use pss::PssParameters;
pub use signature::SignatureAlgorithm;

pub(crate) use signature::Scheme;
