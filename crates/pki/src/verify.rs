//! Checking signature values.
use aws_lc_rs::digest;
use aws_lc_rs::signature::{self as aws, UnparsedPublicKey, VerificationAlgorithm};

use crate::der::Reader;
use crate::{KeyAlgorithm, ParseError, SignatureAlgorithm, VerifyError, oid};

/// Checks `signature` over `message` under the key `public_key_der` (SubjectPublicKeyInfo).
///
/// [`VerifyError::Weak`] means that the value does verify, but proves nothing.
///
/// ```
/// use vermilion_pki::{KeyAlgorithm, Signer, SoftwareSigner, VerifyError, verify};
/// let (signer, _) = SoftwareSigner::generate(KeyAlgorithm::P256)?;
/// let signature = signer.sign(b"message").expect("a software key signs");
/// let check = |message: &[u8]| verify(signer.public_key_der(), signer.algorithm(), message, &signature);
/// assert_eq!(check(b"message"), Ok(()));
/// assert_eq!(check(b"massage"), Err(VerifyError::BadSignature));
/// # Ok::<(), vermilion_pki::KeyRejected>(())
/// ```
pub fn verify(
    public_key_der: &[u8],
    algorithm: SignatureAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    let key = PublicKey::from_der(public_key_der).map_err(|_| VerifyError::WrongKey)?;
    let implementation = implementation(&key, algorithm)?;
    UnparsedPublicKey::new(implementation, key.octets)
        .verify(message, signature)
        .map_err(|_| VerifyError::BadSignature)?;
    check_strength(&key, algorithm)
}

/// As [`verify`], with the message's digest by `algorithm` at hand instead of the message.
pub(crate) fn verify_digest(
    public_key_der: &[u8],
    algorithm: SignatureAlgorithm,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    let key = PublicKey::from_der(public_key_der).map_err(|_| VerifyError::WrongKey)?;
    let implementation = implementation(&key, algorithm)?;
    let digest = digest::Digest::import_less_safe(digest, algorithm.digest().implementation())
        .map_err(|_| VerifyError::BadSignature)?;
    UnparsedPublicKey::new(implementation, key.octets)
        .verify_digest(&digest, signature)
        .map_err(|_| VerifyError::BadSignature)?;
    check_strength(&key, algorithm)
}

fn check_strength(key: &PublicKey<'_>, algorithm: SignatureAlgorithm) -> Result<(), VerifyError> {
    if algorithm.digest().is_weak() {
        return Err(VerifyError::Weak { algorithm: algorithm.name() });
    }
    if matches!(key.kind, Kind::Rsa { bits } if bits < 2048) {
        return Err(VerifyError::Weak { algorithm: "RSA under 2048 bits" });
    }
    Ok(())
}

/// The kind of a public key, where it is one that we issue certificates for.
pub fn public_key_algorithm(public_key_der: &[u8]) -> Option<KeyAlgorithm> {
    match PublicKey::from_der(public_key_der).ok()?.kind {
        Kind::P256 => Some(KeyAlgorithm::P256),
        Kind::P384 => Some(KeyAlgorithm::P384),
        Kind::Rsa { bits: 2048 } => Some(KeyAlgorithm::Rsa2048),
        Kind::Rsa { bits: 3072 } => Some(KeyAlgorithm::Rsa3072),
        Kind::Rsa { bits: 4096 } => Some(KeyAlgorithm::Rsa4096),
        _ => None,
    }
}

/// The content of subjectPublicKey, whose SHA-1 is a key identifier (RFC 5280 §4.2.1.2).
pub(crate) fn public_key_octets(public_key_der: &[u8]) -> Result<&[u8], ParseError> {
    let mut spki = Reader::new(public_key_der, "SubjectPublicKeyInfo").sequence()?;
    spki.sequence()?;
    Ok(spki.bit_string()?.value)
}

enum Kind {
    P256,
    P384,
    P521,
    Ed25519,
    Rsa { bits: usize },
    Other,
}

struct PublicKey<'a> {
    kind: Kind,
    octets: &'a [u8],
}

