//! The command from outside: what it prints, and what it exits with.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::support::{Running, vermilion};

#[test]
fn wrong_usage_exits_with_64_and_help_with_0() {
    for wrong in [&["verify"][..], &["nonsense"], &["verify", "a.pdf", "--format", "etsy"], &["demo"], &[]] {
        let (code, _, said) = vermilion(wrong);
        assert_eq!(code, 64, "{wrong:?}: {said}");
    }
    assert_eq!(vermilion(&["--help"]).0, 0);
    assert_eq!(vermilion(&["--version"]).1, concat!("vermilion ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn the_api_is_described() {
    let (code, description, _) = vermilion(&["openapi"]);
    assert_eq!(code, 0);
    let description: Value = serde_json::from_str(&description).expect("JSON");
    assert!(description["paths"]["/api/v1/envelopes/{id}/send"]["post"].is_object());
}

#[test]
fn the_licences_of_what_the_program_carries_are_printed() {
    let (code, listed, _) = vermilion(&["licences"]);
    assert_eq!(code, 0);
    // A crate, a package of the web application, a typeface; and what their licences ask to be shown.
    for part in [
        "aws-lc-rs ",
        "pdfjs-dist ",
        "Noto Serif SC",
        "SIL OPEN FONT LICENSE",
        "Permission is hereby granted",
    ] {
        assert!(listed.contains(part), "{part}");
    }
}

#[test]
fn files_that_cannot_be_read_exit_with_65() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("text.pdf");
    fs::write(&text, "no PDF").expect("a file");
    for file in [text.as_path(), &folder.path().join("missing.pdf")] {
        let (code, out, said) = vermilion(&["verify", "--format", "json", &file.display().to_string()]);
        assert_eq!(code, 65, "{said}");
        let line: Value = serde_json::from_str(&out).expect("one object a file");
        assert!(line["error"].is_string(), "{line}");
    }
}

#[test]
fn the_demonstration_makes_a_contract_that_verifies() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (code, said, errors) = vermilion(&["demo", "--out", &path("out")]);
    assert_eq!(code, 0, "{said}{errors}");
    let (signed, report, trust) = (path("out/signed.pdf"), path("out/evidence.pdf"), path("out/trust.pem"));

    let (code, out, errors) = vermilion(&["verify", &signed, &report, "--trust", &trust, "--format", "json"]);
    assert_eq!(code, 0, "{out}{errors}");
    let verdicts: Vec<Value> =
        out.lines().map(|line| serde_json::from_str(line).expect("JSON lines")).collect();
    assert_eq!(verdicts.len(), 2);
    assert_eq!(verdicts[0]["indication"], "TOTAL-PASSED");
    assert!(verdicts[0]["signatures"].as_array().is_some_and(|signatures| signatures.len() >= 2));
    for signature in verdicts[0]["signatures"].as_array().expect("a list") {
        if signature["kind"] == "doc-timestamp" {
            continue;
        }
        assert_eq!(signature["level"], "PAdES-B-LTA", "{signature}");
        assert_eq!(
            signature["reliability"]["sole_control"], "not shown",
            "a file alone never shows sole control"
        );
        assert_eq!(signature["reliability"]["content_intact"], "met");
    }

    shown_by_the_proof(&signed, &trust, &path("out/proof.json"), &path("no-proof.json"));

    assert_eq!(vermilion(&["verify", &signed]).0, 2, "nobody is trusted");
    changed(&signed, &path("changed.pdf"));
    let (code, text, _) =
        vermilion(&["verify", &path("changed.pdf"), &signed, "--trust", &trust, "--lang", "zh-CN"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("签名"), "{text}");
    judged_by_others(folder.path(), &signed, &trust);
}

/// What the activation proof adds to the verdict: reasons for each condition, and no more than PINs can show.
fn shown_by_the_proof(signed: &str, trust: &str, proof: &str, broken: &str) {
    let asked = ["verify", signed, "--trust", trust, "--format", "json", "--proof"];
    let (code, out, errors) = vermilion(&[&asked[..], &[proof]].concat());
    assert_eq!(code, 0, "{out}{errors}");
    let verdict: Value = serde_json::from_str(&out).expect("JSON");
    for signature in verdict["signatures"].as_array().expect("a list") {
        if signature["kind"] == "doc-timestamp" {
            continue;
        }
        assert_eq!(signature["reliability"]["sole_control"], "not shown");
        assert_eq!(signature["reliability_reasons"]["sole_control"]["code"], "sole_control_unwitnessed");
        let said = signature["reasons"].to_string();
        assert!(said.contains("standard 1 (1.3.6.1.4.1.99999.2."), "the policy is named: {said}");
    }
    // A record that was changed does not hold.
    let changed =
        fs::read_to_string(proof).expect("a file").replace("\\\"version\\\":2", "\\\"version\\\":3");
    fs::write(broken, changed).expect("a file");
    let (_, out, _) = vermilion(&[&asked[..], &[broken]].concat());
    assert!(out.contains("sole_control_no_record") && !out.contains("sole_control_unwitnessed"), "{out}");
    fs::write(broken, "{}").expect("a file");
    assert_eq!(vermilion(&[&asked[..], &[broken]].concat()).0, 65);
    assert_eq!(vermilion(&[&asked[..], &[proof, "--passkey", "12"]].concat()).0, 64);
    let attests = |text: &str| vermilion(&[&asked[..], &[proof, "--attests", text]].concat());
    assert_eq!(attests("1..2").0, 64);
    // A policy is somebody's: without the authority it would be anybody's who writes it into a certificate.
    let (code, _, errors) = attests("1.2.156.1.9");
    assert!(code == 64 && errors.contains("1.2.156.1.9@FINGERPRINT"), "{errors}");
    assert_eq!(attests(&format!("1.2.156.1.9@{}", "ab".repeat(32))).0, 0);
}

/// One byte of the signed metadata, changed: the file opens as before.
fn changed(from: &str, to: &str) {
    let mut bytes = fs::read(from).expect("a file");
    let place =
        bytes.windows(7).position(|part| part == b"xpacket").expect("a typeset document has metadata");
    bytes[place] = b'y';
    fs::write(to, bytes).expect("a file");
}

fn judged_by_others(folder: &Path, signed: &str, trust: &str) {
    if let Some(qpdf) = testkit::tool("qpdf") {
        let (clean, said) = qpdf.run(["--check", signed]);
        assert!(clean, "{said}");
    }
    if let Some(pdfsig) = testkit::tool("pdfsig") {
        let (_, said) = pdfsig.run(["-nocert", signed]);
        assert!(said.matches("Signature is Valid.").count() >= 2, "{said}");
    }
    if let Some(pyhanko) = testkit::tool("pyhanko") {
        let mut command = pyhanko.command();
        command.current_dir(folder).args(["sign", "validate", "--trust-replace", "--trust", trust, signed]);
        let (valid, said) = testkit::run(&mut command);
        assert!(valid && !said.contains("INVALID"), "{said}");
    }
}

#[test]
fn a_server_starts_within_a_second_answers_and_stops_when_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").display().to_string();
    // The first start makes the authority; what counts is every start after it.
    for _ in 0..2 {
        let mut server = Running::start(&data);
        let took = server.ready_after;
        let answer = server.get("/readyz");
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ready\n"), "{answer}");
        assert!(server.get("/api/v1/server").contains("\"trust\":\"test\""));
        // Whatever address doctor is told, it keeps away from the data of a server that runs.
        let (_, said, _) = vermilion(&["doctor", "--data-dir", &data, "--public-url", "http://127.0.0.1:1"]);
        assert!(said.contains("A server runs on this data"), "{said}");
        let (code, _, said) = vermilion(&["serve", "--listen", "127.0.0.1:0", "--data-dir", &data]);
        assert!(code != 0 && said.contains("another server runs"), "{code} {said}");
        assert!(server.stop(), "a server that is told to stop exits with 0");
        assert!(took < Duration::from_secs(10), "{took:?}");
    }
    let (code, said, _) = vermilion(&["doctor", "--data-dir", &data, "--public-url", "http://127.0.0.1:1"]);
    assert!(said.contains("Authority: the embedded one, in test trust"), "{code} {said}");
    assert!(said.contains("the data opens"), "{said}");
    assert!(said.contains("Messages: nothing leaves this server"), "{said}");
}

#[test]
fn production_does_not_begin_where_it_could_reach_nobody_or_shows_everything() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data").display().to_string();
    let (code, _, said) = vermilion(&["serve", "--data-dir", &data, "--production", "--outbox-remote"]);
    assert!(code != 0 && said.contains("--outbox-remote"), "{code} {said}");
    let (code, _, said) = vermilion(&["serve", "--data-dir", &data, "--production"]);
    assert!(code != 0 && said.contains("VERMILION_TENCENT_SECRET_ID"), "{code} {said}");
    assert!(!folder.path().join("data").exists(), "it says so before it makes anything");
}
