//! Real names: providers behind one interface, the sandbox register as the one that is always there, and the use cases
//! that verify a person.

pub mod code;
pub mod provider;
pub mod sandbox;
mod verify;

use std::sync::Arc;

use self::provider::{OrganizationProvider, PayoutProvider, PersonProvider};
use self::sandbox::{SandboxOrganizations, SandboxPeople};
use crate::core::Foundation;
use crate::organization::SandboxBank;

pub(crate) use verify::{check_code, resend, restart, start};

/// Who is asked about people, companies and accounts.
#[derive(Clone)]
pub struct Providers {
    /// Knows people.
    pub people: Arc<dyn PersonProvider>,
    /// Knows companies.
    pub organizations: Arc<dyn OrganizationProvider>,
    /// Pays small amounts.
    pub payouts: Arc<dyn PayoutProvider>,
}

impl Providers {
    /// The sandbox register and its bank: test trust.
    #[must_use]
    pub fn sandbox(foundation: &Foundation) -> Self {
        Self {
            people: Arc::new(SandboxPeople::new(Arc::clone(&foundation.clock))),
            organizations: Arc::new(SandboxOrganizations::new(Arc::clone(&foundation.clock))),
            payouts: Arc::new(SandboxBank::new(foundation)),
        }
    }
}
