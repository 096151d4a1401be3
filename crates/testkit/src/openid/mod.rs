//! A stand-in OpenID provider: signing keys, tokens and a server on this machine, right or wrong as a test needs them.

mod key;
mod provider;

pub use self::key::{TokenKey, base64url, key_set};
pub use self::provider::{Asked, Provider, Said};
