//! An account's own certificates: those of the ceremonies to which its address was invited. Their subject revokes and
//! suspends them at once, and releases what they suspended themselves.

use domain::CertificateId;
use store::{Reader, StoredCertificate};

use super::console::{change_of, issued, require};
use super::status::change_in;
use crate::account::Actor;
use crate::view::{self, RevocationReason, StatusAction};
use crate::{Error, Service};

/// The account's own certificates, newest first.
///
/// # Errors
/// Where storage fails.
pub async fn my_certificates(service: &Service, actor: &Actor) -> Result<view::IssuedCertificates, Error> {
    let mut reader = service.store().read().await?;
    let now = service.now();
    let mut items = Vec::new();
    for stored in reader.certificates_of_address(&actor.account.email).await? {
        let mut shown = issued(&stored, now);
        shown.can_release = shown.status == view::CertificateStatus::Suspended
            && suspended_by(&mut reader, actor, &stored).await?;
        items.push(shown);
    }
    Ok(view::IssuedCertificates { items, next_cursor: None })
}

/// Revokes one of them, for good.
///
/// # Errors
/// [`Error::NotFound`] where it is not the account's; `certificate_state` where it is revoked or has ended.
pub async fn revoke_mine(
    service: &Service,
    actor: &Actor,
    id: CertificateId,
    reason: Option<RevocationReason>,
) -> Result<view::IssuedCertificates, Error> {
    change(service, actor, id, StatusAction::Revoke, reason).await
}

/// Suspends one of them.
///
/// # Errors
/// As [`revoke_mine`].
pub async fn suspend_mine(
    service: &Service,
    actor: &Actor,
    id: CertificateId,
) -> Result<view::IssuedCertificates, Error> {
    change(service, actor, id, StatusAction::Suspend, None).await
}

/// Ends a suspension of their own; one by the administrators is theirs to end.
///
/// # Errors
/// As [`revoke_mine`].
pub async fn release_mine(
    service: &Service,
    actor: &Actor,
    id: CertificateId,
) -> Result<view::IssuedCertificates, Error> {
    change(service, actor, id, StatusAction::Release, None).await
}

async fn change(
    service: &Service,
    actor: &Actor,
    id: CertificateId,
    action: StatusAction,
    reason: Option<RevocationReason>,
) -> Result<view::IssuedCertificates, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let own = tx.certificates_of_address(&actor.account.email).await?;
    let stored = own.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    let change = change_of(action, reason);
    require(change, &stored, now)?;
    if action == StatusAction::Release && !suspended_by(&mut tx, actor, &stored).await? {
        return Err(domain::Refusal::SecondAdministrator.into());
    }
    change_in(&mut tx, &stored, change, actor.evidence(), now).await?;
    tx.commit().await?;
    service.authority().changed().await;
    my_certificates(service, actor).await
}

/// Whether the account itself suspended it last.
async fn suspended_by(reader: &mut Reader, actor: &Actor, stored: &StoredCertificate) -> Result<bool, Error> {
    let events = reader.events_of(&stored.id.to_string()).await?;
    let last = events.iter().rev().find(|link| link.event.kind == "certificate.suspended");
    Ok(last.is_some_and(|link| link.event.actor == actor.evidence()))
}
