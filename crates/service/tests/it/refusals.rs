//! Wrong data is refused, each with its own code, and nothing is lost.

use jiff::SignedDuration;
use vermilion_service::identity::PersonInput;
use vermilion_service::{Error, Locale, Refusal, ceremony, envelope, sandbox, view};

use crate::signers::{AGENT, Guest, House, PERSON, code, parse_link, refusal};

const WRONG: &str = "000000";

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_good_for_its_recipient_alone() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, [person, agent]) = house.sent(&actor, view::Order::Parallel).await;
    let link = house.link(PERSON.email).await;
    let (_, secret) = parse_link(&link);
    let wrong = ceremony::open(&house.service, person, "wrong", None).await;
    assert_eq!(refusal(wrong), Refusal::LinkInvalid);
    assert_eq!(refusal(ceremony::open(&house.service, agent, secret, None).await), Refusal::LinkInvalid);
    assert_eq!(refusal(ceremony::resume(&house.service, person, "no cookie").await), Refusal::SessionMissing);
    let guest = Guest::enter(&house.service, PERSON, &link).await;
    let other = ceremony::resume(&house.service, agent, &guest.cookie).await;
    assert_eq!(refusal(other), Refusal::SessionMissing);
    // A second tab of the same browser keeps its session; a reminder's link replaces the first.
    let again = ceremony::open(&house.service, person, secret, Some(&guest.cookie)).await.unwrap();
    assert!(again.session.is_none());
    envelope::remind(&house.service, &actor, id, person).await.unwrap();
    assert_eq!(refusal(ceremony::open(&house.service, person, secret, None).await), Refusal::LinkInvalid);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_link_is_refused() {
    let house = House::new().await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let link = house.link(PERSON.email).await;
    let (person, secret) = parse_link(&link);
    let guest = Guest::enter(&house.service, PERSON, &link).await;
    house.pass(SignedDuration::from_hours(24 * 31));
    assert_eq!(refusal(ceremony::open(&house.service, person, secret, None).await), Refusal::LinkExpired);
    let gone = ceremony::resume(&house.service, person, &guest.cookie).await;
    assert_eq!(refusal(gone), Refusal::SessionMissing);
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_are_taken_in_order() {
    let house = House::new().await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Sequential).await;
    let guest = house.guest(PERSON).await;
    let (service, signer) = (&house.service, &guest.signer);
    let early = ceremony::consent(service, signer, "x", Locale::En).await;
    assert_eq!(refusal(early), Refusal::StepNotReady { step: "request" });
    guest.walk_to(view::Step::Consent).await;
    assert_eq!(
        refusal(ceremony::consent(service, signer, "2020", Locale::En).await),
        Refusal::ConsentVersion
    );
    let it = PERSON.resident;
    let early =
        ceremony::identity(service, signer, &PersonInput::resident(it.name, it.id_number, it.phone)).await;
    assert_eq!(refusal(early), Refusal::StepNotReady { step: "consent" });
    let document = guest.show().await.envelope.documents[0].id.parse().unwrap();
    assert!(matches!(
        ceremony::document(service, signer, document).await,
        Err(Error::Refused(Refusal::StepNotReady { step: "consent" }))
    ));
    guest.walk_to(view::Step::Identity).await;
    assert!(ceremony::document(service, signer, document).await.is_ok());
    assert_eq!(refusal(guest.sign("749281").await), Refusal::StepNotReady { step: "identity" });
    assert_eq!(
        refusal(ceremony::key(service, signer, "749281").await),
        Refusal::StepNotReady { step: "identity" }
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_identity_is_refused_with_its_reason() {
    let house = House::new().await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let guest = house.guest(PERSON).await;
    guest.walk_to(view::Step::Identity).await;
    let it = PERSON.resident;
    let (service, signer) = (&house.service, &guest.signer);
    let ask = |name: &'static str, number: &'static str, phone: &'static str| async move {
        refusal(ceremony::identity(service, signer, &PersonInput::resident(name, number, phone)).await)
    };
    assert_eq!(ask(" ", it.id_number, it.phone).await, Refusal::NameRequired);
    assert_eq!(ask(it.name, "1101", it.phone).await, Refusal::IdNumberInvalid { reason: "length" });
    let checksum = Refusal::IdNumberInvalid { reason: "checksum" };
    assert_eq!(ask(it.name, "650102198305016019", it.phone).await, checksum);
    assert_eq!(ask(it.name, it.id_number, "12345").await, Refusal::PhoneInvalid);
    let expected = "古**".to_owned();
    assert_eq!(
        ask("陈晓雨", "11010519860214102X", "13800000001").await,
        Refusal::RecipientNameMismatch { expected }
    );
    assert_eq!(ask(it.name, "11010519860214102X", it.phone).await, Refusal::IdentityMismatch);
    assert_eq!(ask(it.name, it.id_number, "13800000001").await, Refusal::PhoneMismatch);
    assert_eq!(ask(it.name, "110105201901011234", it.phone).await.code(), "id_number_invalid");
    // Five mismatches with the register, then a rest.
    for _ in 0..3 {
        assert_eq!(ask(it.name, "11010519860214102X", it.phone).await, Refusal::IdentityMismatch);
    }
    let rest = ask(it.name, it.id_number, it.phone).await;
    assert!(matches!(rest, Refusal::IdentityTries { retry_after: 1..=3600 }), "{rest:?}");
    house.pass(SignedDuration::from_hours(2));
    // Another spelling of the same name is the same name.
    ceremony::identity(
        service,
        signer,
        &PersonInput::resident("古丽巴哈尔•阿卜杜热合曼", it.id_number, it.phone),
    )
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_expire_lock_and_can_be_sent_again() {
    let house = House::new().await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let guest = house.guest(PERSON).await;
    guest.walk_to(view::Step::Identity).await;
    guest.step().await;
    let (service, signer) = (&house.service, &guest.signer);
    assert_eq!(guest.show().await.identity.state, view::IdentityState::CodeSent);
    let first = code(service, PERSON.resident.phone).await;
    assert_ne!(first, WRONG);
    assert_eq!(
        refusal(ceremony::identity_code(service, signer, WRONG).await),
        Refusal::CodeWrong { tries_left: 4 }
    );
    assert_eq!(
        refusal(ceremony::identity_resend(service, signer).await),
        Refusal::ResendTooSoon { retry_after: 60 }
    );
    house.pass(SignedDuration::from_secs(61));
    ceremony::identity_resend(service, signer).await.unwrap();
    assert_eq!(
        refusal(ceremony::identity_code(service, signer, &first).await),
        Refusal::CodeWrong { tries_left: 4 }
    );
    house.pass(SignedDuration::from_mins(6));
    let second = code(service, PERSON.resident.phone).await;
    assert_eq!(refusal(ceremony::identity_code(service, signer, &second).await), Refusal::CodeExpired);
    ceremony::identity_resend(service, signer).await.unwrap();
    for left in [4, 3, 2, 1] {
        let wrong = ceremony::identity_code(service, signer, WRONG).await;
        assert_eq!(refusal(wrong), Refusal::CodeWrong { tries_left: left });
    }
    let locked = refusal(ceremony::identity_code(service, signer, WRONG).await);
    assert_eq!(locked, Refusal::CodeLocked { retry_after: 900 });
    let third = code(service, PERSON.resident.phone).await;
    assert_eq!(refusal(ceremony::identity_code(service, signer, &third).await).code(), "code_locked");
    // Beginning anew gives up the code that was sent, and forgets nothing.
    let anew = ceremony::identity_restart(service, signer).await.unwrap();
    assert_eq!(anew.identity.state, view::IdentityState::None);
    let it = PERSON.resident;
    let again =
        ceremony::identity(service, signer, &PersonInput::resident(it.name, it.id_number, it.phone)).await;
    assert_eq!(refusal(again).code(), "code_locked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_company_is_refused_with_its_reason() {
    let house = House::new().await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let guest = house.guest(AGENT).await;
    guest.walk_to(view::Step::Organization).await;
    let it = AGENT.company.unwrap();
    let (service, signer) = (&house.service, &guest.signer);
    let ask = |name: &'static str, code: &'static str, leader: &'static str| async move {
        refusal(ceremony::organization(service, signer, name, code, leader, None).await)
    };
    let checksum = Refusal::CreditCodeInvalid { reason: "checksum" };
    assert_eq!(ask(it.name, "91440300MA5EXAMP0D", it.legal_representative).await, checksum);
    assert_eq!(
        ask(it.name, "91440300", it.legal_representative).await,
        Refusal::CreditCodeInvalid { reason: "length" }
    );
    let unexpected = ask("北京朱砂科技有限公司", "91110105MA01CHEN75", "陈晓雨").await;
    assert_eq!(unexpected, Refusal::OrganizationNotExpected { expected: it.name.to_owned() });
    let name = Refusal::OrganizationMismatch { what: "name" };
    assert_eq!(ask(it.name, "91110105MA01CHEN75", it.legal_representative).await, name);
    let leader = Refusal::OrganizationMismatch { what: "legal_representative" };
    assert_eq!(ask(it.name, it.credit_code, "陈晓雨").await, leader);
    let early = ceremony::payment(service, signer, it.account_number, None).await;
    assert_eq!(refusal(early), Refusal::StepNotReady { step: "organization" });
}

#[tokio::test(flavor = "multi_thread")]
async fn three_wrong_amounts_lock_for_a_day() {
    let house = House::new().await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let guest = house.guest(AGENT).await;
    guest.walk_to(view::Step::Organization).await;
    guest.step().await;
    let it = AGENT.company.unwrap();
    let (service, signer) = (&house.service, &guest.signer);
    assert_eq!(refusal(ceremony::payment(service, signer, "12ab", None).await), Refusal::AccountInvalid);
    let unknown = Refusal::PaymentFailed { reason: "account_unknown".to_owned() };
    assert_eq!(refusal(ceremony::payment(service, signer, "99998888777766665555", None).await), unknown);
    let other = Refusal::PaymentFailed { reason: "account_name".to_owned() };
    assert_eq!(refusal(ceremony::payment(service, signer, "11001018800053001234", None).await), other);
    // Payments of the same millisecond have no order.
    house.pass(SignedDuration::from_millis(5));
    ceremony::payment(service, signer, it.account_number, None).await.unwrap();
    let right = guest.amount().await;
    let wrong = if right == 1 { 2 } else { 1 };
    let refused = ceremony::payment_confirm(service, signer, wrong).await;
    assert_eq!(refusal(refused), Refusal::AmountWrong { tries_left: 2 });
    // One a day, whoever asks.
    let second = refusal(ceremony::payment(service, signer, it.account_number, None).await);
    assert_eq!(second, Refusal::PaymentToday { until: "2026-11-24T04:00:00.005Z".to_owned() });
    // Another payment, since this one comes back, is not another three guesses.
    let bank = sandbox::bank(service, Some(it.account_number)).await.unwrap();
    sandbox::return_transfer(service, bank.transfers[0].id.parse().unwrap()).await.unwrap();
    let refused = ceremony::payment_confirm(service, signer, wrong).await;
    assert_eq!(refusal(refused), Refusal::PaymentFailed { reason: "returned".to_owned() });
    house.pass(SignedDuration::from_millis(5));
    let another = ceremony::payment(service, signer, it.account_number, None).await.unwrap();
    assert_eq!(another.organization.unwrap().tries_left, 2);
    let right = guest.amount().await;
    let wrong = if right == 1 { 2 } else { 1 };
    let refused = ceremony::payment_confirm(service, signer, wrong).await;
    assert_eq!(refusal(refused), Refusal::AmountWrong { tries_left: 1 });
    assert_eq!(refusal(ceremony::payment_confirm(service, signer, wrong).await).code(), "payment_locked");
    assert_eq!(refusal(ceremony::payment_confirm(service, signer, right).await).code(), "payment_locked");
    assert_eq!(
        refusal(ceremony::payment(service, signer, it.account_number, None).await).code(),
        "payment_locked"
    );
    // Asking the registry again does not get round the lock.
    let again =
        ceremony::organization(service, signer, it.name, it.credit_code, it.legal_representative, None).await;
    assert_eq!(refusal(again).code(), "payment_locked");
    assert!(guest.show().await.organization.unwrap().locked_until.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_keys_and_documents_are_checked() {
    let house = House::new().await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Sequential).await;
    let guest = house.guest(PERSON).await;
    guest.walk_to(view::Step::Document).await;
    let (service, signer) = (&house.service, &guest.signer);
    let shown = guest.show().await;
    let field = |kind| shown.fields.iter().find(|it| it.r#type == kind).unwrap().id.parse().unwrap();
    let put = |id, value: String| async move {
        ceremony::fields(service, signer, vec![ceremony::FieldValue { id, value: Some(value) }]).await
    };
    let text = field(view::FieldType::Text);
    assert_eq!(refusal(put(text, "长".repeat(1001)).await), Refusal::FieldTooLong { limit: 1000 });
    // What the page could only show as an empty box is never signed.
    let rare = Refusal::FieldCharacter { character: "𠮷".to_owned() };
    assert_eq!(refusal(put(text, "宁波市 𠮷 1号".to_owned()).await), rare);
    assert_eq!(
        refusal(put(field(view::FieldType::Date), "soon".to_owned()).await),
        Refusal::FieldDateInvalid
    );
    // A draft of a date is kept, and the text is still missing.
    let kept = put(field(view::FieldType::Date), "2026-11-20".to_owned()).await.unwrap();
    assert_eq!(kept.step, view::Step::Document);
    assert!(kept.fields.iter().any(|it| it.value.as_deref() == Some("2026-11-20")));
    guest.walk_to(view::Step::Impression).await;
    let seal = ceremony::ImpressionBody::SealDrawn {
        purpose: seal::Purpose::Company,
        number: None,
        diameter_mm: None,
    };
    assert_eq!(refusal(ceremony::add_impression(service, signer, seal).await).code(), "field_type_mismatch");
    let empty = ceremony::ImpressionBody::Drawn { strokes: Vec::new(), width: 300.0, height: 100.0 };
    assert_eq!(refusal(ceremony::add_impression(service, signer, empty).await), Refusal::ImpressionEmpty);
    guest.walk_to(view::Step::Key).await;
    for (pin, reason) in [("123456", "sequence"), ("000000", "repetition"), ("12", "too_short")] {
        assert_eq!(refusal(ceremony::key(service, signer, pin).await), Refusal::PinWeak { reason });
    }
    guest.walk_to(view::Step::Confirm).await;
    // Taking the text out again at the last step is noticed.
    put(text, String::new()).await.unwrap();
    let missing = refusal(guest.sign("749281").await);
    assert_eq!(missing, Refusal::FieldsMissing { labels: "Label".to_owned() });
    guest.fill(&shown).await.unwrap();
    let mut other = guest.show().await;
    other.envelope.documents[0].sha256 = "00".repeat(32);
    assert_eq!(refusal(guest.sign_shown("749281", &other).await), Refusal::DocumentChanged);
    guest.walk_to(view::Step::Done).await;
    // Signing twice is signing once.
    assert_eq!(guest.sign("749281").await.unwrap().step, view::Step::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_next_waits_and_an_ended_envelope_is_not_signed() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Parallel).await;
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Confirm).await;
    let agent = house.guest(AGENT).await;
    agent.walk_to(view::Step::Identity).await;
    let declined = ceremony::decline(&house.service, &agent.signer, "").await;
    assert_eq!(refusal(declined), Refusal::ReasonRequired);
    let declined = ceremony::decline(&house.service, &agent.signer, "The price is wrong").await.unwrap();
    assert_eq!(declined.step, view::Step::Declined);
    assert_eq!(refusal(person.sign("749281").await), Refusal::EnvelopeState { status: "declined" });
    assert_eq!(person.show().await.step, view::Step::Declined);
    let shown = envelope::show(&house.service, &actor, id).await.unwrap();
    assert_eq!(shown.decline.unwrap().reason, "The price is wrong");

    let (id, _) = house.sent(&actor, view::Order::Parallel).await;
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Confirm).await;
    envelope::void(&house.service, &actor, id, "Another draft").await.unwrap();
    assert_eq!(refusal(person.sign("749281").await), Refusal::EnvelopeState { status: "voided" });
}
