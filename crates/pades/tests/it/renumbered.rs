//! Changes are judged by what pages reach, not by object numbers alone.

use pades::{ChangesAfter, Code, Place, SigningRequest};
use pdf::new::Builder;
use pdf::{Dict, Document, Object, Update, XrefKind};
use vermilion_pades as pades;

use crate::attacks::{assert_forbidden, first_changes, signed_once, updated};
use crate::support::{Pki, Stamped, judge, open, request, sample, sign};

/// Writes the page's font and resources again under new numbers.
fn rewritten(document: &Document, update: &mut Update, font_name: &'static str) {
    let page = document.page(0).expect("a page");
    let fonts = document.value(&page.resources, "Font").expect("fonts");
    let font = fonts.as_dict().expect("a dictionary").value("F1").as_reference().expect("a font");
    let dict = update.get_dict(font).expect("a font").with("BaseFont", Object::name(font_name));
    let font = update.add(dict);
    let resources = update.add(Dict::new().with("Font", Dict::new().with("F1", font)));
    let dict = update.get_dict(page.reference).expect("a page").with("Resources", resources);
    update.put(page.reference, dict);
}

#[test]
fn the_same_content_under_other_numbers_is_no_change() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let honest = updated(&file, |document, update| rewritten(document, update, "Helvetica"));
    assert_eq!(first_changes(&pki, &honest), (ChangesAfter::Permitted, vec![]));
    let told = judge(&pki, &honest).signatures[0].changes.clone();
    assert!(told.iter().any(|it| it.what.code == Code::ChangeRewritten), "{told:?}");
    let attack = updated(&file, |document, update| rewritten(document, update, "Symbol"));
    assert_forbidden(&pki, &attack, Code::ChangePage);
}

#[test]
fn a_page_may_be_renumbered_together_with_a_new_signature() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let honest = updated(&file, |document, update| {
        let stream =
            document.page(0).expect("a page").dict.value("Contents").as_reference().expect("a stream");
        let object = document.resolve(stream).expect("a stream");
        let stream = object.as_stream().expect("a stream");
        let data = document.decoded(stream).expect("operators");
        let copy = update.add_stream(Dict::new(), &data);
        let page = document.page_refs().expect("pages")[0];
        let dict = update.get_dict(page).expect("a page").with("Contents", copy);
        update.put(page, dict);
    });
    assert_eq!(first_changes(&pki, &honest), (ChangesAfter::Permitted, vec![]));
}

/// Three pages; the first two inherit a font from their parent, the third has its own.
fn inheriting() -> Vec<u8> {
    let mut builder = Builder::new(XrefKind::Table);
    let font = |name: &'static str| {
        Dict::new()
            .with("Type", Object::name("Font"))
            .with("Subtype", Object::name("Type1"))
            .with("BaseFont", Object::name(name))
    };
    let shared = builder.add(font("Helvetica"));
    let own = builder.add(font("Courier"));
    let used = |font: pdf::Ref| Dict::new().with("Font", Dict::new().with("F1", font));
    let media = Object::numbers([0.0, 0.0, 595.0, 842.0]);
    let text = b"BT /F1 24 Tf 72 760 Td (Text) Tj ET";
    let inherited = builder.add(used(shared));
    let mut pages = Vec::new();
    for resources in [None, None, Some(used(own))] {
        let mut dict = Dict::new().with("MediaBox", media.clone());
        if let Some(resources) = resources {
            dict.set("Resources", resources);
        }
        pages.push(builder.page(dict, text));
    }
    let base = builder.finish();
    updated(&base, |document, update| {
        let catalog = document.catalog().expect("a catalog");
        let root = catalog.value("Pages").as_reference().expect("a page tree");
        let dict = update.get_dict(root).expect("a node").with("Resources", inherited);
        update.put(root, dict);
    })
}

#[test]
fn a_changed_inherited_resource_names_the_pages_that_inherit_it() {
    let pki = Pki::new();
    let file = sign(&pki, &inheriting(), &signing(&pki), &pki.person("Alice", 11), Stamped::No);
    let font_of = |document: &Document, page: usize| {
        let resources = document.page(page).expect("a page").resources;
        let fonts = document.value(&resources, "Font").expect("fonts");
        fonts.as_dict().expect("a dictionary").value("F1").as_reference().expect("a font")
    };
    for (page, expected) in [(0, vec![1, 2]), (2, vec![3])] {
        let attack = updated(&file, |document, update| {
            let font = font_of(document, page);
            let dict = update.get_dict(font).expect("a font").with("BaseFont", Object::name("Symbol"));
            update.put(font, dict);
        });
        assert_forbidden(&pki, &attack, Code::ChangeResource);
        let changes = judge(&pki, &attack).signatures[0].changes.clone();
        let told = changes.iter().find(|it| it.what.code == Code::ChangeResource).expect("the finding");
        assert_eq!(told.pages, expected, "{changes:?}");
    }
}

fn signing(pki: &Pki) -> SigningRequest {
    SigningRequest { place: Some(Place::invisible()), ..request("alice", pki.at) }
}

