//! Private keys: the trait that the issuing sides take, and software keys over aws-lc-rs.
use aws_lc_rs::digest::Digest;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    self as aws, ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RsaEncoding,
};
use zeroize::Zeroizing;

use crate::der::{self, Reader};
use crate::{DigestAlgorithm, KeyAlgorithm, SignError, SignatureAlgorithm, oid, pem, public_key_algorithm};

use SignatureAlgorithm as S;

/// A private key that can sign, wherever it lives.
pub trait Signer: Send + Sync {
    /// The algorithm of the signatures that [`Signer::sign`] gives.
    fn algorithm(&self) -> SignatureAlgorithm;
    /// The public key as DER SubjectPublicKeyInfo.
    fn public_key_der(&self) -> &[u8];
    /// Signs `message`. ECDSA gives DER `SEQUENCE { r, s }`, RSA the big-endian value, Ed25519 its 64 bytes.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError>;
}

/// Bytes that are no usable private key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a usable private key: {reason}")]
pub struct KeyRejected {
    /// Why, in a few words.
    pub reason: String,
}

/// A private key in memory. Unless [`SoftwareSigner::with_algorithm`] says otherwise, P-256 signs with SHA-256, P-384
/// with SHA-384, RSA PKCS#1 v1.5 with SHA-256, and a key marked id-RSASSA-PSS signs PSS with SHA-256.
///
/// ```
/// use vermilion_pki::{KeyAlgorithm, SignatureAlgorithm, Signer, SoftwareSigner};
/// let (signer, pkcs8) = SoftwareSigner::generate(KeyAlgorithm::P256)?;
/// assert_eq!(SoftwareSigner::from_pkcs8(&pkcs8)?.public_key_der(), signer.public_key_der());
/// let signer = signer.with_algorithm(SignatureAlgorithm::EcdsaSha512)?;
/// assert_eq!(signer.algorithm(), SignatureAlgorithm::EcdsaSha512);
/// # Ok::<(), vermilion_pki::KeyRejected>(())
/// ```
pub struct SoftwareSigner {
    key: Key,
    kind: KeyAlgorithm,
    algorithm: SignatureAlgorithm,
    public_key_der: Vec<u8>,
}

