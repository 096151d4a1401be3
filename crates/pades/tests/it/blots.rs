//! A later signature hides nothing of what a page shows without writing it: scans, patterns, letters drawn as shapes. Each
//! beside honest twins: signatures stand on empty places, rules, boxes and backgrounds.

use pades::Code;
use pdf::{Dict, Object, Update, XrefKind};
use vermilion_pades as pades;

use crate::attacks::{assert_forbidden, updated};
use crate::programs::{drawn, helvetica, none, own};
use crate::shadows::assert_permitted;
use crate::support::{Pki, Stamped, request, sent, sign};

const PLACE: [f64; 4] = [300.0, 400.0, 460.0, 448.0];
const WHITE: &str = "1 g 0 0 160 48 re f";

/// Signed, with this on its first page besides.
fn showing(pki: &Pki, content: &str, resources: impl FnOnce(&mut Update, &mut Dict)) -> Vec<u8> {
    let base = updated(&sent(XrefKind::Table), |document, update| {
        let page = document.page(0).expect("a page");
        let mut all = page.resources.clone();
        resources(update, &mut all);
        let more = update.add_stream(Dict::new(), content.as_bytes());
        let mut dict = update.get_dict(page.reference).expect("a page");
        dict.set("Contents", vec![dict.value("Contents").clone(), more.into()]);
        dict.set("Resources", all);
        update.put(page.reference, dict);
    });
    sign(pki, &base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No)
}

fn shapes(pki: &Pki, content: &str) -> Vec<u8> {
    showing(pki, content, |_, _| {})
}

fn scanned(pki: &Pki) -> Vec<u8> {
    showing(pki, "q 595 0 0 842 0 0 cm /Scan Do Q", |update, resources| {
        let dict = Dict::new()
            .with("Subtype", Object::name("Image"))
            .with("Width", 2)
            .with("Height", 2)
            .with("BitsPerComponent", 8)
            .with("ColorSpace", Object::name("DeviceGray"));
        let scan = update.add_stream(dict, &[0, 255, 255, 0]);
        resources.set("XObject", Dict::new().with("Scan", scan));
    })
}

#[test]
fn opaque_ink_hides_a_scan_and_a_hand_does_not() {
    let pki = Pki::new();
    let file = scanned(&pki);
    let whole = [0.0, 0.0, 595.0, 842.0];
    for content in [
        WHITE,
        "0 g 20 10 10 12 re f",
        "1 G 3 w 10 10 m 40 10 l S",
        "q 40 0 0 20 10 10 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q",
        "BT 1 g /F 12 Tf 10 10 Td (MMM) Tj ET",
    ] {
        let attack =
            drawn(&file, PLACE, content, |_| Dict::new().with("Font", Dict::new().with("F", helvetica())));
        assert_forbidden(&pki, &attack, Code::ChangeSignatureBlots);
    }
    let own_letters = drawn(&file, PLACE, "BT /F 12 Tf 10 10 Td (MMM) Tj ET", own);
    assert_forbidden(&pki, &own_letters, Code::ChangeSignatureBlots);
    assert_forbidden(&pki, &drawn(&file, whole, WHITE, none), Code::ChangeSignatureCovers);
    for content in [
        "",
        "0 0 0.5 RG 1.5 w 4 10 m 20 60 30 -10 45 30 c 50 50 60 0 70 24 c 80 40 90 5 100 28 c S",
        "0 G 1 w 0.5 0.5 159 47 re S BT 0 g /F 12 Tf 10 10 Td (Signed by Bob) Tj ET",
        "0 0 0.5 rg 4 10 m 20 40 30 10 45 30 c 45 31.5 l 30 11.5 20 41.5 4 11.5 c f",
    ] {
        let honest =
            drawn(&file, PLACE, content, |_| Dict::new().with("Font", Dict::new().with("F", helvetica())));
        assert_permitted(&pki, &honest);
    }
}

#[test]
fn letters_drawn_as_shapes_are_not_hidden() {
    let pki = Pki::new();
    for content in [
        "0 g 320 410 4 18 re f 330 410 12 18 re 333 413 6 12 re f*",
        "0 g 320 410 m 330 430 l 340 410 l 334 410 l 330 420 l 326 410 l f",
        "0 G 1 w 320 410 m 326 428 l S 330 410 m 342 428 l S",
        "0 G 1 w 320 410 m 330 440 340 380 350 420 c S",
        "0 g 310 405 40 40 re f",
    ] {
        let file = shapes(&pki, content);
        assert_forbidden(&pki, &drawn(&file, PLACE, WHITE, none), Code::ChangeSignatureBlots);
        assert_permitted(&pki, &drawn(&file, PLACE, "0 G 1 w 4 10 m 150 40 l S", none));
        assert_permitted(&pki, &drawn(&file, [60.0, 200.0, 220.0, 248.0], WHITE, none));
    }
}

#[test]
fn a_pattern_and_a_picture_in_the_content_are_not_hidden() {
    let pki = Pki::new();
    let file = showing(&pki, "/Pattern cs /P scn 0 0 595 842 re f", |update, resources| {
        let dict = Dict::new()
            .with("PatternType", 1)
            .with("PaintType", 1)
            .with("TilingType", 1)
            .with("BBox", Object::numbers([0.0, 0.0, 595.0, 842.0]))
            .with("XStep", 595)
            .with("YStep", 842)
            .with("Resources", resources.clone());
        let pattern = update.add_stream(dict, b"BT /F1 18 Tf 320 410 Td (1000) Tj ET");
        resources.set("Pattern", Dict::new().with("P", pattern));
    });
    assert_forbidden(&pki, &drawn(&file, PLACE, WHITE, none), Code::ChangeSignatureBlots);
    assert_permitted(&pki, &drawn(&file, PLACE, "0 G 1 w 4 10 m 150 40 l S", none));
    let file = shapes(&pki, "q 595 0 0 842 0 0 cm BI /W 2 /H 1 /BPC 8 /CS /G ID \0\u{1} EI Q");
    assert_forbidden(&pki, &drawn(&file, PLACE, WHITE, none), Code::ChangeSignatureBlots);
}

#[test]
fn rules_boxes_and_light_backgrounds_are_there_to_be_signed_on() {
    let pki = Pki::new();
    for content in [
        "",
        "0 G 0.5 w 300 410 m 460 410 l S",
        "0 g 300 410 160 0.7 re f",
        "0 G 1 w 298 398 164 52 re S",
        "0.9 0.95 1 rg 290 390 200 80 re f",
        "1 1 0.9 rg 0 0 595 842 re f",
        "0.5 w 100 395 m 500 395 l S 100 455 m 500 455 l S 380 300 m 380 500 l S",
    ] {
        assert_permitted(&pki, &drawn(&shapes(&pki, content), PLACE, WHITE, none));
    }
}