#[test]
fn another_resource_dictionary_in_the_page_tree_is_found() {
    let pki = Pki::new();
    let file = sign(&pki, &inheriting(), &signing(&pki), &pki.person("Alice", 11), Stamped::No);
    let attack = updated(&file, |document, update| {
        let catalog = document.catalog().expect("a catalog");
        let root = catalog.value("Pages").as_reference().expect("a page tree");
        let font = Dict::new().with("Type", Object::name("Font")).with("Subtype", Object::name("Type1"));
        let resources = Dict::new().with("Font", Dict::new().with("F1", font));
        let dict = update.get_dict(root).expect("a node").with("Resources", resources);
        update.put(root, dict);
    });
    assert_forbidden(&pki, &attack, Code::ChangePages);
}

#[test]
fn parts_of_the_document_besides_pages_stay_as_they_were() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let action =
        || Dict::new().with("S", Object::name("JavaScript")).with("JS", Object::text("app.alert(1)"));
    let entries: [(&'static str, Object); 10] = [
        ("OpenAction", action().into()),
        ("AA", Dict::new().with("WP", action()).into()),
        ("Names", Dict::new().with("JavaScript", Dict::new()).into()),
        ("OCProperties", Dict::new().with("D", Dict::new()).into()),
        ("Outlines", Dict::new().into()),
        ("PageLabels", Dict::new().into()),
        ("ViewerPreferences", Dict::new().into()),
        ("Perms", Dict::new().into()),
        ("AF", Object::Array(vec![])),
        ("Dests", Dict::new().into()),
    ];
    for (key, value) in entries {
        let attack = updated(&file, |document, update| {
            let root = document.catalog_ref();
            let dict = update.get_dict(root).expect("a catalog").with(key, value);
            update.put(root, dict);
        });
        assert_forbidden(&pki, &attack, Code::ChangeCatalog);
    }
}

#[test]
fn a_layer_that_is_switched_on_is_found() {
    let pki = Pki::new();
    let base = crate::support::sent(XrefKind::Table);
    let layers = |update: &mut Update, group: pdf::Ref, state: &'static str| {
        let list = Object::Array(vec![group.into()]);
        let default = Dict::new().with("Order", list.clone()).with(state, list.clone());
        update.add(Dict::new().with("OCGs", list).with("D", default))
    };
    let base = updated(&base, |document, update| {
        let group = Dict::new().with("Type", Object::name("OCG")).with("Name", Object::text("terms"));
        let group = update.add(group);
        let properties = layers(update, group, "OFF");
        let root = document.catalog_ref();
        let dict = update.get_dict(root).expect("a catalog").with("OCProperties", properties);
        update.put(root, dict);
    });
    let file = sign(&pki, &base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    let attack = updated(&file, |document, update| {
        let catalog = document.catalog().expect("a catalog");
        let properties = catalog.value("OCProperties").as_reference().expect("layers");
        let mut dict = update.get_dict(properties).expect("layers");
        let mut default = dict.value("D").as_dict().expect("a state").clone();
        let off = default.remove("OFF").expect("what was off");
        default.set("ON", off);
        dict.set("D", default);
        update.put(properties, dict);
    });
    assert_forbidden(&pki, &attack, Code::ChangeDocumentPart);
}

#[test]
fn what_a_file_says_of_its_features_is_plain() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let extended = |value: Object| {
        updated(&file, |document, update| {
            let root = document.catalog_ref();
            let dict = update.get_dict(root).expect("a catalog").with("Extensions", value);
            update.put(root, dict);
        })
    };
    let level = Dict::new().with("BaseVersion", Object::name("1.7")).with("ExtensionLevel", 8);
    let honest = Dict::new().with("ADBE", level);
    assert_eq!(first_changes(&pki, &extended(honest.into())), (ChangesAfter::Permitted, vec![]));
    let action = Dict::new().with("S", Object::name("JavaScript")).with("JS", Object::text("1"));
    let odd = Dict::new().with("ADBE", Dict::new().with("A", action));
    assert_forbidden(&pki, &extended(odd.into()), Code::ChangeCatalog);
}

#[test]
fn a_file_says_of_no_earlier_or_unknown_version_that_it_is_of_it() {
    let pki = Pki::new();
    let file = signed_once(&pki);
    let stated = |version: &'static str| {
        updated(&file, |document, update| {
            let root = document.catalog_ref();
            let dict = update.get_dict(root).expect("a catalog").with("Version", Object::name(version));
            update.put(root, dict);
        })
    };
    let raised = stated("2.0");
    assert_eq!(first_changes(&pki, &raised), (ChangesAfter::Permitted, vec![]));
    let told = pades::revisions(&open(&raised)).expect("revisions").pop().expect("the newest").changes;
    assert!(told.iter().any(|change| change.what.code == Code::ChangeVersion), "{told:?}");
    for odd in ["1.0", "9.9", "2.0 "] {
        assert_forbidden(&pki, &stated(odd), Code::ChangeCatalog);
    }
}

#[test]
fn the_language_may_be_written_in_another_encoding() {
    let pki = Pki::new();
    let language = |file: &[u8], written: Object| {
        updated(file, |document, update| {
            let root = document.catalog_ref();
            let catalog = update.get_dict(root).expect("a catalog").with("Lang", written);
            update.put(root, catalog);
        })
    };
    let file = language(&sample(XrefKind::Table, 1), Object::hex_string(*b"\xfe\xff\0e\0n"));
    let file = sign(&pki, &file, &signing(&pki), &pki.person("Alice", 11), Stamped::No);
    assert_eq!(first_changes(&pki, &language(&file, Object::text("en"))), (ChangesAfter::Permitted, vec![]));
    assert_forbidden(&pki, &language(&file, Object::text("fr")), Code::ChangeCatalog);
}
