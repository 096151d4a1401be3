//! A service on a folder of its own, a sender, and signers who read the outbox as people do.

use std::path::Path;
use std::sync::Arc;

use domain::{EnvelopeId, Locale, RecipientId};
use jiff::SignedDuration;
use tempfile::TempDir;
use vermilion_service::account::{self, Actor};
use vermilion_service::authority::{EmbeddedAuthority, TimeStampAuthority};
use vermilion_service::ceremony::{self, ImpressionBody, ShownDocument, Signer};
use vermilion_service::envelope::{self, FieldInput, RecipientInput};
use vermilion_service::identity::{self, PersonInput, Providers};
use vermilion_service::sandbox::register::{COMPANIES, Company, PEOPLE, Resident};
use vermilion_service::{
    Config, Error, Foundation, Refusal, Service, SystemClock, SystemRng, jobs, notify, sandbox, view,
};

use crate::killed::open_records;

pub(crate) const PIN: &str = "749281";
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Who stamps, given the embedded authority.
type StampedBy = Arc<dyn Fn(&EmbeddedAuthority) -> Arc<dyn TimeStampAuthority> + Send + Sync>;

pub(crate) struct House {
    pub(crate) service: Service,
    stamped_by: StampedBy,
    pub(crate) clock: Arc<testkit::FixedClock>,
    rng: Arc<testkit::SeededRng>,
    folder: TempDir,
}

impl House {
    /// A fixed clock, seeded randomness, hashing as cheap as it goes.
    pub(crate) async fn new() -> Self {
        Self::stamped_by(|embedded| Arc::new(embedded.clone())).await
    }

    /// The same at an address.
    pub(crate) async fn at(url: &str) -> Self {
        Self::at_stamped_by(url, |embedded| Arc::new(embedded.clone())).await
    }

    /// The same with another time-stamp authority.
    pub(crate) async fn stamped_by(
        stamped_by: impl Fn(&EmbeddedAuthority) -> Arc<dyn TimeStampAuthority> + Send + Sync + 'static,
    ) -> Self {
        Self::at_stamped_by("http://127.0.0.1:8080", stamped_by).await
    }

    /// The same at an address, with another time-stamp authority.
    pub(crate) async fn at_stamped_by(
        url: &str,
        stamped_by: impl Fn(&EmbeddedAuthority) -> Arc<dyn TimeStampAuthority> + Send + Sync + 'static,
    ) -> Self {
        let stamped_by: StampedBy = Arc::new(stamped_by);
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(testkit::FixedClock::default());
        let rng = Arc::new(testkit::SeededRng::new(7));
        let mut config = Config::new(folder.path().join("data"), url).cheap_for_tests();
        // Where the stand-ins for organizations' directories are.
        config.oidc_private_hosts = vec!["127.0.0.1".to_owned()];
        let service = Service::open_stamped_by(config, clock.clone(), rng.clone(), &*stamped_by)
            .await
            .expect("a service");
        Self { service, stamped_by, clock, rng, folder }
    }

    /// A house on data of a server from before there were branches, whose person's certificate comes along.
    pub(crate) async fn before_branches(with_root_key: bool) -> (Self, pki::Certificate) {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        std::fs::create_dir_all(data.join("authority")).expect("a folder");
        let kept = testkit::checkout().join("crates/service/tests/data/before-branches");
        for file in ["vermilion.db", "master.key", "authority/root.key"] {
            if with_root_key || file != "authority/root.key" {
                std::fs::copy(kept.join(file), data.join(file)).expect("a copy");
            }
        }
        let clock = Arc::new(testkit::FixedClock::parse("2026-11-24T04:00:00Z"));
        let rng = Arc::new(testkit::SeededRng::new(7));
        let config = Config::new(data, "http://127.0.0.1:8080").cheap_for_tests();
        let stamped_by: StampedBy = Arc::new(|embedded| Arc::new(embedded.clone()));
        let service = Service::open_stamped_by(config, clock.clone(), rng.clone(), &*stamped_by)
            .await
            .expect("a service");
        let pem = include_str!("../data/before-branches/person.pem");
        let person = pki::Certificate::from_pem(pem).expect("a certificate");
        (Self { service, stamped_by, clock, rng, folder }, person)
    }

