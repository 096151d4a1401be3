//! Checking signature values.
use std::sync::OnceLock;

use aws_lc_rs::digest;
use aws_lc_rs::signature::{self as aws, UnparsedPublicKey, VerificationAlgorithm};

use crate::algorithm::Scheme;
use crate::public_key::{Kind, PssOnly, PublicKey};
use crate::{DigestAlgorithm, ParseError, SignatureAlgorithm, VerifyError, rsa};

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
    let key = fitting(public_key_der, algorithm)?;
    match implementation(&key.kind, algorithm) {
        Some(implementation) => UnparsedPublicKey::new(implementation, key.octets)
            .verify(message, signature)
            .map_err(|_| VerifyError::BadSignature)?,
        None => check_digest(&key, algorithm, &algorithm.digest().digest(message), signature)?,
    }
    check_strength(&key, algorithm)
}

/// The key under which the signature of a parsed object was found right. Paths are searched, judged and read back, each
/// time over the same bytes, which never change: checking them once is enough.
#[derive(Default)]
pub(crate) struct SignedBy(OnceLock<Box<[u8]>>);

impl SignedBy {
    /// Whether the signature was found right under that key before.
    pub(crate) fn is_known(&self, public_key_der: &[u8]) -> bool {
        self.0.get().is_some_and(|key| **key == *public_key_der)
    }

    /// As [`verify`]; `algorithm` is what the object names, where that could be read.
    pub(crate) fn verify(
        &self,
        public_key_der: &[u8],
        algorithm: &Result<SignatureAlgorithm, ParseError>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), VerifyError> {
        if self.is_known(public_key_der) {
            return Ok(());
        }
        let algorithm = algorithm.clone().map_err(|e| VerifyError::Unsupported { found: e.to_string() })?;
        verify(public_key_der, algorithm, message, signature)?;
        // Another thread may have been quicker, with this key or another: either is right.
        _ = self.0.set(public_key_der.into());
        Ok(())
    }
}

/// As [`verify`], with the message's digest by `algorithm` at hand instead of the message. Ed25519 needs the message.
pub(crate) fn verify_digest(
    public_key_der: &[u8],
    algorithm: SignatureAlgorithm,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    let key = fitting(public_key_der, algorithm)?;
    check_digest(&key, algorithm, digest, signature)?;
    check_strength(&key, algorithm)
}

/// Whether a key may make such signatures.
pub(crate) fn may_make(public_key_der: &[u8], algorithm: SignatureAlgorithm) -> bool {
    fitting(public_key_der, algorithm).is_ok()
}

/// The key, where it may make such signatures.
fn fitting(public_key_der: &[u8], algorithm: SignatureAlgorithm) -> Result<PublicKey<'_>, VerifyError> {
    let key = PublicKey::from_der(public_key_der).map_err(|_| VerifyError::WrongKey)?;
    let fits = match (&key.kind, algorithm.scheme()) {
        (Kind::Other(found), _) => return Err(VerifyError::Unsupported { found: found.clone() }),
        (Kind::P256 | Kind::P384 | Kind::P521, Scheme::Ecdsa) => true,
        (Kind::Ed25519, Scheme::Ed25519) => true,
        (Kind::Rsa { pss, .. }, Scheme::RsaPkcs1) => *pss == PssOnly::No,
        (Kind::Rsa { pss, .. }, Scheme::RsaPss(used)) => match pss {
            PssOnly::No | PssOnly::Any => true,
            PssOnly::With(asked) => {
                asked.hash == used.hash && asked.mgf == used.mgf && asked.salt_len <= used.salt_len
            }
        },
        _ => false,
    };
    if fits { Ok(key) } else { Err(VerifyError::WrongKey) }
}

fn check_digest(
    key: &PublicKey<'_>,
    algorithm: SignatureAlgorithm,
    digest: &[u8],
    signature: &[u8],
) -> Result<(), VerifyError> {
    let holds = |verdict: bool| if verdict { Ok(()) } else { Err(VerifyError::BadSignature) };
    if digest.len() != algorithm.digest().output_len() {
        return holds(false);
    }
    if let (Some(implementation), Ok(imported)) = (
        implementation(&key.kind, algorithm).filter(|_| algorithm.scheme() != Scheme::Ed25519),
        digest::Digest::import_less_safe(digest, algorithm.digest().implementation()),
    ) {
        let key = UnparsedPublicKey::new(implementation, key.octets);
        return holds(key.verify_digest(&imported, signature).is_ok());
    }
    match algorithm.scheme() {
        Scheme::Ecdsa => holds(check_ecdsa(key, digest, signature)),
        Scheme::RsaPkcs1 => holds(rsa::verify_pkcs1(key.octets, algorithm.digest(), digest, signature)),
        Scheme::RsaPss(parameters) => holds(rsa::verify_pss(key.octets, parameters, digest, signature)),
        Scheme::Ed25519 => Err(VerifyError::Unsupported { found: "Ed25519 over a digest".to_owned() }),
    }
}

