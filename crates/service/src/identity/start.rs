//! Starting a check: consents and order on record, then the question, then what came of it.

use domain::ceremony::Step;
use domain::{Locale, Refusal, VerificationId};
use evidence::Body;
use providers::{Fault, PersonCheck, PersonMethod, PersonProvider, ProviderError};
use store::{
    Attempt, CheckedFor, ConsentDecision, FacesOf, IdentityVerification, Proof, Purpose, Reader,
    VerificationState,
};

use super::code::{PhoneCode, seconds};
use super::evidence::reached_by;
use super::input::{ConsentInput, PersonInput};
use super::party::{Asker, Party};
use super::settle::settle;
use super::{consent, evidence as kept, mine, tries};
use crate::ceremony::{Scene, Signer, hold, show_ceremony};
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;
use crate::{review, view};

/// The states of a check that may still verify somebody.
pub(super) const UNDER_WAY: [VerificationState; 3] =
    [VerificationState::Asked, VerificationState::Pending, VerificationState::CodeSent];
/// Why a check ended whose consent was taken back.
pub(crate) const CONSENT_WITHDRAWN: &str = "consent_withdrawn";
/// When to come back where somebody has to mend something first, in seconds.
const MENDED: u64 = 1800;

/// Has a provider check what somebody gave. It answers at once, or sends them to a page of its own.
pub(crate) async fn start(service: &Service, asker: &Asker<'_>, input: &PersonInput) -> Result<(), Error> {
    let now = service.now();
    service.limiter().take(Rate::CODE, &asker.id(), now)?;
    let _one = hold(&asker.id()).await;
    let mut reader = service.store().read().await?;
    let party = Party::load(&mut reader, asker, now).await?;
    party.require()?;
    if party.is_verified() {
        return Ok(());
    }
    consent::require_version(&input.consent.version)?;
    let id = VerificationId::new(service.clock(), service.rng());
    let check = input.check(id, party.expected(), now)?;
    require_same_person(&mut reader, &party, &check).await?;
    ask(service, asker, &party, reader, (id, check), &input.consent).await
}

/// Has the face of a signer compared who was verified by other means: with the data that were verified, in the step of the
/// organization. Until it is compared, the signer is at the step of their identity.
pub(crate) async fn raise(
    service: &Service,
    signer: &Signer,
    method: view::IdentityMethod,
    consent: &ConsentInput,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::CODE, &signer.recipient().to_string(), now)?;
    let _one = hold(&signer.recipient().to_string()).await;
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    scene.require(Step::Organization)?;
    let method = PersonMethod::from(method);
    let identity = scene.verified_identity().ok_or(Error::NotFound)?;
    if identity.assurance.is_some_and(|it| it >= reached_by(method)) {
        return show_ceremony(service, &mut reader, &scene).await;
    }
    if !method.is_face() {
        return Err(Refusal::MethodUnavailable.into());
    }
    consent::require_version(&consent.version)?;
    let id = VerificationId::new(service.clock(), service.rng());
    let document = identity.document.clone().ok_or(Refusal::MethodUnavailable)?;
    let mut check = PersonCheck::new(id.to_string(), method, identity.name.clone(), document);
    check.phone.clone_from(&identity.phone);
    let party = Party::Signer(Box::new(scene));
    ask(service, &Asker::Signer(signer), &party, reader, (id, check), consent).await?;
    crate::ceremony::show(service, signer).await
}

async fn ask(
    service: &Service,
    asker: &Asker<'_>,
    party: &Party,
    mut reader: Reader,
    (id, mut check): (VerificationId, PersonCheck),
    consent: &ConsentInput,
) -> Result<(), Error> {
    let now = party.now();
    if check.method.is_face() && !consent.face {
        return Err(Refusal::DataConsentMissing { purpose: Purpose::Face.as_str() }.into());
    }
    // What the signing policy does not take is not asked for.
    if reached_by(check.method) < party.least_assurance() {
        return Err(Refusal::MethodUnavailable.into());
    }
    // Who has no other way to confirm the will than a phone is verified with one.
    if check.phone.is_none() && party.needs_phone(service) {
        return Err(Refusal::MethodUnavailable.into());
    }
    if check.method == PersonMethod::DocumentPhoto {
        return by_hand(service, asker, party, reader, (id, check), consent).await;
    }
    let provider = service.providers().person(check.method, check.document.kind());
    let provider = std::sync::Arc::clone(provider.ok_or(Refusal::MethodUnavailable)?);
    addresses(service, party, &*provider, &mut check);
    tries::IDENTITY.require(&mut reader, &party.id(), now).await?;
    require_code(service, &mut reader, &check, party.checked_for()).await?;
    drop(reader);
    // 1. Consents and order are on record before anybody is asked.
    let asked = (provider.name(), provider.order_number(&check.order));
    record(service, asker, consent, id, &check, asked).await?;
    // 2. The provider may take its time: no transaction is held meanwhile.
    let answer = match provider.start(&check).await {
        Ok(answer) => answer,
        Err(error) => return Err(given_up(service, asker, id, &error).await?.into()),
    };
    // 3. What came of it.
    match settle(service, id, &answer).await? {
        Some(refusal) => Err(refusal.into()),
        None => Ok(()),
    }
}

