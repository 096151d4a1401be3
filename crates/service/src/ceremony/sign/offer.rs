//! Signing in two steps: the activation is offered, saying what exactly will be signed; then it is used, with what opens the
//! key (a passkey that signed its digest, a PIN, or a signature value that the signer's device made) and, where the signing
//! policy asks for it, a code.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::policy::Custody;
use domain::{ActivationId, Draw, KeyId, Locale, Refusal};
use evidence::Body;
use jiff::{SignedDuration, Timestamp};
use keys::passkey::{Assertion, AssertionResponse, PasskeyError};
use keys::{Factor, PasskeyFactor, Statement};
use rand_core::Rng as _;
use serde::Deserialize;
use store::{ActivationState, StoredActivation, StoredPasskey};

use super::will::{self, WillChoice};
use super::{Asked, By, Opening, ShownDocument, attempt, ended, make, prepare};
use crate::ceremony::scene::opened_by;
use crate::ceremony::{Scene, Signer, device, lock, passkey, show};
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;
use crate::secret::Secret;
use crate::view;

/// How long the signer may take to touch the sensor, or to type the code.
const LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// What a passkey signed over an activation, judged.
pub(in crate::ceremony) struct Asserted {
    pub(super) assertion: Assertion,
    /// With its counter as the assertion tells it.
    pub(super) passkey: StoredPasskey,
    pub(super) factor: Factor,
}

/// What the signer brings to an offered activation: one thing that opens the key, and the code where one is asked for.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Agreement {
    /// AuthenticationResponseJSON of WebAuthn, as text.
    #[cfg_attr(feature = "schema", schema(nullable = false))]
    pub credential: Option<String>,
    /// The PIN.
    #[cfg_attr(feature = "schema", schema(nullable = false, value_type = Option<String>))]
    pub pin: Option<Secret>,
    /// The signature value that the device made over `to_be_signed`: r and s, base64.
    #[cfg_attr(feature = "schema", schema(nullable = false))]
    pub signature: Option<String>,
    /// The code for this activation, where the will is shown by one.
    #[cfg_attr(feature = "schema", schema(nullable = false))]
    pub code: Option<String>,
}

/// Offers an activation: says what exactly will be signed, and begins the check of the will that the signer chooses, where
/// the signing policy asks for one.
///
/// # Errors
/// As [`super::sign`], but for the PIN; [`Refusal::WillUnavailable`], [`Refusal::ResendTooSoon`], [`Refusal::CodeLocked`],
/// [`Refusal::DataConsentMissing`], [`Refusal::ProviderUnavailable`].
pub async fn offer(
    service: &Service,
    signer: &Signer,
    locale: Locale,
    shown: Vec<ShownDocument>,
    choice: &WillChoice,
) -> Result<view::Activation, Error> {
    let now = service.now();
    service.limiter().take(Rate::PIN, &signer.recipient().to_string(), now)?;
    // What two offers at once use up on codes is counted for both.
    let _one = lock::hold(&signer.recipient().to_string()).await;
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    let mut nonce = [0; 16];
    Draw(service.rng()).fill_bytes(&mut nonce);
    let work = prepare(service, &scene, &Asked { locale, shown, at: now, nonce }).await?;
    let factor = opened_by(&work.key);
    let passkey = match factor {
        Custody::Passkey => Some(reader.passkey_of(work.key_id).await?.ok_or(Error::NotFound)?),
        _ => None,
    };
    drop(reader);
    let ready = {
        let (service, work) = (service.clone(), Arc::clone(&work));
        tokio::task::spawn_blocking(move || make::ready(&service, &work)).await??
    };
    let canonical = String::from_utf8(ready.activation.canonical()).map_err(Error::internal)?;
    let mut offered = StoredActivation {
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
        will: None,
    };
    let mut tx = service.store().begin().await?;
    let mut asked = will::ask(service, &mut tx, &scene, &offered, choice).await?;
    offered.will = asked.kept()?;
    let expires_at = now + asked.lifetime(LIFETIME);
    offered.expires_at = Some(expires_at);
    tx.insert_activation(&offered).await?;
    tx.commit().await?;
    service.wake_jobs();
    will::begin(service, signer, offered.id, &mut asked).await?;
    Ok(view::Activation {
        id: offered.id.to_string(),
        canonical,
        digest: hex::encode(offered.digest),
        expires_at: expires_at.into(),
        passkey: passkey.map(|it| view::ActivationPasskey {
            relying_party: it.relying_party.id,
            credential_id: passkey::base64url(&it.passkey.credential_id),
            prf: passkey::needs_prf(&work.key).then(|| passkey::prf_input(work.key_id)),
        }),
        to_be_signed: (factor == Custody::Device).then(|| STANDARD.encode(ready.to_be_signed())),
        will: asked.view,
    })
}

