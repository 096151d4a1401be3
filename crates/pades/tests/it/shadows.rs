//! What a later revision may not slip in: scripts, looks for other occasions, objects that serve two purposes, fields that
//! hide the page. Each beside an honest twin.

use pades::{ChangesAfter, Code};
use pdf::new::Builder;
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

/// An object that the rules let change serves as the resources of the page besides.
mod two_purposes {
    use super::*;

    /// A document whose page takes `resources` for its pictures, with `content` painted.
    fn painting(prepare: impl FnOnce(&Document, &mut Update) -> Dict) -> Vec<u8> {
        updated(&sent(XrefKind::Table), |document, update| {
            let resources = prepare(document, update);
            let page = document.page_refs().expect("pages")[0];
            let mut dict = update.get_dict(page).expect("a page");
            let mut all = dict.value("Resources").as_dict().expect("resources").clone();
            for (key, value) in resources.iter() {
                all.set(key.to_text(), value.clone());
            }
            dict.set("Resources", all);
            update.put(page, dict);
        })
    }

    fn signed(pki: &Pki, base: &[u8]) -> Vec<u8> {
        sign(pki, base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No)
    }

    fn picture(kind: &'static str) -> Dict {
        Dict::new()
            .with("Type", Object::name("Metadata"))
            .with("Subtype", Object::name(kind))
            .with("Width", 1)
            .with("Height", 1)
            .with("BitsPerComponent", 8)
            .with("ColorSpace", Object::name("DeviceGray"))
    }

    #[test]
    fn metadata_that_the_page_paints_may_not_change() {
        let pki = Pki::new();
        let described = |paints: bool| {
            let base = painting(|document, update| {
                let root = document.catalog_ref();
                let metadata = update.add_stream(picture("XML"), b"<x/>");
                let catalog = update.get_dict(root).expect("a catalog").with("Metadata", metadata);
                update.put(root, catalog);
                if paints { Dict::new().with("XObject", root) } else { Dict::new() }
            });
            updated(&signed(&pki, &base), |document, update| {
                let catalog = document.catalog().expect("a catalog");
                let metadata = catalog.value("Metadata").as_reference().expect("metadata");
                update.put_stream(metadata, picture("Image"), &[0]);
            })
        };
        assert_forbidden(&pki, &described(true), Code::ChangeCatalog);
        assert_permitted(&pki, &described(false));
    }

    #[test]
    fn the_information_dictionary_is_no_script() {
        let pki = Pki::new();
        let told = |acts: bool| {
            let mut builder = Builder::new(XrefKind::Table);
            builder.text_page(Rect::sized(0.0, 0.0, 595.0, 842.0), &["A contract"]);
            builder.title("A contract");
            let base = updated(&builder.finish(), |document, update| {
                let info =
                    document.trailer().value("Info").as_reference().expect("an information dictionary");
                let dict = update.get_dict(info).expect("a dictionary");
                let dict = dict.with("S", Object::name("JavaScript")).with("JS", Object::text("1"));
                update.put(info, dict);
                if acts {
                    let root = document.catalog_ref();
                    let catalog = update.get_dict(root).expect("a catalog").with("OpenAction", info);
                    update.put(root, catalog);
                }
            });
            let mut first = request("alice", pki.at);
            first.place = Some(pades::Place::invisible());
            let file = sign(&pki, &base, &first, &pki.person("Alice", 11), Stamped::No);
            updated(&file, |document, update| {
                let info =
                    document.trailer().value("Info").as_reference().expect("an information dictionary");
                let dict = update.get_dict(info).expect("a dictionary");
                update.put(info, dict.with("JS", Object::text("this.dirty = true")));
            })
        };
        assert_forbidden(&pki, &told(true), Code::ChangeDocumentPart);
        assert_permitted(&pki, &told(false));
    }

