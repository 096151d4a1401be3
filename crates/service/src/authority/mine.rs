//! The certificates of an account's person. Their subject revokes and suspends them at once, having typed the password a
//! short while ago, and releases what they suspended themselves. That a ceremony invited the account's address shows
//! nothing: addresses change hands, and are shared.

use domain::{CertificateId, PersonId, Refusal};
use store::{Reader, StoredCertificate};

use super::console::{change_of, issued, require};
use super::status::change_in;
use crate::account::{Actor, require_confirmed};
use crate::view::{self, RevocationReason, StatusAction};
use crate::{Error, Service};

/// The certificates of the account's person, newest first. What only shares the account's address is counted, not shown.
///
/// # Errors
/// Where storage fails.
pub async fn my_certificates(service: &Service, actor: &Actor) -> Result<view::MyCertificates, Error> {
    let mut reader = service.store().read().await?;
    let now = service.now();
    let elsewhere = reader.certificates_by_address_alone(&actor.account).await?;
    let Some(link) = reader.person_of_account(actor.id()).await? else {
        return Ok(view::MyCertificates { linked: false, items: Vec::new(), elsewhere });
    };
    let mut items = Vec::new();
    for stored in reader.certificates_of_person(link.person_id).await? {
        let mut shown = issued(&stored, now);
        shown.can_release = shown.status == view::CertificateStatus::Suspended
            && suspended_by(&mut reader, &stored, link.person_id).await?;
        items.push(shown);
    }
    Ok(view::MyCertificates { linked: true, items, elsewhere })
}

/// Revokes one of them, for good.
///
/// # Errors
/// `account_unlinked`; [`Error::NotFound`] where it is not the person's; `confirmation_missing`; `certificate_state` where
/// it is revoked or has ended.
pub async fn revoke_mine(
    service: &Service,
    actor: &Actor,
    id: CertificateId,
    reason: Option<RevocationReason>,
) -> Result<view::MyCertificates, Error> {
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
) -> Result<view::MyCertificates, Error> {
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
) -> Result<view::MyCertificates, Error> {
    change(service, actor, id, StatusAction::Release, None).await
}

async fn change(
    service: &Service,
    actor: &Actor,
    id: CertificateId,
    action: StatusAction,
    reason: Option<RevocationReason>,
) -> Result<view::MyCertificates, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let link = tx.person_of_account(actor.id()).await?.ok_or(Refusal::AccountUnlinked)?;
    let own = tx.certificates_of_person(link.person_id).await?;
    let stored = own.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    require_confirmed(actor, now)?;
    let change = change_of(action, reason);
    require(change, &stored, now)?;
    if action == StatusAction::Release && !suspended_by(&mut tx, &stored, link.person_id).await? {
        return Err(Refusal::SecondAdministrator.into());
    }
    change_in(&mut tx, &stored, change, actor.evidence(), now).await?;
    tx.commit().await?;
    service.authority().changed().await;
    my_certificates(service, actor).await
}

/// Whether the person suspended it last, from whichever of their accounts.
async fn suspended_by(
    reader: &mut Reader,
    stored: &StoredCertificate,
    person: PersonId,
) -> Result<bool, Error> {
    let events = reader.events_of(&stored.id.to_string()).await?;
    let last = events.iter().rev().find(|link| link.event.kind == "certificate.suspended");
    let Some(last) = last else { return Ok(false) };
    let accounts = reader.accounts_of_person(person).await?;
    let own = accounts.iter().any(|it| last.event.actor == evidence::Actor::Account(it.id.to_string()));
    // An administrator who approved their own suspension did not make it alone, and does not end it alone.
    Ok(own && !reader.was_suspended_by_office(stored.id, last.event.at).await?)
}
