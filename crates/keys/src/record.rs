//! What of an activation anyone can check: the record that goes with a signed document.
//!
//! Whoever holds the signed document, this record and a reason to trust the certification authority needs neither the
//! platform nor its word: the record shows which passkey agreed to exactly this signature, and the certificate shows whose
//! passkey that is. What each finding rests on is laid down in `docs/sole-control.md`.

use pki::Certificate;
use serde::{Deserialize, Serialize};

use crate::activation::Statement;
use crate::passkey::{Assertion, Passkey, PasskeyError, Registration, RelyingParty};

/// One use of a key, with everything that shows it. JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivationRecord {
    /// The activation's canonical bytes ([`Statement::canonical`]), as text.
    pub activation: String,
    /// The certificate of the key, DER; hexadecimal in JSON.
    #[serde(with = "hex::serde")]
    pub certificate: Vec<u8>,
    /// What opened the key: `pin`, `passkey`, `device`, `pkcs11`.
    pub custody: String,
    /// What the passkey signed, and which passkey, where one opened the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<PasskeyRecord>,
    /// The signing policy's canonical bytes, as text.
    pub policy: String,
}

/// A passkey's part of an [`ActivationRecord`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasskeyRecord {
    /// What it signed: its challenge is the SHA-256 of the activation.
    pub assertion: Assertion,
    /// Its public half.
    pub passkey: Passkey,
    /// How it was registered.
    pub registration: Registration,
    /// Whom it answered to.
    pub relying_party: RelyingParty,
}

/// A signature that a record may belong to.
#[derive(Clone, Copy, Debug)]
pub struct SignedContent<'a> {
    /// SHA-256 of its certificate.
    pub certificate: &'a [u8; 32],
    /// Digest of what it signs.
    pub content: &'a [u8],
    /// Digest of the signing policy that it names, where it names one.
    pub policy: Option<&'a [u8]>,
}

/// What a record shows of the signature that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Control {
    /// The passkey with this fingerprint signed exactly this activation, its holder verified by the authenticator.
    Passkey {
        /// [`Passkey::fingerprint`].
        fingerprint: [u8; 32],
        /// Whether the certificate names this passkey as the one that opens its key.
        certified: bool,
    },
    /// Something that leaves nothing for others to check opened the key: its name.
    Unwitnessed {
        /// `pin`, `device`, `pkcs11`.
        custody: String,
    },
}

/// Why a record does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// It is not of the form that is written.
    #[error("the record is malformed: {0}")]
    Malformed(&'static str),
    /// It contradicts itself or the signature.
    #[error("the record contradicts the signature: {0}")]
    Contradiction(&'static str),
    /// What the passkey signed is not this activation.
    #[error("the passkey did not agree to this signature: {0}")]
    Passkey(PasskeyError),
    /// The certificate says that a passkey opens the key, and the record shows none.
    #[error("the certificate says that a passkey opens the key, and the record shows none")]
    PasskeyMissing,
}

impl ActivationRecord {
    /// Whether this is the record of that signature: it names its certificate and its content.
    #[must_use]
    pub fn belongs_to(&self, signature: &SignedContent<'_>) -> bool {
        Statement::from_canonical(self.activation.as_bytes()).is_some_and(|it| {
            it.certificate == hex::encode(signature.certificate)
                && it.content == hex::encode(signature.content)
        })
    }

    /// Judges the record of a signature. That the signature itself verifies, and whether its certificate is trusted, is for
    /// the caller to know.
    ///
    /// # Errors
    /// [`RecordError`] says what does not hold.
    pub fn judge(&self, signature: &SignedContent<'_>) -> Result<Control, RecordError> {
        let statement = Statement::from_canonical(self.activation.as_bytes());
        let statement =
            statement.ok_or(RecordError::Malformed("the activation is not in its canonical form"))?;
        if !self.belongs_to(signature) {
            return Err(RecordError::Contradiction("the activation is for another signature"));
        }
        let certificate = Certificate::from_der(&self.certificate)
            .map_err(|_| RecordError::Malformed("the certificate cannot be read"))?;
        if certificate.fingerprint() != *signature.certificate {
            return Err(RecordError::Contradiction("the certificate is another one"));
        }
        if statement.public_key != hex::encode(pki::sha256(certificate.public_key_der())) {
            return Err(RecordError::Contradiction("the activation is for another key"));
        }
        let policy = hex::encode(pki::sha256(self.policy.as_bytes()));
        if statement.policy != policy || signature.policy.is_some_and(|named| hex::encode(named) != policy) {
            return Err(RecordError::Contradiction("the signing policy is another one"));
        }
        let named = certificate.activated_by();
        let Some(shown) = &self.passkey else {
            return match named {
                Some(_) => Err(RecordError::PasskeyMissing),
                None => Ok(Control::Unwitnessed { custody: self.custody.clone() }),
            };
        };
        let fingerprint = shown.judge(&pki::sha256(self.activation.as_bytes()))?;
        match named {
            Some(named) if *named != fingerprint => {
                Err(RecordError::Contradiction("the certificate names another passkey"))
            }
            named => Ok(Control::Passkey { fingerprint, certified: named.is_some() }),
        }
    }
}

impl PasskeyRecord {
    /// Judges what the passkey signed, and gives its fingerprint.
    fn judge(&self, activation: &[u8; 32]) -> Result<[u8; 32], RecordError> {
        let us = &self.relying_party;
        // A record may not widen what a browser would have allowed: origins lie within the domain (§7.2 step 14).
        let within = |origin: &String| {
            let host = origin.split_once("://").map(|(_, rest)| rest);
            let host = host.map(|rest| rest.split([':', '/']).next().unwrap_or_default());
            host.is_some_and(|host| host == us.id || host.ends_with(&format!(".{}", us.id)))
        };
        if us.id.is_empty() || !us.origins.iter().all(within) {
            return Err(RecordError::Malformed("origins outside the passkey's domain"));
        }
        self.assertion.verify(us, &self.passkey, activation).map_err(RecordError::Passkey)?;
        Ok(self.passkey.fingerprint())
    }
}
