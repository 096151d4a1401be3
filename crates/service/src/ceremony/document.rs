//! The document to read, and to keep once it is signed: its newest revision.

use domain::ceremony::Step;
use domain::{DocumentId, Refusal};

use super::{Scene, Signer};
use crate::core::Service;
use crate::envelope::{self, Download};
use crate::error::Error;

/// The file. It may be read once consent was given.
///
/// # Errors
/// [`Refusal::StepNotReady`] before consent, [`Error::NotFound`].
pub async fn document(service: &Service, signer: &Signer, id: DocumentId) -> Result<Download, Error> {
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, service.now()).await?;
    drop(reader);
    let step = scene.step();
    if scene.consent.is_none() && step != Step::Done {
        return Err(Refusal::StepNotReady { step: step.as_str() }.into());
    }
    let document = scene.contents.documents.iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    let newest = document.newest();
    let source = envelope::source(service, document, newest.number).await?;
    Ok(Download { name: document.name.clone(), sha256: hex::encode(newest.sha256), source })
}