    /// The same with other identity providers.
    pub(crate) async fn asking(
        make: impl FnOnce(&Foundation, &Arc<testkit::FixedClock>) -> Providers,
    ) -> Self {
        Self::furnished(|config| config, make).await
    }

    /// The same with other settings.
    pub(crate) async fn configured(change: impl FnOnce(Config) -> Config) -> Self {
        Self::furnished(change, |foundation, _| Providers::sandbox(foundation)).await
    }

    /// The same with both.
    pub(crate) async fn furnished(
        change: impl FnOnce(Config) -> Config,
        make: impl FnOnce(&Foundation, &Arc<testkit::FixedClock>) -> Providers,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(testkit::FixedClock::default());
        let rng = Arc::new(testkit::SeededRng::new(7));
        let config = Config::new(folder.path().join("data"), "http://127.0.0.1:8080").cheap_for_tests();
        let asking = |foundation: &Foundation| make(foundation, &clock);
        let service = Service::open_asking(change(config), clock.clone(), rng.clone(), asking).await;
        let stamped_by: StampedBy = Arc::new(|embedded| Arc::new(embedded.clone()));
        Self { service: service.expect("a service"), stamped_by, clock, rng, folder }
    }

    /// As a server that was killed comes up again: nothing is closed in order, and what was in memory is gone.
    pub(crate) async fn restart(&mut self) {
        self.restart_as(|config| config).await;
    }

    /// The same with other settings.
    pub(crate) async fn restart_as(&mut self, change: impl FnOnce(Config) -> Config) {
        let config = change(self.service.config().clone());
        self.service.close().await;
        let (clock, rng) = (self.clock.clone(), self.rng.clone());
        self.service =
            Service::open_stamped_by(config, clock, rng, &*self.stamped_by).await.expect("a service");
    }

    pub(crate) fn data(&self) -> &Path {
        &self.service.config().data_dir
    }

    pub(crate) fn pass(&self, time: SignedDuration) {
        self.clock.advance(time);
    }

    pub(crate) async fn sender(&self) -> Actor {
        sender(&self.service, "sender@example.com").await
    }

    pub(crate) fn file(&self, bytes: &[u8]) -> std::path::PathBuf {
        let path = self.folder.path().join("contract.pdf");
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    /// An envelope on its way: the person and the company's agent, in this order or at once.
    pub(crate) async fn sent(&self, actor: &Actor, order: view::Order) -> (EnvelopeId, [RecipientId; 2]) {
        let path = self.file(&testkit::pdf_samples::contract(pdf::XrefKind::Table, 2));
        send(&self.service, actor, &path, order).await
    }

    /// The same under a signing policy, the person first.
    pub(crate) async fn sent_under(&self, actor: &Actor, policy: &str) -> (EnvelopeId, [RecipientId; 2]) {
        let path = self.file(&testkit::pdf_samples::contract(pdf::XrefKind::Table, 2));
        send_under(&self.service, actor, &path, view::Order::Sequential, policy).await
    }

    pub(crate) async fn link(&self, email: &str) -> String {
        link(&self.service, email).await
    }

    /// Somebody's account, linked to them by a check in it.
    pub(crate) async fn linked(&self, cast: Cast) -> Actor {
        sender(&self.service, cast.email).await;
        let actor = log_in(&self.service, cast.email).await;
        verify_account(&self.service, &actor, cast.resident).await;
        actor
    }

    /// As the next request finds whoever is logged in, after they typed the password.
    pub(crate) async fn again(&self, _: &Actor, email: &str) -> Actor {
        log_in(&self.service, email).await
    }

    /// The person of an account.
    pub(crate) async fn person(&self, actor: &Actor) -> domain::PersonId {
        let mut reader = open_records(self.data()).await.read().await.expect("a reader");
        reader.person_of_account(actor.id()).await.expect("a link").expect("a person").person_id
    }

    /// The checks that a person passed, as they are kept.
    pub(crate) async fn checks(&self, person: domain::PersonId) -> Vec<store::IdentityVerification> {
        let mut reader = open_records(self.data()).await.read().await.expect("a reader");
        reader.identities_of_person(person).await.expect("checks")
    }

    /// Every check that the person passed counts until then.
    pub(crate) async fn end_checks_in(&self, person: domain::PersonId, time: SignedDuration) {
        let records = open_records(self.data()).await;
        let mut tx = records.begin().await.expect("a transaction");
        for mut it in tx.identities_of_person(person).await.expect("checks") {
            it.expires_at = Some(self.service.now() + time);
            tx.put_identity_verification(&it).await.expect("kept");
        }
        tx.commit().await.expect("committed");
    }

    pub(crate) async fn guest(&self, cast: Cast) -> Guest<'_> {
        let link = self.link(cast.email).await;
        Guest::enter(&self.service, cast, &link).await
    }
}

