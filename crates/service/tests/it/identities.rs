//! Every kind of document, every way, and providers that fail or say what they should not.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::IdKind;
use domain::policy::Assurance;
use jiff::SignedDuration;
use providers::tencent::{Config, Tencent};
use providers::{
    Answer, Context, Limits, Pending, PersonCheck, PersonMethod, PersonProvider, PersonVerdict,
    ProviderError, Roots, Secret, SmsTemplate, SmsTemplates,
};
use testkit::stand_in::{Play, Tencent as StandIn};
use vermilion_service::identity::{PersonInput, Providers};
use vermilion_service::sandbox::register::PEOPLE;
use vermilion_service::view::{DataPurpose, IdentityMethod, IdentityState};
use vermilion_service::{Foundation, Locale, Refusal, ceremony, envelope, jobs, sandbox, view};

use crate::killed::open_records;
use crate::signers::{AGENT, Cast, Guest, House, PERSON, code, refusal, send_to, sender};

async fn at_identity(house: &House) -> Guest<'_> {
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let guest = house.guest(PERSON).await;
    guest.walk_to(view::Step::Identity).await;
    guest
}

fn person() -> PersonInput {
    let it = PERSON.resident;
    PersonInput::resident(it.name, it.id_number, it.phone)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_document_is_checked_by_its_own_rule() {
    let house = House::new().await;
    let actor = house.sender().await;
    let others = PEOPLE.iter().filter(|it| it.document != IdKind::ResidentId);
    for (n, resident) in others.enumerate() {
        let email: &'static str = Box::leak(format!("guest{n}@example.com").into_boxed_str());
        let cast = Cast { resident, company: None, email };
        send_to(&house, &actor, &cast, None).await;
        let guest = house.guest(cast).await;
        guest.walk_to(view::Step::Identity).await;
        let input = PersonInput {
            document: resident.document.into(),
            ..PersonInput::resident(resident.name, resident.id_number, resident.phone)
        };
        // The number of one kind is none of another: nobody is asked.
        let wrong = PersonInput { document: view::IdKind::ResidentId, ..input.clone() };
        let wrong = refusal(ceremony::identity(&house.service, &guest.signer, &wrong).await);
        assert_eq!(wrong.code(), "id_number_invalid", "{}", resident.name);
        let shown = ceremony::identity(&house.service, &guest.signer, &input).await.unwrap();
        assert_eq!(shown.identity.state, IdentityState::CodeSent, "{}", resident.name);
        let digits = code(&house.service, resident.phone).await;
        let shown = ceremony::identity_code(&house.service, &guest.signer, &digits).await.unwrap();
        assert_eq!(shown.identity.assurance, Some(Assurance::Substantial));
        guest.walk_to(view::Step::Done).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn four_elements_compare_the_card_and_two_show_less() {
    let house = House::new().await;
    let guest = at_identity(&house).await;
    let (service, signer, it) = (&house.service, &guest.signer, PERSON.resident);
    let four = |card: &str| PersonInput {
        bank_card: Some(card.to_owned()),
        ..person().by(IdentityMethod::FourElements)
    };
    let checksum = refusal(ceremony::identity(service, signer, &four("6222021000112000047")).await);
    assert_eq!(checksum, Refusal::BankCardInvalid { reason: "checksum" });
    let other = refusal(ceremony::identity(service, signer, &four(PEOPLE[0].bank_card)).await);
    assert_eq!(other, Refusal::IdentityRefused { reason: "bank_card" });
    ceremony::identity(service, signer, &four(it.bank_card)).await.unwrap();
    let digits = code(service, it.phone).await;
    let shown = ceremony::identity_code(service, signer, &digits).await.unwrap().identity;
    assert_eq!(
        (shown.assurance, shown.how),
        (Some(Assurance::Substantial), ["register", "bank_card", "phone_code"].map(str::to_owned).to_vec(),)
    );
    // A code to a phone that nobody compared says little: the standard policy does not take it.
    let guest = house.guest(AGENT).await;
    guest.walk_to(view::Step::Identity).await;
    let it = AGENT.resident;
    let two = PersonInput::resident(it.name, it.id_number, "13900000000").by(IdentityMethod::TwoElements);
    let refused = refusal(ceremony::identity(service, &guest.signer, &two).await);
    assert_eq!(refused, Refusal::MethodUnavailable);
    let offered = guest.show().await.identity.methods;
    assert!(
        offered.iter().all(|it| it.method != IdentityMethod::TwoElements && it.assurance > Assurance::Low)
    );
    // The simple one does.
    let actor = sender(service, "other@example.com").await;
    let cast = Cast { resident: it, company: None, email: "alone@example.com" };
    send_to(&house, &actor, &cast, Some("simple")).await;
    let guest = house.guest(cast).await;
    guest.walk_to(view::Step::Identity).await;
    ceremony::identity(service, &guest.signer, &two).await.unwrap();
    let digits = code(service, "13900000000").await;
    let shown = ceremony::identity_code(service, &guest.signer, &digits).await.unwrap().identity;
    assert_eq!(shown.assurance, Some(Assurance::Low));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_offers_is_refused_before_anything_is_asked() {
    let house = House::new().await;
    let guest = at_identity(&house).await;
    let input = PersonInput {
        document: view::IdKind::Passport,
        id_number: "19AB12345".to_owned(),
        ..person().by(IdentityMethod::FaceAlipay)
    };
    let refused = refusal(ceremony::identity(&house.service, &guest.signer, &input).await);
    assert_eq!(refused, Refusal::MethodUnavailable);
    assert_eq!(guest.show().await.identity.state, IdentityState::None);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusing_the_consent_gives_up_the_code_and_consenting_again_goes_on() {
    let house = House::new().await;
    let guest = at_identity(&house).await;
    let (service, signer) = (&house.service, &guest.signer);
    ceremony::identity(service, signer, &person()).await.unwrap();
    let shown =
        ceremony::identity_refuse(service, signer, DataPurpose::Identity, Locale::ZhCn).await.unwrap();
    assert_eq!(shown.identity.state, IdentityState::None);
    assert!(shown.identity.consents.identity_refused);
    house.pass(SignedDuration::from_secs(61));
    ceremony::identity(service, signer, &person()).await.unwrap();
    assert!(!guest.show().await.identity.consents.identity_refused);
}

/// Tencent Cloud in place of the sandbox register.
fn tencent(
    stand_in: &mut Option<Arc<StandIn>>,
) -> impl FnOnce(&Foundation, &Arc<testkit::FixedClock>) -> Providers {
    |foundation, clock| {
        let server = StandIn::start(clock.clone());
        for it in [PERSON.resident, AGENT.resident] {
            server.register.add_person(it.name, it.id_number, it.phone, it.bank_card);
        }
        let template = SmsTemplate {
            id: "1110".to_owned(),
            signature: "朱砂".to_owned(),
            places: vec!["code".to_owned(), "minutes".to_owned()],
        };
        let config = Config {
            endpoint: Some(server.endpoint()),
            sms_application: Some(StandIn::SMS_APPLICATION.to_owned()),
            sms_templates: SmsTemplates::from([("code.zh-CN".to_owned(), template)]),
            ..Config::new(StandIn::SECRET_ID, Secret::new(StandIn::SECRET_KEY))
        };
        let limits = Limits {
            pause: Duration::from_millis(2),
            longest_pause: Duration::from_millis(4),
            failures: 2,
            ..Limits::default()
        };
        let context = Context::with(clock.clone(), Arc::clone(&foundation.rng), Roots::Machine, limits);
        let sandbox = Providers::sandbox(foundation);
        *stand_in = Some(server);
        let tencent = Arc::new(Tencent::new(config, context).unwrap());
        let people: Vec<Arc<dyn PersonProvider>> = vec![Arc::<Tencent>::clone(&tencent)];
        Providers::new(people, sandbox.organizations, sandbox.payouts).with_carrier(Some(tencent))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_carrier_brings_the_code_once() {
    let mut stand_in = None;
    let house = House::asking(tencent(&mut stand_in)).await;
    let stand_in = stand_in.unwrap();
    let guest = at_identity(&house).await;
    ceremony::identity(&house.service, &guest.signer, &person()).await.unwrap();
    jobs::run_due(&house.service).await.unwrap();
    jobs::run_due(&house.service).await.unwrap();
    let heard = stand_in.stage.heard();
    let sent: Vec<_> = heard.iter().filter(|it| it.action == "SendSms").collect();
    assert_eq!(sent.len(), 1);
    let [digits, minutes] = [0, 1].map(|place| sent[0].content["TemplateParamSet"][place].as_str().unwrap());
    assert_eq!((digits.len(), minutes), (6, "5"));
    let outbox = vermilion_service::notify::outbox(&house.service, Some(PERSON.resident.phone), None).await;
    assert!(outbox.unwrap().items.iter().all(|it| it.code.is_none()), "nobody else reads it");
    let shown = ceremony::identity_code(&house.service, &guest.signer, digits).await.unwrap();
    assert_eq!(shown.identity.state, IdentityState::Verified);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_does_not_answer_is_left_alone_for_a_while_and_nothing_is_kept() {
    let mut stand_in = None;
    let house = House::asking(tencent(&mut stand_in)).await;
    let stand_in = stand_in.unwrap();
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Parallel).await;
    let guest = house.guest(PERSON).await;
    guest.walk_to(view::Step::Identity).await;
    let ask = async || ceremony::identity(&house.service, &guest.signer, &person()).await;
    stand_in.stage.play([Play::Status(502), Play::Malformed, Play::Status(500), Play::Status(500)]);
    for _ in 0..4 {
        assert_eq!(refusal(ask().await).code(), "provider_unavailable");
    }
    let asked = stand_in.stage.heard().len();
    let resting = refusal(ask().await);
    assert!(matches!(resting, Refusal::ProviderUnavailable { retry_after: 1..=60 }), "{resting:?}");
    assert_eq!(stand_in.stage.heard().len(), asked, "it is not asked while it rests");
    assert_eq!(guest.show().await.identity.state, IdentityState::None);
    house.pass(SignedDuration::from_mins(2));
    assert_eq!(ask().await.unwrap().identity.state, IdentityState::CodeSent);
    let events = envelope::events(&house.service, &actor, id).await.unwrap();
    assert_eq!(events.items.iter().filter(|it| it.kind == "identity.unavailable").count(), 5);
}

/// Says yes to everybody, always under the same transaction.
struct Parrot(Arc<testkit::FixedClock>);

#[async_trait]
impl PersonProvider for Parrot {
    fn name(&self) -> &'static str {
        "parrot"
    }

    fn supports(&self, _: PersonMethod, _: IdKind) -> bool {
        true
    }

    async fn start(&self, check: &PersonCheck) -> Result<Answer<PersonVerdict>, ProviderError> {
        Ok(Answer {
            provider: "parrot",
            transaction: "always-the-same".to_owned(),
            verdict: PersonVerdict::Passed { factors: check.method.factors().to_vec(), score: None },
            raw: b"yes".to_vec(),
            at: domain::Clock::now(&*self.0),
        })
    }

    async fn poll(&self, check: &PersonCheck, _: &Pending) -> Result<Answer<PersonVerdict>, ProviderError> {
        self.start(check).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_verifies_once() {
    let house = House::asking(|foundation, clock| {
        let sandbox = Providers::sandbox(foundation);
        Providers::new(vec![Arc::new(Parrot(clock.clone()))], sandbox.organizations, sandbox.payouts)
    })
    .await;
    let guest = at_identity(&house).await;
    ceremony::identity(&house.service, &guest.signer, &person()).await.unwrap();
    let other = house.guest(AGENT).await;
    other.walk_to(view::Step::Identity).await;
    let it = AGENT.resident;
    let input = PersonInput::resident(it.name, it.id_number, it.phone);
    let replayed = refusal(ceremony::identity(&house.service, &other.signer, &input).await);
    assert_eq!(replayed.code(), "provider_unavailable");
    assert_eq!(other.show().await.identity.state, IdentityState::None);
}

/// Says yes to everybody, once it is told to.
struct Slow(Arc<testkit::FixedClock>, Arc<tokio::sync::Semaphore>);

#[async_trait]
impl PersonProvider for Slow {
    fn name(&self) -> &'static str {
        "slow"
    }

    fn supports(&self, _: PersonMethod, _: IdKind) -> bool {
        true
    }

    async fn start(&self, check: &PersonCheck) -> Result<Answer<PersonVerdict>, ProviderError> {
        let (at, order) = (domain::Clock::now(&*self.0), check.order.clone());
        self.1.acquire().await.unwrap().forget();
        let until = at + SignedDuration::from_mins(10);
        let verdict = match check.method.is_face() {
            true => PersonVerdict::Pending(Pending { transaction: order.clone(), continue_at: None, until }),
            false => PersonVerdict::Passed { factors: check.method.factors().to_vec(), score: None },
        };
        Ok(Answer { provider: "slow", transaction: order, verdict, raw: b"yes".to_vec(), at })
    }

    async fn poll(&self, check: &PersonCheck, _: &Pending) -> Result<Answer<PersonVerdict>, ProviderError> {
        self.start(check).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_refuses_while_a_provider_is_asked_is_not_verified_by_its_answer() {
    let answers = Arc::new(tokio::sync::Semaphore::new(0));
    let house = House::asking(|foundation, clock| {
        let sandbox = Providers::sandbox(foundation);
        let slow = Slow(clock.clone(), Arc::clone(&answers));
        Providers::new(vec![Arc::new(slow)], sandbox.organizations, sandbox.payouts)
    })
    .await;
    let guest = at_identity(&house).await;
    let face = PersonInput { phone: None, ..person().by(IdentityMethod::FaceAlipay) };
    for (input, purpose) in [(person(), DataPurpose::Identity), (face, DataPurpose::Face)] {
        let (service, signer) = (house.service.clone(), guest.signer.clone());
        let asked = tokio::spawn(async move { ceremony::identity(&service, &signer, &input).await });
        let records = open_records(house.data()).await;
        let mut tries = 0;
        while records.read().await.unwrap().overdue_identities(late(), late(), 1).await.unwrap().is_empty() {
            tries += 1;
            assert!(tries < 500, "the provider is not asked");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        ceremony::identity_refuse(&house.service, &guest.signer, purpose, Locale::En).await.unwrap();
        answers.add_permits(1);
        assert_eq!(asked.await.unwrap().unwrap().identity.state, IdentityState::None);
        assert_eq!(guest.show().await.identity.state, IdentityState::None);
        jobs::run_due(&house.service).await.unwrap();
        let page = vermilion_service::notify::outbox(&house.service, Some(PERSON.resident.phone), None).await;
        assert!(page.unwrap().items.iter().all(|it| it.code.is_none()), "no code is sent");
        house.pass(SignedDuration::from_secs(61));
    }
}

fn late() -> jiff::Timestamp {
    "2100-01-01T00:00:00Z".parse().unwrap()
}

/// Opens a page, and never tells how a check ended.
struct Silent(Arc<testkit::FixedClock>);

#[async_trait]
impl PersonProvider for Silent {
    fn name(&self) -> &'static str {
        "silent"
    }

    fn supports(&self, _: PersonMethod, _: IdKind) -> bool {
        true
    }

    async fn start(&self, check: &PersonCheck) -> Result<Answer<PersonVerdict>, ProviderError> {
        let at = domain::Clock::now(&*self.0);
        let pending = Pending {
            transaction: check.order.clone(),
            continue_at: None,
            until: at + SignedDuration::from_mins(10),
        };
        let (provider, transaction) = ("silent", check.order.clone());
        Ok(Answer { provider, transaction, verdict: PersonVerdict::Pending(pending), raw: Vec::new(), at })
    }

    async fn poll(&self, _: &PersonCheck, _: &Pending) -> Result<Answer<PersonVerdict>, ProviderError> {
        std::future::pending().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_stays_silent_holds_back_no_message() {
    let house = House::asking(|foundation, clock| {
        let sandbox = Providers::sandbox(foundation);
        Providers::new(vec![Arc::new(Silent(clock.clone()))], sandbox.organizations, sandbox.payouts)
    })
    .await;
    let guest = at_identity(&house).await;
    let face = PersonInput { phone: None, ..person().by(IdentityMethod::FaceAlipay) };
    ceremony::identity(&house.service, &guest.signer, &face).await.unwrap();
    house.pass(SignedDuration::from_mins(11));
    let _runner = jobs::start(&house.service);
    // By now the sweep asks how the overdue check ended.
    tokio::time::sleep(Duration::from_millis(300)).await;
    vermilion_service::account::ask_password_reset(&house.service, "sender@example.com").await.unwrap();
    for _ in 0..250 {
        let page =
            vermilion_service::notify::outbox(&house.service, Some("reset-password"), None).await.unwrap();
        if !page.items.is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the mail waits for the provider");
}

#[tokio::test(flavor = "multi_thread")]
async fn personal_data_are_erased_and_the_proof_stays() {
    let house = House::configured(|mut config| {
        config.identity_retention_days = 30;
        config
    })
    .await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Parallel).await;
    let guest = house.guest(PERSON).await;
    guest.walk_to(view::Step::Done).await;
    house.pass(SignedDuration::from_hours(24 * (365 + 29)));
    jobs::sweep(&house.service).await.unwrap();
    let events = envelope::events(&house.service, &actor, id).await.unwrap();
    assert!(
        events.items.iter().all(|it| it.kind != "identity.erased"),
        "it is kept for as long as it has to be"
    );
    house.pass(SignedDuration::from_hours(24 * 2));
    jobs::sweep(&house.service).await.unwrap();
    let events = envelope::events(&house.service, &actor, id).await.unwrap();
    let kinds: Vec<_> = events.items.iter().map(|it| it.kind.as_str()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "identity.erased").count(), 1, "{kinds:?}");
    jobs::sweep(&house.service).await.unwrap();
    let again = envelope::events(&house.service, &actor, id).await.unwrap();
    assert_eq!(again.items.len(), events.items.len(), "once");
    // The report still says who checked what, with the digest of the answer.
    let report = envelope::report(&house.service, &actor, id).await.unwrap();
    assert!(report.source.len() > 1000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_comes_back_is_told_and_another_account_can_be_named() {
    let house = House::new().await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let guest = house.guest(AGENT).await;
    guest.walk_to(view::Step::Organization).await;
    guest.step().await;
    guest.step().await;
    let (service, company) = (&house.service, AGENT.company.unwrap());
    let organization = async || guest.show().await.organization.unwrap();
    assert_eq!(organization().await.state, view::OrganizationState::PaymentSent);
    let bank = sandbox::bank(service, Some(company.account_number)).await.unwrap();
    let transfer = &bank.transfers[0];
    sandbox::return_transfer(service, transfer.id.parse().unwrap()).await.unwrap();
    // Whoever tells an amount now has not seen it.
    let fen = u32::try_from(transfer.amount_fen).unwrap();
    let refused = refusal(ceremony::payment_confirm(service, &guest.signer, fen).await);
    assert_eq!(refused, Refusal::PaymentFailed { reason: "returned".to_owned() });
    assert_eq!(organization().await.state, view::OrganizationState::RegistryChecked);
    // Transfers of the same moment have no order.
    house.pass(SignedDuration::from_secs(1));
    guest.walk_to(view::Step::Document).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn four_elements_of_a_company_compare_its_leaders_number() {
    let house = House::new().await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let guest = house.guest(AGENT).await;
    guest.walk_to(view::Step::Organization).await;
    let it = AGENT.company.unwrap();
    let ask = async |number| {
        let (service, signer) = (&house.service, &guest.signer);
        ceremony::organization(
            service,
            signer,
            it.name,
            it.credit_code,
            it.legal_representative,
            Some(number),
        )
        .await
    };
    let wrong = refusal(ask("11010519860214102X").await);
    assert_eq!(wrong, Refusal::OrganizationMismatch { what: "legal_representative_id" });
    let shown = ask("440305197811033036").await.unwrap().organization.unwrap();
    assert_eq!(shown.state, view::OrganizationState::RegistryChecked);
}
