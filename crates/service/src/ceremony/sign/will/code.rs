//! A code to the phone that was verified, or to the address that the invitation went to.
//!
//! What was used up on codes for one activation stays used up for the next, and wrong codes are counted for the signer over
//! all activations: offering again and again neither floods a phone nor gives more guesses.

use domain::policy::WillWay;
use domain::{Phone, Refusal, mask};
use jiff::Timestamp;
use store::{Reader, StoredActivation, Tx};

use super::{Asked, Will, about, keep, state};
use crate::ceremony::Scene;
use crate::core::Service;
use crate::error::Error;
use crate::identity::code::{PhoneCode, seconds};
use crate::identity::tries::WILL_CODE;
use crate::{notify, view};

/// The phone that was verified. One that the sender gave may be anybody's; not every way to verify a person asks for one.
pub(super) fn phone(scene: &Scene) -> Option<&Phone> {
    scene.verified_identity().and_then(|it| it.phone.as_ref())
}

pub(super) async fn ask(
    service: &Service,
    tx: &mut Tx,
    scene: &Scene,
    activation: &StoredActivation,
    chosen: view::WillOffered,
) -> Result<Asked, Error> {
    let (by, scope, now) = (chosen.by, activation.id.to_string(), scene.now);
    let (key, rng) = (service.server_key(), service.rng());
    require_unlocked(tx, scene).await?;
    let before = tx.newest_code_of_will(scene.recipient.id).await?;
    let before: Option<Will> = before.as_deref().map(serde_json::from_str).transpose()?;
    let open = before.filter(|it| it.passed_at.is_none()).and_then(|it| it.code);
    let (code, digits) = match open {
        Some(previous) => PhoneCode::following(previous, key, &scope, rng, now)?,
        None => PhoneCode::first(key, &scope, rng, now),
    };
    let unavailable = Refusal::WillUnavailable { way: by.as_str() };
    if by == WillWay::Email {
        let email = scene.recipient.email.as_ref().ok_or(unavailable)?;
        let title = scene.contents.envelope.title.clone();
        notify::mail_code(service, tx, &scene.recipient, email, &digits, title).await?;
    } else {
        let phone = phone(scene).ok_or(unavailable)?;
        let to = (Some(&scene.recipient), scene.recipient.locale);
        notify::phone_code(service, tx, to, phone, &digits).await?;
    }
    tx.append_event(scene.event("will.code_sent", about(activation, by))).await?;
    let will = Will { code: Some(code), ..Will::by(by) };
    let view = Some(view_of(tx, scene, &will).await?);
    Ok(Asked { kept: Some(will), view, face: None })
}

/// A right code is used up; a wrong one costs the signer a try, whichever activation it was typed for.
pub(super) async fn check(
    service: &Service,
    scene: &Scene,
    activation: &StoredActivation,
    mut will: Will,
    typed: Option<&str>,
) -> Result<(), Error> {
    let typed = typed.ok_or(Refusal::WillMissing)?;
    let scope = activation.id.to_string();
    let code = will.code.as_mut().ok_or(Refusal::WillMissing)?;
    let mut tx = service.store().begin().await?;
    require_unlocked(&mut tx, scene).await?;
    let subject = scene.recipient.id.to_string();
    let outcome = match code.check(service.server_key(), &scope, typed, scene.now) {
        Ok(()) => {
            will.passed_at = Some(scene.now);
            tx.clear_attempt(WILL_CODE.counter, &subject).await?;
            Ok(())
        }
        Err(Refusal::CodeWrong { .. } | Refusal::CodeLocked { .. }) => {
            Err(match WILL_CODE.fail(&mut tx, &subject, scene.now).await? {
                0 => locked(scene.now + WILL_CODE.rest, scene),
                tries_left => Refusal::CodeWrong { tries_left },
            })
        }
        Err(refusal) => return Err(refusal.into()),
    };
    let kind = if outcome.is_ok() { "will.confirmed" } else { "will.code_wrong" };
    keep(&mut tx, scene, activation, &will, kind, about(activation, will.by)).await?;
    if matches!(outcome, Err(Refusal::CodeLocked { .. })) {
        tx.append_event(scene.event("will.locked", about(activation, will.by))).await?;
    }
    tx.commit().await?;
    Ok(outcome?)
}

/// Passes where the signer may still guess.
async fn require_unlocked(reader: &mut Reader, scene: &Scene) -> Result<(), Error> {
    let until = WILL_CODE.locked(reader, &scene.recipient.id.to_string(), scene.now).await?;
    until.map_or(Ok(()), |until| Err(locked(until, scene).into()))
}

fn locked(until: Timestamp, scene: &Scene) -> Refusal {
    Refusal::CodeLocked { retry_after: seconds(until.duration_since(scene.now)) }
}

pub(super) async fn view_of(
    reader: &mut Reader,
    scene: &Scene,
    will: &Will,
) -> Result<view::WillAsked, Error> {
    let left = WILL_CODE.left(reader, &scene.recipient.id.to_string(), scene.now).await?;
    let to = match will.by {
        WillWay::Email => scene.recipient.email.as_ref().map(|email| mask::email(email.as_str())),
        _ => phone(scene).map(Phone::masked),
    };
    Ok(view::WillAsked {
        by: will.by,
        to,
        state: state(will.passed_at.is_some()),
        tries_left: will.code.as_ref().map_or(0, |code| code.tries_left().min(left)),
        resend_at: will.code.as_ref().map(|code| code.resend_at().into()),
        page: None,
        refused: None,
        passkey: None,
    })
}
