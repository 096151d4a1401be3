//! Checks of companies with the registry.

use async_trait::async_trait;
use domain::{CreditCode, IdDocument, Name};
use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::error::ProviderError;

/// How much is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizationMethod {
    /// Name and credit code.
    TwoElements,
    /// And the name of the legal representative.
    ThreeElements,
    /// And the ID number of the legal representative.
    FourElements,
}

impl OrganizationMethod {
    /// The stable word of the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TwoElements => "two_elements",
            Self::ThreeElements => "three_elements",
            Self::FourElements => "four_elements",
        }
    }

    /// What is compared where the company passes.
    #[must_use]
    pub fn factors(self) -> &'static [OrganizationFactor] {
        use OrganizationFactor as F;
        match self {
            Self::TwoElements => &[F::Name, F::CreditCode],
            Self::ThreeElements => &[F::Name, F::CreditCode, F::LegalRepresentative],
            Self::FourElements => &[F::Name, F::CreditCode, F::LegalRepresentative, F::LegalRepresentativeId],
        }
    }
}

/// One thing that was compared with the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganizationFactor {
    /// The registered name.
    Name,
    /// The unified social credit code.
    CreditCode,
    /// The name of the legal representative.
    LegalRepresentative,
    /// The ID number of the legal representative.
    LegalRepresentativeId,
}

impl OrganizationFactor {
    /// The stable word of views and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::CreditCode => "credit_code",
            Self::LegalRepresentative => "legal_representative",
            Self::LegalRepresentativeId => "legal_representative_id",
        }
    }
}

/// A check of a company, to be made.
#[derive(Clone)]
pub struct OrganizationCheck {
    /// Our order number.
    pub order: String,
    /// How much is compared.
    pub method: OrganizationMethod,
    /// Name as on the licence.
    pub name: Name,
    /// Unified social credit code.
    pub credit_code: CreditCode,
    /// Name of the legal representative; needed from [`OrganizationMethod::ThreeElements`] on.
    pub legal_representative: Option<Name>,
    /// Their identity document; needed for [`OrganizationMethod::FourElements`].
    pub legal_representative_id: Option<IdDocument>,
}

impl OrganizationCheck {
    /// The three elements of the licence.
    #[must_use]
    pub fn three(
        order: impl Into<String>,
        name: Name,
        credit_code: CreditCode,
        legal_representative: Name,
    ) -> Self {
        Self {
            order: order.into(),
            method: OrganizationMethod::ThreeElements,
            name,
            credit_code,
            legal_representative: Some(legal_representative),
            legal_representative_id: None,
        }
    }
}

impl std::fmt::Debug for OrganizationCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrganizationCheck")
            .field("order", &self.order)
            .field("method", &self.method)
            .field("credit_code", &self.credit_code)
            .field("legal_representative_id", &self.legal_representative_id)
            .finish_non_exhaustive()
    }
}

/// Result of a company's check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrganizationVerdict {
    /// All that was compared belongs together, and the company is in operation.
    Passed {
        /// The name in the registry's own spelling, or as given where the registry only says yes.
        name: String,
        /// What was compared.
        factors: Vec<OrganizationFactor>,
    },
    /// One of the elements does not match.
    Refused(OrganizationMismatch),
    /// The company is known, and not in operation.
    Inactive {
        /// The word for it: `deregistered`, `revoked`, `moved`, `suspended`, `rescinded`, `inactive`.
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
    /// The legal representative has another ID number.
    LegalRepresentativeId,
    /// They do not belong together; the registry does not say which is wrong.
    Elements,
}

impl OrganizationMismatch {
    /// The stable word of the refusal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreditCode => "credit_code",
            Self::Name => "name",
            Self::LegalRepresentative => "legal_representative",
            Self::LegalRepresentativeId => "legal_representative_id",
            Self::Elements => "elements",
        }
    }
}

/// Knows companies.
#[async_trait]
pub trait OrganizationProvider: Send + Sync {
    /// Stable name, kept with each result.
    fn name(&self) -> &'static str;

    /// Compares the elements with the registry. A check of the same order is made once for as long as the process lives.
    async fn check(&self, check: &OrganizationCheck) -> Result<Answer<OrganizationVerdict>, ProviderError>;
}
