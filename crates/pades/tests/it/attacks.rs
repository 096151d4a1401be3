//! Manipulated files that we make ourselves, each beside an honest twin.

use pades::{ChangesAfter, Code, Condition, Indication, SubIndication};
use pdf::{Dict, Document, Object, Update, XrefKind};
use vermilion_pades as pades;

use crate::support::{Pki, Stamped, completed, joined, judge, look, open, request, sent, sign, text_look};

/// A file signed by Alice, with a place for Bob.
pub(crate) fn signed_once(pki: &Pki) -> Vec<u8> {
    sign(pki, &sent(XrefKind::Table), &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No)
}

/// Appends an update that `change` makes.
pub(crate) fn updated(file: &[u8], change: impl FnOnce(&Document, &mut Update)) -> Vec<u8> {
    let document = open(file);
    let mut update = Update::new(&document);
    change(&document, &mut update);
    joined(file, &update.finish().expect("an update").bytes)
}

pub(crate) fn first_changes(pki: &Pki, file: &[u8]) -> (ChangesAfter, Vec<Code>) {
    let report = judge(pki, file);
    let one = &report.signatures[0];
    assert_eq!(one.reliability.signature_intact, Condition::Met, "{:?}", one.reasons);
    (
        one.changes_after,
        one.changes.iter().filter(|change| !change.permitted).map(|change| change.what.code).collect(),
    )
}

pub(crate) fn assert_forbidden(pki: &Pki, file: &[u8], expected: Code) {
    let (verdict, codes) = first_changes(pki, file);
    assert_eq!(verdict, ChangesAfter::Forbidden);
    assert!(codes.contains(&expected), "{codes:?}");
    let report = judge(pki, file);
    assert_eq!(report.signatures[0].indication, Indication::TotalFailed);
    assert_eq!(report.signatures[0].reliability.content_intact, Condition::NotMet);
}

#[test]
fn one_changed_byte_is_found() {
    let pki = Pki::new();
    let mut file = signed_once(&pki);
    let at = file.windows(8).position(|window| window == b"Contract");
    match at {
        Some(at) => file[at] = b'K',
        // The text is compressed: change the header's comment instead.
        None => file[10] ^= 1,
    }
    let report = judge(&pki, &file);
    let one = &report.signatures[0];
    assert_eq!(one.indication, Indication::TotalFailed);
    assert_eq!(one.sub_indication, Some(SubIndication::HashFailure));
    assert_eq!(one.reliability.content_intact, Condition::NotMet);
}

#[test]
fn a_changed_signature_value_is_found() {
    let pki = Pki::new();
    let honest = signed_once(&pki);
    let document = open(&honest);
    let fields = document.signatures().expect("fields");
    let span =
        fields.iter().find_map(|field| field.signature.as_ref()?.contents_span.clone()).expect("a signature");
    let mut file = honest.clone();
    // The last digits of the value stand at the end of the CMS, before the padding.
    let start = usize::try_from(span.start).expect("small") + 1;
    let end = usize::try_from(span.end).expect("small") - 1;
    let last = file[start..end].iter().rposition(|byte| *byte != b'0').expect("a value") + start;
    file[last] = if file[last] == b'1' { b'2' } else { b'1' };
    let report = judge(&pki, &file);
    assert_eq!(report.signatures[0].indication, Indication::TotalFailed);
}

#[test]
fn page_content_appended_is_forbidden_and_a_store_is_not() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let overlay = updated(&file, |document, update| {
        let page = document.page_refs().expect("pages")[0];
        let Object::Dictionary(mut dict) = update.get(page).expect("a page") else { panic!("a dictionary") };
        let more = update.add_stream(Dict::new(), b"1 0 0 rg 0 0 500 500 re f");
        let old = dict.value("Contents").clone();
        dict.set("Contents", Object::Array(vec![old, more.into()]));
        update.put(page, dict);
    });
    assert_forbidden(&pki, &overlay, Code::ChangePage);
    let honest = joined(&file, &pades::append_dss(&open(&file), &pki.dss(&[])).expect("a store"));
    assert_eq!(first_changes(&pki, &honest).0, ChangesAfter::Permitted);
}

