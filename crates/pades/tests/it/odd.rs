//! Files that are odd but legal: encrypted, hybrid, rotated, with forms, large, signed before.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::sync::Arc;

use pades::{ChangesAfter, Condition, Level, Place, Policy, SigningRequest};
use pdf::new::Builder;
use pdf::{Dict, Document, FileSource, Joined, Limits, Object, Source, XrefKind};
use pki::Signer;
use vermilion_pades as pades;

use crate::support::{
    FOREIGN_FIELD, Pki, Stamped, judge, look, noon, open, rect, sample, sign, sign_foreign,
};

/// Signs a third-party file and gives our verdict on the new signature.
fn verdict_on_foreign(pki: &Pki, bytes: &[u8]) -> Result<pades::SignatureReport, String> {
    let file = sign_foreign(pki, &pki.person("Alice", 11), bytes)?;
    judge(pki, &file)
        .signatures
        .into_iter()
        .find(|one| one.field == FOREIGN_FIELD)
        .ok_or_else(|| "the signature is not found again".to_owned())
}

fn assert_signable(name: &str) {
    let Some(folder) = testkit::corpora("structure") else { return };
    let pki = Pki::new();
    let bytes = fs::read(folder.join(name)).expect("the file");
    let one = verdict_on_foreign(&pki, &bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
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
        match verdict_on_foreign(&pki, &fs::read(&path).expect("readable")) {
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

#[test]
fn a_rotated_page_with_a_crop_box_takes_an_upright_look() {
    let pki = Pki::new();
    for turn in [0, 90, 180, 270] {
        let mut builder = Builder::new(XrefKind::Table);
        let numbers = |values: [i32; 4]| Object::Array(values.into_iter().map(Object::from).collect());
        let dict = Dict::new()
            .with("MediaBox", numbers([0, 0, 595, 842]))
            .with("CropBox", numbers([50, 50, 545, 792]))
            .with("Rotate", turn);
        builder.page(dict, b"0 0 m 595 842 l S");
        let base = builder.finish();
        let mut request = SigningRequest::new("turned", pki.at);
        request.place = Some(Place { page: 0, rect: rect(100.0, 100.0) });
        request.appearance = Some(look("0.8 0 0"));
        let file = sign(&pki, &base, &request, &pki.person("Alice", 11), Stamped::No);
        let document = open(&file);
        let form = document.form().expect("a form");
        let widget = &form.field("turned").expect("the field").widgets[0];
        let looks = document.value(&widget.dict, "AP").expect("looks");
        let stream = document.value(looks.as_dict().expect("a dictionary"), "N").expect("a look");
        let matrix = stream.as_dict().expect("a stream").get("Matrix").is_some();
        assert_eq!(matrix, turn != 0, "turned by {turn}");
        assert_eq!(judge(&pki, &file).signatures[0].reliability.content_intact, Condition::Met);
    }
}

#[test]
fn files_of_every_structure_stay_intact_when_signed_again() {
    let Some(folder) = testkit::corpora("structure") else { return };
    let pki = Pki::new();
    let names = [
        "minimal-hybrid-xref.pdf",
        "minimal-hybrid-xref-mswordstyle.pdf",
        "minimal-xref.pdf",
        "uncompressed-objstream-sample.pdf",
        "minimal-one-field-indir-annots.pdf",
        "minimal-with-simple-form.pdf",
        "minimal-two-fields-tagged.pdf",
    ];
    for name in names {
        let bytes = fs::read(folder.join(name)).expect("the file");
        let once = sign_foreign(&pki, &pki.person("Alice", 11), &bytes).expect("signed");
        let mut again = SigningRequest::new("again", pki.at);
        again.place = Some(Place { page: 0, rect: rect(20.0, 80.0) });
        again.appearance = Some(look("0 0 0.8"));
        let twice = sign(&pki, &once, &again, &pki.person("Bob", 12), Stamped::No);
        let report = judge(&pki, &twice);
        assert_eq!(report.signatures.len(), 2, "{name}");
        for one in &report.signatures {
            let intact = one.reliability.content_intact == Condition::Met;
            assert!(intact, "{name} {}: {:?} {:?}", one.field, one.reasons, one.changes);
        }
    }
}

/// Files about which programs do differ: an entry that leads into the wrong object stream, a note that old programs do
/// not see, a number grown together with `endobj`.
const AMBIGUOUS: [&str; 3] = ["broken-objstream4.pdf", "issue21126.pdf", "issue3323.pdf"];

/// Whoever signs an odd file with us must not be told that two programs could read it differently, unless they could.
#[test]
fn our_signatures_on_odd_files_raise_no_false_alarm() {
    let pki = Pki::new();
    let who = pki.person("Alice", 11);
    let (mut signed, mut alarms) = (0, Vec::new());
    for part in ["structure", "general"] {
        let Some(folder) = testkit::corpora(part) else { return };
        let mut paths: Vec<_> =
            fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|it| it == "pdf")) {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let Ok(file) = sign_foreign(&pki, &who, &fs::read(path).expect("readable")) else { continue };
            let report = judge(&pki, &file);
            let Some(one) = report.signatures.iter().find(|one| one.field == FOREIGN_FIELD) else { continue };
            signed += 1;
            let is_alarm = one.reliability.content_intact != Condition::Met;
            if AMBIGUOUS.contains(&name.as_str()) {
                assert!(is_alarm, "{name} reads in two ways, and nothing is said of it");
            } else if is_alarm {
                alarms.push(format!("{part}/{name}: {:?}", one.reasons.first()));
            }
        }
    }
    eprintln!("{signed} signed, {} alarms\n{}", alarms.len(), alarms.join("\n"));
    assert!(alarms.is_empty(), "{}", alarms.join("\n"));
}
