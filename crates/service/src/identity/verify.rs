//! The second half of a check: a code shows that the phone is in the person's hand; then they are verified.

use domain::recipient::{RecipientStatus, Verified};
use domain::{PersonId, Refusal, mask};
use evidence::Body;
use jiff::SignedDuration;
use providers::Factor;
use store::{IdentityVerification, Person, Tx, VerificationState};

use super::code::PhoneCode;
use super::evidence as kept;
use super::link;
use super::party::{Asker, Party};
use super::start::UNDER_WAY;
use super::tries;
use crate::authority;
use crate::ceremony::Scene;
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;
use crate::notify;

/// Takes the code; a right one verifies the person.
pub(crate) async fn check_code(service: &Service, asker: &Asker<'_>, typed: &str) -> Result<(), Error> {
    let now = service.now();
    service.limiter().take(Rate::CODE, &asker.id(), now)?;
    let mut tx = service.store().begin().await?;
    let mut party = Party::load(&mut tx, asker, now).await?;
    party.require()?;
    if party.is_verified() {
        return Ok(());
    }
    let mut it = awaiting_code(&party)?;
    let mut code: PhoneCode = serde_json::from_str(&it.code)?;
    let outcome = code.check(service.server_key(), &it.id.to_string(), typed, now);
    it.code = serde_json::to_string(&code)?;
    if let Err(refusal) = outcome {
        // The try is counted even though it failed.
        tx.put_identity_verification(&it).await?;
        if matches!(refusal, Refusal::CodeLocked { .. }) {
            let body = Body::new().with("verification", it.id.to_string());
            tx.append_event(party.event("identity.code_locked", body)).await?;
        }
        tx.commit().await?;
        return Err(refusal.into());
    }
    it.proof.factors.push(Factor::PhoneCode.as_str().to_owned());
    let verified = verified(service, &mut tx, &mut party, it).await?;
    tx.commit().await?;
    if verified.released {
        service.authority().changed().await;
    }
    service.wake_jobs();
    verified.refusal.map_or(Ok(()), |refusal| Err(refusal.into()))
}

/// Sends another code.
pub(crate) async fn resend(service: &Service, asker: &Asker<'_>) -> Result<(), Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let party = Party::load(&mut tx, asker, now).await?;
    party.require()?;
    if party.is_verified() {
        return Ok(());
    }
    let mut it = awaiting_code(&party)?;
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
    notify::phone_code(service, &mut tx, party.addressee(), phone, &digits).await?;
    tx.commit().await?;
    service.wake_jobs();
    Ok(())
}

/// Gives up what was typed: one begins the step anew.
pub(crate) async fn restart(service: &Service, asker: &Asker<'_>) -> Result<(), Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut party = Party::load(&mut tx, asker, now).await?;
    party.require()?;
    if party.is_verified() {
        return Ok(());
    }
    party.give_up(&mut tx, &UNDER_WAY).await?;
    party.enter(&mut tx, None).await?;
    Ok(tx.commit().await?)
}

/// What came of a check that was passed.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Why it counts for nobody all the same.
    pub(crate) refusal: Option<Refusal>,
    /// Whether certificates were released: then the caller calls [`authority::EmbeddedAuthority::changed`] after its commit.
    pub(crate) released: bool,
}

/// The person is verified: on record, and in the ceremony, or as the one whose account it is. An account that is somebody
/// else's is refused, and the check counts for nobody. Certificates that were on hold because no check counted are released.
pub(crate) async fn verified(
    service: &Service,
    tx: &mut Tx,
    party: &mut Party,
    mut it: IdentityVerification,
) -> Result<Outcome, Error> {
    let now = party.now();
    let gone = || Error::internal("a check is verified while its data are there");
    let document = it.document.clone().ok_or_else(gone)?;
    let salt = it.salt.clone().ok_or_else(gone)?;
    let known = tx.person_by_document(&document).await?;
    // Somebody may have linked the account to another meanwhile.
    if party.linked().is_some_and(|linked| known.as_ref().is_none_or(|known| known.id != linked)) {
        it.state = VerificationState::Abandoned;
        it.erase(now);
        tx.put_identity_verification(&it).await?;
        return Ok(Outcome { refusal: Some(Refusal::AccountLinked), released: false });
    }
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
    tx.clear_attempt(tries::IDENTITY.counter, &party.id()).await?;
    let body = Body::new()
        .with("verification", it.id.to_string())
        .with("person", person.id.to_string())
        .with("name", mask::name(person.name.as_str()))
        .with("provider", it.provider.as_str())
        .with("factors", it.proof.factors.join(" "))
        .with("assurance", assurance.as_str());
    let body = kept::commit(body, &salt, &person.name, &document);
    tx.append_event(party.event("identity.verified", body)).await?;
    match party {
        Party::Signer(scene) => signed_in(service, tx, scene, it, &person).await?,
        Party::Account(holder) => link::of_check(service, tx, holder, &it, person.id).await?,
    }
    let released = authority::restored(service, tx, person.id, now).await?;
    Ok(Outcome { refusal: None, released })
}

/// The person is verified in the ceremony: in this session, and in the sender's view.
async fn signed_in(
    service: &Service,
    tx: &mut Tx,
    scene: &mut Scene,
    it: IdentityVerification,
    person: &Person,
) -> Result<(), Error> {
    scene.ceremony.identity_id = Some(it.id);
    if !matches!(scene.recipient.status, RecipientStatus::Signed | RecipientStatus::Declined) {
        scene.recipient.status = RecipientStatus::Identified;
    }
    scene.recipient.identified_at = Some(scene.now);
    scene.recipient.verified = Some(Verified {
        name_masked: mask::name(person.name.as_str()),
        how: kept::how(&it),
        organization: None,
    });
    scene.identity = Some(it);
    if scene.is_organization() {
        crate::organization::recognise(service, tx, scene, person.id).await?;
    }
    tx.put_ceremony(&scene.ceremony).await?;
    tx.save_recipient(&scene.recipient).await?;
    Ok(())
}

fn awaiting_code(party: &Party) -> Result<IdentityVerification, Refusal> {
    let current = party.identity().filter(|it| it.state == VerificationState::CodeSent).cloned();
    current.ok_or(Refusal::StepNotReady { step: "identity" })
}
