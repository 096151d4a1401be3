//! Revocation lists of the embedded authority, RFC 5280 §5: one for each CA, full, and signed ahead for the next days, so
//! that they go on where a key is away.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use pki::{
    Certificate, Serial, Signer,
    crl::{self, Revoked},
    ocsp::Status,
};
use store::{CertificateState, Revocation, Store};

use super::hierarchy::{CaId, whole_second};
use super::{AuthorityError, EmbeddedAuthority, issue::reason_of};

/// A list is made anew where it is older than this when asked for.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// A CA's lists: each holds a day, and there are always three for the days to come.
const DAILY: Schedule =
    Schedule { lifetime: SignedDuration::from_hours(24), every: SignedDuration::from_hours(24), ahead: 3 };

/// For how long lists hold, and how many are signed ahead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schedule {
    pub(crate) lifetime: SignedDuration,
    pub(crate) every: SignedDuration,
    pub(crate) ahead: u32,
}

/// The newest list of each CA, kept in memory.
#[derive(Default)]
pub(crate) struct Cached(HashMap<CaId, (Timestamp, Vec<u8>)>);

impl EmbeddedAuthority {
    /// A CA's list, DER: fresh, and not older than `not_before`.
    ///
    /// # Errors
    /// Where there is no such CA, the records cannot be read or the key fails.
    pub async fn list(&self, id: CaId, not_before: Timestamp) -> Result<Vec<u8>, AuthorityError> {
        let now = whole_second(self.clock().now());
        let mut cached = self.lists().lock().await;
        if let Some((this_update, der)) = cached.0.get(&id)
            && *this_update >= not_before
            && now.duration_since(*this_update) < FRESH
        {
            return Ok(der.clone());
        }
        let keys = self.keys();
        let ca = keys.ca(id).ok_or(AuthorityError::NoIssuer(id.branch.as_str()))?;
        let der = sign(self.store(), &id.to_string(), ca.certificate(), &*ca.signer, now, DAILY).await?;
        cached.0.insert(id, (now, der.clone()));
        Ok(der)
    }

    /// The newest list of an issuer on record, DER: of the root, of a CA whose key is away, of another's root.
    ///
    /// # Errors
    /// Where the records cannot be read.
    pub async fn kept_list(&self, issuer: &str) -> Result<Option<Vec<u8>>, AuthorityError> {
        let found = self.store().read().await?.crl_at(issuer, self.clock().now()).await?;
        Ok(found.map(|it| it.der))
    }

    pub(crate) async fn forget_lists(&self) {
        self.lists().lock().await.0.clear();
        self.0.answers.forget();
    }

    /// Signs lists ahead for CAs that have fewer than they should.
    pub(crate) async fn sign_lists_ahead(&self) -> Result<(), AuthorityError> {
        let keys = self.keys();
        for ca in &keys.cas {
            let now = self.clock().now();
            let ahead = self.store().read().await?.crls_ahead(&ca.id.to_string(), now).await?;
            if u32::try_from(ahead.len()).unwrap_or(u32::MAX) < DAILY.ahead {
                self.list(ca.id, now).await?;
            }
        }
        Ok(())
    }
}

/// Signs an issuer's list for now and, by the schedule, for later times. Gives the one for now.
pub(crate) async fn sign(
    store: &Store,
    issuer: &str,
    certificate: &Certificate,
    signer: &dyn Signer,
    now: Timestamp,
    schedule: Schedule,
) -> Result<Vec<u8>, AuthorityError> {
    // 1. The numbers are on record before the lists that bear them. What was signed ahead before is void: it would come
    //    with a lower number after this one (RFC 5280 §5.2.3).
    let mut tx = store.begin().await?;
    tx.void_lists_ahead(issuer, now).await?;
    let mut numbered = Vec::new();
    let mut this_update = whole_second(now);
    for _ in 0..=schedule.ahead {
        let next_update = this_update + schedule.lifetime;
        numbered.push((tx.next_crl(issuer, this_update, next_update).await?, this_update, next_update));
        this_update += schedule.every;
    }
    tx.commit().await?;
    // 2. Sign what is revoked now, and 3. record it: in one transaction, so that no change of status comes between.
    let mut tx = store.begin().await?;
    let revoked = entries(tx.revocations(issuer).await?)?;
    let mut current = None;
    for (number, this_update, next_update) in numbered {
        let list = crl::build(certificate, signer, number, this_update, next_update, &revoked)?;
        tx.complete_crl(issuer, number, list.der()).await?;
        current.get_or_insert_with(|| list.der().to_vec());
    }
    tx.commit().await?;
    Ok(current.unwrap_or_default())
}

/// What the records say of a certificate.
pub(crate) fn status_of(state: Option<CertificateState>) -> Status {
    match state {
        Some(CertificateState::Issued) => Status::Good,
        Some(CertificateState::Revoked(it)) => {
            Status::Revoked { at: whole_second(it.at), reason: Some(reason_of(&it.reason)) }
        }
        // An intent without a certificate: nothing under this number is out.
        Some(CertificateState::Intended) | None => Status::Unknown,
    }
}

fn entries(revocations: Vec<Revocation>) -> Result<Vec<Revoked>, pki::ParseError> {
    revocations
        .into_iter()
        .map(|it| {
            let serial = Serial::from_hex(&it.serial)?;
            Ok(Revoked { serial, at: whole_second(it.at), reason: reason_of(&it.reason) })
        })
        .collect()
}
