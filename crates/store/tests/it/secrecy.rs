//! What must not be readable in the files of the database.

use std::sync::Arc;

use domain::{JobId, OutboxId};
use keys::ServerKey;
use vermilion_store::{Attempt, Channel, Content, Error, Message, NewJob, Store};

use crate::Bench;

const PHONE: &str = "13800135678";
const SECRET: &str = "dGhpcy1pcy1hLWxpbmstc2VjcmV0";

async fn filled() -> (Bench, domain::EnvelopeId) {
    let bench = Bench::new().await;
    let account = bench.account("ada@example.com");
    let envelope = bench.envelope(account.id, "Lease");
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_account(&account, "hash").await.unwrap();
    tx.add_envelope(&envelope).await.unwrap();
    tx.put_recipient(&bench.recipient(envelope.id, PHONE), 0).await.unwrap();
    let body = serde_json::json!({ "link": SECRET, "to": PHONE });
    let job = NewJob { id: JobId::new(&bench.clock, &*bench.rng), kind: "notify", body, run_at: bench.now() };
    tx.add_job(&job, bench.now()).await.unwrap();
    let content = Content {
        to: PHONE.to_owned(),
        subject: String::new(),
        body: format!("https://s.example/sign/rcp#{SECRET}"),
        links: Vec::new(),
        code: Some("042137".to_owned()),
    };
    let id = OutboxId::new(&bench.clock, &*bench.rng);
    tx.add_message(&Message { id, channel: Channel::Sms, content, created_at: bench.now() }, job.id)
        .await
        .unwrap();
    let attempt = Attempt { failed: 1, first_at: bench.now(), locked_until: None };
    tx.save_attempt("code", PHONE, attempt).await.unwrap();
    tx.commit().await.unwrap();
    (bench, envelope.id)
}

#[tokio::test]
async fn phones_links_and_codes_are_nowhere_in_the_files() {
    let (bench, _) = filled().await;
    bench.store.close().await;
    for file in std::fs::read_dir(bench.folder.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for secret in [PHONE, SECRET, "042137"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} in {}", path.display());
        }
    }
}

#[tokio::test]
async fn a_sealed_column_opens_under_its_own_server_key_alone() {
    let (bench, envelope) = filled().await;
    bench.store.close().await;
    let other = Arc::new(ServerKey::from_bytes([8; 32]));
    let store =
        Store::open(&bench.folder.path().join("vermilion.db"), other, bench.rng.clone()).await.unwrap();
    let answer = store.read().await.unwrap().recipients(envelope).await;
    // It says which key is missing.
    let asked = crate::server_key().id().to_string();
    assert!(matches!(&answer, Err(Error::MasterKey { id }) if *id == asked), "{answer:?}");
}
