use std::sync::Arc;
use std::time::Instant;

use proptest::prelude::*;
use testkit::pdf_samples;
use vermilion_pdf::{Document, FileSource, Limits, Object, OpenError, ReadError, Update, XrefKind};

use crate::support::open;

#[path = "../../../../fuzz/src/contents.rs"]
#[expect(unreachable_pub, reason = "the fuzz targets use it too")]
mod contents;
#[path = "../../../../fuzz/src/files.rs"]
#[expect(unreachable_pub, reason = "the fuzz targets use it too")]
mod files;

/// The name of a fuzz target, and what it does with its input.
type Target = (&'static str, fn(&[u8]));

/// Every seed and every finding of the fuzz targets, so that a checkout without cargo-fuzz holds what was mended.
#[test]
fn what_fuzzing_found_stays_mended() {
    let targets: [Target; 8] = [
        ("objects", files::objects),
        ("xref", files::xref),
        ("object_streams", files::object_streams),
        ("filters", files::filters),
        ("document", files::document),
        ("encrypted", files::encrypted),
        ("content", contents::content),
        ("picture", contents::picture),
    ];
    for (target, run) in targets {
        for (name, input) in testkit::fuzz_inputs(target) {
            let start = Instant::now();
            run(&input);
            assert!(start.elapsed().as_secs() < 20, "{target} {name} took {:?}", start.elapsed());
        }
    }
}

fn refusal(bytes: &[u8]) -> OpenError {
    Document::open(Arc::new(bytes.to_vec()), &Limits::default()).expect_err("refused")
}

#[test]
fn each_refusal_says_what_to_do() {
    assert!(matches!(refusal(b""), OpenError::NotPdf));
    assert!(matches!(refusal(&[0x50, 0x4b, 3, 4, 0, 0, 0, 0]), OpenError::NotPdf));
    let whole = pdf_samples::contract(XrefKind::Stream, 3);
    assert!(matches!(refusal(&whole[..whole.len() / 2]), OpenError::Truncated));
    let table = pdf_samples::contract(XrefKind::Table, 3);
    for len in [200, table.len() / 2, table.len() - 300] {
        assert!(matches!(refusal(&table[..len]), OpenError::Truncated), "cut to {len}");
    }
    // An end followed by much else is no cut; an end followed by a part of an update is.
    let junk = vec![b'-'; 5000];
    assert!(open(&[&table[..], &junk].concat()).is_repaired());
    let update = crate::support::touched(&open(&table), "cut off");
    let cut = [&update[..table.len() + 40], &junk].concat();
    assert!(matches!(refusal(&cut), OpenError::Truncated));
    let limits = Limits::default().with_max_file_size(100);
    let refused = Document::open(Arc::new(whole), &limits).expect_err("refused");
    assert!(matches!(refused, OpenError::TooLarge { limit: 100, .. }));
    assert!(matches!(refusal(b"%PDF-1.7\nnothing\n%%EOF\n"), OpenError::Damaged { .. }));
}

/// Objects that never end make each attempt look at all that follows: the work is counted and ends it.
#[test]
fn endless_objects_end() {
    let head = pdf_samples::contract(XrefKind::Table, 1);
    for piece in [&b"1 0 obj<"[..], b"1 0 obj(", b"1 0 obj[[[<<", b"%%EOF xref ", b"( < [ "] {
        let start = Instant::now();
        let mut bytes = head.clone();
        bytes.extend(piece.iter().cycle().take(2_000_000));
        exercise(bytes.clone());
        bytes.extend_from_slice(b"\nstartxref\n7\n%%EOF");
        exercise(bytes);
        assert!(
            start.elapsed().as_secs() < 30,
            "{:?} took {:?}",
            String::from_utf8_lossy(piece),
            start.elapsed()
        );
    }
}

#[test]
fn a_high_object_number_costs_no_memory() {
    let text = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[8388000 0 R]>>endobj\n\
        8388000 0 obj<</Type/Page>>endobj\n4294967295 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF";
    let updated = crate::support::touched(&open(text), "high");
    assert!(updated.len() < 4096);
    assert_eq!(crate::support::note(&open(&updated)), "high");
}

#[test]
fn fifty_thousand_pages_are_refused_quickly_and_readable_on_demand() {
    let bytes = pdf_samples::contract(XrefKind::Table, 50_000);
    let start = Instant::now();
    let limits = Limits::default().with_max_pages(10_000);
    let refused = Document::open(Arc::new(bytes.clone()), &limits).expect_err("refused");
    assert!(matches!(refused, OpenError::TooManyPages { limit: 10_000 }));
    assert!(start.elapsed().as_secs() < 5);
    let document = open(&bytes);
    assert_eq!(document.page_count().expect("pages"), 50_000);
}

#[test]
fn circles_and_bombs_end() {
    let circle = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]>>endobj\n\
        trailer<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF";
    assert!(matches!(refusal(circle), OpenError::Damaged { .. }));
    let length =
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]>>endobj\n\
        3 0 obj<</Type/Page/Contents 4 0 R>>endobj\n4 0 obj<</Length 4 0 R>>stream\nabc\nendstream endobj\n\
        trailer<</Root 1 0 R/Size 5>>\nstartxref\n0\n%%EOF";
    let document = open(length);
    let page = document.page(0).expect("a page");
    let content = document.value(&page.dict, "Contents").expect("read");
    assert_eq!(document.decoded(content.as_stream().expect("a stream")).expect("data"), b"abc");
    let prev = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Page>>endobj\n\
        xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 3/Prev 81>>\nstartxref\n81\n%%EOF";
    let document = open(prev);
    assert!(document.is_repaired());
    assert_eq!(document.page_count().expect("pages"), 1);
}

