//! Signature algorithms.
use serde::{Deserialize, Serialize};

use super::{DigestAlgorithm, PssParameters};
use crate::der::{self, Reader};
use crate::{ParseError, oid};

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
    #[serde(rename = "ecdsa-sha3-256")]
    EcdsaSha3_256,
    #[serde(rename = "ecdsa-sha3-384")]
    EcdsaSha3_384,
    #[serde(rename = "ecdsa-sha3-512")]
    EcdsaSha3_512,
    #[serde(rename = "rsa-sha3-256")]
    RsaSha3_256,
    #[serde(rename = "rsa-sha3-384")]
    RsaSha3_384,
    #[serde(rename = "rsa-sha3-512")]
    RsaSha3_512,
    /// RSASSA-PSS with any other parameters.
    RsaPss(PssParameters),
}

use SignatureAlgorithm as S;

impl SignatureAlgorithm {
    /// Those without parameters of their own.
    const PLAIN: [Self; 18] = [
        S::EcdsaSha256,
        S::RsaSha256,
        S::EcdsaSha384,
        S::EcdsaSha512,
        S::RsaSha384,
        S::RsaSha512,
        S::RsaPssSha256,
        S::RsaPssSha384,
        S::RsaPssSha512,
        S::Ed25519,
        S::EcdsaSha3_256,
        S::EcdsaSha3_384,
        S::EcdsaSha3_512,
        S::RsaSha3_256,
        S::RsaSha3_384,
        S::RsaSha3_512,
        S::EcdsaSha1,
        S::RsaSha1,
    ];

    /// Its hash function (SHA-512 for Ed25519, RFC 8419).
    pub fn digest(self) -> DigestAlgorithm {
        match self {
            S::EcdsaSha1 | S::RsaSha1 => DigestAlgorithm::Sha1,
            S::EcdsaSha256 | S::RsaSha256 | S::RsaPssSha256 => DigestAlgorithm::Sha256,
            S::EcdsaSha384 | S::RsaSha384 | S::RsaPssSha384 => DigestAlgorithm::Sha384,
            S::EcdsaSha512 | S::RsaSha512 | S::RsaPssSha512 | S::Ed25519 => DigestAlgorithm::Sha512,
            S::EcdsaSha3_256 | S::RsaSha3_256 => DigestAlgorithm::Sha3_256,
            S::EcdsaSha3_384 | S::RsaSha3_384 => DigestAlgorithm::Sha3_384,
            S::EcdsaSha3_512 | S::RsaSha3_512 => DigestAlgorithm::Sha3_512,
            S::RsaPss(parameters) => parameters.hash,
        }
    }

