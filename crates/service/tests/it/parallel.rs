//! Several who sign at the same time need not sign twice.

use vermilion_service::{envelope, verify, view};

use crate::signers::{AGENT, House, PERSON, PIN, document, send, sender};

#[tokio::test(flavor = "multi_thread")]
async fn two_who_saw_the_same_revision_both_sign_it_once() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Parallel).await;
    let (person, agent) = (house.guest(PERSON).await, house.guest(AGENT).await);
    person.walk_to(view::Step::Confirm).await;
    agent.walk_to(view::Step::Confirm).await;
    let (a, b) = (person.show().await, agent.show().await);
    assert_eq!(a.envelope.documents[0].sha256, b.envelope.documents[0].sha256);
    let (one, two) = tokio::join!(person.sign_shown(PIN, &a), agent.sign_shown(PIN, &b));
    assert_eq!((one.unwrap().step, two.unwrap().step), (view::Step::Done, view::Step::Done));
    let shown = envelope::show(&house.service, &actor, id).await.unwrap();
    assert_eq!(shown.status, view::EnvelopeStatus::Completed);
    let bytes = document(&house.service, &actor, id).await;
    let verdict = verify::verify_source(&house.service, "", std::sync::Arc::new(bytes)).await.unwrap();
    assert_eq!(verdict.indication, "TOTAL-PASSED", "{verdict:#?}");
    assert_eq!(verdict.signatures.len(), 3, "two signatures, and one time-stamp over both");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_clicks_twice_signs_once() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Parallel).await;
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Confirm).await;
    let shown = person.show().await;
    let (one, two) = tokio::join!(person.sign_shown(PIN, &shown), person.sign_shown(PIN, &shown));
    assert!(one.is_ok() && two.is_ok());
    let shown = envelope::show(&house.service, &actor, id).await.unwrap();
    assert_eq!(shown.documents[0].revisions.len(), 4, "original, fields, one signature, its validation data");
}

#[tokio::test(flavor = "multi_thread")]
async fn different_envelopes_do_not_wait_for_each_other() {
    let house = House::new().await;
    let path = house.file(&testkit::pdf_samples::contract(pdf::XrefKind::Stream, 1 + 1));
    let mut tasks = Vec::new();
    for n in 0..3 {
        let actor = sender(&house.service, &format!("sender{n}@example.com")).await;
        send(&house.service, &actor, &path, view::Order::Sequential).await;
        let guest = house.guest(PERSON).await;
        guest.walk_to(view::Step::Confirm).await;
        tasks.push((actor, guest));
    }
    let signed = tokio::join!(tasks[0].1.sign(PIN), tasks[1].1.sign(PIN), tasks[2].1.sign(PIN));
    assert!(signed.0.is_ok() && signed.1.is_ok() && signed.2.is_ok());
}