enum Key {
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

impl SoftwareSigner {
    /// Makes a new key. The second value is its PKCS#8 DER, wiped when dropped.
    pub fn generate(algorithm: KeyAlgorithm) -> Result<(Self, Zeroizing<Vec<u8>>), KeyRejected> {
        let pkcs8 = match algorithm {
            KeyAlgorithm::P256 => ecdsa_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING)?,
            KeyAlgorithm::P384 => ecdsa_pkcs8(&ECDSA_P384_SHA384_ASN1_SIGNING)?,
            KeyAlgorithm::Rsa2048 => rsa_pkcs8(KeySize::Rsa2048)?,
            KeyAlgorithm::Rsa3072 => rsa_pkcs8(KeySize::Rsa3072)?,
            KeyAlgorithm::Rsa4096 => rsa_pkcs8(KeySize::Rsa4096)?,
            KeyAlgorithm::RsaOther => {
                return Err(rejected("RSA keys are made with 2048, 3072 or 4096 bits"));
            }
            KeyAlgorithm::Ed25519 => {
                let document = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new());
                Zeroizing::new(document.map_err(|_| rejected("generation failed"))?.as_ref().to_vec())
            }
        };
        Ok((Self::from_pkcs8(&pkcs8)?, pkcs8))
    }

    /// Takes PKCS#8 DER (RFC 5958), whose algorithm identifier says what kind of key it is.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, KeyRejected> {
        let malformed = |_| rejected("not PKCS#8");
        let mut fields = Reader::new(pkcs8, "PrivateKeyInfo").sequence().map_err(malformed)?;
        fields.unsigned().map_err(malformed)?;
        let identifier = fields.expect(der::SEQUENCE).map_err(malformed)?;
        let inner = fields.expect(der::OCTET_STRING).map_err(malformed)?.value;
        let mut parts = identifier.reader("AlgorithmIdentifier");
        let broken = |_| rejected("the key in the PKCS#8 structure is broken");
        let broken_rsa = |_| rejected("the RSA key is broken");
        let ecdsa = |algorithm| EcdsaKeyPair::from_pkcs8(algorithm, pkcs8).map_err(broken);
        let key = match parts.oid().map_err(malformed)? {
            oid::EC_PUBLIC_KEY => match parts.oid() {
                Ok(oid::P256) => Key::P256(ecdsa(&ECDSA_P256_SHA256_ASN1_SIGNING)?),
                Ok(oid::P384) => Key::P384(ecdsa(&ECDSA_P384_SHA384_ASN1_SIGNING)?),
                Ok(curve) => {
                    return Err(rejected(&format!(
                        "curve {}: only P-256 and P-384 sign",
                        oid::dotted(curve)
                    )));
                }
                Err(_) => return Err(rejected("a curve given by its parameters")),
            },
            oid::RSA_ENCRYPTION | oid::RSA_PSS if rsa_bits(inner).is_some_and(|bits| bits < 2048) => {
                let bits = rsa_bits(inner).unwrap_or_default();
                return Err(rejected(&format!("RSA of {bits} bits is too short: at least 2048 are needed")));
            }
            oid::RSA_ENCRYPTION => Key::Rsa(Box::new(RsaKeyPair::from_pkcs8(pkcs8).map_err(broken_rsa)?)),
            oid::RSA_PSS => Key::Rsa(Box::new(RsaKeyPair::from_der(inner).map_err(broken_rsa)?)),
            oid::ED25519 => Key::Ed25519(Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8).map_err(broken)?),
            other => {
                let found = oid::dotted(other);
                return Err(rejected(&format!("neither ECDSA, RSA nor Ed25519: {found}")));
            }
        };
        Self::from_key(key, identifier.raw)
    }

    /// `identifier` is the AlgorithmIdentifier that came with the key.
    fn from_key(key: Key, identifier: &[u8]) -> Result<Self, KeyRejected> {
        let public_key: PublicKeyX509Der<'_> = match &key {
            Key::P256(key) | Key::P384(key) => key.public_key().as_der(),
            Key::Rsa(key) => key.public_key().as_der(),
            Key::Ed25519(key) => key.public_key().as_der(),
        }
        .map_err(|_| rejected("no public key"))?;
        let mut public_key_der = public_key.as_ref().to_vec();
        let marked_pss = Reader::new(identifier, "AlgorithmIdentifier")
            .sequence()
            .is_ok_and(|mut parts| parts.oid() == Ok(oid::RSA_PSS));
        if marked_pss {
            // The certificate's key says so too.
            let octets = crate::public_key::public_key_octets(&public_key_der)
                .map_err(|_| rejected("no public key"))?;
            public_key_der = der::sequence(&[identifier, &der::bit_string(octets)]);
        }
        let kind = public_key_algorithm(&public_key_der)
            .ok_or_else(|| rejected("RSA signs with 2048 to 4096 bits"))?;
        let signer = Self { key, kind, algorithm: kind.signature_algorithm(), public_key_der };
        if !marked_pss {
            return Ok(signer);
        }
        let fitting = [S::RsaPssSha256, S::RsaPssSha384, S::RsaPssSha512]
            .into_iter()
            .find(|algorithm| crate::verify::may_make(&signer.public_key_der, *algorithm))
            .ok_or_else(|| rejected("its PSS parameters are not ones that sign here"))?;
        Ok(Self { algorithm: fitting, ..signer })
    }

    /// Takes PEM: `PRIVATE KEY` (PKCS#8).
    pub fn from_pem(pem: &str) -> Result<Self, KeyRejected> {
        let blocks = pem::blocks(pem, "PRIVATE KEY").map_err(|e| rejected(&e.to_string()))?;
        let first = blocks.first();
        Self::from_pkcs8(first.ok_or_else(|| rejected("no block of PRIVATE KEY (PKCS#8) in the PEM text"))?)
    }

    /// Signs with `algorithm` from now on: ECDSA and RSA with SHA-256, SHA-384 or SHA-512, RSA also PSS with a salt as
    /// long as the digest.
    pub fn with_algorithm(self, algorithm: SignatureAlgorithm) -> Result<Self, KeyRejected> {
        check_algorithm(&self.public_key_der, algorithm)?;
        Ok(Self { algorithm, ..self })
    }

    /// Whether a certificate's public key is this key's: it may say that the key is for PSS alone, but not that it is for
    /// more than that.
    pub fn is_of(&self, public_key_der: &[u8]) -> bool {
        let plain = crate::verify::may_make(&self.public_key_der, S::RsaSha256);
        self.public_key_der == public_key_der
            || plain && crate::is_same_key(&self.public_key_der, public_key_der)
    }

    /// The same key under the public key of its certificate, which may say more of its use: where that is marked
    /// id-RSASSA-PSS, PSS is signed with from now on (RFC 4055 §1.2). A key that is for PSS alone stays so.
    pub fn with_public_key(self, public_key_der: &[u8]) -> Result<Self, KeyRejected> {
        if self.public_key_der == public_key_der {
            return Ok(self);
        }
        if !self.is_of(public_key_der) {
            return Err(rejected("the public key is not this key's, or permits more than the key does"));
        }
        let usual = crate::usual_signature_algorithm(public_key_der)
            .ok_or_else(|| rejected("its PSS parameters are not ones that sign here"))?;
        check_algorithm(public_key_der, usual)?;
        Ok(Self { algorithm: usual, public_key_der: public_key_der.to_vec(), ..self })
    }

    /// The kind of key.
    pub fn key_algorithm(&self) -> KeyAlgorithm {
        self.kind
    }
}