    /// The usual name, as `SHA256withECDSA`.
    pub fn name(self) -> &'static str {
        match self {
            S::EcdsaSha1 => "SHA1withECDSA",
            S::EcdsaSha256 => "SHA256withECDSA",
            S::EcdsaSha384 => "SHA384withECDSA",
            S::EcdsaSha512 => "SHA512withECDSA",
            S::EcdsaSha3_256 => "SHA3-256withECDSA",
            S::EcdsaSha3_384 => "SHA3-384withECDSA",
            S::EcdsaSha3_512 => "SHA3-512withECDSA",
            S::RsaSha1 => "SHA1withRSA",
            S::RsaSha256 => "SHA256withRSA",
            S::RsaSha384 => "SHA384withRSA",
            S::RsaSha512 => "SHA512withRSA",
            S::RsaSha3_256 => "SHA3-256withRSA",
            S::RsaSha3_384 => "SHA3-384withRSA",
            S::RsaSha3_512 => "SHA3-512withRSA",
            S::RsaPssSha256 => "SHA256withRSAandMGF1",
            S::RsaPssSha384 => "SHA384withRSAandMGF1",
            S::RsaPssSha512 => "SHA512withRSAandMGF1",
            S::RsaPss(parameters) => match parameters.hash {
                DigestAlgorithm::Sha1 => "SHA1withRSAandMGF1",
                DigestAlgorithm::Sha256 => "SHA256withRSAandMGF1",
                DigestAlgorithm::Sha384 => "SHA384withRSAandMGF1",
                DigestAlgorithm::Sha512 => "SHA512withRSAandMGF1",
                DigestAlgorithm::Sha3_256 => "SHA3-256withRSAandMGF1",
                DigestAlgorithm::Sha3_384 => "SHA3-384withRSAandMGF1",
                DigestAlgorithm::Sha3_512 => "SHA3-512withRSAandMGF1",
            },
            S::Ed25519 => "Ed25519",
        }
    }

    /// The object identifier, where it alone says everything.
    fn oid(self) -> Option<&'static [u8]> {
        match self {
            S::EcdsaSha1 => Some(oid::ECDSA_WITH_SHA1),
            S::EcdsaSha256 => Some(oid::ECDSA_WITH_SHA256),
            S::EcdsaSha384 => Some(oid::ECDSA_WITH_SHA384),
            S::EcdsaSha512 => Some(oid::ECDSA_WITH_SHA512),
            S::EcdsaSha3_256 => Some(oid::ECDSA_WITH_SHA3_256),
            S::EcdsaSha3_384 => Some(oid::ECDSA_WITH_SHA3_384),
            S::EcdsaSha3_512 => Some(oid::ECDSA_WITH_SHA3_512),
            S::RsaSha1 => Some(oid::SHA1_WITH_RSA),
            S::RsaSha256 => Some(oid::SHA256_WITH_RSA),
            S::RsaSha384 => Some(oid::SHA384_WITH_RSA),
            S::RsaSha512 => Some(oid::SHA512_WITH_RSA),
            S::RsaSha3_256 => Some(oid::SHA3_256_WITH_RSA),
            S::RsaSha3_384 => Some(oid::SHA3_384_WITH_RSA),
            S::RsaSha3_512 => Some(oid::SHA3_512_WITH_RSA),
            S::Ed25519 => Some(oid::ED25519),
            S::RsaPssSha256 | S::RsaPssSha384 | S::RsaPssSha512 | S::RsaPss(_) => None,
        }
    }

    pub(crate) fn scheme(self) -> Scheme {
        match self {
            S::EcdsaSha1
            | S::EcdsaSha256
            | S::EcdsaSha384
            | S::EcdsaSha512
            | S::EcdsaSha3_256
            | S::EcdsaSha3_384
            | S::EcdsaSha3_512 => Scheme::Ecdsa,
            S::RsaSha1
            | S::RsaSha256
            | S::RsaSha384
            | S::RsaSha512
            | S::RsaSha3_256
            | S::RsaSha3_384
            | S::RsaSha3_512 => Scheme::RsaPkcs1,
            S::RsaPssSha256 | S::RsaPssSha384 | S::RsaPssSha512 => {
                Scheme::RsaPss(PssParameters::usual(self.digest()))
            }
            S::RsaPss(parameters) => Scheme::RsaPss(parameters),
            S::Ed25519 => Scheme::Ed25519,
        }
    }

    /// AlgorithmIdentifier, DER. RSA has NULL parameters, ECDSA and Ed25519 none (RFC 8702 for SHA-3 asks ECDSA the
    /// same; NIST's OIDs for RSA with SHA-3 take NULL).
    pub(crate) fn identifier(self) -> Vec<u8> {
        match (self.oid(), self.scheme()) {
            (_, Scheme::RsaPss(parameters)) => {
                der::sequence(&[&der::oid(oid::RSA_PSS), &parameters.to_der()])
            }
            (Some(content), Scheme::RsaPkcs1) => der::sequence(&[&der::oid(content), &der::null()]),
            (content, _) => der::sequence(&[&der::oid(content.unwrap_or_default())]),
        }
    }

    /// Reads an AlgorithmIdentifier. A bare `rsaEncryption` or `id-ecPublicKey`, as some CMS writers put, is completed
    /// by `digest`.
    pub(crate) fn read(reader: &mut Reader<'_>, digest: Option<DigestAlgorithm>) -> Result<Self, ParseError> {
        let mut identifier = reader.sequence()?;
        let content = identifier.oid()?;
        if content == oid::RSA_PSS {
            let parameters = PssParameters::read(&mut identifier)?;
            identifier.finish()?;
            return Ok(Self::from_pss(parameters));
        }
        let of =
            |scheme, digest| Self::PLAIN.into_iter().find(|a| a.scheme() == scheme && a.digest() == digest);
        let found = match digest {
            Some(digest) if content == oid::RSA_ENCRYPTION => of(Scheme::RsaPkcs1, digest),
            Some(digest) if content == oid::EC_PUBLIC_KEY => of(Scheme::Ecdsa, digest),
            _ => Self::PLAIN.into_iter().find(|a| a.oid() == Some(content)),
        };
        found.ok_or_else(|| ParseError::Unsupported {
            what: "signature algorithm",
            found: oid::dotted(content),
        })
    }

    /// The name of its own that a usual set of parameters has.
    fn from_pss(parameters: PssParameters) -> Self {
        if parameters != PssParameters::usual(parameters.hash) {
            return S::RsaPss(parameters);
        }
        match parameters.hash {
            DigestAlgorithm::Sha256 => S::RsaPssSha256,
            DigestAlgorithm::Sha384 => S::RsaPssSha384,
            DigestAlgorithm::Sha512 => S::RsaPssSha512,
            _ => S::RsaPss(parameters),
        }
    }
}

/// A signature algorithm without its hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Ecdsa,
    RsaPkcs1,
    RsaPss(PssParameters),
    Ed25519,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_identifier_reads_as_itself() {
        let odd = PssParameters { hash: DigestAlgorithm::Sha256, mgf: DigestAlgorithm::Sha1, salt_len: 20 };
        let sha3 = PssParameters::usual(DigestAlgorithm::Sha3_384);
        for algorithm in S::PLAIN.into_iter().chain([S::RsaPss(odd), S::RsaPss(sha3)]) {
            let bytes = algorithm.identifier();
            assert_eq!(SignatureAlgorithm::read(&mut Reader::new(&bytes, "test"), None), Ok(algorithm));
        }
    }

    #[test]
    fn pss_without_parameters_means_sha1() {
        let bytes = der::sequence(&[&der::oid(oid::RSA_PSS), &der::sequence(&[])]);
        let read = SignatureAlgorithm::read(&mut Reader::new(&bytes, "test"), None).unwrap();
        assert_eq!(read, S::RsaPss(PssParameters::usual(DigestAlgorithm::Sha1)));
        assert_eq!(read.identifier(), bytes);
    }
}
