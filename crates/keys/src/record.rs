//! What of an activation anyone can check: the record that goes with a signed document.
//!
//! Whoever holds the signed document, this record and a reason to trust the certification authority needs neither the
//! platform nor its word: the record shows which passkey agreed to exactly this signature, and the certificate shows whose
//! passkey that is. What each finding rests on is laid down in `docs/sole-control.md`.

use jiff::{SignedDuration, Timestamp};
use pki::Certificate;
use serde::{Deserialize, Serialize};

use crate::activation::{StatedDocument, Statement};
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
    /// SHA-256 of the file as it was before the signature: of each of its revisions until then.
    pub revisions: &'a [[u8; 32]],
    /// The time of signing that it claims.
    pub claimed: Option<Timestamp>,
    /// The time that a trusted time-stamp on it states.
    pub stamped: Option<Timestamp>,
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
    /// Certificate or record say that a passkey opens the key, and the record shows none.
    #[error("a passkey is said to open the key, and the record shows none")]
    PasskeyMissing,
    /// The certificate says that a passkey opens the key, and the record that something else does.
    #[error("the certificate says that a passkey opens the key, the record says {custody}")]
    Custody {
        /// [`ActivationRecord::custody`].
        custody: String,
    },
}

impl ActivationRecord {
    /// The longest that an activation is good for.
    pub const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

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
        shown(&statement, signature)?;
        timely(&statement, &certificate, signature)?;
        let named = certificate.activated_by();
        let Some(shown) = &self.passkey else {
            return match named {
                None if self.custody != "passkey" => {
                    Ok(Control::Unwitnessed { custody: self.custody.clone() })
                }
                _ => Err(RecordError::PasskeyMissing),
            };
        };
        // In a module a passkey may be what has it sign; a PIN or a device that a passkey opens there is none.
        if named.is_some() && !matches!(self.custody.as_str(), "passkey" | "pkcs11") {
            return Err(RecordError::Custody { custody: self.custody.clone() });
        }
        let fingerprint = shown.judge(&pki::sha256(self.activation.as_bytes()))?;
        match named {
            Some(named) if *named != fingerprint => {
                Err(RecordError::Contradiction("the certificate names another passkey"))
            }
            named => Ok(Control::Passkey { fingerprint, certified: named.is_some() }),
        }
    }
}

/// Whether what the signer was shown is in the file, before the signature: the document as sent and the revision that was
/// seen are what the file begins with. Of documents that are not this file nothing can be told.
fn shown(statement: &Statement, signature: &SignedContent<'_>) -> Result<(), RecordError> {
    let in_file = |sha256: &str| signature.revisions.iter().any(|it| hex::encode(it) == sha256);
    let seen = statement.revisions.iter().find(|it| in_file(&it.sha256));
    let seen = seen.ok_or(RecordError::Contradiction("what was shown is not what the file was before it"))?;
    let is_sent = |it: &&StatedDocument| it.document == seen.document && in_file(&it.sha256);
    let sent = statement.documents.iter().find(is_sent);
    let sent =
        sent.ok_or(RecordError::Contradiction("the document as sent is not what the file begins with"))?;
    match seen.revision {
        0 if seen.sha256 != sent.sha256 => {
            Err(RecordError::Contradiction("what was shown is not the document as sent"))
        }
        _ => Ok(()),
    }
}

/// Whether the signer was asked while the certificate was valid, and shortly before the signature.
fn timely(
    statement: &Statement,
    certificate: &Certificate,
    signature: &SignedContent<'_>,
) -> Result<(), RecordError> {
    let at = statement.time().ok_or(RecordError::Malformed("the activation states no time"))?;
    let skew = pki::path::CLOCK_SKEW;
    let since = |time: Timestamp| time.duration_since(at);
    if since(certificate.not_before()) > skew || since(certificate.not_after()) < -skew {
        return Err(RecordError::Contradiction("the activation is from when the certificate was not valid"));
    }
    let while_good = |time: Timestamp| (-skew..=ActivationRecord::LIFETIME + skew).contains(&since(time));
    if !signature.stamped.is_none_or(while_good) {
        return Err(RecordError::Contradiction("the time-stamp is not from while the activation was good"));
    }
    if !signature.claimed.is_none_or(while_good) {
        return Err(RecordError::Contradiction(
            "the time of signing is not from while the activation was good",
        ));
    }
    Ok(())
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
        self.registration.shows(us, &self.passkey).map_err(RecordError::Passkey)?;
        self.assertion.verify(us, &self.passkey, activation).map_err(RecordError::Passkey)?;
        Ok(self.passkey.fingerprint())
    }
}
