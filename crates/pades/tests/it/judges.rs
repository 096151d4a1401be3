//! What programs of others say about files that we sign.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use pdf::XrefKind;
use pki::cms::SignedData;
use tempfile::TempDir;
use testkit::{Tool, tool};

use crate::support::{Pki, Stamped, completed, open, request, sent, sign};

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
    files
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
