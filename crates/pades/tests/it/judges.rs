//! What programs of others say about files that we sign.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use pdf::{Dict, Object, XrefKind};
use pki::SoftwareSigner;
use pki::cms::SignedData;
use tempfile::TempDir;
use testkit::{Tool, tool};

use vermilion_pades as pades;
use vermilion_pades::{Indication, Level};

use crate::authorities::{Authorities, Says};
use crate::forms::{ask, names, seeded, texts};
use crate::levels::credential;
use crate::support::{Pki, Stamped, completed, joined, judge, open, request, sent, sign};

/// Programs of others judge by the real time.
pub(crate) fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "other programs look at the real clock")]
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second() - 3600).expect("a time")
}

pub(crate) struct Bench {
    folder: TempDir,
    pub(crate) root: PathBuf,
}

impl Bench {
    pub(crate) fn new(pki: &Pki) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("root.pem");
        fs::write(&root, pki.root.to_pem()).expect("written");
        Self { folder, root }
    }

    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        path
    }
}

pub(crate) fn text(path: &Path) -> &str {
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

#[test]
fn pyhanko_finds_the_seed_values_met_that_it_judges() {
    let Some(pyhanko) = tool("pyhanko") else { return };
    let pki = Pki::at(now());
    let bench = Bench::new(&pki);
    let authorities = Authorities::new(&pki, Says::OcspAndCrl);
    let alice = pki.person("Alice", 11);
    let seed = || Dict::new().with("Type", Object::name("SV"));
    let subject = vec![Object::string(alice.certificate.der().to_vec())];
    let cases = [
        ("filter", seed().with("Filter", Object::name("Adobe.PPKLite")).with("Ff", 1)),
        ("encoding", seed().with("SubFilter", names(&["ETSI.CAdES.detached"])).with("Ff", 2)),
        ("reason", seed().with("Reasons", texts(&["I agree"])).with("Ff", 8)),
        ("digest", seed().with("DigestMethod", texts(&["SHA256"])).with("Ff", 64)),
        ("approval", seed().with("MDP", Dict::new().with("P", 0))),
        ("certification", seed().with("MDP", Dict::new().with("P", 2))),
        ("locked", seed().with("LockDocument", Object::name("true")).with("Ff", 128)),
        ("unlocked", seed().with("LockDocument", Object::name("false")).with("Ff", 128)),
        ("certificate", seed().with("Cert", Dict::new().with("Subject", subject).with("Ff", 1))),
        (
            "time-stamp",
            seed().with("TimeStamp", Dict::new().with("URL", Object::string("http://tsa")).with("Ff", 1)),
        ),
    ];
    for (name, seed) in cases {
        let level = if name == "time-stamp" { Level::BT } else { Level::BB };
        let file = seeded(seed);
        let tail =
            pades::sign_to(&open(&file), &ask(&pki), credential(&alice), level, &authorities.sources());
        let file = joined(&file, &tail.unwrap_or_else(|error| panic!("{name}: {error}")));
        let path = bench.put(&format!("{}.pdf", name.replace(' ', "-")), &file);
        let (ok, said) = run_pyhanko(&pyhanko, &bench.root, &path);
        assert!(ok && said.contains("Seed value constraints") && !said.contains("INVALID"), "{name}: {said}");
        assert_ne!(judge(&pki, &file).signatures[0].indication, Indication::TotalFailed, "{name}");
    }
}

pub(crate) fn run_pyhanko(pyhanko: &Tool, root: &Path, path: &Path) -> (bool, String) {
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
