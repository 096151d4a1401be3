//! Signing, extending and looking into files from the command line.

use std::path::Path;
use std::process::Command;

use testkit::tool;

use crate::support::{Desk, Running, flip};

#[test]
fn a_signature_without_a_look_is_intact_and_the_input_untouched() {
    let desk = Desk::new();
    let before = desk.bytes("contract.pdf");
    let (code, said, errors) = desk.sign(&["-o", "signed.pdf", "--reason", "I agree 同意"]);
    assert_eq!(code, 0, "{said}{errors}");
    assert!(said.contains("PAdES-B-B") && said.contains("Signature1"), "{said}");
    assert_eq!(desk.bytes("contract.pdf"), before);
    assert!(desk.bytes("signed.pdf").starts_with(&before));
    let (_, verdict) = desk.verdict("signed.pdf", &[]);
    let one = &verdict["signatures"][0];
    assert_eq!(one["level"], "PAdES-B-B", "{one}");
    assert_eq!(one["signer"], "Alice 陈");
    assert_eq!(one["reason"], "I agree 同意");
    assert_eq!(one["reliability"]["content_intact"], "met");
    assert_eq!(one["reliability"]["signature_intact"], "met");
}

#[test]
fn nothing_is_overwritten_unasked() {
    let desk = Desk::new();
    desk.put("there.pdf", b"something else");
    for (out, hint) in
        [("there.pdf", "--force"), ("contract.pdf", "--in-place"), ("./contract.pdf", "--in-place")]
    {
        let before = desk.bytes(out);
        let (code, _, said) = desk.sign(&["-o", out]);
        assert_eq!(code, 64, "{said}");
        assert!(said.contains(hint), "{said}");
        assert_eq!(desk.bytes(out), before);
    }
    assert_eq!(desk.sign(&["-o", "there.pdf", "--force"]).0, 0);
    assert_eq!(desk.verdict("there.pdf", &[]).1["signatures"][0]["level"], "PAdES-B-B");
    assert_eq!(desk.sign(&["--in-place"]).0, 0);
    assert_eq!(desk.verdict("contract.pdf", &[]).1["signatures"][0]["level"], "PAdES-B-B");
}

#[test]
fn what_cannot_be_done_says_why_and_writes_nothing() {
    let desk = Desk::new();
    desk.put("other.pem", include_bytes!("../../../testkit/fixtures/test-only-rsa-2048.pem"));
    let cases: [(&[&str], i32, &str); 8] = [
        (&["--level", "t"], 64, "--tsa"),
        (&["--level", "t", "--tsa", "http://127.0.0.1:9/tsa"], 1, "127.0.0.1:9"),
        (&["--text", "Alice"], 64, "--rect"),
        (&["--rect", "1,2,3"], 64, "left, top, width"),
        (&["--page", "9", "--rect", "10,10,40,20"], 64, "page 9"),
        (&["--lock", "some"], 64, "include:"),
        (&["--policy", "1.2.3"], 64, "OID:DIGEST:HEX"),
        (&["--pss"], 64, "RSA"),
    ];
    for (options, code, hint) in cases {
        let (found, _, said) = desk.sign(&[options, &["-o", "signed.pdf"]].concat());
        assert_eq!(found, code, "{options:?}: {said}");
        assert!(said.contains(hint), "{options:?}: {said}");
        assert!(!desk.path("signed.pdf").exists(), "{options:?}");
    }
    let (code, _, said) =
        desk.run(&["sign", "contract.pdf", "-o", "signed.pdf", "--key", "other.pem", "--cert", "cert.pem"]);
    assert_eq!((code, said.contains("not that of the key")), (64, true), "{said}");
    let (code, _, said) = desk.run(&["sign", "missing.pdf", "-o", "signed.pdf", "--key", "key.pem"]);
    assert_eq!((code, said.contains("missing.pdf")), (65, true), "{said}");
}

#[test]
fn the_hash_function_that_a_field_demands_is_used() {
    let desk = Desk::new();
    desk.put("asks.pdf", &testkit::pdf_samples::demanding_digest("SHA384"));
    let sign = ["sign", "asks.pdf", "--force", "-o", "signed.pdf", "--key", "key.pem", "--cert", "cert.pem"];
    let (code, _, said) = desk.run(&sign);
    assert_eq!(code, 0, "{said}");
    let (_, verdict) = desk.verdict("signed.pdf", &[]);
    assert_eq!(verdict["signatures"][0]["digest_algorithm"], "SHA-384", "{verdict}");
    let (code, _, said) = desk.run(&[&sign[..], &["--digest", "sha256"]].concat());
    assert_eq!((code, said.contains("SHA384")), (1, true), "{said}");
    desk.put("asks.pdf", &testkit::pdf_samples::demanding_digest("RIPEMD160"));
    let (code, _, said) = desk.run(&sign);
    assert_eq!((code, said.contains("RIPEMD160")), (1, true), "{said}");
}