#[test]
fn a_replaced_content_stream_is_forbidden() {
    let pki = Pki::new();
    let file = updated(&signed_once(&pki), |document, update| {
        let page = document.page(0).expect("a page");
        let contents = match page.dict.value("Contents") {
            Object::Array(items) => items[0].as_reference(),
            other => other.as_reference(),
        };
        update.put_stream(contents.expect("a stream"), Dict::new(), b"0 0 500 500 re f");
    });
    assert_forbidden(&pki, &file, Code::ChangeResource);
}

#[test]
fn a_replaced_font_is_forbidden() {
    let pki = Pki::new();
    let file = updated(&signed_once(&pki), |document, update| {
        let page = document.page(0).expect("a page");
        let fonts = document.value(&page.resources, "Font").expect("fonts");
        let font = fonts.as_dict().expect("a dictionary").value("F1").as_reference().expect("a font");
        let Object::Dictionary(mut dict) = update.get(font).expect("a font") else { panic!("a dictionary") };
        dict.set("BaseFont", Object::name("Symbol"));
        update.put(font, dict);
    });
    assert_forbidden(&pki, &file, Code::ChangeResource);
}

#[test]
fn an_annotation_is_forbidden_and_another_signature_is_not() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let stamped = updated(&file, |document, update| {
        let page = document.page_refs().expect("pages")[0];
        let Object::Dictionary(mut dict) = update.get(page).expect("a page") else { panic!("a dictionary") };
        let note = update.add(
            Dict::new()
                .with("Type", Object::name("Annot"))
                .with("Subtype", Object::name("Stamp"))
                .with("Rect", Object::numbers([0.0, 0.0, 300.0, 300.0])),
        );
        let mut annots = dict.value("Annots").as_array().map(<[Object]>::to_vec).unwrap_or_default();
        annots.push(note.into());
        dict.set("Annots", annots);
        update.put(page, dict);
    });
    assert_forbidden(&pki, &stamped, Code::ChangeAnnotationAdded);
    let honest = sign(&pki, &file, &request("bob", pki.at), &pki.person("Bob", 12), Stamped::No);
    assert_eq!(first_changes(&pki, &honest), (ChangesAfter::Permitted, vec![]));
}

#[test]
fn a_field_filled_in_is_permitted_and_a_look_without_a_value_is_not() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let mut second = request("bob", pki.at);
    second.fills = vec![pades::Fill {
        field: "city".to_owned(),
        text: "Beijing".to_owned(),
        appearance: text_look("Beijing"),
    }];
    let honest = sign(&pki, &file, &second, &pki.person("Bob", 12), Stamped::No);
    assert_eq!(first_changes(&pki, &honest), (ChangesAfter::Permitted, vec![]));
    let swapped = updated(&honest, |document, update| {
        let form = document.form().expect("a form");
        let city = form.field("city").expect("the field");
        let other = look("0 1 0").write(update).expect("an appearance");
        let mut dict = city.dict.clone();
        dict.set("AP", Dict::new().with("N", other));
        update.put(city.reference, dict);
    });
    assert_forbidden(&pki, &swapped, Code::ChangeAppearance);
}

#[test]
fn a_mark_is_set_once_and_only_by_a_signer() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let set_mark = |document: &Document, update: &mut Update| {
        let form = document.form().expect("a form");
        let mark = form.field("seal-2").expect("the field");
        let other = look("0 1 0").write(update).expect("an appearance");
        let mut dict = mark.dict.clone();
        dict.set("AP", Dict::new().with("N", other));
        update.put(mark.reference, dict);
    };
    assert_forbidden(&pki, &updated(&file, set_mark), Code::ChangeAppearance);
    let mut second = request("bob", pki.at);
    second.marks = vec![pades::Mark { field: "seal-2".to_owned(), appearance: look("0.8 0 0") }];
    let honest = sign(&pki, &file, &second, &pki.person("Bob", 12), Stamped::No);
    assert_eq!(first_changes(&pki, &honest), (ChangesAfter::Permitted, vec![]));
    assert_forbidden(&pki, &updated(&honest, set_mark), Code::ChangeAppearance);
}

