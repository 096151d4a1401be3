//! Hash functions (RFC 5754; NIST CSOR for SHA-3).
use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};

use crate::der::{self, Reader};
use crate::{ParseError, oid};

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
    /// SHA3-256: for checking what others signed.
    #[serde(rename = "sha3-256")]
    Sha3_256,
    /// SHA3-384: for checking what others signed.
    #[serde(rename = "sha3-384")]
    Sha3_384,
    /// SHA3-512: for checking what others signed.
    #[serde(rename = "sha3-512")]
    Sha3_512,
}

const ALL: [DigestAlgorithm; 7] = {
    use DigestAlgorithm::*;
    [Sha256, Sha384, Sha512, Sha1, Sha3_256, Sha3_384, Sha3_512]
};

impl DigestAlgorithm {
    /// The digest of `data`.
    ///
    /// ```
    /// # use vermilion_pki::DigestAlgorithm;
    /// assert_eq!(DigestAlgorithm::Sha384.digest(b"").len(), DigestAlgorithm::Sha384.output_len());
    /// ```
    pub fn digest(self, data: &[u8]) -> Vec<u8> {
        digest::digest(self.implementation(), data).as_ref().to_vec()
    }

    /// `SHA-256`, `SHA3-256`: as in FIPS 180-4 and FIPS 202.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA-1",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Sha3_256 => "SHA3-256",
            Self::Sha3_384 => "SHA3-384",
            Self::Sha3_512 => "SHA3-512",
        }
    }

    /// Length of a digest in bytes.
    pub fn output_len(self) -> usize {
        self.implementation().output_len()
    }

    /// DigestInfo of `data` (RFC 8017 §9.2): what RSA PKCS#1 v1.5 signs, before padding.
    pub fn digest_info(self, data: &[u8]) -> Vec<u8> {
        der::sequence(&[&self.identifier_with_null(), &der::octet_string(&self.digest(data))])
    }

    /// Whether collisions can be made.
    pub fn is_weak(self) -> bool {
        self == Self::Sha1
    }

    /// The function of aws-lc-rs, for hashing in pieces.
    pub fn implementation(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
            Self::Sha3_256 => &digest::SHA3_256,
            Self::Sha3_384 => &digest::SHA3_384,
            Self::Sha3_512 => &digest::SHA3_512,
        }
    }

    fn oid(self) -> &'static [u8] {
        match self {
            Self::Sha1 => oid::SHA1,
            Self::Sha256 => oid::SHA256,
            Self::Sha384 => oid::SHA384,
            Self::Sha512 => oid::SHA512,
            Self::Sha3_256 => oid::SHA3_256,
            Self::Sha3_384 => oid::SHA3_384,
            Self::Sha3_512 => oid::SHA3_512,
        }
    }

    pub(crate) fn from_oid(content: &[u8]) -> Option<Self> {
        ALL.into_iter().find(|d| d.oid() == content)
    }

    /// AlgorithmIdentifier without parameters (RFC 5754 §2).
    pub(crate) fn identifier(self) -> Vec<u8> {
        der::sequence(&[&der::oid(self.oid())])
    }

    /// AlgorithmIdentifier with NULL, as OCSP clients write it.
    pub(crate) fn identifier_with_null(self) -> Vec<u8> {
        der::sequence(&[&der::oid(self.oid()), &der::null()])
    }

    /// Reads an AlgorithmIdentifier; parameters are absent or NULL.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, ParseError> {
        let mut identifier = reader.sequence()?;
        let content = identifier.oid()?;
        identifier.optional(der::NULL)?;
        identifier.finish()?;
        Self::from_oid(content)
            .ok_or_else(|| ParseError::Unsupported { what: "digest algorithm", found: oid::dotted(content) })
    }
}

/// SHA-256 of `data`.
pub fn sha256(data: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, data).as_ref());
    out
}