#[test]
fn a_signature_that_shows_is_valid_for_others_and_certifies() {
    let desk = Desk::new();
    let picture = picture();
    desk.put("seal.png", &picture);
    let (code, said, errors) = desk.sign(&[
        "-o",
        "signed.pdf",
        "--page",
        "2",
        "--rect",
        "20mm,250mm,60mm,20mm",
        "--text",
        "Alice 陈\\n2026",
        "--image",
        "seal.png",
        "--certify",
        "2",
        "--lock",
        "all",
    ]);
    assert_eq!(code, 0, "{said}{errors}");
    let (_, verdict) = desk.verdict("signed.pdf", &[]);
    assert_eq!(verdict["signatures"][0]["kind"], "certification", "{verdict}");
    assert_eq!(verdict["signatures"][0]["reliability"]["content_intact"], "met", "{verdict}");
    let path = desk.path("signed.pdf");
    if let Some(pdfsig) = tool("pdfsig") {
        let (_, said) = pdfsig.run([Path::new("-nocert"), &path]);
        assert!(said.contains("Signature is Valid"), "{said}");
    }
    if let Some(qpdf) = tool("qpdf") {
        let (clean, said) = qpdf.run([Path::new("--check"), &path]);
        assert!(clean, "{said}");
    }
}

/// A red square on white, 32 pixels wide.
fn picture() -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 32, 32);
    encoder.set_color(png::ColorType::Rgb);
    let pixels: Vec<u8> = (0..32 * 32)
        .flat_map(|at| {
            let inside = |n: usize| (8..24).contains(&n);
            if inside(at % 32) && inside(at / 32) { [200, 20, 20] } else { [255, 255, 255] }
        })
        .collect();
    encoder.write_header().expect("a header").write_image_data(&pixels).expect("pixels");
    out
}

#[test]
fn a_key_in_pkcs12_opens_with_its_password_from_a_file_or_the_environment() {
    let Some(openssl) = tool("openssl") else { return };
    let desk = Desk::new();
    let (made, said) = testkit::run(openssl.command().current_dir(desk.path("")).args([
        "pkcs12",
        "-export",
        "-inkey",
        "key.pem",
        "-in",
        "cert.pem",
        "-certfile",
        "root.pem",
        "-out",
        "key.p12",
        "-passout",
        "pass:secret word",
    ]));
    assert!(made, "{said}");
    desk.put("password", b"secret word\n");
    desk.put("wrong", b"another word\n");
    let sign = ["sign", "contract.pdf", "--key", "key.p12", "-o"];
    let (code, _, said) = desk.run(&[&sign[..], &["a.pdf"]].concat());
    assert_eq!((code, said.contains("--key-password-file")), (64, true), "{said}");
    let (code, _, said) = desk.run(&[&sign[..], &["a.pdf", "--key-password-file", "wrong"]].concat());
    assert_eq!((code, said.contains("password")), (65, true), "{said}");
    let (code, _, said) = desk.run(&[&sign[..], &["a.pdf", "--password-file", "password"]].concat());
    assert_eq!(code, 0, "{said}");
    let output = Command::new(env!("CARGO_BIN_EXE_vermilion"))
        .current_dir(desk.path(""))
        .env("VERMILION_KEY_PASSWORD", "secret word")
        .args([&sign[..], &["b.pdf"]].concat())
        .output()
        .expect("the command runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for file in ["a.pdf", "b.pdf"] {
        assert_eq!(desk.verdict(file, &[]).1["signatures"][0]["reliability"]["content_intact"], "met");
    }
}

/// Where Debian puts SoftHSM.
const MODULES: [&str; 3] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
];