#[test]
fn a_signatures_look_cannot_be_swapped() {
    let pki = Pki::new();
    let file = updated(&signed_once(&pki), |document, update| {
        let form = document.form().expect("a form");
        let alice = form.field("alice").expect("the field");
        let looks = alice.widgets[0].dict.value("AP").as_dict().expect("a look").clone();
        let stream = looks.value("N").as_reference().expect("a stream");
        let dict = document.resolve(stream).expect("a stream").as_dict().expect("a stream").clone();
        let mut plain = dict;
        for key in ["Length", "Filter", "DecodeParms"] {
            plain.remove(key);
        }
        update.put_stream(stream, plain, b"0 1 0 rg 0 0 160 48 re f");
    });
    assert_forbidden(&pki, &file, Code::ChangeAppearance);
}

#[test]
fn a_hidden_widget_cannot_be_shown() {
    let pki = Pki::new();
    let file = updated(&signed_once(&pki), |document, update| {
        let form = document.form().expect("a form");
        let bob = form.field("bob").expect("the field");
        let mut dict = bob.dict.clone();
        dict.set("F", 134);
        update.put(bob.reference, dict);
    });
    assert_forbidden(&pki, &file, Code::ChangeField);
}

#[test]
fn hidden_content_cannot_be_given_to_a_dangling_reference() {
    let pki = Pki::new();
    let base = sent(XrefKind::Table);
    let ghost = pdf::Ref::new(9_000, 0);
    let prepared = updated(&base, |document, update| {
        let page = document.page_refs().expect("pages")[0];
        let Object::Dictionary(mut dict) = update.get(page).expect("a page") else { panic!("a dictionary") };
        let old = dict.value("Contents").clone();
        dict.set("Contents", Object::Array(vec![old, ghost.into()]));
        update.put(page, dict);
    });
    let file = sign(&pki, &prepared, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    let shown = updated(&file, |_, update| update.put_stream(ghost, Dict::new(), b"0 0 500 500 re f"));
    assert_forbidden(&pki, &shown, Code::ChangeResource);
}

#[test]
fn bytes_after_the_end_are_not_passed_over() {
    let pki = Pki::new();
    let file = completed(&pki, XrefKind::Table);
    let mut stray = file.clone();
    stray.extend_from_slice(b"5 0 obj <</Type /Catalog>> endobj\n");
    let report = judge(&pki, &stray);
    for one in &report.signatures {
        assert_eq!(one.indication, Indication::TotalFailed, "{:?}", one.reasons);
    }
}

#[test]
fn an_object_that_nothing_lists_is_not_passed_over() {
    let pki = Pki::new();
    let file = completed(&pki, XrefKind::Table);
    // isa_B: an object, an empty cross reference, a trailer without /Prev.
    let mut attack = file.clone();
    attack.extend_from_slice(b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\nxref\ntrailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n");
    let report = match Document::open(std::sync::Arc::new(attack), &pdf::Limits::default()) {
        Ok(document) => pades::validate(&document, &pki.policy()),
        Err(_) => return,
    };
    assert_ne!(report.indication, Indication::TotalPassed);
}

#[test]
fn a_wider_hole_is_found() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let document = open(&file);
    let fields = document.signatures().expect("fields");
    let numbers =
        fields.iter().find_map(|field| field.signature.as_ref()?.byte_range.clone()).expect("a ByteRange");
    let [_, _, second, rest] = numbers[..] else { panic!("four numbers") };
    let (old, new) = (format!("{second} {rest}"), format!("{} {}", second + 1, rest - 1));
    assert_eq!(old.len(), new.len());
    let at = file.windows(old.len()).position(|window| window == old.as_bytes()).expect("the numbers");
    let mut shifted = file.clone();
    shifted[at..at + new.len()].copy_from_slice(new.as_bytes());
    let report = judge(&pki, &shifted);
    assert_eq!(report.signatures[0].indication, Indication::TotalFailed);
    assert!(report.signatures[0].reasons.iter().any(|reason| reason.code == Code::GapNotContents));
}

#[test]
fn a_replaced_root_is_forbidden() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let document = open(&file);
    let root = document.catalog_ref();
    let number = document.size();
    let previous = document.revisions().last().expect("a revision").sections[0].offset;
    let start = file.len();
    let catalog = format!("{number} 0 obj\n<< /Type /Catalog /Pages {root} R >>\nendobj\n");
    let tail = format!(
        "{catalog}xref\n{number} 1\n{start:010} 00000 n \ntrailer\n<< /Size {} /Root {number} 0 R /Prev {previous} >>\nstartxref\n{}\n%%EOF\n",
        number + 1,
        start + catalog.len(),
    );
    let attack = joined(&file, tail.as_bytes());
    let Ok(document) = Document::open(std::sync::Arc::new(attack), &pdf::Limits::default()) else { return };
    assert_ne!(pades::validate(&document, &pki.policy()).indication, Indication::TotalPassed);
}

