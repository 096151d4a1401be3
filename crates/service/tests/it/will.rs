//! The check of the will, apart from the key: codes, faces and passkeys, each for one activation.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use domain::policy::{Custody, WillCheck, WillWay};
use domain::{EnvelopeId, IdKind};
use jiff::SignedDuration;
use providers::{
    Answer, Continue, Factor, Notice, NoticeReply, OpensIn, Pending, PersonCheck, PersonMethod,
    PersonProvider, PersonRefusal, PersonVerdict, ProviderError,
};
use vermilion_service::account::Actor;
use vermilion_service::ceremony::{self, Agreement, WillChoice};
use vermilion_service::identity::{ConsentInput, PersonInput, Providers, Received, consent, notice};
use vermilion_service::policy;
use vermilion_service::sandbox::{FaceOutcome, play_face};
use vermilion_service::view::{IdentityMethod, WillState};
use vermilion_service::{Error, Locale, Refusal, envelope, jobs, notify, view};

use crate::authenticator::Authenticator;
use crate::control::{futures_join, own, shown};
use crate::killed::open_records;
use crate::signers::{Cast, Guest, House, PERSON, PIN, code, refusal, send_with};

/// An envelope under a policy that asks for one of these checks, and its person about to confirm.
async fn asked<'a>(
    house: &'a House,
    custody: Vec<Custody>,
    will: WillCheck,
) -> (Actor, EnvelopeId, Guest<'a>) {
    let actor = house.sender().await;
    policy::write(&house.service, &actor, own("careful", custody, will)).await.unwrap();
    let (id, _) = house.sent_under(&actor, "careful").await;
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Confirm).await;
    (actor, id, person)
}

fn any(ways: &[WillWay]) -> WillCheck {
    WillCheck::AnyOf(ways.to_vec())
}

fn by(way: WillWay) -> WillChoice {
    let words =
        ConsentInput { version: consent::VERSION.to_owned(), locale: Locale::ZhCn, face: true, photo: false };
    WillChoice { by: Some(way), method: None, consent: (way == WillWay::Face).then_some(words) }
}

fn pin(pin: &str) -> Agreement {
    Agreement { pin: Some(pin.into()), ..Agreement::default() }
}

fn coded(pin_typed: &str, code: &str) -> Agreement {
    Agreement { code: Some(code.to_owned()), ..pin(pin_typed) }
}

impl Guest<'_> {
    async fn offers(&self, choice: &WillChoice) -> Result<view::Activation, Error> {
        let shown = shown(&self.show().await);
        ceremony::offer(self.service, &self.signer, Locale::ZhCn, shown, choice).await
    }

    async fn agrees(
        &self,
        activation: &view::Activation,
        brought: Agreement,
    ) -> Result<view::Ceremony, Error> {
        ceremony::sign_offered(self.service, &self.signer, activation.id.parse().unwrap(), brought).await
    }

    async fn stands(&self, activation: &view::Activation) -> Result<view::WillAsked, Error> {
        ceremony::will(self.service, &self.signer, activation.id.parse().unwrap()).await
    }

    async fn shows_face_to_sign(&self, activation: &view::Activation, outcome: FaceOutcome) {
        let page = activation.will.as_ref().unwrap().page.as_ref().expect("a page");
        play_face(self.service, page.url.rsplit('/').next().unwrap(), outcome).await.unwrap();
    }
}

