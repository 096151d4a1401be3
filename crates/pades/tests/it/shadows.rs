//! What a later revision may not slip in: scripts, looks for other occasions, objects that serve two purposes, fields that
//! hide the page. Each beside an honest twin.

use pades::{ChangesAfter, Code};
use pdf::{Appearance, Dict, Document, Object, Rect, Ref, Update, XrefKind};
use vermilion_pades as pades;

use crate::attacks::{assert_forbidden, first_changes, signed_once, updated};
use crate::support::{Pki, Stamped, look, request, sample, sent, sign, text_look};

pub(crate) const OVER_TEXT: [f64; 4] = [60.0, 740.0, 220.0, 788.0];
pub(crate) const BLANK: [f64; 4] = [300.0, 400.0, 460.0, 448.0];

pub(crate) fn assert_permitted(pki: &Pki, file: &[u8]) {
    assert_eq!(first_changes(pki, file), (ChangesAfter::Permitted, vec![]));
}

pub(crate) fn append(update: &mut Update, document: &Document, page: usize, annotation: Ref) {
    let page = document.page_refs().expect("pages")[page];
    let mut dict = update.get_dict(page).expect("a page");
    let old = match dict.value("Annots") {
        Object::Array(items) => items.clone(),
        other => document.follow(other).expect("a list").as_array().unwrap_or_default().to_vec(),
    };
    dict.set("Annots", [old, vec![annotation.into()]].concat());
    update.put(page, dict);
}

/// A field in the form and on the first page.
pub(crate) fn with_field(file: &[u8], pages: &[usize], make: impl FnOnce(&mut Update) -> Dict) -> Vec<u8> {
    updated(file, |document, update| {
        let dict = make(update).with("P", document.page_refs().expect("pages")[0]);
        let field = update.add(dict);
        for page in pages {
            append(update, document, *page, field);
        }
        let form = document.form().expect("a form");
        let mut fields = form.dict.value("Fields").as_array().expect("fields").to_vec();
        fields.push(field.into());
        update.put(form.reference.expect("an indirect form"), form.dict.clone().with("Fields", fields));
    })
}

pub(crate) fn widget(kind: &'static str, rect: [f64; 4]) -> Dict {
    Dict::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name(kind))
        .with("T", Object::text("late"))
        .with("F", 4)
        .with("Rect", Object::numbers(rect))
}

/// A signature field that is signed, as far as form goes: what it does to the earlier signature is asked.
pub(crate) fn late(update: &mut Update, rect: [f64; 4]) -> Dict {
    let value = Dict::new().with("Type", Object::name("Sig")).with("Filter", Object::name("Adobe.PPKLite"));
    let value = update.add(value);
    widget("Sig", rect).with("V", value)
}

fn white() -> Appearance {
    Appearance { content: b"1 1 1 rg 0 0 160 48 re f".to_vec(), ..look("0 0 0") }
}

fn names(verdict: (ChangesAfter, Vec<Code>)) -> Vec<Code> {
    verdict.1
}

#[test]
fn a_new_signature_field_brings_no_script() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let nowhere = [0.0; 4];
    assert_permitted(&pki, &with_field(&file, &[0], |update| late(update, nowhere)));
    let script =
        || Dict::new().with("S", Object::name("JavaScript")).with("JS", Object::text("app.alert('changed')"));
    let opens =
        with_field(&file, &[0], |update| late(update, nowhere).with("AA", Dict::new().with("PO", script())));
    assert_forbidden(&pki, &opens, Code::ChangeField);
    let pressed = with_field(&file, &[0], |update| late(update, nowhere).with("A", script()));
    assert_forbidden(&pki, &pressed, Code::ChangeField);
    let layered = with_field(&file, &[0], |update| {
        let layer = update.add(Dict::new().with("Type", Object::name("OCG")).with("Name", Object::text("x")));
        late(update, nowhere).with("OC", layer)
    });
    assert_forbidden(&pki, &layered, Code::ChangeField);
}

