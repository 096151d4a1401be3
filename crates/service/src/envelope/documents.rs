//! The document of a draft.

use std::path::Path;
use std::sync::Arc;

use domain::envelope::{Document, Envelope, Revision, RevisionKind};
use domain::{DocumentId, EnvelopeId, Refusal, Text};
use evidence::Body;
use pdf::{FileSource, Source};

use super::inspect::{Inspection, inspect};
use super::{content, event, owned_draft, show};
use crate::account::Actor;
use crate::limiter::Rate;
use crate::{Error, Service, view};

const NAME_LIMIT: u32 = 200;
const NAME_DEFAULT: &str = "document.pdf";

/// Puts the PDF at `path` into a draft. The file stays where it is; the caller removes it.
///
/// # Errors
/// `not_draft`, `document_limit`, and every `pdf_…` code for a file that cannot be signed.
pub async fn add_document(
    service: &Service,
    actor: &Actor,
    id: EnvelopeId,
    name: &str,
    path: &Path,
) -> Result<view::Envelope, Error> {
    service.limiter().take(Rate::UPLOAD, &actor.id().to_string(), service.now())?;
    check_room(owned_draft(&mut service.store().read().await?, actor, id).await?.documents.len())?;

    // 1. The file is what it must be. 2. It is kept: an orphan where the next step fails, which harms nothing. 3. It is
    // part of the envelope, if that is a draft still.
    let limits = service.limits();
    let path = path.to_owned();
    let (source, inspection) = tokio::task::spawn_blocking(move || {
        let source: Arc<dyn Source> = Arc::new(FileSource::open(path)?);
        let inspection = inspect(Arc::clone(&source), limits)?;
        Ok::<_, Error>((source, inspection))
    })
    .await??;
    let size = source.len();
    let blob = service.blobs().put(Arc::clone(&source)).await?;

    let now = service.now();
    let original = Revision {
        number: 0,
        kind: RevisionKind::Original,
        sha256: blob.0,
        size,
        blob: blob.0,
        at: now,
        recipient_id: None,
    };
    let mut tx = service.store().begin().await?;
    let mut contents = owned_draft(&mut tx, actor, id).await?;
    check_room(contents.documents.len())?;
    let document = document(service, &contents.envelope, &file_name(name), inspection, original);
    if contents.envelope.title.is_empty() {
        contents.envelope.title = document.name.trim_end_matches(".pdf").trim_end_matches(".PDF").to_owned();
    }
    contents.envelope.updated_at = now;
    let body = Body::new()
        .with("document", document.id.to_string())
        .with("sha256", hex::encode(blob.0))
        .with("size", size)
        .with("pages", document.pages);
    tx.add_document(&document).await?;
    // Another draft with the same file may have been thrown away since step 2.
    if !service.blobs().contains(blob).await? {
        service.blobs().put(source).await?;
    }
    tx.save_envelope(&contents.envelope).await?;
    tx.append_event(event(&contents.envelope, "envelope.document_added", actor.evidence(), body, now))
        .await?;
    tx.commit().await?;
    contents.documents.push(document);
    Ok(show::envelope(service, &contents, &actor.account))
}

/// Takes the document out of a draft, with the fields on it.
///
/// # Errors
/// `not_draft`, [`Error::NotFound`].
pub async fn remove_document(
    service: &Service,
    actor: &Actor,
    id: EnvelopeId,
    document: DocumentId,
) -> Result<view::Envelope, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut contents = owned_draft(&mut tx, actor, id).await?;
    let gone = contents.documents.iter().find(|d| d.id == document).ok_or(Error::NotFound)?.clone();
    contents.documents.retain(|d| d.id != document);
    contents.fields.retain(|field| field.document_id != document);
    contents.envelope.updated_at = now;
    tx.remove_document(document).await?;
    tx.save_envelope(&contents.envelope).await?;
    let body = Body::new().with("document", document.to_string());
    tx.append_event(event(&contents.envelope, "envelope.document_removed", actor.evidence(), body, now))
        .await?;
    tx.commit().await?;
    content::forget(service, &[gone]).await;
    Ok(show::envelope(service, &contents, &actor.account))
}

fn check_room(documents: usize) -> Result<(), Refusal> {
    (documents == 0).then_some(()).ok_or(Refusal::DocumentLimit)
}

fn document(
    service: &Service,
    envelope: &Envelope,
    name: &str,
    inspection: Inspection,
    original: Revision,
) -> Document {
    Document {
        id: DocumentId::new(service.clock(), service.rng()),
        envelope_id: envelope.id,
        name: name.to_owned(),
        pages: inspection.pages,
        existing_signatures: inspection.existing_signatures,
        certification: inspection.certification,
        has_form: inspection.has_form,
        page_sizes: inspection.page_sizes,
        revisions: vec![original],
    }
}

/// The last part of a path, without what no file system or header takes; shortened where it is too long.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let line: String = last.chars().filter(|c| !c.is_control()).take(NAME_LIMIT as usize).collect();
    match Text::parse(&line, NAME_LIMIT) {
        Ok(name) if !name.is_empty() => name,
        _ => NAME_DEFAULT.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_the_last_part_of_a_path() {
        for (given, name) in [
            ("lease.pdf", "lease.pdf"),
            ("C:\\Documents\\租赁合同.pdf", "租赁合同.pdf"),
            ("../../etc/passwd", "passwd"),
            ("a\r\nb.pdf", "ab.pdf"),
            ("", "document.pdf"),
            ("dir/", "document.pdf"),
        ] {
            assert_eq!(file_name(given), name);
        }
        assert_eq!(file_name(&"长".repeat(500)).chars().count(), 200);
    }
}
