//! A person's keys, as they see them once this session has verified them; and giving one up.

use domain::{KeyId, Refusal};
use keys::Protection;
use pki::Certificate;
use store::{CertificateState, SigningKey};

use super::scene::custody_of;
use super::{Scene, Signer, key};
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
            passkey: passkey(&it),
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
    my_keys(service, signer).await
}

fn passkey(key: &SigningKey) -> Option<String> {
    match &key.stored.protection {
        Protection::Passkey(sealed) => Some(hex::encode(sealed.passkey())),
        _ => None,
    }
}
