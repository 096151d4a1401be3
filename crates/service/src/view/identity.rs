//! A person's identity: the check as a ceremony or an account shows it, and what an account shows besides.

use domain::Locale;
use domain::policy::Assurance;
use serde::Serialize;

use super::{ConsentParagraphs, DataPurpose, IdKind, IdentityMethod, OpensIn, PendingReview, Time};

/// Whose account it is, and the check that is under way.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MyIdentity {
    /// The account's name, as its owner wrote it.
    pub account_name: String,
    /// The account's address.
    pub email: String,
    /// The person whom the account is linked to.
    pub person: Option<LinkedPerson>,
    /// The check that is under way, and the ways to be verified.
    pub check: IdentityView,
    /// What was agreed to or refused, newest first.
    pub consents: Vec<GivenConsent>,
    /// How many certificates only share the account's address: they are shown to whom they belong to.
    pub elsewhere: u32,
}

/// A verified person.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LinkedPerson {
    /// Name, masked.
    pub name_masked: Option<String>,
    /// Kind of ID document.
    pub document: Option<IdKind>,
    /// Its number, masked.
    pub id_number_masked: Option<String>,
    /// The phone that was verified last, masked.
    pub phone_masked: Option<String>,
    /// Since when the account is theirs.
    pub linked_at: Time,
    /// Whether a check counts now.
    pub counts: bool,
    /// How sure it is now.
    pub assurance: Option<Assurance>,
    /// Until when it counts, or counted.
    pub expires_at: Option<Time>,
    /// Until when records of it have to be kept.
    pub kept_until: Option<Time>,
    /// How many accounts are this person's.
    pub accounts: u32,
    /// How many certificates hold.
    pub certificates: u32,
    /// The checks that were passed, newest first.
    pub checks: Vec<PassedCheck>,
}

/// A check that was passed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PassedCheck {
    /// Id.
    pub id: String,
    /// How.
    pub method: Option<IdentityMethod>,
    /// Who was asked.
    pub provider: String,
    /// Kind of ID document, until it is erased.
    pub document: Option<IdKind>,
    /// Its number, masked, until it is erased.
    pub id_number_masked: Option<String>,
    /// What was compared: words of the provider interface.
    pub factors: Vec<String>,
    /// Means.
    pub how: Vec<String>,
    /// How sure it is.
    pub assurance: Option<Assurance>,
    /// When it was passed.
    pub verified_at: Option<Time>,
    /// Until when it counts, or counted.
    pub expires_at: Option<Time>,
    /// Whether it counts now.
    pub counts: bool,
    /// Why it stopped counting before its time: `consent_withdrawn`, `erasure`.
    pub ended: Option<String>,
    /// SHA-256 of the provider's answer, hexadecimal.
    pub answer_sha256: String,
    /// Until when it has to be kept.
    pub kept_until: Option<Time>,
    /// When personal data of it were erased.
    pub erased_at: Option<Time>,
    /// Whether it was made from the account, and not in a ceremony.
    pub in_account: bool,
}

/// A decision on the processing of data.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct GivenConsent {
    /// On what.
    pub purpose: DataPurpose,
    /// Whether it was given; else refused, or taken back.
    pub given: bool,
    /// Version of the words.
    pub version: String,
    /// SHA-256 of the words as shown, hexadecimal.
    pub digest: String,
    /// Language shown.
    pub locale: Locale,
    /// When.
    pub at: Time,
    /// Whether in the account, and not in a ceremony.
    pub in_account: bool,
}

/// What became of a request to erase.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Erasure {
    /// Whether all was erased at once.
    pub erased: bool,
    /// Until when the law has the rest kept.
    pub kept_until: Option<Time>,
}

/// How far the real name is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum IdentityState {
    /// Nothing was given.
    None,
    /// The person goes on at the provider's page.
    Pending,
    /// Name and number match; a code was sent.
    CodeSent,
    /// Verified.
    Verified,
}

/// A way to be verified, with the documents for which it is offered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OfferedMethod {
    /// The way.
    pub method: IdentityMethod,
    /// Kinds of documents.
    pub documents: Vec<IdKind>,
    /// Whom the data go to.
    pub provider: String,
    /// How sure it is afterwards.
    pub assurance: Assurance,
}

/// Where a person goes on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct IdentityPage {
    /// The way that was chosen.
    pub method: IdentityMethod,
    /// The provider's page.
    pub url: String,
    /// What opens the app on the same phone, where it has a link of its own.
    pub app_link: Option<String>,
    /// The page as a QR code: an SVG path of squares of size 1.
    pub qr_path: String,
    /// How many squares the code has on a side.
    pub qr_size: u32,
    /// Where the page opens.
    pub opens_in: OpensIn,
    /// Until when.
    pub until: Time,
}

/// The texts to agree to before data are processed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DataConsents {
    /// Version of these texts.
    pub version: String,
    /// For name, number, phone and bank card.
    pub identity: ConsentParagraphs,
    /// For the face.
    pub face: ConsentParagraphs,
    /// For pictures of the document.
    pub photo: ConsentParagraphs,
    /// Whether the first was refused last.
    pub identity_refused: bool,
    /// Whether the second was refused last.
    pub face_refused: bool,
    /// Whether the third was refused last.
    pub photo_refused: bool,
}

/// The person's real name.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct IdentityView {
    /// How far it is verified.
    pub state: IdentityState,
    /// Name, masked.
    pub name_masked: Option<String>,
    /// ID number, masked.
    pub id_number_masked: Option<String>,
    /// Phone, masked.
    pub phone_masked: Option<String>,
    /// When another code can be sent.
    pub resend_at: Option<Time>,
    /// Tries left.
    pub tries_left: u32,
    /// When it was verified.
    pub verified_at: Option<Time>,
    /// Means.
    pub how: Vec<String>,
    /// How sure it is.
    pub assurance: Option<Assurance>,
    /// Until when it counts.
    pub expires_at: Option<Time>,
    /// Why the authority, or a reviewer, said no to what was given last.
    pub refused: Option<String>,
    /// What the reviewer added.
    pub refused_note: Option<String>,
    /// Where the person goes on.
    pub page: Option<IdentityPage>,
    /// The check by hand that is under way.
    pub review: Option<PendingReview>,
    /// The ways to be verified.
    pub methods: Vec<OfferedMethod>,
    /// What is agreed to with it.
    pub consents: DataConsents,
}