#[test]
fn a_deleted_object_is_forbidden() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let document = open(&file);
    let page = document.page(0).expect("a page");
    let contents = page.dict.value("Contents").as_reference().expect("one content stream").number;
    let previous = document.revisions().last().expect("a revision").sections[0].offset;
    let tail = format!(
        "xref\n{contents} 1\n0000000000 00001 f \ntrailer\n<< /Size {} /Root {} R /Prev {previous} >>\nstartxref\n{}\n%%EOF\n",
        document.size(),
        document.catalog_ref(),
        file.len(),
    );
    assert_forbidden(&pki, &joined(&file, tail.as_bytes()), Code::ChangeFreed);
}

#[test]
fn a_locked_field_stays_as_it_was() {
    let pki = Pki::new();
    let base = updated(&sent(XrefKind::Table), |document, update| {
        let form = document.form().expect("a form");
        let alice = form.field("alice").expect("the field");
        let lock = Dict::new()
            .with("Type", Object::name("SigFieldLock"))
            .with("Action", Object::name("Include"))
            .with("Fields", Object::Array(vec![Object::text("city")]));
        update.put(alice.reference, alice.dict.clone().with("Lock", lock));
    });
    let file = sign(&pki, &base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    let mut second = request("bob", pki.at);
    second.fills =
        vec![pades::Fill { field: "city".to_owned(), text: "X".to_owned(), appearance: text_look("X") }];
    assert!(matches!(
        pades::prepare(&open(&file), &second),
        Err(pades::PrepareError::FieldLocked { field }) if field == "city"
    ));
    let forged = updated(&file, |document, update| {
        let form = document.form().expect("a form");
        let city = form.field("city").expect("the field");
        let other = look("0 1 0").write(update).expect("an appearance");
        let dict = city.dict.clone().with("V", Object::text("X")).with("AP", Dict::new().with("N", other));
        update.put(city.reference, dict);
    });
    assert_forbidden(&pki, &forged, Code::ChangeFieldLocked);
    let honest = sign(&pki, &file, &request("bob", pki.at), &pki.person("Bob", 12), Stamped::No);
    assert_eq!(first_changes(&pki, &honest), (ChangesAfter::Permitted, vec![]));
}

#[test]
fn a_visible_signature_field_may_not_come_to_a_certified_document() {
    let pki = Pki::new();
    let mut wanted = request("alice", pki.at);
    wanted.certify = Some(pdf::DocMdp::FillForms);
    let file = sign(&pki, &sent(XrefKind::Table), &wanted, &pki.person("Alice", 11), Stamped::No);
    let mut late = request("late", pki.at);
    late.place = Some(pades::Place { page: 0, rect: crate::support::rect(10.0, 10.0) });
    assert!(matches!(
        pades::prepare(&open(&file), &late),
        Err(pades::PrepareError::CertifiedAgainstFields { .. })
    ));
    let covering = updated(&file, |document, update| {
        let page = document.page_refs().expect("pages")[0];
        let shown = look("0 1 0").write(update).expect("an appearance");
        let field = update.add(
            Dict::new()
                .with("Type", Object::name("Annot"))
                .with("Subtype", Object::name("Widget"))
                .with("FT", Object::name("Sig"))
                .with("T", Object::text("cover"))
                .with("P", page)
                .with("Rect", Object::numbers([0.0, 0.0, 595.0, 842.0]))
                .with("AP", Dict::new().with("N", shown)),
        );
        let Object::Dictionary(mut dict) = update.get(page).expect("a page") else { panic!("a dictionary") };
        let mut annots = dict.value("Annots").as_array().map(<[Object]>::to_vec).unwrap_or_default();
        annots.push(field.into());
        dict.set("Annots", annots);
        update.put(page, dict);
        let form = document.form().expect("a form");
        let mut fields = form.dict.value("Fields").as_array().expect("fields").to_vec();
        fields.push(field.into());
        let reference = form.reference.expect("an indirect form");
        update.put(reference, form.dict.clone().with("Fields", fields));
    });
    assert_forbidden(&pki, &covering, Code::ChangeSignatureOverlay);
}
