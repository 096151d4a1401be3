//! The log: chained, gapless, never changed.

use domain::EnvelopeId;
use evidence::{Actor, Body, GENESIS};
use vermilion_store::Append;

use crate::Bench;

fn append(bench: &Bench, subject: EnvelopeId, kind: &'static str) -> Append {
    let at = bench.now();
    Append {
        at,
        kind,
        subject: Some(subject.to_string()),
        actor: Actor::System,
        body: Body::new().with("n", 1u32),
    }
}

#[tokio::test]
async fn events_chain_across_transactions_and_envelopes() {
    let bench = Bench::new().await;
    let (a, b) = (EnvelopeId::new(&bench.clock, &*bench.rng), EnvelopeId::new(&bench.clock, &*bench.rng));
    for (subject, kind) in [(a, "envelope.created"), (b, "envelope.created"), (a, "envelope.sent")] {
        let mut tx = bench.store.begin().await.unwrap();
        tx.append_event(append(&bench, subject, kind)).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut dropped = bench.store.begin().await.unwrap();
    dropped.append_event(append(&bench, a, "envelope.voided")).await.unwrap();
    drop(dropped);
    let mut tx = bench.store.begin().await.unwrap();
    let last = tx.append_event(append(&bench, a, "envelope.completed")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(last.event.seq, 4, "a number that was not committed is given again");

    let mut reader = bench.store.read().await.unwrap();
    let of_a = reader.events_of(&a.to_string()).await.unwrap();
    assert_eq!(of_a.iter().map(|link| link.event.seq).collect::<Vec<_>>(), [1, 3, 4]);
    assert_eq!(of_a[0].prev_hash, GENESIS);
    assert_eq!(reader.verify_events(1, 4).await.unwrap(), Ok(last.hash));
    assert_eq!(reader.verify_events(3, 4).await.unwrap(), Ok(last.hash));
    assert_eq!(reader.event_head().await.unwrap(), (4, last.hash));
    assert!(reader.verify_events(1, 9).await.unwrap().is_err(), "there is no ninth");
}

#[tokio::test]
async fn a_changed_event_breaks_the_chain() {
    let bench = Bench::new().await;
    let id = EnvelopeId::new(&bench.clock, &*bench.rng);
    let mut tx = bench.store.begin().await.unwrap();
    for kind in ["envelope.created", "envelope.sent", "envelope.completed"] {
        tx.append_event(append(&bench, id, kind)).await.unwrap();
    }
    tx.commit().await.unwrap();
    bench.store.close().await;

    // Someone with the file: the triggers do not stop them, the hashes do.
    let path = bench.folder.path().join("vermilion.db");
    let mut file = std::fs::read(&path).unwrap();
    let place = file.windows(13).position(|w| w == b"envelope.sent").unwrap();
    file[place..place + 13].copy_from_slice(b"envelope.lent");
    let mut rest = place + 13;
    while let Some(more) = file[rest..].windows(13).position(|w| w == b"envelope.sent") {
        file[rest + more..rest + more + 13].copy_from_slice(b"envelope.lent");
        rest += more + 13;
    }
    std::fs::write(&path, file).unwrap();
    let store = crate::open(bench.folder.path(), bench.rng.clone()).await;
    let verdict = store.read().await.unwrap().verify_events(1, 3).await.unwrap();
    assert!(verdict.is_err(), "{verdict:?}");
}
