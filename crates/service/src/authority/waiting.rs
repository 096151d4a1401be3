//! What another's authority is still asked: certificates that it decides upon, and revocations that it is to be told of.

use domain::KeyId;
use domain::envelope::EnvelopeStatus;
use domain::recipient::RecipientStatus;
use evidence::{Actor, Body};
use jiff::{SignedDuration, Timestamp};
use pki::crl::Reason;
use store::{Append, CertificateState, PendingCertificate, Reader, Tx};

use super::status::{Change, change_in};
use super::{AuthorityError, external};
use crate::ceremony::certified;
use crate::notify::{self, NoCertificate};
use crate::{Error, Service};

/// How many requests a sweep sends again.
const BATCH: u32 = 20;
/// When a request is looked at again that could not be followed.
const AFTER_ERROR: SignedDuration = SignedDuration::from_mins(2);
/// How many open revocations are shown.
const MOST: u32 = 10_000;

/// Why nobody waits for a certificate any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitEnd {
    /// The authority did not certify.
    Refused,
    /// The key was given up.
    Key,
    /// No check of the person counts any more.
    RealName,
    /// The person acts for the organization no more.
    Power,
    /// A certificate of the same subject is on hold.
    OnHold,
    /// There is nothing to sign any more.
    Envelope,
}

impl WaitEnd {
    /// The word in events.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Key => "key",
            Self::RealName => "real_name",
            Self::Power => "power",
            Self::OnHold => "on_hold",
            Self::Envelope => "envelope",
        }
    }

    /// What the signer is told: nothing where they ended it themselves, or are told of the envelope's end.
    fn told(self) -> Option<NoCertificate> {
        match self {
            Self::Refused => Some(NoCertificate::Refused),
            Self::RealName => Some(NoCertificate::RealName),
            Self::Power => Some(NoCertificate::Power),
            Self::OnHold => Some(NoCertificate::OnHold),
            Self::Key | Self::Envelope => None,
        }
    }
}

