//! The document to read, and to keep once it is signed: its newest revision.

use domain::DocumentId;

use super::{Scene, Signer};
use crate::core::Service;
use crate::envelope::{self, Download};
use crate::error::Error;

/// The file. It may be read once consent was given.
///
/// # Errors
/// [`domain::Refusal::StepNotReady`] before consent, [`Error::NotFound`].
pub async fn document(service: &Service, signer: &Signer, id: DocumentId) -> Result<Download, Error> {
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, service.now()).await?;
    drop(reader);
    scene.may_read()?;
    let document = scene.contents.documents.iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    let newest = document.newest();
    let source = envelope::source(service, document, newest.number).await?;
    let name = envelope::document_name(&scene.contents.envelope.title, document);
    Ok(Download { name, sha256: hex::encode(newest.sha256), source })
}
