//! What a reader sees: impressions and text upright on turned and cropped pages, tagged documents, PDF/A.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use pades::{FieldKind, Place, SigningRequest};
use pdf::new::Builder;
use pdf::text::{Style, field_appearance};
use pdf::{Appearance, Dict, Document, Image, Object, Rect, Ref, XrefKind};
use seal::{CompanySeal, Impression, Purpose};
use testkit::{pdf_samples, tool};
use vermilion_pades as pades;

use crate::support::{Pki, Stamped, assert_first_permits, joined, judge, look, open, sample, sign, spec};

const A4: Rect = Rect { x0: 0.0, y0: 0.0, x1: 595.0, y1: 842.0 };

/// A box with a red quarter at the reader's top left.
fn quarter() -> Appearance {
    Appearance {
        width: 160.0,
        height: 48.0,
        content: b"q 1 0 0 rg 0 24 80 24 re f 0 0 1 rg 80 0 80 24 re f Q".to_vec(),
        ..Appearance::default()
    }
}

fn visible(document: &Document, seen: Rect, appearance: Appearance, at: Timestamp) -> SigningRequest {
    SigningRequest {
        place: Some(Place::on_visible_page(document, 0, seen).expect("a page")),
        appearance: Some(appearance),
        ..SigningRequest::new("seen", at)
    }
}

/// The first page as it is shown, 72 dots an inch: width, height, RGB.
fn shown(file: &[u8]) -> Option<(usize, usize, Vec<u8>)> {
    let renderer = tool("pdftoppm")?;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("page.pdf");
    fs::write(&path, file).expect("written");
    let root = folder.path().join("page");
    let arguments = ["-r", "72", "-cropbox", "-singlefile"];
    let (ok, said) = renderer.run(arguments.iter().map(Path::new).chain([path.as_path(), root.as_path()]));
    assert!(ok, "{said}");
    let bytes = fs::read(folder.path().join("page.ppm")).expect("a picture");
    let mut parts = bytes.splitn(4, u8::is_ascii_whitespace);
    let mut number = || {
        let text = std::str::from_utf8(parts.next().expect("a header")).expect("text");
        text.parse::<usize>().unwrap_or(0)
    };
    let (_, width, height) = (number(), number(), number());
    let pixels = bytes.get(bytes.len() - width * height * 3..).expect("pixels").to_vec();
    Some((width, height, pixels))
}

#[test]
fn a_signature_stands_upright_where_the_reader_was_told() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    for degrees in [0, 90, 180, 270] {
        let base = pdf_samples::turned(degrees);
        let seen = Rect::sized(30.0, 40.0, 160.0, 48.0);
        let file = sign(&pki, &base, &visible(&open(&base), seen, quarter(), pki.at), &alice, Stamped::No);
        let Some((width, _, pixels)) = shown(&file) else { return };
        let at = |x: usize, y: usize| {
            let pixel = &pixels[(y * width + x) * 3..][..3];
            [pixel[0], pixel[1], pixel[2]]
        };
        assert_eq!(at(30 + 40, 40 + 12), [255, 0, 0], "red at the top left, turned by {degrees}");
        assert_eq!(at(30 + 120, 40 + 36), [0, 0, 255], "blue at the bottom right, turned by {degrees}");
        assert_eq!(at(30 + 120, 40 + 12), [255, 255, 255], "nothing at the top right, turned by {degrees}");
        assert_eq!(at(15, 40 + 12), [255, 255, 255], "nothing beside it, turned by {degrees}");
        let widget = &open(&file).form().expect("a form").fields[0].widgets[0];
        assert_eq!(widget.flags, 132, "Print and Locked");
    }
}

#[test]
fn a_seal_and_chinese_text_are_embedded() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    let (name, number) = ("远山机械制造有限公司".to_owned(), Some("1101080123456".to_owned()));
    let seal = CompanySeal { name, purpose: Purpose::Contract, number, diameter_mm: 40.0 };
    let impression = Impression::company(&seal).expect("a seal").appearance(120.0, 120.0);
    let text =
        field_appearance("甲方：上海远山", 160.0, 48.0, &Style::default(), fonts::SANS).expect("a text");
    for (appearance, words) in [(impression, None), (text, Some("甲方：上海远山"))] {
        let base = sample(XrefKind::Stream, 1);
        let seen = Rect::sized(100.0, 500.0, appearance.width, appearance.height);
        let file = sign(&pki, &base, &visible(&open(&base), seen, appearance, pki.at), &alice, Stamped::No);
        assert_eq!(judge(&pki, &file).signatures[0].level, pades::Level::BB);
        let Some((width, _, pixels)) = shown(&file) else { return };
        let inked = (500..548).any(|y| (100..220).any(|x| pixels[(y * width + x) * 3 + 1] < 128));
        assert!(inked, "something is drawn");
        if let (Some(words), Some(reader)) = (words, tool("pdftotext")) {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("text.pdf");
            fs::write(&path, &file).expect("written");
            let (_, said) = reader.run([path.as_path(), Path::new("-")]);
            assert!(said.contains(words), "{said}");
        }
    }
}

