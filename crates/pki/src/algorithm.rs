//! Algorithms and their identifiers (RFC 5480, 5754, 5758, 8017, 8419).
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
}

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

    /// Length of a digest in bytes.
    pub fn output_len(self) -> usize {
        self.implementation().output_len()
    }

    /// Whether collisions can be made.
    pub fn is_weak(self) -> bool {
        self == Self::Sha1
    }

    pub(crate) fn implementation(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        }
    }

    fn oid(self) -> &'static [u8] {
        match self {
            Self::Sha1 => oid::SHA1,
            Self::Sha256 => oid::SHA256,
            Self::Sha384 => oid::SHA384,
            Self::Sha512 => oid::SHA512,
        }
    }

    pub(crate) fn from_oid(content: &[u8]) -> Option<Self> {
        [Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512].into_iter().find(|d| d.oid() == content)
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

    /// The algorithm that our own signatures with such a key use.
    pub fn signature_algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::P256 => SignatureAlgorithm::EcdsaSha256,
            Self::P384 => SignatureAlgorithm::EcdsaSha384,
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 => SignatureAlgorithm::RsaSha256,
        }
    }
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

const ALL: [SignatureAlgorithm; 12] = {
    use SignatureAlgorithm::*;
    [
        EcdsaSha256,
        RsaSha256,
        EcdsaSha384,
        EcdsaSha512,
        RsaSha384,
        RsaSha512,
        RsaPssSha256,
        RsaPssSha384,
        RsaPssSha512,
        Ed25519,
        EcdsaSha1,
        RsaSha1,
    ]
};

impl SignatureAlgorithm {
    /// Its hash function (SHA-512 for Ed25519, RFC 8419).
    pub fn digest(self) -> DigestAlgorithm {
        match self {
            Self::EcdsaSha1 | Self::RsaSha1 => DigestAlgorithm::Sha1,
            Self::EcdsaSha256 | Self::RsaSha256 | Self::RsaPssSha256 => DigestAlgorithm::Sha256,
            Self::EcdsaSha384 | Self::RsaSha384 | Self::RsaPssSha384 => DigestAlgorithm::Sha384,
            Self::EcdsaSha512 | Self::RsaSha512 | Self::RsaPssSha512 | Self::Ed25519 => {
                DigestAlgorithm::Sha512
            }
        }
    }

    /// The usual name, as `SHA256withECDSA`.
    pub fn name(self) -> &'static str {
        match self {
            Self::EcdsaSha1 => "SHA1withECDSA",
            Self::EcdsaSha256 => "SHA256withECDSA",
            Self::EcdsaSha384 => "SHA384withECDSA",
            Self::EcdsaSha512 => "SHA512withECDSA",
            Self::RsaSha1 => "SHA1withRSA",
            Self::RsaSha256 => "SHA256withRSA",
            Self::RsaSha384 => "SHA384withRSA",
            Self::RsaSha512 => "SHA512withRSA",
            Self::RsaPssSha256 => "SHA256withRSAandMGF1",
            Self::RsaPssSha384 => "SHA384withRSAandMGF1",
            Self::RsaPssSha512 => "SHA512withRSAandMGF1",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// The object identifier, where it alone says everything.
    fn oid(self) -> Option<&'static [u8]> {
        match self {
            Self::EcdsaSha1 => Some(oid::ECDSA_WITH_SHA1),
            Self::EcdsaSha256 => Some(oid::ECDSA_WITH_SHA256),
            Self::EcdsaSha384 => Some(oid::ECDSA_WITH_SHA384),
            Self::EcdsaSha512 => Some(oid::ECDSA_WITH_SHA512),
            Self::RsaSha1 => Some(oid::SHA1_WITH_RSA),
            Self::RsaSha256 => Some(oid::SHA256_WITH_RSA),
            Self::RsaSha384 => Some(oid::SHA384_WITH_RSA),
            Self::RsaSha512 => Some(oid::SHA512_WITH_RSA),
            Self::Ed25519 => Some(oid::ED25519),
            Self::RsaPssSha256 | Self::RsaPssSha384 | Self::RsaPssSha512 => None,
        }
    }

