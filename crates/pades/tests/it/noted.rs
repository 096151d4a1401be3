//! What honest programs leave in a file beside their change: dates, notes on themselves, looks that they did not need.

use pades::{ChangesAfter, Code, Place, SigningRequest};
use pdf::new::Builder;
use pdf::{Dict, DocMdp, Object, Rect, XrefKind};
use vermilion_pades as pades;

use crate::attacks::{assert_forbidden, first_changes, signed_once, updated};
use crate::forms::with_entry;
use crate::looks::{alter, filled, widget, with_field};
use crate::shadows::assert_permitted;
use crate::support::{Pki, Stamped, open, request, sent, sign, text_look};

#[test]
fn when_a_field_was_filled_in_may_be_noted() {
    let pki = Pki::new();
    let file = filled(&signed_once(&pki), "Beijing", &text_look("Beijing"));
    let noted = |note: Object| alter(&file, "city", |_, dict| dict.with("M", note));
    assert_permitted(&pki, &noted(Object::string("D:20261123163857Z")));
    assert_forbidden(&pki, &noted(Dict::new().into()), Code::ChangeField);
}

#[test]
fn the_indices_of_a_choice_are_those_of_its_value() {
    let pki = Pki::new();
    let base = with_field(&sent(XrefKind::Table), |update| {
        let empty = text_look("").write(update).expect("a look");
        let options = ["China", "Germany"].map(Object::text).to_vec();
        widget("Ch", "country")
            .with("Ff", 1 << 17)
            .with("Opt", options)
            .with("AP", Dict::new().with("N", empty))
    });
    let file = sign(&pki, &base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    let choose = |index: i64| {
        alter(&file, "country", |update, dict| {
            let look = text_look("Germany").write(update).expect("a look");
            let dict = dict.with("V", Object::text("Germany")).with("AP", Dict::new().with("N", look));
            dict.with("I", vec![Object::from(index)])
        })
    };
    assert_permitted(&pki, &choose(1));
    assert_forbidden(&pki, &choose(0), Code::ChangeField);
    assert_forbidden(&pki, &choose(7), Code::ChangeField);
}

#[test]
fn a_look_that_shows_nothing_may_be_left_behind() {
    let pki = Pki::new();
    let left = |kind: &'static str, content: &'static [u8]| {
        updated(&signed_once(&pki), |_, update| {
            let dict = Dict::new()
                .with("Type", Object::name("XObject"))
                .with("Subtype", Object::name(kind))
                .with("BBox", Object::numbers([0.0, 0.0, 10.0, 10.0]));
            update.add_stream(dict, content);
        })
    };
    assert_eq!(first_changes(&pki, &left("Form", b"")).0, ChangesAfter::Permitted);
    assert_forbidden(&pki, &left("Form", b"0 0 10 10 re f"), Code::ChangeOrphan);
    assert_forbidden(&pki, &left("Image", b""), Code::ChangeOrphan);
}

/// Certified for forms to be filled in, without a word about itself.
fn silent(pki: &Pki) -> Vec<u8> {
    let mut builder = Builder::new(XrefKind::Table);
    builder.text_page(Rect::sized(0.0, 0.0, 595.0, 842.0), &["A contract"]);
    let wanted = SigningRequest {
        place: Some(Place::invisible()),
        certify: Some(DocMdp::FillForms),
        ..SigningRequest::new("alice", pki.at)
    };
    sign(pki, &builder.finish(), &wanted, &pki.person("Alice", 11), Stamped::No)
}

#[test]
fn a_program_notes_its_work_in_metadata_of_its_own() {
    let pki = Pki::new();
    let file = silent(&pki);
    let told = |inside: &str| {
        updated(&file, |document, update| {
            let text = format!(
                "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
                 xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:xmp='http://ns.adobe.com/xap/1.0/'>\
                 <rdf:Description rdf:about='' xmp:ModifyDate='2026-11-23'>{inside}</rdf:Description></rdf:RDF></x:xmpmeta>"
            );
            let dict =
                Dict::new().with("Type", Object::name("Metadata")).with("Subtype", Object::name("XML"));
            let metadata = update.add_stream(dict, text.as_bytes());
            let root = document.catalog_ref();
            let catalog = update.get_dict(root).expect("a catalog").with("Metadata", metadata);
            update.put(root, catalog);
        })
    };
    assert_permitted(&pki, &told(""));
    let titled = "<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>A gift</rdf:li></rdf:Alt></dc:title>";
    assert_forbidden(&pki, &told(titled), Code::ChangeInformation);
}

#[test]
fn the_first_signature_says_in_the_form_that_it_is_there() {
    let pki = Pki::new();
    let base = with_entry("TU", Object::text("The seller"));
    let flags = |file: &[u8]| open(file).form().expect("a form").dict.value("SigFlags").as_integer();
    assert_eq!(flags(&base), None);
    let mut wanted = request("seller", pki.at);
    wanted.place = None;
    let first = sign(&pki, &base, &wanted, &pki.person("Alice", 11), Stamped::No);
    assert_eq!(flags(&first), Some(3));
    wanted.field = "buyer".to_owned();
    let both = sign(&pki, &first, &wanted, &pki.person("Bob", 12), Stamped::No);
    assert_permitted(&pki, &both);
    // What was signed without the flags stays without them.
    let bare = updated(&first, |document, update| {
        let form = document.form().expect("a form");
        let mut dict = form.dict.clone();
        dict.remove("SigFlags");
        update.put(form.reference.expect("an indirect form"), dict);
    });
    let third = sign(&pki, &bare, &wanted, &pki.person("Bob", 12), Stamped::No);
    assert_eq!(flags(&third), None);
}
