//! Master keys that follow one another: nothing is lost on the way, and the old one is gone only when nothing needs it.

#![expect(clippy::unwrap_used, reason = "what does not work fails the test")]

use std::path::Path;
use std::sync::Arc;

use vermilion_service::master_keys::{self, MasterKeyState, Progress};
use vermilion_service::{Config, Service, StartError, envelope, jobs, view};

use crate::signers::{AGENT, Guest, House, PERSON, PIN, send_to, sender, verify_account};

async fn finish(service: &Service) -> usize {
    for steps in 1..500 {
        if master_keys::step(service).await.expect("a step") == Progress::Done {
            return steps;
        }
    }
    panic!("it does not come to an end");
}

async fn states(service: &Service) -> Vec<MasterKeyState> {
    master_keys::entries(service).await.expect("entries").into_iter().map(|it| it.state).collect()
}

/// Another process on the same data.
async fn opened(data: &Path, house: &House) -> Result<Service, StartError> {
    let config = Config::new(data.to_owned(), "http://127.0.0.1:8080").cheap_for_tests();
    Service::open_with(config, house.clock.clone(), Arc::new(testkit::SeededRng::new(9))).await
}

fn files(data: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(data.join("master-keys")) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|it| it.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sealed_before_opens_during_and_after() {
    let mut house = House::new().await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Sequential).await;
    house.guest(PERSON).await.walk_to(view::Step::Done).await;
    let before = std::fs::read_to_string(house.data().join("master.key")).unwrap();

    let new = master_keys::rotate(&house.service).await.expect("a new master key");
    assert_ne!(std::fs::read_to_string(house.data().join("master.key")).unwrap(), before);
    assert_eq!(states(&house.service).await.len(), 2);
    assert!(matches!(
        master_keys::rotate(&house.service).await,
        Err(master_keys::RotateError::UnderWay { .. })
    ));
    // During: an agent is verified, seals, and the person is found again by their number.
    house.guest(AGENT).await.walk_to(view::Step::Done).await;
    jobs::run_due(&house.service).await.unwrap();
    master_keys::step(&house.service).await.unwrap();
    send_to(&house, &actor, &PERSON, None).await;
    let again = house.guest(PERSON).await;
    again.walk_to(view::Step::Confirm).await;
    assert_eq!(again.show().await.certificate.unwrap().subject, certificate(&house, &actor, id).await);

    let (recipient, cookie) = (again.recipient, again.cookie.clone());

    assert!(finish(&house.service).await > 1);
    let left = master_keys::entries(&house.service).await.unwrap();
    assert_eq!(left.iter().map(|it| it.left).sum::<u64>(), 0);
    // The key of the signer needs a part of the old one; the old one itself is gone.
    assert_eq!(states(&house.service).await, [MasterKeyState::Current, MasterKeyState::Pepper]);
    let kept = files(house.data());
    assert!(kept.len() == 1 && kept[0].ends_with(".pepper"), "{kept:?}");
    assert_eq!(left[0].id, new);

    // After, and after a restart: documents, people, and keys under their PIN.
    house.restart().await;
    let shown = envelope::show(&house.service, &actor, id).await.unwrap();
    let document = shown.documents[0].id.parse().unwrap();
    let download = envelope::document(&house.service, &actor, id, document, None).await;
    assert!(download.is_ok(), "{:?}", download.err());
    let again = Guest::resume(&house.service, PERSON, recipient, cookie).await;
    again.sign(PIN).await.expect("the PIN opens the key");
    let linked = sender(&house.service, "later@example.com").await;
    verify_account(&house.service, &linked, PERSON.resident).await;
    // Another rotation carries the part along.
    master_keys::rotate(&house.service).await.expect("another");
    finish(&house.service).await;
    house.restart().await;
    assert_eq!(files(house.data()).len(), 2, "a part of each");
}

async fn certificate(
    house: &House,
    actor: &vermilion_service::account::Actor,
    id: vermilion_service::EnvelopeId,
) -> String {
    let shown = envelope::show(&house.service, actor, id).await.unwrap();
    shown.recipients[0].certificate.as_ref().expect("a certificate").subject.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_that_is_killed_anywhere_goes_on() {
    let mut house = House::new().await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    house.guest(PERSON).await.walk_to(view::Step::Done).await;
    // Killed after the files and before the records: the next start takes it up.
    let data = house.data().to_owned();
    let old = master_keys::entries(&house.service).await.unwrap()[0].id.clone();
    std::fs::create_dir_all(data.join("master-keys")).unwrap();
    std::fs::copy(data.join("master.key"), data.join(format!("master-keys/{old}.key"))).unwrap();
    std::fs::write(data.join("master.key"), "5a".repeat(32)).unwrap();
    house.restart().await;
    assert_eq!(states(&house.service).await.len(), 2);
    // Killed after each step.
    let mut steps = 0;
    while master_keys::step(&house.service).await.unwrap() != Progress::Done {
        house.restart().await;
        steps += 1;
        assert!(steps < 500);
    }
    assert!(steps > 2, "{steps}");
    // By the sweep as well, which has nothing left to do.
    jobs::sweep(&house.service).await.unwrap();
    house.guest(AGENT).await.walk_to(view::Step::Done).await;
    assert!(!data.join(format!("master-keys/{old}.key")).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_runs_beside_seals_under_the_new_key_at_once() {
    let house = House::new().await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let command = opened(house.data(), &house).await.expect("beside");
    master_keys::rotate(&command).await.expect("a new master key");
    // The server knows nothing of it yet, and goes on.
    house.guest(PERSON).await.walk_to(view::Step::Done).await;
    finish(&command).await;
    house.guest(AGENT).await.walk_to(view::Step::Done).await;
    jobs::sweep(&house.service).await.unwrap();
    let left = master_keys::entries(&house.service).await.unwrap();
    assert!(left.iter().all(|it| it.left == 0 && it.state != MasterKeyState::Older), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_from_before_says_which_key_it_needs() {
    let house = House::new().await;
    let actor = house.sender().await;
    send_to(&house, &actor, &PERSON, None).await;
    let (data, backup) = (house.data().to_owned(), tempfile::tempdir().unwrap());
    let key = std::fs::read_to_string(data.join("master.key")).unwrap();
    house.service.close().await;
    std::fs::copy(data.join("vermilion.db"), backup.path().join("vermilion.db")).unwrap();
    let open = || opened(&data, &house);
    let service = open().await.expect("it opens");
    let old = master_keys::entries(&service).await.unwrap()[0].id.clone();
    master_keys::rotate(&service).await.unwrap();
    finish(&service).await;
    assert_eq!(states(&service).await, [MasterKeyState::Current], "no key of a signer was made before");
    service.close().await;
    for side in ["vermilion.db-wal", "vermilion.db-shm"] {
        let _ = std::fs::remove_file(data.join(side));
    }
    std::fs::copy(backup.path().join("vermilion.db"), data.join("vermilion.db")).unwrap();
    let Err(StartError::MasterKeyMissing { id, place }) = open().await else {
        panic!("it says what is missing")
    };
    assert_eq!(id, old);
    // With the key of that time in its place it opens, and is sealed anew.
    std::fs::create_dir_all(data.join("master-keys")).unwrap();
    std::fs::write(&place, key).unwrap();
    let service = open().await.expect("it opens");
    finish(&service).await;
    assert_eq!(states(&service).await, [MasterKeyState::Current]);
    assert!(!Path::new(&place).exists());
}