async fn count(house: &House, actor: &Actor, id: EnvelopeId, kind: &str) -> usize {
    let events = envelope::events(&house.service, actor, id).await.unwrap();
    events.items.iter().filter(|it| it.kind == kind).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_for_its_own_activation_and_is_guessed_a_few_times_only() {
    let house = House::new().await;
    let (actor, id, person) = asked(&house, vec![Custody::Pin], WillCheck::Code).await;
    assert_eq!(refusal(person.sign(PIN).await), Refusal::WillMissing, "the PIN alone is not enough");
    let choice = WillChoice::default();
    let first = person.offers(&choice).await.unwrap();
    let first_code = code(&house.service, person.cast.resident.phone).await;
    assert_eq!(refusal(person.offers(&choice).await), Refusal::ResendTooSoon { retry_after: 60 });
    house.pass(SignedDuration::from_secs(60));
    let second = person.offers(&choice).await.unwrap();
    let second_code = code(&house.service, person.cast.resident.phone).await;
    assert_eq!(refusal(person.agrees(&first, pin(PIN)).await), Refusal::WillMissing);
    assert_ne!(first_code, second_code, "the seed gives different codes");
    let refused = person.agrees(&first, coded(PIN, &second_code)).await;
    assert_eq!(refusal(refused), Refusal::CodeWrong { tries_left: 4 });
    for left in [3, 2, 1] {
        let refused = person.agrees(&first, coded(PIN, "000000")).await;
        assert_eq!(refusal(refused), Refusal::CodeWrong { tries_left: left });
    }
    for typed in ["000000", first_code.as_str()] {
        let refused = refusal(person.agrees(&first, coded(PIN, typed)).await);
        assert!(matches!(refused, Refusal::CodeLocked { .. }), "{refused:?}");
    }
    // The tries are the signer's: those of another activation are used up with them.
    let refused = refusal(person.agrees(&second, coded(PIN, &second_code)).await);
    assert!(matches!(refused, Refusal::CodeLocked { .. }), "{refused:?}");
    house.pass(SignedDuration::from_mins(16));
    let third = person.offers(&choice).await.unwrap();
    let third_code = code(&house.service, person.cast.resident.phone).await;
    let signed = person.agrees(&third, coded(PIN, &third_code)).await.unwrap();
    assert_eq!(signed.step, view::Step::Done);
    let counts = ["will.code_sent", "will.confirmed", "will.code_wrong", "will.locked"];
    let mut found = Vec::new();
    for kind in counts {
        found.push(count(&house, &actor, id, kind).await);
    }
    assert_eq!(found, [3, 1, 5, 1]);
    // The signer hears of the use of their key.
    jobs::run_due(&house.service).await.unwrap();
    let mails = notify::outbox(&house.service, Some(person.cast.email), None).await.unwrap();
    let told = mails.items.iter().filter(|it| it.subject.contains("您的签名密钥")).count();
    assert_eq!(told, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_on_codes_holds_for_the_next_activation_too() {
    let house = House::new().await;
    let (_, _, person) = asked(&house, vec![Custody::Pin], WillCheck::Code).await;
    let offered = person.offers(&WillChoice::default()).await.unwrap();
    for _ in 0..5 {
        refusal(person.agrees(&offered, coded(PIN, "000000")).await);
    }
    house.pass(SignedDuration::from_mins(2));
    let refused = refusal(person.offers(&WillChoice::default()).await);
    assert!(matches!(refused, Refusal::CodeLocked { .. }), "{refused:?}");
    house.pass(SignedDuration::from_mins(15));
    let offered = person.offers(&WillChoice::default()).await.unwrap();
    let typed = code(&house.service, person.cast.resident.phone).await;
    assert_eq!(person.agrees(&offered, coded(PIN, &typed)).await.unwrap().step, view::Step::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_pin_after_a_right_code_costs_no_other_code() {
    let house = House::new().await;
    let (actor, id, person) = asked(&house, vec![Custody::Pin], any(&[WillWay::Email])).await;
    let offered = person.offers(&by(WillWay::Email)).await.unwrap();
    let to = offered.will.as_ref().unwrap().to.clone().unwrap();
    assert!(to.contains('*') && to.ends_with("@example.com"), "{to}");
    let typed = code(&house.service, person.cast.email).await;
    for left in [4, 3] {
        let refused = person.agrees(&offered, coded("111222", &typed)).await;
        assert_eq!(refusal(refused), Refusal::PinWrong { tries_left: left });
        assert_eq!(person.stands(&offered).await.unwrap().state, WillState::Passed);
    }
    // The code is used up, and no longer asked for.
    let signed = person.agrees(&offered, pin(PIN)).await.unwrap();
    assert_eq!(signed.step, view::Step::Done);
    assert_eq!(count(&house, &actor, id, "will.code_sent").await, 1);
    assert_eq!(count(&house, &actor, id, "will.confirmed").await, 1);
    assert_eq!(count(&house, &actor, id, "key.pin_wrong").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_will_is_good_for_its_activation_and_its_time() {
    let house = House::new().await;
    let (_, _, person) = asked(&house, vec![Custody::Pin], any(&[WillWay::Email])).await;
    let offered = person.offers(&by(WillWay::Email)).await.unwrap();
    let typed = code(&house.service, person.cast.email).await;
    refusal(person.agrees(&offered, coded("111222", &typed)).await);
    house.pass(SignedDuration::from_mins(5));
    assert_eq!(refusal(person.agrees(&offered, pin(PIN)).await), Refusal::ActivationExpired);
    let other = person.offers(&by(WillWay::Email)).await.unwrap();
    assert_eq!(refusal(person.agrees(&other, pin(PIN)).await), Refusal::WillMissing);
    let refused = refusal(person.agrees(&other, coded(PIN, &typed)).await);
    assert!(matches!(refused, Refusal::CodeWrong { .. }), "{refused:?}");
    let typed = code(&house.service, person.cast.email).await;
    let uses = (0..6).map(|_| person.agrees(&other, coded(PIN, &typed)));
    let results = futures_join(uses.collect()).await;
    assert!(results.iter().any(Result::is_ok), "one of six at once wins");
    for result in results {
        match result {
            Ok(ceremony) => assert_eq!(ceremony.step, view::Step::Done),
            Err(Error::Refused(why)) => assert_eq!(why, Refusal::ActivationUsed),
            Err(other) => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_signer_chooses_among_what_the_policy_allows_and_a_face_is_never_the_only_way() {
    let house = House::new().await;
    let actor = house.sender().await;
    let alone = own("face", vec![Custody::Pin], any(&[WillWay::Face]));
    let refused = policy::write(&house.service, &actor, alone).await;
    assert_eq!(refusal(refused), Refusal::PolicyInvalid { what: "will" });
    let ways = any(&[WillWay::Sms, WillWay::Face, WillWay::Email]);
    policy::write(&house.service, &actor, own("careful", vec![Custody::Pin], ways)).await.unwrap();
    house.sent_under(&actor, "careful").await;
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Confirm).await;
    let shown = person.show().await;
    let offered: Vec<_> = shown.will.iter().map(|it| it.by).collect();
    assert_eq!(offered, [WillWay::Email, WillWay::Face, WillWay::Sms]);
    assert!(shown.will[1].methods.contains(&IdentityMethod::FaceAlipay));
    let refused = person.offers(&by(WillWay::Passkey)).await;
    assert_eq!(refusal(refused), Refusal::WillUnavailable { way: "passkey" });
    // The face is consented to for itself.
    let refused = person.offers(&WillChoice { consent: None, ..by(WillWay::Face) }).await;
    assert_eq!(refusal(refused), Refusal::DataConsentMissing { purpose: "face" });
    // Who says nothing is sent a code.
    let offered = person.offers(&WillChoice::default()).await.unwrap();
    assert_eq!(offered.will.unwrap().by, WillWay::Email);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_face_is_shown_anew_for_one_activation() {
    let house = House::new().await;
    let (actor, id, person) = asked(&house, vec![Custody::Pin], any(&[WillWay::Sms, WillWay::Face])).await;
    let offered = person.offers(&by(WillWay::Face)).await.unwrap();
    assert_eq!(person.stands(&offered).await.unwrap().state, WillState::Open);
    assert_eq!(refusal(person.agrees(&offered, pin(PIN)).await), Refusal::WillMissing, "not shown yet");
    for (outcome, why) in [
        (FaceOutcome::SomebodyElse, "face_mismatch"),
        (FaceOutcome::Photograph, "face_not_live"),
        (FaceOutcome::Left, "cancelled"),
    ] {
        let another = person.offers(&by(WillWay::Face)).await.unwrap();
        person.shows_face_to_sign(&another, outcome).await;
        let refused = person.agrees(&another, pin(PIN)).await;
        assert_eq!(refusal(refused), Refusal::IdentityRefused { reason: why });
        let stands = person.stands(&another).await.unwrap();
        assert_eq!((stands.state, stands.refused.as_deref()), (WillState::Refused, Some(why)));
        // What was refused stays so, whatever is played later.
        person.shows_face_to_sign(&another, FaceOutcome::Passed).await;
        let refused = person.agrees(&another, pin(PIN)).await;
        assert_eq!(refusal(refused), Refusal::IdentityRefused { reason: why });
    }
    // A face that was shown for one activation is none for another.
    person.shows_face_to_sign(&offered, FaceOutcome::Passed).await;
    let other = person.offers(&by(WillWay::Face)).await.unwrap();
    assert_eq!(refusal(person.agrees(&other, pin(PIN)).await), Refusal::WillMissing);
    // A wrong PIN costs no other face.
    let refused = person.agrees(&offered, pin("111222")).await;
    assert_eq!(refusal(refused), Refusal::PinWrong { tries_left: 4 });
    assert_eq!(person.agrees(&offered, pin(PIN)).await.unwrap().step, view::Step::Done);
    assert_eq!(count(&house, &actor, id, "will.face_asked").await, 5);
    assert_eq!(count(&house, &actor, id, "will.face_refused").await, 3);
    assert_eq!(count(&house, &actor, id, "will.confirmed").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_face_that_comes_too_late_changes_nothing() {
    let house = House::new().await;
    let (actor, id, person) = asked(&house, vec![Custody::Pin], any(&[WillWay::Sms, WillWay::Face])).await;
    let offered = person.offers(&by(WillWay::Face)).await.unwrap();
    house.pass(SignedDuration::from_mins(10));
    person.shows_face_to_sign(&offered, FaceOutcome::Passed).await;
    assert_eq!(refusal(person.stands(&offered).await), Refusal::ActivationExpired);
    assert_eq!(refusal(person.agrees(&offered, pin(PIN)).await), Refusal::ActivationExpired);
    assert_eq!(count(&house, &actor, id, "will.confirmed").await, 0);
    let other = person.offers(&by(WillWay::Face)).await.unwrap();
    person.shows_face_to_sign(&other, FaceOutcome::Passed).await;
    assert_eq!(person.agrees(&other, pin(PIN)).await.unwrap().step, view::Step::Done);
}

/// A provider of faces that answers as it is told.
#[derive(Default)]
struct Script {
    answers: Mutex<Vec<(String, PersonVerdict)>>,
    orders: Mutex<Vec<String>>,
}

struct Scripted(Arc<Script>, Arc<testkit::FixedClock>);

impl Script {
    fn next(&self, transaction: &str, verdict: PersonVerdict) {
        self.answers.lock().unwrap().push((transaction.to_owned(), verdict));
    }
}

impl Scripted {
    fn answer(&self, check: &PersonCheck) -> Answer<PersonVerdict> {
        self.0.orders.lock().unwrap().push(check.order.clone());
        let (transaction, verdict) = self.0.answers.lock().unwrap().remove(0);
        let at = domain::Clock::now(&*self.1);
        Answer { provider: "scripted", raw: transaction.clone().into_bytes(), transaction, verdict, at }
    }
}

fn pending(transaction: &str, clock: &testkit::FixedClock) -> PersonVerdict {
    let url = "https://faces.example/look".to_owned();
    let page = Continue { qr: url.clone(), app_link: None, url, opens_in: OpensIn::Browser };
    let until = domain::Clock::now(clock) + SignedDuration::from_mins(30);
    PersonVerdict::Pending(Pending { transaction: transaction.to_owned(), continue_at: Some(page), until })
}

fn passed(factors: &[Factor]) -> PersonVerdict {
    PersonVerdict::Passed { factors: factors.to_vec(), score: Some(97) }
}

const FACE: [Factor; 3] = [Factor::Name, Factor::IdNumber, Factor::Face];

#[async_trait]
impl PersonProvider for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn supports(&self, method: PersonMethod, _: IdKind) -> bool {
        method == PersonMethod::FaceAlipay
    }

    async fn start(&self, check: &PersonCheck) -> Result<Answer<PersonVerdict>, ProviderError> {
        Ok(self.answer(check))
    }

    async fn poll(&self, check: &PersonCheck, _: &Pending) -> Result<Answer<PersonVerdict>, ProviderError> {
        Ok(self.answer(check))
    }

    fn notice(&self, received: &Received) -> Result<Notice, ProviderError> {
        let reply = NoticeReply { status: 200, body: "ok" };
        let transaction = Some(received.query.clone());
        Ok(Notice { transaction, order_number: None, reply })
    }
}

async fn scripted() -> (House, Arc<Script>) {
    let script = Arc::new(Script::default());
    let told = Arc::clone(&script);
    let house = House::asking(move |foundation, clock| {
        Providers::sandbox(foundation).behind(vec![Arc::new(Scripted(told, Arc::clone(clock)))], None)
    })
    .await;
    (house, script)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_providers_transaction_counts_once() {
    let (house, script) = scripted().await;
    let (actor, id, person) = asked(&house, vec![Custody::Pin], any(&[WillWay::Sms, WillWay::Face])).await;
    let face = by(WillWay::Face);
    script.next("T1", pending("T1", &house.clock));
    let first = person.offers(&face).await.unwrap();
    assert_eq!(
        *script.orders.lock().unwrap(),
        std::slice::from_ref(&first.id),
        "the order is the activation"
    );
    script.next("T1", passed(&FACE));
    assert_eq!(person.stands(&first).await.unwrap().state, WillState::Passed);
    // The same transaction for another activation: begun with, or answered with.
    script.next("T1", pending("T1", &house.clock));
    let refused = refusal(person.offers(&face).await);
    assert!(matches!(refused, Refusal::ProviderUnavailable { .. }), "{refused:?}");
    script.next("T2", pending("T2", &house.clock));
    let second = person.offers(&face).await.unwrap();
    script.next("T1", passed(&FACE));
    let refused = refusal(person.agrees(&second, pin(PIN)).await);
    assert!(matches!(refused, Refusal::ProviderUnavailable { .. }), "{refused:?}");
    let refused = refusal(person.agrees(&second, pin(PIN)).await);
    assert!(matches!(refused, Refusal::ProviderUnavailable { .. }), "it stays refused: {refused:?}");
    assert_eq!(count(&house, &actor, id, "will.face_replayed").await, 2);
    // An answer that says nothing of a face shows none.
    script.next("T3", pending("T3", &house.clock));
    let third = person.offers(&face).await.unwrap();
    script.next("T3", passed(&[Factor::Name, Factor::IdNumber]));
    assert_eq!(person.stands(&third).await.unwrap().state, WillState::Refused);
    // The first is still good, and then used.
    assert_eq!(person.agrees(&first, pin(PIN)).await.unwrap().step, view::Step::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_has_the_provider_asked_and_proves_nothing_itself() {
    let (house, script) = scripted().await;
    let (actor, id, person) = asked(&house, vec![Custody::Pin], any(&[WillWay::Sms, WillWay::Face])).await;
    script.next("T1", pending("T1", &house.clock));
    let offered = person.offers(&by(WillWay::Face)).await.unwrap();
    let received = Received { query: "T1".to_owned(), body: Vec::new() };
    script.next("T1", pending("T1", &house.clock));
    notice(&house.service, "scripted", &received).await.unwrap();
    assert_eq!(count(&house, &actor, id, "will.confirmed").await, 0, "still pending");
    script.next("T1", passed(&FACE));
    notice(&house.service, "scripted", &received).await.unwrap();
    // Asked no more: the script has nothing left to say.
    notice(&house.service, "scripted", &received).await.unwrap();
    assert_eq!(person.stands(&offered).await.unwrap().state, WillState::Passed);
    assert_eq!(person.agrees(&offered, pin(PIN)).await.unwrap().step, view::Step::Done);
    script.next("T9", PersonVerdict::Refused(PersonRefusal::FaceMismatch));
    assert_eq!(count(&house, &actor, id, "will.confirmed").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_beside_the_pin_shows_the_will_and_goes_into_the_proof() {
    let house = House::at("http://localhost:8080").await;
    let (actor, id, person) =
        asked(&house, vec![Custody::Pin], any(&[WillWay::Passkey, WillWay::Email])).await;
    let shown = person.show().await;
    let passkey = shown.will.iter().find(|it| it.by == WillWay::Passkey).unwrap();
    assert!(!passkey.registered);
    let refused = person.offers(&by(WillWay::Passkey)).await;
    assert_eq!(refusal(refused), Refusal::WillUnavailable { way: "passkey" });
    let mut phone = Authenticator::new(None);
    let options = ceremony::will_passkey_options(&house.service, &person.signer).await.unwrap();
    let (credential, _) = phone.register(&options);
    let register =
        |id: &str| ceremony::will_passkey(&house.service, &person.signer, id.parse().unwrap(), &credential);
    let ready = register(&options.id).await.unwrap();
    assert!(ready.will.iter().any(|it| it.by == WillWay::Passkey && it.registered));
    assert_eq!(refusal(register(&options.id).await), Refusal::ActivationExpired, "answered once");
    let offered = person.offers(&by(WillWay::Passkey)).await.unwrap();
    assert!(offered.passkey.is_none(), "a PIN opens the key");
    let agree = |phone: &mut Authenticator, over: &view::Activation| Agreement {
        credential: Some(phone.agree(over)),
        ..pin(PIN)
    };
    let mut thief = Authenticator::new(None);
    let refused = person.agrees(&offered, agree(&mut thief, &offered)).await;
    assert_eq!(refusal(refused), Refusal::PasskeyRefused { reason: "other_passkey" });
    let other = person.offers(&by(WillWay::Passkey)).await.unwrap();
    let refused = person.agrees(&offered, agree(&mut phone, &other)).await;
    assert_eq!(refusal(refused), Refusal::PasskeyRefused { reason: "other_challenge" });
    let credential = phone.agree(&offered);
    for left in [4, 3] {
        // The passkey is not asked again, and what it said harms nothing where it is sent again.
        let brought = Agreement { credential: Some(credential.clone()), ..pin("111222") };
        assert_eq!(refusal(person.agrees(&offered, brought).await), Refusal::PinWrong { tries_left: left });
    }
    assert_eq!(person.agrees(&offered, pin(PIN)).await.unwrap().step, view::Step::Done);
    let proof = ceremony::proof_for_sender(&house.service, &actor, id).await.unwrap();
    let proof: serde_json::Value = serde_json::from_slice(&proof).unwrap();
    let record = &proof["records"][0];
    assert_eq!(record["custody"], "pin");
    assert!(record["passkey"]["assertion"].is_object(), "{record}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_the_passkey_of_another_key_registers_one_beside_this_key() {
    let house = House::at("http://localhost:8080").await;
    let actor = house.sender().await;
    policy::write(&house.service, &actor, own("passkeys", vec![Custody::Passkey], WillCheck::Key))
        .await
        .unwrap();
    house.sent_under(&actor, "passkeys").await;
    {
        let person = house.guest(PERSON).await;
        person.walk_to(view::Step::Key).await;
        let mut old = Authenticator::new(None);
        person.passkey(&mut old).await.unwrap();
        let offered = person.offer().await.unwrap();
        person.use_activation(&offered.id, &old.agree(&offered)).await.unwrap();
    }
    let will = any(&[WillWay::Passkey]);
    policy::write(&house.service, &actor, own("careful", vec![Custody::Pin], will)).await.unwrap();
    house.sent_under(&actor, "careful").await;
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Confirm).await;
    let stands = |shown: &view::Ceremony| {
        let passkey = shown.will.iter().find(|it| it.by == WillWay::Passkey).unwrap();
        (passkey.registered, passkey.can_register)
    };
    assert_eq!(stands(&person.show().await), (true, true), "the other key's may be lost");
    let mut new = Authenticator::new(None);
    let options = ceremony::will_passkey_options(&house.service, &person.signer).await.unwrap();
    let (credential, _) = new.register(&options);
    let id = options.id.parse().unwrap();
    let ready = ceremony::will_passkey(&house.service, &person.signer, id, &credential).await.unwrap();
    assert_eq!(stands(&ready), (true, false), "the key has its own now");
    let offered = person.offers(&by(WillWay::Passkey)).await.unwrap();
    let brought = Agreement { credential: Some(new.agree(&offered)), ..pin(PIN) };
    assert_eq!(person.agrees(&offered, brought).await.unwrap().step, view::Step::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_codes_are_the_signers_over_all_activations() {
    let house = House::new().await;
    let (_, _, person) = asked(&house, vec![Custody::Pin], any(&[WillWay::Email])).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(person.offers(&by(WillWay::Email)).await.unwrap());
        house.pass(SignedDuration::from_secs(60));
    }
    for (activation, left) in open.iter().chain(&open).zip([4, 3, 2, 1]) {
        let refused = person.agrees(activation, coded(PIN, "000000")).await;
        assert_eq!(refusal(refused), Refusal::CodeWrong { tries_left: left });
        assert_eq!(person.stands(&open[2]).await.unwrap().tries_left, left);
    }
    refusal(person.agrees(&open[2], coded(PIN, "000000")).await);
    let typed = code(&house.service, person.cast.email).await;
    for activation in &open {
        let refused = refusal(person.agrees(activation, coded(PIN, &typed)).await);
        assert!(matches!(refused, Refusal::CodeLocked { .. }), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_few_wrong_faces_are_followed_by_a_rest() {
    let (house, script) = scripted().await;
    let (actor, id, person) = asked(&house, vec![Custody::Pin], any(&[WillWay::Sms, WillWay::Face])).await;
    let face = by(WillWay::Face);
    script.next("T0", pending("T0", &house.clock));
    let before = person.offers(&face).await.unwrap();
    for number in 1..=5 {
        let transaction = format!("T{number}");
        script.next(&transaction, PersonVerdict::Refused(PersonRefusal::FaceMismatch));
        let offered = person.offers(&face).await.unwrap();
        assert_eq!(person.stands(&offered).await.unwrap().state, WillState::Refused);
        house.pass(SignedDuration::from_secs(10));
    }
    let asked = script.orders.lock().unwrap().len();
    let refused = refusal(person.offers(&face).await);
    assert!(matches!(refused, Refusal::IdentityTries { .. }), "{refused:?}");
    assert_eq!(script.orders.lock().unwrap().len(), asked, "nobody is asked, and paid");
    // Nor does one count that was begun before.
    script.next("T0", passed(&FACE));
    let refused = refusal(person.agrees(&before, pin(PIN)).await);
    assert!(matches!(refused, Refusal::IdentityTries { .. }), "{refused:?}");
    assert_eq!(count(&house, &actor, id, "will.locked").await, 1);
    // Another way is open, and after the rest this one.
    let offered = person.offers(&by(WillWay::Sms)).await.unwrap();
    assert_eq!(offered.will.unwrap().by, WillWay::Sms);
    house.pass(SignedDuration::from_hours(1));
    script.next("T9", pending("T9", &house.clock));
    let offered = person.offers(&face).await.unwrap();
    script.next("T9", passed(&FACE));
    assert_eq!(person.agrees(&offered, pin(PIN)).await.unwrap().step, view::Step::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_showed_a_will_verifies_nobody_afterwards() {
    let (house, script) = scripted().await;
    let (_, _, person) = asked(&house, vec![Custody::Pin], any(&[WillWay::Email, WillWay::Face])).await;
    script.next("T1", pending("T1", &house.clock));
    let offered = person.offers(&by(WillWay::Face)).await.unwrap();
    script.next("T1", passed(&FACE));
    person.stands(&offered).await.unwrap();
    // One that came too late is used up too.
    script.next("T2", pending("T2", &house.clock));
    let late = person.offers(&by(WillWay::Face)).await.unwrap();
    let received = Received { query: "T2".to_owned(), body: Vec::new() };
    house.pass(SignedDuration::from_mins(11));
    script.next("T2", passed(&FACE));
    notice(&house.service, "scripted", &received).await.unwrap();
    assert_eq!(refusal(person.stands(&late).await), Refusal::ActivationExpired);
    let other = house.guest(PERSON).await;
    other.walk_to(view::Step::Identity).await;
    let it = PERSON.resident;
    for (transaction, passes) in [("T1", false), ("T2", false), ("T3", true)] {
        script.next(transaction, passed(&FACE));
        let input = PersonInput {
            phone: None,
            ..PersonInput::resident(it.name, it.id_number, "").by(IdentityMethod::FaceAlipay)
        };
        let answer = ceremony::identity(&house.service, &other.signer, &input).await;
        match passes {
            true => assert_eq!(answer.unwrap().identity.state, view::IdentityState::Verified),
            false => {
                let refused = refusal(answer);
                assert!(matches!(refused, Refusal::ProviderUnavailable { .. }), "{transaction}: {refused:?}");
            }
        }
        house.pass(SignedDuration::from_secs(30));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_face_whose_consent_is_taken_back_is_not_looked_at() {
    let (house, script) = scripted().await;
    let (actor, id, person) = asked(&house, vec![Custody::Pin], any(&[WillWay::Sms, WillWay::Face])).await;
    script.next("T1", pending("T1", &house.clock));
    let offered = person.offers(&by(WillWay::Face)).await.unwrap();
    let face = view::DataPurpose::Face;
    let shown = ceremony::identity_refuse(&house.service, &person.signer, face, Locale::ZhCn).await.unwrap();
    assert_eq!(shown.step, view::Step::Confirm, "who was verified otherwise stays so");
    let asked = script.orders.lock().unwrap().len();
    script.next("T1", passed(&FACE));
    let received = Received { query: "T1".to_owned(), body: Vec::new() };
    notice(&house.service, "scripted", &received).await.unwrap();
    let refused = person.agrees(&offered, pin(PIN)).await;
    assert_eq!(refusal(refused), Refusal::DataConsentMissing { purpose: "face" });
    assert_eq!(script.orders.lock().unwrap().len(), asked, "the provider is asked no more");
    assert_eq!(count(&house, &actor, id, "will.confirmed").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_back_the_consent_to_be_verified_does_not_sign() {
    let house = House::new().await;
    let (actor, id, person) = asked(&house, vec![Custody::Pin], WillCheck::Key).await;
    let purpose = view::DataPurpose::Identity;
    let shown =
        ceremony::identity_refuse(&house.service, &person.signer, purpose, Locale::ZhCn).await.unwrap();
    assert_eq!((shown.step, shown.identity.consents.identity_refused), (view::Step::Identity, true));
    assert_eq!(refusal(person.sign(PIN).await), Refusal::StepNotReady { step: "identity" });
    assert_eq!(count(&house, &actor, id, "recipient.signed").await, 0);
    // Whoever agrees again is verified again, and signs.
    person.walk_to(view::Step::Done).await;
    assert_eq!(count(&house, &actor, id, "identity.verified").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_about_faces_are_kept_as_long_as_they_are_needed() {
    let (house, script) = scripted().await;
    let (_, _, person) = asked(&house, vec![Custody::Pin], any(&[WillWay::Sms, WillWay::Face])).await;
    let records = open_records(house.data()).await;
    let kept = async |activation: &view::Activation| {
        let id = activation.id.parse().unwrap();
        records.read().await.unwrap().will_face(id).await.unwrap().unwrap()
    };
    let face = by(WillWay::Face);
    script.next("T1", pending("T1", &house.clock));
    let refused = person.offers(&face).await.unwrap();
    script.next("T1", PersonVerdict::Refused(PersonRefusal::Cancelled));
    person.stands(&refused).await.unwrap();
    let it = kept(&refused).await;
    assert!(it.answer.is_none() && it.pending.is_none() && it.answer_sha256.is_some(), "{it:?}");
    script.next("T2", pending("T2", &house.clock));
    let left = person.offers(&face).await.unwrap();
    assert!(kept(&left).await.pending.is_some());
    script.next("T3", pending("T3", &house.clock));
    let passed_one = person.offers(&face).await.unwrap();
    script.next("T3", passed(&FACE));
    person.agrees(&passed_one, pin(PIN)).await.unwrap();
    assert!(kept(&passed_one).await.answer.is_some());
    house.pass(SignedDuration::from_mins(11));
    jobs::sweep(&house.service).await.unwrap();
    let it = kept(&left).await;
    assert!(it.pending.is_none() && it.refused.is_some(), "nobody waits for it: {it:?}");
    assert!(kept(&passed_one).await.answer.is_some());
    // With the person, it goes: five years after the end of the certificate.
    house.pass(SignedDuration::from_hours(24 * 366 * 6));
    jobs::sweep(&house.service).await.unwrap();
    let it = kept(&passed_one).await;
    assert!(it.answer.is_none() && it.answer_sha256.is_some() && it.transaction.is_some(), "{it:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_a_recipient_cannot_meet_is_not_sent_under() {
    // Faces alone are offered, and give no phone.
    let script = Arc::new(Script::default());
    let house = House::asking(move |foundation, clock| {
        let sandbox = Providers::sandbox(foundation);
        let people: Vec<Arc<dyn PersonProvider>> = vec![Arc::new(Scripted(script, Arc::clone(clock)))];
        Providers::new(people, sandbox.organizations.clone(), sandbox.payouts.clone())
    })
    .await;
    let actor = house.sender().await;
    let sms = own("sms", vec![Custody::Pin], any(&[WillWay::Sms]));
    policy::write(&house.service, &actor, sms).await.unwrap();
    let mark = [view::FieldType::Signature];
    let draft = envelope::create(&house.service, &actor, Some("Lease"), None).await.unwrap();
    let patch = envelope::EnvelopePatch { policy: Some("sms".to_owned()), ..Default::default() };
    let chosen = envelope::update(&house.service, &actor, draft.id.parse().unwrap(), patch).await;
    assert_eq!(refusal(chosen), Refusal::PolicyUnmet { what: "will" }, "no phone is verified here");
    let phone_alone = Cast { email: "", ..PERSON };
    let either = own("either", vec![Custody::Pin], any(&[WillWay::Sms, WillWay::Email]));
    policy::write(&house.service, &actor, either).await.unwrap();
    send_with(&house, &actor, &PERSON, Some("either"), &mark).await.unwrap();
    let refused = refusal(send_with(&house, &actor, &phone_alone, Some("either"), &mark).await);
    assert_eq!(
        refused.code(),
        "will_email_missing",
        "a phone that the sender typed does not count: {refused}"
    );
    assert_eq!(refused.field(), Some("recipients"));
    let email = own("email", vec![Custody::Pin], any(&[WillWay::Email, WillWay::Face]));
    policy::write(&house.service, &actor, email).await.unwrap();
    let refused = refusal(send_with(&house, &actor, &phone_alone, Some("email"), &mark).await);
    assert_eq!(refused.code(), "will_email_missing", "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_the_sender_typed_gets_no_code() {
    let (house, script) = scripted().await;
    let actor = house.sender().await;
    let ways = any(&[WillWay::Sms, WillWay::Email]);
    policy::write(&house.service, &actor, own("careful", vec![Custody::Pin], ways)).await.unwrap();
    send_with(&house, &actor, &PERSON, Some("careful"), &[view::FieldType::Signature]).await.unwrap();
    let person = house.guest(PERSON).await;
    {
        let mut tx = open_records(house.data()).await.begin().await.unwrap();
        let mut recipient = tx.recipient(person.recipient).await.unwrap().unwrap();
        recipient.phone = Some(domain::Phone::parse("13900000000").unwrap());
        tx.save_recipient(&recipient).await.unwrap();
        tx.commit().await.unwrap();
    }
    // A face verifies no phone.
    person.walk_to(view::Step::Identity).await;
    script.next("T1", passed(&FACE));
    let it = PERSON.resident;
    let input = PersonInput {
        phone: None,
        ..PersonInput::resident(it.name, it.id_number, "").by(IdentityMethod::FaceAlipay)
    };
    ceremony::identity(&house.service, &person.signer, &input).await.unwrap();
    person.walk_to(view::Step::Confirm).await;
    let offered: Vec<WillWay> = person.show().await.will.iter().map(|it| it.by).collect();
    assert_eq!(offered, [WillWay::Email]);
    let refused = refusal(person.offers(&by(WillWay::Sms)).await);
    assert_eq!(refused, Refusal::WillUnavailable { way: "sms" });
}

#[tokio::test(flavor = "multi_thread")]
async fn who_confirms_by_text_message_alone_is_verified_with_a_phone() {
    let house = House::new().await;
    let actor = house.sender().await;
    let sms = own("sms", vec![Custody::Pin], any(&[WillWay::Sms]));
    policy::write(&house.service, &actor, sms).await.unwrap();
    // That the sender typed a phone changes nothing.
    let phone_alone = Cast { email: "", ..PERSON };
    send_with(&house, &actor, &phone_alone, Some("sms"), &[view::FieldType::Signature]).await.unwrap();
    let link = house.link(PERSON.resident.phone).await;
    let person = Guest::enter(&house.service, phone_alone, &link).await;
    person.walk_to(view::Step::Identity).await;
    let offered = person.show().await.identity.methods;
    assert!(!offered.is_empty() && offered.iter().all(|it| it.method != IdentityMethod::FaceAlipay));
    let it = PERSON.resident;
    let input = PersonInput {
        phone: None,
        ..PersonInput::resident(it.name, it.id_number, "").by(IdentityMethod::FaceAlipay)
    };
    let refused = ceremony::identity(&house.service, &person.signer, &input).await;
    assert_eq!(refusal(refused), Refusal::MethodUnavailable);
    person.walk_to(view::Step::Confirm).await;
    assert_eq!(person.show().await.will.len(), 1);
}
