//! The signer's face, anew: a provider compares it with the photograph of the person who was verified.
//!
//! The order is the activation, and the provider's transaction counts once: neither an answer for another activation nor one
//! that verified somebody before is taken. As with identities, only the provider's own answer counts, never the way back
//! from its page; an answer that comes after the activation's time changes nothing, but its transaction is used up. Faces
//! that were not the signer's are counted over all activations, and after a few no other is looked at for a while.

use std::sync::Arc;

use domain::policy::WillWay;
use domain::{ActivationId, Refusal};
use jiff::SignedDuration;
use providers::{Answer, Factor, Notice, Pending, PersonCheck, PersonMethod, PersonProvider, PersonVerdict};
use store::{ActivationState, ConsentDecision, FaceState, Purpose, StoredActivation, Tx, WillFace};

use super::{Asked, Will, WillChoice, about, keep, state};
use crate::ceremony::{Scene, Signer};
use crate::core::Service;
use crate::error::Error;
use crate::identity;
use crate::identity::code::seconds;
use crate::identity::tries::WILL_FACE;
use crate::jobs::Rows;
use crate::view;

/// How long an activation waits for a face: long enough to take out the phone, scan, and look.
pub(super) const LIFETIME: SignedDuration = keys::ActivationRecord::LIFETIME;
/// When to try again after an answer that belonged to another check, in seconds.
const AFTER_REPLAY: u64 = 30;
/// Why a face was refused that came while no more were looked at.
const TRIES: &str = "tries";
/// Why one was refused that nobody waited for any more.
const TOO_LATE: &str = "too_late";

/// A check that is to be begun once its activation is on record.
pub(super) struct Wanted {
    check: PersonCheck,
    provider: Arc<dyn PersonProvider>,
    face: WillFace,
}

/// Records the consent, and prepares what is asked.
pub(super) async fn ask(
    service: &Service,
    tx: &mut Tx,
    scene: &Scene,
    activation: &StoredActivation,
    choice: &WillChoice,
    chosen: &view::WillOffered,
) -> Result<Asked, Error> {
    let unavailable = || Refusal::WillUnavailable { way: WillWay::Face.as_str() };
    let wished = choice.method.or_else(|| chosen.methods.first().copied());
    let method = wished.filter(|it| chosen.methods.contains(it)).ok_or_else(unavailable)?;
    // Nobody tries faces at the price of an order each.
    WILL_FACE.require(tx, &scene.recipient.id.to_string(), scene.now).await?;
    let consent = choice.consent.as_ref().filter(|it| it.face);
    let consent = consent.ok_or(Refusal::DataConsentMissing { purpose: Purpose::Face.as_str() })?;
    identity::consent::require_version(&consent.version)?;
    let (locale, given) = (consent.locale, ConsentDecision::Given);
    let signer = Signer { session: scene.session.clone() };
    let party = identity::Party::load(tx, &identity::Asker::Signer(&signer), scene.now).await?;
    identity::consent::record(service, tx, &party, Purpose::Face, locale, given).await?;
    let (check, provider) = check_of(service, scene, activation.id, method.into())?;
    let face = WillFace {
        activation_id: activation.id,
        recipient_id: scene.recipient.id,
        identity_id: scene.verified_identity().ok_or_else(unavailable)?.id,
        provider: provider.name().to_owned(),
        method: check.method.as_str().to_owned(),
        state: FaceState::Asked,
        order_number: provider.order_number(&check.order),
        transaction: None,
        pending: None,
        answer: None,
        answer_sha256: None,
        score: None,
        refused: None,
        created_at: scene.now,
    };
    let will = Will::by(WillWay::Face);
    let view = Some(view_of(&will, &face));
    Ok(Asked { kept: Some(will), view, face: Some(Wanted { check, provider, face }) })
}

