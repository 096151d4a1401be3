//! Nobody to ask: in production, where no registry or bank is configured.

use async_trait::async_trait;
use providers::{
    Answer, Fault, OrganizationCheck, OrganizationProvider, OrganizationVerdict, PayoutProvider,
    PayoutRequest, PayoutState, ProviderError,
};

const NAME: &str = "none";

/// No registry: companies cannot be verified.
pub struct NoOrganizations;

#[async_trait]
impl OrganizationProvider for NoOrganizations {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn check(&self, _: &OrganizationCheck) -> Result<Answer<OrganizationVerdict>, ProviderError> {
        Err(missing("a registry of companies"))
    }
}

/// No bank: nothing is paid.
pub struct NoPayouts;

#[async_trait]
impl PayoutProvider for NoPayouts {
    fn name(&self) -> &'static str {
        NAME
    }

    fn pays(&self) -> bool {
        false
    }

    async fn request(&self, _: &PayoutRequest) -> Result<Answer<PayoutState>, ProviderError> {
        Err(missing("payments"))
    }

    async fn status(&self, _: &str) -> Result<Answer<PayoutState>, ProviderError> {
        Err(missing("payments"))
    }
}

fn missing(what: &'static str) -> ProviderError {
    ProviderError::new(NAME, Fault::Unsupported(what))
}
