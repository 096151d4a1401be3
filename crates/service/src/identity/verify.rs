//! Verifying a person: the register compares name, ID number and phone; a code shows that the phone is in their hand.

use domain::ceremony::Step;
use domain::recipient::{RecipientStatus, Verified};
use domain::{Name, PersonId, Phone, Refusal, ResidentId, VerificationId, mask};
use evidence::Body;
use jiff::{SignedDuration, Timestamp};
use store::{Attempt, IdentityVerification, Person, Proof, Tx, VerificationState};

use super::code::{PhoneCode, seconds};
use super::provider::{Answer, Factor, PersonCheck, PersonMismatch, PersonVerdict};
use crate::ceremony::{Scene, Signer, how_person, show_ceremony};
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;
use crate::{notify, view};

/// How many mismatches a recipient may cause before a rest.
const TRIES: u32 = 5;
const REST: SignedDuration = SignedDuration::from_hours(1);
const ATTEMPTS: &str = "identity";
/// How long a verification counts.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 365);
const FACTORS: [Factor; 3] = [Factor::Name, Factor::IdNumber, Factor::Phone];

/// Compares what the signer gave with the register and sends a code to the phone.
pub(crate) async fn start(
    service: &Service,
    signer: &Signer,
    name: &str,
    id_number: &str,
    phone: &str,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::CODE, &signer.recipient().to_string(), now)?;
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    scene.require(Step::Identity)?;
    if scene.verified_identity().is_some() {
        return show_ceremony(service, &mut reader, &scene).await;
    }
    let check = PersonCheck {
        order: VerificationId::new(service.clock(), service.rng()).to_string(),
        name: Name::parse(name)?,
        id_number: ResidentId::parse(id_number, now).map_err(Refusal::from)?,
        phone: Phone::parse(phone)?,
        factors: FACTORS.to_vec(),
    };
    if !check.id_number.is_adult(now) {
        return Err(Refusal::IdentityUnderage.into());
    }
    if !check.name.matches(&scene.recipient.name) {
        let expected = mask::name(scene.recipient.name.as_str());
        return Err(Refusal::RecipientNameMismatch { expected }.into());
    }
    require_tries(reader.attempt(ATTEMPTS, &scene.recipient.id.to_string()).await?, now)?;
    drop(reader);
    // The provider may take its time: no transaction is held meanwhile.
    let answer = service.providers().people.start(&check).await.map_err(Error::internal)?;
    match answer.verdict.clone() {
        PersonVerdict::Passed { factors, .. } => passed(service, signer, check, &answer, &factors).await,
        PersonVerdict::Refused(mismatch) => Err(refused(service, signer, &answer, mismatch).await?.into()),
        PersonVerdict::Pending { .. } => Err(Error::internal("this provider must answer at once")),
    }
}

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
    notify::phone_code(service, &mut tx, &scene.recipient, &it.phone, &digits).await?;
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
    if let Some(mut it) = scene.identity.take().filter(|it| it.state == VerificationState::CodeSent) {
        it.state = VerificationState::Abandoned;
        tx.put_identity_verification(&it).await?;
        scene.session.identity_id = None;
        tx.put_signing_session(&scene.session, now).await?;
    }
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

async fn passed(
    service: &Service,
    signer: &Signer,
    check: PersonCheck,
    answer: &Answer<PersonVerdict>,
    factors: &[Factor],
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    let id: VerificationId = check.order.parse().map_err(Error::internal)?;
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Identity)?;
    let given_up = tx.newest_identity_verification(signer.recipient()).await?;
    let given_up = given_up.filter(|it| it.state != VerificationState::Verified);
    let (code, digits) = match given_up {
        Some(it) => {
            let previous = serde_json::from_str(&it.code)?;
            PhoneCode::following(previous, service.server_key(), &check.order, service.rng(), now)?
        }
        None => PhoneCode::first(service.server_key(), &check.order, service.rng(), now),
    };
    let it = IdentityVerification {
        id,
        recipient_id: signer.recipient(),
        person_id: None,
        state: VerificationState::CodeSent,
        provider: service.providers().people.name().to_owned(),
        name: check.name,
        number: check.id_number,
        phone: check.phone,
        code: serde_json::to_string(&code)?,
        proof: Proof {
            transaction: answer.transaction.clone(),
            factors: factors.iter().map(|factor| factor.as_str().to_owned()).collect(),
            answer_sha256: hex::encode(pki::sha256(&answer.raw)),
            at: answer.at,
        },
        answer: String::from_utf8_lossy(&answer.raw).into_owned(),
        created_at: now,
        verified_at: None,
        expires_at: None,
    };
    tx.put_identity_verification(&it).await?;
    scene.session.identity_id = Some(id);
    tx.put_signing_session(&scene.session, now).await?;
    let body = Body::new()
        .with("verification", id.to_string())
        .with("provider", it.provider.as_str())
        .with("transaction", it.proof.transaction.as_str())
        .with("answer", it.proof.answer_sha256.as_str());
    tx.append_event(scene.event("identity.checked", body)).await?;
    notify::phone_code(service, &mut tx, &scene.recipient, &it.phone, &digits).await?;
    scene.identity = Some(it);
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    service.wake_jobs();
    Ok(ceremony)
}

