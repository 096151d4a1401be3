//! What programs of others say about files that we sign.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use pdf::XrefKind;
use pki::SoftwareSigner;
use pki::cms::SignedData;
use tempfile::TempDir;
use testkit::{Tool, tool};

use vermilion_pades::Level;

use crate::authorities::{Authorities, Says};
use crate::levels::credential;
use crate::support::{
    FOREIGN_FIELD, Pki, Stamped, completed, joined, open, request, sent, sign, sign_foreign,
};

/// Programs of others judge by the real time.
fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "other programs look at the real clock")]
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second() - 3600).expect("a time")
}

struct Bench {
    folder: TempDir,
    root: PathBuf,
}

impl Bench {
    fn new(pki: &Pki) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("root.pem");
        fs::write(&root, pki.root.to_pem()).expect("written");
        Self { folder, root }
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        path
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

fn files(pki: &Pki) -> Vec<(String, Vec<u8>)> {
    let alice = pki.person("Alice 陈", 11);
    let mut files = Vec::new();
    for (kind, name) in [(XrefKind::Table, "table"), (XrefKind::Stream, "stream")] {
        let once = sign(pki, &sent(kind), &request("alice", pki.at), &alice, Stamped::No);
        files.push((format!("{name}-b-b.pdf"), once));
        files.push((format!("{name}-completed.pdf"), completed(pki, kind)));
    }
    let keys = [
        ("rsa-2048", include_str!("../../../testkit/fixtures/test-only-rsa-2048.pem"), 12),
        ("rsa-3072", include_str!("../../../testkit/fixtures/test-only-rsa-3072.pem"), 13),
    ];
    for (name, pem, number) in keys {
        let rosa = pki.person_with("Rosa 阮", number, SoftwareSigner::from_pem(pem).expect("a fixture"));
        let once = sign(pki, &sent(XrefKind::Table), &request("alice", pki.at), &rosa, Stamped::No);
        files.push((format!("{name}-b-b.pdf"), once));
    }
    files
}

/// A document signed at every level with every kind of key.
fn levelled(pki: &Pki) -> Vec<(String, Level, Vec<u8>)> {
    let authorities = Authorities::new(pki, Says::OcspAndCrl);
    let sources = authorities.sources();
    let mut files = Vec::new();
    for (number, (name, key)) in (20..).zip(crate::support::keys()) {
        let who = pki.person_with("Lea 李", number, key);
        for level in [Level::BB, Level::BT, Level::BLT, Level::BLTA] {
            let kind = if level == Level::BT { XrefKind::Stream } else { XrefKind::Table };
            let base = sent(kind);
            let wanted = request("alice", pki.at);
            let tail = vermilion_pades::sign_to(&open(&base), &wanted, credential(&who), level, &sources);
            let file = joined(&base, &tail.expect("the level is reached"));
            files.push((format!("{name}-{}.pdf", level.as_str()), level, file));
        }
    }
    files
}

#[test]
fn every_level_of_every_key_is_accepted_by_pdfsig_mutool_and_qpdf() {
    let (Some(pdfsig), Some(mutool), Some(qpdf)) = (tool("pdfsig"), tool("mutool"), tool("qpdf")) else {
        return;
    };
    let pki = Pki::at(now());
    let bench = Bench::new(&pki);
    for (name, _, bytes) in levelled(&pki) {
        let path = bench.put(&name, &bytes);
        let (_, said) = pdfsig.run(["-nocert", text(&path)]);
        // poppler's NSS checks no Ed25519.
        let lacks = name.starts_with("ed25519");
        assert!(said.contains("Signature is Valid") || lacks, "{name}: {said}");
        assert!(!said.contains("Signature is Invalid"), "{name}: {said}");
        let (_, said) = mutool.run(["sign", "-v", text(&path)]);
        assert!(!said.to_lowercase().contains("mismatch"), "{name}: {said}");
        let (clean, said) = qpdf.run(["--check", text(&path)]);
        assert!(clean && !said.contains("WARNING"), "{name}: {said}");
    }
}

#[test]
fn pyhanko_finds_every_level_of_every_key_valid() {
    let Some(pyhanko) = tool("pyhanko") else { return };
    let pki = Pki::at(now());
    let bench = Bench::new(&pki);
    for (name, _, bytes) in levelled(&pki) {
        let path = bench.put(&name, &bytes);
        let (ok, said) = run_pyhanko(&pyhanko, &bench.root, &path);
        assert!(ok && !said.contains("INVALID") && said.contains("VALID"), "{name}: {said}");
    }
}

#[test]
fn pyhanko_validates_every_level_of_every_key_as_the_standard_says() {
    let Some(pyhanko) = tool("pyhanko") else { return };
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let pki = Pki::served_at(now(), &format!("http://{address}"));
    let bench = Bench::new(&pki);
    let (authorities, done) = (Authorities::new(&pki, Says::OcspAndCrl), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| authorities.serve(&listener, &done));
        let failed: Vec<String> = levelled(&pki)
            .into_iter()
            .filter_map(|(name, level, bytes)| {
                let path = bench.put(&name, &bytes);
                let arguments =
                    ["sign", "adesverify", "--trust", text(&bench.root), "--trust-replace", text(&path)];
                let (ok, said) = pyhanko.run(arguments);
                (!ok || !said.contains(":INTACT:TRUSTED")).then(|| format!("{name} {level:?}: {said}"))
            })
            .collect();
        done.store(true, Ordering::SeqCst);
        assert!(failed.is_empty(), "{}", failed.join("\n"));
    });
}