impl Signer for SoftwareSigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn public_key_der(&self) -> &[u8] {
        &self.public_key_der
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        match &self.key {
            Key::P256(key) => {
                sign_ecdsa(key, (DigestAlgorithm::Sha256, 32), self.algorithm.digest(), message)
            }
            Key::P384(key) => {
                sign_ecdsa(key, (DigestAlgorithm::Sha384, 48), self.algorithm.digest(), message)
            }
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                let encoding = rsa_encoding(self.algorithm).ok_or(SignError::Failed)?;
                // aws-lc-rs draws randomness itself and ignores the generator that the interface asks for.
                key.sign(encoding, &SystemRandom::new(), message, &mut signature)
                    .map_err(|_| SignError::Failed)?;
                Ok(signature)
            }
            Key::Ed25519(key) => Ok(key.try_sign(message).map_err(|_| SignError::Failed)?.as_ref().to_vec()),
        }
    }
}

/// Whether a key signs with `algorithm` here: SHA-3, SHA-1 and odd PSS parameters are checked, but never signed with.
pub fn check_algorithm(public_key_der: &[u8], algorithm: SignatureAlgorithm) -> Result<(), KeyRejected> {
    let sha2 = [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512];
    if !sha2.contains(&algorithm.digest()) || matches!(algorithm, S::RsaPss(_)) {
        return Err(rejected(&format!("{} is checked, but never signed with", algorithm.name())));
    }
    if !crate::verify::may_make(public_key_der, algorithm) {
        let kind = public_key_algorithm(public_key_der).map_or("foreign", KeyAlgorithm::name);
        return Err(rejected(&format!("a {kind} key cannot sign {}", algorithm.name())));
    }
    Ok(())
}

/// `own` is the function that the key pair was made for, with the length of the curve's order.
fn sign_ecdsa(
    key: &EcdsaKeyPair,
    own: (DigestAlgorithm, usize),
    digest: DigestAlgorithm,
    message: &[u8],
) -> Result<Vec<u8>, SignError> {
    let signature = if digest == own.0 {
        key.sign(&SystemRandom::new(), message)
    } else {
        let representative = representative(&digest.digest(message), own.1);
        Digest::import_less_safe(&representative, own.0.implementation()).and_then(|d| key.sign_digest(&d))
    };
    Ok(signature.map_err(|_| SignError::Failed)?.as_ref().to_vec())
}

/// The number that ECDSA takes from `digest` on a curve whose order has `length` octets, in as many octets (FIPS 186-5
/// §6.4.1: the leftmost ones; what is shorter stands behind zeros).
pub(crate) fn representative(digest: &[u8], length: usize) -> Vec<u8> {
    let taken = digest.get(..length).unwrap_or(digest);
    let mut out = vec![0; length.saturating_sub(taken.len())];
    out.extend_from_slice(taken);
    out
}

fn rsa_encoding(algorithm: SignatureAlgorithm) -> Option<&'static dyn RsaEncoding> {
    Some(match algorithm {
        S::RsaSha256 => &aws::RSA_PKCS1_SHA256,
        S::RsaSha384 => &aws::RSA_PKCS1_SHA384,
        S::RsaSha512 => &aws::RSA_PKCS1_SHA512,
        S::RsaPssSha256 => &aws::RSA_PSS_SHA256,
        S::RsaPssSha384 => &aws::RSA_PSS_SHA384,
        S::RsaPssSha512 => &aws::RSA_PSS_SHA512,
        _ => return None,
    })
}

impl std::fmt::Debug for SoftwareSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SoftwareSigner({})", self.kind.name())
    }
}

/// The size of the modulus of an `RSAPrivateKey` (RFC 8017 appendix A.1.2).
fn rsa_bits(private_key: &[u8]) -> Option<u64> {
    let mut fields = Reader::new(private_key, "RSAPrivateKey").sequence().ok()?;
    fields.unsigned().ok()?;
    let modulus = fields.integer().ok()?;
    let start = modulus.iter().position(|octet| *octet != 0)?;
    let digits = modulus.get(start..)?;
    let bits = u64::try_from(digits.len()).ok()?.checked_mul(8)?;
    bits.checked_sub(u64::from(digits.first()?.leading_zeros()))
}

fn rejected(reason: &str) -> KeyRejected {
    KeyRejected { reason: reason.to_owned() }
}

fn ecdsa_pkcs8(algorithm: &'static EcdsaSigningAlgorithm) -> Result<Zeroizing<Vec<u8>>, KeyRejected> {
    let document = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new())
        .map_err(|_| rejected("generation failed"))?;
    Ok(Zeroizing::new(document.as_ref().to_vec()))
}

fn rsa_pkcs8(size: KeySize) -> Result<Zeroizing<Vec<u8>>, KeyRejected> {
    let key = RsaKeyPair::generate(size).map_err(|_| rejected("generation failed"))?;
    let der: Pkcs8V1Der<'_> = key.as_der().map_err(|_| rejected("generation failed"))?;
    Ok(Zeroizing::new(der.as_ref().to_vec()))
}
