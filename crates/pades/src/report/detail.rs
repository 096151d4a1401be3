//! Parts of a signature's report: time-stamps, chain, signature policy.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Reason, SubIndication};

/// What a time-stamp covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StampKind {
    /// The signature value: the signature existed then.
    Signature,
    /// The content, before it was signed: the signature was made after that.
    Content,
    /// The document (ISO 32000-2 §12.8.5).
    Document,
}

/// A time-stamp and its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StampReport {
    /// What it covers.
    pub kind: StampKind,
    /// The time it states; absent where it cannot be read.
    pub time: Option<Timestamp>,
    /// The authority's common name, where the time-stamp verifies.
    pub authority: Option<String>,
    /// Whether it proves its time.
    pub trusted: bool,
    /// Why it does not, where its authority is the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_indication: Option<SubIndication>,
    /// The verdict in words.
    pub reason: Reason,
}

/// A certificate of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainCertificate {
    /// The common name.
    pub subject: String,
    /// The SHA-256 fingerprint, hexadecimal.
    pub fingerprint: String,
    /// Start of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
    /// The certificate policies that it states, dotted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<String>,
    /// What the newest revocation data says; absent for the anchor and where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation: Option<RevocationReport>,
}

/// What revocation data says of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevocationReport {
    /// What kind of data.
    pub source: RevocationSource,
    /// When it was issued.
    pub this_update: Timestamp,
    /// When newer data was to come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_update: Option<Timestamp>,
    /// Since when the certificate is revoked or suspended; absent where it is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

/// A kind of revocation data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationSource {
    /// A certificate revocation list (RFC 5280).
    Crl,
    /// An OCSP response (RFC 6960).
    Ocsp,
}

/// The signature policy that a signature binds (EN 319 122-1 §5.2.9.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyReport {
    /// Its object identifier, dotted.
    pub oid: String,
    /// The algorithm of `digest`.
    pub digest_algorithm: String,
    /// The digest of the policy document, hexadecimal.
    pub digest: String,
    /// Where it can be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
}
