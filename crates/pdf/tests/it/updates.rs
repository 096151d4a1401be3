use std::sync::Arc;

use proptest::prelude::*;
use testkit::pdf_samples;
use vermilion_pdf::{
    Dict, Document, FileSource, Joined, Limits, Location, Object, Ref, Source, Update, UpdateError, XrefKind,
};

use crate::support::{joined, note, open, qpdf_check, touched};

const KINDS: [XrefKind; 3] = [XrefKind::Table, XrefKind::Stream, XrefKind::Hybrid];

/// Judges a file by qpdf: clean, or no worse than the original.
fn judge(name: &str, bytes: &[u8]) {
    let Some(qpdf) = testkit::tool("qpdf") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("written");
    let (code, words) = qpdf_check(&qpdf, &path);
    assert_eq!(code, 0, "{name}: {words}");
}

#[test]
fn an_update_keeps_every_earlier_byte_and_is_seen() {
    for kind in KINDS {
        let original = pdf_samples::contract(kind, 3);
        judge("original.pdf", &original);
        let document = open(&original);
        assert_eq!(document.revisions()[0].kind(), kind);
        let once = touched(&document, "first 第一");
        assert!(once.starts_with(&original));
        let twice = touched(&open(&once), "second 第二");
        assert!(twice.starts_with(&once));
        let document = open(&twice);
        assert_eq!(note(&document), "second 第二");
        assert_eq!(note(&document.at_revision(1).expect("a revision")), "first 第一");
        assert!(
            !document.at_revision(0).expect("a revision").catalog().expect("a catalog").contains("VrmTest")
        );
        assert_eq!(document.revisions().len(), 3);
        assert_eq!(document.revisions()[1].end, once.len() as u64);
        let expected = if kind == XrefKind::Stream { XrefKind::Stream } else { XrefKind::Table };
        assert_eq!(document.revisions()[2].kind(), expected);
        judge("updated.pdf", &twice);
    }
}

#[test]
fn the_second_part_of_the_id_changes_and_the_first_does_not() {
    let original = pdf_samples::contract(XrefKind::Table, 1);
    let (before, after) = (open(&original), open(&touched(&open(&original), "x")));
    let id = |document: &Document| document.trailer().value("ID").as_array().expect("an /ID").to_vec();
    assert_eq!(id(&before)[0], id(&after)[0]);
    assert_ne!(id(&before)[1], id(&after)[1]);
    assert_eq!(after.trailer().get("Info"), before.trailer().get("Info"));
}

#[test]
fn a_file_without_a_line_end_gets_one() {
    let mut original = pdf_samples::contract(XrefKind::Table, 1);
    assert_eq!(original.pop(), Some(b'\n'));
    let updated = touched(&open(&original), "x");
    assert_eq!(updated[original.len()], b'\n');
    judge("no-eol.pdf", &updated);
}

#[test]
fn a_broken_cross_reference_is_replaced_by_a_whole_one() {
    for kind in [XrefKind::Table, XrefKind::Stream] {
        let mut broken = pdf_samples::contract(kind, 2);
        let at = broken.windows(9).rposition(|w| w == b"startxref").expect("startxref");
        let end = broken.len();
        broken[at + 10..end - 7].fill(b'7');
        let document = open(&broken);
        assert!(document.is_repaired());
        assert_eq!(document.page_count().expect("pages"), 2);
        let updated = touched(&document, "repaired");
        assert!(updated.starts_with(&broken));
        let document = open(&updated);
        assert!(!document.is_repaired());
        assert!(document.trailer().get("Prev").is_none());
        assert_eq!(note(&document), "repaired");
        judge("repaired.pdf", &updated);
    }
}