#[test]
fn every_look_of_a_new_signature_field_counts() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let shown = |rect: [f64; 4], make: fn(Ref) -> Dict| {
        with_field(&file, &[0], |update| {
            let look = white().write(update).expect("a look");
            late(update, rect).with("AP", make(look)).with("AS", Object::name("On"))
        })
    };
    let states: fn(Ref) -> Dict = |look| Dict::new().with("N", Dict::new().with("On", look));
    let pointed: fn(Ref) -> Dict = |look| Dict::new().with("R", look);
    assert_forbidden(&pki, &shown(OVER_TEXT, states), Code::ChangeSignatureCovers);
    assert_forbidden(&pki, &shown(OVER_TEXT, pointed), Code::ChangeSignatureCovers);
    assert_permitted(&pki, &shown(BLANK, states));
}

#[test]
fn a_look_that_programs_read_differently_hides_its_place() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let drawn = |rect: [f64; 4], content: &[u8], boxed: bool| {
        with_field(&file, &[0], |update| {
            let mut dict = Dict::new().with("Subtype", Object::name("Form"));
            if boxed {
                dict.set("BBox", Object::numbers([0.0, 0.0, 160.0, 48.0]));
            }
            let look = update.add_stream(dict, content);
            late(update, rect).with("AP", Dict::new().with("N", look))
        })
    };
    // Some programs take all that follows for the image.
    let image = b"q .01 0 0 .01 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q %\xff\n1 1 1 rg 0 0 160 48 re f";
    assert_forbidden(&pki, &drawn(OVER_TEXT, image, true), Code::ChangeSignatureCovers);
    assert_permitted(&pki, &drawn(BLANK, image, true));
    // Some take the unit square for the box.
    assert_forbidden(&pki, &drawn(OVER_TEXT, b"1 g 0 0 1 1 re f", false), Code::ChangeSignatureCovers);
    // Some have a font where none is named.
    let text = b"BT /Nothing 24 Tf 0 4 Td (Another contract) Tj ET";
    assert_forbidden(&pki, &drawn(OVER_TEXT, text, true), Code::ChangeSignatureCovers);
}

#[test]
fn a_page_that_hides_its_words_from_us_may_not_be_covered() {
    let pki = Pki::new();
    let content = b"q .01 0 0 .01 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q %\xff\nBT /F1 24 Tf 72 760 Td (1000) Tj ET";
    let base = |content: &[u8]| {
        updated(&sent(XrefKind::Table), |document, update| {
            let page = document.page(0).expect("a page");
            let contents = page.dict.value("Contents").as_reference().expect("a stream");
            update.put_stream(contents, Dict::new(), content);
        })
    };
    let covered = |base: &[u8]| {
        let file = sign(&pki, base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
        with_field(&file, &[0], |update| {
            let look = white().write(update).expect("a look");
            late(update, OVER_TEXT).with("AP", Dict::new().with("N", look))
        })
    };
    assert_forbidden(&pki, &covered(&base(content)), Code::ChangeSignatureCovers);
    assert_permitted(&pki, &covered(&base(b"0 0 10 10 re f")));
}

#[test]
fn a_new_widget_stands_on_one_page() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let on = |pages: &[usize]| {
        with_field(&file, pages, |update| {
            let look = white().write(update).expect("a look");
            late(update, BLANK).with("AP", Dict::new().with("N", look))
        })
    };
    assert_permitted(&pki, &on(&[0]));
    assert_forbidden(&pki, &on(&[0, 1]), Code::ChangeAnnotationAdded);
}

#[test]
fn a_field_shows_its_value_under_the_pointer_too() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let filled = |pointed: &str| {
        updated(&file, |document, update| {
            let form = document.form().expect("a form");
            let city = form.field("city").expect("the field");
            let plain = text_look("1000").write(update).expect("a look");
            let other = text_look(pointed).write(update).expect("a look");
            let looks = Dict::new().with("N", plain).with("R", other);
            update.put(city.reference, city.dict.clone().with("V", Object::text("1000")).with("AP", looks));
        })
    };
    assert_permitted(&pki, &filled("1000"));
    assert_forbidden(&pki, &filled("9000"), Code::ChangeLookNotValue);
}

/// Sets value and look of the text field.
fn filled(file: &[u8], value: &str, content: &str, shape: &Appearance) -> Vec<u8> {
    updated(file, |document, update| {
        let form = document.form().expect("a form");
        let city = form.field("city").expect("the field");
        let look = Appearance { content: content.as_bytes().to_vec(), ..shape.clone() };
        let look = look.write(update).expect("an appearance");
        let dict = city.dict.clone().with("V", Object::text(value)).with("AP", Dict::new().with("N", look));
        update.put(city.reference, dict);
    })
}

