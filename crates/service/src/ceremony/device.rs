//! A key that the signer's own device made and keeps: the server has the public half alone.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ceremony::Step;
use domain::policy::Custody;
use domain::{ChallengeId, Refusal};
use keys::{KeyOwner, Protection, StoredKey};
use pki::{KeyAlgorithm, SignatureAlgorithm};

use super::{Scene, Signer, challenge, key, lock, show};
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;
use crate::view;

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
    scene.require_custody(Custody::Device, Custody::Device)?;
    let asked = challenge::ask(service, &mut tx, &scene).await?;
    tx.commit().await?;
    let owner = key::owner(asked.key_id, asked.person_id, scene.organization_id());
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
    scene.require_custody(Custody::Device, Custody::Device)?;
    let asked = challenge::answered(tx, &scene, id).await?;
    let public_key = STANDARD.decode(public_key).map_err(|_| refused("malformed"))?;
    let owner = key::owner(asked.key_id, asked.person_id, scene.organization_id());
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
    let raw = Some(raw).filter(|raw| raw.len() == 64).ok_or_else(|| refused("malformed"))?;
    pki::ecdsa_value(&raw).ok_or_else(|| refused("malformed"))
}

fn refused(reason: &'static str) -> Refusal {
    Refusal::DeviceKeyRefused { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_values_of_two_numbers_of_p256_are_taken() {
        let text = |length: usize| STANDARD.encode(vec![1; length]);
        assert!(value(&text(64)).is_ok());
        for length in [3, 63, 96] {
            assert_eq!(value(&text(length)), Err(refused("malformed")), "{length}");
        }
    }
}