/// Counts the mismatch, and gives the refusal.
async fn refused(
    service: &Service,
    signer: &Signer,
    answer: &Answer<PersonVerdict>,
    mismatch: PersonMismatch,
) -> Result<Refusal, Error> {
    let now = service.now();
    let refusal = match mismatch {
        PersonMismatch::Identity => Refusal::IdentityMismatch,
        PersonMismatch::Phone => Refusal::PhoneMismatch,
    };
    let subject = signer.recipient().to_string();
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let counted = tx.attempt(ATTEMPTS, &subject).await?.filter(|it| now.duration_since(it.first_at) < REST);
    let mut attempt = counted.unwrap_or(Attempt { failed: 0, first_at: now, locked_until: None });
    attempt.failed += 1;
    if attempt.failed >= TRIES {
        attempt.locked_until = Some(now + REST);
    }
    tx.save_attempt(ATTEMPTS, &subject, attempt).await?;
    let body = Body::new()
        .with("reason", refusal.code())
        .with("provider", service.providers().people.name())
        .with("transaction", answer.transaction.as_str());
    tx.append_event(scene.event("identity.refused", body)).await?;
    tx.commit().await?;
    Ok(refusal)
}

/// The person is verified: on record, in this session, and in the sender's view.
async fn verified(
    service: &Service,
    tx: &mut Tx,
    scene: &mut Scene,
    mut it: IdentityVerification,
) -> Result<(), Error> {
    let now = scene.now;
    let known = tx.person_by_number(&it.number).await?;
    let person = Person {
        id: known.as_ref().map_or_else(|| PersonId::new(service.clock(), service.rng()), |known| known.id),
        number: it.number.clone(),
        phone: it.phone.clone(),
        name: it.name.clone(),
        created_at: known.as_ref().map_or(now, |known| known.created_at),
        verified_at: now,
    };
    tx.put_person(&person).await?;
    it.state = VerificationState::Verified;
    it.person_id = Some(person.id);
    it.verified_at = Some(now);
    it.expires_at = Some(now + LIFETIME);
    it.proof.factors.push(Factor::PhoneCode.as_str().to_owned());
    tx.put_identity_verification(&it).await?;
    tx.clear_attempt(ATTEMPTS, &scene.recipient.id.to_string()).await?;
    scene.ceremony.identity_id = Some(it.id);
    if !matches!(scene.recipient.status, RecipientStatus::Signed | RecipientStatus::Declined) {
        scene.recipient.status = RecipientStatus::Identified;
    }
    scene.recipient.identified_at = Some(now);
    scene.recipient.verified = Some(Verified {
        name_masked: mask::name(person.name.as_str()),
        how: how_person(),
        organization: None,
    });
    let body = Body::new()
        .with("verification", it.id.to_string())
        .with("person", person.id.to_string())
        .with("name", mask::name(person.name.as_str()))
        .with("provider", it.provider.as_str())
        .with("factors", it.proof.factors.join(" "));
    tx.append_event(scene.event("identity.verified", body)).await?;
    if scene.is_organization() {
        crate::organization::recognise(tx, scene, person.id).await?;
    }
    tx.put_ceremony(&scene.ceremony).await?;
    tx.save_recipient(&scene.recipient).await?;
    Ok(())
}

fn awaiting_code(scene: &Scene) -> Result<IdentityVerification, Refusal> {
    let current = scene.identity.clone().filter(|it| it.state == VerificationState::CodeSent);
    current.ok_or(Refusal::StepNotReady { step: "identity" })
}

fn require_tries(attempt: Option<Attempt>, now: Timestamp) -> Result<(), Refusal> {
    match attempt.and_then(|attempt| attempt.locked_until) {
        Some(until) if now < until => {
            Err(Refusal::IdentityTries { retry_after: seconds(until.duration_since(now)) })
        }
        _ => Ok(()),
    }
}
