use testkit::pdf_samples;
use vermilion_pdf::{Appearance, Dict, Object, Rect, Rotation, Update, XrefKind};

use crate::support::{joined, open, qpdf_check};

#[test]
fn display_and_user_space_are_each_others_inverse() {
    for degrees in [0, 90, 180, 270, -90, 450] {
        let page = open(&pdf_samples::turned(degrees)).page(0).expect("a page");
        assert_eq!(page.crop_box, Rect::new(-20.0, 40.0, 480.0, 700.0));
        let shown = Rect::sized(10.0, 20.0, 100.0, 50.0);
        let back = page.to_display(page.to_user_space(shown));
        for (a, b) in [(back.x0, shown.x0), (back.y0, shown.y0), (back.x1, shown.x1), (back.y1, shown.y1)] {
            assert!((a - b).abs() < 1e-9, "{degrees}: {back:?}");
        }
        let whole = page.to_user_space(Rect::sized(0.0, 0.0, page.width(), page.height()));
        assert_eq!(whole, page.crop_box);
    }
    assert_eq!(Rotation::from_degrees(-90), Rotation::ThreeQuarters);
}

#[test]
fn inherited_attributes_come_from_the_nearest_ancestor() {
    let text = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
        2 0 obj<</Type/Pages/Kids[3 0 R 6 0 R]/MediaBox[0 0 100 200]/Rotate 90>>endobj\n\
        3 0 obj<</Type/Pages/Kids[4 0 R 5 0 R]/Parent 2 0 R/Rotate 180>>endobj\n\
        4 0 obj<</Type/Page/Parent 99 0 R>>endobj\n5 0 obj<</Type/Page/Rotate 270.0/CropBox[50 50 500 500]>>endobj\n\
        6 0 obj<</Type/Page/MediaBox[0 0 0 0]>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF";
    let document = open(text);
    let page = |index| document.page(index).expect("a page");
    assert_eq!(document.page_count().expect("pages"), 3);
    assert_eq!((page(0).rotation, page(0).media_box.y1), (Rotation::Half, 200.0));
    assert_eq!(
        (page(1).rotation, page(1).crop_box),
        (Rotation::ThreeQuarters, Rect::new(50.0, 50.0, 100.0, 200.0))
    );
    assert_eq!((page(2).rotation, page(2).media_box.x1), (Rotation::Quarter, 595.0));
    assert!(document.page(3).is_err());
}

/// On a page turned in each way, a widget's appearance (its lower left quarter black) shows upright where it
/// was placed.
#[test]
fn an_appearance_stands_upright_on_a_turned_page() {
    let (Some(mutool), Some(qpdf)) = (testkit::tool("mutool"), testkit::tool("qpdf")) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for degrees in [0, 90, 180, 270] {
        let original = pdf_samples::turned(degrees);
        let document = open(&original);
        let page = document.page(0).expect("a page");
        let shown = Rect::sized(200.0, 300.0, 80.0, 40.0);
        let appearance = Appearance {
            width: 80.0,
            height: 40.0,
            content: b"0 0 40 20 re f".to_vec(),
            ..Appearance::default()
        };
        let mut update = Update::new(&document);
        let form = appearance.write_with(&mut update, page.appearance_matrix()).expect("a form");
        let widget = Dict::new()
            .with("Type", Object::name("Annot"))
            .with("Subtype", Object::name("Stamp"))
            .with("Rect", Object::rect(page.to_user_space(shown)))
            .with("F", 4)
            .with("AP", Dict::new().with("N", form));
        let widget = update.add(widget);
        let mut dict = page.dict.clone();
        dict.set("Annots", vec![Object::from(widget)]);
        update.put(page.reference, dict);
        let path = folder.path().join(format!("turned-{degrees}.pdf"));
        std::fs::write(&path, joined(&original, &update.finish().expect("an update"))).expect("written");
        assert_eq!(qpdf_check(&qpdf, &path).0, 0);
        // 72 dots an inch: a pixel is a point.
        let image = folder.path().join("page.pgm");
        let (done, words) = testkit::run(
            mutool.command().args(["draw", "-r", "72", "-c", "gray", "-o"]).arg(&image).arg(&path).arg("1"),
        );
        assert!(done, "{words}");
        let image = std::fs::read(&image).expect("an image");
        let width = page.width() as usize;
        let pixels = &image[image.len() - width * page.height() as usize..];
        let dark = |x: usize, y: usize| pixels[y * width + x] < 100;
        let corners = [dark(210, 330), dark(210, 310), dark(270, 310), dark(270, 330)];
        assert_eq!(corners, [true, false, false, false], "turned by {degrees}");
    }
}

#[test]
fn pages_of_a_hidden_kind_count_too() {
    for kind in [XrefKind::Table, XrefKind::Stream, XrefKind::Hybrid] {
        assert_eq!(open(&pdf_samples::contract(kind, 17)).page_count().expect("pages"), 17);
    }
}

#[test]
fn a_user_unit_makes_the_page_larger_on_paper_only() {
    let text = b"%PDF-1.6\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R 4 0 R]>>endobj\n\
        3 0 obj<</Type/Page/MediaBox[0 0 100 200]/Rotate 90/UserUnit 2.5>>endobj\n\
        4 0 obj<</Type/Page/MediaBox[0 0 100 200]/UserUnit -1>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF";
    let document = open(text);
    let page = document.page(0).expect("a page");
    assert_eq!((page.width(), page.height(), page.size_in_points()), (200.0, 100.0, (500.0, 250.0)));
    assert_eq!(page.to_user_space(Rect::sized(0.0, 0.0, 200.0, 100.0)), Rect::new(0.0, 0.0, 100.0, 200.0));
    assert_eq!(document.page(1).expect("a page").user_unit, 1.0);
}
