//! The check of the signer's will, apart from opening the key: a code to the phone that was verified, for one activation.

use domain::policy::WillCheck;
use domain::{Refusal, Rng};
use evidence::Body;
use jiff::Timestamp;
use keys::ServerKey;
use serde::{Deserialize, Serialize};
use store::{StoredActivation, Tx};
use zeroize::Zeroizing;

use crate::ceremony::Scene;
use crate::core::Service;
use crate::error::Error;
use crate::identity::code::PhoneCode;
use crate::{notify, view};

/// How the check stands, as it is kept with the activation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Will {
    code: PhoneCode,
    #[serde(default)]
    passed_at: Option<Timestamp>,
}

impl Will {
    /// A check for an activation, and the code to send.
    fn begin(key: &ServerKey, scope: &str, rng: &dyn Rng, now: Timestamp) -> (Self, Zeroizing<String>) {
        let (code, digits) = PhoneCode::first(key, scope, rng, now);
        (Self { code, passed_at: None }, digits)
    }
}

/// Sends the code, where the signing policy asks for one. Gives what is kept, and what the signer sees.
pub(super) async fn ask(
    service: &Service,
    tx: &mut Tx,
    scene: &Scene,
    activation: &StoredActivation,
) -> Result<Option<(String, view::WillAsked)>, Error> {
    if scene.policy.will != WillCheck::Code {
        return Ok(None);
    }
    // The phone that was verified, else the one that the sender gave: not every way to verify a person asks for one.
    let verified = scene.verified_identity().and_then(|it| it.phone.as_ref());
    let phone = verified.or(scene.recipient.phone.as_ref()).ok_or(Refusal::PolicyUnmet { what: "will" })?;
    let scope = activation.id.to_string();
    let (will, digits) = Will::begin(service.server_key(), &scope, service.rng(), scene.now);
    notify::phone_code(service, tx, scene.recipient.locale, phone, &digits).await?;
    let body = Body::new().with("activation", hex::encode(activation.digest));
    tx.append_event(scene.event("will.code_sent", body)).await?;
    let asked = view::WillAsked { phone_masked: phone.masked(), tries_left: will.code.tries_left() };
    Ok(Some((serde_json::to_string(&will)?, asked)))
}

/// Takes the code that was typed. A right one is used up; a wrong one costs a try of this activation.
pub(super) async fn check(
    service: &Service,
    scene: &Scene,
    activation: &StoredActivation,
    typed: Option<&str>,
) -> Result<(), Error> {
    let Some(kept) = &activation.will else {
        return match scene.policy.will {
            WillCheck::Key => Ok(()),
            WillCheck::Code => Err(Refusal::WillMissing.into()),
        };
    };
    let mut will: Will = serde_json::from_str(kept)?;
    if will.passed_at.is_some() {
        return Ok(());
    }
    let typed = typed.ok_or(Refusal::WillMissing)?;
    let scope = activation.id.to_string();
    let outcome = will.code.check(service.server_key(), &scope, typed, scene.now);
    if outcome.is_ok() {
        will.passed_at = Some(scene.now);
    }
    let mut tx = service.store().begin().await?;
    match tx.put_will(activation.id, &serde_json::to_string(&will)?).await {
        Err(store::Error::Conflict) => return Err(Refusal::ActivationUsed.into()),
        kept => kept?,
    }
    let body = Body::new().with("activation", hex::encode(activation.digest));
    let kind = if outcome.is_ok() { "will.confirmed" } else { "will.code_wrong" };
    tx.append_event(scene.event(kind, body)).await?;
    tx.commit().await?;
    Ok(outcome?)
}
