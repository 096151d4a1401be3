//! What of a signature goes on record, in one transaction; and what of a wrong PIN.

use std::sync::Arc;

use domain::ceremony::Step;
use domain::envelope::{EnvelopeStatus, Revision, RevisionKind};
use domain::field::FieldType;
use domain::recipient::RecipientStatus;
use domain::{KeyId, Refusal};
use evidence::Body;
use jiff::Timestamp;
use keys::{Attempts, Standing};
use pdf::Source;
use store::{BlobId, SignatureResult, Tx};

use super::{By, Opening, Use, Work, document_body};
use crate::authority::TrustedTime;
use crate::ceremony::scene::custody_of;
use crate::ceremony::{Scene, Signer, certified, show};
use crate::core::Service;
use crate::envelope;
use crate::error::Error;
use crate::notify::{self, KeyUsed};
use crate::proof::SIGNED;
use crate::view;

/// The two revisions that a signature makes, and what goes on record with them.
pub(super) struct Made {
    pub(super) signature: Arc<dyn Source>,
    pub(super) validation: Arc<dyn Source>,
    pub(super) signed_sha256: [u8; 32],
    pub(super) whole_sha256: [u8; 32],
    pub(super) signed_len: u64,
    pub(super) whole_len: u64,
    pub(super) time: TrustedTime,
    pub(super) activation: [u8; 32],
}

/// What is to be recorded.
pub(super) struct Recorded<'a> {
    pub(super) made: Made,
    pub(super) used: &'a Use,
    pub(super) signature_blob: BlobId,
    pub(super) validation_blob: BlobId,
}

/// Records a signature. None where another revision was stored since the base was read: the caller begins again.
pub(super) async fn signature(
    service: &Service,
    signer: &Signer,
    work: &Work,
    opening: &Opening,
    it: Recorded<'_>,
) -> Result<Option<view::Ceremony>, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    // A signature that was begun in time may end after the deadline; nothing else may have happened meanwhile.
    match scene.contents.envelope.status {
        EnvelopeStatus::Sent => {}
        ended => return Err(Refusal::EnvelopeState { status: ended.as_str() }.into()),
    }
    if scene.recipient.status == RecipientStatus::Signed {
        return Ok(Some(show::ceremony(service, &mut tx, &scene).await?));
    }
    // Nobody seals for an organization that took their power away while the key was open.
    if scene.is_organization() && scene.agent.is_none() {
        return Err(Refusal::StepNotReady { step: Step::Organization.as_str() }.into());
    }
    // Nor does anyone sign who took back meanwhile that they may be verified.
    if scene.identity.as_ref().is_none_or(|it| it.ended.is_some()) {
        return Err(Refusal::StepNotReady { step: Step::Identity.as_str() }.into());
    }
    let newest =
        scene.contents.documents.iter().find(|it| it.id == work.document.id).map(|it| it.newest().number);
    let base = work.document.newest().number;
    if newest != Some(base) {
        return Ok(None);
    }
    let revisions = revisions(work, &it, base, now);
    for revision in &revisions {
        match tx.add_revision(work.document.id, revision).await {
            Err(store::Error::Conflict) => return Ok(None),
            added => added?,
        }
    }
    tx.use_activation(it.used.activation).await?;
    match &opening.by {
        By::Pin(_) => tx.put_key_attempts(work.key_id, Attempts::default()).await?,
        By::Passkey(used) => tx.note_passkey(used.passkey.id, &used.passkey.passkey, now).await?,
        By::Device(_) => {}
    }
    // Whoever's key it is hears how this use of it ended; also who was told meanwhile that it did not end.
    let custody = custody_of(&work.key);
    let told = KeyUsed { scene: &scene, activation: it.used.activation, custody };
    if !hasten(&mut tx, it.used, now).await? {
        notify::key_used(service, &mut tx, &told, now).await?;
    }
    for (field, value) in &work.values {
        // A date that was left empty was signed as today's: the record says so too.
        if field.kind == FieldType::Date && field.value.is_none() {
            tx.set_field_value(field.id, Some(value)).await?;
        }
    }
    scene.ceremony.result = Some(SignatureResult {
        signed_at: now,
        time_stamp: it.made.time.at,
        time_stamp_serial: it.made.time.serial.clone(),
        time_stamp_authority: it.made.time.authority.common_name(),
        level: SIGNED.as_str().to_owned(),
        field: work.request.field.clone(),
        document_sha256: hex::encode(it.made.whole_sha256),
        activation_sha256: hex::encode(it.made.activation),
    });
    scene.ceremony.key_id = Some(work.key_id);
    tx.put_ceremony(&scene.ceremony).await?;
    scene.recipient.certificate = Some(certified(&work.certificate));
    scene.recipient.status = RecipientStatus::Signed;
    scene.recipient.signed_at = Some(now);
    tx.save_recipient(&scene.recipient).await?;
    let body =
        signed_body(work, &it).with("opened_by", opening.factor().as_str()).with("custody", custody.as_str());
    tx.append_event(scene.event("recipient.signed", body)).await?;
    // The next recipients are invited, or the envelope is complete.
    let mut contents = tx.contents(scene.recipient.envelope_id).await?.ok_or(Error::NotFound)?;
    envelope::after_signature(service, &mut tx, &mut contents, now).await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show::ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(Some(ceremony))
}

