//! Certificates and names, RFC 5280.
mod certificate;
pub(crate) mod extensions;
mod name;
mod serial;

pub use certificate::Certificate;
pub use extensions::{ExtendedKeyUsage, KeyUsage};
pub use name::Name;
pub use serial::Serial;
