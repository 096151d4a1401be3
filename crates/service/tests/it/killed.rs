//! SIGKILL at any point of issuance: what was handed out is on record, and every record is whole.

use pki::Certificate;
use pki::ca::Profile;
use pki::ocsp::Status;
use vermilion_service::{Config, Service, SystemRng};

use crate::certificates::{issue, status};

/// The records of a data folder, beside the service on it.
pub(crate) async fn open_records(data: &std::path::Path) -> store::Store {
    let key = std::fs::read_to_string(data.join("master.key")).expect("the server wrote it");
    let mut bytes = [0; 32];
    hex::decode_to_slice(key.trim(), &mut bytes).expect("hexadecimal");
    let key = std::sync::Arc::new(keys::ServerKey::from_bytes(bytes));
    let rng = std::sync::Arc::new(SystemRng);
    store::Store::open(&data.join("vermilion.db"), key, rng).await.expect("it opens")
}

/// What a child process does until it is killed: issues, and says what it has once it has it.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "the other half of a_kill_during_issuance_leaves_no_certificate_without_record"]
async fn issues_until_it_is_killed() {
    use std::io::Write as _;
    let Ok(folder) = std::env::var("VERMILION_KILLED_IN") else { return };
    let config = Config::new(folder.into(), "http://127.0.0.1:8080").cheap_for_tests();
    let service = Service::open(config).await.unwrap();
    println!();
    loop {
        let (one, two) =
            tokio::join!(issue(&service, Profile::Person), issue(&service, Profile::Organization));
        for certificate in [one, two] {
            let line = format!("issued {}\n", hex::encode(certificate.der()));
            std::io::stdout().write_all(line.as_bytes()).unwrap();
            std::io::stdout().flush().unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_during_issuance_leaves_no_certificate_without_record() {
    use std::io::BufRead as _;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut handed_out = Vec::new();
    for (seen, micros) in [(2, 0), (4, 3_000), (2, 7_000), (6, 500), (4, 11_000), (2, 20_000)] {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "killed::issues_until_it_is_killed", "--ignored", "--nocapture"])
            .env("VERMILION_KILLED_IN", &data)
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let output = std::io::BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut issued = output.filter_map(|line| line.strip_prefix("issued ").map(str::to_owned));
        handed_out.extend(issued.by_ref().take(seen));
        std::thread::sleep(std::time::Duration::from_micros(micros));
        child.kill().unwrap();
        child.wait().unwrap();
        handed_out.extend(issued);
    }
    // The last line of each may be cut.
    let read = |line: String| Certificate::from_der(&hex::decode(line).ok()?).ok();
    let handed_out: Vec<Certificate> = handed_out.into_iter().filter_map(read).collect();
    assert!(handed_out.len() >= 20, "only {} were issued", handed_out.len());
    let config = Config::new(data.clone(), "http://127.0.0.1:8080").cheap_for_tests();
    let service = Service::open(config).await.unwrap();
    for certificate in &handed_out {
        assert_eq!(status(&service, certificate).await, Status::Good, "what was handed out is on record");
    }
    service.close().await;
    // The log is whole, each record reads, and an intent without a certificate is known to nobody.
    let records = open_records(&data).await;
    let mut reader = records.read().await.unwrap();
    let (last, head) = reader.event_head().await.unwrap();
    assert_eq!(reader.verify_events(1, last).await.unwrap(), Ok(head));
    let filter = store::CertificateFilter { most: 100_000, ..store::CertificateFilter::default() };
    let all = reader.certificates(&filter, "2030-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    assert!(all.len() >= handed_out.len());
    for record in all {
        let kinds: Vec<String> = reader
            .events_of(&record.id.to_string())
            .await
            .unwrap()
            .into_iter()
            .map(|link| link.event.kind)
            .collect();
        match record.state {
            store::CertificateState::Intended => {
                assert_eq!((record.der, kinds.as_slice()), (None, &["certificate.intended".to_owned()][..]));
            }
            _ => {
                assert_eq!(kinds, ["certificate.intended", "certificate.issued"]);
                assert_eq!(Certificate::from_der(&record.der.unwrap()).unwrap().serial_hex(), record.serial);
            }
        }
    }
}
