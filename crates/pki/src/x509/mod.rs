//! Certificates and names, RFC 5280.
mod certificate;
mod extensions;
mod name;

pub use certificate::{Certificate, Serial};
pub use extensions::{ExtendedKeyUsage, KeyUsage};
pub use name::Name;