impl<'a> PublicKey<'a> {
    fn from_der(spki: &'a [u8]) -> Result<Self, ParseError> {
        let mut outer = Reader::new(spki, "SubjectPublicKeyInfo");
        let mut fields = outer.sequence()?;
        outer.finish()?;
        let mut identifier = fields.sequence()?;
        let algorithm = identifier.oid()?;
        let octets = fields.bit_string()?.value;
        fields.finish()?;
        let kind = match algorithm {
            oid::EC_PUBLIC_KEY => match identifier.oid() {
                Ok(oid::P256) => Kind::P256,
                Ok(oid::P384) => Kind::P384,
                Ok(oid::P521) => Kind::P521,
                _ => Kind::Other,
            },
            oid::RSA_ENCRYPTION | oid::RSA_PSS => {
                let modulus = Reader::new(octets, "RSAPublicKey").sequence()?.integer()?;
                let digits = modulus.strip_prefix(&[0]).unwrap_or(modulus);
                let leading = digits.first().map_or(0, |d| d.leading_zeros());
                let bits = (digits.len() * 8).saturating_sub(usize::try_from(leading).unwrap_or(0));
                Kind::Rsa { bits }
            }
            oid::ED25519 => Kind::Ed25519,
            _ => Kind::Other,
        };
        Ok(Self { kind, octets })
    }
}

fn implementation(
    key: &PublicKey<'_>,
    algorithm: SignatureAlgorithm,
) -> Result<&'static dyn VerificationAlgorithm, VerifyError> {
    use SignatureAlgorithm::*;
    Ok(match (&key.kind, algorithm) {
        (Kind::P256, EcdsaSha1) => &aws::ECDSA_P256_SHA1_ASN1,
        (Kind::P256, EcdsaSha256) => &aws::ECDSA_P256_SHA256_ASN1,
        (Kind::P256, EcdsaSha384) => &aws::ECDSA_P256_SHA384_ASN1,
        (Kind::P256, EcdsaSha512) => &aws::ECDSA_P256_SHA512_ASN1,
        (Kind::P384, EcdsaSha256) => &aws::ECDSA_P384_SHA256_ASN1,
        (Kind::P384, EcdsaSha384) => &aws::ECDSA_P384_SHA384_ASN1,
        (Kind::P384, EcdsaSha512) => &aws::ECDSA_P384_SHA512_ASN1,
        (Kind::P521, EcdsaSha1) => &aws::ECDSA_P521_SHA1_ASN1,
        (Kind::P521, EcdsaSha256) => &aws::ECDSA_P521_SHA256_ASN1,
        (Kind::P521, EcdsaSha384) => &aws::ECDSA_P521_SHA384_ASN1,
        (Kind::P521, EcdsaSha512) => &aws::ECDSA_P521_SHA512_ASN1,
        (Kind::Ed25519, Ed25519) => &aws::ED25519,
        (Kind::Rsa { .. }, RsaSha1) => &aws::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        (Kind::Rsa { bits }, RsaSha256) if *bits < 2048 => {
            &aws::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY
        }
        (Kind::Rsa { bits }, RsaSha512) if *bits < 2048 => {
            &aws::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY
        }
        (Kind::Rsa { .. }, RsaSha256) => &aws::RSA_PKCS1_2048_8192_SHA256,
        (Kind::Rsa { .. }, RsaSha384) => &aws::RSA_PKCS1_2048_8192_SHA384,
        (Kind::Rsa { .. }, RsaSha512) => &aws::RSA_PKCS1_2048_8192_SHA512,
        (Kind::Rsa { .. }, RsaPssSha256) => &aws::RSA_PSS_2048_8192_SHA256,
        (Kind::Rsa { .. }, RsaPssSha384) => &aws::RSA_PSS_2048_8192_SHA384,
        (Kind::Rsa { .. }, RsaPssSha512) => &aws::RSA_PSS_2048_8192_SHA512,
        (Kind::Other, _) => {
            return Err(VerifyError::Unsupported { found: "public key algorithm".to_owned() });
        }
        (Kind::P384, EcdsaSha1) => {
            return Err(VerifyError::Unsupported { found: algorithm.name().to_owned() });
        }
        _ => return Err(VerifyError::WrongKey),
    })
}