#[test]
fn bytes_before_the_header_do_not_disturb() {
    let original = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), pdf_samples::contract(XrefKind::Table, 2)].concat();
    let document = open(&original);
    assert_eq!((document.offset_shift(), document.is_repaired()), (19, false));
    // poppler finds such a signature valid, pyHanko does not take the file for a PDF.
    let refusal = Update::new(&document).put_signature(Ref::new(50, 0), Dict::new(), 64);
    assert!(matches!(refusal, Err(UpdateError::Refused { .. })), "programs would disagree");
    let updated = touched(&document, "shifted");
    let document = open(&updated);
    assert_eq!((note(&document).as_str(), document.is_repaired()), ("shifted", false));
    judge("shifted.pdf", &updated);
}

#[test]
fn an_object_is_freed_or_replaced_only_for_later_revisions() {
    let original = pdf_samples::contract(XrefKind::Stream, 1);
    let document = open(&original);
    let page = document.page(0).expect("a page").reference;
    let (revision, location) = document.locate(page).expect("a place");
    assert!(revision == 0 && matches!(location, Location::Compressed { .. }));
    let mut update = Update::new(&document);
    let mut dict = update.get_dict(page).expect("a page");
    dict.set("Rotate", 90);
    update.put(page, dict);
    let tail = update.finish().expect("plain objects");
    let document = open(&joined(&original, &tail));
    assert!(matches!(document.locate(page), Some((1, Location::Offset(_)))));
    assert_eq!(document.page(0).expect("a page").rotation.degrees(), 90);
    assert_eq!(document.at_revision(0).expect("a view").page(0).expect("a page").rotation.degrees(), 0);
    assert_eq!(document.revisions()[1].changes().len(), 2, "the page and the cross-reference stream");
}

#[test]
fn a_revision_is_its_predecessor_and_a_tail() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("base.pdf");
    let original = pdf_samples::contract(XrefKind::Table, 1);
    std::fs::write(&path, &original).expect("written");
    let base: Arc<dyn Source> = Arc::new(FileSource::open(&path).expect("a file"));
    let document = Document::open(Arc::clone(&base), &Limits::default()).expect("opened");
    let mut update = Update::new(&document);
    let mut catalog = document.catalog().expect("a catalog");
    catalog.set("Lang", Object::text("zh-CN"));
    update.put(document.catalog_ref(), catalog);
    let tail = update.finish().expect("plain objects");
    let joined = Joined::new(base, [Arc::new(tail.bytes) as Arc<dyn Source>]);
    let document = Document::open(Arc::new(joined), &Limits::default()).expect("opened");
    assert_eq!(document.catalog().expect("a catalog").value("Lang").as_text().as_deref(), Some("zh-CN"));
}

#[test]
fn a_file_in_pieces_reads_as_the_whole_file() {
    let whole = touched(&open(&pdf_samples::contract(XrefKind::Table, 2)), "twice");
    let read = |source: &dyn Source, range| {
        let mut bytes = Vec::new();
        vermilion_pdf::hash_ranges(source, [range], |piece| bytes.extend_from_slice(piece)).expect("bytes");
        bytes
    };
    for cut in (1..whole.len()).step_by(97) {
        let (first, second) = whole.split_at(cut);
        let piece = |bytes: &[u8]| Arc::new(bytes.to_vec()) as Arc<dyn Source>;
        let source = Arc::new(Joined::new(piece(first), [piece(&[]), piece(second)]));
        let across = cut as u64 - 1..whole.len() as u64;
        assert_eq!(read(&*source, across.clone()), whole[cut - 1..], "cut at {cut}");
        assert_eq!(vermilion_pdf::read_range(&*source, across).expect("bytes"), whole[cut - 1..]);
        let document = Document::open(source, &Limits::default()).expect("opened");
        assert!(!document.is_repaired() && note(&document) == "twice", "cut at {cut}");
    }
}

#[test]
fn a_nested_stream_has_no_written_form() {
    let original = pdf_samples::contract(XrefKind::Table, 1);
    let document = open(&original);
    let page = document.page(0).expect("a page");
    let content = document.value(&page.dict, "Contents").expect("a stream");
    let mut update = Update::new(&document);
    update.add(vec![(*content).clone()]);
    assert!(matches!(update.finish(), Err(UpdateError::Unwritable { .. })));
}

