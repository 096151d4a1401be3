//! What programs of others say about our signatures in files of others: odd ones, encrypted ones, those that pyHanko signed.

use std::fs;
use std::path::Path;

use pdf::XrefKind;
use pki::SoftwareSigner;
use testkit::{Tool, tool};
use vermilion_pades::Level;

use crate::authorities::{Authorities, Says};
use crate::judges::{Bench, now, run_pyhanko, text};
use crate::levels::credential;
use crate::support::{FOREIGN_FIELD, Pki, Stamped, joined, open, request, sent, sign, sign_foreign};

/// How bad qpdf finds a file: 0 clean, 1 with warnings, 2 broken.
fn qpdf_verdict(qpdf: &Tool, path: &Path) -> u8 {
    match qpdf.command().args(["--check", text(path)]).output().expect("it starts").status.code() {
        Some(0) => 0,
        Some(3) => 1,
        _ => 2,
    }
}

#[test]
fn foreign_files_that_we_sign_are_accepted_by_others() {
    let (Some(qpdf), Some(pdfsig)) = (tool("qpdf"), tool("pdfsig")) else { return };
    let pki = Pki::at(now());
    let who = pki.person("Alice", 11);
    let bench = Bench::new(&pki);
    let mut wrong = Vec::new();
    for part in ["structure", "general"] {
        let Some(folder) = testkit::corpora(part) else { return };
        let (mut signed, mut refused) = (0, 0);
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|extension| extension != "pdf") {
                continue;
            }
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let bytes = fs::read(&path).expect("readable");
            let Ok(file) = sign_foreign(&pki, &who, &bytes) else {
                refused += 1;
                continue;
            };
            signed += 1;
            let ours = bench.put("signed.pdf", &file);
            let (before, after) = (qpdf_verdict(&qpdf, &path), qpdf_verdict(&qpdf, &ours));
            if after > before {
                wrong.push(format!("{part}/{name}: qpdf {before} became {after}"));
            }
            let (_, said) = pdfsig.run(["-nocert", text(&ours)]);
            let ours = said.split("Signature #").find(|block| block.contains(FOREIGN_FIELD)).unwrap_or(&said);
            if !ours.contains("Signature is Valid") {
                wrong.push(format!("{part}/{name}: pdfsig (qpdf {before} to {after}): {}", ours.trim()));
            }
        }
        eprintln!("{part}: {signed} signed, {refused} refused");
    }
    assert!(wrong.is_empty(), "{} files:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn pyhanko_accepts_what_we_sign_in_foreign_files() {
    let Some(python) = tool("python3") else { return };
    let pki = Pki::at(now());
    let who = pki.person("Alice", 11);
    let bench = Bench::new(&pki);
    let mut paths = Vec::new();
    for part in ["structure", "general"] {
        let Some(folder) = testkit::corpora(part) else { return };
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if name.ends_with(".pdf")
                && let Ok(file) = sign_foreign(&pki, &who, &fs::read(&path).expect("readable"))
            {
                paths.push(bench.put(&format!("{part}-{name}"), &file));
            }
        }
    }
    let script = testkit::checkout().join("conformance/pyhanko_judge.py");
    let output = python
        .command()
        .args([&script, &bench.root])
        .arg(FOREIGN_FIELD)
        .args(&paths)
        .output()
        .expect("Python starts");
    if output.status.code() == Some(3) {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "pyHanko is missing, and CI must not skip");
        eprintln!("SKIPPED: this Python has no pyHanko");
        return;
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let valid = said.lines().filter(|line| line.ends_with("\tvalid")).count();
    let unread: Vec<&str> = said.lines().filter(|line| line.contains("\tunread")).collect();
    let wrong: Vec<&str> =
        said.lines().filter(|line| !line.ends_with("\tvalid") && !line.contains("\tunread")).collect();
    eprintln!("pyHanko: {valid} valid, {} it cannot read:\n{}", unread.len(), unread.join("\n"));
    assert!(wrong.is_empty() && valid > 0, "{}", wrong.join("\n"));
}

#[test]
fn a_file_encrypted_with_an_empty_user_password_is_signed_and_accepted() {
    let (Some(qpdf), Some(pdfsig), Some(pyhanko)) = (tool("qpdf"), tool("pdfsig"), tool("pyhanko")) else {
        return;
    };
    let pki = Pki::at(now());
    let alice = pki.person("Alice", 11);
    let bench = Bench::new(&pki);
    let plain = bench.put("plain.pdf", &sent(XrefKind::Table));
    for bits in ["128", "256"] {
        let locked = bench.put("locked.pdf", b"");
        let mut arguments = vec!["--encrypt", "", "owner", bits];
        if bits == "128" {
            arguments.extend(["--use-aes=y"]);
        }
        arguments.extend(["--", text(&plain), text(&locked)]);
        let (ok, said) = qpdf.run(&arguments);
        assert!(ok, "{said}");
        let base = fs::read(&locked).expect("the encrypted file");
        let file = sign(&pki, &base, &request("alice", pki.at), &alice, Stamped::Yes);
        let store = vermilion_pades::append_dss(&open(&file), &pki.dss(&[&alice])).expect("a store");
        let file = joined(&file, &store);
        let report = crate::support::judge(&pki, &file);
        assert_eq!(report.signatures[0].indication, vermilion_pades::Indication::TotalPassed, "{report:?}");
        let path = bench.put("signed.pdf", &file);
        let (_, said) = pdfsig.run(["-nocert", text(&path)]);
        assert!(said.contains("Signature is Valid"), "{bits}: {said}");
        let (ok, said) = pyhanko.run([
            "sign",
            "validate",
            "--password",
            "",
            "--trust",
            text(&bench.root),
            "--trust-replace",
            "--pretty-print",
            text(&path),
        ]);
        assert!(ok && !said.contains("INVALID"), "{bits}: {said}");
    }
}

