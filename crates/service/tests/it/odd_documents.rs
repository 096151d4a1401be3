//! Documents as they come: signed already, turned, with forms, in every kind of structure.

use std::path::Path;
use std::sync::Arc;

use vermilion_service::Service;
use vermilion_service::demo::{self, DemoDocument, Demonstration};

use crate::signers::real_service;

async fn run(service: &Service, folder: &Path, bytes: &[u8]) -> Demonstration {
    let path = folder.join("brought.pdf");
    std::fs::write(&path, bytes).expect("a file");
    let done = demo::run(service, &DemoDocument::File(path), &mut |_| {}).await.expect("the whole way");
    assert_eq!(done.verdict.indication, "TOTAL-PASSED", "{:#?}", done.verdict);
    assert!(done.signed.starts_with(bytes), "every earlier byte is in place");
    done
}

fn judged_by_others(folder: &Path, done: &Demonstration, signatures: usize) {
    let file = folder.join("signed.pdf");
    std::fs::write(&file, &done.signed).expect("a file");
    if let Some(tool) = testkit::tool("pdfsig") {
        let (_, said) = testkit::run(tool.command().arg(&file));
        assert_eq!(said.matches("Signature is Valid").count(), signatures, "{said}");
    }
    if let Some(tool) = testkit::tool("qpdf") {
        let (fine, said) = testkit::run(tool.command().arg("--check").arg(&file));
        assert!(fine && !said.contains("WARNING"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signatures_of_others_stay_valid_under_ours() {
    let folder = tempfile::tempdir().unwrap();
    let service = real_service(folder.path()).await;
    let first = demo::run(&service, &DemoDocument::Contract, &mut |_| {}).await.unwrap();
    let second = run(&service, folder.path(), &first.signed).await;
    assert_eq!(second.verdict.signatures.len(), 6, "two signatures and a time-stamp, twice");
    for signature in &second.verdict.signatures {
        assert_eq!(signature.indication, "TOTAL-PASSED");
        assert_ne!(signature.changes_after, "forbidden");
    }
    judged_by_others(folder.path(), &second, 4);
}

/// Nobody here knows their authority, and nothing more can be gathered for them: that stands in nobody's way.
#[tokio::test(flavor = "multi_thread")]
async fn under_signatures_of_strangers_ours_reach_their_level() {
    let (theirs, ours) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let stranger = real_service(theirs.path()).await;
    let first = demo::run(&stranger, &DemoDocument::Contract, &mut |_| {}).await.unwrap();
    let path = ours.path().join("brought.pdf");
    // A signature of theirs is broken, too: its value is another.
    let mut bytes = first.signed.clone();
    let value =
        bytes.windows(11).position(|it| it.starts_with(b"/Contents<") || it == b"/Contents <").unwrap()
            + 2000;
    bytes[value] = if bytes[value] == b'0' { b'1' } else { b'0' };
    for bytes in [first.signed, bytes] {
        std::fs::write(&path, &bytes).unwrap();
        let service = real_service(ours.path()).await;
        let done = demo::run(&service, &DemoDocument::File(path.clone()), &mut |_| {}).await.unwrap();
        let own: Vec<_> = done.verdict.signatures.iter().filter(|it| it.trusted).collect();
        assert_eq!(own.len(), 3, "{:#?}", done.verdict);
        assert!(own.iter().all(|it| it.indication == "TOTAL-PASSED"), "{own:#?}");
        assert_eq!(own.iter().filter(|it| it.level == "PAdES-B-LTA").count(), 2, "{own:#?}");
        assert_ne!(done.verdict.indication, "TOTAL-PASSED");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_structure_is_signed_where_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let service = real_service(folder.path()).await;
    for kind in [pdf::XrefKind::Table, pdf::XrefKind::Stream] {
        let done = run(&service, folder.path(), &testkit::pdf_samples::contract(kind, 3)).await;
        judged_by_others(folder.path(), &done, 2);
        let done = run(&service, folder.path(), &testkit::pdf_samples::with_form(kind)).await;
        judged_by_others(folder.path(), &done, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn turned_pages_are_signed_upright() {
    let folder = tempfile::tempdir().unwrap();
    let service = real_service(folder.path()).await;
    for degrees in [90, 180, 270] {
        let done = run(&service, folder.path(), &testkit::pdf_samples::turned(degrees)).await;
        judged_by_others(folder.path(), &done, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn places_are_measured_on_paper_whatever_a_page_counts_in() {
    let folder = tempfile::tempdir().unwrap();
    let service = real_service(folder.path()).await;
    let done = run(&service, folder.path(), &testkit::pdf_samples::measured_in(2.5)).await;
    judged_by_others(folder.path(), &done, 2);
    let source: Arc<dyn pdf::Source> = Arc::new(done.signed);
    let document = pdf::Document::open(source, &pdf::Limits::default()).unwrap();
    let page = document.page(0).unwrap();
    let annotations = document.value(&page.dict, "Annots").unwrap();
    let squares = annotations.as_array().expect("fields").iter().filter(|it| {
        let widget = document.follow(it).unwrap();
        let rect = document.value(widget.as_dict().unwrap(), "Rect").unwrap();
        let [x0, y0, x1, y1] = [0, 1, 2, 3].map(|at| rect.as_array().unwrap()[at].as_number().unwrap());
        // A seal of 40 mm.
        ((x1 - x0) * 2.5 - 113.39).abs() < 0.1 && ((y1 - y0) * 2.5 - 113.39).abs() < 0.1
    });
    assert_eq!(squares.count(), 1);
}
