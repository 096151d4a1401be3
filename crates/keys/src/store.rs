//! The interface of a key store, whatever keeps the keys.
use pki::{KeyAlgorithm, SignError, SignatureAlgorithm, Signer};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::activation::{Activation, Spent};
use crate::passkey::{Assertion, Passkey, PasskeyError, RelyingParty};
use crate::sealed::{Sealed, SealedByPasskey};

/// Keeps private keys that sign only with their signer's factor and an activation. Object safe; synchronous: a call
/// takes as long as the key derivation is meant to take (tens of milliseconds and more), so run it off the reactor.
pub trait KeyStore: Send + Sync {
    /// Makes a key pair for `owner` that opens with `factor`.
    fn create(
        &self,
        algorithm: KeyAlgorithm,
        owner: &KeyOwner,
        factor: &Factor,
        rng: &mut dyn CryptoRng,
    ) -> Result<StoredKey, KeyError> {
        self.create_proving(algorithm, owner, factor, rng, &|public_key| {
            StoredKey::possession(owner, public_key)
        })
    }

    /// The same, where the private key proves that it is there by signing what `prove` makes of the public key: the
    /// CertificationRequestInfo (RFC 2986 §4.1) that an authority is going to be asked with.
    fn create_proving(
        &self,
        algorithm: KeyAlgorithm,
        owner: &KeyOwner,
        factor: &Factor,
        rng: &mut dyn CryptoRng,
        prove: &dyn Fn(&[u8]) -> Vec<u8>,
    ) -> Result<StoredKey, KeyError>;

    /// Opens a key with its signer's factor, for this activation: a passkey must have signed its digest. Nothing is signed,
    /// and nothing spent: a PIN that is wrong costs a try and no more.
    fn unlock(&self, key: &StoredKey, factor: &Factor, activation: &Activation)
    -> Result<Unlocked, KeyError>;
}

/// A key that its signer opened for one activation: good for one signature, and that only once the activation is spent.
#[must_use = "an opened key signs once"]
pub struct Unlocked {
    signer: Box<dyn Signer>,
    activation: [u8; 32],
}

impl Unlocked {
    /// A key that its signer's factor opened. For key stores alone: whoever has `signer` could sign without this.
    ///
    /// # Errors
    /// [`KeyError::WrongActivation`] where the activation is for the key of another certificate.
    pub fn new(signer: Box<dyn Signer>, activation: &Activation) -> Result<Self, KeyError> {
        if *activation.public_key_sha256() != pki::sha256(signer.public_key_der()) {
            return Err(KeyError::WrongActivation);
        }
        Ok(Self { signer, activation: activation.digest() })
    }

    /// Signs `message` (its digest by the key's algorithm): the signed attributes of exactly the content that the spent
    /// activation names.
    ///
    /// # Errors
    /// [`KeyError::WrongActivation`] where the key was opened for another activation, [`KeyError::WrongContent`] where the
    /// message is not what was agreed to, [`KeyError::Failed`] and [`KeyError::Away`] where the key could not sign.
    #[expect(clippy::needless_pass_by_value, reason = "a spent activation signs once: it is given away")]
    pub fn sign(self, activation: Spent, message: &[u8]) -> Result<SignatureValue, KeyError> {
        if activation.digest() != self.activation {
            return Err(KeyError::WrongActivation);
        }
        if !activation.allows(message) {
            return Err(KeyError::WrongContent);
        }
        let bytes = self.signer.sign(message).map_err(|error| match error {
            SignError::Away(why) => KeyError::Away(why),
            error => KeyError::Failed(error.to_string()),
        })?;
        Ok(SignatureValue { algorithm: self.signer.algorithm(), bytes, activation: self.activation })
    }
}

impl std::fmt::Debug for Unlocked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Unlocked(for {})", hex::encode(self.activation))
    }
}

/// Whose key it is, and its id. Both are bound to the key: it does not open under others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeyOwner {
    /// The key's id (`key_…`).
    pub key: String,
    /// The owner's id (`per_…`, `org_…`).
    pub owner: String,
}