/// Begins a check by hand: nobody is asked, pictures may be brought.
async fn by_hand(
    service: &Service,
    asker: &Asker<'_>,
    party: &Party,
    mut reader: Reader,
    (id, check): (VerificationId, PersonCheck),
    consent: &ConsentInput,
) -> Result<(), Error> {
    review::offered(service, party.has_reviewer(), party.least_by_hand())
        .ok_or(Refusal::MethodUnavailable)?;
    if let CheckedFor::Account(id) = party.checked_for() {
        // Whoever bears the name that was typed does not decide: somebody else has to be there.
        let offices = reader.administrators().await?;
        let other = offices.iter().any(|it| it.id != id && !it.name.matches(&check.name));
        other.then_some(()).ok_or(Refusal::MethodUnavailable)?;
    }
    if !consent.photo {
        return Err(Refusal::DataConsentMissing { purpose: Purpose::Photo.as_str() }.into());
    }
    for counter in [tries::IDENTITY.counter, review::ATTEMPTS] {
        require_tries(reader.attempt(counter, &party.id()).await?, party.now())?;
    }
    drop(reader);
    record(service, asker, consent, id, &check, (review::PROVIDER, check.order.clone())).await
}

/// Records that somebody does not, or no longer, agree to have their data processed. What is under way is given up, faces
/// that confirm the will among it. What a signer was verified by for this ceremony counts no more, where it stood on this
/// consent: without it nobody signs.
pub(crate) async fn refuse(
    service: &Service,
    asker: &Asker<'_>,
    purpose: Purpose,
    locale: Locale,
) -> Result<(), Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut party = Party::load(&mut tx, asker, now).await?;
    party.require()?;
    consent::record(service, &mut tx, &party, purpose, locale, ConsentDecision::Refused).await?;
    party.refuse(&mut tx, purpose).await?;
    let mut lapsed = false;
    if let Party::Signer(scene) = &party {
        if purpose != Purpose::Photo {
            tx.refuse_will_faces(FacesOf::Recipient(scene.recipient.id), CONSENT_WITHDRAWN).await?;
        }
        if let Some((id, Some(person))) = scene.verified_identity().map(|it| (it.id, it.person_id)) {
            lapsed = mine::withdraw_in_ceremony(service, &mut tx, scene, person, purpose).await?;
            if tx.identity_verification(id).await?.is_none_or(|it| it.ended.is_some()) {
                party.enter(&mut tx, None).await?;
            }
        }
    }
    tx.commit().await?;
    if lapsed {
        service.authority().changed().await;
    }
    service.wake_jobs();
    Ok(())
}

/// An account has at most one person: whoever else is not asked about.
async fn require_same_person(reader: &mut Reader, party: &Party, check: &PersonCheck) -> Result<(), Error> {
    let Some(linked) = party.linked() else { return Ok(()) };
    let known = reader.person_by_document(&check.document).await?;
    if known.is_some_and(|it| it.id == linked) { Ok(()) } else { Err(Refusal::AccountLinked.into()) }
}

/// A provider that gives no answer, as the user is told: when to try again, or that it refuses this server, which waiting does
/// not mend. The cause is for the log.
pub(crate) fn unavailable(service: &Service, error: &ProviderError) -> Refusal {
    if error.fault.refuses_us() {
        tracing::error!(provider = error.provider, fault = %error.fault, "a provider refuses this server");
        return Refusal::ProviderRefuses;
    }
    tracing::warn!(provider = error.provider, fault = %error.fault, "a provider gave no answer");
    Refusal::ProviderUnavailable { retry_after: error.retry_after(service.now()).unwrap_or(MENDED) }
}

/// Where the provider's page leads back to, and where its notices go.
fn addresses(service: &Service, party: &Party, provider: &dyn PersonProvider, check: &mut PersonCheck) {
    if !check.method.is_face() {
        return;
    }
    check.return_url = Some(party.page(service));
    check.notice_url = Some(format!("{}/notices/{}", service.config().public_url, provider.name()));
}

