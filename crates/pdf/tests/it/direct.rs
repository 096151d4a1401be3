//! Pages that stand in /Kids themselves (against ISO 32000-2, 7.7.3.2), as viewers accept them.

use vermilion_pdf::{Dict, Object, Update};

use crate::support::{joined, open, qpdf_check};

const FILE: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Count 3/Rotate 90/MediaBox[0 0 100 200]/Kids[<</Type/Page/Parent 2 0 R>> 3 0 R \
    <</Type/Page/Parent 2 0 R/Rotate 180>>]>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R>>endobj\ntrailer<</Root 1 0 R/Size 4>>\nstartxref\n0\n%%EOF\n";

#[test]
fn a_page_that_is_no_object_is_read() {
    let document = open(FILE);
    assert_eq!(document.page_count().expect("pages"), 3);
    let degrees: Vec<u16> =
        (0..3).map(|index| document.page(index).expect("a page").rotation.degrees()).collect();
    assert_eq!(degrees, [90, 90, 180]);
    let page = document.page(2).expect("a page");
    assert_eq!(document.resolve(page.reference).expect("read").as_dict(), Some(&page.dict));
    assert!(document.page_refs().expect("pages").iter().all(|page| document.resolve(*page).is_ok()));
}

#[test]
fn a_page_that_is_no_object_becomes_one_when_it_changes() {
    let document = open(FILE);
    let mut update = Update::new(&document);
    let note =
        update.add(Dict::new().with("Type", Object::name("Annot")).with("Subtype", Object::name("Text")));
    for index in [0, 2] {
        let page = document.page(index).expect("a page");
        let mut dict = update.get_dict(page.reference).expect("its dictionary");
        dict.set("Annots", vec![Object::from(note)]);
        update.put(page.reference, dict);
    }
    let updated = joined(FILE, &update.finish().expect("an update"));
    let document = open(&updated);
    assert!(!document.is_repaired());
    for index in [0, 1, 2] {
        let page = document.page(index).expect("a page");
        assert!(document.locate(page.reference).is_some(), "an object of the file");
        assert_eq!(page.dict.contains("Annots"), index != 1);
    }
    let Some(qpdf) = testkit::tool("qpdf") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("direct.pdf");
    std::fs::write(&path, &updated).expect("written");
    let (code, words) = qpdf_check(&qpdf, &path);
    assert_eq!(code, 0, "qpdf no longer finds a direct page: {words}");
}

/// The number that a page is given must not be one that the file uses for what is not there.
#[test]
fn a_page_that_is_not_there_is_not_taken_for_one_that_is_no_object() {
    let file = String::from_utf8_lossy(FILE).replace("3 0 R ", "4 0 R ");
    let limits = vermilion_pdf::Limits::default();
    let refused = vermilion_pdf::Document::open(std::sync::Arc::new(file.into_bytes()), &limits);
    let error = refused.expect_err("refused").to_string();
    assert!(error.contains("object 4 0: a page tree node is no dictionary"), "{error}");
}