/// A revocation that the other authority is to be told of.
#[derive(Debug, Clone)]
pub struct OpenRevocation {
    /// Serial number, hexadecimal.
    pub serial: String,
    /// What it is called here where another certificate on record has the same serial number.
    pub called: Option<String>,
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
/// Where the records cannot be read; what the other authority does is no error, and what is wrong with one request holds up
/// no other.
pub async fn follow_pending(service: &Service) -> Result<(), Error> {
    let now = service.now();
    let due = service.store().read().await?.pending_certificates(now, BATCH).await?;
    for pending in due {
        if let Err(error) = follow(service, &pending).await {
            tracing::error!(certificate = %pending.certificate_id, %error, "a request cannot be followed");
            let mut tx = service.store().begin().await?;
            tx.put_off_certificate(pending.certificate_id, now + AFTER_ERROR).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

async fn follow(service: &Service, pending: &PendingCertificate) -> Result<(), Error> {
    let now = service.now();
    let over = ended(&mut service.store().read().await?, pending, now).await?;
    if let Some(why) = over {
        return given_up(service, pending, why).await;
    }
    match service.certificates().collect(pending).await {
        Ok(certificate) => arrived(service, pending, &certificate).await,
        Err(AuthorityError::Pending) => Ok(()),
        Err(AuthorityError::Store(error)) => Err(error.into()),
        Err(AuthorityError::Late(why)) => given_up(service, pending, why).await,
        Err(error) => {
            tracing::warn!(certificate = %pending.certificate_id, %error, "a certificate was not issued");
            given_up(service, pending, WaitEnd::Refused).await
        }
    }
}

/// Whether and why nobody waits for a certificate any more: the key was given up, what it would say is not so any longer, or
/// there is nothing to sign.
pub(super) async fn ended(
    reader: &mut Reader,
    pending: &PendingCertificate,
    now: Timestamp,
) -> Result<Option<WaitEnd>, store::Error> {
    let Some(key) = reader.key_standing(pending.key_id, now).await? else { return Ok(Some(WaitEnd::Key)) };
    if key.retired {
        return Ok(Some(WaitEnd::Key));
    }
    if !key.identity {
        return Ok(Some(WaitEnd::RealName));
    }
    if !key.power {
        return Ok(Some(WaitEnd::Power));
    }
    if reader.has_certificate_on_hold(key.person_id, key.organization_id, now).await? {
        return Ok(Some(WaitEnd::OnHold));
    }
    let Some(recipient) = reader.recipient(pending.recipient_id).await? else {
        return Ok(Some(WaitEnd::Envelope));
    };
    let Some(contents) = reader.contents(recipient.envelope_id).await? else {
        return Ok(Some(WaitEnd::Envelope));
    };
    let open = contents.envelope.status_at(now) == EnvelopeStatus::Sent
        && !matches!(recipient.status, RecipientStatus::Signed | RecipientStatus::Declined);
    Ok((!open).then_some(WaitEnd::Envelope))
}

/// The certificate is the signer's, who is told so. Until this is on record the request stays: a crash loses nothing.
async fn arrived(
    service: &Service,
    pending: &PendingCertificate,
    certificate: &pki::Certificate,
) -> Result<(), Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    if let Some(why) = ended(&mut tx, pending, now).await? {
        drop(tx);
        return given_up(service, pending, why).await;
    }
    // Another was faster.
    if !tx.remove_pending_certificate(pending.certificate_id).await? {
        return Ok(());
    }
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

/// No certificate is waited for: the key is given up, what it has is revoked, and a signer who counts on it is told, who can
/// make another.
async fn given_up(service: &Service, pending: &PendingCertificate, why: WaitEnd) -> Result<(), Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    // The ceremony was given nothing, and nobody whom a hold could be lifted for.
    give_up_key(&mut tx, pending.key_id, true, now).await?;
    tx.forget_unused_passkeys(pending.key_id).await?;
    if let Some(recipient) = tx.recipient(pending.recipient_id).await? {
        let body = Body::new().with("key", pending.key_id.to_string()).with("why", why.as_str());
        let subject = Some(recipient.envelope_id.to_string());
        let (kind, actor) = ("key.retired", Actor::System);
        tx.append_event(Append { at: now, kind, subject, actor, body }).await?;
        let contents = tx.contents(recipient.envelope_id).await?.ok_or(Error::NotFound)?;
        if let Some(why) = why.told() {
            notify::certificate_refused(service, &mut tx, &recipient, contents.envelope.title, why).await?;
        }
    }
    tx.commit().await?;
    service.authority().changed().await;
    service.wake_jobs();
    Ok(())
}

/// Gives a key up inside the transaction of a use case, which then has the lists forgotten: what certifies it is revoked,
/// also what is on hold where `also_on_hold`, and what was to certify it is waited for no more; should it come, it is
/// recorded and revoked. Gives the serial numbers.
///
/// # Errors
/// Where the records cannot be written.
pub(crate) async fn give_up_key(
    tx: &mut Tx,
    key: KeyId,
    also_on_hold: bool,
    now: Timestamp,
) -> Result<Vec<String>, store::Error> {
    let mut revoked = Vec::new();
    for stored in tx.certificates_of_key(key).await? {
        let holds = stored.state == CertificateState::Issued || also_on_hold;
        if holds && change_in(tx, &stored, Change::Revoke(Reason::Superseded), Actor::System, now).await? {
            revoked.push(stored.serial);
        }
    }
    if let Some(pending) = tx.pending_certificate_of_key(key).await? {
        // It may be on record; the ceremony was not given it.
        tx.note_unusable_certificate(pending.certificate_id, now).await?;
        let stored = tx.certificate_by_id(pending.certificate_id).await?;
        let authority = stored.map(|it| it.authority).unwrap_or_default();
        let body = Body::new().with("authority", authority);
        let event = super::setup::event(pending.certificate_id, "certificate.given_up", body, now);
        tx.append_event(event).await?;
    }
    tx.retire_key(key, now).await?;
    Ok(revoked)
}

/// The revocations that the other authority is to be told of.
///
/// # Errors
/// Where the records cannot be read.
pub async fn open_revocations(service: &Service) -> Result<Vec<OpenRevocation>, AuthorityError> {
    let open = service.store().read().await?.external_revocations(MOST).await?;
    let shown = |it: store::ExternalRevocation| {
        let certificate = pki::Certificate::from_der(it.certificate.der.as_deref().unwrap_or_default())?;
        let serial = certificate.serial_hex();
        let called = (serial != it.certificate.serial).then_some(it.certificate.serial);
        Ok(OpenRevocation {
            serial,
            called,
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            reason: it.reason,
            at: it.asked_at,
        })
    };
    open.into_iter().map(shown).collect()
}

/// Notes that an operator told the other authority of a revocation, named by its serial number or by what it is called here;
/// whether that was open.
///
/// # Errors
/// Where the records cannot be written.
pub async fn confirm_revocation(service: &Service, serial: &str) -> Result<bool, AuthorityError> {
    let serial = serial.trim().to_ascii_lowercase();
    let found = service.store().read().await?.certificate_by_serial(&serial).await?;
    if let Some(certificate) = found
        && external::confirm(service.store(), &certificate, "operator", service.now()).await?
    {
        return Ok(true);
    }
    // One whose number is another's on record: only where no second one is meant as well.
    let same = |it: &OpenRevocation| it.called.is_some() && it.serial == serial;
    let mut called = open_revocations(service).await?.into_iter().filter(same).filter_map(|it| it.called);
    let (Some(called), None) = (called.next(), called.next()) else { return Ok(false) };
    let found = service.store().read().await?.certificate_by_serial(&called).await?;
    match found {
        Some(certificate) => {
            external::confirm(service.store(), &certificate, "operator", service.now()).await
        }
        None => Ok(false),
    }
}
