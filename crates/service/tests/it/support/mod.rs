//! A service of its own for each test, with a clock that stands still and randomness that repeats.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use testkit::{FixedClock, SeededRng, pdf_samples};
use vermilion_service::account::Actor;
use vermilion_service::envelope::{FieldInput, RecipientInput};
use vermilion_service::{Config, EnvelopeId, Error, Locale, Service, account, envelope, jobs, notify, view};

pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) struct Bench {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) service: Service,
    pub(crate) clock: Arc<FixedClock>,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        Self::with(|config| config).await
    }

    pub(crate) async fn with(change: impl FnOnce(Config) -> Config) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::parse("2026-11-23T04:00:00Z"));
        let service = open(folder.path(), &clock, 1, change).await;
        Self { folder, service, clock }
    }

    /// The same data under another process: nothing was closed, as after SIGKILL.
    pub(crate) async fn restarted(&self) -> Service {
        open(self.folder.path(), &self.clock, 2, |config| config).await
    }

    /// An account with a verified address, logged in.
    pub(crate) async fn sender(&self, email: &str) -> Actor {
        account::sign_up(&self.service, email, PASSWORD, "Ada Lovelace", Locale::En).await.unwrap();
        let token = self.token(email).await;
        let logged_in = account::verify(&self.service, &token, PASSWORD).await.unwrap();
        account::authenticate(&self.service, &logged_in.token).await.unwrap()
    }

    /// The messages to someone, newest first; queued ones are delivered. Time goes on a little, since ids of the same
    /// millisecond have no order.
    pub(crate) async fn messages(&self, to: &str) -> Vec<view::OutboxMessage> {
        self.clock.advance(jiff::SignedDuration::from_millis(5));
        jobs::run_due(&self.service).await.unwrap();
        let page = notify::outbox(&self.service, Some(to), None).await.unwrap();
        page.items.into_iter().filter(|message| message.to == to).collect()
    }

    /// The token in the newest mail to someone.
    pub(crate) async fn token(&self, to: &str) -> String {
        let message = self.messages(to).await.into_iter().next().expect("there is a mail");
        let (_, token) = message.links[0].url.split_once("#token=").expect("the link carries a token");
        token.to_owned()
    }

    /// A draft with a document of two pages, a person and a company, in order, and their places.
    pub(crate) async fn draft(&self, actor: &Actor) -> view::Envelope {
        let draft = envelope::create(&self.service, actor, Some("Lease"), None).await.unwrap();
        let id: EnvelopeId = draft.id.parse().unwrap();
        self.upload(actor, id, &contract()).await.unwrap();
        let people = vec![
            person("陈小明", "chen@example.com", 1),
            company("王芳", "朱砂科技有限公司", "13800135678", 2),
        ];
        let draft = envelope::set_recipients(&self.service, actor, id, people).await.unwrap();
        let fields = vec![
            place(&draft, 0, view::FieldType::Signature, 1, 100.0),
            place(&draft, 0, view::FieldType::Date, 1, 200.0),
            place(&draft, 0, view::FieldType::Signature, 2, 300.0),
            place(&draft, 1, view::FieldType::Seal, 2, 400.0),
            place(&draft, 1, view::FieldType::Text, 2, 600.0),
        ];
        envelope::set_fields(&self.service, actor, id, fields).await.unwrap()
    }

    pub(crate) async fn upload(
        &self,
        actor: &Actor,
        id: EnvelopeId,
        pdf: &[u8],
    ) -> Result<view::Envelope, Error> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(pdf).unwrap();
        envelope::add_document(&self.service, actor, id, "lease.pdf", file.path()).await
    }
}

pub(crate) fn contract() -> Vec<u8> {
    pdf_samples::contract(pdf::XrefKind::Table, 2)
}

pub(crate) fn person(name: &str, email: &str, order: u32) -> RecipientInput {
    RecipientInput {
        id: None,
        kind: view::RecipientKind::Person,
        name: name.to_owned(),
        email: Some(email.to_owned()),
        phone: None,
        organization: None,
        locale: Locale::ZhCn,
        order,
    }
}

pub(crate) fn company(agent: &str, name: &str, phone: &str, order: u32) -> RecipientInput {
    RecipientInput {
        kind: view::RecipientKind::Organization,
        email: None,
        phone: Some(phone.to_owned()),
        organization: Some(name.to_owned()),
        ..person(agent, "", order)
    }
}

pub(crate) fn place(
    envelope: &view::Envelope,
    recipient: usize,
    kind: view::FieldType,
    page: u32,
    y: f64,
) -> FieldInput {
    FieldInput {
        id: None,
        recipient_id: envelope.recipients[recipient].id.parse().unwrap(),
        document_id: envelope.documents[0].id.parse().unwrap(),
        r#type: kind,
        page,
        x: 72.0,
        y,
        width: 140.0,
        height: 60.0,
        required: true,
        label: None,
    }
}

/// The code of a refusal.
pub(crate) fn code<T: std::fmt::Debug>(answer: Result<T, Error>) -> &'static str {
    match answer {
        Err(Error::Refused(refusal)) => refusal.code(),
        Err(Error::NotFound) => "not_found",
        Err(Error::Unauthorised) => "unauthenticated",
        Err(Error::RateLimited { .. }) => "rate_limited",
        other => panic!("no refusal: {other:?}"),
    }
}

async fn open(
    folder: &Path,
    clock: &Arc<FixedClock>,
    seed: u64,
    change: impl FnOnce(Config) -> Config,
) -> Service {
    let config = Config::new(folder.join("data"), "http://127.0.0.1:8080").cheap_for_tests();
    Service::open_with(change(config), clock.clone(), Arc::new(SeededRng::new(seed))).await.unwrap()
}
