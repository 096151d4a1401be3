//! An object that the rules let change serves as the resources of the page besides.

use pades::{ChangesAfter, Code};
use pdf::new::Builder;
use pdf::{Dict, Document, Object, Rect, Ref, Update, XrefKind};
use vermilion_pades as pades;

use crate::attacks::{assert_forbidden, first_changes, updated};
use crate::shadows::assert_permitted;
use crate::support::{Pki, Stamped, request, sent, sign};

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
            let info = document.trailer().value("Info").as_reference().expect("an information dictionary");
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
            let info = document.trailer().value("Info").as_reference().expect("an information dictionary");
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
    let base = painting(|document, _| Dict::new().with("XObject", document.page_refs().expect("pages")[1]));
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
        let waiting = update.add_stream(Dict::new().with("Subtype", Object::name("Form")), b"0 0 9 9 re f");
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
