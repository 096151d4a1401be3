//! Changes of a certificate's status: revocation with its reason, suspension, release. Each is one transaction with its
//! event; the next list and the next answer say so.

use evidence::{Actor, Body};
use jiff::Timestamp;
use pki::crl::Reason;
use store::{CertificateState, StoredCertificate, Tx};

use super::issue::reason_word;
use super::setup::event;
use super::{AuthorityError, EMBEDDED, EmbeddedAuthority};

/// A change of status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// For good (RFC 5280 §5.3.1).
    Revoke(Reason),
    /// certificateHold: for now.
    Suspend,
    /// The end of a suspension: the certificate is listed no longer.
    Release,
}

impl Change {
    /// The word in storage and in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Revoke(_) => "revoke",
            Self::Suspend => "suspend",
            Self::Release => "release",
        }
    }

    fn reason(self) -> Reason {
        match self {
            Self::Revoke(reason) => reason,
            Self::Suspend | Self::Release => Reason::CertificateHold,
        }
    }

    /// Whether it changes a certificate that stands so: a revocation stands for ever, and only a suspension is released.
    #[must_use]
    pub fn applies_to(self, state: &CertificateState) -> bool {
        match (self, state) {
            (_, CertificateState::Intended) => false,
            (Self::Release, CertificateState::Issued) => false,
            (Self::Revoke(_) | Self::Suspend, CertificateState::Issued) => true,
            (change, CertificateState::Revoked(it)) => {
                it.reason == reason_word(Reason::CertificateHold) && change != Self::Suspend
            }
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Revoke(_) => "certificate.revoked",
            Self::Suspend => "certificate.suspended",
            Self::Release => "certificate.released",
        }
    }
}

impl EmbeddedAuthority {
    /// Changes the status of the certificate with this serial number; whether that changed anything.
    ///
    /// # Errors
    /// Where the records cannot be written.
    pub async fn change(
        &self,
        serial: &str,
        change: Change,
        actor: Actor,
        at: Timestamp,
    ) -> Result<bool, AuthorityError> {
        let mut tx = self.store().begin().await?;
        let Some(stored) = tx.certificate_by_serial(serial).await? else { return Ok(false) };
        let changed = change_in(&mut tx, &stored, change, actor, at).await?;
        tx.commit().await?;
        // The next list that anyone asks for holds it.
        self.forget_lists().await;
        Ok(changed)
    }
}

/// The same inside the transaction of a use case, which then has the lists forgotten.
pub(super) async fn change_in(
    tx: &mut Tx,
    stored: &StoredCertificate,
    change: Change,
    actor: Actor,
    at: Timestamp,
) -> Result<bool, store::Error> {
    if !change.applies_to(&stored.state) {
        return Ok(false);
    }
    let reason = reason_word(change.reason());
    match change {
        Change::Release => tx.release_certificate(&stored.serial, at).await?,
        Change::Revoke(_) | Change::Suspend => tx.revoke_certificate(&stored.serial, at, reason).await?,
    }
    // Who lost a certificate gets the next one after a new identity check alone; what ended with an organization says
    // nothing of the person.
    if let (Change::Revoke(why), Some(key)) = (change, stored.key_id)
        && !matches!(why, Reason::AffiliationChanged | Reason::CessationOfOperation)
    {
        tx.forget_identity_behind(key).await?;
    }
    let mut body = Body::new().with("serial", stored.serial.as_str()).with("reason", reason);
    if matches!(change, Change::Revoke(_)) && stored.authority != EMBEDDED {
        // The other authority is to be told in its own way: it stays on the operator's list until it knows.
        tracing::warn!(
            serial = stored.serial,
            "revoked here; the external authority is to be told: see `vermilion ca revocations`"
        );
        tx.ask_external_revocation(stored.id, reason, at).await?;
        body = body.with("to_be_told", stored.authority.as_str());
    }
    let mut event = event(stored.id, change.kind(), body, at);
    event.actor = actor;
    tx.append_event(event).await?;
    Ok(true)
}

impl EmbeddedAuthority {
    /// Says that a transaction with [`super::lapse()`] in it was committed.
    pub async fn changed(&self) {
        self.forget_lists().await;
    }
}
