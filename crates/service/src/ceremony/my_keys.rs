//! A person's keys, as they see them once this session has verified them; and giving one up.

use domain::{KeyId, PersonId, Refusal};
use evidence::Body;
use jiff::Timestamp;
use pki::Certificate;
use store::{Append, CertificateState, Reader};

use super::scene::{custody_of, opened_by, passkey_on};
use super::{Scene, Signer, key, lock};
use crate::account::{Actor, require_confirmed};
use crate::authority::waiting;
use crate::core::Service;
use crate::error::Error;
use crate::view;

/// The person's keys, the newest first: those in use and those that were given up.
///
/// # Errors
/// [`Refusal::StepNotReady`] before this session has verified the person.
pub async fn my_keys(service: &Service, signer: &Signer) -> Result<view::KeyList, Error> {
    let now = service.now();
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    let person = scene.verified_identity().and_then(|it| it.person_id);
    let person = person.ok_or(Refusal::StepNotReady { step: "identity" })?;
    list(&mut reader, person, now).await
}

/// The keys of the account's person.
///
/// # Errors
/// Where storage fails.
pub async fn keys_of_account(service: &Service, actor: &Actor) -> Result<view::KeyList, Error> {
    let mut reader = service.store().read().await?;
    match reader.person_of_account(actor.id()).await? {
        Some(link) => list(&mut reader, link.person_id, service.now()).await,
        None => Ok(view::KeyList { items: Vec::new() }),
    }
}

/// Gives up one of the keys of the account's person, outside of any ceremony.
///
/// # Errors
/// [`Refusal::AccountUnlinked`]; [`Error::NotFound`] where it is not theirs, or was given up;
/// [`Refusal::ConfirmationMissing`].
pub async fn give_up_key_of_account(
    service: &Service,
    actor: &Actor,
    id: KeyId,
) -> Result<view::KeyList, Error> {
    let now = service.now();
    let mut reader = service.store().read().await?;
    let link = reader.person_of_account(actor.id()).await?.ok_or(Refusal::AccountUnlinked)?;
    let held = reader.signing_key(id).await?;
    held.filter(|it| it.person_id == link.person_id && it.retired_at.is_none()).ok_or(Error::NotFound)?;
    require_confirmed(actor, now)?;
    // Nothing signs with it while it is being given up.
    let _key = lock::hold(&id.to_string()).await;
    drop(reader);
    // What certifies it is revoked, also what comes while this is done.
    let mut tx = service.store().begin().await?;
    waiting::give_up_key(&mut tx, id, true, now).await?;
    let (kind, subject, actor_of) = ("key.retired", Some(actor.id().to_string()), actor.evidence());
    let body = Body::new().with("key", id.to_string());
    tx.append_event(Append { at: now, kind, subject, actor: actor_of, body }).await?;
    tx.commit().await?;
    service.authority().changed().await;
    keys_of_account(service, actor).await
}

async fn list(reader: &mut Reader, person: PersonId, now: Timestamp) -> Result<view::KeyList, Error> {
    let mut items = Vec::new();
    for it in reader.keys_of_person(person).await? {
        let newest = reader.certificates_of_key(it.id).await?.into_iter().next();
        let organization = match it.organization_id {
            Some(id) => reader.organization(id).await?.map(|it| it.name.as_str().to_owned()),
            None => None,
        };
        let (uses, last_used_at) = reader.uses_of_key(it.id).await?;
        let certificate = newest.as_ref().and_then(|it| it.der.as_deref());
        let certificate = certificate.map(Certificate::from_der).transpose().map_err(Error::internal)?;
        let good =
            newest.as_ref().is_some_and(|it| it.state == CertificateState::Issued && now < it.not_after);
        items.push(view::HeldKey {
            id: it.id.to_string(),
            custody: custody_of(&it.stored),
            organization,
            opened_by: opened_by(&it.stored),
            passkey: passkey_on(&it.stored).map(|sealed| hex::encode(sealed.passkey())),
            created_at: it.created_at.into(),
            given_up_at: it.retired_at.map(Into::into),
            usable: good && it.retired_at.is_none(),
            certificate: certificate.as_ref().map(super::show::certificate),
            uses,
            last_used_at: last_used_at.map(Into::into),
        });
    }
    Ok(view::KeyList { items })
}

/// Gives up one of the person's keys: its certificate is revoked, and nothing is signed with it any more.
///
/// # Errors
/// [`Error::NotFound`] where it is not theirs, or was given up; [`Refusal::StepNotReady`].
pub async fn give_up_key(service: &Service, signer: &Signer, id: KeyId) -> Result<view::KeyList, Error> {
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, service.now()).await?;
    let person = scene.verified_identity().and_then(|it| it.person_id);
    let person = person.ok_or(Refusal::StepNotReady { step: "identity" })?;
    let held = reader.signing_key(id).await?;
    let held = held.filter(|it| it.person_id == person && it.retired_at.is_none()).ok_or(Error::NotFound)?;
    drop(reader);
    key::retire(service, signer, &held).await?;
    // This session has to verify the person anew before it shows the keys again.
    list(&mut service.store().read().await?, person, service.now()).await
}
