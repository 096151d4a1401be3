//! The signing ceremony, as the recipient sees it.

use domain::Locale;
use serde::Serialize;

use super::envelope::{Field, PageSize};
use super::words::{EnvelopeStatus, FieldType, RecipientKind, RecipientStatus, Step};
use super::{CeremonyKey, IdentityView, OrganizationView, Policy, Time, WillOffered};
use crate::config::Trust;

/// A recipient's ceremony.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Ceremony {
    /// Who signs.
    pub recipient: CeremonyRecipient,
    /// What they are asked to sign.
    pub envelope: CeremonyEnvelope,
    /// Where they are.
    pub step: Step,
    /// Who signs first.
    pub waiting_for: Option<String>,
    /// What their signature must bring.
    pub policy: Policy,
    /// The checks of the will of which one is asked for when signing; none where opening the key is enough.
    pub will: Vec<WillOffered>,
    /// What they consent to.
    pub consent: Consent,
    /// Their real name.
    pub identity: IdentityView,
    /// The company, where they seal for one.
    pub organization: Option<OrganizationView>,
    /// The company's own directory, where it has one.
    pub staff: Option<super::CeremonyStaff>,
    /// Their own fields.
    pub fields: Vec<Field>,
    /// Places of others.
    pub marks: Vec<Mark>,
    /// Their signatures or the company's seals.
    pub impressions: Vec<Impression>,
    /// The impression in use.
    pub adopted: Option<String>,
    /// Their key.
    pub key: CeremonyKey,
    /// Their certificate.
    pub certificate: Option<CertificateView>,
    /// What came of it.
    pub result: Option<SigningResult>,
    /// That they or another declined.
    pub decline: Option<DeclineView>,
}

/// Who signs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CeremonyRecipient {
    /// Id.
    pub id: String,
    /// Person or company.
    pub kind: RecipientKind,
    /// Name that the sender gave.
    pub name: String,
    /// Company that the sender asked.
    pub organization: Option<String>,
    /// Language.
    pub locale: Locale,
    /// How far they have come.
    pub status: RecipientStatus,
    /// Whether they sign as the organization's agent, with their own signature and not with its seal.
    pub as_agent: bool,
}

/// What is to be signed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CeremonyEnvelope {
    /// Title.
    pub title: String,
    /// The sender's message.
    pub message: String,
    /// Where it stands.
    pub status: EnvelopeStatus,
    /// Who asks.
    pub sender: CeremonySender,
    /// When it was sent.
    pub sent_at: Option<Time>,
    /// When its time runs out.
    pub expires_at: Option<Time>,
    /// Documents.
    pub documents: Vec<CeremonyDocument>,
    /// Which trust is in force.
    pub trust: Trust,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CeremonySender {
    /// Name.
    pub name: String,
    /// Address, masked.
    pub email_masked: String,
    /// Organization, where one is known.
    pub organization: Option<String>,
}

/// A document to sign.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CeremonyDocument {
    /// Id.
    pub id: String,
    /// File name.
    pub name: String,
    /// How many pages.
    pub pages: u32,
    /// Size of the revision that is shown.
    pub size: u64,
    /// Digest of the revision that is shown, hexadecimal.
    pub sha256: String,
    /// Displayed sizes of the pages.
    pub page_sizes: Vec<PageSize>,
}

/// The consent text in force.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Consent {
    /// Version.
    pub version: String,
    /// Digest of the text, hexadecimal.
    pub digest: String,
    /// When it was given.
    pub given_at: Option<Time>,
    /// The text.
    pub paragraphs: ConsentParagraphs,
}

/// The consent text, paragraph by paragraph.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ConsentParagraphs {
    /// English.
    pub en: Vec<String>,
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    pub zh_cn: Vec<String>,
}

/// A place of another recipient.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Mark {
    /// Page, from 1.
    pub page: u32,
    /// From the left edge, in points.
    pub x: f64,
    /// From the top edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
    /// What goes there.
    pub r#type: FieldType,
    /// Whether it is filled.
    pub done: bool,
    /// Whose it is.
    pub name: String,
}

/// How an impression was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ImpressionKind {
    /// Drawn by hand.
    Drawn,
    /// Typed.
    Typed,
    /// A seal, drawn here.
    SealDrawn,
    /// A seal, from an image.
    SealUploaded,
}

/// A signature or a seal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Impression {
    /// Id.
    pub id: String,
    /// How it was made.
    pub kind: ImpressionKind,
    /// Drawing.
    pub svg: String,
    /// Width, in millimetres.
    pub width_mm: f64,
    /// Height, in millimetres.
    pub height_mm: f64,
    /// When it was made.
    pub created_at: Time,
}

/// An impression that is not kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ImpressionPreview {
    /// Drawing.
    pub svg: String,
    /// Width, in millimetres.
    pub width_mm: f64,
    /// Height, in millimetres.
    pub height_mm: f64,
}

/// The recipient's certificate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CertificateView {
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Subject.
    pub subject: String,
    /// Issuer.
    pub issuer: String,
    /// Begin of validity.
    pub not_before: Time,
    /// End of validity.
    pub not_after: Time,
    /// SHA-256 of the certificate, hexadecimal.
    pub fingerprint: String,
}

/// What came of the ceremony.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SigningResult {
    /// When it was signed.
    pub signed_at: Time,
    /// The trusted time.
    pub time_stamp: Option<Time>,
    /// Level of the signature: a higher one once the document is finished.
    pub level: String,
    /// Digest of the file with this signature, then of the finished file, hexadecimal.
    pub document_sha256: String,
    /// Whether everyone has signed and the document is finished.
    pub completed: bool,
}

/// That someone declined.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DeclineView {
    /// Why.
    pub reason: String,
    /// When.
    pub at: Time,
}