/// Begins the check: the order is on record before the provider is asked.
pub(super) async fn begin(
    service: &Service,
    signer: &Signer,
    activation: ActivationId,
    wanted: Wanted,
) -> Result<view::WillAsked, Error> {
    let Wanted { mut check, provider, face } = wanted;
    let mut tx = service.store().begin().await?;
    tx.put_will_face(&face).await?;
    tx.commit().await?;
    let url = &service.config().public_url;
    check.return_url = Some(format!("{url}/sign/{}", signer.recipient()));
    check.notice_url = Some(format!("{url}/notices/{}", provider.name()));
    let answer = provider.start(&check).await.map_err(|error| identity::unavailable(service, &error))?;
    let scene = Scene::load(&mut service.store().read().await?, &signer.session, service.now()).await?;
    settle(service, &scene, activation, &answer).await
}

/// Passes where the face was the signer's; asks the provider once more where that is not known.
pub(super) async fn check(
    service: &Service,
    scene: &Scene,
    activation: &StoredActivation,
) -> Result<(), Error> {
    let stands = poll(service, scene, activation, true).await?;
    match stands.state {
        view::WillState::Passed => Ok(()),
        view::WillState::Open => Err(Refusal::WillMissing.into()),
        view::WillState::Refused => {
            let face = service.store().read().await?.will_face(activation.id).await?;
            let word = face.and_then(|it| it.refused).unwrap_or_default();
            Err(refusal(&word).into())
        }
    }
}

/// How the check stands, after asking the provider where it is open and `allowed`.
pub(super) async fn poll(
    service: &Service,
    scene: &Scene,
    activation: &StoredActivation,
    allowed: bool,
) -> Result<view::WillAsked, Error> {
    let face = service.store().read().await?.will_face(activation.id).await?.ok_or(Error::NotFound)?;
    let will = Will::of(activation)?.ok_or(Error::NotFound)?;
    if face.state != FaceState::Pending || !allowed {
        return Ok(view_of(&will, &face));
    }
    ask_provider(service, scene, &face).await
}

async fn ask_provider(service: &Service, scene: &Scene, face: &WillFace) -> Result<view::WillAsked, Error> {
    let missing = || Error::internal("a face check that is pending cannot be read");
    let method = PersonMethod::ALL.into_iter().find(|it| it.as_str() == face.method).ok_or_else(missing)?;
    let pending: Pending = serde_json::from_str(face.pending.as_deref().ok_or_else(missing)?)?;
    // Whoever was verified anew in between is not whom the provider was asked about.
    if scene.verified_identity().is_none_or(|it| it.id != face.identity_id) {
        return Err(Refusal::ActivationExpired.into());
    }
    let (check, _) = check_of(service, scene, face.activation_id, method)?;
    let provider = service.providers().named(&face.provider).ok_or(Refusal::MethodUnavailable)?;
    let answer = provider.poll(&check, &pending).await;
    let answer = answer.map_err(|error| identity::unavailable(service, &error))?;
    settle(service, scene, face.activation_id, &answer).await
}

/// A provider sent word unasked: the check that is meant is polled. None where no check of a will is meant.
pub(crate) async fn notice(service: &Service, provider: &str, notice: &Notice) -> Result<bool, Error> {
    let mut reader = service.store().read().await?;
    let (transaction, order) = (notice.transaction.as_deref(), notice.order_number.as_deref());
    let Some(face) = reader.will_face_of(provider, transaction, order).await? else { return Ok(false) };
    let activation = reader.activation(face.activation_id).await?;
    let open = activation.is_some_and(|it| it.state == ActivationState::Offered);
    let session = reader.session_of_identity(face.identity_id, service.now()).await?;
    let Some(session) = session.filter(|_| open && face.state == FaceState::Pending) else { return Ok(true) };
    let scene = Scene::load(&mut reader, &session, service.now()).await?;
    drop(reader);
    match ask_provider(service, &scene, &face).await {
        Err(Error::Refused(why)) => {
            tracing::info!(activation = %face.activation_id, why = why.code(), "a notice came, and no answer");
        }
        asked => drop(asked?),
    }
    Ok(true)
}