/// What opens a key. Never printed, wiped when dropped.
#[non_exhaustive]
pub enum Factor {
    /// A PIN or passphrase.
    Pin(Zeroizing<String>),
    /// A passkey.
    Passkey(Box<PasskeyFactor>),
}

/// A passkey as what opens a key. To make a key, the passkey and its function's output are enough; to sign, it must
/// have signed the activation's digest.
pub struct PasskeyFactor {
    /// Whom the passkey answers to.
    pub relying_party: RelyingParty,
    /// The passkey on record.
    pub passkey: Passkey,
    /// What it signed: its challenge is [`Activation::digest`].
    pub assertion: Option<Assertion>,
    /// The output of its pseudo-random function, where it has one.
    pub prf: Option<Zeroizing<[u8; 32]>>,
}

impl Factor {
    /// A PIN as it was typed. No rule is applied: those hold for newly chosen ones ([`crate::Pin::parse`]).
    pub fn pin(text: &str) -> Self {
        Self::Pin(crate::pin::normalize(text))
    }
}

impl std::fmt::Debug for Factor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pin(_) => f.write_str("Pin(..)"),
            Self::Passkey(it) => write!(f, "Passkey({}, ..)", hex::encode(it.passkey.fingerprint())),
        }
    }
}

/// A key pair as it is stored: the public key in the clear, the private key only as `protection` says. JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredKey {
    /// Id and owner.
    #[serde(flatten)]
    pub owner: KeyOwner,
    /// Kind of key.
    pub algorithm: KeyAlgorithm,
    /// SubjectPublicKeyInfo, DER; hexadecimal in JSON.
    #[serde(with = "hex::serde")]
    pub public_key: Vec<u8>,
    /// How the private key is kept.
    pub protection: Protection,
    /// Proof of possession: the private key's signature over [`StoredKey::possession`], or over what
    /// [`KeyStore::create_proving`] was given; made once, with the key. A certification authority asks for it before it certifies the public key (RFC 4211 §4).
    #[serde(default, with = "hex::serde")]
    pub proof: Vec<u8>,
}

impl StoredKey {
    /// The message of the proof of possession: it binds the public key to this key's id and owner.
    #[must_use]
    pub fn possession(owner: &KeyOwner, public_key: &[u8]) -> Vec<u8> {
        let mut message =
            format!("vermilion proof of possession\n{}\n{}\n", owner.key, owner.owner).into_bytes();
        message.extend_from_slice(public_key);
        message
    }
}

/// How a private key is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Protection {
    /// By [`crate::SealedKeyStore`], under a PIN.
    Sealed(Sealed),
    /// By [`crate::SealedKeyStore`], under a passkey.
    Passkey(SealedByPasskey),
    /// In a token, by [`crate::pkcs11::TokenKeyStore`], released by the signer's PIN or passkey.
    Pkcs11(crate::pkcs11::OnToken),
    /// In the signer's own device: no store here has it, and none signs with it.
    Device,
}

/// A signature, the algorithm that made it, and the digest of the activation that allowed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureValue {
    /// The algorithm.
    pub algorithm: SignatureAlgorithm,
    /// ECDSA as DER `SEQUENCE { r, s }`, RSA as the padded value.
    pub bytes: Vec<u8>,
    /// [`Activation::digest`] of what was spent.
    pub activation: [u8; 32],
}

/// Why a key was not made or did not sign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The PIN is wrong, or (which cannot be told apart) the sealed key was changed, moved to another owner, or
    /// belongs to another server key.
    #[error("the PIN is wrong")]
    WrongFactor,
    /// The passkey did not agree to this activation.
    #[error("the passkey did not agree to this signature: {0}")]
    Passkey(PasskeyError),
    /// The activation is for the key of another certificate.
    #[error("the activation is for another key")]
    WrongActivation,
    /// What is to be signed is not what the activation names.
    #[error("the activation is for another content")]
    WrongContent,
    /// The token is away or does not answer; later it may.
    #[error("the token does not answer: {0}")]
    Away(String),
    /// The stored key is damaged or not of a kind that this store keeps.
    #[error("the stored key cannot be used: {0}")]
    Damaged(&'static str),
    /// Making the key or the signature failed.
    #[error("the key operation failed: {0}")]
    Failed(String),
}
