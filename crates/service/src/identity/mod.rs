//! Real names: the providers that are asked, the sandbox register as the one that is always there in test trust, and the
//! use cases that verify a person.
//!
//! A check is on record before anybody is asked. What a provider answers is settled in one transaction, once: an answer that
//! comes again, or to a check that was given up, changes nothing.

pub mod code;
pub mod consent;
mod evidence;
mod input;
mod link;
mod mine;
mod nobody;
mod party;
mod pending;
mod present;
mod retention;
pub mod sandbox;
mod settle;
mod start;
pub(crate) mod tries;
mod verify;

use std::sync::Arc;

use domain::IdKind;
use domain::policy::Assurance;
use jiff::Timestamp;
pub use providers::{NoticeReply, Received};
use providers::{OrganizationProvider, PayoutProvider, PersonMethod, PersonProvider, SmsProvider};

use store::{IdentityVerification, ReviewState, Tx, VerificationState};

use self::sandbox::{SandboxOrganizations, SandboxPeople};
use crate::core::Foundation;
use crate::error::Error;
use crate::organization::SandboxBank;
use crate::review;

pub(crate) use self::evidence::{how, proof, reached_by, text_of};
pub use self::input::{ConsentInput, PersonInput};
pub use self::link::{link_signer, unlink};
pub(crate) use self::link::{tell_accounts, unlink_after_reset};
pub use self::mine::{
    check_mine, confirm_mine, my_identity, poll_mine, refuse_mine, request_erasure, resend_mine,
    restart_mine, withdraw_consent,
};
pub use self::nobody::{NoOrganizations, NoPayouts};
pub(crate) use self::party::{Asker, Party};
pub use self::pending::notice;
pub(crate) use self::pending::{expire, finish_overdue, poll};
pub(crate) use self::present::{Shown, page_of, view_of};
pub(crate) use self::retention::erase_overdue;
pub(crate) use self::start::{CONSENT_WITHDRAWN, raise, refuse, start, unavailable};
pub(crate) use self::verify::{check_code, resend, restart, verified};

/// The ways to be verified that the user interface knows, the usual one first. [`PersonMethod::FaceBrowser`] needs the
/// provider's own script in the page, and is offered to programs alone.
const OFFERED: [PersonMethod; 5] = [
    PersonMethod::ThreeElements,
    PersonMethod::FourElements,
    PersonMethod::FaceAlipay,
    PersonMethod::FaceWechat,
    PersonMethod::TwoElements,
];

/// Who is asked about people, companies and accounts.
#[derive(Clone)]
pub struct Providers {
    people: Vec<Arc<dyn PersonProvider>>,
    /// Knows companies.
    pub organizations: Arc<dyn OrganizationProvider>,
    /// Pays small amounts.
    pub payouts: Arc<dyn PayoutProvider>,
    carrier: Option<Arc<dyn SmsProvider>>,
}

/// Ends a check that nobody waits for any more: what was typed is erased, and a check by hand ends with it.
pub(crate) async fn give_up(
    tx: &mut Tx,
    it: &mut IdentityVerification,
    state: VerificationState,
    now: Timestamp,
) -> Result<(), Error> {
    it.state = state;
    it.erase(now);
    tx.put_identity_verification(it).await?;
    let ended = match state {
        VerificationState::Expired => ReviewState::Expired,
        _ => ReviewState::Withdrawn,
    };
    review::close(tx, it.id, ended, now).await
}

impl Providers {
    /// Those who know people are asked in this order: the first who offers a method for a kind of document.
    #[must_use]
    pub fn new(
        people: Vec<Arc<dyn PersonProvider>>,
        organizations: Arc<dyn OrganizationProvider>,
        payouts: Arc<dyn PayoutProvider>,
    ) -> Self {
        Self { people, organizations, payouts, carrier: None }
    }

    /// The sandbox register and its bank: test trust.
    #[must_use]
    pub fn sandbox(foundation: &Foundation) -> Self {
        Self::new(
            vec![Arc::new(SandboxPeople::new(foundation))],
            Arc::new(SandboxOrganizations::new(Arc::clone(&foundation.clock))),
            Arc::new(SandboxBank::new(foundation)),
        )
    }

    /// The same, asked after others: what they offer is not asked of these.
    #[must_use]
    pub fn behind(
        mut self,
        people: Vec<Arc<dyn PersonProvider>>,
        organizations: Option<Arc<dyn OrganizationProvider>>,
    ) -> Self {
        self.people.splice(0..0, people);
        self.organizations = organizations.unwrap_or(self.organizations);
        self
    }

    /// The same with a carrier that brings codes to phones.
    #[must_use]
    pub fn with_carrier(self, carrier: Option<Arc<dyn SmsProvider>>) -> Self {
        Self { carrier, ..self }
    }

    /// Who brings codes to phones; without one they stay in the outbox.
    pub(crate) fn carrier(&self) -> Option<&dyn SmsProvider> {
        self.carrier.as_deref()
    }

    /// The names of all who are asked about people.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.people.iter().map(|provider| provider.name())
    }

    /// Who checks documents of this kind by this method.
    pub(crate) fn person(&self, method: PersonMethod, kind: IdKind) -> Option<&Arc<dyn PersonProvider>> {
        self.people.iter().find(|provider| provider.supports(method, kind))
    }

    /// The one of this name.
    pub(crate) fn named(&self, name: &str) -> Option<&Arc<dyn PersonProvider>> {
        self.people.iter().find(|provider| provider.name() == name)
    }

    /// The surest that any method gives which is offered.
    pub(crate) fn best_assurance(&self) -> Assurance {
        self.offered().into_iter().map(|(method, _)| reached_by(method)).max().unwrap_or(Assurance::Low)
    }

    /// What is offered: each method with the kinds of documents that somebody checks by it.
    pub(crate) fn offered(&self) -> Vec<(PersonMethod, Vec<IdKind>)> {
        let kinds = |method| IdKind::ALL.into_iter().filter(move |kind| self.person(method, *kind).is_some());
        let offered = OFFERED.into_iter().map(|method| (method, kinds(method).collect::<Vec<_>>()));
        offered.filter(|(_, kinds)| !kinds.is_empty()).collect()
    }
}
