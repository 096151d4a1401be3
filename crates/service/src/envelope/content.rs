//! The bytes of documents. A revision is the sender's file and the tails that were appended since; none is ever copied.

use std::sync::Arc;

use domain::envelope::{Document, Revision, RevisionKind};
use domain::{DocumentId, EnvelopeId, RecipientId};
use jiff::Timestamp;
use pdf::{Joined, Source};
use sha2::{Digest as _, Sha256};
use store::BlobId;

use super::{Download, owned};
use crate::account::Actor;
use crate::{Error, Service};

/// A document as its sender sees it: the newest revision, or the one of a number.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn document(
    service: &Service,
    actor: &Actor,
    id: EnvelopeId,
    document: DocumentId,
    asked: Option<u32>,
) -> Result<Download, Error> {
    let contents = owned(&mut service.store().read().await?, actor, id).await?;
    let document = contents.documents.iter().find(|d| d.id == document).ok_or(Error::NotFound)?;
    let number = asked.unwrap_or(document.newest().number);
    let revision = document.revisions.iter().find(|r| r.number == number).ok_or(Error::NotFound)?;
    let name = match asked {
        Some(number) => file_name(&contents.envelope.title, &format!("revision {number}")),
        None => document_name(&contents.envelope.title, document),
    };
    Ok(Download {
        name,
        sha256: hex::encode(revision.sha256),
        source: source(service, document, number).await?,
    })
}

/// What a download of the newest revision is called: as the sender's file, until somebody has signed.
pub(crate) fn document_name(title: &str, document: &Document) -> String {
    match document.newest().kind {
        RevisionKind::Original | RevisionKind::Fields => document.name.clone(),
        _ => file_name(title, "signed"),
    }
}

/// The title as the name of a PDF: no separators, no control characters.
pub(crate) fn file_name(title: &str, what: &str) -> String {
    let title: String = title
        .chars()
        .map(|c| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '-' } else { c })
        .take(80)
        .collect();
    format!("{} - {what}.pdf", title.trim())
}

/// The bytes of a document at a revision.
pub(crate) async fn source(
    service: &Service,
    document: &Document,
    number: u32,
) -> Result<Arc<dyn Source>, Error> {
    let mut pieces = Vec::new();
    for revision in document.revisions.iter().filter(|revision| revision.number <= number) {
        pieces.push(service.blobs().open(BlobId(revision.blob)).await?);
    }
    let mut pieces = pieces.into_iter();
    let base = pieces.next().ok_or(Error::NotFound)?;
    if pieces.len() == 0 { Ok(base) } else { Ok(Arc::new(Joined::new(base, pieces))) }
}

/// Keeps a tail as a document's next revision, and gives the row to add. One pass over the file makes its digest.
pub(crate) async fn append(
    service: &Service,
    document: &Document,
    tail: Vec<u8>,
    kind: RevisionKind,
    recipient_id: Option<RecipientId>,
    at: Timestamp,
) -> Result<Revision, Error> {
    let newest = document.newest();
    let base = source(service, document, newest.number).await?;
    let tail: Arc<dyn Source> = Arc::new(tail);
    let blob = service.blobs().put(Arc::clone(&tail)).await?;
    let whole = Joined::new(base, [tail]);
    let size = whole.len();
    let sha256 = tokio::task::spawn_blocking(move || digest(&whole)).await??;
    Ok(Revision { number: newest.number + 1, kind, sha256, size, blob: blob.0, at, recipient_id })
}

/// Removes the files of documents that are gone, unless another document has the same. Where that fails they stay,
/// unreadable without the digest that named them.
pub(super) async fn forget(service: &Service, documents: &[Document]) {
    for revision in documents.iter().flat_map(|document| &document.revisions) {
        if let Err(error) = forget_blob(service, BlobId(revision.blob)).await {
            tracing::warn!(%error, "a file that nothing names any more could not be removed");
        }
    }
}

/// Under the write transaction, so that no row comes to name the blob between the question and the removal.
async fn forget_blob(service: &Service, blob: BlobId) -> Result<(), Error> {
    let mut tx = service.store().begin().await?;
    if !tx.is_blob_in_use(blob).await? {
        service.blobs().remove(blob).await?;
    }
    Ok(tx.commit().await?)
}

fn digest(source: &dyn Source) -> std::io::Result<[u8; 32]> {
    let mut sha256 = Sha256::new();
    pdf::hash_ranges(source, std::iter::once(0..source.len()), |piece| sha256.update(piece))?;
    Ok(sha256.finalize().into())
}