#[test]
fn a_key_on_a_token_signs_with_the_right_pin_alone() {
    let Some(softhsm) = tool("softhsm2-util") else { return };
    let module = MODULES.into_iter().find(|path| Path::new(path).exists()).expect("SoftHSM's module");
    let desk = Desk::new();
    std::fs::create_dir(desk.path("tokens")).expect("a folder");
    let settings = format!("directories.tokendir = {}\n", desk.path("tokens").display());
    desk.put("softhsm.conf", settings.as_bytes());
    let steps: [&[&str]; 2] = [
        &["--init-token", "--free", "--label", "desk", "--so-pin", "12345678", "--pin", "4321"],
        &["--import", "key.pem", "--token", "desk", "--label", "alice", "--id", "0a", "--pin", "4321"],
    ];
    for step in steps {
        let mut command = softhsm.command();
        command.current_dir(desk.path("")).env("SOFTHSM2_CONF", desk.path("softhsm.conf")).args(step);
        let (done, said) = testkit::run(&mut command);
        assert!(done, "{said}");
    }
    let sign = |pin: &str, key: &str, out: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vermilion"));
        command
            .current_dir(desk.path(""))
            .env("SOFTHSM2_CONF", desk.path("softhsm.conf"))
            .env("VERMILION_PIN", pin)
            .args(["sign", "contract.pdf", "--pkcs11", module, "--token", "desk", "--key-id", key])
            .args(["--cert", "cert.pem", "--digest", "sha384", "-o", out]);
        testkit::run(&mut command)
    };
    let (signed, said) = sign("9999", "0a", "signed.pdf");
    assert!(!signed && said.contains("PIN"), "{said}");
    let (signed, said) = sign("4321", "0b", "signed.pdf");
    assert!(!signed && said.contains("0a"), "what is there is named: {said}");
    assert!(!desk.path("signed.pdf").exists());
    let (signed, said) = sign("4321", "0a", "signed.pdf");
    assert!(signed, "{said}");
    assert_eq!(desk.verdict("signed.pdf", &[]).1["signatures"][0]["reliability"]["signature_intact"], "met");
}

#[test]
fn an_encrypted_file_is_signed_and_judged_with_its_password() {
    let Some(qpdf) = tool("qpdf") else { return };
    let desk = Desk::new();
    let (made, said) = testkit::run(qpdf.command().current_dir(desk.path("")).args([
        "--encrypt",
        "open sesame",
        "owner",
        "256",
        "--",
        "--replace-input",
        "contract.pdf",
    ]));
    assert!(made, "{said}");
    desk.put("password", b"open sesame\n");
    let (code, _, said) = desk.sign(&["-o", "signed.pdf"]);
    assert_eq!((code, said.contains("--pdf-password-file")), (65, true), "{said}");
    let (code, _, said) = desk.sign(&["-o", "signed.pdf", "--password", "wrong"]);
    assert_eq!(code, 65, "{said}");
    let (code, _, said) = desk.sign(&["-o", "signed.pdf", "--pdf-password-file", "password"]);
    assert_eq!(code, 0, "{said}");
    let (_, verdict) = desk.verdict("signed.pdf", &["--pdf-password-file", "password"]);
    assert_eq!(verdict["signatures"][0]["reliability"]["content_intact"], "met", "{verdict}");
}

#[test]
fn a_key_elsewhere_signs_in_three_steps() {
    let Some(openssl) = tool("openssl") else { return };
    let desk = Desk::new();
    let prepare = [
        "sign",
        "prepare",
        "contract.pdf",
        "--cert",
        "cert.pem",
        "--chain",
        "root.pem",
        "--state",
        "state",
        "--tbs",
        "tbs",
    ];
    let (code, said, errors) = desk.run(&prepare);
    assert_eq!(code, 0, "{errors}");
    assert!(said.contains("openssl dgst -sha256") && said.contains("sign finish"), "{said}");
    let (signed, said) = testkit::run(
        openssl
            .command()
            .current_dir(desk.path(""))
            .args(["dgst", "-sha256", "-sign", "key.pem", "-out", "value", "tbs"]),
    );
    assert!(signed, "{said}");
    let finish = ["sign", "finish", "--state", "state", "--signature", "value", "-o", "signed.pdf"];

    let before = desk.bytes("contract.pdf");
    flip(&desk.path("contract.pdf"), b"stream");
    let (code, _, said) = desk.run(&finish);
    assert_ne!(code, 0, "the file changed meanwhile: {said}");
    assert!(!desk.path("signed.pdf").exists());
    desk.put("contract.pdf", &before);

    let (code, _, said) = desk.run(&finish);
    assert_eq!(code, 0, "{said}");
    let (_, verdict) = desk.verdict("signed.pdf", &[]);
    assert_eq!(verdict["signatures"][0]["level"], "PAdES-B-B");
    assert_eq!(verdict["signatures"][0]["reliability"]["content_intact"], "met");

    desk.put("value", b"no signature");
    let (code, _, said) = desk.run(&[&finish[..7], &["other.pdf"]].concat());
    assert_eq!(code, 1, "{said}");
    assert!(!desk.path("other.pdf").exists());
}