/// A service with the machine's clock, for judges that look at theirs.
pub(crate) async fn real_service(folder: &Path) -> Service {
    let mut config = Config::new(folder.join("data"), "http://127.0.0.1:8080").cheap_for_tests();
    // Nobody answers there while a judge looks: all the proof is in the file.
    config.authority_url = None;
    Service::open_with(config, Arc::new(SystemClock), Arc::new(SystemRng)).await.expect("a service")
}

pub(crate) async fn sender(service: &Service, email: &str) -> Actor {
    account::sign_up(service, email, "correct horse battery", "Sender", Locale::En).await.expect("sign-up");
    let link = link(service, email).await;
    let (_, secret) = link.split_once("token=").expect("a token");
    let logged_in = account::verify(service, secret, "correct horse battery").await.expect("verified");
    account::authenticate(service, &logged_in.token).await.expect("logged in")
}

/// Logs in with the password, which counts as typed from now on.
pub(crate) async fn log_in(service: &Service, email: &str) -> Actor {
    let logged_in = account::log_in(service, email, PASSWORD).await.expect("logged in");
    account::authenticate(service, &logged_in.token).await.expect("a session")
}

/// Verifies somebody in an account.
pub(crate) async fn verify_account(service: &Service, actor: &Actor, it: &Resident) {
    let input = PersonInput::resident(it.name, it.id_number, it.phone);
    identity::check_mine(service, actor, &input).await.expect("the check");
    let code = code(service, it.phone).await;
    identity::confirm_mine(service, actor, &code).await.expect("the code");
}

pub(crate) async fn send(
    service: &Service,
    actor: &Actor,
    path: &Path,
    order: view::Order,
) -> (EnvelopeId, [RecipientId; 2]) {
    send_under(service, actor, path, order, "standard").await
}

pub(crate) async fn send_under(
    service: &Service,
    actor: &Actor,
    path: &Path,
    order: view::Order,
    policy: &str,
) -> (EnvelopeId, [RecipientId; 2]) {
    let (id, recipients) = draft_under(service, actor, path, order, policy).await;
    envelope::send(service, actor, id).await.expect("sent");
    (id, recipients)
}

