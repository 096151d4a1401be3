//! Many at once, again, out of order, and by clocks that disagree.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use std::sync::Arc;

use domain::{ActivationId, Clock as _, Locale};
use jiff::SignedDuration;
use testkit::stand_in::{Alipay as StandIn, Scene};
use vermilion_service::ceremony::{self, Agreement};
use vermilion_service::identity::{Received, notice};
use vermilion_service::view::IdentityState;
use vermilion_service::{Error, Service, envelope, jobs, verify, view};

use crate::authenticator::Authenticator;
use crate::faces::{at_identity, face, with_alipay};
use crate::killed::open_records;
use crate::signers::{Guest, House, PERSON, PIN, document, refusal};

/// Several servers on one database, each with connections of its own: the database decides.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn of_many_who_spend_one_activation_on_several_connections_one_wins() {
    let house = House::at("http://localhost:8080").await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Key).await;
    person.passkey(&mut Authenticator::new(None)).await.unwrap();
    let mut stores = Vec::new();
    for _ in 0..4 {
        stores.push(open_records(house.data()).await);
    }
    let now = house.clock.now();
    for _ in 0..3 {
        let id: ActivationId = person.offer().await.unwrap().id.parse().unwrap();
        for used in [false, true] {
            let gate = Arc::new(tokio::sync::Barrier::new(32));
            let tasks: Vec<_> = (0..32)
                .map(|n| {
                    let (store, gate) = (stores[n % 4].clone(), Arc::clone(&gate));
                    tokio::spawn(async move {
                        gate.wait().await;
                        let mut tx = store.begin().await?;
                        match used {
                            false => tx.spend_activation(id, None, now).await?,
                            true => tx.use_activation(id).await?,
                        }
                        tx.commit().await
                    })
                })
                .collect();
            let mut won = 0;
            for task in tasks {
                match task.await.unwrap() {
                    Ok(()) => won += 1,
                    Err(store::Error::Conflict) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
            assert_eq!(won, 1, "used: {used}");
        }
    }
}

/// What the person's check came to, and how often the provider was asked.
async fn told(service: &Service, body: String) -> Result<u16, Error> {
    let received = Received { query: String::new(), body: body.into_bytes() };
    notice(service, "alipay", &received).await.map(|reply| reply.status)
}

/// A face check of Alipay that is open: its number.
async fn opened(guest: &Guest<'_>, stand_in: &StandIn) -> String {
    ceremony::identity(guest.service, &guest.signer, &face()).await.unwrap();
    let heard = stand_in.stage.heard();
    let order = heard.last().unwrap().content["outer_order_no"].as_str().unwrap().to_owned();
    stand_in.transaction(&order).unwrap()
}

async fn kinds(house: &House, guest: &Guest<'_>) -> Vec<String> {
    let mut reader = open_records(house.data()).await.read().await.unwrap();
    let recipient = reader.recipient(guest.recipient).await.unwrap().unwrap();
    let events = reader.events_of(&recipient.envelope_id.to_string()).await.unwrap();
    events.into_iter().map(|link| link.event.kind).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn a_notice_that_comes_twenty_times_at_once_verifies_once() {
    let mut stand_in = None;
    let house = House::asking(with_alipay(&mut stand_in, SignedDuration::ZERO)).await;
    let stand_in = stand_in.unwrap();
    let guest = at_identity(&house).await;
    let transaction = opened(&guest, &stand_in).await;
    // Sent before the person passed, and brought after it, among those that were sent later.
    let early = stand_in.notice(&transaction);
    house.pass(SignedDuration::from_secs(40));
    stand_in.register.stage(&transaction, Scene::Passed);
    let late = stand_in.notice(&transaction);
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let (service, body) = (house.service.clone(), if n % 2 == 0 { &late } else { &early }.clone());
            tokio::spawn(async move { told(&service, body).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap(), 200, "each is answered, or the provider sends it for a day");
    }
    assert_eq!(guest.show().await.identity.state, IdentityState::Verified);
    let kinds = kinds(&house, &guest).await;
    for kind in ["identity.pending", "identity.checked", "identity.verified"] {
        assert_eq!(kinds.iter().filter(|it| *it == kind).count(), 1, "{kind}: {kinds:?}");
    }
    guest.walk_to(view::Step::Done).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_about_a_check_that_was_erased_changes_nothing() {
    let mut stand_in = None;
    let house = House::asking(with_alipay(&mut stand_in, SignedDuration::ZERO)).await;
    let stand_in = stand_in.unwrap();
    let guest = at_identity(&house).await;
    let first = opened(&guest, &stand_in).await;
    ceremony::identity_restart(&house.service, &guest.signer).await.unwrap();
    let second = opened(&guest, &stand_in).await;
    assert_ne!(first, second);
    for transaction in [&first, &second] {
        stand_in.register.stage(transaction, Scene::Passed);
    }
    // Given up: erased at once.
    let asked = stand_in.stage.heard().len();
    assert_eq!(told(&house.service, stand_in.notice(&first)).await.unwrap(), 200);
    assert_eq!(stand_in.stage.heard().len(), asked, "nobody is asked about it");
    assert_eq!(guest.show().await.identity.state, IdentityState::Pending, "nor is the other one touched");
    assert_eq!(told(&house.service, stand_in.notice(&second)).await.unwrap(), 200);
    assert_eq!(guest.show().await.identity.state, IdentityState::Verified);
    // Years later its data are erased; the notice is not of that day, and one that is says nothing new.
    let old = stand_in.notice(&second);
    house.pass(SignedDuration::from_hours(24 * (365 + 5 * 366 + 2)));
    jobs::sweep(&house.service).await.unwrap();
    let before = kinds(&house, &guest).await;
    assert!(before.iter().any(|kind| kind == "identity.erased"), "{before:?}");
    let asked = stand_in.stage.heard().len();
    assert!(matches!(told(&house.service, old).await, Err(Error::NotFound)));
    assert_eq!(told(&house.service, stand_in.notice(&second)).await.unwrap(), 200);
    assert_eq!(stand_in.stage.heard().len(), asked);
    assert_eq!(kinds(&house, &guest).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_providers_clock_may_be_some_minutes_off() {
    for (minutes, believed) in [(-9, true), (4, true), (8, false)] {
        let mut stand_in = None;
        let house = House::asking(with_alipay(&mut stand_in, SignedDuration::from_mins(minutes))).await;
        let stand_in = stand_in.unwrap();
        let guest = at_identity(&house).await;
        let transaction = opened(&guest, &stand_in).await;
        stand_in.register.stage(&transaction, Scene::Passed);
        let answer = told(&house.service, stand_in.notice(&transaction)).await;
        assert_eq!(answer.is_ok(), believed, "{minutes} minutes: {answer:?}");
        let state = guest.show().await.identity.state;
        assert_eq!(state == IdentityState::Verified, believed, "{minutes} minutes");
        // A notice is a convenience: whoever waits asks.
        let polled = ceremony::identity_poll(&house.service, &guest.signer).await.unwrap().identity;
        assert_eq!(polled.state, IdentityState::Verified, "{minutes} minutes");
    }
    // So far off that the provider refuses our requests: nobody is verified, until the operator sets the clock.
    let mut stand_in = None;
    let house = House::asking(with_alipay(&mut stand_in, SignedDuration::from_mins(15))).await;
    let stand_in = stand_in.unwrap();
    let guest = at_identity(&house).await;
    let refused = refusal(ceremony::identity(&house.service, &guest.signer, &face()).await);
    assert_eq!(refused.code(), "provider_refuses");
    assert!(!stand_in.stage.turned_away().is_empty());
    assert_eq!(guest.show().await.identity.state, IdentityState::None);
}

/// A clock that is set right between the question and the answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_steps_back_leaves_one_signature_or_none() {
    for back in [SignedDuration::from_secs(20), SignedDuration::from_mins(4), SignedDuration::from_hours(3)] {
        let house = House::new().await;
        let actor = house.sender().await;
        let (id, _) = house.sent(&actor, view::Order::Parallel).await;
        let guest = house.guest(PERSON).await;
        guest.walk_to(view::Step::Confirm).await;
        // The person took a while to read; certificate and keys are older than the step.
        house.pass(SignedDuration::from_mins(10));
        let activation = guest.offer().await.unwrap();
        house.clock.advance(-back);
        let opened = || Agreement { pin: Some(PIN.into()), ..Agreement::default() };
        let act: ActivationId = activation.id.parse().unwrap();
        let signed = ceremony::sign_offered(&house.service, &guest.signer, act, opened()).await;
        let again = ceremony::sign_offered(&house.service, &guest.signer, act, opened()).await;
        match &signed {
            Ok(signed) => {
                assert_eq!(signed.step, view::Step::Done);
                assert!(matches!(&again, Ok(again) if again.step == view::Step::Done), "{again:?}");
            }
            // Before the certificate was there nothing is signed, and the activation is gone.
            Err(_) => {
                assert!(back > SignedDuration::from_mins(10), "{back:?}: {signed:?}");
                let refused = refusal(again).code();
                assert!(["activation_used", "document_changed"].contains(&refused), "{refused}");
                house.clock.advance(back);
                guest.walk_to(view::Step::Done).await;
            }
        }
        let shown = envelope::show(&house.service, &actor, id).await.unwrap();
        assert_eq!(shown.documents[0].revisions.len(), 4, "{back:?}");
        let bytes = document(&house.service, &actor, id).await;
        let verdict = verify::verify_source(&house.service, "", Arc::new(bytes)).await.unwrap();
        assert_eq!(verdict.indication, "TOTAL-PASSED", "{back:?}: {verdict:#?}");
    }
}

/// Of many checks at once that a provider answers under one transaction, one is believed.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn one_transaction_of_a_provider_verifies_one_check() {
    let mut stand_in = None;
    let house = House::asking(with_alipay(&mut stand_in, SignedDuration::ZERO)).await;
    let stand_in = stand_in.unwrap();
    let guest = at_identity(&house).await;
    let transaction = opened(&guest, &stand_in).await;
    stand_in.register.stage(&transaction, Scene::Passed);
    let polls: Vec<_> = (0..12)
        .map(|n| {
            let (service, signer, body) =
                (house.service.clone(), guest.signer.clone(), stand_in.notice(&transaction));
            tokio::spawn(async move {
                match n % 3 {
                    0 => told(&service, body).await.map(drop),
                    1 => ceremony::identity_poll(&service, &signer).await.map(drop),
                    _ => ceremony::identity_refuse(&service, &signer, view::DataPurpose::Face, Locale::En)
                        .await
                        .map(drop),
                }
            })
        })
        .collect();
    for poll in polls {
        match poll.await.unwrap() {
            Ok(()) => {}
            // Whoever comes after the step is told so.
            Err(Error::Refused(refused)) => assert_eq!(refused.code(), "step_not_ready"),
            Err(other) => panic!("{other:?}"),
        }
    }
    let kinds = kinds(&house, &guest).await;
    let count = |kind: &str| kinds.iter().filter(|it| *it == kind).count();
    // Refusing won, or the answer did; never both.
    let verified = guest.show().await.identity.state == IdentityState::Verified;
    assert_eq!(count("identity.verified"), usize::from(verified), "{kinds:?}");
    guest.walk_to(view::Step::Document).await;
}
