//! What is kept for how long: messages, what registries said, account numbers, handwriting, the sandbox's camera.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use domain::{PersonId, RecipientId};
use jiff::SignedDuration;
use vermilion_service::identity::PersonInput;
use vermilion_service::sandbox::{self, FaceOutcome, play_face};
use vermilion_service::view::{self, IdentityMethod};
use vermilion_service::{ceremony, envelope, jobs, notify};

use crate::killed::open_records;
use crate::signers::{AGENT, House, PERSON};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The person of a verified recipient.
async fn person_of(reader: &mut store::Reader, recipient: RecipientId) -> PersonId {
    let id = reader.ceremony(recipient).await.unwrap().identity_id.expect("verified");
    reader.identity_verification(id).await.unwrap().unwrap().person_id.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_forgotten_after_a_month() {
    let house = House::new().await;
    house.sender().await;
    let count = async || notify::outbox(&house.service, None, None).await.unwrap().items.len();
    assert_eq!(count().await, 1);
    house.pass(DAY * 29);
    jobs::sweep(&house.service).await.unwrap();
    assert_eq!(count().await, 1);
    house.pass(DAY);
    jobs::sweep(&house.service).await.unwrap();
    assert_eq!(count().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_check_that_nobody_finished_is_erased_and_begins_anew() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, [_, recipient]) = house.sent(&actor, view::Order::Parallel).await;
    let guest = house.guest(AGENT).await;
    guest.walk_to(view::Step::Organization).await;
    guest.step().await;
    guest.step().await;
    let shown = guest.show().await.organization.unwrap();
    assert_eq!(shown.state, view::OrganizationState::PaymentSent);
    let records = open_records(house.data()).await;
    let run = records
        .read()
        .await
        .unwrap()
        .ceremony(recipient)
        .await
        .unwrap()
        .organization_verification_id
        .unwrap();
    let company = AGENT.company.unwrap();
    let kept = async || {
        let mut reader = records.read().await.unwrap();
        let it = reader.organization_verification(run).await.unwrap().unwrap();
        let payment = reader.payments(run).await.unwrap().remove(0);
        (it.answer.is_empty(), it.legal_representative.as_str().to_owned(), payment.account_number)
    };
    house.pass(DAY * 6);
    jobs::sweep(&house.service).await.unwrap();
    let whole = (false, company.legal_representative.to_owned(), company.account_number.to_owned());
    assert_eq!(kept().await, whole, "the amount may still be told");
    house.pass(DAY * 2);
    jobs::sweep(&house.service).await.unwrap();
    let (answer_gone, leader, account) = kept().await;
    assert!(answer_gone && account.is_empty() && leader.contains('*'), "{leader} {account}");
    let events = envelope::events(&house.service, &actor, id).await.unwrap();
    assert_eq!(events.items.iter().filter(|it| it.kind == "organization.erased").count(), 1);
    // The invitation still stands.
    let again = house.guest(AGENT).await;
    again.walk_to(view::Step::Done).await;
    assert_ne!(
        records.read().await.unwrap().ceremony(recipient).await.unwrap().organization_verification_id,
        Some(run)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn handwriting_is_erased_with_the_person_and_the_signed_document_keeps_it() {
    let house = House::configured(|mut config| {
        config.identity_retention_days = 30;
        config
    })
    .await;
    let actor = house.sender().await;
    let (_, [recipient, _]) = house.sent(&actor, view::Order::Parallel).await;
    house.guest(PERSON).await.walk_to(view::Step::Done).await;
    let records = open_records(house.data()).await;
    let mut reader = records.read().await.unwrap();
    let person = person_of(&mut reader, recipient).await;
    assert_eq!(reader.impressions(person, None).await.unwrap().len(), 1);
    drop(reader);
    house.pass(DAY * (365 + 31));
    jobs::sweep(&house.service).await.unwrap();
    let mut reader = records.read().await.unwrap();
    assert!(reader.impressions(person, None).await.unwrap().is_empty());
    assert_eq!(reader.ceremony(recipient).await.unwrap().impression_id, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_camera_forgets_who_was_not_passed_at_once() {
    let house = House::new().await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let guest = house.guest(PERSON).await;
    guest.walk_to(view::Step::Identity).await;
    let it = PERSON.resident;
    let input = PersonInput {
        phone: None,
        ..PersonInput::resident(it.name, it.id_number, "").by(IdentityMethod::FaceAlipay)
    };
    let shown = ceremony::identity(&house.service, &guest.signer, &input).await.unwrap();
    let transaction = shown.identity.page.unwrap().url.rsplit('/').next().unwrap().to_owned();
    let records = open_records(house.data()).await;
    let name = async || {
        records.read().await.unwrap().sandbox_face(&transaction).await.unwrap().map(|it| it.face.name)
    };
    assert_eq!(name().await.as_deref(), Some(it.name));
    play_face(&house.service, &transaction, FaceOutcome::SomebodyElse).await.unwrap();
    ceremony::identity_poll(&house.service, &guest.signer).await.unwrap();
    assert!(name().await.is_some_and(|name| name.contains('*')));
    sandbox::face(&house.service, &transaction).await.expect("the camera's page still says how it ended");
    house.pass(DAY * 2);
    jobs::sweep(&house.service).await.unwrap();
    assert_eq!(name().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_certified_is_known_until_the_records_of_the_certificate_may_go() {
    let house = House::configured(|mut config| {
        config.identity_retention_days = 30;
        config
    })
    .await;
    let actor = house.sender().await;
    let (_, [first, _]) = house.sent(&actor, view::Order::Parallel).await;
    house.guest(PERSON).await.walk_to(view::Step::Done).await;
    // A year later their check and their certificate have ended; they are verified again, and certified for another year.
    house.pass(DAY * 366);
    let (_, [second, _]) = house.sent(&actor, view::Order::Parallel).await;
    house.guest(PERSON).await.walk_to(view::Step::Done).await;
    let records = open_records(house.data()).await;
    let erased = async |recipient| {
        let mut reader = records.read().await.unwrap();
        let id = reader.ceremony(recipient).await.unwrap().identity_id.unwrap();
        reader.identity_verification(id).await.unwrap().unwrap().erased_at.is_some()
    };
    house.pass(DAY * 364);
    jobs::sweep(&house.service).await.unwrap();
    assert!(!erased(first).await, "the certificate holds still, though this check ended a year ago");
    house.pass(DAY * 30);
    jobs::sweep(&house.service).await.unwrap();
    assert_eq!((erased(first).await, erased(second).await), (false, false));
    house.pass(DAY * 3);
    jobs::sweep(&house.service).await.unwrap();
    assert_eq!((erased(first).await, erased(second).await), (true, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_read_holds_back_no_other() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (_, [recipient, _]) = house.sent(&actor, view::Order::Parallel).await;
    let guest = house.guest(PERSON).await;
    guest.walk_to(view::Step::Identity).await;
    guest.step().await;
    let records = open_records(house.data()).await;
    let mut tx = records.begin().await.unwrap();
    let left = tx.newest_identity_code(store::CheckedFor::Recipient(recipient)).await.unwrap().unwrap();
    // Nobody is born after their check began: reading this one fails, and it is the first of the list.
    let mut damaged = left.clone();
    damaged.id = domain::VerificationId::new(&*house.clock, &testkit::SeededRng::new(99));
    damaged.transaction = None;
    damaged.created_at = "1900-01-01T00:00:00Z".parse().unwrap();
    tx.put_identity_verification(&damaged).await.unwrap();
    assert!(tx.identity_verification(damaged.id).await.is_err());
    tx.commit().await.unwrap();
    house.pass(DAY * 2);
    jobs::sweep(&house.service).await.unwrap();
    jobs::sweep(&house.service).await.unwrap();
    let it = records.read().await.unwrap().identity_verification(left.id).await.unwrap().unwrap();
    assert!(it.erased_at.is_some() && it.document.is_none());
}
