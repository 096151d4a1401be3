//! A provider that fails again and again is left alone for a while.

use jiff::SignedDuration;
use testkit::stand_in::{Play, Tencent as StandIn};
use vermilion_providers::tencent::{Config, Tencent};
use vermilion_providers::{Fault, PersonMethod, PersonProvider, PersonVerdict};

use crate::world::{check, clock, context, fault, fill, secret};

#[tokio::test]
async fn after_four_failures_it_rests_and_then_one_success_clears_it() {
    let clock = clock();
    let stand_in = StandIn::start(clock.clone());
    fill(&stand_in.register);
    let config = Config {
        endpoint: Some(stand_in.endpoint()),
        ..Config::new(StandIn::SECRET_ID, secret(StandIn::SECRET_KEY))
    };
    let tencent = Tencent::new(config, context(&clock)).unwrap();
    let ask = |order: &str| {
        let (tencent, check) = (tencent.clone(), check(&clock, order, PersonMethod::TwoElements));
        async move { tencent.start(&check).await }
    };
    stand_in.stage.play([Play::Status(500); 4]);
    for n in 0..4 {
        assert!(matches!(fault(ask(&n.to_string()).await), Fault::Status { status: 500, .. }), "{n}");
    }
    let before = stand_in.stage.heard().len();
    let resting = ask("4").await.expect_err("it rests");
    assert!(matches!(resting.fault, Fault::Resting { .. }), "{resting}");
    let now = domain::Clock::now(&*clock);
    assert!(resting.retry_after(now).is_some_and(|seconds| (1..=16).contains(&seconds)), "{resting}");
    assert_eq!(stand_in.stage.heard().len(), before, "it was not asked");
    clock.advance(SignedDuration::from_secs(16));
    assert!(matches!(ask("4").await.unwrap().verdict, PersonVerdict::Passed { .. }));
    // From here it counts anew.
    stand_in.stage.play([Play::Status(500)]);
    assert!(matches!(fault(ask("5").await), Fault::Status { .. }));
    assert!(ask("6").await.is_ok());
}

#[tokio::test]
async fn who_is_not_there_is_told_from_who_is_slow() {
    let clock = clock();
    // A port that nobody listens on.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let config = Config { endpoint: Some(endpoint), ..Config::new("id", secret("key")) };
    let tencent = Tencent::new(config, context(&clock)).unwrap();
    let absent = fault(tencent.start(&check(&clock, "1", PersonMethod::TwoElements)).await);
    assert!(matches!(absent, Fault::Unreachable(_)), "{absent:?}");
}

#[tokio::test]
async fn personal_data_are_sent_over_tls_or_within_this_machine_alone() {
    let clock = clock();
    let config = Config { endpoint: Some("http://192.0.2.1".to_owned()), ..Config::new("id", secret("key")) };
    let tencent = Tencent::new(config, context(&clock)).unwrap();
    let refused = fault(tencent.start(&check(&clock, "1", PersonMethod::TwoElements)).await);
    assert!(matches!(&refused, Fault::Unreachable(why) if why.contains("neither https")), "{refused:?}");
}

#[tokio::test]
async fn a_refusal_of_ours_neither_counts_as_a_failure_nor_clears_any() {
    let clock = clock();
    let stand_in = StandIn::start(clock.clone());
    fill(&stand_in.register);
    let config = Config {
        endpoint: Some(stand_in.endpoint()),
        ..Config::new(StandIn::SECRET_ID, secret(StandIn::SECRET_KEY))
    };
    let tencent = Tencent::new(config, context(&clock)).unwrap();
    let ask = |order: &str| {
        let (tencent, check) = (tencent.clone(), check(&clock, order, PersonMethod::TwoElements));
        async move { tencent.start(&check).await }
    };
    let down = Play::Status(500);
    stand_in.stage.play([down, down, down, Play::Expired, Play::WronglySigned, down]);
    for n in 0..3 {
        assert!(matches!(fault(ask(&n.to_string()).await), Fault::Status { .. }), "{n}");
    }
    let expired = ask("3").await.expect_err("the key expired");
    assert!(matches!(expired.fault, Fault::Expired { .. }), "{expired}");
    assert_eq!(expired.retry_after(domain::Clock::now(&*clock)), None, "somebody has to mend it");
    assert!(matches!(fault(ask("4").await), Fault::Rejected { .. }));
    // The fourth failure in a row, as far as it knows: it rests.
    assert!(matches!(fault(ask("5").await), Fault::Status { .. }));
    assert!(matches!(fault(ask("6").await), Fault::Resting { .. }));
}
