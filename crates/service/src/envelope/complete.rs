//! Completing an envelope, once everyone has signed: each document gets one time-stamp over the whole, the last
//! revision, and then the parties are told.
//!
//! It is done with the last signature where that can be, and by a job in any case: nothing of the last signature depends on
//! a time-stamp authority that does not answer just then. Everything is kept in one transaction, which only an envelope
//! that waits for it takes: done twice, it is done once.

use domain::envelope::{Contents, Document, EnvelopeStatus, Revision, RevisionKind};
use domain::{EnvelopeId, JobId};
use evidence::{Actor as By, Body};
use jiff::Timestamp;
use store::{NewJob, Tx};

use super::{append, event, source};
use crate::authority::TrustedTime;
use crate::ceremony::hold;
use crate::{Error, Service, notify, proof};

/// The kind of its job.
pub(crate) const JOB: &str = "complete_envelope";

/// A document's last revision, and the time in it.
struct Archived {
    document: Document,
    revision: Revision,
    time: TrustedTime,
}

/// Queues the completion with the last signature. The caller wakes the jobs.
pub(super) async fn queue(
    service: &Service,
    tx: &mut Tx,
    id: EnvelopeId,
    now: Timestamp,
) -> Result<(), Error> {
    let job = NewJob {
        id: JobId::new(service.clock(), service.rng()),
        kind: JOB,
        body: serde_json::to_value(id)?,
        run_at: now,
    };
    Ok(tx.add_job(&job, now).await?)
}

/// Completes an envelope that everyone has signed; any other is left alone.
///
/// # Errors
/// Where no trusted time can be had, or storage fails: nothing has changed then.
pub(crate) async fn complete(service: &Service, id: EnvelopeId) -> Result<(), Error> {
    // 1. One at a time, and where it is still to be done.
    let _one = hold(&id.to_string()).await;
    let contents = service.store().read().await?.contents(id).await?.ok_or(Error::NotFound)?;
    if contents.envelope.status != EnvelopeStatus::Completing {
        return Ok(());
    }
    // 2. The time-stamps; the bytes are on the disk before any row names them.
    let mut archived = Vec::new();
    for document in &contents.documents {
        archived.extend(archive(service, &contents, document).await?);
    }
    // 3. One transaction: revisions, status, links, events, messages.
    record(service, id, archived).await
}

/// Time-stamps a document that carries signatures of the recipients.
async fn archive(
    service: &Service,
    contents: &Contents,
    document: &Document,
) -> Result<Option<Archived>, Error> {
    let own = contents.recipients.iter().filter_map(|recipient| contents.signature_field(recipient.id));
    let own = own.filter(|field| field.document_id == document.id);
    let fields: Vec<String> = own.filter_map(|field| field.pdf_name.clone()).collect();
    if fields.is_empty() {
        return Ok(None);
    }
    let newest = source(service, document, document.newest().number).await?;
    let proving = service.clone();
    let prove = move || {
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        proof::archive(&proving, &proof::open(&proving, newest)?, &fields)
    };
    let proof::Proved { tail, time } = tokio::task::spawn_blocking(prove).await??;
    let revision = append(service, document, tail, RevisionKind::TimeStamp, None, service.now()).await?;
    Ok(Some(Archived { document: document.clone(), revision, time }))
}

async fn record(service: &Service, id: EnvelopeId, archived: Vec<Archived>) -> Result<(), Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut contents = tx.contents(id).await?.ok_or(Error::NotFound)?;
    if contents.envelope.status != EnvelopeStatus::Completing {
        // Another replica was faster. What was made here is named by nothing.
        return Ok(());
    }
    for it in archived {
        let Archived { document, revision, time } = it;
        tx.add_revision(document.id, &revision).await?;
        let body = Body::new()
            .with("document", document.id.to_string())
            .with("document_sha256", hex::encode(revision.sha256))
            .with("time_stamp", time.at.to_string())
            .with("time_stamp_serial", time.serial)
            .with("time_stamp_authority", time.authority.common_name())
            .with("level", proof::FINISHED.as_str());
        tx.append_event(event(&contents.envelope, "document.time_stamped", By::System, body, now)).await?;
        if let Some(known) = contents.documents.iter_mut().find(|known| known.id == document.id) {
            known.revisions.push(revision);
        }
    }
    contents.envelope.complete(now)?;
    tx.save_envelope(&contents.envelope).await?;
    let digests: Vec<String> = contents.documents.iter().map(|d| hex::encode(d.newest().sha256)).collect();
    let body = Body::new().with("documents", digests);
    tx.append_event(event(&contents.envelope, "envelope.completed", By::System, body, now)).await?;
    let sender = tx.account(contents.envelope.account_id).await?.ok_or(Error::NotFound)?;
    notify::completed(service, &mut tx, &contents, &sender).await?;
    Ok(tx.commit().await?)
}
