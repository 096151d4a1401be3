//! A passkey that agrees to the activation, where something else opens the key.
//!
//! It is one of the person's, or a new one that is registered beside their key. What it signs is kept as the assertion of
//! the activation, and goes into the activation proof.

use domain::ceremony::Step;
use domain::policy::WillWay;
use domain::{ChallengeId, Refusal};
use evidence::Body;
use store::{Reader, StoredActivation, StoredPasskey, Tx};

use super::{Asked, Will, Witness, about, keep, opens_with_passkey, state};
use crate::ceremony::sign::offer::{judge, refused};
use crate::ceremony::{Scene, Signer, challenge, lock, passkey, show};
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;
use crate::view;

/// The passkey that is asked: the one beside the key, else the newest of the person's that is in use. Those of another
/// address than this server's cannot answer here.
pub(super) async fn of(
    service: &Service,
    reader: &mut Reader,
    scene: &Scene,
) -> Result<Option<StoredPasskey>, Error> {
    if let Some(beside) = beside(service, reader, scene).await? {
        return Ok(Some(beside));
    }
    let (Some(held), Some(here)) = (&scene.key, service.config().relying_party()) else { return Ok(None) };
    let mut all = reader.passkeys(held.key.person_id).await?;
    all.retain(|it| it.relying_party.id == here.id);
    while let Some(it) = all.pop() {
        // Whoever lost a passkey gave up its key.
        if reader.signing_key(it.key_id).await?.is_some_and(|key| key.retired_at.is_none()) {
            return Ok(Some(it));
        }
    }
    Ok(None)
}

/// The passkey that stands beside the key itself.
pub(super) async fn beside(
    service: &Service,
    reader: &mut Reader,
    scene: &Scene,
) -> Result<Option<StoredPasskey>, Error> {
    let (Some(held), Some(here)) = (&scene.key, service.config().relying_party()) else { return Ok(None) };
    Ok(reader.passkey_of(held.key.id).await?.filter(|it| it.relying_party.id == here.id))
}

pub(super) async fn ask(
    service: &Service,
    tx: &mut Tx,
    scene: &Scene,
    chosen: view::WillOffered,
) -> Result<Asked, Error> {
    if !chosen.registered {
        return Err(Refusal::WillUnavailable { way: WillWay::Passkey.as_str() }.into());
    }
    let will = Will::by(WillWay::Passkey);
    let view = Some(view_of(service, tx, scene, &will).await?);
    Ok(Asked { kept: Some(will), view, face: None })
}

pub(super) async fn view_of(
    service: &Service,
    reader: &mut Reader,
    scene: &Scene,
    will: &Will,
) -> Result<view::WillAsked, Error> {
    // Where a passkey opens the key, what it is asked stands beside the activation.
    let asked = if opens_with_passkey(scene) { None } else { of(service, reader, scene).await? };
    Ok(view::WillAsked {
        by: WillWay::Passkey,
        to: None,
        state: state(will.passed_at.is_some()),
        tries_left: 0,
        resend_at: None,
        page: None,
        refused: None,
        passkey: asked.map(|it| view::ActivationPasskey {
            relying_party: it.relying_party.id,
            credential_id: passkey::base64url(&it.passkey.credential_id),
            prf: None,
        }),
    })
}

/// Judges what the passkey signed over the activation's digest, and keeps it.
pub(super) async fn check(
    service: &Service,
    signer: &Signer,
    scene: &Scene,
    activation: &StoredActivation,
    mut will: Will,
    credential: &str,
) -> Result<Witness, Error> {
    let stored = of(service, &mut service.store().read().await?, scene).await?;
    let stored = stored.ok_or(Refusal::WillUnavailable { way: WillWay::Passkey.as_str() })?;
    let asserted = match judge(activation, stored, credential) {
        Ok(asserted) => asserted,
        Err(error) => return Err(refused(service, signer, &error).await?.into()),
    };
    let passkey = asserted.passkey;
    let witness = Witness { assertion: asserted.assertion, passkey: passkey.id.to_string() };
    will.passed_at = Some(scene.now);
    will.witness = Some(witness.clone());
    let fingerprint = hex::encode(passkey.passkey.fingerprint());
    let body = about(activation, WillWay::Passkey).with("passkey", fingerprint);
    let mut tx = service.store().begin().await?;
    tx.note_passkey(passkey.id, &passkey.passkey, scene.now).await?;
    keep(&mut tx, scene, activation, &will, "will.confirmed", body).await?;
    tx.commit().await?;
    Ok(witness)
}

/// What a new passkey is asked that is to stand beside the signer's key.
///
/// # Errors
/// [`Refusal::PasskeyUnavailable`], [`Refusal::WillUnavailable`] where the signing policy does not ask for one,
/// [`Refusal::StepNotReady`].
pub async fn register_options(service: &Service, signer: &Signer) -> Result<view::PasskeyOptions, Error> {
    let now = service.now();
    service.limiter().take(Rate::PIN, &signer.recipient().to_string(), now)?;
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let key = require(&scene)?;
    let asked = challenge::ask_for(service, &mut tx, &scene, key).await?;
    let options = passkey::options(service, &mut tx, &scene, &asked).await?;
    tx.commit().await?;
    Ok(options)
}

/// Registers a passkey beside the signer's key.
///
/// # Errors
/// [`Refusal::PasskeyRefused`], [`Refusal::ActivationExpired`], and as [`register_options`].
pub async fn register(
    service: &Service,
    signer: &Signer,
    id: ChallengeId,
    credential: &str,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::PIN, &signer.recipient().to_string(), now)?;
    let _one = lock::hold(&signer.recipient().to_string()).await;
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let key = require(&scene)?;
    let asked = challenge::answered(tx, &scene, id).await?;
    if asked.key_id != key {
        return Err(Refusal::ActivationExpired.into());
    }
    let (stored, _) = passkey::register(service, &asked, credential, None)
        .map_err(|error| Refusal::PasskeyRefused { reason: passkey::reason(&error) })?;
    let mut tx = service.store().begin().await?;
    match tx.insert_passkey(&stored).await {
        Err(store::Error::Conflict) => {
            return Err(Refusal::PasskeyRefused { reason: "other_passkey" }.into());
        }
        inserted => inserted?,
    }
    let fingerprint = hex::encode(stored.passkey.fingerprint());
    let body = Body::new().with("key", key.to_string()).with("passkey", fingerprint);
    tx.append_event(scene.event("will.passkey_registered", body)).await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show::ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

/// Passes where the policy asks for a passkey beside the key, and there is none yet.
fn require(scene: &Scene) -> Result<domain::KeyId, Refusal> {
    scene.require(Step::Document)?;
    let held = scene.key.as_ref().ok_or(Refusal::StepNotReady { step: scene.step().as_str() })?;
    let wanted = scene.policy.will.ways().contains(&WillWay::Passkey);
    if wanted && !opens_with_passkey(scene) {
        Ok(held.key.id)
    } else {
        Err(Refusal::WillUnavailable { way: WillWay::Passkey.as_str() })
    }
}
