//! What the paved path refuses before a key signs, and what a report says of files in which something is wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::{Timestamp, ToSpan};
use pades::{
    ChangesAfter, Code, Credential, Indication, Kind, Lang, Level, LevelError, Place, PrepareError,
    SignError, SigningRequest, Sources,
};
use pdf::new::Builder;
use pdf::{Appearance, Dict, DocMdp, Document, Object, OpenOptions, Rect, Update, XrefKind};
use pki::{SignatureAlgorithm, Signer, SoftwareSigner};
use testkit::tool;
use vermilion_pades as pades;

use crate::attacks::signed_once;
use crate::authorities::{Authorities, Says};
use crate::levels::credential;
use crate::support::{
    Pki, Stamped, assert_first_permits, joined, judge, look, open, request, sample, sent, sign,
};

/// A key that counts how often it signs.
struct Counting<'k> {
    key: &'k SoftwareSigner,
    times: AtomicUsize,
}

impl Signer for Counting<'_> {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.key.algorithm()
    }

    fn public_key_der(&self) -> &[u8] {
        self.key.public_key_der()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, pki::SignError> {
        self.times.fetch_add(1, Ordering::SeqCst);
        self.key.sign(message)
    }
}

/// The first line of the sample's pages stands here.
const OVER_TEXT: Rect = Rect { x0: 60.0, y0: 740.0, x1: 220.0, y1: 788.0 };
const BLANK: Rect = Rect { x0: 300.0, y0: 400.0, x1: 460.0, y1: 448.0 };

/// A white box at a place.
fn boxed(rect: Rect, at: Timestamp) -> SigningRequest {
    let paint = Appearance { content: b"1 1 1 rg 0 0 160 48 re f".to_vec(), ..look("0 0 0") };
    SigningRequest {
        place: Some(Place { page: 0, rect }),
        appearance: Some(paint),
        ..SigningRequest::new("late", at)
    }
}

