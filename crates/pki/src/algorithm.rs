//! Algorithms and their identifiers.
use serde::{Deserialize, Serialize};

/// A hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DigestAlgorithm {
    /// SHA-1: read, never written; see [`DigestAlgorithm::is_weak`].
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl DigestAlgorithm {
    /// The digest of `data`.
    pub fn digest(self, data: &[u8]) -> Vec<u8> {
        let _ = data;
        todo!()
    }
    /// Length of a digest in bytes.
    pub fn len(self) -> usize {
        todo!()
    }
    /// Whether collisions can be made.
    pub fn is_weak(self) -> bool {
        self == Self::Sha1
    }
}

/// SHA-256 of `data`.
pub fn sha256(data: &[u8]) -> [u8; 32] {
    let _ = data;
    todo!()
}

/// A kind of key that we make and certify.
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
}

/// A signature algorithm: the scheme with its hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the algorithms'")]
pub enum SignatureAlgorithm {
    EcdsaSha1,
    EcdsaSha256,
    EcdsaSha384,
    EcdsaSha512,
    RsaSha1,
    RsaSha256,
    RsaSha384,
    RsaSha512,
    RsaPssSha256,
    RsaPssSha384,
    RsaPssSha512,
    Ed25519,
}

impl SignatureAlgorithm {
    /// Its hash function (SHA-512 for Ed25519, RFC 8419).
    pub fn digest(self) -> DigestAlgorithm {
        todo!()
    }
    /// The usual name, as `SHA256withECDSA`.
    pub fn name(self) -> &'static str {
        todo!()
    }
}

impl KeyAlgorithm {
    /// `p256`, `p384`, `rsa2048`, `rsa3072`, `rsa4096`: as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::Rsa2048 => "rsa2048",
            Self::Rsa3072 => "rsa3072",
            Self::Rsa4096 => "rsa4096",
        }
    }
}
