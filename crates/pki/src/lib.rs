//! X.509, CMS, CRL, OCSP and the time-stamp protocol, both sides: reading and judging what others made, and
//! issuing our own.
//!
//! * [`Certificate`], [`Name`]: RFC 5280 certificates, kept as the bytes that were signed.
//! * [`Signer`], [`SoftwareSigner`], [`verify`]: private operations and their check (ECDSA, RSA, Ed25519).
//! * [`ca`]: issuing in two phases, so that nothing is signed that was not linted.
//! * [`crl`], [`ocsp`]: revocation, RFC 5280 §5 and RFC 6960.
//! * [`tsa`]: time-stamps, RFC 3161 and RFC 5816.
//! * [`cms`]: the SignedData of a PDF signature, RFC 5652 with the attributes of ETSI EN 319 122-1.
//! * [`der`]: what reads and writes all of these; readers of key files use it too.
//! * [`path`]: path validation, RFC 5280 §6, whose result is a type and not a bool.
//!
//! The crate has no clock, no network and no storage: the time, the serial numbers and the candidates are given.

pub mod ca;
pub mod cms;
pub mod crl;
pub mod der;
pub mod ocsp;
pub mod path;
pub mod tsa;

mod algorithm;
mod ber;
mod ecdsa;
mod error;
mod key_size;
mod oid;
mod pem;
mod public_key;
mod rsa;
mod signer;
mod time;
mod verify;
mod x509;

pub use algorithm::{DigestAlgorithm, KeyAlgorithm, PssParameters, SignatureAlgorithm, sha256};
pub use ecdsa::ecdsa_value;
pub use error::{ParseError, SignError, VerifyError};
pub use key_size::{KeyFamily, key_size};
pub use public_key::{is_same_key, public_key_algorithm, usual_signature_algorithm};
pub use signer::{KeyRejected, Signer, SoftwareSigner, check_algorithm};
pub use verify::verify;
pub use x509::{Certificate, ExtendedKeyUsage, KeyUsage, Name, Serial};