async fn record(
    service: &Service,
    asker: &Asker<'_>,
    consent: &ConsentInput,
    id: VerificationId,
    check: &PersonCheck,
    (provider, order_number): (&str, String),
) -> Result<(), Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut party = Party::load(&mut tx, asker, now).await?;
    party.require()?;
    let locale = consent.locale;
    consent::record(service, &mut tx, &party, Purpose::Identity, locale, ConsentDecision::Given).await?;
    if check.method.is_face() {
        consent::record(service, &mut tx, &party, Purpose::Face, locale, ConsentDecision::Given).await?;
    }
    if check.method == PersonMethod::DocumentPhoto {
        consent::record(service, &mut tx, &party, Purpose::Photo, locale, ConsentDecision::Given).await?;
    }
    party.give_up(&mut tx, &UNDER_WAY).await?;
    let mut it = IdentityVerification {
        id,
        checked_for: party.checked_for(),
        person_id: None,
        state: VerificationState::Asked,
        provider: provider.to_owned(),
        method: check.method.as_str().to_owned(),
        name: check.name.clone(),
        document: Some(check.document.clone()),
        phone: check.phone.clone(),
        bank_card: check.bank_card.clone(),
        code: String::new(),
        proof: Proof {
            transaction: String::new(),
            factors: Vec::new(),
            score: None,
            answer_sha256: String::new(),
            at: now,
        },
        answer: String::new(),
        order_number,
        transaction: None,
        pending: None,
        pending_until: None,
        assurance: None,
        refused: None,
        salt: Some(kept::salt(service.rng())),
        created_at: now,
        verified_at: None,
        expires_at: None,
        erased_at: None,
        ended: None,
    };
    if check.method == PersonMethod::DocumentPhoto {
        review::begin(service, &mut tx, &party, &mut it).await?;
    }
    tx.put_identity_verification(&it).await?;
    party.enter(&mut tx, Some(id)).await?;
    Ok(tx.commit().await?)
}

/// The provider gave no answer: what was typed is erased, and one begins anew.
async fn given_up(
    service: &Service,
    asker: &Asker<'_>,
    id: VerificationId,
    error: &ProviderError,
) -> Result<Refusal, Error> {
    let now = service.now();
    let refusal = match error.fault {
        Fault::Unsupported(_) => Refusal::MethodUnavailable,
        _ => unavailable(service, error),
    };
    let mut tx = service.store().begin().await?;
    let mut party = Party::load(&mut tx, asker, now).await?;
    let Some(mut it) = tx.identity_verification(id).await? else { return Ok(refusal) };
    if it.state == VerificationState::Asked {
        super::give_up(&mut tx, &mut it, VerificationState::Abandoned, now).await?;
        if party.identity().is_some_and(|current| current.id == id) {
            party.enter(&mut tx, None).await?;
        }
        let body = Body::new()
            .with("verification", id.to_string())
            .with("provider", error.provider)
            .with("reason", refusal.code());
        tx.append_event(party.event("identity.unavailable", body)).await?;
        tx.commit().await?;
    }
    Ok(refusal)
}

fn require_tries(attempt: Option<Attempt>, now: jiff::Timestamp) -> Result<(), Refusal> {
    match attempt.and_then(|attempt| attempt.locked_until) {
        Some(until) if now < until => {
            Err(Refusal::IdentityTries { retry_after: seconds(until.duration_since(now)) })
        }
        _ => Ok(()),
    }
}

/// Passes where a code could be sent if the provider says yes: nobody is asked, and paid, for nothing.
async fn require_code(
    service: &Service,
    reader: &mut Reader,
    check: &PersonCheck,
    checked_for: CheckedFor,
) -> Result<(), Error> {
    if !check.method.is_elements() {
        return Ok(());
    }
    let before = reader.newest_identity_code(checked_for).await?;
    let Some(before) = before.filter(|it| it.state != VerificationState::Verified) else { return Ok(()) };
    let previous: PhoneCode = serde_json::from_str(&before.code)?;
    PhoneCode::following(previous, service.server_key(), "", service.rng(), service.now())?;
    Ok(())
}

pub(super) fn method_of(it: &IdentityVerification) -> Option<PersonMethod> {
    PersonMethod::ALL.into_iter().find(|method| method.as_str() == it.method)
}

/// The check as it was started, to ask again about it.
pub(super) fn check_of(it: &IdentityVerification) -> Option<PersonCheck> {
    let method = method_of(it)?;
    let mut check = PersonCheck::new(it.id.to_string(), method, it.name.clone(), it.document.clone()?);
    check.phone.clone_from(&it.phone);
    check.bank_card.clone_from(&it.bank_card);
    Some(check)
}
