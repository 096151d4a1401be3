//! Private keys: the trait that the issuing sides take, and software keys over aws-lc-rs.
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    KeyPair, RSA_PKCS1_SHA256,
};
use zeroize::Zeroizing;

use crate::{KeyAlgorithm, SignError, SignatureAlgorithm, pem, public_key_algorithm};

/// A private key that can sign, wherever it lives.
pub trait Signer: Send + Sync {
    /// The algorithm of the signatures that [`Signer::sign`] gives.
    fn algorithm(&self) -> SignatureAlgorithm;
    /// The public key as DER SubjectPublicKeyInfo.
    fn public_key_der(&self) -> &[u8];
    /// Signs the digest of `message`. ECDSA gives DER `SEQUENCE { r, s }`, RSA the padded big-endian value.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError>;
}

/// Bytes that are no usable private key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a usable private key: {reason}")]
pub struct KeyRejected {
    /// Why, in a few words.
    pub reason: String,
}

/// A private key in memory. RSA signs PKCS#1 v1.5 with SHA-256, P-256 with SHA-256, P-384 with SHA-384.
///
/// ```
/// use vermilion_pki::{KeyAlgorithm, Signer, SoftwareSigner};
/// let (signer, pkcs8) = SoftwareSigner::generate(KeyAlgorithm::P256)?;
/// assert_eq!(SoftwareSigner::from_pkcs8(&pkcs8)?.public_key_der(), signer.public_key_der());
/// # Ok::<(), vermilion_pki::KeyRejected>(())
/// ```
pub struct SoftwareSigner {
    key: Key,
    algorithm: KeyAlgorithm,
    public_key_der: Vec<u8>,
}

enum Key {
    Ecdsa(EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>),
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
        };
        Ok((Self::from_pkcs8(&pkcs8)?, pkcs8))
    }

    /// Takes PKCS#8 DER; the kind of key is found by reading it.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, KeyRejected> {
        let ecdsa = |algorithm| EcdsaKeyPair::from_pkcs8(algorithm, pkcs8).map(Key::Ecdsa);
        let key = ecdsa(&ECDSA_P256_SHA256_ASN1_SIGNING)
            .or_else(|_| ecdsa(&ECDSA_P384_SHA384_ASN1_SIGNING))
            .or_else(|_| RsaKeyPair::from_pkcs8(pkcs8).map(|key| Key::Rsa(Box::new(key))))
            .map_err(|_| rejected("neither P-256, P-384 nor RSA in PKCS#8"))?;
        let public_key: PublicKeyX509Der<'_> = match &key {
            Key::Ecdsa(key) => key.public_key().as_der(),
            Key::Rsa(key) => key.public_key().as_der(),
        }
        .map_err(|_| rejected("no public key"))?;
        let public_key_der = public_key.as_ref().to_vec();
        let algorithm = public_key_algorithm(&public_key_der)
            .ok_or_else(|| rejected("only RSA of 2048, 3072 and 4096 bits is used"))?;
        Ok(Self { key, algorithm, public_key_der })
    }

    /// Takes PEM: `PRIVATE KEY` (PKCS#8).
    pub fn from_pem(pem: &str) -> Result<Self, KeyRejected> {
        let mut blocks = pem::blocks(pem, "PRIVATE KEY").map_err(|e| rejected(&e.to_string()))?;
        let pkcs8 = Zeroizing::new(
            blocks
                .drain(..)
                .next()
                .ok_or_else(|| rejected("no block of PRIVATE KEY (PKCS#8) in the PEM text"))?,
        );
        Self::from_pkcs8(&pkcs8)
    }

    /// The kind of key.
    pub fn key_algorithm(&self) -> KeyAlgorithm {
        self.algorithm
    }
}

impl Signer for SoftwareSigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm.signature_algorithm()
    }

    fn public_key_der(&self) -> &[u8] {
        &self.public_key_der
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        // aws-lc-rs draws nonces itself and ignores the generator that the interface asks for.
        let random = SystemRandom::new();
        match &self.key {
            Key::Ecdsa(key) => {
                Ok(key.sign(&random, message).map_err(|_| SignError::Failed)?.as_ref().to_vec())
            }
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(|_| SignError::Failed)?;
                Ok(signature)
            }
        }
    }
}

impl std::fmt::Debug for SoftwareSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SoftwareSigner({})", self.algorithm.name())
    }
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
