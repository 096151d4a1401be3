//! A key that the signer's own device made and keeps: the server has the public half alone.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ceremony::Step;
use domain::policy::Custody;
use domain::{ChallengeId, Refusal};
use keys::{KeyOwner, Protection, StoredKey};
use pki::ca::CertificationRequest;
use pki::{KeyAlgorithm, SignatureAlgorithm};
use store::{Organization, Reader};

use super::{Scene, Signer, challenge, key, lock, show};
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;
use crate::view;

/// The bytes of a SubjectPublicKeyInfo on P-256 (RFC 5480 §2).
const PUBLIC_KEY: usize = 91;

/// What a device is asked that is about to make a key: what it signs around the public key to show that it has the key, which
/// is the request for its certificate (RFC 2986 §4.1).
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
    let organization = organization(&mut tx, &scene).await?;
    tx.commit().await?;
    let (profile, subject) = key::subject(&scene, asked.person_id, organization.as_ref());
    let (before, behind) = CertificationRequest::info_around(&subject, profile, PUBLIC_KEY);
    Ok(view::DeviceOptions {
        id: asked.id.to_string(),
        possession: STANDARD.encode(before),
        behind: STANDARD.encode(behind),
        expires_at: asked.expires_at.into(),
    })
}

/// Takes the public half of a key that the device made, and has it certified. `proof` is the device's signature over the
/// options' `possession`, the public key and `behind`: r and s, base64.
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
    if scene.key.is_some() || scene.pending.is_some() {
        return show::ceremony(service, &mut tx, &scene).await;
    }
    scene.require_custody(Custody::Device, Custody::Device)?;
    let organization = organization(&mut tx, &scene).await?;
    let asked = challenge::answered(tx, &scene, id).await?;
    let public_key = STANDARD.decode(public_key).map_err(|_| refused("malformed"))?;
    let owner = key::owner(asked.key_id, asked.person_id, scene.organization_id());
    let (profile, subject) = key::subject(&scene, asked.person_id, organization.as_ref());
    let message = CertificationRequest::info(&subject, profile, &public_key);
    let stored = stored(owner, public_key, &message, value(proof)?)?;
    key::certify(
        service,
        signer,
        &scene,
        key::Made { id: asked.key_id, stored, passkey: None, adopted: false },
    )
    .await
}

/// Whose seal it is.
async fn organization(reader: &mut Reader, scene: &Scene) -> Result<Option<Organization>, Error> {
    match scene.organization_id() {
        Some(id) => Ok(Some(reader.organization(id).await?.ok_or(Error::NotFound)?)),
        None => Ok(None),
    }
}

/// A key on P-256 whose holder showed that they have it: it signed the request for its certificate.
fn stored(
    owner: KeyOwner,
    public_key: Vec<u8>,
    message: &[u8],
    proof: Vec<u8>,
) -> Result<StoredKey, Refusal> {
    let algorithm = KeyAlgorithm::P256;
    if pki::public_key_algorithm(&public_key) != Some(algorithm) {
        return Err(refused("malformed"));
    }
    pki::verify(&public_key, SignatureAlgorithm::EcdsaSha256, message, &proof)
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
