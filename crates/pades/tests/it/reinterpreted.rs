//! Old bytes that an update gives a meaning they did not have when they were signed, and bytes to come that a signed
//! object reaches into; each beside an honest twin.

use std::sync::Arc;

use pades::{ChangesAfter, Code, Condition, Indication, Place, Report, SigningRequest};
use pdf::{Dict, Object, Ref, Stream, StreamBody, Update, XrefKind};
use vermilion_pades as pades;

use crate::attacks::{first_changes, updated};
use crate::readers::{FORGED, HONEST, PAGE, Raw, beginning, stream};
use crate::support::{Pki, Stamped, judge, open, request, sample, sign};

fn signed(pki: &Pki, base: &[u8]) -> Vec<u8> {
    let request = SigningRequest { place: Some(Place::invisible()), ..request("alice", pki.at) };
    sign(pki, base, &request, &pki.person("Alice", 11), Stamped::No)
}

fn newest_section(file: &[u8]) -> u64 {
    open(file).revisions().last().expect("a revision").sections[0].offset
}

fn assert_fails(report: &Report) {
    for one in &report.signatures {
        assert_eq!(one.indication, Indication::TotalFailed, "{:?} {:?}", one.reasons, one.changes);
        assert_eq!(one.reliability.content_intact, Condition::NotMet);
    }
    assert_ne!(report.indication, Indication::TotalPassed);
}

fn assert_stands(pki: &Pki, file: &[u8]) {
    let (verdict, codes) = first_changes(pki, file);
    assert_ne!(verdict, ChangesAfter::Forbidden, "{codes:?}");
}

/// An update that lists nothing and goes on from the section at `previous`.
fn going_on_from(file: &[u8], previous: u64) -> Vec<u8> {
    Raw::after(file).finish(&format!("/Prev {previous} "))
}

/// A cross reference hidden in a stream of the signed bytes, which goes on from the signer's own. Nothing leads to it
/// until an update does.
#[test]
fn a_section_hidden_in_signed_bytes_is_not_followed() {
    let pki = Pki::new();
    let prepared = |previous: u64| {
        let mut raw = beginning();
        raw.object(4, &stream(HONEST));
        let hidden = stream(FORGED);
        let head = "5 0 obj\n<< /Length 1000 >>\nstream\n";
        let at = raw.here() + head.len();
        let mut inside = format!("4 0 obj\n{hidden}\nendobj\n");
        let section = at + inside.len();
        inside.push_str(&format!(
            "xref\n4 1\n{at:010} 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev {previous:010} >>\n"
        ));
        let inside = format!("{inside:<1000}");
        raw.object(5, &format!("<< /Length 1000 >>\nstream\n{inside}\nendstream"));
        (raw.finish(""), section)
    };
    let (base, _) = prepared(0);
    let previous = newest_section(&signed(&pki, &base));
    let (base, section) = prepared(previous);
    let file = signed(&pki, &base);
    assert_eq!(
        newest_section(&file),
        previous,
        "the attacker knows where the signer's section comes to stand"
    );
    assert_stands(&pki, &going_on_from(&file, previous));
    let attack = going_on_from(&file, u64::try_from(section).expect("small"));
    match pdf::Document::open(Arc::new(attack), &pdf::Limits::default()) {
        Ok(document) => assert_fails(&pades::validate(&document, &pki.policy())),
        Err(error) => eprintln!("not opened: {error}"),
    }
}

/// The signed cross reference leads to a byte behind the end of the file: an update puts the object there.
#[test]
fn an_object_that_is_yet_to_come_is_no_part_of_what_was_signed() {
    let pki = Pki::new();
    let prepared = |offset: usize| {
        let mut raw = Raw::new();
        raw.object(1, "<< /Type /Catalog /Pages 2 0 R >>")
            .object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
            .object(3, &format!("<< {} >>", PAGE.replace("4 0 R", "[4 0 R 5 0 R]")))
            .object(4, &stream(HONEST));
        raw.entries.push((5, offset));
        raw.finish("")
    };
    let end = signed(&pki, &prepared(0)).len();
    let file = signed(&pki, &prepared(end));
    assert_eq!(file.len(), end);
    let mut update = Raw::after(&file);
    update.object(5, &stream(FORGED));
    let attack = update.finish(&format!("/Prev {} ", newest_section(&file)));
    assert_fails(&judge(&pki, &attack));
    // Where the entry says that there is nothing, that is signed.
    let honest = signed(&pki, &prepared(0));
    assert_stands(&pki, &going_on_from(&honest, newest_section(&honest)));
}

/// A signed stream whose length leads into bytes that an update brings.
#[test]
fn a_stream_does_not_grow_into_an_update() {
    let pki = Pki::new();
    let prepared = |length: usize| {
        let mut raw = beginning();
        let head = raw.here() + format!("4 0 obj\n<< /Length {length:010} >>\nstream\n").len();
        raw.object(4, &format!("<< /Length {length:010} >>\nstream\n{HONEST}\nendstream"));
        (raw.finish(""), head)
    };
    let grown = |file: &[u8]| {
        updated(file, |document, update| {
            let data = format!("\n{FORGED}\nendstream\nendobj\n");
            let dict = Dict::new().with("Filter", Object::Array(vec![]));
            let certificate = update.add_stream(dict, data.as_bytes());
            let root = document.catalog_ref();
            let store = Dict::new().with("Certs", Object::Array(vec![certificate.into()]));
            let catalog = update.get_dict(root).expect("a catalog").with("DSS", store);
            update.put(root, catalog);
        })
    };
    let (base, start) = prepared(0);
    let file = grown(&signed(&pki, &base));
    let marker = format!("{FORGED}\n");
    let at = file.windows(marker.len()).position(|window| window == marker.as_bytes()).expect("it");
    let (base, _) = prepared(at + marker.len() - start);
    assert_fails(&judge(&pki, &grown(&signed(&pki, &base))));
    let (base, _) = prepared(HONEST.len());
    assert_stands(&pki, &grown(&signed(&pki, &base)));
}

