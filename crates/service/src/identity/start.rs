//! Starting a check: consents and order on record, then the question, then what came of it.

use domain::ceremony::Step;
use domain::{Locale, RecipientId, Refusal, VerificationId};
use evidence::Body;
use providers::{Fault, PersonCheck, PersonMethod, PersonProvider, ProviderError};
use store::{Attempt, ConsentDecision, IdentityVerification, Proof, Purpose, Reader, VerificationState};

use super::code::{PhoneCode, seconds};
use super::evidence::reached_by;
use super::input::{ConsentInput, PersonInput};
use super::settle::settle;
use super::{consent, evidence as kept};
use crate::ceremony::{Scene, Signer, hold, show_ceremony};
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;
use crate::view;

/// Counter of mismatches.
pub(super) const ATTEMPTS: &str = "identity";
/// When to come back where somebody has to mend something first, in seconds.
const MENDED: u64 = 1800;

/// Has a provider check what the signer gave. It answers at once, or sends the signer to a page of its own.
pub(crate) async fn start(
    service: &Service,
    signer: &Signer,
    input: &PersonInput,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::CODE, &signer.recipient().to_string(), now)?;
    let _one = hold(&signer.recipient().to_string()).await;
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    scene.require(Step::Identity)?;
    if scene.verified_identity().is_some() {
        return show_ceremony(service, &mut reader, &scene).await;
    }
    consent::require_version(&input.consent.version)?;
    let id = VerificationId::new(service.clock(), service.rng());
    let check = input.check(id, &scene, now)?;
    ask(service, signer, &scene, reader, (id, check), &input.consent).await
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
    ask(service, signer, &scene, reader, (id, check), consent).await
}

async fn ask(
    service: &Service,
    signer: &Signer,
    scene: &Scene,
    mut reader: Reader,
    (id, mut check): (VerificationId, PersonCheck),
    consent: &ConsentInput,
) -> Result<view::Ceremony, Error> {
    let now = scene.now;
    if check.method.is_face() && !consent.face {
        return Err(Refusal::DataConsentMissing { purpose: Purpose::Face.as_str() }.into());
    }
    // What the signing policy does not take is not asked for.
    if reached_by(check.method) < scene.policy.identity.assurance {
        return Err(Refusal::MethodUnavailable.into());
    }
    let provider = service.providers().person(check.method, check.document.kind());
    let provider = std::sync::Arc::clone(provider.ok_or(Refusal::MethodUnavailable)?);
    addresses(service, signer, &*provider, &mut check);
    require_tries(reader.attempt(ATTEMPTS, &scene.recipient.id.to_string()).await?, now)?;
    require_code(service, &mut reader, &check, signer.recipient()).await?;
    drop(reader);
    // 1. Consents and order are on record before anybody is asked.
    record(service, signer, consent, id, &check, &*provider).await?;
    // 2. The provider may take its time: no transaction is held meanwhile.
    let answer = match provider.start(&check).await {
        Ok(answer) => answer,
        Err(error) => return Err(given_up(service, signer, id, &error).await?.into()),
    };
    // 3. What came of it.
    if let Some(refusal) = settle(service, id, &answer).await? {
        return Err(refusal.into());
    }
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    show_ceremony(service, &mut reader, &scene).await
}

/// Records that the signer does not, or no longer, agree to have their data processed. What is under way is given up.
pub(crate) async fn refuse(
    service: &Service,
    signer: &Signer,
    purpose: Purpose,
    locale: Locale,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Identity)?;
    consent::record(service, &mut tx, &scene, purpose, locale, ConsentDecision::Refused).await?;
    let open = |it: &IdentityVerification| match purpose {
        Purpose::Identity => matches!(it.state, VerificationState::Pending | VerificationState::CodeSent),
        Purpose::Face => it.state == VerificationState::Pending,
    };
    if let Some(mut it) = scene.identity.take().filter(open) {
        it.state = VerificationState::Abandoned;
        it.erase(now);
        tx.put_identity_verification(&it).await?;
        scene.session.identity_id = None;
        tx.put_signing_session(&scene.session, now).await?;
    }
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