/// What is ready to be sent to a person and a company.
pub(crate) async fn draft_under(
    service: &Service,
    actor: &Actor,
    path: &Path,
    order: view::Order,
    policy: &str,
) -> (EnvelopeId, [RecipientId; 2]) {
    let draft = envelope::create(service, actor, Some("Contract of sale"), None).await.expect("a draft");
    let id: EnvelopeId = draft.id.parse().expect("an id");
    let policy = Some(policy.to_owned());
    let patch = envelope::EnvelopePatch { order: Some(order), policy, ..Default::default() };
    envelope::update(service, actor, id, patch).await.expect("the order");
    let added = envelope::add_document(service, actor, id, "contract.pdf", path).await.expect("the document");
    let document = added.documents[0].id.parse().expect("an id");
    let inputs = vec![PERSON.input(1), AGENT.input(2)];
    let set = envelope::set_recipients(service, actor, id, inputs).await.expect("recipients");
    let ids: Vec<RecipientId> = set.recipients.iter().map(|it| it.id.parse().expect("an id")).collect();
    let field = |recipient_id, r#type, x: f64, y: f64, width: f64, height: f64| FieldInput {
        id: None,
        recipient_id,
        document_id: document,
        r#type,
        page: 1,
        x,
        y,
        width,
        height,
        required: true,
        label: Some("Label".to_owned()),
    };
    use view::FieldType::{Date, Seal, Signature, Text};
    let fields = vec![
        field(ids[0], Signature, 60.0, 600.0, 150.0, 60.0),
        field(ids[0], Text, 60.0, 670.0, 200.0, 24.0),
        field(ids[0], Date, 60.0, 700.0, 150.0, 22.0),
        field(ids[1], Seal, 380.0, 580.0, 120.0, 120.0),
        FieldInput { page: 2, ..field(ids[1], Seal, 380.0, 580.0, 120.0, 120.0) },
    ];
    envelope::set_fields(service, actor, id, fields).await.expect("fields");
    (id, [ids[0], ids[1]])
}

/// An envelope for one person alone.
pub(crate) async fn send_to(house: &House, actor: &Actor, cast: &Cast, policy: Option<&str>) -> EnvelopeId {
    let mark = if cast.company.is_some() { view::FieldType::Seal } else { view::FieldType::Signature };
    send_with(house, actor, cast, policy, &[mark]).await.expect("sent")
}

/// The same with these places for signature and seal.
pub(crate) async fn send_with(
    house: &House,
    actor: &Actor,
    cast: &Cast,
    policy: Option<&str>,
    marks: &[view::FieldType],
) -> Result<EnvelopeId, Error> {
    let service = &house.service;
    let draft = envelope::create(service, actor, Some("Lease"), None).await.expect("a draft");
    let id: EnvelopeId = draft.id.parse().expect("an id");
    if let Some(policy) = policy {
        let patch = envelope::EnvelopePatch { policy: Some(policy.to_owned()), ..Default::default() };
        envelope::update(service, actor, id, patch).await.expect("the policy");
    }
    let path = house.file(&testkit::pdf_samples::contract(pdf::XrefKind::Table, 1));
    let added = envelope::add_document(service, actor, id, "lease.pdf", &path).await.expect("the document");
    let set = envelope::set_recipients(service, actor, id, vec![cast.input(1)]).await.expect("recipients");
    let place = |(mark, x): (&view::FieldType, f64)| FieldInput {
        id: None,
        recipient_id: set.recipients[0].id.parse().expect("an id"),
        document_id: added.documents[0].id.parse().expect("an id"),
        r#type: *mark,
        page: 1,
        x,
        y: 600.0,
        width: 120.0,
        height: 120.0,
        required: true,
        label: None,
    };
    let fields = marks.iter().zip([60.0, 240.0]).map(place).collect();
    envelope::set_fields(service, actor, id, fields).await?;
    envelope::send(service, actor, id).await?;
    Ok(id)
}

pub(crate) async fn link(service: &Service, email: &str) -> String {
    jobs::run_due(service).await.expect("jobs");
    let page = notify::outbox(service, Some(email), None).await.expect("the outbox");
    // Of an invitation: warnings and endings name pages, without a secret.
    let mut links = page.items.into_iter().flat_map(|it| it.links);
    links.find(|it| it.url.contains('#')).expect("a link").url
}

