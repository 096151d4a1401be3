//! Private keys: the trait that the issuing sides take, and software keys over aws-lc-rs.
use zeroize::Zeroizing;

use crate::{KeyAlgorithm, SignError, SignatureAlgorithm};

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

/// A private key in memory.
pub struct SoftwareSigner {
    algorithm: SignatureAlgorithm,
    public_key_der: Vec<u8>,
}

impl SoftwareSigner {
    /// Makes a new key. The second value is its PKCS#8 DER, wiped when dropped.
    pub fn generate(algorithm: KeyAlgorithm) -> Result<(Self, Zeroizing<Vec<u8>>), KeyRejected> {
        let _ = algorithm;
        todo!()
    }

    /// Takes PKCS#8 DER; the kind of key is found by reading it. RSA signs PKCS#1 v1.5 with SHA-256.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, KeyRejected> {
        let _ = pkcs8;
        todo!()
    }

    /// Takes PEM: `PRIVATE KEY` (PKCS#8).
    pub fn from_pem(pem: &str) -> Result<Self, KeyRejected> {
        let _ = pem;
        todo!()
    }

    /// The kind of key.
    pub fn key_algorithm(&self) -> KeyAlgorithm {
        todo!()
    }
}

impl Signer for SoftwareSigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }
    fn public_key_der(&self) -> &[u8] {
        &self.public_key_der
    }
    fn sign(&self, _message: &[u8]) -> Result<Vec<u8>, SignError> {
        todo!()
    }
}