#[test]
fn a_stream_taken_from_the_file_is_written_again() {
    let original = pdf_samples::contract(XrefKind::Table, 1);
    let document = open(&original);
    let page = document.page(0).expect("a page");
    let content = page.dict.value("Contents").as_reference().expect("a reference");
    let before = document.resolve(content).expect("a stream");
    let mut update = Update::new(&document);
    let mut copy = update.get(content).expect("a stream");
    copy.as_dict_mut().expect("a dictionary").set("Mark", true);
    update.put(content, copy);
    let document_after = open(&joined(&original, &update.finish().expect("a stream")));
    let after = document_after.resolve(content).expect("a stream");
    assert_eq!(after.as_dict().expect("a dictionary").value("Mark"), &Object::Bool(true));
    assert_eq!(
        document_after.decoded(after.as_stream().expect("a stream")).expect("data"),
        document.decoded(before.as_stream().expect("a stream")).expect("data")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_objects_come_back(texts in prop::collection::vec("[^\u{1b}]{0,40}", 1..8), stream in any::<Vec<u8>>(), kind in 0..3_usize) {
        let original = pdf_samples::contract(KINDS[kind], 1);
        let document = open(&original);
        let mut update = Update::new(&document);
        let refs: Vec<Ref> = texts.iter().map(|text| update.add(Dict::new().with("T", Object::text(text)))).collect();
        let data = update.add_stream(Dict::new(), &stream);
        let updated = joined(&original, &update.finish().expect("plain objects"));
        prop_assert!(updated.starts_with(&original));
        let document = open(&updated);
        for (reference, text) in refs.iter().zip(&texts) {
            let object = document.resolve(*reference).expect("an object");
            prop_assert_eq!(object.as_dict().expect("a dictionary").value("T").as_text(), Some(text.clone()));
        }
        let object = document.resolve(data).expect("an object");
        prop_assert_eq!(document.decoded(object.as_stream().expect("a stream")).expect("data"), stream);
        prop_assert!(document.account(1).expect("an account").is_clean());
    }
}

/// An object hidden in the /XRefStm of a hybrid file and changed by an update is the same for readers that know
/// cross-reference streams and for those that know tables only: qpdf plays both.
#[test]
fn an_update_of_a_hybrid_file_is_the_same_for_both_kinds_of_readers() {
    let Some(qpdf) = testkit::tool("qpdf") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("hybrid.pdf");
    let mut bytes = pdf_samples::contract(XrefKind::Hybrid, 2);
    let info = open(&bytes).trailer().value("Info").as_reference().expect("a reference");
    assert!(matches!(open(&bytes).locate(info), Some((0, Location::Compressed { .. }))), "hidden at first");
    for round in 0..2 {
        let document = open(&bytes);
        let mut update = Update::new(&document);
        update.put(info, Dict::new().with("Title", Object::text(&format!("round {round}"))));
        let new = update.add(Dict::new().with("New", round));
        bytes = joined(&bytes, &update.finish().expect("an update"));
        std::fs::write(&path, &bytes).expect("written");
        for reference in [info, new] {
            let show = format!("--show-object={},0", reference.number);
            let seen = |options: &[&str]| testkit::run(qpdf.command().args(options).arg(&show).arg(&path));
            let (modern, old) = (seen(&[]), seen(&["--ignore-xref-streams"]));
            assert!(modern.0 && modern.1.contains(&format!("{round}")), "{}", modern.1);
            assert_eq!(modern, old);
        }
        let (done, words) =
            testkit::run(qpdf.command().args(["--ignore-xref-streams", "--check"]).arg(&path));
        assert!(done, "{words}");
    }
    assert_eq!(open(&bytes).revisions()[2].kind(), XrefKind::Table);
}
