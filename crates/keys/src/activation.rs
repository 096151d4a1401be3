//! What a signer agreed to, as a value that allows one signature.
use jiff::Timestamp;
use pki::Certificate;
use serde::{Deserialize, Serialize};

/// A document as it was sent, before anyone signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentDocument {
    /// Its id.
    pub document: String,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// The revision of a document that the signer saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenRevision {
    /// The document's id.
    pub document: String,
    /// 0 = as sent.
    pub revision: u32,
    /// SHA-256 of the bytes up to this revision's end.
    pub sha256: [u8; 32],
}

/// The words that the signer confirmed, and their language (`en`, `zh-CN`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// As shown.
    pub words: String,
    /// BCP 47.
    pub language: String,
}

/// What goes into an [`Activation`].
///
/// It names what the signer saw (the documents as sent, the revision shown, their own field values, the words), what they
/// agreed to be bound by (the signing policy) and what will be signed, to the byte: an activation allows one signature over
/// one content, and whoever holds the signed file can tell that it is this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Who signs: the recipient's id.
    pub signer: String,
    /// The documents as sent.
    pub documents: Vec<SentDocument>,
    /// The revisions seen.
    pub revisions: Vec<SeenRevision>,
    /// Digest over the signer's field values, in the caller's canonical form.
    pub field_values: [u8; 32],
    /// Digest of what is signed: over a PDF's byte ranges, as the signature's messageDigest holds it.
    pub content: Vec<u8>,
    /// SHA-256 of the signing policy.
    pub policy: [u8; 32],
    /// What was confirmed.
    pub confirmation: Confirmation,
    /// When.
    pub at: Timestamp,
    /// Fresh random bytes.
    pub nonce: [u8; 16],
}

/// The right to sign once with the key of one certificate. Neither cloned nor read from storage: it is made from
/// what the signer just confirmed, and [`crate::KeyStore::sign`] consumes it.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "an activation is spent by signing"]
pub struct Activation {
    intent: Intent,
    statement: Statement,
    public_key: [u8; 32],
}

impl Activation {
    /// Binds `intent` to the certificate whose key will sign.
    pub fn new(intent: Intent, certificate: &Certificate) -> Self {
        let public_key = pki::sha256(certificate.public_key_der());
        let statement = Statement::of(&intent, certificate.fingerprint(), public_key);
        Self { intent, statement, public_key }
    }

    /// What was agreed to.
    pub fn intent(&self) -> &Intent {
        &self.intent
    }

    /// SHA-256 of the public key (SubjectPublicKeyInfo) that may sign.
    pub fn public_key_sha256(&self) -> &[u8; 32] {
        &self.public_key
    }

    /// What it states, as it is kept.
    pub fn statement(&self) -> &Statement {
        &self.statement
    }

    /// The canonical bytes: see [`Statement::canonical`].
    pub fn canonical(&self) -> Vec<u8> {
        self.statement.canonical()
    }

    /// SHA-256 of [`Activation::canonical`]: what a passkey signs as its challenge.
    pub fn digest(&self) -> [u8; 32] {
        pki::sha256(&self.canonical())
    }

    /// Gives it up for one signature. The caller has put on record, for good, that it is spent: whatever happens from here,
    /// it is not spent again.
    pub fn spent(self) -> Spent {
        Spent(self)
    }
}

/// An activation that was given up: what [`crate::Unlocked::sign`] takes, once.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a spent activation is good for one signature"]
pub struct Spent(Activation);

impl Spent {
    /// [`Activation::digest`].
    pub fn digest(&self) -> [u8; 32] {
        self.0.digest()
    }

    /// Whether this is what was agreed to: signed attributes (RFC 5652 §5.4) whose messageDigest is the activation's
    /// content, to the byte.
    pub(crate) fn allows(&self, message: &[u8]) -> bool {
        let attributes = pki::cms::SignedAttributes::from_der(message);
        attributes.is_ok_and(|it| it.message_digest() == self.0.intent.content)
    }
}

/// What an activation states: evidence, which allows nothing. Digests and the nonce are lower-case hexadecimal, the time is
/// RFC 3339 in UTC.
// RFC 8785 sorts members by name: the fields are declared in that order, here and below, and serde writes them so.
// serde_json escapes strings exactly as RFC 8785 §3.2.2.2 asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// When the signer was asked.
    pub at: String,
    /// SHA-256 of the certificate.
    pub certificate: String,
    /// The words that were confirmed.
    pub confirmation: StatedConfirmation,
    /// Digest of what is signed, as the signature's messageDigest holds it.
    pub content: String,
    /// The documents as sent.
    pub documents: Vec<StatedDocument>,
    /// Digest over the signer's field values.
    pub field_values: String,
    /// Fresh random bytes.
    pub nonce: String,
    /// SHA-256 of the signing policy.
    pub policy: String,
    /// SHA-256 of the public key that may sign.
    pub public_key: String,
    /// The revisions that were shown.
    pub revisions: Vec<StatedRevision>,
    /// Who signs.
    pub signer: String,
    /// Version of this form: 2.
    pub version: u32,
}

/// The words of a [`Statement`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedConfirmation {
    /// BCP 47.
    pub language: String,
    /// As shown.
    pub words: String,
}

/// A document of a [`Statement`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedDocument {
    /// Its id.
    pub document: String,
    /// SHA-256 of its bytes as sent.
    pub sha256: String,
}

/// A revision of a [`Statement`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedRevision {
    /// The document's id.
    pub document: String,
    /// 0 = as sent.
    pub revision: u32,
    /// SHA-256 of the bytes up to this revision's end.
    pub sha256: String,
}

impl Statement {
    /// The version that is written.
    pub const VERSION: u32 = 2;

    fn of(intent: &Intent, certificate: [u8; 32], public_key: [u8; 32]) -> Self {
        Self {
            at: intent.at.to_string(),
            certificate: hex::encode(certificate),
            confirmation: StatedConfirmation {
                language: intent.confirmation.language.clone(),
                words: intent.confirmation.words.clone(),
            },
            content: hex::encode(&intent.content),
            documents: intent
                .documents
                .iter()
                .map(|d| StatedDocument { document: d.document.clone(), sha256: hex::encode(d.sha256) })
                .collect(),
            field_values: hex::encode(intent.field_values),
            nonce: hex::encode(intent.nonce),
            policy: hex::encode(intent.policy),
            public_key: hex::encode(public_key),
            revisions: intent
                .revisions
                .iter()
                .map(|r| StatedRevision {
                    document: r.document.clone(),
                    revision: r.revision,
                    sha256: hex::encode(r.sha256),
                })
                .collect(),
            signer: intent.signer.clone(),
            version: Self::VERSION,
        }
    }

    /// The canonical bytes: JSON as RFC 8785 writes it (members sorted, no white space; strings and integers only).
    pub fn canonical(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings and integers always serialise")
    }

    /// Reads canonical bytes; none where they are no activation of this version, or not in the canonical form.
    #[must_use]
    pub fn from_canonical(bytes: &[u8]) -> Option<Self> {
        let it: Self = serde_json::from_slice(bytes).ok()?;
        (it.version == Self::VERSION && it.canonical() == bytes).then_some(it)
    }

    /// The time that it states.
    #[must_use]
    pub fn time(&self) -> Option<Timestamp> {
        self.at.parse().ok()
    }

    /// The nonce.
    #[must_use]
    pub fn nonce(&self) -> Option<[u8; 16]> {
        let mut nonce = [0; 16];
        hex::decode_to_slice(&self.nonce, &mut nonce).ok().map(|()| nonce)
    }
}
