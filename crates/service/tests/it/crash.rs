//! The server is killed between any two steps: the envelope goes on from where it was.

use vermilion_service::{envelope, jobs, verify, view};

use crate::signers::{AGENT, Cast, Guest, House, PERSON, document};

#[tokio::test(flavor = "multi_thread")]
async fn every_step_survives_a_restart() {
    let mut house = House::new().await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Sequential).await;
    for cast in [PERSON, AGENT] {
        walk_with_restarts(&mut house, cast).await;
    }
    let shown = envelope::show(&house.service, &actor, id).await.unwrap();
    assert_eq!(shown.status, view::EnvelopeStatus::Completed);
    let bytes = document(&house.service, &actor, id).await;
    let verdict = verify::verify_source(&house.service, "", std::sync::Arc::new(bytes)).await.unwrap();
    assert_eq!(verdict.indication, "TOTAL-PASSED", "{verdict:#?}");
    let page = envelope::events(&house.service, &actor, id).await.unwrap();
    assert!(page.chain.intact);
}

async fn walk_with_restarts(house: &mut House, cast: Cast) {
    let (cookie, recipient) = {
        let guest = house.guest(cast).await;
        (guest.cookie.clone(), guest.recipient)
    };
    for _ in 0..20 {
        house.restart().await;
        let guest = Guest::resume(&house.service, cast, recipient, cookie.clone()).await;
        let before = guest.show().await;
        house.restart().await;
        let guest = Guest::resume(&house.service, cast, recipient, cookie.clone()).await;
        assert_eq!(guest.show().await, before, "a restart changes nothing that the signer sees");
        if guest.step().await == view::Step::Done {
            return;
        }
    }
    panic!("the ceremony did not end");
}

/// A signature whose request is dropped anywhere on its way is there whole, or not at all.
#[tokio::test(flavor = "multi_thread")]
async fn a_signature_cut_off_is_never_half_there() {
    let mut house = House::new().await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Sequential).await;
    let (cookie, recipient) = {
        let guest = house.guest(PERSON).await;
        guest.walk_to(view::Step::Confirm).await;
        (guest.cookie.clone(), guest.recipient)
    };
    for micros in [0_u64, 300, 1_000, 3_000, 10_000, 20_000, 40_000, 80_000] {
        {
            let guest = Guest::resume(&house.service, PERSON, recipient, cookie.clone()).await;
            let cut = tokio::time::timeout(
                std::time::Duration::from_micros(micros),
                guest.sign(crate::signers::PIN),
            )
            .await;
            if let Ok(signed) = cut {
                assert!(signed.is_ok(), "{signed:?}");
            }
        }
        house.restart().await;
        let guest = Guest::resume(&house.service, PERSON, recipient, cookie.clone()).await;
        let shown = envelope::show(&house.service, &actor, id).await.unwrap();
        let revisions = shown.documents[0].revisions.len();
        match guest.show().await.step {
            view::Step::Confirm => assert_eq!(revisions, 2, "nothing of it is there"),
            view::Step::Done => assert_eq!(revisions, 4, "all of it is there"),
            other => panic!("neither signed nor unsigned: {other:?}"),
        }
    }
    let guest = Guest::resume(&house.service, PERSON, recipient, cookie).await;
    guest.walk_to(view::Step::Done).await;
}

/// So is the completion: whoever signs last may be gone before the time-stamp over the whole is there, and so may the
/// server, in its job. It is made once.
#[tokio::test(flavor = "multi_thread")]
async fn a_completion_cut_off_is_done_once() {
    for micros in [3_000_u64, 10_000, 20_000, 30_000, 40_000, 60_000, 80_000, 120_000] {
        let mut house = House::new().await;
        let actor = house.sender().await;
        let (id, _) = house.sent(&actor, view::Order::Sequential).await;
        house.guest(PERSON).await.walk_to(view::Step::Done).await;
        let (cookie, recipient) = {
            let guest = house.guest(AGENT).await;
            guest.walk_to(view::Step::Confirm).await;
            (guest.cookie.clone(), guest.recipient)
        };
        let cut = std::time::Duration::from_micros(micros);
        {
            let guest = Guest::resume(&house.service, AGENT, recipient, cookie.clone()).await;
            let _ = tokio::time::timeout(cut, guest.sign(crate::signers::PIN)).await;
        }
        house.restart().await;
        let _ = tokio::time::timeout(cut / 4, jobs::run_due(&house.service)).await;
        house.restart().await;
        let shown = envelope::show(&house.service, &actor, id).await.unwrap();
        let state = (shown.status, shown.documents[0].revisions.len());
        use view::EnvelopeStatus::{Completed, Completing, Sent};
        assert!(matches!(state, (Sent, 4) | (Completing, 6) | (Completed, 7)), "{state:?} after {micros} us");
        if shown.status == Sent {
            Guest::resume(&house.service, AGENT, recipient, cookie).await.walk_to(view::Step::Done).await;
        }
        // A job that was claimed by a server that died is free again after a while.
        house.pass(jiff::SignedDuration::from_mins(6));
        jobs::run_due(&house.service).await.unwrap();
        let shown = envelope::show(&house.service, &actor, id).await.unwrap();
        assert_eq!((shown.status, shown.documents[0].revisions.len()), (Completed, 7), "after {micros} us");
        let page = envelope::events(&house.service, &actor, id).await.unwrap();
        for kind in ["document.time_stamped", "envelope.completed"] {
            assert_eq!(page.items.iter().filter(|it| it.kind == kind).count(), 1, "{kind} after {micros} us");
        }
    }
}