/// Takes the provider's answer, once: one that comes again, or too late, changes nothing.
async fn settle(
    service: &Service,
    scene: &Scene,
    id: ActivationId,
    answer: &Answer<PersonVerdict>,
) -> Result<view::WillAsked, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let activation = tx.activation(id).await?.ok_or(Error::NotFound)?;
    let mut face = tx.will_face(id).await?.ok_or(Error::NotFound)?;
    let mut will = Will::of(&activation)?.ok_or(Error::NotFound)?;
    if !matches!(face.state, FaceState::Asked | FaceState::Pending) {
        return Ok(view_of(&will, &face));
    }
    let stands = match activation.state {
        ActivationState::Offered => super::in_time(&activation, now),
        _ => Err(Refusal::ActivationUsed),
    };
    if let Err(over) = stands {
        late(tx, face, answer).await?;
        return Err(over.into());
    }
    let subject = scene.recipient.id.to_string();
    let locked = WILL_FACE.locked(&mut tx, &subject, now).await?.is_some();
    let body = about(&activation, WillWay::Face)
        .with("provider", face.provider.as_str())
        .with("method", face.method.as_str())
        .with("transaction", answer.transaction.as_str());
    face.transaction = Some(answer.transaction.clone());
    let mut mismatch = false;
    let kind = match &answer.verdict {
        PersonVerdict::Pending(_) if face.state == FaceState::Pending => return Ok(view_of(&will, &face)),
        PersonVerdict::Pending(pending) => {
            face.state = FaceState::Pending;
            face.transaction = Some(pending.transaction.clone());
            face.pending = Some(serde_json::to_string(pending)?);
            "will.face_asked"
        }
        // Too many were somebody else's: one more is not looked at, though it was asked for before.
        PersonVerdict::Passed { .. } if locked => {
            answered(&mut face, answer, FaceState::Refused);
            face.refused = Some(TRIES.to_owned());
            "will.face_refused"
        }
        PersonVerdict::Passed { factors, score } if factors.contains(&Factor::Face) => {
            tx.clear_attempt(WILL_FACE.counter, &subject).await?;
            answered(&mut face, answer, FaceState::Passed);
            face.score = *score;
            will.passed_at = Some(now);
            "will.confirmed"
        }
        // An answer that says nothing of a face shows none.
        PersonVerdict::Passed { .. } => {
            answered(&mut face, answer, FaceState::Refused);
            face.refused = Some("no_record".to_owned());
            "will.face_refused"
        }
        PersonVerdict::Refused(why) => {
            answered(&mut face, answer, FaceState::Refused);
            face.refused = Some(why.as_str().to_owned());
            mismatch = why.is_mismatch();
            "will.face_refused"
        }
    };
    match tx.put_will_face(&face).await {
        Err(store::Error::Conflict) => {
            drop(tx);
            return Err(replayed(service, scene, &activation, answer).await?.into());
        }
        kept => kept?,
    }
    let body = match (&face.answer_sha256, &face.refused) {
        (Some(answer), Some(why)) => body.with("answer", answer.as_str()).with("reason", why.as_str()),
        (Some(answer), None) => body.with("answer", answer.as_str()),
        _ => body,
    };
    keep(&mut tx, scene, &activation, &will, kind, body).await?;
    if mismatch && WILL_FACE.fail(&mut tx, &subject, now).await? == 0 {
        tx.append_event(scene.event("will.locked", about(&activation, WillWay::Face))).await?;
    }
    tx.commit().await?;
    Ok(view_of(&will, &face))
}

/// An answer that comes too late changes nothing, but that its transaction is used up.
async fn late(mut tx: Tx, mut face: WillFace, answer: &Answer<PersonVerdict>) -> Result<(), Error> {
    answered(&mut face, answer, FaceState::Refused);
    face.transaction = Some(answer.transaction.clone());
    face.refused = Some(TOO_LATE.to_owned());
    match tx.put_will_face(&face).await {
        // It belongs to another check.
        Err(store::Error::Conflict) => Ok(()),
        kept => {
            kept?;
            Ok(tx.commit().await?)
        }
    }
}

