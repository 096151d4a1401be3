//! What another's authority is still asked: certificates that it decides upon, and revocations that it is to be told of.

use domain::KeyId;
use evidence::{Actor, Body};
use jiff::Timestamp;
use store::{Append, PendingCertificate};

use super::{AuthorityError, est};
use crate::ceremony::certified;
use crate::{Error, Service, notify};

/// How many requests a sweep sends again.
const BATCH: u32 = 20;
/// How many open revocations are shown.
const MOST: u32 = 10_000;

/// A revocation that the other authority is to be told of.
#[derive(Debug, Clone)]
pub struct OpenRevocation {
    /// Serial number, hexadecimal.
    pub serial: String,
    /// The subject of the certificate.
    pub subject: String,
    /// Its issuer.
    pub issuer: String,
    /// The reason's word (RFC 5280 §5.3.1).
    pub reason: String,
    /// Since when it is revoked here.
    pub at: Timestamp,
}

/// Sends requests again whose time has come, and has the ceremonies go on that waited for them.
///
/// # Errors
/// Where the records cannot be read or written; what the other authority does is no error.
pub async fn follow_pending(service: &Service) -> Result<(), Error> {
    let now = service.now();
    let due = service.store().read().await?.pending_certificates(now, BATCH).await?;
    for pending in due {
        match service.certificates().collect(&pending).await {
            Ok(certificate) => arrived(service, &pending, &certificate).await?,
            Err(AuthorityError::Pending) => {}
            Err(AuthorityError::Store(error)) => return Err(error.into()),
            Err(error) => {
                tracing::warn!(certificate = %pending.certificate_id, %error, "a certificate was not issued");
                given_up(service, &pending).await?;
            }
        }
    }
    Ok(())
}

/// The certificate is the signer's, who is told so.
async fn arrived(
    service: &Service,
    pending: &PendingCertificate,
    certificate: &pki::Certificate,
) -> Result<(), Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let Some(mut recipient) = tx.recipient(pending.recipient_id).await? else { return Ok(()) };
    let mut ceremony = tx.ceremony(recipient.id).await?;
    if ceremony.result.is_none() {
        ceremony.key_id = Some(pending.key_id);
        ceremony.certificate_id = Some(pending.certificate_id);
        tx.put_ceremony(&ceremony).await?;
        recipient.certificate = Some(certified(certificate));
        tx.save_recipient(&recipient).await?;
    }
    let body = Body::new()
        .with("certificate", certificate.serial_hex())
        .with("fingerprint", hex::encode(certificate.fingerprint()))
        .with("key", pending.key_id.to_string())
        .with("authority", service.certificates().name());
    let subject = Some(recipient.envelope_id.to_string());
    let (kind, actor) = ("certificate.issued", Actor::Recipient(recipient.id.to_string()));
    tx.append_event(Append { at: now, kind, subject, actor, body }).await?;
    let contents = tx.contents(recipient.envelope_id).await?.ok_or(Error::NotFound)?;
    notify::certificate_ready(service, &mut tx, &recipient, contents.envelope.title).await?;
    tx.commit().await?;
    service.wake_jobs();
    Ok(())
}

/// No certificate comes: the key is given up, so that the signer can make another.
async fn given_up(service: &Service, pending: &PendingCertificate) -> Result<(), Error> {
    let mut tx = service.store().begin().await?;
    tx.retire_key(pending.key_id, service.now()).await?;
    Ok(tx.commit().await?)
}

/// Gives up a request that a signer no longer waits for.
///
/// # Errors
/// Where the records cannot be written.
pub(crate) async fn wait_no_longer(
    tx: &mut store::Tx,
    pending: &PendingCertificate,
    now: Timestamp,
) -> Result<KeyId, store::Error> {
    tx.remove_pending_certificate(pending.certificate_id).await?;
    tx.retire_key(pending.key_id, now).await?;
    let body = Body::new().with("authority", est::NAME);
    tx.append_event(super::setup::event(pending.certificate_id, "certificate.given_up", body, now)).await?;
    Ok(pending.key_id)
}

/// The revocations that the other authority is to be told of.
///
/// # Errors
/// Where the records cannot be read.
pub async fn open_revocations(service: &Service) -> Result<Vec<OpenRevocation>, AuthorityError> {
    let open = service.store().read().await?.external_revocations(MOST).await?;
    let shown = |it: store::ExternalRevocation| {
        let certificate = pki::Certificate::from_der(it.certificate.der.as_deref().unwrap_or_default())?;
        Ok(OpenRevocation {
            serial: it.certificate.serial,
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            reason: it.reason,
            at: it.asked_at,
        })
    };
    open.into_iter().map(shown).collect()
}

/// Notes that an operator told the other authority of a revocation; whether that was open.
///
/// # Errors
/// Where the records cannot be written.
pub async fn confirm_revocation(service: &Service, serial: &str) -> Result<bool, AuthorityError> {
    let serial = serial.trim().to_ascii_lowercase();
    let found = service.store().read().await?.certificate_by_serial(&serial).await?;
    match found {
        Some(certificate) => est::confirm(service.store(), &certificate, "operator", service.now()).await,
        None => Ok(false),
    }
}