#[test]
fn a_file_with_a_password_is_signed_to_the_last_level() {
    let (Some(qpdf), Some(pyhanko)) = (tool("qpdf"), tool("pyhanko")) else { return };
    let pki = Pki::at(now());
    let bench = Bench::new(&pki);
    let authorities = Authorities::new(&pki, Says::OcspAndCrl);
    let alice = pki.person("Alice", 11);
    let (plain, locked) = (bench.put("plain.pdf", &sent(XrefKind::Table)), bench.put("locked.pdf", b""));
    let (ok, said) = qpdf.run(["--encrypt", "secret", "owner", "256", "--", text(&plain), text(&locked)]);
    assert!(ok, "{said}");
    let base = fs::read(&locked).expect("the encrypted file");
    let options = pdf::OpenOptions::new().password("secret");
    let document = pdf::Document::open_with(std::sync::Arc::new(base.clone()), &options).expect("it opens");
    let (wanted, sources) = (request("alice", pki.at), authorities.sources());
    let tail = vermilion_pades::sign_to(&document, &wanted, credential(&alice), Level::BLTA, &sources);
    let path = bench.put("signed.pdf", &joined(&base, &tail.expect("the level is reached")));
    let (ok, said) = pyhanko.run([
        "sign",
        "validate",
        "--password",
        "secret",
        "--trust",
        text(&bench.root),
        "--trust-replace",
        "--pretty-print",
        text(&path),
    ]);
    assert!(ok && !said.contains("INVALID"), "{said}");
}

/// A file that pyHanko signed with one of our certificates.
fn signed_by_pyhanko(pyhanko: &Tool, pki: &Pki, bench: &Bench, kind: &[&str]) -> Vec<u8> {
    let (key, pkcs8) = SoftwareSigner::generate(pki::KeyAlgorithm::P256).expect("a key");
    let who = pki.person_with("Hanna", 31, key);
    let der = bench.put("key.der", &pkcs8);
    let base = bench.put("base.pdf", &crate::support::sample(XrefKind::Table, 1));
    let certificate = bench.put("certificate.pem", who.certificate.to_pem().as_bytes());
    let chain = bench.put("chain.pem", pki.issuer.certificate.to_pem().as_bytes());
    let out = bench.put("by-pyhanko.pdf", b"");
    let own = [
        "pemder",
        "--key",
        text(&der),
        "--cert",
        text(&certificate),
        "--chain",
        text(&chain),
        "--no-pass",
        text(&base),
        text(&out),
    ];
    let (ok, said) = pyhanko.run(["sign", "addsig", "--field", "Hanna"].iter().chain(kind).chain(&own));
    assert!(ok, "{said}");
    fs::read(&out).expect("what it signed")
}

#[test]
fn what_pyhanko_signed_is_extended_to_every_level_and_stays_valid_to_it() {
    let (Some(pyhanko), Some(pdfsig)) = (tool("pyhanko"), tool("pdfsig")) else { return };
    let pki = Pki::at(now());
    let bench = Bench::new(&pki);
    let authorities = Authorities::new(&pki, Says::OcspAndCrl);
    let mut file = signed_by_pyhanko(&pyhanko, &pki, &bench, &["--use-pades"]);
    for level in [Level::BT, Level::BLT, Level::BLTA, Level::BLTA] {
        let tail = vermilion_pades::extend_to(&open(&file), level, &authorities.sources()).expect("extended");
        file = joined(&file, &tail);
        let report = crate::support::judge(&pki, &file);
        assert_eq!(report.signatures[0].level, level, "{:?}", report.signatures[0].reasons);
        let path = bench.put("extended.pdf", &file);
        let (ok, said) = run_pyhanko(&pyhanko, &bench.root, &path);
        assert!(ok && !said.contains("INVALID"), "{level:?}: {said}");
        let (_, said) = pdfsig.run(["-nocert", text(&path)]);
        assert!(said.contains("Signature is Valid"), "{level:?}: {said}");
    }
}

#[test]
fn a_signature_that_is_no_pades_is_kept_for_the_long_term_too() {
    let Some(pyhanko) = tool("pyhanko") else { return };
    let pki = Pki::at(now());
    let bench = Bench::new(&pki);
    let authorities = Authorities::new(&pki, Says::Crl);
    let file = signed_by_pyhanko(&pyhanko, &pki, &bench, &[]);
    let tail =
        vermilion_pades::extend_to(&open(&file), Level::BLTA, &authorities.sources()).expect("extended");
    let file = joined(&file, &tail);
    let report = crate::support::judge(&pki, &file);
    // The format is not ETSI's, and stays what it is; what was added proves its time all the same.
    assert_eq!(report.signatures[0].level, Level::NotEtsi);
    assert!(report.signatures[0].best_time.is_some(), "{:?}", report.signatures[0].reasons);
    let (ok, said) = run_pyhanko(&pyhanko, &bench.root, &bench.put("extended.pdf", &file));
    assert!(ok && !said.contains("INVALID"), "{said}");
}
