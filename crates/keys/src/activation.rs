//! What a signer agreed to, as a value that allows one signature.
use jiff::Timestamp;
use pki::Certificate;
use serde::Serialize;

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
/// It covers the documents as sent, the signer's own field values and the revision seen, so that several who sign
/// at the same time need not sign twice when another was faster.
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
    certificate: [u8; 32],
    public_key: [u8; 32],
}

impl Activation {
    /// Binds `intent` to the certificate whose key will sign.
    pub fn new(intent: Intent, certificate: &Certificate) -> Self {
        Self {
            intent,
            certificate: certificate.fingerprint(),
            public_key: pki::sha256(certificate.public_key_der()),
        }
    }

    /// What was agreed to.
    pub fn intent(&self) -> &Intent {
        &self.intent
    }

    /// SHA-256 of the public key (SubjectPublicKeyInfo) that may sign.
    pub fn public_key_sha256(&self) -> &[u8; 32] {
        &self.public_key
    }

    /// The canonical bytes: JSON as RFC 8785 writes it (members sorted, no white space; strings and integers only).
    /// Digests and the nonce are lower-case hexadecimal, the time RFC 3339 in UTC.
    pub fn canonical(&self) -> Vec<u8> {
        let intent = &self.intent;
        let form = Canonical {
            at: intent.at.to_string(),
            certificate: hex::encode(self.certificate),
            confirmation: CanonicalConfirmation {
                language: &intent.confirmation.language,
                words: &intent.confirmation.words,
            },
            documents: intent
                .documents
                .iter()
                .map(|d| CanonicalDocument { document: &d.document, sha256: hex::encode(d.sha256) })
                .collect(),
            field_values: hex::encode(intent.field_values),
            nonce: hex::encode(intent.nonce),
            public_key: hex::encode(self.public_key),
            revisions: intent
                .revisions
                .iter()
                .map(|r| CanonicalRevision {
                    document: &r.document,
                    revision: r.revision,
                    sha256: hex::encode(r.sha256),
                })
                .collect(),
            signer: &intent.signer,
            version: 1,
        };
        serde_json::to_vec(&form).expect("strings and integers always serialise")
    }

    /// SHA-256 of [`Activation::canonical`].
    pub fn digest(&self) -> [u8; 32] {
        pki::sha256(&self.canonical())
    }
}

// RFC 8785 sorts members by name: the fields below are declared in that order, and serde writes them so. serde_json
// escapes strings exactly as RFC 8785 §3.2.2.2 asks.

#[derive(Serialize)]
struct Canonical<'a> {
    at: String,
    certificate: String,
    confirmation: CanonicalConfirmation<'a>,
    documents: Vec<CanonicalDocument<'a>>,
    field_values: String,
    nonce: String,
    public_key: String,
    revisions: Vec<CanonicalRevision<'a>>,
    signer: &'a str,
    version: u32,
}

#[derive(Serialize)]
struct CanonicalConfirmation<'a> {
    language: &'a str,
    words: &'a str,
}

#[derive(Serialize)]
struct CanonicalDocument<'a> {
    document: &'a str,
    sha256: String,
}

#[derive(Serialize)]
struct CanonicalRevision<'a> {
    document: &'a str,
    revision: u32,
    sha256: String,
}
