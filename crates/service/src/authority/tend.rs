//! What the authority does on its own, every hour: renews its keys, signs lists and answers ahead, closes intents that a
//! crash left behind, signs the head of the log.

use evidence::Body;
use jiff::{SignedDuration, Timestamp};
use pki::Signer as _;
use store::Append;

use super::setup::event;
use super::{AuthorityError, EmbeddedAuthority};
use crate::{Error, Service};

const EVERY: SignedDuration = SignedDuration::from_hours(1);
/// An intent that has no certificate after this long never gets one: signing takes a millisecond.
const INTENT: SignedDuration = SignedDuration::from_mins(10);
/// How often the log's head is signed, where there is something new in the log.
const HEAD_EVERY: SignedDuration = SignedDuration::from_hours(24);
/// Records of certification are kept for five years past the end of the certificate (Electronic Signature Law Art. 24).
pub(super) const KEPT: SignedDuration = SignedDuration::from_hours(24 * (5 * 365 + 2));

/// Does what is due; nothing, where it was done within the hour.
///
/// # Errors
/// Where the records cannot be written or a key fails.
pub async fn tend(service: &Service) -> Result<(), Error> {
    service.authority().tend().await.map_err(Error::internal)
}

/// Looks whether another authority says by now that it revoked what was revoked here, about each once an hour.
///
/// # Errors
/// Where the records cannot be written.
pub async fn confirm_revocations(service: &Service) -> Result<(), Error> {
    for serial in service.certificates().confirm_revocations().await.map_err(Error::internal)? {
        tracing::info!(serial, "the external authority says that it revoked");
    }
    Ok(())
}

impl EmbeddedAuthority {
    async fn tend(&self) -> Result<(), AuthorityError> {
        let now = self.clock().now();
        let mut tended = self.tended().lock().await;
        if tended.is_some_and(|at| now.duration_since(at) < EVERY) {
            return Ok(());
        }
        self.reload().await?;
        self.abandon(now).await?;
        self.sign_lists_ahead().await?;
        self.sign_answers_ahead().await?;
        self.sign_head(now).await?;
        let mut tx = self.store().begin().await?;
        tx.remove_certification_records(now - KEPT).await?;
        tx.remove_old_answers(now).await?;
        tx.commit().await?;
        *tended = Some(now);
        Ok(())
    }

    /// A crash between intent and record leaves an intent that nobody has a certificate for. It stays on record, and the log
    /// says what became of it.
    async fn abandon(&self, now: Timestamp) -> Result<(), AuthorityError> {
        let mut tx = self.store().begin().await?;
        for (id, serial) in tx.abandon_intents(now - INTENT, now).await? {
            let body = Body::new().with("serial", serial);
            tx.append_event(event(id, "certificate.abandoned", body, now)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Signs number and hash of the log's last event under the log's own key.
    async fn sign_head(&self, now: Timestamp) -> Result<(), AuthorityError> {
        let mut tx = self.store().begin().await?;
        let (seq, hash) = tx.event_head().await?;
        let newest = tx.newest_event_of_kind(HEAD).await?;
        if newest.is_some_and(|(at, of)| of == seq || now.duration_since(at) < HEAD_EVERY) {
            return Ok(());
        }
        let log = &self.keys().log;
        let signature = log.signer.sign(&head_message(seq, &hash))?;
        let body = Body::new()
            .with("head", seq)
            .with("hash", hex::encode(hash))
            .with("signature", hex::encode(signature))
            .with("certificate", log.certificate.serial_hex());
        let actor = evidence::Actor::System;
        tx.append_event(Append { at: now, kind: HEAD, subject: None, actor, body }).await?;
        Ok(tx.commit().await?)
    }
}

/// The kind of the events that hold a signed head.
pub(crate) const HEAD: &str = "log.head_signed";

/// What the log's key signs: number and hash of an event, and with them all before.
pub(crate) fn head_message(seq: u64, hash: &[u8; 32]) -> Vec<u8> {
    format!("vermilion log head\n{seq}\n{}\n", hex::encode(hash)).into_bytes()
}
