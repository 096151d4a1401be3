//! What a device or a passkey is asked that is about to be a signer's: asked once, answered once, within minutes.

use domain::{ChallengeId, Draw, KeyId, Refusal};
use jiff::SignedDuration;
use rand_core::Rng as _;
use store::{PasskeyChallenge, Tx};

use super::Scene;
use crate::core::Service;
use crate::error::Error;

/// How long answering may take.
const LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// Asks the verified person of this ceremony, for a key that is still to be made.
pub(super) async fn ask(service: &Service, tx: &mut Tx, scene: &Scene) -> Result<PasskeyChallenge, Error> {
    ask_for(service, tx, scene, KeyId::new(service.clock(), service.rng())).await
}

/// Asks them for what belongs to this key.
pub(super) async fn ask_for(
    service: &Service,
    tx: &mut Tx,
    scene: &Scene,
    key_id: KeyId,
) -> Result<PasskeyChallenge, Error> {
    let person = scene.verified_identity().and_then(|it| it.person_id).ok_or(Error::NotFound)?;
    let mut challenge = [0; 32];
    Draw(service.rng()).fill_bytes(&mut challenge);
    let asked = PasskeyChallenge {
        id: ChallengeId::new(service.clock(), service.rng()),
        recipient_id: scene.recipient.id,
        person_id: person,
        key_id,
        challenge,
        created_at: scene.now,
        expires_at: scene.now + LIFETIME,
    };
    tx.insert_passkey_challenge(&asked).await?;
    Ok(asked)
}

/// Takes what was asked, for good: it is answered once, whatever comes of it.
///
/// # Errors
/// [`Refusal::ActivationExpired`] where it was answered before, somebody else was asked, or it is too late.
pub(super) async fn answered(mut tx: Tx, scene: &Scene, id: ChallengeId) -> Result<PasskeyChallenge, Error> {
    let person = scene.verified_identity().and_then(|it| it.person_id).ok_or(Error::NotFound)?;
    let asked = tx.take_passkey_challenge(id, scene.now).await?;
    tx.commit().await?;
    let ours = |it: &PasskeyChallenge| it.recipient_id == scene.recipient.id && it.person_id == person;
    Ok(asked.filter(|it| ours(it) && scene.now < it.expires_at).ok_or(Refusal::ActivationExpired)?)
}
