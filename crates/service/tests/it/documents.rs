//! What a sender may bring.

use testkit::pdf_samples;
use vermilion_service::{EnvelopeId, envelope};

use crate::support::{Bench, code, contract};

#[tokio::test]
async fn a_document_is_read_before_it_is_kept() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let draft = envelope::create(&bench.service, &actor, None, None).await.unwrap();
    let id: EnvelopeId = draft.id.parse().unwrap();
    let shown = bench.upload(&actor, id, &contract()).await.unwrap();
    assert_eq!(shown.title, "lease", "an untitled draft takes the file's name");
    let document = &shown.documents[0];
    assert_eq!((document.pages, document.page_sizes.len(), document.existing_signatures), (2, 2, 0));
    assert_eq!(document.size, contract().len() as u64);
    assert_eq!(code(bench.upload(&actor, id, &contract()).await), "document_limit");

    let file =
        envelope::document(&bench.service, &actor, id, document.id.parse().unwrap(), None).await.unwrap();
    let mut bytes = vec![0; contract().len()];
    file.source.read_at(0, &mut bytes).unwrap();
    assert_eq!(bytes, contract(), "byte for byte");
    assert_eq!(file.sha256, document.sha256);

    let shown =
        envelope::remove_document(&bench.service, &actor, id, document.id.parse().unwrap()).await.unwrap();
    assert!(shown.documents.is_empty());
    bench.upload(&actor, id, &contract()).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_signed_is_refused_with_its_reason() {
    let bench = Bench::with(|mut config| {
        config.limits.pages = 20;
        config.limits.upload_bytes = 300_000;
        config
    })
    .await;
    let actor = bench.sender("ada@example.com").await;
    let draft = envelope::create(&bench.service, &actor, None, None).await.unwrap();
    let id: EnvelopeId = draft.id.parse().unwrap();
    let pdf = contract();
    let many = pdf_samples::contract(pdf::XrefKind::Stream, 21);
    for (bytes, expected) in [
        (b"PK\x03\x04 a spreadsheet".as_slice(), "not_pdf"),
        (b"", "not_pdf"),
        (&pdf[..200], "pdf_truncated"),
        (&vec![b'%'; 300_001], "pdf_too_large"),
        (&many, "pdf_too_many_pages"),
    ] {
        assert_eq!(code(bench.upload(&actor, id, bytes).await), expected);
    }
    let empty = envelope::show(&bench.service, &actor, id).await.unwrap();
    assert!(empty.documents.is_empty(), "nothing of them was kept");
}

#[tokio::test]
async fn a_form_is_noticed() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let draft = envelope::create(&bench.service, &actor, None, None).await.unwrap();
    let id: EnvelopeId = draft.id.parse().unwrap();
    let shown = bench.upload(&actor, id, &pdf_samples::with_form(pdf::XrefKind::Table)).await.unwrap();
    assert!(shown.documents[0].has_form);
    assert_eq!(shown.documents[0].existing_signatures, 0, "an empty signature field is no signature");
}

#[tokio::test]
async fn a_file_goes_with_the_last_draft_that_holds_it() {
    let bench = Bench::new().await;
    let actor = bench.sender("ada@example.com").await;
    let service = &bench.service;
    let files = || {
        let mut folders = vec![bench.folder.path().join("data/blobs")];
        let mut count = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { count += 1 }
            }
        }
        count
    };
    let mut ids = Vec::new();
    for _ in 0..2 {
        let draft = envelope::create(service, &actor, None, None).await.unwrap();
        let id: EnvelopeId = draft.id.parse().unwrap();
        let shown = bench.upload(&actor, id, &contract()).await.unwrap();
        ids.push((id, shown.documents[0].id.parse().unwrap()));
    }
    assert_eq!(files(), 1, "the same content is kept once");
    envelope::delete(service, &actor, ids[0].0).await.unwrap();
    assert_eq!(files(), 1, "the other draft holds it still");
    envelope::remove_document(service, &actor, ids[1].0, ids[1].1).await.unwrap();
    assert_eq!(files(), 0);
    bench.upload(&actor, ids[1].0, &contract()).await.unwrap();
    assert_eq!(files(), 1);
}