/// ECDSA takes the leftmost bits of a digest as a number (FIPS 186-5 §6.4.2): a digest longer than the curve's order is
/// cut, a shorter one may be preceded by zeros. So each curve is checked with one function whatever made the digest.
fn check_ecdsa(key: &PublicKey<'_>, digest: &[u8], signature: &[u8]) -> bool {
    let implementation: &'static dyn VerificationAlgorithm;
    let (function, order) = match key.kind {
        Kind::P256 => {
            implementation = &aws::ECDSA_P256_SHA256_ASN1;
            (DigestAlgorithm::Sha256, 32)
        }
        Kind::P384 => {
            implementation = &aws::ECDSA_P384_SHA384_ASN1;
            (DigestAlgorithm::Sha384, 48)
        }
        Kind::P521 => {
            implementation = &aws::ECDSA_P521_SHA512_ASN1;
            (DigestAlgorithm::Sha512, 64)
        }
        _ => return false,
    };
    let representative = crate::signer::representative(digest, order);
    let Ok(imported) = digest::Digest::import_less_safe(&representative, function.implementation()) else {
        return false;
    };
    UnparsedPublicKey::new(implementation, key.octets).verify_digest(&imported, signature).is_ok()
}

fn check_strength(key: &PublicKey<'_>, algorithm: SignatureAlgorithm) -> Result<(), VerifyError> {
    if algorithm.digest().is_weak() {
        return Err(VerifyError::Weak { algorithm: algorithm.name() });
    }
    if matches!(key.kind, Kind::Rsa { bits, .. } if bits < 2048) {
        return Err(VerifyError::Weak { algorithm: "RSA under 2048 bits" });
    }
    Ok(())
}

/// What aws-lc-rs has for this key and algorithm.
fn implementation(key: &Kind, algorithm: SignatureAlgorithm) -> Option<&'static dyn VerificationAlgorithm> {
    use SignatureAlgorithm::*;
    Some(match (key, algorithm) {
        (Kind::P256, EcdsaSha256) => &aws::ECDSA_P256_SHA256_ASN1,
        (Kind::P256, EcdsaSha384) => &aws::ECDSA_P256_SHA384_ASN1,
        (Kind::P256, EcdsaSha512) => &aws::ECDSA_P256_SHA512_ASN1,
        (Kind::P384, EcdsaSha256) => &aws::ECDSA_P384_SHA256_ASN1,
        (Kind::P384, EcdsaSha384) => &aws::ECDSA_P384_SHA384_ASN1,
        (Kind::P384, EcdsaSha512) => &aws::ECDSA_P384_SHA512_ASN1,
        (Kind::P521, EcdsaSha256) => &aws::ECDSA_P521_SHA256_ASN1,
        (Kind::P521, EcdsaSha384) => &aws::ECDSA_P521_SHA384_ASN1,
        (Kind::P521, EcdsaSha512) => &aws::ECDSA_P521_SHA512_ASN1,
        (Kind::Ed25519, Ed25519) => &aws::ED25519,
        (Kind::Rsa { .. }, RsaSha1) => &aws::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        (Kind::Rsa { bits, .. }, _) if *bits < 2048 => return None,
        (Kind::Rsa { .. }, RsaSha256) => &aws::RSA_PKCS1_2048_8192_SHA256,
        (Kind::Rsa { .. }, RsaSha384) => &aws::RSA_PKCS1_2048_8192_SHA384,
        (Kind::Rsa { .. }, RsaSha512) => &aws::RSA_PKCS1_2048_8192_SHA512,
        (Kind::Rsa { .. }, RsaPssSha256) => &aws::RSA_PSS_2048_8192_SHA256,
        (Kind::Rsa { .. }, RsaPssSha384) => &aws::RSA_PSS_2048_8192_SHA384,
        (Kind::Rsa { .. }, RsaPssSha512) => &aws::RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}
