//! Files longer than eight and than ten digits can tell, without their bytes: a source makes them up.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use testkit::pdf_samples::{self, gapped};
use vermilion_pdf::{
    Change, Dict, Document, FileSource, Joined, Limits, Location, Object, Source, Tail, Update, XrefKind,
};

use crate::signer;

/// Counts the bytes that are asked for.
struct Counted {
    source: Arc<dyn Source>,
    read: AtomicU64,
}

impl Source for Counted {
    fn len(&self) -> u64 {
        self.source.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.read.fetch_add(buf.len() as u64, Ordering::Relaxed);
        self.source.read_at(offset, buf)
    }
}

#[test]
fn opening_and_updating_reads_little_of_a_long_file() {
    for kind in [XrefKind::Table, XrefKind::Stream] {
        let source = Arc::new(Counted { source: gapped(kind, 500_000_000), read: AtomicU64::new(0) });
        let document =
            Document::open(Arc::clone(&source) as Arc<dyn Source>, &Limits::default()).expect("opened");
        signed(&document, "S");
        let read = source.read.load(Ordering::Relaxed);
        assert!(read < 512 * 1024, "{read} bytes read");
    }
}

fn signed(document: &Document, name: &str) -> Tail {
    let mut update = Update::new(document);
    let signature = update.allocate();
    let field =
        Dict::new().with("FT", Object::name("Sig")).with("T", Object::text(name)).with("V", signature);
    let field = update.add(field);
    // Pushes the table that ends a little below ten digits over the edge after a while.
    update.add_stream(Dict::new().with("Filter", Vec::new()), &[b'-'; 16_000]);
    let mut catalog = document.catalog().expect("a catalog");
    let fields = vec![Object::from(field)];
    catalog.set("AcroForm", Dict::new().with("Fields", fields).with("SigFlags", 3));
    update.put(document.catalog_ref(), catalog);
    let value = Dict::new().with("Type", Object::name("Sig")).with("Filter", Object::name("Adobe.PPKLite"));
    update.put_signature(signature, value, 64).expect("the first");
    let mut tail = update.finish().expect("an update");
    tail.set_contents(&[0x30, 0]).expect("it fits");
    tail
}

#[test]
fn offsets_of_nine_and_of_eleven_digits_are_right() {
    const TEN_DIGITS: u64 = 10_000_000_000;
    let table = |gap| (XrefKind::Table, gap);
    let stream = |gap| (XrefKind::Stream, gap);
    let mut kinds = Vec::new();
    for (kind, gap) in
        [table(200_000_000), table(TEN_DIGITS - 40_000), stream(200_000_000), stream(2 * TEN_DIGITS)]
    {
        let mut source = gapped(kind, gap);
        for round in 0..4_usize {
            let document = Document::open(Arc::clone(&source), &Limits::default()).expect("opened");
            assert!(!document.is_repaired());
            let tail = signed(&document, &format!("S{round}"));
            let placeholder = tail.signature.clone().expect("a placeholder");
            source = Arc::new(Joined::new(source, [Arc::new(tail.bytes) as Arc<dyn Source>]));
            let document = Document::open(Arc::clone(&source), &Limits::default()).expect("opened");
            assert!(!document.is_repaired(), "{kind:?} {gap} {round}");
            assert_eq!(document.revisions().len(), round + 2);
            let fields = document.signatures().expect("read");
            let signature = fields[0].signature.as_ref().expect("signed");
            let [zero, hole, after, rest] = placeholder.byte_range;
            assert_eq!(signature.byte_range, Some([zero, hole, after, rest].map(|n| n as i64).to_vec()));
            assert_eq!(signature.contents_span, Some(hole..after));
            assert_eq!(after + rest, source.len());
            let mut edge = [0; 2];
            source.read_at(hole, &mut edge[..1]).expect("read");
            source.read_at(after - 1, &mut edge[1..]).expect("read");
            assert_eq!(&edge, b"<>");
            let revision = document.revisions().last().expect("one");
            let is_beyond = |change: &Change| matches!(change, Change::Defined(Location::Offset(at)) if *at >= TEN_DIGITS);
            let beyond = revision.changes().iter().any(|(_, change)| is_beyond(change));
            let expected = if beyond { XrefKind::Stream } else { kind };
            assert_eq!(revision.kind(), expected, "{kind:?} {gap} {round}");
            kinds.push((gap, revision.kind()));
            let account = document.account(round + 1).expect("an account");
            assert_eq!(account.anomalies, [], "{kind:?} {gap} {round}");
        }
    }
    let edge: Vec<XrefKind> =
        kinds.iter().filter(|(gap, _)| *gap == TEN_DIGITS - 40_000).map(|(_, kind)| *kind).collect();
    assert_eq!(edge.first(), Some(&XrefKind::Table));
    assert_eq!(edge.last(), Some(&XrefKind::Stream));
}

