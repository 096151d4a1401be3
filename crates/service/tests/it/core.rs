//! Starting.

use std::os::unix::fs::PermissionsExt as _;

use vermilion_service::{Config, Service, StartError};

use crate::support::Bench;

#[tokio::test]
async fn the_first_start_makes_a_private_folder_with_a_master_key() {
    let bench = Bench::new().await;
    let data = bench.folder.path().join("data");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("master.key")), 0o600);
    assert_eq!(std::fs::read_to_string(data.join("master.key")).unwrap().len(), 64);
    vermilion_service::ready(&bench.service).await.unwrap();
    let server = vermilion_service::server(&bench.service);
    assert!(server.sandbox && server.outbox);
}

#[tokio::test]
async fn a_broken_master_key_is_said() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("master.key"), "not a key").unwrap();
    let config = Config::new(folder.path().to_owned(), "http://127.0.0.1:8080/").cheap_for_tests();
    assert_eq!(config.public_url, "http://127.0.0.1:8080");
    let Err(error) = Service::open(config).await else { panic!("it started") };
    assert!(matches!(error, StartError::MasterKey { .. }), "{error}");
}
