//! Organizations: each way to show that one acts for one, and how each ends when it goes wrong.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::organization::{AgentEnd, AgentRole, OrganizationWay};
use domain::policy::{Custody, WillCheck};
use jiff::SignedDuration;
use providers::{
    Answer, Fault, OrganizationCheck, OrganizationMethod, OrganizationMismatch, OrganizationProvider,
    OrganizationVerdict, ProviderError,
};
use vermilion_service::identity::{ConsentInput, NoPayouts, PersonInput, Providers, consent};
use vermilion_service::organization::AuthorizationInput;
use vermilion_service::policy::{self, PolicyInput};
use vermilion_service::sandbox::register::{COMPANIES, PEOPLE};
use vermilion_service::sandbox::{FaceOutcome, play_face};
use vermilion_service::view::{CertificateStatus, IdentityMethod, IdentityState, OrganizationState, Step};
use vermilion_service::{
    EnvelopeId, Locale, OutboxUse, Refusal, authority, ceremony, directory, envelope, jobs, notify,
    organization, sandbox, view,
};

use crate::agents::{OTHER, kinds};
use crate::control::own;
use crate::signers::{AGENT, Cast, Guest, House, PIN, log_in, refusal, send_to, sender};
use crate::support::code;

/// The legal representative of the agents' company, as somebody who is asked.
pub(crate) const LEADER: Cast = Cast { resident: &PEOPLE[2], company: None, email: "leader@example.com" };

fn face_consent() -> ConsentInput {
    ConsentInput { version: consent::VERSION.to_owned(), locale: Locale::ZhCn, face: true, photo: false }
}

impl Guest<'_> {
    async fn company(&self) -> view::OrganizationView {
        self.show().await.organization.unwrap()
    }

    /// The registry agrees, and a way is to be chosen.
    async fn at_choice(&self) {
        self.walk_to(Step::Organization).await;
        self.step().await;
        assert_eq!(self.company().await.state, OrganizationState::RegistryChecked);
    }

    async fn shows_face(&self, shown: view::Ceremony, outcome: FaceOutcome) {
        assert_eq!(shown.identity.state, IdentityState::Pending);
        let url = shown.identity.page.unwrap().url;
        play_face(self.service, url.rsplit('/').next().unwrap(), outcome).await.unwrap();
        let _ = ceremony::identity_poll(self.service, &self.signer).await;
    }

    /// Shows their face though they are verified.
    async fn raises(&self) {
        let (service, signer) = (self.service, &self.signer);
        let method = IdentityMethod::FaceAlipay;
        let shown = ceremony::organization_face(service, signer, method, &face_consent()).await.unwrap();
        assert_eq!(shown.step, Step::Identity);
        self.shows_face(shown, FaceOutcome::Passed).await;
    }

    async fn leads(&self) -> Result<view::Ceremony, vermilion_service::Error> {
        ceremony::organization_lead(self.service, &self.signer).await
    }

    pub(crate) async fn asks(
        &self,
        contact: &str,
        administer: bool,
    ) -> Result<view::Ceremony, vermilion_service::Error> {
        let input = AuthorizationInput { contact: contact.to_owned(), locale: Locale::ZhCn, administer };
        ceremony::authorization(self.service, &self.signer, &input).await
    }
}

/// An agent at the choice of a way, and the envelope that waits for them.
pub(crate) async fn choosing<'a>(house: &'a House, cast: Cast) -> (Guest<'a>, EnvelopeId) {
    let actor = house.sender().await;
    let id = send_to(house, &actor, &cast, None).await;
    let guest = house.guest(cast).await;
    guest.at_choice().await;
    (guest, id)
}

/// The other agent, days later: who they are is shown again, and the run goes on.
async fn again(house: &House) -> Guest<'_> {
    let guest = house.guest(OTHER).await;
    guest.walk_to(Step::Organization).await;
    guest
}

