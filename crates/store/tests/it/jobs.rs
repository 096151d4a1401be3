//! The queue.

use domain::JobId;
use jiff::SignedDuration;
use vermilion_store::NewJob;

use crate::Bench;

fn job(bench: &Bench, n: u32) -> NewJob {
    NewJob {
        id: JobId::new(&bench.clock, &*bench.rng),
        kind: "test",
        body: serde_json::json!({ "n": n }),
        run_at: bench.now(),
    }
}

#[tokio::test]
async fn a_job_is_claimed_once_and_again_when_its_claim_runs_out() {
    let bench = Bench::new().await;
    let claim = SignedDuration::from_mins(5);
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_job(&job(&bench, 1), bench.now()).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = bench.store.begin().await.unwrap();
    let first = tx.claim_job(bench.now(), bench.now() + claim).await.unwrap().unwrap();
    assert_eq!((first.body["n"].as_u64(), first.attempts), (Some(1), 1));
    assert!(tx.claim_job(bench.now(), bench.now() + claim).await.unwrap().is_none());
    tx.commit().await.unwrap();

    bench.clock.advance(claim);
    let mut tx = bench.store.begin().await.unwrap();
    let again = tx.claim_job(bench.now(), bench.now() + claim).await.unwrap().unwrap();
    assert_eq!((again.id, again.attempts), (first.id, 2), "its first runner died");
    tx.retry_job(again.id, bench.now() + claim, "no answer").await.unwrap();
    assert!(tx.claim_job(bench.now(), bench.now() + claim).await.unwrap().is_none(), "not before its time");
    tx.commit().await.unwrap();

    bench.clock.advance(claim);
    let mut tx = bench.store.begin().await.unwrap();
    let last = tx.claim_job(bench.now(), bench.now() + claim).await.unwrap().unwrap();
    tx.finish_job(last.id).await.unwrap();
    tx.commit().await.unwrap();
    bench.clock.advance(claim);
    let mut tx = bench.store.begin().await.unwrap();
    assert!(tx.claim_job(bench.now(), bench.now() + claim).await.unwrap().is_none());
}

#[tokio::test]
async fn a_job_of_a_transaction_that_was_dropped_never_runs() {
    let bench = Bench::new().await;
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_job(&job(&bench, 1), bench.now()).await.unwrap();
    drop(tx);
    let mut tx = bench.store.begin().await.unwrap();
    assert!(tx.claim_job(bench.now(), bench.now()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_message_is_written_once_for_each_job() {
    use vermilion_store::{Channel, Content, Message};
    let bench = Bench::new().await;
    let job = JobId::new(&bench.clock, &*bench.rng);
    for _ in 0..2 {
        let message = Message {
            id: domain::OutboxId::new(&bench.clock, &*bench.rng),
            channel: Channel::Mail,
            content: Content {
                to: "ada@example.com".to_owned(),
                subject: "S".to_owned(),
                body: "B".to_owned(),
                links: vec![("L".to_owned(), "https://s.example/#x".to_owned())],
                code: None,
            },
            created_at: bench.now(),
        };
        let mut tx = bench.store.begin().await.unwrap();
        tx.add_message(&message, job).await.unwrap();
        tx.commit().await.unwrap();
    }
    let messages = bench.store.read().await.unwrap().outbox(None, 10).await.unwrap();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].content.links[0].1, "https://s.example/#x");
    let older = bench.store.read().await.unwrap().outbox(Some(messages[0].id), 10).await.unwrap();
    assert!(older.is_empty());
}

#[tokio::test]
async fn a_job_that_was_given_up_is_forgotten_with_what_it_held() {
    let bench = Bench::new().await;
    let (given_up, waiting) = (job(&bench, 1), job(&bench, 2));
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_job(&given_up, bench.now()).await.unwrap();
    tx.add_job(&waiting, bench.now()).await.unwrap();
    tx.fail_job(given_up.id, bench.now(), "nobody answers").await.unwrap();
    tx.commit().await.unwrap();
    let there = async |job: &NewJob| {
        let mut tx = bench.store.begin().await.unwrap();
        tx.add_job(job, bench.now()).await.is_err()
    };
    let mut tx = bench.store.begin().await.unwrap();
    tx.forget_messages(bench.now() - SignedDuration::from_secs(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(there(&given_up).await && there(&waiting).await);
    let mut tx = bench.store.begin().await.unwrap();
    tx.forget_messages(bench.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!there(&given_up).await && there(&waiting).await);
}