#[test]
fn openssl_verifies_every_level_of_every_key() {
    let Some(openssl) = tool("openssl") else { return };
    let pki = Pki::at(now());
    let bench = Bench::new(&pki);
    for (name, _, bytes) in levelled(&pki) {
        for field in open(&bytes).signatures().expect("fields") {
            let Some(signature) = &field.signature else { continue };
            let [_, before, after, rest] =
                signature.byte_range.clone().expect("a range").try_into().expect("four");
            let at = |number: i64| usize::try_from(number).expect("small");
            let content = [&bytes[..at(before)], &bytes[at(after)..at(after + rest)]].concat();
            let content = bench.put("content", &content);
            let contents = signature.contents.as_deref().expect("contents");
            let cms = bench.put("cms", SignedData::from_contents(contents).expect("a CMS").der());
            let arguments = if signature.kind.as_deref() == Some("DocTimeStamp") {
                vec!["ts", "-verify", "-token_in", "-in", text(&cms), "-data", text(&content)]
            } else {
                vec![
                    "cms",
                    "-verify",
                    "-cades",
                    "-binary",
                    "-inform",
                    "DER",
                    "-in",
                    text(&cms),
                    "-content",
                    text(&content),
                    "-purpose",
                    "any",
                    "-out",
                    "/dev/null",
                ]
            };
            if arguments[0] == "cms" && name.starts_with("ed25519") {
                continue; // OpenSSL 3.0 hashes first, which Ed25519 does not take
            }
            let (ok, said) = openssl.run(arguments.into_iter().chain(["-CAfile", text(&bench.root)]));
            assert!(ok, "{name} {}: {said}", field.field.name);
        }
    }
}

#[test]
fn pdfsig_finds_every_signature_valid() {
    let Some(pdfsig) = tool("pdfsig") else { return };
    let pki = Pki::at(now());
    let bench = Bench::new(&pki);
    for (name, bytes) in files(&pki) {
        let path = bench.put(&name, &bytes);
        let (_, said) = pdfsig.run(["-nocert", text(&path)]);
        let valid = said.matches("Signature is Valid").count();
        let empty = said.matches("is not signed").count();
        assert_eq!(valid + empty, said.matches("Signature #").count(), "{name}: {said}");
        assert!(valid > 0, "{name}: {said}");
        assert!(said.contains("ETSI.CAdES.detached"), "{said}");
    }
}

#[test]
fn qpdf_finds_the_structure_clean() {
    let Some(qpdf) = tool("qpdf") else { return };
    let pki = Pki::at(now());
    let bench = Bench::new(&pki);
    for (name, bytes) in files(&pki) {
        let (clean, said) = qpdf.run(["--check", text(&bench.put(&name, &bytes))]);
        assert!(clean && !said.contains("WARNING"), "{name}: {said}");
    }
}

#[test]
fn mutool_finds_the_digest_valid() {
    let Some(mutool) = tool("mutool") else { return };
    let pki = Pki::at(now());
    let bench = Bench::new(&pki);
    for (name, bytes) in files(&pki) {
        let (_, said) = mutool.run(["sign", "-v", text(&bench.put(&name, &bytes))]);
        assert!(
            !said.contains("invalid") && !said.to_lowercase().contains("digest: mismatch"),
            "{name}: {said}"
        );
    }
}

#[test]
fn pyhanko_finds_every_signature_valid_and_every_change_acceptable() {
    let Some(pyhanko) = tool("pyhanko") else { return };
    let pki = Pki::at(now());
    let bench = Bench::new(&pki);
    for (name, bytes) in files(&pki) {
        let path = bench.put(&name, &bytes);
        let (ok, said) = run_pyhanko(&pyhanko, &bench.root, &path);
        assert!(ok, "{name}: {said}");
        assert!(!said.contains("INVALID") && said.contains("VALID"), "{name}: {said}");
    }
}

fn run_pyhanko(pyhanko: &Tool, root: &Path, path: &Path) -> (bool, String) {
    pyhanko.run(["sign", "validate", "--trust", text(root), "--trust-replace", "--pretty-print", text(path)])
}

#[test]
fn openssl_verifies_the_cms_and_the_time_stamp() {
    let Some(openssl) = tool("openssl") else { return };
    let pki = Pki::at(now());
    let bench = Bench::new(&pki);
    let file =
        sign(&pki, &sent(XrefKind::Table), &request("alice", pki.at), &pki.person("Alice", 11), Stamped::Yes);
    let document = open(&file);
    let fields = document.signatures().expect("fields");
    let signature = fields.iter().find_map(|field| field.signature.as_ref()).expect("a signature");
    let span = signature.contents_span.clone().expect("a place");
    let (start, end) =
        (usize::try_from(span.start).expect("small"), usize::try_from(span.end).expect("small"));
    let content = bench.put("content", &[&file[..start], &file[end..]].concat());
    let cms = SignedData::from_contents(signature.contents.as_deref().expect("contents")).expect("a CMS");
    let der = bench.put("cms", cms.der());
    let (ok, said) = openssl.run([
        "cms",
        "-verify",
        "-cades",
        "-binary",
        "-inform",
        "DER",
        "-in",
        text(&der),
        "-content",
        text(&content),
        "-CAfile",
        text(&bench.root),
        "-purpose",
        "any",
        "-out",
        "/dev/null",
    ]);
    assert!(ok, "{said}");
    let token = bench.put("token", cms.signature_time_stamps().first().expect("a token"));
    let value = bench.put("value", cms.signature());
    let (ok, said) = openssl.run([
        "ts",
        "-verify",
        "-token_in",
        "-in",
        text(&token),
        "-data",
        text(&value),
        "-CAfile",
        text(&bench.root),
    ]);
    assert!(ok, "{said}");
}

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
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/pyhanko_judge.py");
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