/// A tagged document: `roots` says what `/K` of the structure tree is made of.
fn tagged(several: bool, nested: bool) -> Vec<u8> {
    let mut builder = Builder::new(XrefKind::Table);
    let page = builder.text_page(A4, &["A tagged page"]);
    let (root, document) = (builder.allocate(), builder.allocate());
    let element = |parent: Ref| {
        Dict::new()
            .with("Type", Object::name("StructElem"))
            .with("S", Object::name("Document"))
            .with("P", parent)
    };
    builder.put(document, element(root).with("K", vec![]));
    let entries = vec![Object::from(0), Object::Array(vec![document.into()])];
    let numbers = if nested {
        let limits = vec![Object::from(0), Object::from(0)];
        let leaf = builder.add(Dict::new().with("Nums", entries).with("Limits", limits));
        Dict::new().with("Kids", vec![Object::from(leaf)])
    } else {
        Dict::new().with("Nums", entries)
    };
    let numbers = builder.add(numbers);
    let kids: Object = match several {
        true => {
            let other = builder.add(element(root).with("S", Object::name("Sect")));
            vec![Object::from(document), other.into()].into()
        }
        false => document.into(),
    };
    let tree = Dict::new().with("Type", Object::name("StructTreeRoot")).with("K", kids);
    builder.put(root, tree.with("ParentTree", numbers).with("ParentTreeNextKey", 1));
    if let Some(page) = builder.page_mut(page) {
        page.set("StructParents", 0);
    }
    builder.catalog().set("StructTreeRoot", root).set("MarkInfo", Dict::new().with("Marked", true));
    builder.finish()
}

/// Every key of the parent tree with what it leads to.
fn parents(document: &Document) -> Vec<(i64, Object)> {
    let catalog = document.catalog().expect("a catalog");
    let tree = document.value(&catalog, "StructTreeRoot").expect("a tree");
    let mut waiting = vec![tree.as_dict().expect("a dictionary").value("ParentTree").clone()];
    let mut found = Vec::new();
    while let Some(node) = waiting.pop() {
        let node = document.follow(&node).expect("a node");
        let node = node.as_dict().expect("a dictionary");
        for pair in node.value("Nums").as_array().unwrap_or_default().chunks(2) {
            found.push((pair[0].as_integer().expect("a key"), pair[1].clone()));
        }
        waiting.extend(node.value("Kids").as_array().unwrap_or_default().to_vec());
    }
    found
}

#[test]
fn a_widget_of_a_tagged_document_enters_its_structure() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    for (several, nested) in [(false, false), (true, true)] {
        let base = tagged(several, nested);
        let seen = Rect::sized(100.0, 500.0, 160.0, 48.0);
        let file =
            sign(&pki, &base, &visible(&open(&base), seen, look("1 0 0"), pki.at), &alice, Stamped::No);
        let document = open(&file);
        let field = &document.form().expect("a form").fields[0];
        let key = field.dict.value("StructParent").as_integer().expect("a place in the structure");
        assert_eq!(field.label.as_deref(), Some("seen"));
        let parents = parents(&document);
        assert_eq!(parents.len(), 2, "the old entry and the new one");
        let (_, element) = parents.iter().find(|(number, _)| *number == key).expect("its entry");
        let element = document.follow(element).expect("an element");
        let element = element.as_dict().expect("a dictionary");
        assert!(element.value("S").is_name("Form"));
        let object = element.value("K").as_dict().expect("an object reference");
        assert_eq!(object.value("Obj").as_reference(), Some(field.reference));
        // The element is a kid of its parent, and the parent is the document element where there is one alone.
        let parent = document.value(element, "P").expect("a parent");
        let parent = parent.as_dict().expect("a dictionary");
        assert_eq!(parent.is_type("StructTreeRoot"), several);
        assert!(!parent.value("K").is_null());
        if let Some(qpdf) = tool("qpdf") {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("tagged.pdf");
            fs::write(&path, &file).expect("written");
            let (clean, said) = qpdf.run([Path::new("--check"), path.as_path()]);
            assert!(clean, "{said}");
        }
        // Once something is signed, the tree is left alone.
        let late = [spec("late", FieldKind::Signature, 0, 300.0, 300.0)];
        let tail = pades::place_fields(&document, &late).expect("a field");
        let report = judge(&pki, &joined(&file, &tail));
        assert_first_permits(&report);
    }
}

