//! A passkey that opens the signer's key: registered, and the key sealed under it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ceremony::Step;
use domain::policy::Custody;
use domain::{ChallengeId, KeyId, PasskeyId, Refusal, mask};
use keys::passkey::{AssertionResponse, PasskeyError, RegistrationResponse};
use keys::{Factor, PasskeyFactor, SealedByPasskey, StoredKey};
use store::{PasskeyChallenge, Reader, StoredPasskey};

use super::scene::passkey_on;
use super::{Scene, Signer, challenge, key, lock, show};
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;
use crate::view;

/// ES256, RS256, EdDSA: what browsers and authenticators have (RFC 9053, RFC 8812).
const ALGORITHMS: [i32; 3] = [-7, -257, -8];

/// What a new passkey is asked.
///
/// # Errors
/// [`Refusal::PasskeyUnavailable`], [`Refusal::CustodyRefused`], [`Refusal::StepNotReady`].
pub async fn passkey_options(service: &Service, signer: &Signer) -> Result<view::PasskeyOptions, Error> {
    passkey_options_in(service, signer, Custody::Passkey).await
}

/// The same for a key in this custody: [`Custody::Pkcs11`] for an organization's in the hardware module.
///
/// # Errors
/// As [`passkey_options`].
pub async fn passkey_options_in(
    service: &Service,
    signer: &Signer,
    custody: Custody,
) -> Result<view::PasskeyOptions, Error> {
    let now = service.now();
    service.limiter().take(Rate::PIN, &signer.recipient().to_string(), now)?;
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Key)?;
    scene.require_custody(custody, Custody::Passkey)?;
    let asked = challenge::ask(service, &mut tx, &scene).await?;
    let options = options(service, &mut tx, &scene, &asked).await?;
    tx.commit().await?;
    Ok(options)
}

/// The question as browsers put it to authenticators.
pub(super) async fn options(
    service: &Service,
    reader: &mut Reader,
    scene: &Scene,
    asked: &PasskeyChallenge,
) -> Result<view::PasskeyOptions, Error> {
    let us = service.config().relying_party().ok_or(Refusal::PasskeyUnavailable)?;
    let identity = scene.verified_identity().ok_or(Error::NotFound)?;
    let known = reader.passkeys(asked.person_id).await?;
    Ok(view::PasskeyOptions {
        id: asked.id.to_string(),
        challenge: base64url(&asked.challenge),
        relying_party: us.id,
        user_id: user_id(service, asked.key_id),
        // Authenticators list their passkeys by this name.
        user_name: match scene.verified_organization().filter(|_| scene.is_organization()) {
            Some(it) => it.name.as_str().to_owned(),
            None => mask::name(identity.name.as_str()),
        },
        algorithms: ALGORITHMS.to_vec(),
        exclude: known
            .iter()
            .filter(|it| scene.key.as_ref().is_some_and(|held| held.key.id == it.key_id))
            .map(|it| base64url(&it.passkey.credential_id))
            .collect(),
        prf: prf_input(asked.key_id),
        expires_at: asked.expires_at.into(),
    })
}

/// Registers a passkey, makes a key that opens with it, and has it certified. `assertion` is what the passkey signed over
/// the same challenge, where its function had to be asked for in a second step.
///
/// # Errors
/// [`Refusal::PasskeyRefused`], [`Refusal::ActivationExpired`], [`Refusal::CustodyRefused`], [`Refusal::StepNotReady`].
pub async fn passkey_key(
    service: &Service,
    signer: &Signer,
    id: ChallengeId,
    credential: &str,
    assertion: Option<&str>,
) -> Result<view::Ceremony, Error> {
    passkey_key_in(service, signer, id, Custody::Passkey, Registered { credential, assertion }).await
}

/// What a browser says of a new passkey.
#[derive(Debug, Clone, Copy)]
pub struct Registered<'a> {
    /// RegistrationResponseJSON of WebAuthn.
    pub credential: &'a str,
    /// AuthenticationResponseJSON over the same challenge, where the passkey's function took a second step.
    pub assertion: Option<&'a str>,
}

