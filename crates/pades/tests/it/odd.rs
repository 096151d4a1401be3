//! Files that are odd but legal: encrypted, hybrid, rotated, with forms, large, signed before.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::sync::Arc;

use pades::{ChangesAfter, Condition, Level, Place, Policy, SigningRequest};
use pdf::{Document, FileSource, Joined, Limits, Rect, Source, XrefKind};
use pki::Signer;
use vermilion_pades as pades;

use crate::support::{Pki, Stamped, joined, judge, look, noon, open, sample, sign};

/// Signs a third-party file on its first page and gives our verdict on the new signature.
fn sign_foreign(pki: &Pki, bytes: &[u8]) -> Result<pades::SignatureReport, String> {
    let source: Arc<dyn Source> = Arc::new(bytes.to_vec());
    let document = Document::open(source, &Limits::default()).map_err(|error| error.to_string())?;
    let request = SigningRequest {
        place: Some(Place { page: 0, rect: Rect::sized(20.0, 20.0, 160.0, 48.0) }),
        appearance: Some(look("0.8 0 0")),
        ..SigningRequest::new("vermilion-odd", pki.at)
    };
    let who = pki.person("Alice", 11);
    let prepared = pades::prepare(&document, &request).map_err(|error| error.to_string())?;
    let waiting =
        prepared.to_be_signed(who.certificate, who.chain, who.key.algorithm()).expect("a usable certificate");
    let value = who.key.sign(waiting.bytes()).expect("a value");
    let tail = waiting.signed(value).expect("verifies").finish().expect("a tail");
    let report = judge(pki, &joined(bytes, &tail));
    report
        .signatures
        .into_iter()
        .find(|one| one.field == "vermilion-odd")
        .ok_or_else(|| "the signature is not found again".to_owned())
}

fn assert_signable(name: &str) {
    let Some(folder) = testkit::corpora("structure") else { return };
    let pki = Pki::new();
    let bytes = fs::read(folder.join(name)).expect("the file");
    let one = sign_foreign(&pki, &bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(one.reliability.signature_intact, Condition::Met, "{name}: {:?}", one.reasons);
    assert_eq!(one.level, Level::BB, "{name}: {:?}", one.reasons);
}

#[test]
fn hybrid_stream_and_object_stream_files_are_signed() {
    for name in [
        "minimal-hybrid-xref.pdf",
        "minimal-xref.pdf",
        "uncompressed-objstream-sample.pdf",
        "minimal-two-fields.pdf",
    ] {
        assert_signable(name);
    }
}

#[test]
fn annotations_and_forms_of_every_shape_are_extended() {
    for name in
        ["minimal-one-field-indir-annots.pdf", "minimal-annotless.pdf", "minimal-with-simple-form.pdf"]
    {
        assert_signable(name);
    }
}

#[test]
fn every_structure_file_is_signed_or_refused_with_a_reason() {
    let Some(folder) = testkit::corpora("structure") else { return };
    let pki = Pki::new();
    let (mut signed, mut refused, mut wrong) = (0, 0, Vec::new());
    let mut paths: Vec<_> =
        fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if !name.ends_with(".pdf") {
            continue;
        }
        match sign_foreign(&pki, &fs::read(&path).expect("readable")) {
            Ok(one) if one.reliability.signature_intact == Condition::Met => signed += 1,
            Ok(one) => wrong.push(format!("{name}: {:?}", one.reasons)),
            Err(reason) => {
                eprintln!("{name}: refused: {reason}");
                refused += 1;
            }
        }
    }
    eprintln!("structure: {signed} signed, {refused} refused");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_foreign_signature_stays_valid_after_ours() {
    let Some(folder) = testkit::corpora("honest") else { return };
    let pki = Pki::new();
    let bytes = fs::read(folder.join("minimal-two-fields-signed-twice.pdf")).expect("the file");
    let request = SigningRequest { place: Some(Place::invisible()), ..SigningRequest::new("ours", noon()) };
    let file = sign(&pki, &bytes, &request, &pki.person("Alice", 11), Stamped::No);
    let report = judge(&pki, &file);
    assert_eq!(report.signatures.len(), 3);
    for one in &report.signatures {
        assert_eq!(one.reliability.signature_intact, Condition::Met, "{:?}", one.reasons);
        assert_ne!(one.changes_after, ChangesAfter::Forbidden, "{:?}", one.changes);
    }
}

/// A sparse file: a stream of zeros makes it larger than ten digits of a naive `ByteRange` would hold.
#[test]
fn a_file_beyond_a_hundred_million_bytes_is_signed_from_disk() {
    let pki = Pki::new();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.pdf");
    write_large(&path, 100_200_000);
    let source: Arc<dyn Source> = Arc::new(FileSource::open(&path).expect("the file"));
    let document = Document::open(source.clone(), &Limits::default()).expect("it opens");
    let request = SigningRequest { place: Some(Place::invisible()), ..SigningRequest::new("big", pki.at) };
    let who = pki.person("Alice", 11);
    let prepared = pades::prepare(&document, &request).expect("prepared");
    let waiting = prepared.to_be_signed(who.certificate, who.chain, who.key.algorithm()).expect("usable");
    let value = who.key.sign(waiting.bytes()).expect("signed");
    let tail: Arc<dyn Source> = Arc::new(waiting.signed(value).expect("verifies").finish().expect("a tail"));
    let whole: Arc<dyn Source> = Arc::new(Joined::new(source, [tail]));
    let document = Document::open(whole, &Limits::default()).expect("it opens");
    let report = pades::validate(&document, &Policy::new(vec![pki.root.clone()], pki.at));
    let one = &report.signatures[0];
    assert_eq!(one.reliability.content_intact, Condition::Met, "{:?}", one.reasons);
}

fn write_large(path: &std::path::Path, size: u64) {
    // One page, then a long comment line would be odd: the padding is an object's stream.
    let base = sample(XrefKind::Table, 1);
    let mut file = File::create(path).expect("a file");
    file.write_all(&base).expect("written");
    let document = open(&base);
    let previous = document.revisions().last().expect("a revision").sections[0].offset;
    let number = document.size();
    let head = format!("{number} 0 obj\n<< /Length {size} >>\nstream\n");
    let start = base.len() as u64;
    file.write_all(head.as_bytes()).expect("written");
    file.seek(SeekFrom::Current(i64::try_from(size).expect("small"))).expect("sparse");
    let after = start + head.len() as u64 + size;
    let foot = "\nendstream\nendobj\n";
    let root = document.catalog_ref();
    let id = document.trailer().value("ID").clone();
    assert!(id.is_null() || id.as_array().is_some());
    let xref = after + foot.len() as u64;
    let table = format!(
        "{foot}xref\n{number} 1\n{start:010} 00000 n \ntrailer\n<< /Size {} /Root {root} R /Prev {previous} >>\nstartxref\n{xref}\n%%EOF\n",
        number + 1
    );
    file.write_all(table.as_bytes()).expect("written");
}