/// A document that claims a part of ISO 19005, whose output intent is for this colour space.
fn archival(part: u8, space: Option<&str>) -> Vec<u8> {
    let mut builder = Builder::new(XrefKind::Table);
    builder.text_page(A4, &["An archival page"]);
    let xmp = format!(
        "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
         xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' \
         xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/'><pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>B\
         </pdfaid:conformance></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    );
    let dict = Dict::new().with("Type", Object::name("Metadata")).with("Subtype", Object::name("XML"));
    let metadata = builder.add_plain_stream(dict, xmp.into_bytes());
    builder.catalog().set("Metadata", metadata);
    if let Some(space) = space {
        let profile = format!("{}{space}{}", "x".repeat(16), "x".repeat(108));
        let profile = builder.add_plain_stream(Dict::new(), profile.into_bytes());
        let intent = Dict::new()
            .with("Type", Object::name("OutputIntent"))
            .with("S", Object::name("GTS_PDFA1"))
            .with("DestOutputProfile", profile);
        builder.catalog().set("OutputIntents", vec![Object::from(intent)]);
    }
    builder.finish()
}

#[test]
fn what_we_add_to_an_archival_file_keeps_to_its_part() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    let glass = Appearance {
        width: 160.0,
        height: 48.0,
        content: b"q /G0 gs 1 0 0 rg 0 0 80 48 re f Q q 80 0 0 48 80 0 cm /Im0 Do Q".to_vec(),
        images: vec![Image {
            name: "Im0".to_owned(),
            width: 1,
            height: 1,
            rgb: vec![0, 0, 255],
            alpha: Some(vec![128]),
        }],
        opacities: vec![("G0".to_owned(), 0.5)],
        ..Appearance::default()
    };
    let intents = [None, Some("CMYK"), Some("RGB ")];
    for (part, space) in [1, 2, 3].into_iter().flat_map(|part| intents.map(|space| (part, space))) {
        let base = archival(part, space);
        let seen = Rect::sized(100.0, 500.0, 160.0, 48.0);
        let file =
            sign(&pki, &base, &visible(&open(&base), seen, glass.clone(), pki.at), &alice, Stamped::No);
        let added = String::from_utf8_lossy(&file[base.len()..]).into_owned();
        let transparent = ["/SMask", "/Transparency", "/ca ", "/CA "].iter().any(|key| added.contains(key));
        // What is seen through needs to be told in which colours it mixes: by an output intent as ours are.
        assert_eq!(transparent, part != 1 && space == Some("RGB "), "part {part}, {space:?}");
        assert!(added.contains("/DefaultRGB"), "colours mean something by themselves");
        assert!(!added.contains("/XRef") && added.contains("xref"), "a table after a table");
        assert!(added.contains("/F 132"), "printed");
        let hidden =
            SigningRequest { place: Some(Place::invisible()), ..SigningRequest::new("hidden", pki.at) };
        let file = sign(&pki, &base, &hidden, &alice, Stamped::No);
        let widget = &open(&file).form().expect("a form").fields[0].widgets[0];
        assert_eq!(widget.dict.contains("AP"), part == 1, "only part 1 asks hidden fields for an appearance");
    }
    // Elsewhere, what can be seen through stays so.
    let base = sample(XrefKind::Table, 1);
    let seen = Rect::sized(100.0, 500.0, 160.0, 48.0);
    let file = sign(&pki, &base, &visible(&open(&base), seen, glass, pki.at), &alice, Stamped::No);
    assert!(String::from_utf8_lossy(&file[base.len()..]).contains("/SMask"));
}

#[test]
fn a_place_is_measured_on_paper_whatever_the_page_counts_in() {
    let bytes = sample(XrefKind::Table, 1);
    let document = open(&bytes);
    let page = document.page(0).expect("a page");
    let mut update = pdf::Update::new(&document);
    let dict = page.dict.clone().with("UserUnit", Object::Real(2.0)).with("Rotate", Object::Integer(90));
    update.put(page.reference, dict);
    let scaled = open(&joined(&bytes, &update.finish().expect("an update").bytes));
    let seen = Rect::sized(100.0, 60.0, 160.0, 48.0);
    let placed = |document: &Document| Place::on_visible_page(document, 0, seen).expect("a page").rect;
    assert_eq!(placed(&document), document.page(0).expect("a page").to_user_space(seen));
    let half = Rect::sized(50.0, 30.0, 80.0, 24.0);
    assert_eq!(placed(&scaled), scaled.page(0).expect("a page").to_user_space(half));
}