/// The same for a key in this custody.
///
/// # Errors
/// As [`passkey_key`]; [`Refusal::TokenAway`].
pub async fn passkey_key_in(
    service: &Service,
    signer: &Signer,
    id: ChallengeId,
    custody: Custody,
    registered: Registered<'_>,
) -> Result<view::Ceremony, Error> {
    let Registered { credential, assertion } = registered;
    let now = service.now();
    service.limiter().take(Rate::PIN, &signer.recipient().to_string(), now)?;
    // Two tabs make one key.
    let _one = lock::hold(&signer.recipient().to_string()).await;
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Key)?;
    if scene.key.is_some() || scene.pending.is_some() {
        return show::ceremony(service, &mut tx, &scene).await;
    }
    scene.require_custody(custody, Custody::Passkey)?;
    let asked = challenge::answered(tx, &scene, id).await?;
    let (stored, factor) = register(service, &asked, credential, assertion)
        .map_err(|error| Refusal::PasskeyRefused { reason: reason(&error) })?;
    key::make(
        service,
        signer,
        &scene,
        key::NewKey { id: asked.key_id, custody, factor, passkey: Some(stored) },
    )
    .await
}

pub(super) fn register(
    service: &Service,
    asked: &PasskeyChallenge,
    credential: &str,
    assertion: Option<&str>,
) -> Result<(StoredPasskey, Factor), PasskeyError> {
    let us = service.config().relying_party();
    let us = us.ok_or(PasskeyError::Malformed("this server has no address for passkeys"))?;
    let response = RegistrationResponse::from_json(credential)?;
    let mut passkey = us.register(&asked.challenge, &response)?;
    let mut prf = response.prf.clone();
    if let Some(assertion) = assertion {
        let response = AssertionResponse::from_json(assertion)?;
        if response.credential_id != passkey.credential_id {
            return Err(PasskeyError::OtherCredential);
        }
        let seen = response.assertion.verify(&us, &passkey, &asked.challenge)?;
        passkey.note(seen)?;
        prf = response.prf.or(prf);
    }
    let stored = StoredPasskey {
        id: PasskeyId::new(service.clock(), service.rng()),
        person_id: asked.person_id,
        key_id: asked.key_id,
        passkey: passkey.clone(),
        registration: response.registration(),
        relying_party: us.clone(),
        created_at: service.now(),
        last_used_at: None,
    };
    let factor = PasskeyFactor { relying_party: us, passkey, assertion: None, prf };
    Ok((stored, Factor::Passkey(Box::new(factor))))
}

/// What the function is asked for: another input for each key, so that no output opens two.
pub(super) fn prf_input(key: KeyId) -> String {
    base64url(&pki::sha256(format!("vermilion signing key\n{key}\n").as_bytes()))
}

/// Whether the passkey's function is part of what seals the key.
pub(super) fn needs_prf(key: &StoredKey) -> bool {
    passkey_on(key).is_some_and(SealedByPasskey::needs_prf)
}

/// One handle for each key: a passkey for a new key never replaces another in the authenticator (WebAuthn §5.4.3).
fn user_id(service: &Service, key: KeyId) -> String {
    base64url(&service.server_key().index("passkey-user", key.to_string().as_bytes()))
}

pub(super) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A word for what is wrong.
pub(super) fn reason(error: &PasskeyError) -> &'static str {
    match error {
        PasskeyError::UserNotVerified | PasskeyError::UserNotPresent => "not_verified",
        PasskeyError::OtherChallenge | PasskeyError::OtherCeremony => "other_challenge",
        PasskeyError::OtherOrigin { .. } | PasskeyError::OtherRelyingParty | PasskeyError::Framed => {
            "other_site"
        }
        PasskeyError::OtherCredential => "other_passkey",
        PasskeyError::Cloned { .. } => "cloned",
        PasskeyError::Signature => "signature",
        _ => "malformed",
    }
}
