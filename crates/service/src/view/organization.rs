//! The organization that a recipient seals for, as they see it.

use domain::organization::OrganizationWay;
use serde::Serialize;

use super::{PendingReview, RecipientStatus, Time};

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
