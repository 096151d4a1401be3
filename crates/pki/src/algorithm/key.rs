//! Kinds of keys.
use serde::{Deserialize, Serialize};

use super::SignatureAlgorithm;

/// A kind of key that signs here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyAlgorithm {
    /// ECDSA on NIST P-256.
    P256,
    /// ECDSA on NIST P-384.
    P384,
    /// RSA, 2048 bits.
    Rsa2048,
    /// RSA, 3072 bits.
    Rsa3072,
    /// RSA, 4096 bits.
    Rsa4096,
    /// RSA of another size from 2048 to 4096 bits: signs where it is brought along, and is not made here.
    RsaOther,
    /// EdDSA on Curve25519 (RFC 8032, RFC 8410).
    Ed25519,
}

impl KeyAlgorithm {
    /// `p256`, `p384`, `rsa2048`, `rsa3072`, `rsa4096`, `rsa-other`, `ed25519`: as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::Rsa2048 => "rsa2048",
            Self::Rsa3072 => "rsa3072",
            Self::Rsa4096 => "rsa4096",
            Self::RsaOther => "rsa-other",
            Self::Ed25519 => "ed25519",
        }
    }

    /// Whether it is RSA, of any size.
    pub fn is_rsa(self) -> bool {
        matches!(self, Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 | Self::RsaOther)
    }

    /// The algorithm that our own signatures with such a key use.
    pub fn signature_algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::P256 => SignatureAlgorithm::EcdsaSha256,
            Self::P384 => SignatureAlgorithm::EcdsaSha384,
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 | Self::RsaOther => SignatureAlgorithm::RsaSha256,
            Self::Ed25519 => SignatureAlgorithm::Ed25519,
        }
    }
}
