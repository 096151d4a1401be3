//! The certification report (出证报告): what the records say of an envelope, typeset, and sealed by the platform's own
//! certificate. It is made when it is asked for, and kept until the envelope changes.

mod gather;
mod seal;
mod words;

use std::sync::Arc;

use domain::envelope::{Contents, EnvelopeStatus};
use domain::{EnvelopeId, Refusal};
use pdf::Source;
use store::{BlobId, StoredReport};

use crate::core::Service;
use crate::envelope::{self, Download};
use crate::error::Error;

/// The report of a sent envelope.
///
/// # Errors
/// [`Refusal::NotSent`] for a draft.
pub async fn report(service: &Service, contents: &Contents) -> Result<Download, Error> {
    if contents.envelope.status == EnvelopeStatus::Draft {
        return Err(Refusal::NotSent.into());
    }
    let id = contents.envelope.id;
    let _one = crate::ceremony::hold(&format!("report of {id}")).await;
    let mut reader = service.store().read().await?;
    let events = reader.events_of(&id.to_string()).await?;
    let newest = events.last().map_or(0, |link| link.event.seq);
    let kept = reader.report(id).await?.filter(|it| it.seq == newest);
    drop(reader);
    let (sha256, source) = match kept {
        Some(it) => (it.blob, service.blobs().open(BlobId(it.blob)).await?),
        None => make(service, id, newest).await?,
    };
    Ok(Download {
        name: envelope::file_name(&contents.envelope.title, "certification report"),
        sha256: hex::encode(sha256),
        source,
    })
}

async fn make(service: &Service, id: EnvelopeId, newest: u64) -> Result<([u8; 32], Arc<dyn Source>), Error> {
    let facts = gather::facts(service, id).await?;
    let sealing = service.clone();
    let seal = move || {
        let typeset = report::certification(&facts).map_err(Error::internal)?;
        seal::seal(&sealing, typeset)
    };
    let sealed: Arc<dyn Source> = tokio::task::spawn_blocking(seal).await??;
    let blob = service.blobs().put(Arc::clone(&sealed)).await?;
    let mut tx = service.store().begin().await?;
    tx.put_report(&StoredReport { envelope_id: id, seq: newest, blob: blob.0, created_at: service.now() })
        .await?;
    tx.commit().await?;
    Ok((blob.0, sealed))
}