    /// AlgorithmIdentifier, DER. RSA has NULL parameters, ECDSA and Ed25519 none.
    pub(crate) fn identifier(self) -> Vec<u8> {
        match self.oid() {
            Some(content)
                if matches!(self, Self::RsaSha1 | Self::RsaSha256 | Self::RsaSha384 | Self::RsaSha512) =>
            {
                der::sequence(&[&der::oid(content), &der::null()])
            }
            Some(content) => der::sequence(&[&der::oid(content)]),
            None => self.pss_identifier(),
        }
    }

    /// RFC 4055 §3.1: MGF1 and salt length go with the hash function.
    fn pss_identifier(self) -> Vec<u8> {
        let hash = self.digest().identifier();
        let mgf = der::sequence(&[&der::oid(oid::MGF1), &hash]);
        let salt = u64::try_from(self.digest().output_len()).unwrap_or(0);
        let parameters = der::sequence(&[
            &der::tlv(der::context_constructed(0), &[&hash]),
            &der::tlv(der::context_constructed(1), &[&mgf]),
            &der::tlv(der::context_constructed(2), &[&der::unsigned_integer(salt)]),
        ]);
        der::sequence(&[&der::oid(oid::RSA_PSS), &parameters])
    }

    /// Reads an AlgorithmIdentifier. A bare `rsaEncryption` or `id-ecPublicKey`, as some CMS writers put, is completed
    /// by `digest`.
    pub(crate) fn read(reader: &mut Reader<'_>, digest: Option<DigestAlgorithm>) -> Result<Self, ParseError> {
        let mut identifier = reader.sequence()?;
        let content = identifier.oid()?;
        let unsupported =
            || ParseError::Unsupported { what: "signature algorithm", found: oid::dotted(content) };
        if content == oid::RSA_PSS {
            return read_pss(&mut identifier)?.ok_or_else(unsupported);
        }
        let found = match digest {
            Some(digest) if content == oid::RSA_ENCRYPTION => {
                ALL.into_iter().find(|a| a.digest() == digest && a.name().ends_with("withRSA"))
            }
            Some(digest) if content == oid::EC_PUBLIC_KEY => {
                ALL.into_iter().find(|a| a.digest() == digest && a.name().ends_with("withECDSA"))
            }
            _ => ALL.into_iter().find(|a| a.oid() == Some(content)),
        };
        found.ok_or_else(unsupported)
    }
}

/// RSASSA-PSS-params; only where MGF1 and salt length go with the hash function.
fn read_pss(identifier: &mut Reader<'_>) -> Result<Option<SignatureAlgorithm>, ParseError> {
    let mut parameters = identifier.sequence()?;
    let mut part = |n| parameters.optional(der::context_constructed(n));
    let (hash, mgf, salt) = (part(0)?, part(1)?, part(2)?);
    let (Some(hash), Some(mgf), Some(salt)) = (hash, mgf, salt) else {
        // The defaults mean SHA-1.
        return Ok(None);
    };
    let hash = DigestAlgorithm::read(&mut hash.reader("RSASSA-PSS-params"))?;
    let mut mgf = mgf.reader("RSASSA-PSS-params").sequence()?;
    let is_mgf1 = mgf.oid()? == oid::MGF1;
    let mgf_hash = DigestAlgorithm::read(&mut mgf)?;
    let salt = salt.reader("RSASSA-PSS-params").unsigned()?;
    let consistent = is_mgf1 && mgf_hash == hash && usize::try_from(salt) == Ok(hash.output_len());
    Ok(match hash {
        DigestAlgorithm::Sha256 if consistent => Some(SignatureAlgorithm::RsaPssSha256),
        DigestAlgorithm::Sha384 if consistent => Some(SignatureAlgorithm::RsaPssSha384),
        DigestAlgorithm::Sha512 if consistent => Some(SignatureAlgorithm::RsaPssSha512),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_identifier_reads_as_itself() {
        for algorithm in ALL {
            let bytes = algorithm.identifier();
            assert_eq!(SignatureAlgorithm::read(&mut Reader::new(&bytes, "test"), None), Ok(algorithm));
        }
    }
}
