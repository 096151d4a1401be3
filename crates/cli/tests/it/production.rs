//! `vermilion serve --production`: real people alone.

use std::process::Command;

use crate::support::Running;

/// A key of nobody's, and a mail server that is not there: nothing is asked with them, and nothing is sent.
const PROVIDER: [(&str, &str); 8] = [
    ("VERMILION_TENCENT_SECRET_ID", "AKIDnobody"),
    ("VERMILION_TENCENT_SECRET_KEY", "nobody's"),
    ("VERMILION_SMS", "tencent"),
    ("VERMILION_SMS_SIGNATURE", "Vermilion"),
    ("VERMILION_SMS_CODE_TEMPLATE", "1"),
    ("VERMILION_TENCENT_SMS_APPLICATION", "1400000000"),
    ("VERMILION_SMTP_URL", "smtp://127.0.0.1:9"),
    ("VERMILION_MAIL_FROM", "Vermilion <sign@example.com>"),
];

/// What stands in front of a person who cannot be checked: the exit code, and what is said.
fn refused(more: &[&str], environment: &[(&str, &str)]) -> (i32, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let output = Command::new(env!("CARGO_BIN_EXE_vermilion"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir", data.to_str().expect("UTF-8")])
        .args(more)
        .envs(environment.iter().copied())
        .output()
        .expect("the command runs");
    assert!(!data.exists(), "nothing is made before the settings are sound");
    (output.status.code().expect("no signal"), String::from_utf8(output.stderr).expect("UTF-8"))
}

#[test]
fn production_without_a_provider_or_beside_the_sandbox_does_not_start() {
    let (code, said) = refused(&["--production"], &[]);
    assert_ne!(code, 0);
    assert!(said.contains("--production without an identity provider"), "{said}");
    for both in [&["--production", "--sandbox"][..], &["--sandbox"]] {
        let mut environment = PROVIDER.to_vec();
        if both.len() == 1 {
            environment.push(("VERMILION_PRODUCTION", "true"));
        }
        let (code, said) = refused(both, &environment);
        assert_ne!(code, 0);
        assert!(said.contains("exclude each other"), "{said}");
        assert!(!said.contains("nobody's"), "no secret is told");
    }
}

#[test]
fn in_production_there_is_no_sandbox_to_be_reached() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let server = Running::start_with(data.to_str().expect("UTF-8"), &["--production"], &PROVIDER);
    let told = server.get("/api/v1/server");
    assert!(told.contains(r#""sandbox":false"#), "the pages leave their links to it away: {told}");
    let transfer = "/api/v1/sandbox/bank/trf_0192f0c1a2b37c4d8e5f60718293a4b5/return";
    for answer in [
        server.get("/sandbox"),
        server.get("/sandbox/face/x"),
        server.get("/api/v1/sandbox/register"),
        server.get("/api/v1/sandbox/bank"),
        server.get("/api/v1/sandbox/faces/x"),
        server.post("/api/v1/sandbox/faces/x", r#"{"outcome":"passed"}"#),
        server.post(transfer, "{}"),
    ] {
        assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
        for known in ["陈晓雨", "11010519860214102X", "11001018800053001234"] {
            assert!(!answer.contains(known), "{answer}");
        }
    }
}