    #[test]
    fn a_list_of_annotations_is_a_list() {
        let pki = Pki::new();
        let base =
            painting(|document, _| Dict::new().with("XObject", document.page_refs().expect("pages")[1]));
        let changed = |make: fn(&mut Update, &Dict) -> Object| {
            updated(&signed(&pki, &base), |document, update| {
                let page = document.page_refs().expect("pages")[1];
                let dict = update.get_dict(page).expect("a page");
                let list = make(update, &dict);
                update.put(page, dict.with("Annots", list));
            })
        };
        let painted = changed(|update, dict| {
            assert!(dict.value("Annots").as_array().is_some());
            update.add_stream(Dict::new().with("Subtype", Object::name("Form")), b"0 0 9 9 re f").into()
        });
        assert_forbidden(&pki, &painted, Code::ChangeAnnotation);
        let same = changed(|update, dict| update.add(dict.value("Annots").clone()).into());
        assert_permitted(&pki, &same);
    }

    #[test]
    fn the_form_is_no_graphics_state() {
        let pki = Pki::new();
        let faded = |serves: bool| {
            let base = painting(|document, _| {
                let form = document.form().expect("a form").reference.expect("an indirect form");
                if serves { Dict::new().with("ExtGState", form) } else { Dict::new() }
            });
            updated(&signed(&pki, &base), |document, update| {
                let form = document.form().expect("a form");
                let resources = form.dict.value("DR").as_dict().expect("resources").clone().with("ca", 0);
                let dict = form.dict.clone().with("DR", resources);
                update.put(form.reference.expect("an indirect form"), dict);
            })
        };
        let (verdict, codes) = first_changes(&pki, &faded(true));
        assert_eq!(verdict, ChangesAfter::Forbidden, "{codes:?}");
        assert_permitted(&pki, &faded(false));
    }

    #[test]
    fn what_belongs_to_signatures_is_nothing_else() {
        let pki = Pki::new();
        let stored = |serves: bool, record: Object| {
            let base = painting(|document, update| {
                let related = update.add(Dict::new());
                let store = update.add(Dict::new().with("VRI", related));
                let root = document.catalog_ref();
                let catalog = update.get_dict(root).expect("a catalog").with("DSS", store);
                update.put(root, catalog);
                if serves {
                    Dict::new().with("ExtGState", update.add(Dict::new().with("VRI", related)))
                } else {
                    Dict::new()
                }
            });
            updated(&signed(&pki, &base), |document, update| {
                let catalog = document.catalog().expect("a catalog");
                let store = document.value(&catalog, "DSS").expect("a store");
                let related = store.as_dict().expect("a store").value("VRI").as_reference().expect("records");
                update.put(related, Dict::new().with("SMask", record));
            })
        };
        let record = || Object::Dictionary(Dict::new().with("Type", Object::name("VRI")));
        let (verdict, codes) = first_changes(&pki, &stored(true, record()));
        assert_eq!(verdict, ChangesAfter::Forbidden, "{codes:?}");
        assert_forbidden(&pki, &stored(false, 0.into()), Code::ChangeCatalog);
        assert_permitted(&pki, &stored(false, record()));
    }

    #[test]
    fn a_field_takes_nothing_that_could_be_painted() {
        let pki = Pki::new();
        let base = painting(|document, update| {
            let waiting =
                update.add_stream(Dict::new().with("Subtype", Object::name("Form")), b"0 0 9 9 re f");
            let form = document.form().expect("a form");
            let city = form.field("city").expect("the field").reference;
            Dict::new().with("XObject", city).with("Properties", Dict::new().with("Waiting", waiting))
        });
        let file = signed(&pki, &base);
        let changed = |key: &'static str, make: fn(Ref) -> Object| {
            updated(&file, |document, update| {
                let page = document.page(0).expect("a page");
                let waiting = page.resources.value("Properties").as_dict().expect("properties").clone();
                let waiting = waiting.value("Waiting").as_reference().expect("a stream");
                let form = document.form().expect("a form");
                let city = form.field("city").expect("the field");
                update.put(city.reference, city.dict.clone().with(key, make(waiting)));
            })
        };
        for key in ["AP", "DA", "Q", "AS"] {
            assert_forbidden(&pki, &changed(key, Object::from), Code::ChangeField);
        }
        assert_permitted(&pki, &changed("Q", |_| 1.into()));
    }
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
