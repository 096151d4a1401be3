//! The server is killed between any two steps: the envelope goes on from where it was.

use vermilion_service::{envelope, verify, view};

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
