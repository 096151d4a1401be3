//! The whole way of a contract, headless: the same use cases in the same order as people take them in a browser, with
//! links and codes read from the outbox and the amount from the bank's statement, as they would read them.

mod places;
mod signing;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use domain::{Draw, EnvelopeId, Locale, RecipientId};
use keys::token;
use pdf::{Source, read_range};
use report::{ContractParty, DemoContract};

use crate::account::{self, Actor};
use crate::core::Service;
use crate::envelope::{self, RecipientInput};
use crate::error::Error;
use crate::sandbox::register::{self, Company, Resident};
use crate::{jobs, notify, verify, view};

/// What is signed.
#[derive(Debug, Clone)]
pub enum DemoDocument {
    /// A contract in Chinese and English that is typeset for the purpose.
    Contract,
    /// A PDF of the caller's.
    File(PathBuf),
}

/// A step that is done.
#[derive(Debug, Clone)]
pub struct DemoStep {
    /// What was done.
    pub what: String,
    /// How long it took.
    pub took: Duration,
}

/// What came of it.
#[derive(Debug)]
pub struct Demonstration {
    /// The signed document.
    pub signed: Vec<u8>,
    /// The activation proof.
    pub proof: Vec<u8>,
    /// The certification report.
    pub evidence: Vec<u8>,
    /// The root, PEM: what to trust to verify both.
    pub trust: String,
    /// The verdict on the signed document.
    pub verdict: view::Verification,
}

/// Takes a document the whole way. `report` hears of each step as it is done.
///
/// # Errors
/// Whatever a use case refuses, as a person would meet it.
pub async fn run(
    service: &Service,
    document: &DemoDocument,
    report: &mut (dyn FnMut(&DemoStep) + Send),
) -> Result<Demonstration, Error> {
    let mut demo = Demo { service, report };
    let actor = demo.sender().await?;
    let id = demo.envelope(&actor, document).await?;
    for cast in [Cast::person(), Cast::agent()] {
        signing::sign(&mut demo, &cast).await?;
    }
    demo.proof(&actor, id).await
}

/// Who plays a recipient.
struct Cast {
    resident: &'static Resident,
    company: Option<&'static Company>,
    email: &'static str,
}

impl Cast {
    fn person() -> Self {
        Self { resident: &register::PEOPLE[0], company: None, email: "xiaoyu@example.com" }
    }

    fn agent() -> Self {
        Self {
            resident: &register::PEOPLE[2],
            company: Some(&register::COMPANIES[1]),
            email: "mingzhe@example.com",
        }
    }

    fn input(&self, order: u32) -> RecipientInput {
        RecipientInput {
            id: None,
            kind: if self.company.is_some() {
                view::RecipientKind::Organization
            } else {
                view::RecipientKind::Person
            },
            name: self.resident.name.to_owned(),
            email: Some(self.email.to_owned()),
            phone: None,
            organization: self.company.map(|company| company.name.to_owned()),
            locale: Locale::ZhCn,
            order,
        }
    }
}

struct Demo<'a> {
    service: &'a Service,
    report: &'a mut (dyn FnMut(&DemoStep) + Send),
}

