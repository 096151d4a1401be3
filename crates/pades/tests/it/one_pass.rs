//! However much there is to sign, check and extend: the file is read once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use pades::{Level, Place, SigningRequest, Sources};
use pdf::new::Builder;
use pdf::{Dict, Document, Limits, Rect, Source, XrefKind};
use pki::{DigestAlgorithm, KeyAlgorithm, SoftwareSigner};
use vermilion_pades as pades;

use crate::authorities::{Authorities, Says};
use crate::levels::{credential, level_of};
use crate::support::{Pki, joined, judge, keys, open};

/// A file that counts what is read of it.
struct Counted {
    bytes: Vec<u8>,
    read: AtomicU64,
}

impl Source for Counted {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<()> {
        self.read.fetch_add(buf.len() as u64, Ordering::SeqCst);
        self.bytes.read_at(offset, buf)
    }
}

/// A file of 16 MiB.
fn long() -> Vec<u8> {
    let mut builder = Builder::new(XrefKind::Table);
    builder.text_page(Rect { x0: 0.0, y0: 0.0, x1: 595.0, y1: 842.0 }, &["Long"]);
    builder.add_plain_stream(Dict::new(), vec![b'x'; 16 * 1024 * 1024]);
    builder.finish()
}

fn counted(bytes: Vec<u8>) -> (Arc<Counted>, Document) {
    let counted = Arc::new(Counted { bytes, read: AtomicU64::new(0) });
    let source: Arc<dyn Source> = counted.clone();
    (counted, Document::open(source, &Limits::default()).expect("a document"))
}

#[test]
fn several_signatures_are_checked_and_extended_in_one_pass_over_the_file() {
    let pki = Pki::new();
    let authorities = Authorities::new(&pki, Says::OcspAndCrl);
    let mut file = long();
    for (number, (name, key)) in (50..).zip(keys()).take(4) {
        let who = pki.person_with(name, number, key);
        let wanted = SigningRequest { place: Some(Place::invisible()), ..SigningRequest::new(name, pki.at) };
        let tail = pades::sign_to(&open(&file), &wanted, credential(&who), Level::BB, &authorities.sources());
        file.extend(tail.expect("signed"));
    }
    let (counted, document) = counted(file);
    let tail = pades::extend_to(&document, Level::BLTA, &authorities.sources()).expect("extended");
    let (read, length) = (counted.read.load(Ordering::SeqCst), counted.len());
    assert!(read < length + length / 8, "{read} bytes read of {length}");
    let report = judge(&pki, &joined(&counted.bytes, &tail));
    assert!(
        report.signatures.iter().all(|one| one.level == Level::BLTA || one.kind == pades::Kind::DocTimestamp)
    );
}

#[test]
fn two_hash_functions_and_three_updates_read_a_file_once() {
    let pki = Pki::new();
    let authorities = Authorities::new(&pki, Says::OcspAndCrl);
    let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P384).expect("a key");
    let who = pki.person_with("Petra", 41, key);
    let (counted, document) = counted(long());
    let wanted = SigningRequest { place: Some(Place::invisible()), ..SigningRequest::new("long", pki.at) };
    let sources = Sources { document_digest: DigestAlgorithm::Sha512, ..authorities.sources() };
    let tail = pades::sign_to(&document, &wanted, credential(&who), Level::BLTA, &sources);
    let read = counted.read.load(Ordering::SeqCst);
    let length = counted.len();
    assert!(read < length + length / 8, "{read} bytes read of {length}");
    let tail = tail.expect("the level is reached");
    assert!(tail.len() < 128 * 1024, "{} bytes appended", tail.len());
    assert_eq!(level_of(&pki, &joined(&counted.bytes, &tail)), Level::BLTA);
}
