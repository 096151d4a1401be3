//! The signing ceremony, as the recipient sees it.

use domain::Locale;
use domain::organization::OrganizationWay;
use domain::policy::{Assurance, Custody, WillWay};
use serde::Serialize;

use super::Time;
use super::envelope::{Field, PageSize};
use super::policy::Policy;
use super::review::PendingReview;
use super::words::{
    EnvelopeStatus, FieldType, IdKind, IdentityMethod, OpensIn, RecipientKind, RecipientStatus, Step,
};
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

/// How far the company is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum OrganizationState {
    /// Nothing was given.
    None,
    /// The registry agrees: a way is to be chosen.
    RegistryChecked,
    /// A payment was ordered, and is not sent yet.
    PaymentRequested,
    /// A payment is under way.
    PaymentSent,
    /// The legal representative was asked to authorize the signer.
    LeaderAsked,
    /// A letter of authorization waits for its review.
    LetterSubmitted,
    /// Verified.
    Verified,
}

/// The company.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OrganizationView {
    /// How far it is verified.
    pub state: OrganizationState,
    /// Name.
    pub name: Option<String>,
    /// Unified social credit code.
    pub credit_code: Option<String>,
    /// Legal representative, masked.
    pub legal_representative_masked: Option<String>,
    /// Account, masked.
    pub account_masked: Option<String>,
    /// Tries left.
    pub tries_left: u32,
    /// Until when nothing is taken.
    pub locked_until: Option<Time>,
    /// Until when the amount is taken.
    pub expires_at: Option<Time>,
    /// When it was verified.
    pub verified_at: Option<Time>,
    /// Why it was refused, or a way came to nothing: `declined`, `wrong_person`, `expired`, `returned`, `locked`, ….
    pub refused: Option<String>,
    /// The ways to go on, the quickest for this signer first.
    pub ways: Vec<OrganizationWayView>,
    /// Whether a payment needs the name of the account's bank.
    pub needs_bank: bool,
    /// The question to the legal representative, while they are asked.
    pub authorization: Option<AuthorizationView>,
    /// The letter, while it is prepared or read.
    pub letter: Option<PendingReview>,
    /// What a reviewer added to a letter that was refused.
    pub letter_note: Option<String>,
}

/// A way to show that one acts for an organization.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OrganizationWayView {
    /// Which.
    pub way: OrganizationWay,
    /// Whether nothing has to be done first: the legal representative's face was compared already.
    pub ready: bool,
}

/// A question to the legal representative.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AuthorizationView {
    /// How they were reached, masked.
    pub contact_masked: String,
    /// How far they have come.
    pub status: RecipientStatus,
    /// When they were asked.
    pub asked_at: Time,
    /// Until when they can answer.
    pub ends_at: Time,
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

/// Where the key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum KeyState {
    /// There is none.
    None,
    /// It is made, and another's authority still decides upon its certificate.
    Pending,
    /// It can sign.
    Ready,
    /// Too many wrong PINs.
    Locked,
}

/// The recipient's key.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CeremonyKey {
    /// Where it stands.
    pub state: KeyState,
    /// PIN tries left.
    pub tries_left: u32,
    /// Until when it is locked.
    pub locked_until: Option<Time>,
    /// Where it is.
    pub custody: Option<Custody>,
    /// What opens it: a PIN, a passkey, or being in this device.
    pub opened_by: Option<Custody>,
    /// When the authority is asked again that still decides upon its certificate.
    pub asked_again_at: Option<Time>,
    /// Fingerprint of the passkey that opens it, hexadecimal.
    pub passkey: Option<String>,
    /// What may open a new one: what the signing policy allows and this server has.
    pub offered: Vec<Custody>,
    /// What may confirm the use of a key in the hardware module: a PIN, a passkey.
    pub confirmed_by: Vec<Custody>,
    /// The domain that passkeys belong to, where this server can use them.
    pub relying_party: Option<String>,
}