async fn log(house: &House, id: EnvelopeId) -> Vec<String> {
    let actor =
        vermilion_service::account::log_in(&house.service, "sender@example.com", "correct horse battery")
            .await
            .unwrap();
    let actor = vermilion_service::account::authenticate(&house.service, &actor.token).await.unwrap();
    kinds(house, &actor, id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_legal_representative_is_verified_by_face_and_number_and_pays_nothing() {
    let house = House::new().await;
    let (guest, id) = choosing(&house, AGENT).await;
    let ways = guest.company().await.ways;
    assert_eq!((ways[0].way, ways[0].ready), (OrganizationWay::LegalRepresentative, false));
    assert!(ways.iter().any(|it| it.way == OrganizationWay::Payment));
    assert!(ways.iter().any(|it| it.way == OrganizationWay::Authorization));
    // A code to a phone is not enough, and the face needs its consent.
    assert_eq!(refusal(guest.leads().await), Refusal::FaceRequired);
    let method = IdentityMethod::FaceAlipay;
    let silent = ConsentInput { face: false, ..face_consent() };
    let refused = ceremony::organization_face(&house.service, &guest.signer, method, &silent).await;
    assert_eq!(refusal(refused).code(), "data_consent_missing");
    guest.raises().await;
    assert_eq!(guest.company().await.ways[0].way, OrganizationWay::LegalRepresentative);
    assert!(guest.company().await.ways[0].ready);
    let shown = guest.leads().await.unwrap();
    assert_eq!(shown.organization.unwrap().state, OrganizationState::Verified);
    assert_eq!(shown.step, Step::Document);
    let kinds = log(&house, id).await;
    assert!(!kinds.iter().any(|kind| kind.starts_with("payment.")), "{kinds:?}");
    assert_eq!(kinds.iter().filter(|kind| *kind == "organization.checked").count(), 2, "three, then four");
    // Who they are to the company is on record, and what showed it.
    let account = sender(&house.service, "boss@example.com").await;
    let linked = directory::administer(&house.service, &account, &guest.signer).await.unwrap();
    let organization = linked.items[0].id.parse().unwrap();
    let agents = organization::agents::list(&house.service, &account, organization).await.unwrap();
    assert_eq!(agents.items[0].role, AgentRole::LegalRepresentative);
    assert_eq!(agents.items[0].proof, OrganizationWay::LegalRepresentative);
    guest.walk_to(Step::Done).await;
}

/// With the machine's clock, which goes on within a request: what a request did shows in its own answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_power_holds_in_the_answer_that_gives_it() {
    let folder = tempfile::tempdir().unwrap();
    let service = crate::signers::real_service(folder.path()).await;
    let actor = sender(&service, "sender@example.com").await;
    let path = folder.path().join("contract.pdf");
    std::fs::write(&path, testkit::pdf_samples::contract(pdf::XrefKind::Table, 2)).unwrap();
    crate::signers::send(&service, &actor, &path, view::Order::Parallel).await;
    let link = crate::signers::link(&service, AGENT.email).await;
    let guest = Guest::enter(&service, AGENT, &link).await;
    guest.at_choice().await;
    guest.step().await;
    let fen = guest.amount().await;
    let shown = ceremony::payment_confirm(&service, &guest.signer, fen).await.unwrap();
    assert_eq!(
        (shown.step, shown.organization.unwrap().state),
        (Step::Document, OrganizationState::Verified)
    );
}

/// A registry that knows one number, whoever has which name.
struct Registry {
    number: &'static str,
    /// Answers carry this transaction; none: their order's.
    transaction: Option<&'static str>,
    says: Mutex<Option<OrganizationVerdict>>,
}

impl Registry {
    fn knows(number: &'static str) -> Self {
        Self { number, transaction: None, says: Mutex::default() }
    }
}

#[async_trait]
impl OrganizationProvider for Registry {
    fn name(&self) -> &'static str {
        "registry"
    }

    async fn check(&self, check: &OrganizationCheck) -> Result<Answer<OrganizationVerdict>, ProviderError> {
        let said = self.says.lock().expect("nobody panics with it").clone();
        let verdict = match (said, check.method) {
            (Some(said), _) => said,
            (None, OrganizationMethod::FourElements)
                if check.legal_representative_id.as_ref().map(domain::IdDocument::reveal)
                    != Some(self.number) =>
            {
                OrganizationVerdict::Refused(OrganizationMismatch::LegalRepresentativeId)
            }
            _ => OrganizationVerdict::Passed {
                name: check.name.as_str().to_owned(),
                factors: check.method.factors().to_vec(),
            },
        };
        let transaction = self.transaction.map_or_else(|| format!("registry-{}", check.order), str::to_owned);
        let at = "2026-11-23T04:00:00Z".parse().unwrap();
        Ok(Answer { provider: "registry", transaction, raw: b"{}".to_vec(), at, verdict })
    }
}