pub(crate) async fn code(service: &Service, phone: &str) -> String {
    jobs::run_due(service).await.expect("jobs");
    let page = notify::outbox(service, Some(phone), None).await.expect("the outbox");
    page.items.into_iter().find_map(|it| it.code).expect("a code")
}

/// Who plays a recipient.
#[derive(Clone, Copy)]
pub(crate) struct Cast {
    pub(crate) resident: &'static Resident,
    pub(crate) company: Option<&'static Company>,
    pub(crate) email: &'static str,
}

pub(crate) const PERSON: Cast = Cast { resident: &PEOPLE[3], company: None, email: "person@example.com" };
pub(crate) const AGENT: Cast =
    Cast { resident: &PEOPLE[2], company: Some(&COMPANIES[1]), email: "agent@example.com" };

impl Cast {
    pub(crate) fn input(&self, order: u32) -> RecipientInput {
        RecipientInput {
            id: None,
            kind: if self.company.is_some() {
                view::RecipientKind::Organization
            } else {
                view::RecipientKind::Person
            },
            name: self.resident.name.to_owned(),
            // Whoever has no address is reached by phone.
            email: Some(self.email.to_owned()).filter(|it| !it.is_empty()),
            phone: self.email.is_empty().then(|| self.resident.phone.to_owned()),
            organization: self.company.map(|it| it.name.to_owned()),
            locale: Locale::ZhCn,
            order,
        }
    }
}

/// A recipient in their browser.
pub(crate) struct Guest<'a> {
    pub(crate) service: &'a Service,
    pub(crate) cast: Cast,
    pub(crate) signer: Signer,
    pub(crate) cookie: String,
    pub(crate) recipient: RecipientId,
}

pub(crate) fn parse_link(link: &str) -> (RecipientId, &str) {
    let (_, rest) = link.rsplit_once("/sign/").expect("a signing link");
    let (recipient, secret) = rest.split_once('#').expect("a secret");
    (recipient.parse().expect("an id"), secret)
}

impl<'a> Guest<'a> {
    pub(crate) async fn enter(service: &'a Service, cast: Cast, link: &str) -> Self {
        let (recipient, secret) = parse_link(link);
        let opened = ceremony::open(service, recipient, secret, None).await.expect("opened");
        let cookie = opened.session.expect("a session").token;
        Self::resume(service, cast, recipient, cookie).await
    }

    pub(crate) async fn resume(
        service: &'a Service,
        cast: Cast,
        recipient: RecipientId,
        cookie: String,
    ) -> Self {
        let signer = ceremony::resume(service, recipient, &cookie).await.expect("a session");
        Self { service, cast, signer, cookie, recipient }
    }

    pub(crate) async fn show(&self) -> view::Ceremony {
        ceremony::show(self.service, &self.signer).await.expect("the ceremony")
    }

    /// Takes the step that the ceremony is at, and says which it was.
    pub(crate) async fn step(&self) -> view::Step {
        let shown = self.show().await;
        let (service, signer) = (self.service, &self.signer);
        match shown.step {
            view::Step::Request => ceremony::view(service, signer).await.map(drop).expect("view"),
            view::Step::Consent => {
                let version = shown.consent.version.as_str();
                ceremony::consent(service, signer, version, Locale::ZhCn).await.map(drop).expect("consent");
            }
            view::Step::Identity => self.identify(&shown).await,
            view::Step::Organization => self.organize(&shown).await,
            view::Step::Document => self.fill(&shown).await.map(drop).expect("fields"),
            view::Step::Impression => {
                let body = self.impression();
                ceremony::add_impression(service, signer, body).await.map(drop).expect("impression");
            }
            view::Step::Key => ceremony::key(service, signer, PIN).await.map(drop).expect("key"),
            view::Step::Confirm => self.sign(PIN).await.map(drop).expect("signed"),
            _ => {}
        }
        shown.step
    }

