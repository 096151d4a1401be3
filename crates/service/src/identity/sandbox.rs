//! The sandbox register behind the provider interfaces: it answers at once, from the list in [`crate::sandbox::register`],
//! and behaves as a real authority does (it does not say whether name or number is wrong).

use std::sync::Arc;

use async_trait::async_trait;
use domain::{Clock, Name};
use serde_json::json;

use super::provider::{
    Answer, Factor, OrganizationCheck, OrganizationMismatch, OrganizationProvider, OrganizationVerdict,
    PersonCheck, PersonMismatch, PersonProvider, PersonVerdict, ProviderError,
};
use crate::sandbox::register::{self, RegistryState};

/// Name under which results of the sandbox are kept.
pub const PROVIDER: &str = "sandbox";

/// The register of people.
pub struct SandboxPeople {
    clock: Arc<dyn Clock>,
}

impl SandboxPeople {
    /// A register that dates its answers by `clock`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }
}

#[async_trait]
impl PersonProvider for SandboxPeople {
    fn name(&self) -> &'static str {
        PROVIDER
    }

    async fn start(&self, check: &PersonCheck) -> Result<Answer<PersonVerdict>, ProviderError> {
        let verdict = match register::resident(check.id_number.reveal()) {
            Some(resident) if !same(resident.name, &check.name) => {
                PersonVerdict::Refused(PersonMismatch::Identity)
            }
            None => PersonVerdict::Refused(PersonMismatch::Identity),
            Some(resident)
                if check.factors.contains(&Factor::Phone) && !same_phone(resident.phone, &check.phone) =>
            {
                PersonVerdict::Refused(PersonMismatch::Phone)
            }
            Some(_) => PersonVerdict::Passed { factors: check.factors.clone(), score: None },
        };
        let word = match verdict {
            PersonVerdict::Refused(PersonMismatch::Identity) => "identity_mismatch",
            PersonVerdict::Refused(PersonMismatch::Phone) => "phone_mismatch",
            _ => "consistent",
        };
        Ok(self.answer(&check.order, word, verdict))
    }

    async fn poll(&self, transaction: &str) -> Result<Answer<PersonVerdict>, ProviderError> {
        Err(ProviderError { provider: PROVIDER, what: format!("nothing is pending under {transaction}") })
    }
}

impl SandboxPeople {
    fn answer(&self, order: &str, word: &str, verdict: PersonVerdict) -> Answer<PersonVerdict> {
        answer(&*self.clock, order, word, verdict)
    }
}

/// The registry of companies.
pub struct SandboxOrganizations {
    clock: Arc<dyn Clock>,
}

impl SandboxOrganizations {
    /// A registry that dates its answers by `clock`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }
}

#[async_trait]
impl OrganizationProvider for SandboxOrganizations {
    fn name(&self) -> &'static str {
        PROVIDER
    }

    async fn check(&self, check: &OrganizationCheck) -> Result<Answer<OrganizationVerdict>, ProviderError> {
        let verdict = match register::company(check.credit_code.as_str()) {
            None => OrganizationVerdict::Refused(OrganizationMismatch::CreditCode),
            Some(company) if !same(company.name, &check.name) => {
                OrganizationVerdict::Refused(OrganizationMismatch::Name)
            }
            Some(company) if company.state != RegistryState::Active => {
                OrganizationVerdict::Inactive { state: company.state.as_str().to_owned() }
            }
            Some(company) if !same(company.legal_representative, &check.legal_representative) => {
                OrganizationVerdict::Refused(OrganizationMismatch::LegalRepresentative)
            }
            Some(company) => OrganizationVerdict::Passed { name: company.name.to_owned() },
        };
        let word = match &verdict {
            OrganizationVerdict::Passed { .. } => "consistent".to_owned(),
            OrganizationVerdict::Refused(what) => format!("mismatch:{}", what.as_str()),
            OrganizationVerdict::Inactive { state } => state.clone(),
        };
        Ok(answer(&*self.clock, &check.order, &word, verdict))
    }
}

fn answer<V>(clock: &dyn Clock, order: &str, word: &str, verdict: V) -> Answer<V> {
    let at = clock.now();
    let transaction = format!("sandbox-{order}");
    let raw =
        json!({ "transaction": transaction, "result": word, "at": at.to_string() }).to_string().into_bytes();
    Answer { transaction, verdict, raw, at }
}

fn same_phone(registered: &str, given: &domain::Phone) -> bool {
    domain::Phone::parse(registered).is_ok_and(|registered| &registered == given)
}

fn same(registered: &str, given: &Name) -> bool {
    Name::parse(registered).is_ok_and(|registered| registered.matches(given))
}