#[test]
fn room_for_a_signature_elsewhere_may_be_asked_for() {
    let Some(openssl) = tool("openssl") else { return };
    let desk = Desk::new();
    let prepare =
        ["sign", "prepare", "contract.pdf", "--cert", "cert.pem", "--state", "state", "--tbs", "tbs"];
    let (code, _, said) = desk.run(&[&prepare[..], &["--reserve", "99999999"]].concat());
    assert_eq!((code, said.contains("1048576")), (64, true), "{said}");
    let policy = format!("1.2.3:sha256:{}@https://example.com/{}", "ab".repeat(32), "p/".repeat(6000));
    let (code, _, said) = desk.run(&[&prepare[..], &["--reserve", "40000", "--policy", &policy]].concat());
    assert_eq!(code, 0, "{said}");
    let sign = ["dgst", "-sha256", "-sign", "key.pem", "-out", "value", "tbs"];
    let (signed, said) = testkit::run(openssl.command().current_dir(desk.path("")).args(sign));
    assert!(signed, "{said}");
    let finish = ["sign", "finish", "--state", "state", "--signature", "value", "-o", "signed.pdf"];
    let (code, _, said) = desk.run(&finish);
    assert_eq!(code, 0, "{said}");
    let (_, verdict) = desk.verdict("signed.pdf", &[]);
    assert_eq!(verdict["signatures"][0]["reliability"]["signature_intact"], "met", "{verdict}");
    let hole = desk.bytes("signed.pdf").split(|byte| *byte == b'<').map(<[u8]>::len).max();
    assert!(hole > Some(2 * (40_000 + 12_000)), "{hole:?}");
}

#[test]
fn certificates_that_cannot_be_read_are_passed_over_where_they_are_not_needed() {
    let desk = Desk::new();
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let with = |name: &str| [broken.as_bytes(), &desk.bytes(name)].concat();
    desk.put("above.pem", &with("root.pem"));
    desk.put("own.pem", &with("cert.pem"));
    desk.put("all.pem", &[desk.bytes("key.pem"), desk.bytes("cert.pem"), with("root.pem")].concat());
    let sign = |key: &str, more: &[&str], out: &str| {
        desk.run(&[&["sign", "contract.pdf", "--key", key, "-o", out], more].concat())
    };
    let above = ["--cert", "cert.pem", "--chain", "above.pem"];
    for (key, more, out, file) in
        [("key.pem", &above[..], "a.pdf", "above.pem"), ("all.pem", &[], "b.pdf", "all.pem")]
    {
        let (code, _, said) = sign(key, more, out);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains(file) && said.contains("passed over"), "{said}");
        assert_eq!(desk.verdict(out, &["--trust", "above.pem"]).1["signatures"][0]["level"], "PAdES-B-B");
    }
    // The first of its file is the signer's: another one behind it is not taken in its place.
    let (code, _, said) = sign("key.pem", &["--cert", "own.pem"], "c.pdf");
    assert_eq!((code, said.contains("own.pem")), (65, true), "{said}");
}