async fn house_of(registry: Arc<Registry>) -> House {
    House::asking(|foundation, _| {
        let mut providers = Providers::sandbox(foundation);
        providers.organizations = registry;
        providers
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_namesake_of_the_legal_representative_does_not_pass() {
    // The registry's legal representative has the same name and another number.
    let house = house_of(Arc::new(Registry::knows("110105194912310021"))).await;
    let (guest, id) = choosing(&house, AGENT).await;
    guest.raises().await;
    let refused = refusal(guest.leads().await);
    assert_eq!(refused, Refusal::OrganizationMismatch { what: "legal_representative_id" });
    // The other ways stay open, and nobody was made anything.
    assert_eq!(guest.company().await.state, OrganizationState::RegistryChecked);
    assert_eq!(guest.show().await.step, Step::Organization);
    assert!(!log(&house, id).await.iter().any(|kind| kind == "organization.verified"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_face_that_does_not_pass_leads_nobody() {
    let house = House::new().await;
    let (guest, _) = choosing(&house, AGENT).await;
    let (service, signer) = (&house.service, &guest.signer);
    let method = IdentityMethod::FaceAlipay;
    let shown = ceremony::organization_face(service, signer, method, &face_consent()).await.unwrap();
    let url = shown.identity.page.unwrap().url;
    play_face(service, url.rsplit('/').next().unwrap(), FaceOutcome::SomebodyElse).await.unwrap();
    let _ = ceremony::identity_poll(service, signer).await;
    assert_eq!(guest.show().await.step, Step::Identity, "who they are has to be shown again");
    assert_eq!(code(guest.leads().await), "step_not_ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_legal_representative_authorizes_an_agent_with_a_signature_of_their_own() {
    let house = House::new().await;
    let (agent, id) = choosing(&house, OTHER).await;
    for (contact, wanted) in [("nobody", "leader_contact_invalid"), (OTHER.email, "leader_is_agent")] {
        assert_eq!(refusal(agent.asks(contact, true).await).code(), wanted);
    }
    assert_eq!(refusal(agent.asks(OTHER.resident.phone, true).await).code(), "leader_is_agent");
    house.pass(SignedDuration::from_secs(1));
    let asked = agent.asks(LEADER.email, true).await.unwrap().organization.unwrap();
    assert_eq!(asked.state, OrganizationState::LeaderAsked);
    let shown = asked.authorization.unwrap();
    assert_eq!(
        (shown.contact_masked.as_str(), shown.status),
        ("l***@example.com", view::RecipientStatus::Invited)
    );
    // While they are asked, no other way is.
    assert_eq!(code(agent.asks("other@leader.example", true).await), "organization_step");
    let account = OTHER.company.unwrap().account_number;
    let paid = ceremony::payment(&house.service, &agent.signer, account, None).await;
    assert_eq!(code(paid), "organization_step");
    house.pass(SignedDuration::from_secs(1));
    ceremony::authorization_remind(&house.service, &agent.signer).await.unwrap();
    house.pass(SignedDuration::from_secs(1));

    let leader = house.guest(LEADER).await;
    leader.walk_to(Step::Identity).await;
    // A code to the phone is refused: the letter's policy asks for a face.
    let it = LEADER.resident;
    let weak = PersonInput::resident(it.name, it.id_number, it.phone);
    assert_eq!(code(ceremony::identity(&house.service, &leader.signer, &weak).await), "method_unavailable");
    // Neither does anybody else pass for them.
    let someone =
        PersonInput { phone: None, ..PersonInput::resident(PEOPLE[0].name, PEOPLE[0].id_number, "") }
            .by(IdentityMethod::FaceAlipay);
    let someone = ceremony::identity(&house.service, &leader.signer, &someone).await;
    assert_eq!(code(someone), "recipient_name_mismatch");
    sign_letter(&leader).await;
    assert_eq!(
        agent.show().await.organization.unwrap().state,
        OrganizationState::LeaderAsked,
        "the job asks the registry"
    );
    jobs::run_due(&house.service).await.unwrap();
    let shown = agent.show().await;
    assert_eq!(shown.step, Step::Document);
    jobs::run_due(&house.service).await.unwrap();
    let kinds = log(&house, id).await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "organization.verified").count(), 1, "{kinds:?}");
    let told = notify::outbox(&house.service, Some(OTHER.email), None).await.unwrap();
    assert!(told.items.iter().any(|it| it.subject.contains("已获授权")), "the agent is told");

    // Two powers: the legal representative's own, and the agent's, as far as the letter goes.
    let account = sender(&house.service, "office@example.com").await;
    let linked = directory::administer(&house.service, &account, &agent.signer).await.unwrap();
    let organization = linked.items[0].id.parse().unwrap();
    let agents = organization::agents::list(&house.service, &account, organization).await.unwrap().items;
    let of = |role| agents.iter().find(|it| it.role == role).unwrap();
    assert_eq!(of(AgentRole::Agent).proof, OrganizationWay::Authorization);
    let boss = of(AgentRole::LegalRepresentative);
    assert!(!boss.can_revoke, "an agent does not dismiss the legal representative");
    let dismissed = organization::agents::Dismissal::Dismissed;
    let refused = organization::agents::revoke(
        &house.service,
        &account,
        organization,
        boss.id.parse().unwrap(),
        dismissed,
    )
    .await;
    assert_eq!(refusal(refused), Refusal::AgentPower);
    // The legal representative links an account where they signed, and dismisses the agent.
    let desk = sender(&house.service, "desk@example.com").await;
    directory::administer(&house.service, &desk, &leader.signer).await.unwrap();
    let agent_id = of(AgentRole::Agent).id.parse().unwrap();
    let after =
        organization::agents::revoke(&house.service, &desk, organization, agent_id, dismissed).await.unwrap();
    let gone = after.items.iter().find(|it| it.role == AgentRole::Agent).unwrap();
    assert_eq!(gone.revoked_reason, Some(AgentEnd::Dismissed));
    assert_eq!(agent.show().await.step, Step::Organization);
}

/// The legal representative shows their face, and signs.
pub(crate) async fn sign_letter(leader: &Guest<'_>) {
    read_letter(leader).await;
    leader.sign(PIN).await.unwrap();
}

/// They show their face and read the letter, up to their signature.
pub(crate) async fn read_letter(leader: &Guest<'_>) {
    leader.walk_to(Step::Identity).await;
    let it = leader.cast.resident;
    let input = PersonInput { phone: None, ..PersonInput::resident(it.name, it.id_number, "") }
        .by(IdentityMethod::FaceAlipay);
    let shown = ceremony::identity(leader.service, &leader.signer, &input).await.unwrap();
    leader.shows_face(shown, FaceOutcome::Passed).await;
    leader.walk_to(Step::Confirm).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_may_only_seal_administers_nothing() {
    let house = House::new().await;
    let (agent, _) = choosing(&house, OTHER).await;
    agent.asks(LEADER.email, false).await.unwrap();
    house.pass(SignedDuration::from_secs(1));
    sign_letter(&house.guest(LEADER).await).await;
    jobs::run_due(&house.service).await.unwrap();
    let account = sender(&house.service, "office@example.com").await;
    let refused = directory::administer(&house.service, &account, &agent.signer).await;
    assert_eq!(refusal(refused), Refusal::AgentPower);
    agent.walk_to(Step::Done).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_namesake_who_signs_the_letter_authorizes_nobody() {
    let house = house_of(Arc::new(Registry::knows("110105194912310021"))).await;
    let (agent, id) = choosing(&house, OTHER).await;
    agent.asks(LEADER.email, true).await.unwrap();
    house.pass(SignedDuration::from_secs(1));
    sign_letter(&house.guest(LEADER).await).await;
    jobs::run_due(&house.service).await.unwrap();
    let company = agent.company().await;
    assert_eq!(
        (company.state, company.refused.as_deref()),
        (OrganizationState::RegistryChecked, Some("wrong_person"))
    );
    let kinds = log(&house, id).await;
    assert!(kinds.iter().any(|kind| kind == "organization.authorization_refused"), "{kinds:?}");
    assert!(!kinds.iter().any(|kind| kind == "organization.verified"));
    // Another way is open.
    house.pass(SignedDuration::from_secs(1));
    agent.walk_to(Step::Document).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_declined_withdrawn_or_too_late() {
    let house = House::new().await;
    let (agent, _) = choosing(&house, OTHER).await;
    // Withdrawn: the letter cannot be signed any more, and another can be asked for.
    agent.asks(LEADER.email, true).await.unwrap();
    house.pass(SignedDuration::from_secs(1));
    let leader = house.guest(LEADER).await;
    let shown = ceremony::authorization_withdraw(&house.service, &agent.signer).await.unwrap();
    assert_eq!(shown.organization.unwrap().state, OrganizationState::RegistryChecked);
    assert_eq!(leader.show().await.step, Step::Voided);
    // Too late.
    house.pass(SignedDuration::from_secs(1));
    agent.asks(LEADER.email, true).await.unwrap();
    house.pass(SignedDuration::from_hours(24 * 7));
    jobs::sweep(&house.service).await.unwrap();
    let agent = again(&house).await;
    let company = agent.company().await;
    assert_eq!(
        (company.state, company.refused.as_deref()),
        (OrganizationState::RegistryChecked, Some("expired"))
    );
    // Declined: this run is over, and a new one begins with the registry.
    house.pass(SignedDuration::from_secs(1));
    agent.asks(LEADER.email, true).await.unwrap();
    house.pass(SignedDuration::from_secs(1));
    let leader = house.guest(LEADER).await;
    ceremony::decline(&house.service, &leader.signer, "我不知情").await.unwrap();
    let company = agent.company().await;
    assert_eq!((company.state, company.refused.as_deref()), (OrganizationState::None, Some("declined")));
    assert_eq!(code(agent.asks(LEADER.email, true).await), "step_not_ready");
    agent.step().await;
    assert_eq!(agent.company().await.state, OrganizationState::RegistryChecked);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_of_the_registry_is_told_and_kept() {
    let registry = Arc::new(Registry::knows(""));
    let house = house_of(registry.clone()).await;
    let actor = house.sender().await;
    let id = send_to(&house, &actor, &OTHER, None).await;
    let guest = house.guest(OTHER).await;
    guest.walk_to(Step::Organization).await;
    let it = OTHER.company.unwrap();
    let ask = async || {
        house.pass(SignedDuration::from_secs(1));
        let (service, signer) = (&house.service, &guest.signer);
        ceremony::organization(service, signer, it.name, it.credit_code, it.legal_representative, None).await
    };
    use OrganizationMismatch as Wrong;
    for state in ["deregistered", "revoked", "moved"] {
        *registry.says.lock().unwrap() = Some(OrganizationVerdict::Inactive { state: state.to_owned() });
        assert_eq!(refusal(ask().await), Refusal::OrganizationInactive { state: state.to_owned() });
        let company = guest.company().await;
        assert_eq!(
            (company.state, company.refused.as_deref()),
            (OrganizationState::None, Some("organization_inactive"))
        );
    }
    for wrong in [Wrong::CreditCode, Wrong::Name, Wrong::LegalRepresentative, Wrong::Elements] {
        *registry.says.lock().unwrap() = Some(OrganizationVerdict::Refused(wrong));
        assert_eq!(refusal(ask().await), Refusal::OrganizationMismatch { what: wrong.as_str() });
        assert_eq!(guest.company().await.refused.as_deref(), Some(wrong.as_str()));
    }
    // Nobody finds out by trying who leads a company: the fifth mismatch rests.
    *registry.says.lock().unwrap() = Some(OrganizationVerdict::Refused(Wrong::LegalRepresentativeId));
    assert_eq!(refusal(ask().await).code(), "organization_mismatch");
    *registry.says.lock().unwrap() = None;
    assert_eq!(refusal(ask().await).code(), "organization_tries");
    house.pass(SignedDuration::from_hours(24));
    assert_eq!(ask().await.unwrap().organization.unwrap().state, OrganizationState::RegistryChecked);
    let kinds = kinds(&house, &actor, id).await;
    let count = |kind: &str| kinds.iter().filter(|it| *it == kind).count();
    assert_eq!((count("organization.refused"), count("organization.checked")), (8, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_is_struck_off_loses_powers_certificates_and_ceremonies_at_the_next_check() {
    let registry = Arc::new(Registry::knows(""));
    let house = house_of(registry.clone()).await;
    let (service, actor) = (&house.service, house.sender().await);
    send_to(&house, &actor, &OTHER, None).await;
    house.guest(OTHER).await.walk_to(Step::Done).await;
    let account = house.linked(OTHER).await;
    // They are about to seal another contract as well.
    house.pass(SignedDuration::from_secs(1));
    let id = send_to(&house, &actor, &OTHER, None).await;
    let sealing = house.guest(OTHER).await;
    sealing.walk_to(Step::Confirm).await;
    // Somebody else has the registry asked about the same company.
    house.pass(SignedDuration::from_secs(1));
    send_to(&house, &actor, &AGENT, None).await;
    let asking = house.guest(AGENT).await;
    asking.walk_to(Step::Organization).await;
    let it = OTHER.company.unwrap();
    let ask = async |name: &str, state: &str| {
        house.pass(SignedDuration::from_secs(1));
        *registry.says.lock().unwrap() = Some(OrganizationVerdict::Inactive { state: state.to_owned() });
        let signer = &asking.signer;
        let asked =
            ceremony::organization(service, signer, name, it.credit_code, it.legal_representative, None);
        assert_eq!(refusal(asked.await).code(), "organization_inactive");
    };
    let seal = async || authority::my_certificates(service, &account).await.unwrap().items.remove(0);
    // Moved to another registry, or suspended, a company goes on.
    ask(it.name, "moved").await;
    assert_eq!((seal().await.status, sealing.show().await.step), (CertificateStatus::Valid, Step::Confirm));

    ask(it.name, "deregistered").await;
    let gone = seal().await;
    assert_eq!(
        (gone.status, gone.reason.as_deref()),
        (CertificateStatus::Revoked, Some("cessation_of_operation"))
    );
    assert_eq!(sealing.show().await.step, Step::Organization);
    assert_eq!(code(sealing.sign(PIN).await), "step_not_ready");
    assert!(log(&house, id).await.iter().any(|kind| kind == "organization.agent_revoked"));
    let mine = organization::my_organizations(service, &account).await.unwrap().items.remove(0);
    assert!(!mine.active);
    assert_eq!(mine.ended_because, Some(AgentEnd::Closed));
    jobs::run_due(service).await.unwrap();
    let told = notify::outbox(service, Some(OTHER.email), None).await.unwrap();
    assert!(told.items.iter().any(|it| it.subject == "Your certificate is revoked"));
    // Nothing is left to end: the registry may say so again.
    ask(it.name, "revoked").await;
    // Registered again, the company is verified again.
    *registry.says.lock().unwrap() = None;
    house.pass(SignedDuration::from_hours(25));
    send_to(&house, &actor, &OTHER, None).await;
    house.guest(OTHER).await.walk_to(Step::Done).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_of_the_registry_counts_once() {
    let registry = Registry { transaction: Some("one-and-the-same"), ..Registry::knows("") };
    let house = house_of(Arc::new(registry)).await;
    let (first, _) = choosing(&house, AGENT).await;
    assert_eq!(first.company().await.state, OrganizationState::RegistryChecked);
    let actor = sender(&house.service, "second@example.com").await;
    let id = send_to(&house, &actor, &OTHER, None).await;
    let second = house.guest(OTHER).await;
    second.walk_to(Step::Organization).await;
    let it = OTHER.company.unwrap();
    let (service, signer) = (&house.service, &second.signer);
    let asked =
        ceremony::organization(service, signer, it.name, it.credit_code, it.legal_representative, None).await;
    assert_eq!(code(asked), "provider_unavailable");
    assert_eq!(second.company().await.state, OrganizationState::None);
    assert!(kinds(&house, &actor, id).await.iter().any(|kind| kind == "organization.replayed"));
}

/// A registry that is down.
struct Down;

#[async_trait]
impl OrganizationProvider for Down {
    fn name(&self) -> &'static str {
        "down"
    }

    async fn check(&self, _: &OrganizationCheck) -> Result<Answer<OrganizationVerdict>, ProviderError> {
        Err(ProviderError::new("down", Fault::TimedOut))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_is_down_leaves_the_step_as_it_was() {
    let house = House::asking(|foundation, _| {
        let mut providers = Providers::sandbox(foundation);
        providers.organizations = Arc::new(Down);
        providers
    })
    .await;
    let actor = house.sender().await;
    send_to(&house, &actor, &OTHER, None).await;
    let guest = house.guest(OTHER).await;
    guest.walk_to(Step::Organization).await;
    let it = OTHER.company.unwrap();
    let (service, signer) = (&house.service, &guest.signer);
    let asked =
        ceremony::organization(service, signer, it.name, it.credit_code, it.legal_representative, None).await;
    assert_eq!(code(asked), "provider_unavailable");
    assert_eq!(guest.company().await.state, OrganizationState::None);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_bank_the_payment_is_not_offered() {
    let house = House::asking(|foundation, _| {
        let mut providers = Providers::sandbox(foundation);
        providers.payouts = Arc::new(NoPayouts);
        providers
    })
    .await;
    let (guest, _) = choosing(&house, OTHER).await;
    let ways: Vec<_> = guest.company().await.ways.iter().map(|it| it.way).collect();
    assert_eq!(ways, [OrganizationWay::Authorization, OrganizationWay::LegalRepresentative]);
    let account = OTHER.company.unwrap().account_number;
    let paid = ceremony::payment(&house.service, &guest.signer, account, None).await;
    assert_eq!(refusal(paid), Refusal::OrganizationWayUnavailable { way: "payment" });
}

#[tokio::test(flavor = "multi_thread")]
async fn two_agents_at_once_are_two_powers_and_one_payment_at_a_time() {
    let house = House::new().await;
    let actor = house.sender().await;
    send_to(&house, &actor, &AGENT, None).await;
    send_to(&house, &actor, &OTHER, None).await;
    let (one, two) = (house.guest(AGENT).await, house.guest(OTHER).await);
    one.at_choice().await;
    two.at_choice().await;
    let (service, account) = (&house.service, COMPANIES[1].account_number);
    let (first, second) = tokio::join!(
        ceremony::payment(service, &one.signer, account, None),
        ceremony::payment(service, &two.signer, account, None)
    );
    assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1);
    let (payer, other, refused) = if first.is_ok() { (&one, &two, second) } else { (&two, &one, first) };
    assert_eq!(code(refused), "payment_today");
    // The amount of the one says nothing for the other.
    let fen = payer.amount().await;
    assert_eq!(code(ceremony::payment_confirm(service, &other.signer, fen).await), "step_not_ready");
    // Told twice at once, it verifies once.
    let (a, b) = tokio::join!(
        ceremony::payment_confirm(service, &payer.signer, fen),
        ceremony::payment_confirm(service, &payer.signer, fen)
    );
    assert!(a.is_ok() && b.is_ok());
    house.pass(SignedDuration::from_secs(1));
    other.walk_to(Step::Document).await;
    let desk = sender(service, "desk@example.com").await;
    let linked = directory::administer(service, &desk, &one.signer).await.unwrap();
    let organization = linked.items[0].id.parse().unwrap();
    let agents = organization::agents::list(service, &desk, organization).await.unwrap().items;
    assert_eq!(agents.iter().filter(|it| it.active).count(), 2);
    assert_eq!(agents.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_nobody_tells_is_over_after_three_days() {
    let house = House::new().await;
    let (guest, id) = choosing(&house, OTHER).await;
    guest.step().await;
    let fen = guest.amount().await;
    assert_eq!(guest.company().await.state, OrganizationState::PaymentSent);
    house.pass(SignedDuration::from_hours(72));
    assert_eq!(code(ceremony::payment_confirm(&house.service, &guest.signer, fen).await), "payment_expired");
    jobs::sweep(&house.service).await.unwrap();
    let guest = again(&house).await;
    let company = guest.company().await;
    assert_eq!(
        (company.state, company.refused.as_deref()),
        (OrganizationState::RegistryChecked, Some("expired"))
    );
    assert!(log(&house, id).await.iter().any(|kind| kind == "payment.expired"));
    guest.walk_to(Step::Document).await;
    let transfers = sandbox::bank(&house.service, None).await.unwrap().transfers;
    assert_eq!(transfers.len(), 2);
    let events = envelope::events(&house.service, &house_actor(&house).await, id).await.unwrap();
    assert!(!format!("{events:?}").contains(OTHER.company.unwrap().account_number), "accounts are masked");
}

async fn house_actor(house: &House) -> vermilion_service::account::Actor {
    let it =
        vermilion_service::account::log_in(&house.service, "sender@example.com", "correct horse battery")
            .await
            .unwrap();
    vermilion_service::account::authenticate(&house.service, &it.token).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn where_mail_alone_is_sent_a_phone_of_the_legal_representative_is_refused_at_once() {
    let mut house = House::new().await;
    let (recipient, cookie, id) = {
        let (agent, id) = choosing(&house, OTHER).await;
        (agent.recipient, agent.cookie.clone(), id)
    };
    house
        .restart_as(|mut config| {
            config.outbox = OutboxUse::Closed;
            config
        })
        .await;
    let agent = Guest::resume(&house.service, OTHER, recipient, cookie).await;
    let refused = refusal(agent.asks(LEADER.resident.phone, false).await);
    assert_eq!((refused.code(), refused.field()), ("leader_email_missing", Some("contact")));
    // Nothing was begun: neither a letter, nor a run that waits for one.
    assert_eq!(agent.company().await.state, OrganizationState::RegistryChecked);
    let said = log(&house, id).await;
    assert!(!said.iter().any(|it| it == "organization.leader_asked"), "{said:?}");
    agent.asks(LEADER.email, false).await.unwrap();
    assert_eq!(agent.company().await.state, OrganizationState::LeaderAsked);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_of_a_company_that_is_older_than_the_policy_takes_is_made_anew() {
    let house = House::new().await;
    let actor = house.sender().await;
    let fresh = PolicyInput { max_age_days: Some(2), ..own("fresh", vec![Custody::Pin], WillCheck::Key) };
    policy::write(&house.service, &actor, fresh).await.unwrap();
    send_to(&house, &actor, &OTHER, None).await;
    let first = house.guest(OTHER).await;
    first.walk_to(Step::Done).await;
    // The next day it is fresh enough, and nobody pays again.
    house.pass(SignedDuration::from_hours(24));
    let again = log_in(&house.service, "sender@example.com").await;
    send_to(&house, &again, &OTHER, Some("fresh")).await;
    let second = house.guest(OTHER).await;
    second.walk_to(Step::Document).await;
    assert_eq!(second.company().await.state, OrganizationState::Verified);
    // While the ceremony is open it grows too old: who they are is shown again, and so is the company.
    house.pass(SignedDuration::from_hours(25));
    let (recipient, link) = (second.recipient, house.link(OTHER.email).await);
    let second = Guest::enter(&house.service, OTHER, &link).await;
    assert_eq!(second.recipient, recipient);
    second.walk_to(Step::Organization).await;
    assert_eq!(second.company().await.state, OrganizationState::None);
    // Under a policy that does not ask, it is recognised as before.
    let again = log_in(&house.service, "sender@example.com").await;
    send_to(&house, &again, &OTHER, None).await;
    let third = house.guest(OTHER).await;
    third.walk_to(Step::Document).await;
    // The registry and a payment make it fresh.
    second.walk_to(Step::Done).await;
}
