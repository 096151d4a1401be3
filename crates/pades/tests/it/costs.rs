//! What a validation reads and works, and what it says where bytes cannot be had.

use std::io;
use std::sync::Arc;

use pades::{Indication, RevocationRule, SubIndication};
use pdf::{Document, Limits, Source, XrefKind};
use vermilion_pades as pades;

use crate::ades::{first, stamped};
use crate::support::{Stamped, joined, open, request, sample, sign};
use crate::world::{archived, day, judged, minute, stored};

/// Counts what is read; may fail where much is asked for at once.
struct Counted {
    bytes: Vec<u8>,
    read: std::sync::atomic::AtomicU64,
    broken: std::sync::atomic::AtomicBool,
}

impl Counted {
    fn of(bytes: Vec<u8>) -> Arc<Self> {
        Arc::new(Self { bytes, read: 0.into(), broken: false.into() })
    }
}

impl Source for Counted {
    fn len(&self) -> u64 {
        self.bytes.len().try_into().expect("small")
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        use std::sync::atomic::Ordering::Relaxed;
        if self.broken.load(Relaxed) && buf.len() >= 60_000 {
            return Err(io::Error::other("the disk is gone"));
        }
        self.read.fetch_add(buf.len().try_into().expect("small"), Relaxed);
        let start = usize::try_from(offset).expect("small");
        buf.copy_from_slice(self.bytes.get(start..start + buf.len()).ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

/// Words that do not compress, of eight bytes.
fn noise(words: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..words).flat_map(next).collect()
}

/// A document of eight megabytes with three signatures.
fn large(pki: &crate::support::Pki) -> Vec<u8> {
    let mut file = sample(XrefKind::Table, 2);
    let document = open(&file);
    let mut update = pdf::Update::new(&document);
    let stream = update.add_stream(pdf::Dict::new(), &noise(1_000_000));
    let mut catalog = document.catalog().expect("a catalog").clone();
    catalog.set("Noise", stream);
    update.put(document.catalog_ref(), catalog);
    let tail = update.finish().expect("an update").bytes;
    file = joined(&file, &tail);
    for (number, name) in [(11, "one"), (12, "two"), (13, "three")] {
        let mut wanted = request(name, pki.at);
        wanted.place = Some(pades::Place::invisible());
        wanted.appearance = None;
        file = sign(pki, &file, &wanted, &pki.person(name, number), Stamped::No);
    }
    file
}

#[test]
fn every_byte_is_hashed_once_for_all_signatures() {
    let pki = crate::support::Pki::new();
    let source = Counted::of(large(&pki));
    let document = Document::open(Arc::<Counted>::clone(&source), &Limits::default()).expect("it opens");
    let before = source.read.load(std::sync::atomic::Ordering::Relaxed);
    let policy = pki.policy().with_revocation(RevocationRule::IfPresent);
    let report = pades::validate(&document, &policy);
    assert_eq!(report.signatures.len(), 3);
    assert_eq!(report.indication, Indication::TotalPassed, "{}", report.text(pades::Lang::En));
    let read = source.read.load(std::sync::atomic::Ordering::Relaxed) - before;
    assert!(read < source.len() * 5 / 4, "{read} bytes were read of {}", source.len());
}

#[test]
fn bytes_that_cannot_be_had_are_told() {
    let pki = crate::support::Pki::new();
    let source = Counted::of(large(&pki));
    let document = Document::open(Arc::<Counted>::clone(&source), &Limits::default()).expect("it opens");
    source.broken.store(true, std::sync::atomic::Ordering::Relaxed);
    let report = pades::validate(&document, &pki.policy());
    for one in &report.signatures {
        assert_eq!(one.sub_indication, Some(SubIndication::SignedDataNotFound), "{:?}", one.reasons);
        assert_eq!(one.indication, Indication::Indeterminate);
    }
}

#[test]
fn certificate_work_is_bounded() {
    let (world, _, tsa, file) = stamped();
    let file = archived(&stored(&file, &[], &world.lists(minute(60))), &tsa, minute(120));
    let mut policy = world.policy(day(1));
    policy.max_certificate_work = 2;
    let report = judged(&file, &policy);
    assert_ne!(report.indication, Indication::TotalPassed);
    assert_eq!(first(&report).sub_indication, Some(SubIndication::CertificateChainGeneralFailure));
}

#[test]
fn what_a_store_names_over_and_over_is_read_once() {
    let pki = crate::support::Pki::new();
    let bytes = sample(XrefKind::Table, 1);
    let document = open(&bytes);
    let mut update = pdf::Update::new(&document);
    // Four hundred signatures name the same list, each four hundred times.
    let list = update.add_stream(pdf::Dict::new(), &noise(500));
    let many = pdf::Object::Array(vec![list.into(); 400]);
    let mut by_signature = pdf::Dict::new();
    for number in 0..400 {
        let entry = pdf::Dict::new().with("CRL", many.clone()).with("OCSP", many.clone());
        by_signature.set(format!("{number:040X}"), entry);
    }
    let mut catalog = document.catalog().expect("a catalog").clone();
    catalog.set("DSS", pdf::Dict::new().with("VRI", by_signature));
    update.put(document.catalog_ref(), catalog);
    let bytes = joined(&bytes, &update.finish().expect("an update").bytes);
    let mut wanted = request("one", pki.at);
    wanted.place = Some(pades::Place::invisible());
    wanted.appearance = None;
    let source = Counted::of(sign(&pki, &bytes, &wanted, &pki.person("one", 11), Stamped::No));
    let document = Document::open(Arc::<Counted>::clone(&source), &Limits::default()).expect("it opens");
    let report = pades::validate(&document, &pki.policy().with_revocation(RevocationRule::IfPresent));
    assert_eq!(report.indication, Indication::TotalPassed, "{}", report.text(pades::Lang::En));
    let read = source.read.load(std::sync::atomic::Ordering::Relaxed);
    // Three hundred and twenty thousand times four thousand bytes would be three hundred times the file.
    assert!(read < source.len() * 20, "{read} bytes were read of {}", source.len());
}