/// A file of a little more than ten gigabytes, sparse, for qpdf to read the cross references of: its own table has
/// ten digits, which the update's objects lie beyond.
#[test]
fn qpdf_reads_an_update_beyond_ten_digits() {
    let Some(qpdf) = testkit::tool("qpdf") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.pdf");
    for kind in [XrefKind::Table, XrefKind::Stream] {
        let source = gapped(kind, 9_999_999_500);
        let document = Document::open(Arc::clone(&source), &Limits::default()).expect("opened");
        assert_eq!(document.revisions()[0].kind(), kind);
        let tail = signed(&document, "S");
        write_sparse(&path, &*source, &tail.bytes);
        let (done, words) = testkit::run(qpdf.command().arg("--show-xref").arg(&path));
        assert!(done && !words.contains("WARNING"), "{words}");
        let reference = tail.signature.expect("a placeholder").reference;
        let show = format!("--show-object={},{}", reference.number, reference.generation);
        let (done, words) = testkit::run(qpdf.command().arg(show).arg(&path));
        assert!(done && words.contains("/ByteRange [ 0 1000"), "{words}");
        let again = Document::open(Arc::new(FileSource::open(&path).expect("a file")), &Limits::default());
        assert_eq!(again.expect("opened").revisions()[1].kind(), XrefKind::Stream);
    }
}

/// Signed and hashed in full: some minutes, and two sparse files of ten gigabytes.
#[test]
#[ignore = "hashes ten gigabytes several times"]
fn a_signature_beyond_ten_digits_is_valid_elsewhere() {
    let (Some(openssl), Some(pdfsig)) = (testkit::tool("openssl"), testkit::tool("pdfsig")) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    signer::key(&openssl, folder);
    for kind in [XrefKind::Table, XrefKind::Stream] {
        let source = gapped(kind, 9_999_999_500);
        let document = Document::open(Arc::clone(&source), &Limits::default()).expect("opened");
        let mut tail = signer::prepare(&document, "Long").expect("an update");
        let hole = tail.signature.as_ref().expect("a placeholder").contents_span.clone();
        let hole = (hole.start - tail.base_len) as usize..(hole.end - tail.base_len) as usize;
        let covered = [&tail.bytes[..hole.start], &tail.bytes[hole.end..]].concat();
        write_sparse(&folder.join("covered"), &*source, &covered);
        tail.set_contents(&signer::cms(&openssl, folder)).expect("it fits");
        let path = folder.join("long.pdf");
        write_sparse(&path, &*source, &tail.bytes);
        let (_, words) = pdfsig.run([&path]);
        assert!(words.contains("Signature is Valid."), "{kind:?}: {words}");
        assert!(words.contains("Total document signed"), "{kind:?}: {words}");
    }
}

fn write_sparse(path: &std::path::Path, source: &dyn Source, tail: &[u8]) {
    use std::io::{Seek, SeekFrom, Write};
    let piece = |range: std::ops::Range<u64>| vermilion_pdf::read_range(source, range).expect("read");
    let mut file = std::fs::File::create(path).expect("created");
    file.write_all(&piece(0..1000)).expect("written");
    let end = source.len() - 1000;
    file.seek(SeekFrom::Start(end)).expect("beyond the end");
    file.write_all(&piece(end..source.len())).expect("written");
    file.write_all(tail).expect("written");
}

/// What [`pdf_samples::many_pages`] makes is sound, and signing it costs neither time nor memory that grows fast.
#[test]
fn a_hundred_thousand_pages_are_signed() {
    for (kind, fan) in [(XrefKind::Table, usize::MAX), (XrefKind::Stream, 32)] {
        let bytes = pdf_samples::many_pages(kind, 100_000, fan);
        let start = std::time::Instant::now();
        let source: Arc<dyn Source> = Arc::new(bytes);
        let document = Document::open(Arc::clone(&source), &Limits::default()).expect("opened");
        assert!(!document.is_repaired());
        assert_eq!(document.page_count().expect("counted"), 100_000);
        assert_eq!(document.page(99_999).expect("the last page").media_box, pdf_samples::A4);
        let tail = signed(&document, "S");
        assert!(tail.bytes.len() < 20_000);
        let source = Arc::new(Joined::new(source, [Arc::new(tail.bytes) as Arc<dyn Source>]));
        let document = Document::open(source, &Limits::default()).expect("opened");
        assert_eq!(document.signatures().expect("read").len(), 1);
        assert!(start.elapsed().as_secs() < 60, "{kind:?} took {:?}", start.elapsed());
    }
}