#[test]
fn the_work_on_one_file_is_bounded() {
    let mut limits = Limits::default();
    limits.work = 2_000;
    let bytes = pdf_samples::contract(XrefKind::Table, 20);
    let refused = Document::open(Arc::new(bytes.clone()), &limits).expect_err("refused");
    assert!(matches!(refused, OpenError::Damaged { what } if what.contains("limit")));
    limits.work = 20_000;
    let document = Document::open(Arc::new(bytes), &limits).expect("opened");
    let page = document.page(0).expect("a page").reference;
    let stopped = (0..2_000).find_map(|_| document.at_revision(0).and_then(|view| view.resolve(page)).err());
    assert!(matches!(stopped, Some(ReadError::Limit { .. })));
}

#[test]
fn a_file_longer_than_memory_allows_is_updated_from_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.pdf");
    pdf_samples::write_long(&path, 100_140_253).expect("written");
    let source = Arc::new(FileSource::open(&path).expect("a file"));
    let before = resident();
    let document = Document::open(source, &Limits::default()).expect("opened");
    let mut update = Update::new(&document);
    let signature = update.allocate();
    update
        .put_signature(signature, vermilion_pdf::Dict::new().with("Type", Object::name("Sig")), 8192)
        .expect("one");
    let tail = update.finish().expect("an update");
    let placeholder = tail.signature.expect("a placeholder");
    assert!(placeholder.byte_range[1] > 100_000_000);
    let account = document.account(0).expect("an account");
    assert!(account.is_clean(), "{:?}", account.anomalies);
    if let (Some(before), Some(after)) = (before, resident()) {
        assert!(after.saturating_sub(before) < 16 * 1024, "{before} to {after} KiB");
    }
}

/// Resident memory in KiB, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Walks everything that a document offers.
fn exercise(bytes: Vec<u8>) {
    let mut limits = Limits::default();
    limits.work = 50_000_000;
    let Ok(document) = Document::open(Arc::new(bytes), &limits) else { return };
    let _ = document.form();
    let _ = document.signatures();
    let _ = document.certification();
    for index in 0..document.page_count().unwrap_or(0).min(4) {
        let _ = document.page(index);
    }
    for index in 0..document.revisions().len() {
        let _ = document.account(index);
    }
    let mut update = Update::new(&document);
    update.add(Object::Null);
    let _ = update.finish();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damaged_files_never_panic(
        kind in 0..3_usize,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..24),
        cut in any::<prop::sample::Index>(),
        is_cut in prop::bool::weighted(0.2),
    ) {
        let kind = [XrefKind::Table, XrefKind::Stream, XrefKind::Hybrid][kind];
        let mut bytes = pdf_samples::with_form(kind);
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if is_cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        exercise(bytes);
    }

    #[test]
    fn damaged_encryption_never_panics(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        version in 0_i64..8,
        revision in 0_i64..9,
        length in -8_i64..300,
        method in 0..6_usize,
    ) {
        let method = ["V2", "AESV2", "AESV3", "AESV4", "None", "Odd"][method];
        let mut encrypt = format!(
            "<</Filter/Standard/V {version}/R {revision}/Length {length}/P -44/StmF/StdCF/StrF/StdCF/EFF/Identity\
             /CF<</StdCF<</CFM/{method}/Length {length}>>>>/O<{0}>/U<{0}>/OE<{1}>/UE<{1}>/Perms<00>>>",
            "ab".repeat(48), "cd".repeat(32)
        ).into_bytes();
        for (at, byte) in edits {
            let at = at.index(encrypt.len());
            encrypt[at] = byte;
        }
        let head = b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R/Lang(ab)>>endobj\n\
            2 0 obj<</Type/Pages/Kids[3 0 R]>>endobj\n3 0 obj<</Type/Page>>endobj\n4 0 obj";
        let tail = b"endobj\ntrailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><01>]>>\nstartxref\n0\n%%EOF";
        let bytes = [&head[..], &encrypt, tail].concat();
        exercise(bytes.clone());
        let _ = Document::open_with(Arc::new(bytes), &vermilion_pdf::OpenOptions::new().password("secret"));
    }

    #[test]
    fn random_numbers_in_structure_never_panic(numbers in prop::collection::vec(-5_i64..400, 12)) {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = numbers[..] else { unreachable!() };
        exercise(format!(
            "%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{a} 0 R 3 0 R]>>>>endobj\n\
             2 0 obj<</Type/Pages/Kids[3 0 R {b} 0 R]/Parent {c} 0 R>>endobj\n\
             3 0 obj<</Type/Page/MediaBox[{d} {e} {f} {g}]/Rotate {h}/T(x)/Kids[{i} 0 R]>>endobj\n\
             4 0 obj<</Type/ObjStm/N {j}/First {k}/Length {l}>>stream\n5 0 6 4 <<>> [1 2]\nendstream endobj\n\
             5 0 obj<</Type/XRef/W[1 {j} {k}]/Index[{l} 3]/Size {a}/Length 20/Root 1 0 R>>stream\n\
             aaaaaaaaaaaaaaaaaaaa\nendstream endobj\ntrailer<</Root 1 0 R>>\nstartxref\n{b}\n%%EOF"
        ).into_bytes());
    }
}
