//! Universal forgery and signature wrapping: the signature's own dictionary and the hole around its value, which no
//! digest covers. Every forgery keeps the length of the file, so that nothing else moves.

use std::ops::Range;
use std::sync::Arc;

use pades::{Code, Condition, Indication};
use pdf::{Document, Limits};
use vermilion_pades as pades;

use crate::attacks::signed_once;
use crate::support::{Pki, judge, open};

fn hole(file: &[u8]) -> Range<usize> {
    let fields = open(file).signatures().expect("fields");
    let span = fields.iter().find_map(|field| field.signature.as_ref()?.contents_span.clone());
    let span = span.expect("a signature");
    usize::try_from(span.start).expect("small")..usize::try_from(span.end).expect("small")
}

/// Writes `text` over the beginning of a range, blanks over the rest.
fn overwritten(file: &[u8], at: Range<usize>, text: &[u8]) -> Vec<u8> {
    assert!(text.len() <= at.len());
    let mut bytes = file.to_vec();
    bytes[at.clone()].fill(b' ');
    bytes[at.start..at.start + text.len()].copy_from_slice(text);
    bytes
}

fn find(file: &[u8], text: &[u8]) -> usize {
    file.windows(text.len()).rposition(|window| window == text).expect("the text")
}

/// No signature counts as intact, and the report says why; a file that does not open shows nothing.
fn assert_refused(pki: &Pki, name: &str, bytes: Vec<u8>) -> Vec<Code> {
    let Ok(document) = Document::open(Arc::new(bytes), &Limits::default()) else { return Vec::new() };
    let report = pades::validate(&document, &pki.policy());
    assert_ne!(report.indication, Indication::TotalPassed, "{name}");
    for one in &report.signatures {
        assert_eq!(one.indication, Indication::TotalFailed, "{name}: {:?}", one.reasons);
        assert_ne!(one.reliability.signature_intact, Condition::Met, "{name}");
    }
    report.signatures.iter().flat_map(|one| one.reasons.iter().map(|reason| reason.code)).collect()
}

#[test]
fn a_signature_without_a_value_is_none() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    assert_eq!(judge(&pki, &file).signatures[0].reliability.signature_intact, Condition::Met);
    let hole = hole(&file);
    for (name, value) in [
        ("an empty value", &b"<>"[..]),
        ("nothing but noughts", b"<0000000000>"),
        ("null", b"null"),
        ("a number", b"0"),
        ("a name", b"/None"),
        ("a dictionary", b"<<>>"),
        ("an empty literal", b"()"),
        ("something else than CMS", b"<3003020101>"),
    ] {
        assert_refused(&pki, name, overwritten(&file, hole.clone(), value));
    }
    let key = find(&file, b"/Contents <");
    let renamed = assert_refused(&pki, "no value", overwritten(&file, key..key + 9, b"/Xontents"));
    assert!(renamed.contains(&Code::ContentsMissing), "{renamed:?}");
}

#[test]
fn a_signature_that_covers_something_else_is_none() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let key = find(&file, b"/ByteRange");
    let open = key + file[key..].iter().position(|byte| *byte == b'[').expect("an array");
    let close = open + file[open..].iter().position(|byte| *byte == b']').expect("its end");
    let numbers = String::from_utf8(file[open + 1..close].to_vec()).expect("digits");
    let numbers: Vec<i64> =
        numbers.split_whitespace().map(|number| number.parse().expect("a number")).collect();
    let [start, length, resume, rest] = numbers[..] else { panic!("four numbers") };
    for (name, text) in [
        ("nothing", "[0 0 0 0]".to_owned()),
        ("null", "null".to_owned()),
        ("no numbers", "[]".to_owned()),
        ("two numbers", format!("[{start} {length}]")),
        ("a negative number", format!("[-1 {length} {resume} {rest}]")),
        ("from the second byte", format!("[1 {} {resume} {rest}]", length - 1)),
        ("beyond the end", format!("[{start} {length} {resume} {}]", rest + 1)),
        ("far beyond the end", "[0 1 2 9223372036854775807]".to_owned()),
        ("not to the end", format!("[{start} {length} {resume} {}]", rest - 1)),
        ("a smaller hole", format!("[{start} {length} {} {}]", resume - 1, rest + 1)),
        ("a hole that begins early", format!("[{start} {} {resume} {rest}]", length - 1)),
    ] {
        let codes = assert_refused(&pki, name, overwritten(&file, open..close + 1, text.as_bytes()));
        assert!(!codes.is_empty(), "{name}");
    }
    assert_refused(&pki, "no ranges", overwritten(&file, key..key + 10, b"/XyteRange"));
}

#[test]
fn nothing_hides_in_the_hole() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let hole = hole(&file);
    let value = &file[hole.clone()];
    let der = value.iter().rposition(|byte| *byte != b'0' && *byte != b'>').expect("a value") + 2;
    let room = value.len() - der;
    assert!(room > 64, "the hole has padding");
    // The value closes early; what follows it is read as more entries of the dictionary, and no digest covers it.
    for (name, more) in [
        ("another entry", "/Reason (agreed to everything)"),
        ("another value", "/Contents <00>"),
        ("other ranges", "/ByteRange [0 10 20 10]"),
        ("a comment", "% nothing"),
        ("blanks", "   "),
    ] {
        let text = [&value[..der], b">", more.as_bytes(), b"\n"].concat();
        let codes = assert_refused(&pki, name, overwritten(&file, hole.clone(), &text));
        let told = [Code::GapNotContents, Code::ByteRangeShape, Code::ContentsEmpty];
        assert!(told.iter().any(|code| codes.contains(code)), "{name}: {codes:?}");
    }
    // More CMS after the value, instead of noughts.
    let mut padded = file.clone();
    padded[hole.end - 9..hole.end - 1].copy_from_slice(b"30030201");
    let codes = assert_refused(&pki, "more after the value", padded);
    assert!(codes.contains(&Code::ContentsTrailing), "{codes:?}");
}

#[test]
fn one_value_in_two_fields_is_no_signature_of_either() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let attack = crate::attacks::updated(&file, |document, update| {
        let form = document.form().expect("a form");
        let alice = form.field("alice").expect("the field").raw_value.clone();
        let bob = form.field("bob").expect("the field");
        update.put(bob.reference, bob.dict.clone().with("V", alice));
    });
    let codes = assert_refused(&pki, "a shared value", attack);
    assert!(codes.contains(&Code::SignatureShared), "{codes:?}");
}
