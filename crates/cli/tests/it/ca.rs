//! `vermilion ca` and `vermilion admin` on the data of a server, while it runs.

use std::fs;
use std::process::Command;

use testkit::EstServer;

use crate::support::{Running, vermilion};

#[test]
fn the_root_leaves_and_signs_from_its_file_while_the_server_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let data = path("data");
    let server = Running::start(&data);
    let ca = |arguments: &[&str]| {
        let all = [&["ca"], arguments, &["--data-dir", &data]].concat();
        vermilion(&all)
    };
    let (code, listed, said) = ca(&["list"]);
    assert_eq!(code, 0, "{said}");
    for word in ["root ", "issuing ", "person-1 ", "organization-1 ", "key: on this machine"] {
        assert!(listed.contains(word), "{listed}");
    }
    fs::write(path("password"), "correct horse battery\n").expect("a file");
    fs::write(path("short"), "short\n").expect("a file");
    let (out, password, short) = (path("root.pem"), path("password"), path("short"));
    let export = ["export-root", "--out", &out, "--password-file"];
    let (code, _, said) = ca(&[&export[..], &[&short]].concat());
    assert_eq!((code, said.contains("12 characters")), (1, true), "{said}");
    let (code, _, said) = ca(&[&export[..], &[&password]].concat());
    assert_eq!(code, 0, "{said}");
    assert!(fs::read_to_string(&out).expect("a file").starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    assert!(ca(&["list"]).1.contains("key: not on this machine"));
    let (code, _, said) = ca(&[&export[..], &[&password]].concat());
    assert_eq!((code, said.contains("not on this machine")), (1, true), "{said}");
    let (code, _, said) = ca(&["rotate", "person"]);
    assert_eq!((code, said.contains("the key of the root is not on this machine")), (1, true), "{said}");
    let (code, said, wrong) = ca(&["rotate", "person", "--root-key", &out, "--password-file", &password]);
    assert_eq!((code, said.contains("person-2 certifies")), (0, true), "{wrong}");
    // The server goes on meanwhile.
    let root = server.get("/pki/root.pem");
    assert!(root.starts_with("HTTP/1.1 200"), "{root}");
    let (code, _, said) = ca(&["request", "organization", "--out", &path("ca.csr")]);
    assert_eq!(code, 0, "{said}");
    if let Some(openssl) = testkit::tool("openssl") {
        let (fine, said) = openssl.run(["req", "-in", &path("ca.csr"), "-verify", "-noout", "-subject"]);
        assert!(fine && said.contains("Vermilion Test Organization CA G2"), "{said}");
    }
    let (code, _, said) = ca(&["accept", "organization", &data.replace("data", "ca.csr")]);
    assert_eq!(code, 1, "a request is no certificate: {said}");
    let (code, _, said) = ca(&["import-root", "--key", &out, "--password-file", &password]);
    assert_eq!(code, 0, "{said}");
    assert!(!ca(&["list"]).1.contains("key: not on this machine"));
}

#[test]
fn an_administrator_is_an_account_with_a_verified_address() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").display().to_string();
    let (code, _, said) = vermilion(&["admin", "list", "--data-dir", &data]);
    assert_eq!((code, said.contains("no data of a server")), (1, true), "{said}");
    let mut server = Running::start(&data);
    let (code, _, said) = vermilion(&["admin", "add", "nobody@example.com", "--data-dir", &data]);
    assert_eq!((code, said.contains("no account")), (1, true), "{said}");
    assert_eq!(vermilion(&["admin", "list", "--data-dir", &data]).1, "");
    assert!(server.stop());
}

#[test]
fn the_certificate_by_which_we_ask_over_est_is_renewed_with_a_new_key() {
    const PASSWORD: &str = "horse battery staple";
    let folder = tempfile::tempdir().expect("a folder");
    let Some(est) = EstServer::start(folder.path()) else { return };
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::write(path("us.pem"), [est.file("client.pem"), est.file("client.p8")].concat()).expect("a file");
    let renew = |url: &str, password: Option<&str>| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vermilion"));
        command.args(["ca", "renew-client", "--est-url", url, "--est-roots", &path("tls-root.pem")]);
        command.args(["--est-certificate", &path("us.pem"), "-o", &path("new.pem")]);
        if let Some(password) = password {
            command.env("VERMILION_EST_KEY_PASSWORD", password);
        }
        testkit::run(&mut command)
    };
    let (done, said) = renew(&est.url(), None);
    assert!(!done && said.contains("VERMILION_EST_KEY_PASSWORD"), "{said}");
    est.play("later");
    let (done, said) = renew(&est.url(), Some(PASSWORD));
    assert!(
        !done && said.contains("again in 60 minutes") && !folder.path().join("new.pem").exists(),
        "{said}"
    );
    let (done, said) = renew(&est.url(), Some(PASSWORD));
    assert!(done, "{said}");
    let openssl = testkit::tool("openssl").expect("it runs the authority");
    let (new, old) = (path("new.pem"), path("us.pem"));
    let read = |arguments: &[&str]| openssl.run(arguments.iter().copied()).1;
    let subject = |file: &str| read(&["x509", "-in", file, "-noout", "-subject"]);
    let certified = |file: &str| read(&["x509", "-in", file, "-noout", "-pubkey"]);
    assert_eq!(subject(&new), subject(&old));
    assert_ne!(certified(&new), certified(&old));
    let password = format!("pass:{PASSWORD}");
    assert_eq!(read(&["pkey", "-in", &new, "-passin", &password, "-pubout"]), certified(&new));
    let (done, said) = renew(&est.url(), Some(PASSWORD));
    assert!(!done && said.contains("exists"), "{said}");
}