/// Signs with an offered activation. Of several uses of one activation, one wins; a signer who has signed already sees so.
///
/// # Errors
/// [`Refusal::ActivationUsed`], [`Refusal::ActivationExpired`], [`Refusal::PasskeyRefused`], [`Refusal::DeviceKeyRefused`],
/// [`Refusal::CodeWrong`], [`Refusal::WillMissing`], and as [`super::sign`].
pub async fn sign_offered(
    service: &Service,
    signer: &Signer,
    activation: ActivationId,
    mut opened: Agreement,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::PIN, &signer.recipient().to_string(), now)?;
    // Tries of one activation are counted one after the other.
    let _one = lock::hold(&activation.to_string()).await;
    let mut reader = service.store().read().await?;
    let offered = reader.activation(activation).await?;
    let offered = offered.filter(|it| it.recipient_id == signer.recipient()).ok_or(Error::NotFound)?;
    match offered.state {
        ActivationState::Offered => {}
        ActivationState::Used => return show(service, signer).await,
        ActivationState::Spent => return Err(Refusal::ActivationUsed.into()),
    }
    in_time(&offered, now)?;
    let statement = Statement::from_canonical(offered.canonical.as_bytes());
    let statement = statement.ok_or_else(|| Error::internal("a stored activation is not canonical"))?;
    let asked = asked(&statement).ok_or_else(|| Error::internal("a stored activation cannot be read"))?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    drop(reader);
    // The key that was offered, and no other that came into use meanwhile.
    if scene.key.as_ref().is_some_and(|it| it.key.id != offered.key_id) {
        return Err(Refusal::DocumentChanged.into());
    }
    // The will first: a code that is wrong opens nothing, and tells nothing of PIN or passkey.
    let witness = will::check(service, signer, &scene, &offered, &mut opened).await?;
    let by = match opened {
        Agreement { credential: Some(credential), .. } => {
            let stored = stored(service, offered.key_id).await?;
            match judge(&offered, stored, &credential) {
                Ok(asserted) => By::Passkey(Box::new(asserted)),
                Err(error) => return Err(refused(service, signer, &error).await?.into()),
            }
        }
        Agreement { signature: Some(value), .. } => By::Device(device::value(&value)?),
        Agreement { pin: Some(pin), .. } => By::Pin(Factor::pin(&pin)),
        _ => return Err(Refusal::StepNotReady { step: "confirm" }.into()),
    };
    let opening = Arc::new(Opening { offered: Some(offered), by, witness });
    match attempt(service, signer, &opening, &asked).await? {
        Some(ceremony) => ended(service, signer, ceremony).await,
        None => Err(Refusal::DocumentChanged.into()),
    }
}

pub(super) fn in_time(offered: &StoredActivation, now: Timestamp) -> Result<(), Refusal> {
    let over = offered.expires_at.is_none_or(|until| until <= now);
    if over { Err(Refusal::ActivationExpired) } else { Ok(()) }
}

async fn stored(service: &Service, key: KeyId) -> Result<StoredPasskey, Error> {
    let found = service.store().read().await?.passkey_of(key).await?;
    Ok(found.ok_or(Refusal::CustodyRefused { custody: Custody::Passkey.as_str() })?)
}

/// What the browser sent, judged against the activation and the passkey on record.
pub(in crate::ceremony) fn judge(
    offered: &StoredActivation,
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
    Ok(Asserted { assertion: response.assertion, passkey: stored, factor })
}

/// Says on record that a passkey's answer was refused.
pub(in crate::ceremony) async fn refused(
    service: &Service,
    signer: &Signer,
    error: &PasskeyError,
) -> Result<Refusal, Error> {
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