/// What a new passkey is asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PasskeyOptions {
    /// Id of the question.
    pub id: String,
    /// The challenge, base64url.
    pub challenge: String,
    /// The domain that the passkey belongs to.
    pub relying_party: String,
    /// Whose it is, base64url: says nothing about them.
    pub user_id: String,
    /// What the authenticator calls them.
    pub user_name: String,
    /// The algorithms that are taken (COSE), the preferred first.
    pub algorithms: Vec<i32>,
    /// Passkeys that they have already, base64url.
    pub exclude: Vec<String>,
    /// What the passkey's pseudo-random function is asked for, base64url.
    pub prf: String,
    /// Until when an answer counts.
    pub expires_at: Time,
}

/// What exactly will be signed, for a passkey to agree to: the SHA-256 of `canonical` is the challenge.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Activation {
    /// Id.
    pub id: String,
    /// The activation, canonical JSON.
    pub canonical: String,
    /// Its digest, hexadecimal.
    pub digest: String,
    /// Until when it may be used.
    pub expires_at: Time,
    /// What the passkey is asked, where one opens the key.
    pub passkey: Option<ActivationPasskey>,
    /// What the signer's device signs, where it keeps the key, base64.
    pub to_be_signed: Option<String>,
    /// The check of the will, where the signing policy asks for one.
    pub will: Option<WillAsked>,
}

/// What a passkey is asked to agree to an activation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ActivationPasskey {
    /// The domain that the passkey belongs to.
    pub relying_party: String,
    /// The passkey, base64url.
    pub credential_id: String,
    /// What its pseudo-random function is asked for, where the key needs it, base64url.
    pub prf: Option<String>,
}

/// A check of the will that the signer can choose.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WillOffered {
    /// The check.
    pub by: WillWay,
    /// Where a code is sent, masked.
    pub to: Option<String>,
    /// For a face: at which providers'.
    pub methods: Vec<IdentityMethod>,
    /// For a passkey: whether there is one.
    pub registered: bool,
}

/// Where a check of the will stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum WillState {
    /// It is waited for.
    Open,
    /// It was passed, for this activation.
    Passed,
    /// It was not passed: another activation is needed.
    Refused,
}

/// The check of the will for one activation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WillAsked {
    /// The check.
    pub by: WillWay,
    /// Where the code was sent, masked.
    pub to: Option<String>,
    /// Where it stands.
    pub state: WillState,
    /// Tries left, of a code.
    pub tries_left: u32,
    /// From when another code can be sent.
    pub resend_at: Option<Time>,
    /// Where the signer goes on, for a face.
    pub page: Option<IdentityPage>,
    /// Why the provider said no to the face.
    pub refused: Option<String>,
    /// What the passkey is asked, where something else opens the key.
    pub passkey: Option<ActivationPasskey>,
}

/// What a device is asked that is about to make a key.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DeviceOptions {
    /// Id of the question.
    pub id: String,
    /// What it signs to show that it has the key, as the request for its certificate (PKCS #10): this, then the public
    /// key's bytes, then `behind`; base64.
    pub possession: String,
    /// What it signs behind the public key's bytes; base64.
    pub behind: String,
    /// Until when an answer counts.
    pub expires_at: Time,
}

/// A person's keys.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct KeyList {
    /// The newest first.
    pub items: Vec<HeldKey>,
}

/// A key that a person holds or held.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct HeldKey {
    /// Id.
    pub id: String,
    /// Where it is.
    pub custody: Custody,
    /// What opens it: a PIN, a passkey, or being in the person's device.
    pub opened_by: Custody,
    /// The organization whose seal key it is.
    pub organization: Option<String>,
    /// Fingerprint of the passkey that opens it, hexadecimal.
    pub passkey: Option<String>,
    /// When it was made.
    pub created_at: Time,
    /// When it was given up.
    pub given_up_at: Option<Time>,
    /// Whether it can sign: its certificate is good, and it was not given up.
    pub usable: bool,
    /// Its certificate.
    pub certificate: Option<CertificateView>,
    /// How often it was used.
    pub uses: u32,
    /// When it was last used.
    pub last_used_at: Option<Time>,
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
