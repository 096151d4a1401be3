//! Signing with a passkey: the activation is offered, the passkey signs its digest, and that opens the key.

use std::sync::Arc;

use domain::policy::Custody;
use domain::{ActivationId, Draw, Locale, Refusal};
use evidence::Body;
use jiff::SignedDuration;
use keys::passkey::{Assertion, AssertionResponse, PasskeyError};
use keys::{Factor, PasskeyFactor, Statement};
use rand_core::Rng as _;
use store::{ActivationState, StoredActivation, StoredPasskey};

use super::{Asked, Opening, ShownDocument, attempt, ended, make, prepare};
use crate::ceremony::scene::custody_of;
use crate::ceremony::{Scene, Signer, passkey, show};
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;
use crate::view;

/// How long the signer may take to touch the sensor.
const LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// An activation with what a passkey signed over it, judged.
pub(super) struct Asserted {
    pub(super) offered: StoredActivation,
    pub(super) assertion: Assertion,
    /// With its counter as the assertion tells it.
    pub(super) passkey: StoredPasskey,
    pub(super) factor: Factor,
}

/// Offers an activation: says what exactly will be signed, for the signer's passkey to agree to.
///
/// # Errors
/// As [`super::sign`], but for the PIN; [`Refusal::CustodyRefused`] where no passkey opens the signer's key.
pub async fn offer(
    service: &Service,
    signer: &Signer,
    locale: Locale,
    shown: Vec<ShownDocument>,
) -> Result<view::Activation, Error> {
    let now = service.now();
    service.limiter().take(Rate::PIN, &signer.recipient().to_string(), now)?;
    service.config().relying_party().ok_or(Refusal::PasskeyUnavailable)?;
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    let mut nonce = [0; 16];
    Draw(service.rng()).fill_bytes(&mut nonce);
    let work = prepare(service, &scene, &Asked { locale, shown, at: now, nonce }).await?;
    if custody_of(&work.key) != Custody::Passkey {
        return Err(Refusal::CustodyRefused { custody: Custody::Passkey.as_str() }.into());
    }
    let passkey = reader.passkey_of(work.key_id).await?.ok_or(Error::NotFound)?;
    drop(reader);
    let ready = {
        let (service, work) = (service.clone(), Arc::clone(&work));
        tokio::task::spawn_blocking(move || make::ready(&service, &work)).await??
    };
    let canonical = String::from_utf8(ready.activation.canonical()).map_err(Error::internal)?;
    let offered = StoredActivation {
        id: ActivationId::new(service.clock(), service.rng()),
        recipient_id: scene.recipient.id,
        key_id: work.key_id,
        digest: ready.activation.digest(),
        canonical: canonical.clone(),
        state: ActivationState::Offered,
        created_at: now,
        expires_at: Some(now + LIFETIME),
        spent_at: None,
        assertion: None,
        passkey_id: None,
    };
    let mut tx = service.store().begin().await?;
    tx.insert_activation(&offered).await?;
    tx.commit().await?;
    Ok(view::Activation {
        id: offered.id.to_string(),
        canonical,
        digest: hex::encode(offered.digest),
        expires_at: (now + LIFETIME).into(),
        relying_party: passkey.relying_party.id.clone(),
        credential_id: passkey::base64url(&passkey.passkey.credential_id),
        prf: passkey::needs_prf(&work.key).then(|| passkey::prf_input(work.key_id)),
    })
}

/// Signs with the key that the passkey opens by what it signed over the activation. Of several uses of one activation, one
/// wins; a signer who has signed already sees so.
///
/// # Errors
/// [`Refusal::ActivationUsed`], [`Refusal::ActivationExpired`], [`Refusal::PasskeyRefused`], and as [`super::sign`].
pub async fn sign_offered(
    service: &Service,
    signer: &Signer,
    activation: ActivationId,
    credential: &str,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::PIN, &signer.recipient().to_string(), now)?;
    let mut reader = service.store().read().await?;
    let found = reader.activation(activation).await?;
    let offered = found.filter(|it| it.recipient_id == signer.recipient()).ok_or(Error::NotFound)?;
    match offered.state {
        ActivationState::Offered => {}
        ActivationState::Used => return show(service, signer).await,
        ActivationState::Spent => return Err(Refusal::ActivationUsed.into()),
    }
    if offered.expires_at.is_none_or(|until| until <= now) {
        return Err(Refusal::ActivationExpired.into());
    }
    let statement = Statement::from_canonical(offered.canonical.as_bytes());
    let statement = statement.ok_or_else(|| Error::internal("a stored activation is not canonical"))?;
    let asked = asked(&statement).ok_or_else(|| Error::internal("a stored activation cannot be read"))?;
    let stored = reader.passkey_of(offered.key_id).await?.ok_or(Error::NotFound)?;
    drop(reader);
    let asserted = match judge(offered, stored, credential) {
        Ok(asserted) => asserted,
        Err(error) => return Err(refused(service, signer, &error).await?.into()),
    };
    let opening = Arc::new(Opening::Passkey(Box::new(asserted)));
    match attempt(service, signer, &opening, &asked).await? {
        Some(ceremony) => ended(service, signer, ceremony).await,
        None => Err(Refusal::DocumentChanged.into()),
    }
}

/// What the browser sent, judged against the activation and the passkey on record.
fn judge(
    offered: StoredActivation,
    mut stored: StoredPasskey,
    credential: &str,
) -> Result<Asserted, PasskeyError> {
    let us = stored.relying_party.clone();
    let response = AssertionResponse::from_json(credential)?;
    if response.credential_id != stored.passkey.credential_id {
        return Err(PasskeyError::OtherCredential);
    }
    let seen = response.assertion.verify(&us, &stored.passkey, &offered.digest)?;
    let factor = Factor::Passkey(Box::new(PasskeyFactor {
        relying_party: us,
        passkey: stored.passkey.clone(),
        assertion: Some(response.assertion.clone()),
        prf: response.prf,
    }));
    stored.passkey.note(seen)?;
    Ok(Asserted { offered, assertion: response.assertion, passkey: stored, factor })
}

/// Says on record that a passkey's answer was refused.
async fn refused(service: &Service, signer: &Signer, error: &PasskeyError) -> Result<Refusal, Error> {
    let reason = passkey::reason(error);
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, service.now()).await?;
    tx.append_event(scene.event("key.passkey_refused", Body::new().with("reason", reason))).await?;
    tx.commit().await?;
    Ok(Refusal::PasskeyRefused { reason })
}

/// What the signer was asked, from what the activation states.
fn asked(statement: &Statement) -> Option<Asked> {
    let shown = statement
        .revisions
        .iter()
        .map(|it| Some(ShownDocument { id: it.document.parse().ok()?, sha256: it.sha256.clone() }));
    Some(Asked {
        locale: Locale::from_tag(&statement.confirmation.language)?,
        shown: shown.collect::<Option<_>>()?,
        at: statement.time()?,
        nonce: statement.nonce()?,
    })
}