#[test]
fn every_level_is_reached_passes_and_is_renewed() {
    let desk = Desk::new();
    let server = Running::start(&desk.path("data").display().to_string());
    let (tsa, url) = (format!("http://{}/tsa", server.address), server.get("/pki/root.pem"));
    let root = url.split("\r\n\r\n").nth(1).expect("a body");
    desk.put("tsa-root.pem", root.as_bytes());
    for (level, name) in [("t", "PAdES-B-T"), ("lt", "PAdES-B-LT"), ("lta", "PAdES-B-LTA")] {
        let out = format!("{level}.pdf");
        // The first authority does not answer: the next one is asked.
        let (code, said, errors) = desk.sign(&[
            "-o",
            &out,
            "--level",
            level,
            "--tsa",
            "http://127.0.0.1:9/none",
            "--tsa",
            &tsa,
            "--reach",
            "127.0.0.1",
        ]);
        assert_eq!(code, 0, "{level}: {said}{errors}");
        // The desk's list was issued an hour ago: who needs newer data is told how to come by them.
        let told = errors.contains("\"Alice 陈\"") && errors.contains("from before the signature");
        assert_eq!(told && errors.contains("vermilion extend"), level != "t", "{level}: {errors}");
        let (code, verdict) = desk.verdict(&out, &["--trust", "tsa-root.pem"]);
        assert_eq!(verdict["signatures"][0]["level"], name, "{verdict}");
        // What revocation data the file lacks can be asked for.
        assert_eq!(code, if level == "t" { 2 } else { 0 }, "{level}: {verdict}");
        let (code, verdict) =
            desk.verdict(&out, &["--trust", "tsa-root.pem", "--online", "--reach", "127.0.0.1"]);
        assert_eq!(code, 0, "{level}: {verdict}");
    }
    let lonely = ["sign", "contract.pdf", "-o", "no.pdf", "--key", "key.pem", "--cert", "cert.pem"];
    let lasting = ["--level", "lt", "--tsa", &tsa, "--reach", "127.0.0.1"];
    let (code, _, said) = desk.run(&[&lonely[..], &lasting[..]].concat());
    assert_eq!(code, 1, "{said}");
    for words in ["the issuer of “Alice 陈”", "--chain FILE", "--trust FILE"] {
        assert!(said.contains(words), "{said}");
    }
    let extend = ["--level", "lta", "--tsa", &tsa, "--reach", "127.0.0.1"];
    for (from, to) in [("t.pdf", "raised.pdf"), ("lta.pdf", "renewed.pdf")] {
        let (code, said, errors) = desk.run(&[&["extend", from, "-o", to], &extend[..]].concat());
        assert_eq!(code, 0, "{said}{errors}");
        let (code, verdict) = desk.verdict(to, &["--trust", "tsa-root.pem"]);
        assert_eq!(code, 0, "{to}: {verdict}");
        assert_eq!(verdict["signatures"][0]["level"], "PAdES-B-LTA");
    }
    // The same of a file that nobody has signed: a time-stamp by itself.
    let stamp = ["--tsa", &tsa, "--reach", "127.0.0.1"];
    let (code, said, errors) =
        desk.run(&[&["pdf", "timestamp", "contract.pdf", "-o", "stamped.pdf"], &stamp[..]].concat());
    assert_eq!(code, 0, "{said}{errors}");
    let (code, verdict) =
        desk.verdict("stamped.pdf", &["--trust", "tsa-root.pem", "--online", "--reach", "127.0.0.1"]);
    assert_eq!(code, 0, "{verdict}");
    assert_eq!(verdict["signatures"][0]["kind"], "doc-timestamp");
    assert_eq!(
        desk.run(&["pdf", "timestamp", "contract.pdf", "-o", "no.pdf"]).0,
        64,
        "no authority is named"
    );
    let (code, xml, _) = desk.run(&[
        "verify",
        "renewed.pdf",
        "--trust",
        "root.pem",
        "--trust",
        "tsa-root.pem",
        "--format",
        "etsi",
    ]);
    assert_eq!(code, 0);
    assert!(xml.starts_with("<?xml") && xml.contains("urn:etsi:019102:mainindication:total-passed"), "{xml}");
}

#[test]
fn revisions_are_named_and_come_out_as_they_were_signed() {
    let desk = Desk::new();
    assert_eq!(desk.sign(&["-o", "once.pdf"]).0, 0);
    let (code, _, said) = desk.run(&[
        "sign",
        "once.pdf",
        "--key",
        "key.pem",
        "--cert",
        "cert.pem",
        "--page",
        "1",
        "--rect",
        "120,220,50,20",
        "-o",
        "twice.pdf",
    ]);
    assert_eq!(code, 0, "{said}");
    let (code, said, _) = desk.run(&["pdf", "revisions", "twice.pdf"]);
    assert_eq!(code, 0);
    for words in
        ["Revision 3", "Signature1", "The new signature field “Signature2” shows", "Alice 陈", "page 1"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    let (_, json, _) = desk.run(&["pdf", "revisions", "twice.pdf", "--format", "json"]);
    let list: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(list.as_array().map(Vec::len), Some(3), "{list}");
    let (code, _, said) =
        desk.run(&["pdf", "revisions", "twice.pdf", "--extract", "2", "-o", "as-signed.pdf"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(desk.bytes("as-signed.pdf"), desk.bytes("once.pdf"));
    assert_eq!(desk.run(&["pdf", "revisions", "twice.pdf", "--extract", "9", "-o", "x.pdf"]).0, 64);
}

#[test]
fn manual_pages_and_completions_are_generated() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["docs", "out"]).0, 0);
    for page in ["vermilion", "vermilion-sign", "vermilion-verify", "vermilion-pdf-revisions"] {
        let text = String::from_utf8(desk.bytes(&format!("out/man/{page}.1"))).expect("UTF-8");
        assert!(text.contains(".TH"), "{page}: {text}");
    }
    assert!(desk.bytes("out/man/vermilion-sign.1").windows(5).any(|part| part == b"level"));
    for file in ["vermilion.bash", "_vermilion", "vermilion.fish"] {
        assert!(!desk.bytes(&format!("out/completions/{file}")).is_empty());
    }
}
