//! A key that the signer's own device made and keeps: the server has the public half alone.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ceremony::Step;
use domain::policy::Custody;
use domain::{ChallengeId, Draw, KeyId, Refusal};
use jiff::SignedDuration;
use keys::{KeyOwner, Protection, StoredKey};
use pki::{KeyAlgorithm, SignatureAlgorithm};
use rand_core::Rng as _;
use store::PasskeyChallenge;

use super::{Scene, Signer, key, lock, show};
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;
use crate::view;

/// How long making the key may take.
const LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// What a device is asked that is about to make a key: what it signs, before the public key, to show that it has the key.
///
/// # Errors
/// [`Refusal::CustodyRefused`], [`Refusal::StepNotReady`].
pub async fn device_options(service: &Service, signer: &Signer) -> Result<view::DeviceOptions, Error> {
    let now = service.now();
    service.limiter().take(Rate::PIN, &signer.recipient().to_string(), now)?;
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Key)?;
    allowed(&scene)?;
    let person = scene.verified_identity().and_then(|it| it.person_id).ok_or(Error::NotFound)?;
    let mut challenge = [0; 32];
    Draw(service.rng()).fill_bytes(&mut challenge);
    let asked = PasskeyChallenge {
        id: ChallengeId::new(service.clock(), service.rng()),
        recipient_id: scene.recipient.id,
        person_id: person,
        key_id: KeyId::new(service.clock(), service.rng()),
        challenge,
        created_at: now,
        expires_at: now + LIFETIME,
    };
    tx.insert_passkey_challenge(&asked).await?;
    tx.commit().await?;
    let owner = key::owner(asked.key_id, person, scene.organization_id());
    Ok(view::DeviceOptions {
        id: asked.id.to_string(),
        possession: STANDARD.encode(StoredKey::possession(&owner, &[])),
        expires_at: asked.expires_at.into(),
    })
}

/// Takes the public half of a key that the device made, and has it certified. `proof` is the device's signature over the
/// options' `possession` and the public key: r and s, base64.
///
/// # Errors
/// [`Refusal::DeviceKeyRefused`], [`Refusal::ActivationExpired`], [`Refusal::CustodyRefused`], [`Refusal::StepNotReady`].
pub async fn device_key(
    service: &Service,
    signer: &Signer,
    id: ChallengeId,
    public_key: &str,
    proof: &str,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::PIN, &signer.recipient().to_string(), now)?;
    let _one = lock::hold(&signer.recipient().to_string()).await;
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Key)?;
    if scene.key.is_some() {
        return show::ceremony(service, &mut tx, &scene).await;
    }
    allowed(&scene)?;
    let person = scene.verified_identity().and_then(|it| it.person_id).ok_or(Error::NotFound)?;
    let asked = tx.take_passkey_challenge(id, now).await?;
    tx.commit().await?;
    let asked = asked
        .filter(|it| it.recipient_id == signer.recipient() && it.person_id == person && now < it.expires_at)
        .ok_or(Refusal::ActivationExpired)?;
    let public_key = STANDARD.decode(public_key).map_err(|_| refused("malformed"))?;
    let owner = key::owner(asked.key_id, person, scene.organization_id());
    let stored = stored(owner, public_key, value(proof)?)?;
    key::certify(service, signer, &scene, key::Made { id: asked.key_id, stored, passkey: None }).await
}

/// A key on P-256 whose holder showed that they have it.
fn stored(owner: KeyOwner, public_key: Vec<u8>, proof: Vec<u8>) -> Result<StoredKey, Refusal> {
    let algorithm = KeyAlgorithm::P256;
    if pki::public_key_algorithm(&public_key) != Some(algorithm) {
        return Err(refused("malformed"));
    }
    let message = StoredKey::possession(&owner, &public_key);
    pki::verify(&public_key, SignatureAlgorithm::EcdsaSha256, &message, &proof)
        .map_err(|_| refused("signature"))?;
    Ok(StoredKey { owner, algorithm, public_key, protection: Protection::Device, proof })
}

/// A signature value as browsers give it (r and s of 32 bytes each, base64) in the form that signatures hold
/// (`SEQUENCE { r, s }`, RFC 3279 §2.2.3).
pub(super) fn value(text: &str) -> Result<Vec<u8>, Refusal> {
    let raw = STANDARD.decode(text).map_err(|_| refused("malformed"))?;
    let (r, s) =
        raw.split_at_checked(32).filter(|(_, s)| s.len() == 32).ok_or_else(|| refused("malformed"))?;
    let body = [integer(r), integer(s)].concat();
    let length = u8::try_from(body.len()).map_err(|_| refused("malformed"))?;
    Ok([&[0x30, length][..], &body].concat())
}

/// A positive INTEGER, as short as it goes.
fn integer(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count().min(number.len().saturating_sub(1));
    let digits = number.get(zeros..).unwrap_or_default();
    let sign = digits.first().is_some_and(|byte| *byte >= 0x80);
    let length = u8::try_from(digits.len() + usize::from(sign)).unwrap_or(u8::MAX);
    let mut out = vec![0x02, length];
    out.extend(sign.then_some(0));
    out.extend_from_slice(digits);
    out
}

fn allowed(scene: &Scene) -> Result<(), Refusal> {
    let custody = Custody::Device;
    if scene.policy.allows(custody) {
        Ok(())
    } else {
        Err(Refusal::CustodyRefused { custody: custody.as_str() })
    }
}

fn refused(reason: &'static str) -> Refusal {
    Refusal::DeviceKeyRefused { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signature_values_of_browsers_become_der() {
        let text = |r: [u8; 32], s: [u8; 32]| STANDARD.encode([r, s].concat());
        let (mut small, mut large) = ([0; 32], [0x11; 32]);
        small[31] = 0x7f;
        large[0] = 0x80;
        let der = value(&text(small, large)).expect("64 bytes");
        assert_eq!(der.get(..8), Some(&[0x30, 38, 0x02, 1, 0x7f, 0x02, 33, 0][..]));
        assert_eq!(value("AAAA"), Err(refused("malformed")));
    }
}