/// Ends the checks whose activation's time is over: nobody waits for them.
pub(crate) async fn end_overdue(service: &Service) -> Result<(), Error> {
    let now = service.now();
    let mut rows = Rows::of("faces that confirm a will");
    while let Some(page) = rows.page() {
        let due = service.store().read().await?.overdue_will_faces(now, page).await?;
        if due.is_empty() {
            break;
        }
        for id in due {
            rows.done(id, end(service, id).await);
        }
    }
    Ok(())
}

async fn end(service: &Service, id: ActivationId) -> Result<(), Error> {
    let mut tx = service.store().begin().await?;
    let open = |it: &WillFace| matches!(it.state, FaceState::Asked | FaceState::Pending);
    let Some(mut face) = tx.will_face(id).await?.filter(open) else { return Ok(()) };
    face.state = FaceState::Refused;
    face.refused = Some(TOO_LATE.to_owned());
    face.pending = None;
    tx.put_will_face(&face).await?;
    Ok(tx.commit().await?)
}

/// Only of a check that was passed the answer itself is kept.
fn answered(face: &mut WillFace, answer: &Answer<PersonVerdict>, state: FaceState) {
    face.state = state;
    face.pending = None;
    face.answer = (state == FaceState::Passed).then(|| identity::text_of(&answer.raw));
    face.answer_sha256 = Some(hex::encode(answer.raw_sha256()));
}

/// The answer carries the transaction of another check: it shows nobody's will.
async fn replayed(
    service: &Service,
    scene: &Scene,
    activation: &StoredActivation,
    answer: &Answer<PersonVerdict>,
) -> Result<Refusal, Error> {
    tracing::warn!(provider = answer.provider, activation = %activation.id, "an answer belongs to another check");
    let mut tx = service.store().begin().await?;
    if let Some(mut face) = tx.will_face(activation.id).await? {
        face.state = FaceState::Refused;
        face.refused = Some("replayed".to_owned());
        face.pending = None;
        tx.put_will_face(&face).await?;
    }
    let body = about(activation, WillWay::Face)
        .with("provider", answer.provider)
        .with("transaction", answer.transaction.as_str());
    tx.append_event(scene.event("will.face_replayed", body)).await?;
    tx.commit().await?;
    Ok(Refusal::ProviderUnavailable { retry_after: AFTER_REPLAY })
}

/// The check of the person who was verified, under the activation's id as its order.
fn check_of(
    service: &Service,
    scene: &Scene,
    order: ActivationId,
    method: PersonMethod,
) -> Result<(PersonCheck, Arc<dyn PersonProvider>), Refusal> {
    let unavailable = || Refusal::WillUnavailable { way: WillWay::Face.as_str() };
    let identity = scene.verified_identity().ok_or_else(unavailable)?;
    let document = identity.document.clone().ok_or_else(unavailable)?;
    let provider = service.providers().person(method, document.kind()).ok_or_else(unavailable)?;
    let check = PersonCheck::new(order.to_string(), method, identity.name.clone(), document);
    Ok((check, Arc::clone(provider)))
}

fn refusal(word: &str) -> Refusal {
    match word {
        identity::CONSENT_WITHDRAWN => {
            return Refusal::DataConsentMissing { purpose: Purpose::Face.as_str() };
        }
        TRIES => return Refusal::IdentityTries { retry_after: seconds(WILL_FACE.rest) },
        TOO_LATE => return Refusal::ActivationExpired,
        _ => {}
    }
    match providers::PersonRefusal::ALL.into_iter().find(|it| it.as_str() == word) {
        Some(why) => Refusal::IdentityRefused { reason: why.as_str() },
        None => Refusal::ProviderUnavailable { retry_after: AFTER_REPLAY },
    }
}

fn view_of(will: &Will, face: &WillFace) -> view::WillAsked {
    view::WillAsked {
        by: WillWay::Face,
        to: None,
        state: match face.state {
            FaceState::Refused => view::WillState::Refused,
            _ => state(will.passed_at.is_some()),
        },
        tries_left: 0,
        resend_at: None,
        page: identity::page_of(&face.method, face.pending.as_deref()),
        refused: face.refused.clone(),
        passkey: None,
    }
}
