//! The sandbox register behind the provider interfaces. It behaves as real authorities do: it does not say whether name or
//! number is wrong, opens a page for faces ([`crate::sandbox::face`]), and tells what came of it when it is asked.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{Clock, IdDocument, IdKind, Name};
use jiff::{SignedDuration, Timestamp};
use providers::{
    Answer, Continue, Fault, OpensIn, OrganizationCheck, OrganizationMethod, OrganizationMismatch,
    OrganizationProvider, OrganizationVerdict, Pending, PersonCheck, PersonMethod, PersonProvider,
    PersonRefusal, PersonVerdict, ProviderError,
};
use serde_json::json;
use store::{Face, Store, StoredFace};

use crate::core::Foundation;
use crate::sandbox::register::{self, RegistryState, Resident};

/// Name under which results of the sandbox are kept.
pub const PROVIDER: &str = "sandbox";
/// For how long the camera waits.
const SESSION: SignedDuration = SignedDuration::from_mins(30);
/// How alike the right face is to its photograph, in percent.
const LIKENESS: u8 = 98;

/// The register of people.
pub struct SandboxPeople {
    store: Store,
    clock: Arc<dyn Clock>,
    public_url: String,
}

impl SandboxPeople {
    /// A register whose camera stands at the server's own address.
    #[must_use]
    pub fn new(foundation: &Foundation) -> Self {
        Self {
            store: foundation.store.clone(),
            clock: Arc::clone(&foundation.clock),
            public_url: foundation.config.public_url.clone(),
        }
    }

    async fn open_camera(&self, check: &PersonCheck) -> Result<Pending, store::Error> {
        let (now, transaction) = (self.clock.now(), format!("sandbox-{}", check.order));
        let face = StoredFace {
            transaction: transaction.clone(),
            face: Face {
                name: check.name.as_str().to_owned(),
                known: resident(&check.document).is_some_and(|it| same(it.name, &check.name)),
                method: check.method.as_str().to_owned(),
                return_url: check.return_url.clone(),
            },
            outcome: None,
            created_at: now,
            until: now + SESSION,
        };
        let mut tx = self.store.begin().await?;
        tx.add_sandbox_face(&face).await?;
        tx.commit().await?;
        let url = format!("{}/sandbox/face/{transaction}", self.public_url);
        let page = Continue { qr: url.clone(), app_link: None, url, opens_in: OpensIn::Browser };
        Ok(Pending { transaction, continue_at: Some(page), until: face.until })
    }
}

#[async_trait]
impl PersonProvider for SandboxPeople {
    fn name(&self) -> &'static str {
        PROVIDER
    }

    fn supports(&self, method: PersonMethod, kind: IdKind) -> bool {
        match method {
            PersonMethod::TwoElements | PersonMethod::ThreeElements => true,
            PersonMethod::FourElements => kind == IdKind::ResidentId,
            // As with Alipay and Tencent: whose photograph no authority has cannot be compared with it.
            PersonMethod::FaceAlipay | PersonMethod::FaceWechat => {
                !matches!(kind, IdKind::PassportCn | IdKind::Passport)
            }
            PersonMethod::FaceBrowser | PersonMethod::DocumentPhoto => false,
        }
    }

    async fn start(&self, check: &PersonCheck) -> Result<Answer<PersonVerdict>, ProviderError> {
        let verdict = match elements(check) {
            _ if check.method.is_face() => {
                PersonVerdict::Pending(self.open_camera(check).await.map_err(|error| books(&error))?)
            }
            Some(why) => PersonVerdict::Refused(why),
            None => PersonVerdict::Passed { factors: check.method.factors().to_vec(), score: None },
        };
        Ok(answer(&*self.clock, format!("sandbox-{}", check.order), word(&verdict), verdict))
    }

    async fn poll(
        &self,
        check: &PersonCheck,
        pending: &Pending,
    ) -> Result<Answer<PersonVerdict>, ProviderError> {
        let found = match self.store.read().await {
            Ok(mut reader) => reader.sandbox_face(&pending.transaction).await,
            Err(error) => Err(error),
        };
        let face = found.map_err(|error| books(&error))?.ok_or(ProviderError {
            provider: PROVIDER,
            fault: Fault::Replayed("a transaction that was never opened"),
        })?;
        let verdict = match face.outcome.as_deref() {
            None if self.clock.now() >= face.until => PersonVerdict::Refused(PersonRefusal::Expired),
            None => PersonVerdict::Pending(pending.clone()),
            Some("passed") if !face.face.known => PersonVerdict::Refused(PersonRefusal::Identity),
            Some("passed") => {
                PersonVerdict::Passed { factors: check.method.factors().to_vec(), score: Some(LIKENESS) }
            }
            Some("somebody_else") => PersonVerdict::Refused(PersonRefusal::FaceMismatch),
            Some("photograph") => PersonVerdict::Refused(PersonRefusal::FaceNotLive),
            Some(_) => PersonVerdict::Refused(PersonRefusal::Cancelled),
        };
        Ok(answer(&*self.clock, pending.transaction.clone(), word(&verdict), verdict))
    }
}

