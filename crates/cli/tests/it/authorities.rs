//! Time-stamp authorities: which are believed, under which policy, with which password.

use crate::support::{Desk, Running};

/// A server of ours whose authority's root is put on the desk under this name; where it stamps.
fn authority(desk: &Desk, name: &str) -> (Running, String) {
    let server = Running::start(&desk.path(&format!("{name}-data")).display().to_string());
    let answer = server.get("/pki/root.pem");
    let root = answer.split("\r\n\r\n").nth(1).expect("a body");
    desk.put(&format!("{name}.pem"), root.as_bytes());
    let url = format!("http://{}/tsa", server.address);
    (server, url)
}

#[test]
fn an_authority_that_is_not_trusted_is_passed_over_for_the_next() {
    let desk = Desk::new();
    let (_rogue, first) = authority(&desk, "rogue");
    let (_good, second) = authority(&desk, "good");
    let trust = ["--trust", "root.pem", "--trust", "good.pem", "--reach", "127.0.0.1"];
    let both = [&["--tsa", &first, "--tsa", &second][..], &trust].concat();
    let judged = ["--trust", "good.pem", "--online", "--reach", "127.0.0.1"];
    for level in ["t", "lt", "lta"] {
        let out = format!("{level}.pdf");
        let (code, said, errors) = desk.sign(&[&["-o", &out, "--level", level][..], &both].concat());
        assert_eq!(code, 0, "{level}: {said}{errors}");
        let (_, verdict) = desk.verdict(&out, &judged);
        assert_eq!(verdict["signatures"][0]["time_stamp"]["trusted"], true, "{level}: {verdict}");
    }
    let stamp = [&["pdf", "timestamp", "contract.pdf", "-o", "stamped.pdf"][..], &both].concat();
    let (code, said, errors) = desk.run(&stamp);
    assert_eq!(code, 0, "{said}{errors}");
    let (_, verdict) = desk.verdict("stamped.pdf", &judged);
    assert_eq!(verdict["signatures"][0]["trusted"], true, "{verdict}");

    // Alone it stamps nothing; without roots it does, for then any will do.
    let alone = [&["-o", "no.pdf", "--level", "t", "--tsa", &first][..], &trust].concat();
    let (code, _, said) = desk.sign(&alone);
    assert_eq!((code, said.contains("no time-stamp")), (1, true), "{said}");
    assert!(!desk.path("no.pdf").exists());
    assert_eq!(desk.sign(&["-o", "any.pdf", "--level", "t", "--tsa", &first]).0, 0);
}

#[test]
fn a_policy_is_asked_of_the_authority_and_held_to() {
    let desk = Desk::new();
    let (_server, tsa) = authority(&desk, "good");
    let level = ["--level", "t", "--tsa", &tsa];
    let (code, _, said) = desk.sign(&[&level[..], &["-o", "no.pdf", "--tsa-policy", "1.2.3.4"]].concat());
    assert_eq!((code, said.contains("unacceptedPolicy") || said.contains("policy")), (1, true), "{said}");
    let (code, _, said) = desk.sign(&[&level[..], &["-o", "no.pdf", "--tsa-policy", "mine"]].concat());
    assert_eq!((code, said.contains("object identifier")), (64, true), "{said}");
    assert!(!desk.path("no.pdf").exists());
}

#[test]
fn a_password_is_no_part_of_an_address() {
    let desk = Desk::new();
    desk.put("password", b"secret\n");
    let sign = |more: &[&str]| desk.sign(&[&["-o", "no.pdf", "--level", "t"], more].concat());
    let (code, _, said) = sign(&["--tsa", "http://me:secret@tsa.example.com/x"]);
    assert_eq!(code, 64, "{said}");
    for hint in ["http://NAME@tsa.example.com/x", "--tsa-password-file", "VERMILION_TSA_PASSWORD"] {
        assert!(said.contains(hint) && !said.contains("me:secret"), "{hint}: {said}");
    }
    let (code, _, said) = sign(&["--tsa", "https://me@tsa.example.com/x"]);
    assert_eq!((code, said.contains("--tsa-password-file FILE")), (64, true), "{said}");
    let with = ["--tsa-password-file", "password"];
    let (code, _, said) = sign(&[&["--tsa", "http://me@tsa.example.com/x"], &with[..]].concat());
    assert_eq!((code, said.contains("https alone")), (64, true), "{said}");
    let (code, _, said) = sign(&[&["--tsa", "https://tsa.example.com/x"], &with[..]].concat());
    assert_eq!((code, said.contains("https://NAME@HOST/")), (64, true), "{said}");
}
