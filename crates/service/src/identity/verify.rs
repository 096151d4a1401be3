//! The second half of a check: a code shows that the phone is in the person's hand; then they are verified.

use domain::ceremony::Step;
use domain::recipient::{RecipientStatus, Verified};
use domain::{PersonId, Refusal, mask};
use evidence::Body;
use jiff::SignedDuration;
use providers::Factor;
use store::{IdentityVerification, Person, Tx, VerificationState};

use super::code::PhoneCode;
use super::evidence as kept;
use super::start::ATTEMPTS;
use crate::ceremony::{Scene, Signer, show_ceremony};
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;
use crate::{notify, view};

/// Takes the code; a right one verifies the person.
pub(crate) async fn check_code(
    service: &Service,
    signer: &Signer,
    typed: &str,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::CODE, &signer.recipient().to_string(), now)?;
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Identity)?;
    if scene.verified_identity().is_some() {
        return show_ceremony(service, &mut tx, &scene).await;
    }
    let mut it = awaiting_code(&scene)?;
    let mut code: PhoneCode = serde_json::from_str(&it.code)?;
    let outcome = code.check(service.server_key(), &it.id.to_string(), typed, now);
    it.code = serde_json::to_string(&code)?;
    if let Err(refusal) = outcome {
        // The try is counted even though it failed.
        tx.put_identity_verification(&it).await?;
        if matches!(refusal, Refusal::CodeLocked { .. }) {
            let body = Body::new().with("verification", it.id.to_string());
            tx.append_event(scene.event("identity.code_locked", body)).await?;
        }
        tx.commit().await?;
        return Err(refusal.into());
    }
    it.proof.factors.push(Factor::PhoneCode.as_str().to_owned());
    verified(service, &mut tx, &mut scene, it).await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

/// Sends another code.
pub(crate) async fn resend(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Identity)?;
    if scene.verified_identity().is_some() {
        return show_ceremony(service, &mut tx, &scene).await;
    }
    let mut it = awaiting_code(&scene)?;
    let mut code: PhoneCode = serde_json::from_str(&it.code)?;
    let outcome = code.again(service.server_key(), &it.id.to_string(), service.rng(), now);
    it.code = serde_json::to_string(&code)?;
    tx.put_identity_verification(&it).await?;
    let digits = match outcome {
        Ok(digits) => digits,
        Err(refusal) => {
            tx.commit().await?;
            return Err(refusal.into());
        }
    };
    let phone = it.phone.as_ref().ok_or(Refusal::StepNotReady { step: "identity" })?;
    notify::phone_code(service, &mut tx, &scene.recipient, phone, &digits).await?;
    scene.identity = Some(it);
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    service.wake_jobs();
    Ok(ceremony)
}

/// Gives up what was typed: the signer begins the step anew.
pub(crate) async fn restart(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Identity)?;
    let verified = scene.verified_identity().is_some();
    if let Some(mut it) = scene.identity.take().filter(|_| !verified) {
        let open = [VerificationState::Asked, VerificationState::Pending, VerificationState::CodeSent];
        if open.contains(&it.state) {
            it.state = VerificationState::Abandoned;
            it.erase(now);
            tx.put_identity_verification(&it).await?;
        }
        scene.session.identity_id = None;
        tx.put_signing_session(&scene.session, now).await?;
    }
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

/// The person is verified: on record, in this session, and in the sender's view.
pub(super) async fn verified(
    service: &Service,
    tx: &mut Tx,
    scene: &mut Scene,
    mut it: IdentityVerification,
) -> Result<(), Error> {
    let now = scene.now;
    let gone = || Error::internal("a check is verified while its data are there");
    let document = it.document.clone().ok_or_else(gone)?;
    let salt = it.salt.clone().ok_or_else(gone)?;
    let known = tx.person_by_document(&document).await?;
    let person = Person {
        id: known.as_ref().map_or_else(|| PersonId::new(service.clock(), service.rng()), |known| known.id),
        document: document.clone(),
        phone: it.phone.clone(),
        name: it.name.clone(),
        created_at: known.as_ref().map_or(now, |known| known.created_at),
        verified_at: now,
    };
    tx.put_person(&person).await?;
    let assurance = kept::assurance(&it.proof.factors);
    it.state = VerificationState::Verified;
    it.person_id = Some(person.id);
    it.assurance = Some(assurance);
    it.verified_at = Some(now);
    it.expires_at = Some(now + SignedDuration::from_hours(24 * i64::from(assurance.lasts_days())));
    tx.put_identity_verification(&it).await?;
    tx.clear_attempt(ATTEMPTS, &scene.recipient.id.to_string()).await?;
    scene.ceremony.identity_id = Some(it.id);
    if !matches!(scene.recipient.status, RecipientStatus::Signed | RecipientStatus::Declined) {
        scene.recipient.status = RecipientStatus::Identified;
    }
    scene.recipient.identified_at = Some(now);
    scene.recipient.verified = Some(Verified {
        name_masked: mask::name(person.name.as_str()),
        how: kept::how(&it),
        organization: None,
    });
    let body = Body::new()
        .with("verification", it.id.to_string())
        .with("person", person.id.to_string())
        .with("name", mask::name(person.name.as_str()))
        .with("provider", it.provider.as_str())
        .with("factors", it.proof.factors.join(" "))
        .with("assurance", assurance.as_str());
    let body = kept::commit(body, &salt, &person.name, &document);
    scene.identity = Some(it);
    tx.append_event(scene.event("identity.verified", body)).await?;
    if scene.is_organization() {
        crate::organization::recognise(service, tx, scene, person.id).await?;
    }
    tx.put_ceremony(&scene.ceremony).await?;
    tx.save_recipient(&scene.recipient).await?;
    Ok(())
}

fn awaiting_code(scene: &Scene) -> Result<IdentityVerification, Refusal> {
    let current = scene.identity.clone().filter(|it| it.state == VerificationState::CodeSent);
    current.ok_or(Refusal::StepNotReady { step: "identity" })
}