    pub(crate) async fn walk_to(&self, wanted: view::Step) {
        for _ in 0..20 {
            if self.show().await.step == wanted {
                return;
            }
            self.step().await;
        }
        panic!("the ceremony did not come to {wanted:?}: it is at {:?}", self.show().await.step);
    }

    async fn identify(&self, shown: &view::Ceremony) {
        let it = self.cast.resident;
        if shown.identity.state == view::IdentityState::None {
            let input = PersonInput::resident(it.name, it.id_number, it.phone);
            ceremony::identity(self.service, &self.signer, &input).await.expect("identity");
        } else {
            let code = code(self.service, it.phone).await;
            ceremony::identity_code(self.service, &self.signer, &code).await.expect("code");
        }
    }

    async fn organize(&self, shown: &view::Ceremony) {
        let it = self.cast.company.expect("a company");
        let (service, signer) = (self.service, &self.signer);
        match shown.organization.as_ref().expect("an organization").state {
            view::OrganizationState::None => {
                let (name, code, leader) = (it.name, it.credit_code, it.legal_representative);
                ceremony::organization(service, signer, name, code, leader, None)
                    .await
                    .map(drop)
                    .expect("registry");
            }
            view::OrganizationState::RegistryChecked => {
                ceremony::payment(service, signer, it.account_number, None).await.map(drop).expect("payment");
            }
            _ => {
                let fen = self.amount().await;
                ceremony::payment_confirm(service, signer, fen).await.map(drop).expect("amount");
            }
        }
    }

    /// What the newest transfer on the company's statement says.
    pub(crate) async fn amount(&self) -> u32 {
        let account = self.cast.company.expect("a company").account_number;
        let bank = sandbox::bank(self.service, Some(account)).await.expect("the bank");
        u32::try_from(bank.transfers[0].amount_fen).expect("a small amount")
    }

    pub(crate) async fn fill(&self, shown: &view::Ceremony) -> Result<view::Ceremony, Error> {
        let texts = shown.fields.iter().filter(|it| it.r#type == view::FieldType::Text);
        let value = |it: &view::Field| ceremony::FieldValue {
            id: it.id.parse().expect("an id"),
            value: Some("乌鲁木齐市天山区 88 号 Flat 5".to_owned()),
        };
        ceremony::fields(self.service, &self.signer, texts.map(value).collect()).await
    }

    pub(crate) fn impression(&self) -> ImpressionBody {
        match self.cast.company {
            None => ImpressionBody::Typed { text: self.cast.resident.name.to_owned() },
            Some(_) => ImpressionBody::SealDrawn {
                purpose: seal::Purpose::Contract,
                number: None,
                diameter_mm: None,
            },
        }
    }

    pub(crate) async fn sign(&self, pin: &str) -> Result<view::Ceremony, Error> {
        let shown = self.show().await;
        self.sign_shown(pin, &shown).await
    }

    pub(crate) async fn sign_shown(
        &self,
        pin: &str,
        shown: &view::Ceremony,
    ) -> Result<view::Ceremony, Error> {
        let documents = shown
            .envelope
            .documents
            .iter()
            .map(|it| ShownDocument { id: it.id.parse().expect("an id"), sha256: it.sha256.clone() })
            .collect();
        ceremony::sign(self.service, &self.signer, pin, Locale::ZhCn, documents).await
    }
}

/// The signed document as it stands, read by its sender.
pub(crate) async fn document(service: &Service, actor: &Actor, id: EnvelopeId) -> Vec<u8> {
    let shown = envelope::show(service, actor, id).await.expect("the envelope");
    let document = shown.documents[0].id.parse().expect("an id");
    let download = envelope::document(service, actor, id, document, None).await.expect("the document");
    pdf::read_range(&*download.source, 0..download.source.len()).expect("bytes")
}

/// The refusal that a use case ended with.
pub(crate) fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}