/// What does not agree with the register.
fn elements(check: &PersonCheck) -> Option<PersonRefusal> {
    let Some(resident) = resident(&check.document).filter(|it| same(it.name, &check.name)) else {
        return Some(PersonRefusal::Identity);
    };
    let phone = |given: &domain::Phone| {
        domain::Phone::parse(resident.phone).is_ok_and(|registered| &registered == given)
    };
    let needs_phone = matches!(check.method, PersonMethod::ThreeElements | PersonMethod::FourElements);
    if needs_phone && !check.phone.as_ref().is_some_and(phone) {
        return Some(match check.method {
            PersonMethod::FourElements => PersonRefusal::BankCard,
            _ => PersonRefusal::Phone,
        });
    }
    let card = check.bank_card.as_ref().map(domain::BankCard::reveal);
    let holds = check.method != PersonMethod::FourElements || card == Some(resident.bank_card);
    (!holds).then_some(PersonRefusal::BankCard)
}

fn resident(document: &IdDocument) -> Option<&'static Resident> {
    register::resident(document.kind(), document.reveal())
}

fn word(verdict: &PersonVerdict) -> &'static str {
    match verdict {
        PersonVerdict::Passed { .. } => "consistent",
        PersonVerdict::Pending(_) => "pending",
        PersonVerdict::Refused(why) => why.as_str(),
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
        let verdict = verdict(check);
        let word = match &verdict {
            OrganizationVerdict::Passed { .. } => "consistent".to_owned(),
            OrganizationVerdict::Refused(what) => format!("mismatch:{}", what.as_str()),
            OrganizationVerdict::Inactive { state } => state.clone(),
        };
        Ok(answer(&*self.clock, format!("sandbox-{}", check.order), &word, verdict))
    }
}

fn verdict(check: &OrganizationCheck) -> OrganizationVerdict {
    use OrganizationMismatch as Wrong;
    let Some(company) = register::company(check.credit_code.as_str()) else {
        return OrganizationVerdict::Refused(Wrong::CreditCode);
    };
    if !same(company.name, &check.name) {
        return OrganizationVerdict::Refused(Wrong::Name);
    }
    if company.state != RegistryState::Active {
        return OrganizationVerdict::Inactive { state: company.state.as_str().to_owned() };
    }
    let leader = |given: &Name| same(company.legal_representative, given);
    let compared = check.method >= OrganizationMethod::ThreeElements;
    if compared && !check.legal_representative.as_ref().is_some_and(leader) {
        return OrganizationVerdict::Refused(Wrong::LegalRepresentative);
    }
    let leads =
        |given: &IdDocument| resident(given).is_some_and(|it| it.name == company.legal_representative);
    let compared = check.method >= OrganizationMethod::FourElements;
    if compared && !check.legal_representative_id.as_ref().is_some_and(leads) {
        return OrganizationVerdict::Refused(Wrong::LegalRepresentativeId);
    }
    OrganizationVerdict::Passed { name: company.name.to_owned(), factors: check.method.factors().to_vec() }
}

/// An answer of the sandbox: dated, and with the word that was said.
pub(crate) fn answer<V>(clock: &dyn Clock, transaction: String, word: &str, verdict: V) -> Answer<V> {
    let at: Timestamp = clock.now();
    let raw =
        json!({ "transaction": transaction, "result": word, "at": at.to_string() }).to_string().into_bytes();
    Answer { provider: PROVIDER, transaction, verdict, raw, at }
}

/// The sandbox's own books could not be read.
pub(crate) fn books(error: &store::Error) -> ProviderError {
    ProviderError { provider: PROVIDER, fault: Fault::Failed(error.to_string()) }
}

fn same(registered: &str, given: &Name) -> bool {
    Name::parse(registered).is_ok_and(|registered| registered.matches(given))
}