#[test]
fn a_signature_that_would_break_an_earlier_one_is_refused_before_the_key_signs() {
    let pki = Pki::new();
    let bob = pki.person("Bob", 12);
    let file = signed_once(&pki);
    let key = Counting { key: &bob.key, times: AtomicUsize::new(0) };
    let who = Credential { signer: &key, certificate: &bob.certificate, chain: &bob.chain };
    let sources = Sources::none(pki.at);
    let try_at =
        |rect| pades::sign_to(&open(&file), &boxed(rect, pki.at), who, Level::BB, &sources).map_err(Box::new);
    match try_at(OVER_TEXT).map_err(|error| *error) {
        Err(LevelError::Prepare(PrepareError::BreaksSignature { field, why })) => {
            assert_eq!(field, "alice");
            assert!(why.contains("Contract, page 1"), "{why}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(key.times.load(Ordering::SeqCst), 0);
    let refused = pades::prepare_for(&open(&file), &boxed(OVER_TEXT, pki.at), &bob.certificate);
    assert!(matches!(refused, Err(LevelError::Prepare(PrepareError::BreaksSignature { .. }))), "{refused:?}");

    let tail = try_at(BLANK).expect("nothing stands there");
    assert_eq!(key.times.load(Ordering::SeqCst), 1);
    let report = judge(&pki, &joined(&file, &tail));
    assert_first_permits(&report);
    // Where nobody has signed yet, a signer may sign anywhere.
    let base = sample(XrefKind::Table, 1);
    assert!(pades::sign_to(&open(&base), &boxed(OVER_TEXT, pki.at), who, Level::BB, &sources).is_ok());
}

#[test]
fn a_limit_that_is_reached_is_not_taken_for_a_bad_place() {
    let pki = Pki::new();
    let (alice, bob) = (pki.person("Alice", 11), pki.person("Bob", 12));
    let nested = |levels: usize| {
        let mut builder = Builder::new(XrefKind::Table);
        let form = |resources: Dict| {
            Dict::new()
                .with("Type", Object::name("XObject"))
                .with("Subtype", Object::name("Form"))
                .with("BBox", Object::rect(Rect::sized(0.0, 0.0, 100.0, 100.0)))
                .with("Resources", resources)
        };
        let mut inner = builder.add_plain_stream(form(Dict::new()), b"0 0 10 10 re f".to_vec());
        for _ in 1..levels {
            let resources = Dict::new().with("XObject", Dict::new().with("X", inner));
            inner = builder.add_plain_stream(form(resources), b"/X Do".to_vec());
        }
        let resources = Dict::new().with("XObject", Dict::new().with("X", inner));
        let size = Object::rect(Rect::sized(0.0, 0.0, 595.0, 842.0));
        builder.page(Dict::new().with("MediaBox", size).with("Resources", resources), b"/X Do");
        let hidden =
            SigningRequest { place: Some(Place::invisible()), ..SigningRequest::new("first", pki.at) };
        sign(&pki, &builder.finish(), &hidden, &alice, Stamped::No)
    };
    let attempt = |file: &[u8]| {
        pades::prepare_for(&open(file), &boxed(BLANK, pki.at), &bob.certificate).map_err(Box::new)
    };
    attempt(&nested(3)).expect("nothing stands there");
    match attempt(&nested(200)).map_err(|error| *error) {
        Err(LevelError::Prepare(PrepareError::NotJudged { field, why })) => {
            assert_eq!(field, "first");
            assert!(why.contains("forms within forms"), "{why}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_prepared_otherwise_is_refused_when_it_is_finished() {
    let pki = Pki::new();
    let bob = pki.person("Bob", 12);
    let file = signed_once(&pki);
    let prepared = pades::prepare(&open(&file), &boxed(OVER_TEXT, pki.at)).expect("prepared");
    let waiting = prepared
        .to_be_signed(bob.certificate.clone(), bob.chain.clone(), bob.key.algorithm())
        .expect("usable");
    let value = bob.key.sign(waiting.bytes()).expect("signed");
    let signed = waiting.signed(value).expect("it verifies");
    let refused = pades::finish_to(&open(&file), signed, Level::BB, &Sources::none(pki.at));
    assert!(matches!(refused, Err(LevelError::Prepare(PrepareError::BreaksSignature { .. }))), "{refused:?}");
}

#[test]
fn a_certificate_that_no_validation_would_accept_does_not_sign() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    let base = sent(XrefKind::Table);
    let attempt = |who: Credential<'_>, at: Timestamp| {
        let wanted = request("alice", at);
        let error = pades::sign_to(&open(&base), &wanted, who, Level::BB, &Sources::none(at)).err();
        let prepared = pades::prepare_for(&open(&base), &wanted, who.certificate).err();
        assert_eq!(error.as_ref().map(ToString::to_string), prepared.map(|error| error.to_string()));
        error
    };
    assert!(attempt(credential(&alice), pki.at).is_none());
    assert!(attempt(credential(&alice), alice.certificate.not_after()).is_none(), "notAfter is inclusive");
    let why = |error: Option<LevelError>| match error {
        Some(LevelError::Sign(SignError::Certificate(why))) => why,
        other => panic!("{other:?}"),
    };
    let expired = why(attempt(credential(&alice), alice.certificate.not_after() + 1.second()));
    assert!(expired.contains("Alice") && expired.contains("expired"), "{expired}");
    let early = why(attempt(credential(&alice), alice.certificate.not_before() - 1.second()));
    assert!(early.contains("is not valid before"), "{early}");
    let authority = Credential {
        signer: pki.key_of(&pki.issuer.certificate),
        certificate: &pki.issuer.certificate,
        chain: &[],
    };
    let refused = why(attempt(authority, pki.at));
    assert!(refused.contains("authority"), "{refused}");
}

#[test]
fn what_the_author_of_an_encrypted_file_does_not_permit_is_left_to_the_owner() {
    let Some(qpdf) = tool("qpdf") else { return };
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    let folder = tempfile::tempdir().expect("a folder");
    let (plain, locked) = (folder.path().join("plain.pdf"), folder.path().join("locked.pdf"));
    std::fs::write(&plain, sent(XrefKind::Table)).expect("written");
    let opened = |modify: &str, password: &str| -> Document {
        let modify = format!("--modify={modify}");
        let mut command = qpdf.command();
        command.args(["--encrypt", "", "owner", "256", &modify, "--"]).args([&plain, &locked]);
        let (done, said) = testkit::run(&mut command);
        assert!(done, "{said}");
        let bytes = std::fs::read(&locked).expect("the encrypted file");
        let options = OpenOptions::new().password(password.to_owned());
        Document::open_with(Arc::new(bytes), &options).expect("it opens")
    };
    let new = SigningRequest { place: Some(Place::invisible()), ..SigningRequest::new("new", pki.at) };
    let signs = |document: &Document, wanted: &SigningRequest| {
        let made = pades::sign_to(document, wanted, credential(&alice), Level::BB, &Sources::none(pki.at));
        match made {
            Ok(_) => true,
            Err(LevelError::Prepare(PrepareError::NotPermitted { .. })) => false,
            Err(other) => panic!("{other}"),
        }
    };
    for (modify, existing, adding) in [("all", true, true), ("form", true, false), ("none", false, false)] {
        let user = opened(modify, "");
        assert_eq!(signs(&user, &request("alice", pki.at)), existing, "{modify}");
        assert_eq!(signs(&user, &new), adding, "{modify}");
        let owner = opened(modify, "owner");
        assert!(signs(&owner, &request("alice", pki.at)) && signs(&owner, &new), "{modify}");
    }
}

#[test]
fn a_broken_signature_keeps_the_form_of_its_level_but_has_not_reached_it() {
    let pki = Pki::new();
    let file =
        sign(&pki, &sent(XrefKind::Table), &request("alice", pki.at), &pki.person("Alice", 11), Stamped::Yes);
    assert_eq!(judge(&pki, &file).signatures[0].level, Level::BT);
    let mut changed = file.clone();
    changed[10] ^= 1;
    let forbidden = joined(&file, b"%junk\n");
    for broken in [changed, forbidden] {
        let report = judge(&pki, &broken);
        let one = &report.signatures[0];
        assert_eq!((one.indication, one.level), (Indication::TotalFailed, Level::BT), "{:?}", one.reasons);
        assert!(report.text(Lang::En).contains("(in the form of PAdES-B-T)"), "{}", report.text(Lang::En));
        assert!(report.text(Lang::Zh).contains("（形式为 PAdES-B-T）"));
    }
}

#[test]
fn a_document_time_stamp_is_told_as_one() {
    let pki = Pki::new();
    let authorities = Authorities::new(&pki, Says::Crl);
    let base = sample(XrefKind::Table, 1);
    let tail = pades::time_stamp_document(&open(&base), &authorities.sources()).expect("stamped");
    let report = judge(&pki, &joined(&base, &tail));
    assert_eq!(report.signatures[0].kind, Kind::DocTimestamp);
    for (lang, words) in [
        (Lang::En, ["Document time-stamp 1: Vermilion Test TSA", "states the time: 2026-11-23T04:0"]),
        (Lang::Zh, ["文件时间戳 1：Vermilion Test TSA", "所载时间：2026-11-23T04:0"]),
    ] {
        let text = report.text(lang);
        assert!(words.iter().all(|word| text.contains(word)), "{text}");
        let foreign = ["PAdES-B", "the signer", "签署人", "签名人"];
        assert!(foreign.iter().all(|word| !text.contains(word)), "{text}");
    }
}

/// Certified with that permission, titled.
fn certified(pki: &Pki, permission: Option<DocMdp>) -> Vec<u8> {
    let mut builder = Builder::new(XrefKind::Table);
    builder.text_page(Rect::sized(0.0, 0.0, 595.0, 842.0), &["A contract"]);
    builder.title("Contract");
    let dict = Dict::new().with("Type", Object::name("Metadata")).with("Subtype", Object::name("XML"));
    let metadata = builder.add_plain_stream(dict, xmp("Contract", "2026-11-01").into_bytes());
    builder.catalog().set("Metadata", metadata);
    let wanted = SigningRequest {
        place: Some(Place::invisible()),
        certify: permission,
        ..SigningRequest::new("alice", pki.at)
    };
    sign(pki, &builder.finish(), &wanted, &pki.person("Alice", 11), Stamped::No)
}

fn xmp(title: &str, modified: &str) -> String {
    format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
         xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:xmp='http://ns.adobe.com/xap/1.0/'><rdf:Description \
         rdf:about='' xmp:ModifyDate='{modified}'><dc:title><rdf:Alt><rdf:li xml:lang='x-default'>{title}</rdf:li>\
         </rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
}

#[test]
fn what_a_certified_document_says_of_itself_stays() {
    let pki = Pki::new();
    let with_info = |file: &[u8], key: &'static str| {
        let document = open(file);
        let info = document.trailer().value("Info").as_reference().expect("an indirect dictionary");
        let mut update = Update::new(&document);
        let dict = update.get_dict(info).expect("a dictionary").with(key, Object::text("D:20261123"));
        update.put(info, dict);
        joined(file, &update.finish().expect("an update").bytes)
    };
    let with_xmp = |file: &[u8], title: &str| {
        let document = open(file);
        let catalog = document.catalog().expect("a catalog");
        let metadata = catalog.value("Metadata").as_reference().expect("an indirect stream");
        let mut update = Update::new(&document);
        let dict = Dict::new().with("Type", Object::name("Metadata")).with("Subtype", Object::name("XML"));
        update.put_stream(metadata, dict, xmp(title, "2026-11-22").as_bytes());
        joined(file, &update.finish().expect("an update").bytes)
    };
    for permission in [Some(DocMdp::NoChanges), Some(DocMdp::FillForms), Some(DocMdp::Annotate), None] {
        let file = certified(&pki, permission);
        let told = |file: &[u8]| {
            let report = judge(&pki, file);
            let one = &report.signatures[0];
            (one.changes_after, one.changes.iter().map(|change| change.what.code).collect::<Vec<_>>())
        };
        let forbidden = match permission {
            Some(_) => ChangesAfter::Forbidden,
            None => ChangesAfter::Permitted,
        };
        let noted = (ChangesAfter::Permitted, vec![Code::ChangeMetadata]);
        assert_eq!(
            told(&with_info(&file, "Title")),
            (forbidden, vec![Code::ChangeInformation]),
            "{permission:?}"
        );
        assert_eq!(
            told(&with_xmp(&file, "Gift")),
            (forbidden, vec![Code::ChangeInformation]),
            "{permission:?}"
        );
        assert_eq!(told(&with_info(&file, "ModDate")), noted, "{permission:?}");
        assert_eq!(told(&with_xmp(&file, "Contract")), noted, "{permission:?}");
    }
}

#[test]
fn what_is_wrong_with_a_broken_file_is_named() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let codes = |file: &[u8]| -> Vec<Code> {
        judge(&pki, file).signatures[0].reasons.iter().map(|reason| reason.code).collect()
    };
    // After the signature comes an end that leads nowhere (incremental saving without a cross-reference).
    let appended = joined(&file, b"999 0 obj\n<< >>\nendobj\nstartxref\n1\n%%EOF\n");
    let report = judge(&pki, &appended);
    let reason = &report.signatures[0].reasons[0];
    assert_eq!(reason.code, Code::BytesAfterSigned, "{:?}", report.signatures[0].reasons);
    assert_eq!(reason.params["from"], file.len().to_string());
    assert!(reason.params["detail"].contains("byte"), "{reason:?}");
    // The value is taken away (universal forgery).
    let span = open(&file).signatures().expect("signatures")[0..]
        .iter()
        .find_map(|one| one.signature.as_ref()?.contents_span.clone());
    let span = span.expect("the value's place");
    let at = |offset: u64| usize::try_from(offset).expect("a small file");
    let mut empty = file.clone();
    empty[at(span.start) + 1..at(span.end) - 1].fill(b'0');
    assert_eq!(codes(&empty)[0], Code::ContentsEmpty);
    assert!(!codes(&empty).contains(&Code::ContentsMalformed));
}

#[test]
fn a_value_with_indefinite_lengths_is_read() {
    let pki = Pki::new();
    let mut file = signed_once(&pki);
    let found = open(&file).signatures().expect("signatures");
    let signature = found.iter().find_map(|one| one.signature.clone()).expect("a signature");
    let contents = signature.contents.expect("a value");
    let length = usize::from(contents[2]) * 256 + usize::from(contents[3]);
    assert_eq!(&contents[..2], &[0x30, 0x82]);
    // Two octets less of length, two more at the end.
    let old = [&[0x30, 0x80], &contents[4..4 + length], &[0, 0]].concat();
    let hex: String = old.iter().map(|octet| format!("{octet:02x}")).collect();
    let start = usize::try_from(signature.contents_span.expect("its place").start).expect("a small file") + 1;
    file[start..start + hex.len()].copy_from_slice(hex.as_bytes());
    let report = judge(&pki, &file);
    assert_eq!(report.signatures[0].reliability.content_intact, pades::Condition::Met, "{report:?}");
}