/// The signed cross reference looks for an object in an object stream that is yet to come.
#[test]
fn an_object_stream_that_is_yet_to_come_is_found() {
    let pki = Pki::new();
    let base = sample(XrefKind::Stream, 2);
    let first = open(&base).size();
    let [list, container, note] = [first, first + 1, first + 2].map(|number| Ref::new(number, 0));
    let prepared = |listed: bool| {
        let base = updated(&base, |document, update| {
            let page = document.page_refs().expect("pages")[1];
            let dict = update.get_dict(page).expect("a page").with("Annots", list);
            update.put(page, dict);
            let stamp = Dict::new()
                .with("Subtype", Object::name("Stamp"))
                .with("Rect", Object::numbers([0.0, 0.0, 500.0, 500.0]));
            update.put(note, stamp);
        });
        if !listed {
            return base;
        }
        // The list stands in the container, says a section of its own.
        let (at, own) = (base.len(), open(&base).size());
        let row = [vec![2], three(container.number), vec![0, 1], three(at), vec![0]].concat();
        let head = format!(
            "{own} 0 obj\n<< /Type /XRef /W [1 3 1] /Index [{} 1 {own} 1] /Size {} /Root {} R /Prev {} \
             /Length {} >>\nstream\n",
            list.number,
            own + 1,
            open(&base).catalog_ref(),
            newest_section(&base),
            row.len()
        );
        let tail = format!("\nendstream\nendobj\nstartxref\n{at}\n%%EOF\n");
        [base.as_slice(), head.as_bytes(), &row, tail.as_bytes()].concat()
    };
    let brought = |file: &[u8]| {
        updated(file, |_, update: &mut Update| {
            let head = format!("{} 0 ", list.number);
            let dict = Dict::new()
                .with("Type", Object::name("ObjStm"))
                .with("N", 1)
                .with("First", i64::try_from(head.len()).expect("small"))
                .with("Filter", Object::Array(vec![]));
            let body = StreamBody::Owned(format!("{head}[{note} R]").into_bytes().into());
            update.put(container, Stream { dict, body });
        })
    };
    assert_fails(&judge(&pki, &brought(&signed(&pki, &prepared(true)))));
    assert_stands(&pki, &brought(&signed(&pki, &prepared(false))));
}

/// The last three bytes of a number.
fn three(number: impl TryInto<u64>) -> Vec<u8> {
    let number = number.try_into().unwrap_or_default().to_be_bytes();
    number[5..].to_vec()
}

/// Some programs look at the number of a reference alone.
#[test]
fn a_reference_of_another_generation_is_a_use_too() {
    let pki = Pki::new();
    let with = |number: u32, contents: &str| {
        let mut raw = Raw::new();
        raw.object(1, "<< /Type /Catalog /Pages 2 0 R >>")
            .object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
            .object(3, &format!("<< {} >>", PAGE.replace("4 0 R", contents)))
            .object(4, &stream(HONEST))
            .object(8, "(the numbers below are free)");
        let file = signed(&pki, &raw.finish(""));
        updated(&file, |document, update| {
            let certificate = Ref::new(number, 0);
            update.put_stream(certificate, Dict::new(), FORGED.as_bytes());
            let root = document.catalog_ref();
            let store = Dict::new().with("Certs", Object::Array(vec![certificate.into()]));
            let catalog = update.get_dict(root).expect("a catalog").with("DSS", store);
            update.put(root, catalog);
        })
    };
    assert_fails(&judge(&pki, &with(6, "[4 0 R 6 1 R]")));
    assert_stands(&pki, &with(6, "[4 0 R]"));
}

/// An entry of a type that the standard does not know makes its object `null` (7.5.8.3): some programs heed that.
#[test]
fn an_entry_of_an_unknown_type_deletes() {
    let pki = Pki::new();
    let file = signed(&pki, &sample(XrefKind::Stream, 1));
    let document = open(&file);
    let contents = document.page(0).expect("a page").dict.value("Contents").as_reference().expect("a stream");
    let with = |kind: u8, number: u32, second: u32, third: u8| {
        let at = file.len();
        let own = document.size();
        let row = [vec![kind], three(second), vec![third, 1], three(at), vec![0]].concat();
        let head = format!(
            "{own} 0 obj\n<< /Type /XRef /W [1 3 1] /Index [{number} 1 {own} 1] /Size {} /Root {} R /Prev {} \
             /Length {} >>\nstream\n",
            own + 1,
            document.catalog_ref(),
            newest_section(&file),
            row.len()
        );
        let tail = format!("\nendstream\nendobj\nstartxref\n{at}\n%%EOF\n");
        [file.as_slice(), head.as_bytes(), &row, tail.as_bytes()].concat()
    };
    let attack = with(3, contents.number, 0, 0);
    let (verdict, codes) = first_changes(&pki, &attack);
    assert_eq!((verdict, codes), (ChangesAfter::Forbidden, vec![Code::ChangeFreed]));
    assert_stands(&pki, &with(0, 0, 0, 255));
}
