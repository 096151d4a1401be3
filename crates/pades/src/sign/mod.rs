//! Making a signature, in steps that can be stored and resumed.
//!
//! [`prepare`] decides every byte of the revision but the signature value; [`Prepared::to_be_signed`] fixes who signs;
//! [`ToBeSigned::signed`] takes the value that the key made, wherever that key lives; [`Signed::with_time_stamp`] adds
//! the trusted time; [`Signed::finish`] gives the bytes to append.

mod assemble;
pub(crate) mod guard;
mod hash;
mod look;
mod mdp;
mod prepare;
mod request;
mod seed;
mod seed_certificate;

pub use self::assemble::{Signed, ToBeSigned, may_sign, reserve_for};
pub(crate) use self::hash::Prefix;
pub(crate) use self::prepare::Wants;
pub use self::prepare::{Prepared, prepare};
pub(crate) use self::prepare::{date, locks_of, prepare_on};
pub use self::request::{Fill, Mark, Place, SigningRequest};
pub use self::seed::{SeedValue, Wish};
pub use self::seed_certificate::CertificateWish;

/// Bytes as base64 in stored states.
mod base64_bytes {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map_err(D::Error::custom)
    }
}

/// A digest in hexadecimal in stored states.
mod hex_digest {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(digest: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(digest))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        hex::decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
