//! Revocation lists of the embedded authority, RFC 5280 §5.

use jiff::{SignedDuration, Timestamp};
use pki::{
    Serial,
    crl::{self, Revoked},
    ocsp::Status,
};
use store::{CertificateState, Revocation};

use super::{AuthorityError, EmbeddedAuthority, hierarchy::whole_second, issue::reason_of};

/// How long a list of the issuing CA holds.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// A list is made anew where it is older than this when asked for.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// The list of the root, whose key may be off the machine, holds long.
pub(crate) const ROOT_LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 366);
pub(crate) const ISSUER: &str = "issuing";

/// The newest list, kept in memory.
pub(crate) struct Cached {
    this_update: Timestamp,
    der: Vec<u8>,
}

impl EmbeddedAuthority {
    /// The issuing CA's list, DER: fresh, and not older than `not_before`.
    ///
    /// # Errors
    /// Where the records cannot be read or the key fails.
    pub async fn issuing_crl(&self, not_before: Timestamp) -> Result<Vec<u8>, AuthorityError> {
        let now = whole_second(self.clock().now());
        let mut cached = self.crl_cache().lock().await;
        if let Some(crl) = &*cached
            && crl.this_update >= not_before
            && now.duration_since(crl.this_update) < FRESH
        {
            return Ok(crl.der.clone());
        }
        let der = self.build_crl(now).await?;
        *cached = Some(Cached { this_update: now, der: der.clone() });
        Ok(der)
    }

    pub(crate) async fn forget_crl(&self) {
        *self.crl_cache().lock().await = None;
    }

    /// What the records say of a serial number.
    pub(crate) async fn status(&self, serial: &str) -> Result<Status, AuthorityError> {
        let certificate = self.store().read().await?.certificate_by_serial(serial).await?;
        Ok(match certificate.map(|certificate| certificate.state) {
            Some(CertificateState::Issued) => Status::Good,
            Some(CertificateState::Revoked(it)) => {
                Status::Revoked { at: whole_second(it.at), reason: Some(reason_of(&it.reason)) }
            }
            // An intent without a certificate: nothing under this number is out.
            Some(CertificateState::Intended) | None => Status::Unknown,
        })
    }

    async fn build_crl(&self, now: Timestamp) -> Result<Vec<u8>, AuthorityError> {
        let next_update = now + LIFETIME;
        // 1. The number is on record before the list that bears it.
        let mut tx = self.store().begin().await?;
        let number = tx.next_crl(ISSUER, now, next_update).await?;
        tx.commit().await?;
        // 2. Sign what is revoked now.
        let keys = self.keys();
        let revoked = entries(self.store().read().await?.revocations(ISSUER).await?)?;
        let crl =
            crl::build(&keys.issuing.certificate, &keys.issuing_signer, number, now, next_update, &revoked)?;
        // 3. The list is on record.
        let mut tx = self.store().begin().await?;
        tx.complete_crl(ISSUER, number, crl.der()).await?;
        tx.commit().await?;
        Ok(crl.der().to_vec())
    }
}

pub(crate) fn entries(revocations: Vec<Revocation>) -> Result<Vec<Revoked>, pki::ParseError> {
    revocations
        .into_iter()
        .map(|it| {
            let serial = Serial::from_hex(&it.serial)?;
            Ok(Revoked { serial, at: whole_second(it.at), reason: reason_of(&it.reason) })
        })
        .collect()
}