/// Says on record, and to its signer, that a key was used and the signing did not finish. Why it did not is answered to
/// whoever signs: what fails here too is for the log, and the notice goes out without it, later.
pub(super) async fn unfinished(service: &Service, signer: &Signer, work: &Work, used: &Use) {
    if let Err(error) = record_unfinished(service, signer, work, used).await {
        let why = std::error::Error::source(&error).map(ToString::to_string);
        tracing::error!(activation = %used.activation, ?why, "how a use of a key ended is not on record");
    }
    service.wake_jobs();
}

async fn record_unfinished(service: &Service, signer: &Signer, work: &Work, used: &Use) -> Result<(), Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let stored = tx.activation(used.activation).await?.ok_or(Error::NotFound)?;
    let body = document_body(&work.document)
        .with("activation", hex::encode(stored.digest))
        .with("key", work.key_id.to_string());
    tx.append_event(scene.event("key.unfinished", body)).await?;
    hasten(&mut tx, used, now).await?;
    Ok(tx.commit().await?)
}

/// Has the notice of a use sent now. False where none waits any more.
async fn hasten(tx: &mut Tx, used: &Use, now: Timestamp) -> Result<bool, Error> {
    match used.notice {
        Some(notice) => Ok(tx.hasten_job(notice, now).await?),
        None => Ok(true),
    }
}

/// Counts a wrong PIN (or a passkey whose function gave another output), and gives the refusal.
pub(super) async fn wrong_factor(service: &Service, signer: &Signer, key: KeyId) -> Result<Refusal, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let mut attempts = tx.signing_key(key).await?.ok_or(Error::NotFound)?.attempts;
    let standing = attempts.record_failure(now);
    tx.put_key_attempts(key, attempts).await?;
    let refusal = match standing {
        Standing::Open { left } => {
            let body = Body::new().with("key", key.to_string()).with("tries_left", left);
            tx.append_event(scene.event("key.pin_wrong", body)).await?;
            Refusal::PinWrong { tries_left: left }
        }
        Standing::Locked { until } => {
            let body = Body::new().with("key", key.to_string()).with("until", until.to_string());
            tx.append_event(scene.event("key.locked", body)).await?;
            Refusal::KeyLocked { until: until.to_string() }
        }
    };
    tx.commit().await?;
    debug_assert!(scene.step() <= Step::Confirm, "only a signer who may sign is asked for a PIN");
    Ok(refusal)
}

/// Says on record that a device's signature value was refused.
pub(super) async fn wrong_value(service: &Service, signer: &Signer, key: KeyId) -> Result<Refusal, Error> {
    let reason = "signature";
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, service.now()).await?;
    let body = Body::new().with("key", key.to_string()).with("reason", reason);
    tx.append_event(scene.event("key.device_refused", body)).await?;
    tx.commit().await?;
    Ok(Refusal::DeviceKeyRefused { reason })
}

fn revisions(work: &Work, it: &Recorded<'_>, base: u32, now: Timestamp) -> [Revision; 2] {
    let recipient_id = work.fields.first().map(|field| field.recipient_id);
    [
        Revision {
            number: base + 1,
            kind: RevisionKind::Signature,
            sha256: it.made.signed_sha256,
            size: it.made.signed_len,
            blob: it.signature_blob.0,
            at: now,
            recipient_id,
        },
        Revision {
            number: base + 2,
            kind: RevisionKind::Validation,
            sha256: it.made.whole_sha256,
            size: it.made.whole_len,
            blob: it.validation_blob.0,
            at: now,
            recipient_id: None,
        },
    ]
}

fn signed_body(work: &Work, it: &Recorded<'_>) -> Body {
    document_body(&work.document)
        .with("field", work.request.field.as_str())
        .with("revision", hex::encode(it.made.signed_sha256))
        .with("document_sha256", hex::encode(it.made.whole_sha256))
        .with("activation", hex::encode(it.made.activation))
        .with("policy", hex::encode(work.intent.policy))
        .with("key", work.key_id.to_string())
        .with("certificate", work.certificate.serial_hex())
        .with("time_stamp", it.made.time.at.to_string())
        .with("time_stamp_serial", it.made.time.serial.as_str())
        .with("level", SIGNED.as_str())
}
