//! Envelopes and what lies in them.

use domain::Locale;
use serde::Serialize;

use super::Time;
use super::words::{EnvelopeStatus, FieldType, Order, RecipientKind, RecipientStatus, RevisionKind};
use crate::config::Trust;

/// The sender's envelopes, the last changed first.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EnvelopePage {
    /// Envelopes.
    pub items: Vec<EnvelopeSummary>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
    /// How many there are of each status, whatever is searched for.
    pub counts: Counts,
}

/// How many envelopes there are of each status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Counts {
    /// Draft.
    pub draft: u64,
    /// Sent.
    pub sent: u64,
    /// Completed.
    pub completed: u64,
    /// Declined.
    pub declined: u64,
    /// Voided.
    pub voided: u64,
    /// Expired.
    pub expired: u64,
}

/// An envelope in the list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EnvelopeSummary {
    /// Id.
    pub id: String,
    /// Title; may be empty in a draft.
    pub title: String,
    /// Where it stands.
    pub status: EnvelopeStatus,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
    /// When it was sent.
    pub sent_at: Option<Time>,
    /// When everyone had signed.
    pub completed_at: Option<Time>,
    /// When its time runs out.
    pub expires_at: Option<Time>,
    /// Recipients.
    pub recipients: Vec<RecipientSummary>,
    /// Whose turn it is.
    pub waiting_for: Option<String>,
}

/// A recipient in the list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RecipientSummary {
    /// Name, or the company's.
    pub name: String,
    /// Person or company.
    pub kind: RecipientKind,
    /// How far they have come.
    pub status: RecipientStatus,
}

/// An envelope, as its sender sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Envelope {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Message to the recipients.
    pub message: String,
    /// Where it stands.
    pub status: EnvelopeStatus,
    /// Who signs when.
    pub order: Order,
    /// Language.
    pub locale: Locale,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
    /// When it was sent.
    pub sent_at: Option<Time>,
    /// When everyone had signed.
    pub completed_at: Option<Time>,
    /// When its time runs out or ran out.
    pub expires_at: Option<Time>,
    /// How many days it stays open once sent.
    pub expires_in_days: u32,
    /// The signing policy of all recipients who have none of their own, as lists of policies refer to it.
    pub policy: String,
    /// Digest of the signing policy, once the envelope was sent, hexadecimal.
    pub policy_digest: Option<String>,
    /// Who sends it.
    pub sender: Sender,
    /// Who declined.
    pub decline: Option<Decline>,
    /// Why the sender took it back.
    pub void_reason: Option<String>,
    /// Documents.
    pub documents: Vec<Document>,
    /// Recipients, by place.
    pub recipients: Vec<Recipient>,
    /// Fields.
    pub fields: Vec<Field>,
    /// Which trust is in force.
    pub trust: Trust,
    /// Whether there is a certification report.
    pub report_ready: bool,
}

/// Who sends an envelope.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Sender {
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
}

/// A recipient's refusal to sign.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Decline {
    /// Who.
    pub recipient_id: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Time,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Document {
    /// Id.
    pub id: String,
    /// File name.
    pub name: String,
    /// How many pages.
    pub pages: u32,
    /// Size of the newest revision.
    pub size: u64,
    /// Digest of the newest revision, hexadecimal.
    pub sha256: String,
    /// Signatures that the sender's file held.
    pub existing_signatures: u32,
    /// The author's certification: 1 no changes, 2 filling in, 3 annotating.
    pub certification: Option<u8>,
    /// Whether the sender's file held form fields.
    pub has_form: bool,
    /// Displayed sizes of the pages.
    pub page_sizes: Vec<PageSize>,
    /// Revisions, oldest first.
    pub revisions: Vec<Revision>,
}

/// A page's displayed size, in points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PageSize {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A state of a document.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Revision {
    /// From 0, the original.
    pub number: u32,
    /// What made it.
    pub kind: RevisionKind,
    /// Digest of the whole file, hexadecimal.
    pub sha256: String,
    /// Size of the whole file.
    pub size: u64,
    /// When it was made.
    pub at: Time,
}

/// A recipient.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Recipient {
    /// Id.
    pub id: String,
    /// Person or company.
    pub kind: RecipientKind,
    /// The person, or the company's agent.
    pub name: String,
    /// Where the invitation goes.
    pub email: Option<String>,
    /// Where the invitation goes by SMS.
    pub phone_masked: Option<String>,
    /// The company that is asked for its seal.
    pub organization: Option<String>,
    /// Language of the invitation.
    pub locale: Locale,
    /// Place in the sequence.
    pub order: u32,
    /// The signing policy that holds for them instead of the envelope's.
    pub policy: Option<String>,
    /// Digest of that policy, once the envelope was sent, hexadecimal.
    pub policy_digest: Option<String>,
    /// How far they have come.
    pub status: RecipientStatus,
    /// When they were invited.
    pub invited_at: Option<Time>,
    /// When they opened the link.
    pub opened_at: Option<Time>,
    /// When they were verified.
    pub identified_at: Option<Time>,
    /// When they signed.
    pub signed_at: Option<Time>,
    /// How they were verified.
    pub verified: Option<Verified>,
    /// What they sign with.
    pub certificate: Option<Certificate>,
}

/// How a recipient was verified.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Verified {
    /// Name, masked.
    pub name_masked: String,
    /// Means.
    pub how: Vec<String>,
    /// Verified organization.
    pub organization: Option<String>,
}

/// A recipient's certificate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Certificate {
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Subject.
    pub subject: String,
    /// End of validity.
    pub not_after: Time,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Field {
    /// Id.
    pub id: String,
    /// Who fills it.
    pub recipient_id: String,
    /// Where.
    pub document_id: String,
    /// With what.
    pub r#type: FieldType,
    /// On which page, from 1.
    pub page: u32,
    /// From the left edge of the displayed page, in points.
    pub x: f64,
    /// From its top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// Whether it must be filled.
    pub required: bool,
    /// What the signer is told it is.
    pub label: String,
    /// What was filled in.
    pub value: Option<String>,
}