#[test]
fn text_behind_a_clip_or_a_line_or_pressed_flat_is_not_shown() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let shape = text_look("9000");
    let honest = String::from_utf8(shape.content.clone()).expect("operators");
    let drawn = |content: &str| filled(&file, "9000", content, &shape);
    assert_permitted(&pki, &drawn(&format!("q 2 2 156 44 re W n {honest} Q")));
    let clipped = drawn(&format!("q 150 40 5 5 re W n {honest} Q"));
    assert_eq!(names(first_changes(&pki, &clipped)), [Code::ChangeLookNotValue]);
    let cut = drawn(&format!("q 0 0 12 48 re W n {honest} Q"));
    assert_eq!(names(first_changes(&pki, &cut)), [Code::ChangeLookUnreadable]);
    let odd = drawn(&format!("q 0 0 m 160 0 l 0 48 l h W n {honest} Q"));
    assert_eq!(names(first_changes(&pki, &odd)), [Code::ChangeLookUnreadable]);
    let flat = drawn(&honest.replace("BT\n", "1 0 0 0.005 0 24 cm BT\n"));
    assert_eq!(names(first_changes(&pki, &flat)), [Code::ChangeLookNotValue]);
    let narrow = drawn(&honest.replace("BT\n", "BT 1 Tz\n"));
    assert_eq!(names(first_changes(&pki, &narrow)), [Code::ChangeLookNotValue]);
    let layered = drawn(&format!("/OC /Layer BDC {honest} EMC"));
    assert_eq!(names(first_changes(&pki, &layered)), [Code::ChangeLookUnreadable]);
}

#[test]
fn a_border_does_not_paint_over_the_text() {
    let pki = Pki::new();
    let base = updated(&sent(XrefKind::Table), |document, update| {
        let form = document.form().expect("a form");
        let city = form.field("city").expect("the field");
        let dict = city.dict.clone().with("MK", Dict::new().with("BC", Object::numbers([0.0])));
        update.put(city.reference, dict);
    });
    let file = sign(&pki, &base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    let shape = text_look("9000");
    let honest = String::from_utf8(shape.content.clone()).expect("operators");
    let framed =
        |width: u32| filled(&file, "9000", &format!("{honest} 0 G {width} w 0 0 160 48 re S"), &shape);
    assert_permitted(&pki, &framed(6));
    assert_forbidden(&pki, &framed(40), Code::ChangeLookUnreadable);
}

#[test]
fn a_transparent_text_is_not_shown() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let with = |opacity: f64| {
        updated(&file, |document, update| {
            let form = document.form().expect("a form");
            let city = form.field("city").expect("the field");
            let look = text_look("9000").write(update).expect("a look");
            let Object::Stream(mut stream) = update.get(look).expect("a look") else { panic!("a stream") };
            let mut resources = stream.dict.value("Resources").as_dict().cloned().unwrap_or_default();
            resources.set("ExtGState", Dict::new().with("G", Dict::new().with("ca", opacity)));
            stream.dict.set("Resources", resources);
            let plain = text_look("9000").content;
            stream.dict.remove("Filter");
            let pdf::Stream { dict, .. } = stream;
            update.put_stream(look, dict, &[b"/G gs ".as_slice(), &plain].concat());
            let dict =
                city.dict.clone().with("V", Object::text("9000")).with("AP", Dict::new().with("N", look));
            update.put(city.reference, dict);
        })
    };
    assert_permitted(&pki, &with(1.0));
    assert_forbidden(&pki, &with(0.0), Code::ChangeLookUnreadable);
}

