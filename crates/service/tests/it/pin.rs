//! Only the PIN opens a key; wrong ones lock it; a forgotten one costs the certificate.

use jiff::SignedDuration;
use vermilion_service::{Locale, Refusal, ceremony, envelope, view};

use crate::signers::{AGENT, House, PERSON, PIN, refusal};

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_pins_lock_the_key_and_the_record_says_so() {
    let mut house = House::new().await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Sequential).await;
    let (cookie, recipient) = {
        let guest = house.guest(PERSON).await;
        guest.walk_to(view::Step::Confirm).await;
        for left in [4, 3, 2] {
            assert_eq!(refusal(guest.sign("111222").await), Refusal::PinWrong { tries_left: left });
        }
        (guest.cookie.clone(), guest.recipient)
    };
    // The count outlives the process.
    house.restart().await;
    let guest = crate::signers::Guest::resume(&house.service, PERSON, recipient, cookie).await;
    assert_eq!(guest.show().await.key.tries_left, 2);
    assert_eq!(refusal(guest.sign("111222").await), Refusal::PinWrong { tries_left: 1 });
    assert_eq!(refusal(guest.sign("111222").await).code(), "key_locked");
    assert_eq!(refusal(guest.sign(PIN).await).code(), "key_locked");
    assert_eq!(guest.show().await.key.state, view::KeyState::Locked);
    house.pass(SignedDuration::from_mins(16));
    assert_eq!(guest.sign(PIN).await.unwrap().step, view::Step::Done);
    let page = envelope::events(&house.service, &actor, id).await.unwrap();
    let count = |kind: &str| page.items.iter().filter(|it| it.kind == kind).count();
    assert_eq!((count("key.pin_wrong"), count("key.locked"), count("recipient.signed")), (4, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_pin_costs_the_certificate_and_a_new_identity_check() {
    let house = House::new().await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Sequential).await;
    let guest = house.guest(PERSON).await;
    guest.walk_to(view::Step::Confirm).await;
    let old = guest.show().await.certificate.unwrap().serial;
    let replaced = ceremony::key_replace(&house.service, &guest.signer).await.unwrap();
    assert_eq!(replaced.step, view::Step::Identity);
    assert_eq!(replaced.key.state, view::KeyState::None);
    guest.walk_to(view::Step::Confirm).await;
    let new = guest.show().await.certificate.unwrap().serial;
    assert_ne!(old, new);
    let person = vermilion_service::authority::CaId::parse("person-1").unwrap();
    let crl = house.service.authority().list(person, house.service.now()).await.unwrap();
    let crl = pki::crl::Crl::from_der(&crl).unwrap();
    assert!(crl.revoked(&pki::Serial::from_hex(&old).unwrap()).is_some());
    assert!(crl.revoked(&pki::Serial::from_hex(&new).unwrap()).is_none());
    guest.walk_to(view::Step::Done).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_device_verifies_the_person_again_and_finds_the_same_key() {
    let house = House::new().await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let desktop = house.guest(AGENT).await;
    desktop.walk_to(view::Step::Confirm).await;
    let serial = desktop.show().await.certificate.unwrap().serial;
    let phone = house.guest(AGENT).await;
    let shown = phone.show().await;
    assert_eq!(shown.step, view::Step::Identity, "consent is known, identity is not");
    assert!(shown.certificate.is_none() && shown.impressions.is_empty());
    phone.walk_to(view::Step::Confirm).await;
    assert_eq!(phone.show().await.certificate.unwrap().serial, serial);
    // The next envelope finds person, company, seal and key as well.
    phone.walk_to(view::Step::Done).await;
    house.sent(&actor, view::Order::Parallel).await;
    let again = house.guest(AGENT).await;
    again.walk_to(view::Step::Document).await;
    let shown = again.show().await;
    assert_eq!(shown.organization.unwrap().state, view::OrganizationState::Verified);
    assert_eq!(shown.impressions.len(), 1);
    assert_eq!(shown.certificate.unwrap().serial, serial);
    let seal = shown.impressions[0].id.parse().unwrap();
    ceremony::adopt_impression(&house.service, &again.signer, seal).await.unwrap();
    again.walk_to(view::Step::Confirm).await;
    let documents = again.show().await;
    assert_eq!(again.sign_shown(PIN, &documents).await.unwrap().step, view::Step::Done);
    assert_eq!(documents.recipient.locale, Locale::ZhCn);
}