impl Demo<'_> {
    fn done(&mut self, what: impl Into<String>, since: Instant) {
        (self.report)(&DemoStep { what: what.into(), took: since.elapsed() });
    }

    /// A new sender each time: the demonstration can run twice on one data folder.
    async fn sender(&mut self) -> Result<Actor, Error> {
        let begun = Instant::now();
        let password = token::new(&mut Draw(self.service.rng()));
        let tag = &domain::OutboxId::new(self.service.clock(), self.service.rng()).short();
        let email = format!("sender-{tag}@example.com");
        account::sign_up(self.service, &email, password.as_str(), "朱砂演示 Vermilion Demo", Locale::En)
            .await?;
        let link = self.link_to(&email).await?;
        let secret = link
            .split_once("token=")
            .map(|(_, secret)| secret)
            .ok_or_else(|| missing("a token in the link"))?;
        let logged_in = account::verify(self.service, secret, password.as_str()).await?;
        let actor = account::authenticate(self.service, &logged_in.token).await?;
        self.done("Sender's account made and its address verified", begun);
        Ok(actor)
    }

    async fn envelope(&mut self, actor: &Actor, document: &DemoDocument) -> Result<EnvelopeId, Error> {
        let begun = Instant::now();
        let service = self.service;
        let draft =
            envelope::create(service, actor, Some("设备采购合同 Purchase contract"), Some(Locale::ZhCn))
                .await?;
        let id: EnvelopeId = draft.id.parse().map_err(Error::internal)?;
        let (path, contract) = match document {
            DemoDocument::File(path) => (path.clone(), None),
            DemoDocument::Contract => {
                let contract = self.contract().await?;
                let path = std::env::temp_dir().join(format!("vermilion-{id}.pdf"));
                tokio::fs::write(&path, &contract.pdf).await?;
                (path, Some(contract))
            }
        };
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("contract.pdf");
        let name = if contract.is_some() { "contract.pdf" } else { name };
        let added = envelope::add_document(service, actor, id, name, &path).await;
        if contract.is_some() {
            tokio::fs::remove_file(&path).await?;
        }
        let added = added?;
        let shown = added.documents.first().ok_or_else(|| missing("the document"))?.clone();
        self.done(format!("Document taken in: {} pages, {} bytes", shown.pages, shown.size), begun);

        let begun = Instant::now();
        let inputs = vec![Cast::person().input(1), Cast::agent().input(2)];
        let with_recipients = envelope::set_recipients(service, actor, id, inputs).await?;
        let recipients: Vec<RecipientId> = with_recipients
            .recipients
            .iter()
            .map(|recipient| recipient.id.parse().map_err(Error::internal))
            .collect::<Result<_, _>>()?;
        let fields = places::fields(&shown, contract.as_ref(), &recipients)?;
        envelope::set_fields(service, actor, id, fields).await?;
        envelope::send(service, actor, id).await?;
        self.done("Recipients and fields set, envelope sent", begun);
        Ok(id)
    }

    async fn contract(&self) -> Result<report::Contract, Error> {
        let (person, agent) = (Cast::person(), Cast::agent());
        let contract = DemoContract {
            number: format!("VM-DEMO-{}", self.service.now().as_second()),
            at: self.service.now(),
            person: ContractParty { name: person.resident.name.to_owned() },
            company: ContractParty { name: agent.company.map(|it| it.name.to_owned()).unwrap_or_default() },
        };
        let typeset = move || report::demo_contract(&contract);
        tokio::task::spawn_blocking(typeset).await?.map_err(Error::internal)
    }

    async fn proof(&mut self, actor: &Actor, id: EnvelopeId) -> Result<Demonstration, Error> {
        let service = self.service;
        jobs::run_due(service).await?;
        let finished = envelope::show(service, actor, id).await?;
        if finished.status != view::EnvelopeStatus::Completed {
            return Err(missing("the completed envelope"));
        }
        let document = finished.documents.first().ok_or_else(|| missing("the document"))?;
        let document = document.id.parse().map_err(Error::internal)?;
        let download = envelope::document(service, actor, id, document, None).await?;
        let begun = Instant::now();
        let verdict = verify::verify_source(service, "signed.pdf", download.source.clone()).await?;
        self.done(format!("Signed document verified: {}", verdict.indication), begun);
        let begun = Instant::now();
        let evidence = envelope::report(service, actor, id).await?;
        self.done("Certification report typeset and sealed by the platform", begun);
        let proof = crate::ceremony::proof_for_sender(service, actor, id).await?;
        Ok(Demonstration {
            proof,
            signed: bytes(&*download.source)?,
            evidence: bytes(&*evidence.source)?,
            trust: service.authority().root().to_pem(),
            verdict,
        })
    }

    /// The newest link that was sent to an address, read where its owner would read it.
    async fn link_to(&self, address: &str) -> Result<String, Error> {
        jobs::run_due(self.service).await?;
        let page = notify::outbox(self.service, Some(address), None).await?;
        let link = page.items.into_iter().flat_map(|message| message.links).next();
        link.map(|link| link.url).ok_or_else(|| missing("a link in the outbox"))
    }

    /// The newest code that was sent to a phone.
    async fn code_to(&self, phone: &str) -> Result<String, Error> {
        jobs::run_due(self.service).await?;
        let page = notify::outbox(self.service, Some(phone), None).await?;
        page.items.into_iter().find_map(|message| message.code).ok_or_else(|| missing("a code in the outbox"))
    }
}

fn bytes(source: &dyn Source) -> Result<Vec<u8>, Error> {
    Ok(read_range(source, 0..source.len())?)
}

fn missing(what: &str) -> Error {
    Error::internal(format!("the demonstration did not find {what}"))
}
