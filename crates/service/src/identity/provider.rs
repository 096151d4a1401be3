//! What stands between Vermilion and an authority that knows people, companies and accounts.
//!
//! The shape fits what providers offer: start a check under an order number of ours (idempotent), perhaps send the
//! subject to a page, poll until there is an answer. A redirect or a callback is never an answer: only what
//! [`PersonProvider::poll`] fetched and authenticated counts. The raw answer comes along so that the caller can keep
//! its digest (and, encrypted, the answer itself) beside the result.

use async_trait::async_trait;
use domain::{CreditCode, Name, Phone, ResidentId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One thing that was compared with the authority or proved by the subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// The name belongs to the ID number.
    Name,
    /// The ID number exists.
    IdNumber,
    /// The phone is registered under the name and number.
    Phone,
    /// A code sent to that phone came back.
    PhoneCode,
}

impl Factor {
    /// The stable word of views and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::IdNumber => "id_number",
            Self::Phone => "phone",
            Self::PhoneCode => "phone_code",
        }
    }
}

/// A check of a person, to be started.
#[derive(Debug, Clone)]
pub struct PersonCheck {
    /// Our order number: the same number never starts a second check.
    pub order: String,
    /// Name as the person wrote it.
    pub name: Name,
    /// Resident ID number.
    pub id_number: ResidentId,
    /// Mobile phone.
    pub phone: Phone,
    /// What must be compared.
    pub factors: Vec<Factor>,
}

/// What an authority said, with what is needed to prove later that it said so.
#[derive(Debug, Clone)]
pub struct Answer<V> {
    /// The provider's own number of the transaction.
    pub transaction: String,
    /// The result.
    pub verdict: V,
    /// The provider's answer, byte for byte.
    pub raw: Vec<u8>,
    /// When the provider answered.
    pub at: Timestamp,
}

/// Result of a person's check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonVerdict {
    /// Not answered yet; the person may have to go on at this address.
    Pending {
        /// Page at which the person continues (a face check, say).
        continue_at: Option<String>,
    },
    /// The authority says no.
    Refused(PersonMismatch),
    /// The authority says yes to these factors.
    Passed {
        /// What was compared and agreed.
        factors: Vec<Factor>,
        /// Likeness in percent where the provider gives one.
        score: Option<u8>,
    },
}

/// Why a person was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonMismatch {
    /// Name and ID number do not belong together. Authorities do not say which of the two is wrong.
    Identity,
    /// The phone is not registered under this identity.
    Phone,
}

/// A provider could not answer; the check may be repeated.
#[derive(Debug, thiserror::Error)]
#[error("the {provider} provider did not answer: {what}")]
pub struct ProviderError {
    /// Name of the provider.
    pub provider: &'static str,
    /// What went wrong, without personal data.
    pub what: String,
}

/// Knows people.
#[async_trait]
pub trait PersonProvider: Send + Sync {
    /// Stable name, kept with each result.
    fn name(&self) -> &'static str;

    /// Starts a check (or finds the one already started under this order number).
    async fn start(&self, check: &PersonCheck) -> Result<Answer<PersonVerdict>, ProviderError>;

    /// Asks again for the result of a check that was pending.
    async fn poll(&self, transaction: &str) -> Result<Answer<PersonVerdict>, ProviderError>;
}

/// A check of a company, to be made.
#[derive(Debug, Clone)]
pub struct OrganizationCheck {
    /// Our order number.
    pub order: String,
    /// Name as on the licence.
    pub name: Name,
    /// Unified social credit code.
    pub credit_code: CreditCode,
    /// Name of the legal representative.
    pub legal_representative: Name,
}

/// Result of a company's check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrganizationVerdict {
    /// All three belong together and the company is in operation.
    Passed {
        /// The name in the registry's own spelling.
        name: String,
    },
    /// One of the three does not match.
    Refused(OrganizationMismatch),
    /// The company exists no more.
    Inactive {
        /// The registry's word for it.
        state: String,
    },
}

/// Which of the elements did not match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrganizationMismatch {
    /// No company has this code.
    CreditCode,
    /// The company with this code has another name.
    Name,
    /// Another person leads the company.
    LegalRepresentative,
}

impl OrganizationMismatch {
    /// The stable word of the refusal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreditCode => "credit_code",
            Self::Name => "name",
            Self::LegalRepresentative => "legal_representative",
        }
    }
}

/// Knows companies.
#[async_trait]
pub trait OrganizationProvider: Send + Sync {
    /// Stable name, kept with each result.
    fn name(&self) -> &'static str;

    /// Compares the three elements with the registry.
    async fn check(&self, check: &OrganizationCheck) -> Result<Answer<OrganizationVerdict>, ProviderError>;
}

/// A small payment to a company's own account.
#[derive(Debug, Clone)]
pub struct PayoutRequest {
    /// Our order number: the same number never pays twice.
    pub order: String,
    /// Account to pay to.
    pub account_number: String,
    /// Name that the account must be in.
    pub account_name: String,
    /// Number of the bank in the clearing system, where the driver needs it.
    pub bank_union_number: Option<String>,
    /// Amount in fen (0.01 CNY).
    pub amount_fen: u32,
    /// Remark that the account holder sees.
    pub remark: String,
}

/// How a payment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayoutState {
    /// Accepted by the bank. Banks tell of a later failure late or never: the amount expires instead.
    Sent,
    /// Refused.
    Failed(PayoutFailure),
}

/// Why a payment was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayoutFailure {
    /// No such account.
    AccountUnknown,
    /// The account is in another name.
    AccountName,
    /// The bank does not pay at the moment.
    Unavailable,
}

impl PayoutFailure {
    /// The stable word of the refusal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountUnknown => "account_unknown",
            Self::AccountName => "account_name",
            Self::Unavailable => "unavailable",
        }
    }
}

/// Pays small amounts (对公打款).
#[async_trait]
pub trait PayoutProvider: Send + Sync {
    /// Stable name, kept with each payment.
    fn name(&self) -> &'static str;

    /// Pays, once for each order number.
    async fn request(&self, request: &PayoutRequest) -> Result<Answer<PayoutState>, ProviderError>;

    /// How a payment stands now.
    async fn status(&self, order: &str) -> Result<Answer<PayoutState>, ProviderError>;
}
