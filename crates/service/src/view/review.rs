//! Checks by hand, as the signer who waits and the administrators who decide see them.

use serde::Serialize;

use super::Time;
use super::event::Event;
use super::verification::Verification;
use super::words::{IdKind, ReviewCheck, ReviewKind, ReviewPart, ReviewReason};

/// How far a check by hand has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ReviewState {
    /// Pictures are being brought.
    Collecting,
    /// It waits for an administrator.
    Waiting,
    /// An administrator said yes.
    Approved,
    /// An administrator said no.
    Refused,
    /// It was given up.
    Withdrawn,
    /// Its time ran out.
    Expired,
}

/// A picture that a check by hand asks for.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PendingPart {
    /// What it shows.
    pub part: ReviewPart,
    /// Whether it has to be there.
    pub required: bool,
    /// Whether it is there.
    pub brought: bool,
}

/// A check by hand that is under way, as its signer sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PendingReview {
    /// How far it has come.
    pub state: ReviewState,
    /// The pictures that it asks for.
    pub parts: Vec<PendingPart>,
    /// Why other pictures are asked for.
    pub asked: Option<ReviewReason>,
    /// What the reviewer added.
    pub note: Option<String>,
    /// Since when it waits.
    pub submitted_at: Option<Time>,
    /// Until when it is decided, or the pictures brought.
    pub until: Time,
}

/// A check in the administrators' queue.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReviewItem {
    /// Id.
    pub id: String,
    /// What is decided.
    pub kind: ReviewKind,
    /// How far it has come.
    pub state: ReviewState,
    /// Whom it is about, masked; a company by its name.
    pub name_masked: String,
    /// Kind of ID document.
    pub document: Option<IdKind>,
    /// Since when it waits.
    pub submitted_at: Option<Time>,
    /// Until when it is decided.
    pub until: Time,
    /// How often it was sent in.
    pub rounds: u32,
    /// Who has it in hand.
    pub claimed_by: Option<String>,
    /// From when another may take it.
    pub claimed_until: Option<Time>,
    /// Whether the reader has it in hand.
    pub mine: bool,
    /// Whether the reader must not decide: their own envelope or identity.
    pub own: bool,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Time>,
    /// Why not.
    pub reason: Option<ReviewReason>,
}

/// The administrators' queue.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReviewList {
    /// What waits, the longest first.
    pub waiting: Vec<ReviewItem>,
    /// What was decided last.
    pub decided: Vec<ReviewItem>,
}

/// What was typed, for the administrator who compares it with the pictures.
#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReviewTyped {
    /// Name.
    pub name: String,
    /// Kind of ID document.
    pub document: Option<IdKind>,
    /// Its number; of a letter's agent, masked as in the letter.
    pub number: Option<String>,
    /// The company.
    pub organization: Option<String>,
    /// Its code.
    pub credit_code: Option<String>,
    /// Who leads it.
    pub legal_representative: Option<String>,
    /// The number in the letter.
    pub letter: Option<String>,
    /// What is to be signed.
    pub scope: Option<String>,
}

impl std::fmt::Debug for ReviewTyped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReviewTyped").field("document", &self.document).finish_non_exhaustive()
    }
}

/// A picture of a check.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReviewImage {
    /// Id.
    pub id: String,
    /// What it shows.
    pub part: ReviewPart,
    /// Media type.
    pub media: String,
    /// In pixels; nought for a PDF.
    pub width: u32,
    /// In pixels, or the pages of a PDF.
    pub height: u32,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// When it was brought.
    pub created_at: Time,
}

/// What a signer of a letter is to the company, by their certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum LetterSignsAs {
    /// The company: the certificate carries its code.
    Company,
    /// The certificate carries the company's name, and no code.
    CompanyByName,
    /// The name of the company's legal representative, who may have namesakes.
    LegalRepresentative,
    /// Somebody else.
    Other,
}

/// Who signed a letter.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LetterSigner {
    /// The signature's field.
    pub field: String,
    /// Name, as the certificate says it.
    pub name: Option<String>,
    /// Whether the signature passed.
    pub holds: bool,
    /// What they are to the company.
    pub signs_as: LetterSignsAs,
}

/// What this server finds in the signatures of a letter.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LetterVerdict {
    /// The verdict on the file.
    pub verification: Verification,
    /// Its signers; none where it carries no signature.
    pub signers: Vec<LetterSigner>,
}

/// One check, as the administrator who has it in hand sees it. To others it shows neither what was typed nor the pictures.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReviewCase {
    /// As in the queue.
    pub item: ReviewItem,
    /// What was typed.
    pub typed: Option<ReviewTyped>,
    /// The pictures.
    pub images: Vec<ReviewImage>,
    /// What is to be looked at.
    pub checks: Vec<ReviewCheck>,
    /// The reasons to choose from.
    pub reasons: Vec<ReviewReason>,
    /// Whether other pictures can be asked for.
    pub can_ask: bool,
    /// What the log says of it.
    pub events: Vec<Event>,
}

/// What the machine-readable zone of a passport says beside what was typed. It is kept nowhere.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReviewZone {
    /// `agrees`; else the first thing that does not: `length`, `characters`, `document`, `checksum`, `date` (it cannot be
    /// read), `number_differs`, `expired`, `minor`, `name_differs`.
    pub result: String,
    /// Whether kind and number are those that were typed.
    pub number: Option<bool>,
    /// Whether the name is; none where that cannot be said.
    pub name: Option<bool>,
    /// Date of birth.
    pub born: Option<String>,
    /// Whether the holder is of age.
    pub adult: Option<bool>,
    /// The last day on which it is valid.
    pub expires: Option<String>,
    /// Whether that day is to come.
    pub valid: Option<bool>,
}