/// The shadow attack with a field: its background hides the page.
#[test]
fn a_field_that_is_filled_in_hides_nothing() {
    let pki = Pki::new();
    let base = |rect: [f64; 4]| {
        updated(&sent(XrefKind::Table), |document, update| {
            let form = document.form().expect("a form");
            let city = form.field("city").expect("the field");
            update.put(city.reference, city.dict.clone().with("Rect", Object::numbers(rect)));
        })
    };
    let shape = text_look("9000");
    let text = String::from_utf8(shape.content.clone()).expect("operators");
    let boxed = format!("1 1 1 rg 0 0 160 48 re f 0 0 0 rg {text}");
    let signed =
        |rect| sign(&pki, &base(rect), &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    let over = signed(OVER_TEXT);
    assert_forbidden(&pki, &filled(&over, "9000", &boxed, &shape), Code::ChangeFieldCovers);
    assert_permitted(&pki, &filled(&over, "9000", &text, &shape));
    assert_permitted(&pki, &filled(&signed(BLANK), "9000", &boxed, &shape));
    // What was hidden when it was signed may not come to light.
    let hidden = filled(&base(OVER_TEXT), "9000", &boxed, &shape);
    let hidden = sign(&pki, &hidden, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    let other = text_look("8000");
    let other = String::from_utf8(other.content).expect("operators");
    assert_forbidden(&pki, &filled(&hidden, "8000", &other, &text_look("8000")), Code::ChangeFieldCovers);
    let still = format!("1 1 1 rg 0 0 160 48 re f 0 0 0 rg {other}");
    assert_permitted(&pki, &filled(&hidden, "8000", &still, &text_look("8000")));
}

/// A check box whose mark is another contract.
#[test]
fn a_check_mark_is_a_mark() {
    let pki = Pki::new();
    let ticked = |rect: [f64; 4], mark: &Appearance| {
        let base = with_field(&sent(XrefKind::Table), &[0], |update| {
            let (on, off) =
                (mark.write(update).expect("a look"), look("0 0 0").write(update).expect("a look"));
            let states = Dict::new().with("Yes", on).with("Off", off);
            widget("Btn", rect)
                .with("V", Object::name("Off"))
                .with("AS", Object::name("Off"))
                .with("AP", Dict::new().with("N", states))
        });
        let file = sign(&pki, &base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
        updated(&file, |document, update| {
            let form = document.form().expect("a form");
            let field = form.field("late").expect("the field");
            let dict = field.dict.clone().with("V", Object::name("Yes")).with("AS", Object::name("Yes"));
            update.put(field.reference, dict);
        })
    };
    assert_forbidden(&pki, &ticked(OVER_TEXT, &white()), Code::ChangeFieldCovers);
    assert_permitted(&pki, &ticked(BLANK, &white()));
    assert_permitted(&pki, &ticked(BLANK, &text_look("X")));
    assert_forbidden(&pki, &ticked(BLANK, &text_look("and ten per cent")), Code::ChangeLookUnreadable);
}

/// What nothing led to when it was signed, and something leads to later, is looked at as well.
#[test]
fn a_number_that_a_forgotten_object_names_is_not_free() {
    let pki = Pki::new();
    let ghost = Ref::new(699, 0);
    let base = updated(&sample(XrefKind::Table, 1), |_, update| {
        // Nothing refers to it.
        let forgotten = Dict::new()
            .with("Subtype", Object::name("Form"))
            .with("BBox", Object::numbers([0.0, 0.0, 160.0, 48.0]))
            .with("Resources", Dict::new().with("XObject", Dict::new().with("Ghost", ghost)));
        update.put_stream(Ref::new(700, 0), forgotten, b"0 0 1 1 re f /Ghost Do");
    });
    let mut first = request("alice", pki.at);
    first.place = Some(pades::Place { page: 0, rect: Rect::sized(300.0, 100.0, 160.0, 48.0) });
    let file = sign(&pki, &base, &first, &pki.person("Alice", 11), Stamped::No);
    // A signature's look brings it to light; then the store defines what it names.
    let shown = with_field(&file, &[0], |update| {
        late(update, BLANK).with("AP", Dict::new().with("N", Ref::new(700, 0)))
    });
    assert_permitted(&pki, &shown);
    let store = |number: Ref| {
        updated(&shown, |document, update| {
            let dict = Dict::new()
                .with("Subtype", Object::name("Form"))
                .with("BBox", Object::numbers([-400.0, -400.0, 900.0, 900.0]));
            update.put_stream(number, dict, b"1 g -400 -400 900 900 re f");
            let root = document.catalog_ref();
            let store = Dict::new().with("Certs", Object::Array(vec![number.into()]));
            let catalog = update.get_dict(root).expect("a catalog").with("DSS", store);
            update.put(root, catalog);
        })
    };
    assert_permitted(&pki, &store(Ref::new(698, 0)));
    let (verdict, codes) = first_changes(&pki, &store(ghost));
    assert_eq!(verdict, ChangesAfter::Forbidden, "{codes:?}");
}