/// A provider that gives no answer, as the user is told: when to try again. The cause is for the log.
pub(crate) fn unavailable(service: &Service, error: &ProviderError) -> Refusal {
    tracing::warn!(provider = error.provider, fault = %error.fault, "a provider gave no answer");
    Refusal::ProviderUnavailable { retry_after: error.retry_after(service.now()).unwrap_or(MENDED) }
}

/// Where the provider's page leads back to, and where its notices go.
fn addresses(service: &Service, signer: &Signer, provider: &dyn PersonProvider, check: &mut PersonCheck) {
    if !check.method.is_face() {
        return;
    }
    let url = &service.config().public_url;
    check.return_url = Some(format!("{url}/sign/{}", signer.recipient()));
    check.notice_url = Some(format!("{url}/notices/{}", provider.name()));
}

async fn record(
    service: &Service,
    signer: &Signer,
    consent: &ConsentInput,
    id: VerificationId,
    check: &PersonCheck,
    provider: &dyn PersonProvider,
) -> Result<(), Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Identity)?;
    let locale = consent.locale;
    consent::record(service, &mut tx, &scene, Purpose::Identity, locale, ConsentDecision::Given).await?;
    if check.method.is_face() {
        consent::record(service, &mut tx, &scene, Purpose::Face, locale, ConsentDecision::Given).await?;
    }
    let under_way = [VerificationState::Pending, VerificationState::CodeSent];
    if let Some(mut before) = scene.identity.take().filter(|it| under_way.contains(&it.state)) {
        before.state = VerificationState::Abandoned;
        before.erase(now);
        tx.put_identity_verification(&before).await?;
    }
    let it = IdentityVerification {
        id,
        recipient_id: signer.recipient(),
        person_id: None,
        state: VerificationState::Asked,
        provider: provider.name().to_owned(),
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
        order_number: provider.order_number(&check.order),
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
    };
    tx.put_identity_verification(&it).await?;
    scene.session.identity_id = Some(id);
    tx.put_signing_session(&scene.session, now).await?;
    Ok(tx.commit().await?)
}

/// The provider gave no answer: what was typed is erased, and the signer begins anew.
async fn given_up(
    service: &Service,
    signer: &Signer,
    id: VerificationId,
    error: &ProviderError,
) -> Result<Refusal, Error> {
    let now = service.now();
    let refusal = match error.fault {
        Fault::Unsupported(_) => Refusal::MethodUnavailable,
        _ => unavailable(service, error),
    };
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    let Some(mut it) = tx.identity_verification(id).await? else { return Ok(refusal) };
    if it.state == VerificationState::Asked {
        it.state = VerificationState::Abandoned;
        it.erase(now);
        tx.put_identity_verification(&it).await?;
        if scene.session.identity_id == Some(id) {
            scene.session.identity_id = None;
            tx.put_signing_session(&scene.session, now).await?;
        }
        let body = Body::new()
            .with("verification", id.to_string())
            .with("provider", error.provider)
            .with("reason", refusal.code());
        tx.append_event(scene.event("identity.unavailable", body)).await?;
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
    recipient: RecipientId,
) -> Result<(), Error> {
    if check.method.is_face() {
        return Ok(());
    }
    let before = reader.newest_identity_code(recipient).await?;
    let Some(before) = before.filter(|it| it.state != VerificationState::Verified) else { return Ok(()) };
    let previous: PhoneCode = serde_json::from_str(&before.code)?;
    PhoneCode::following(previous, service.server_key(), "", service.rng(), service.now())?;
    Ok(())
}

/// The check as it was started, to ask again about it.
pub(super) fn check_of(it: &IdentityVerification) -> Option<PersonCheck> {
    let method = PersonMethod::ALL.into_iter().find(|method| method.as_str() == it.method)?;
    let mut check = PersonCheck::new(it.id.to_string(), method, it.name.clone(), it.document.clone()?);
    check.phone.clone_from(&it.phone);
    check.bank_card.clone_from(&it.bank_card);
    Some(check)
}
