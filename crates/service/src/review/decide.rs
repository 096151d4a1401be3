//! Decisions: yes, no, or other pictures. Each is one transaction with all that it does; of two at once one counts.

use domain::review::{self, Check, Kind, NOTE_LIMIT, Part, ROUNDS, Reason, Zone};
use domain::{Refusal, ReviewId, Text};
use evidence::Body;
use jiff::Timestamp;
use providers::{Answer, Factor};
use serde::Serialize;
use store::{Attempt, Outcome, Review, ReviewImage, ReviewState, Tx, VerificationState};

use super::about::About;
use super::office::{case_in, in_hand, told};
use super::{ATTEMPTS, COLLECT, PROVIDER, REST, TRIES, zone};
use crate::account::Actor;
use crate::identity::Party;
use crate::notify::{self, ReviewResult};
use crate::{Error, Service, identity, organization, view};

/// What a decision was, as it is kept in place of a provider's answer: its digest stands in the verification for good.
#[derive(Serialize)]
struct Statement<'a> {
    review: String,
    verification: String,
    decision: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    reviewer: String,
    checks: Vec<&'static str>,
    pictures: Vec<Seen<'a>>,
    /// What the machine-readable zone said beside what was typed, where the reviewer read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<&'static str>,
    at: Timestamp,
}

#[derive(Serialize)]
struct Seen<'a> {
    part: &'a str,
    sha256: String,
}

/// Says yes: whoever is waited for is verified at once.
///
/// # Errors
/// `review_unclaimed`, `review_decided`, `review_own`; `review_unchecked` where something that is to be looked at was not
/// ticked; `review_zone` where the machine-readable zone that was read does not agree.
pub async fn approve(
    service: &Service,
    actor: &Actor,
    id: ReviewId,
    checked: &[view::ReviewCheck],
    zone: Option<&str>,
) -> Result<view::ReviewCase, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut review = in_hand(&mut tx, actor, id, now).await?;
    let images = tx.review_images(id).await?;
    let parts: Vec<Part> = images.iter().map(|image| image.part).collect();
    let wanted = review::checks(review.kind, &parts);
    let checked: Vec<Check> = checked.iter().map(|check| (*check).into()).collect();
    if let Some(missing) = wanted.iter().find(|check| !checked.contains(check)) {
        return Err(Refusal::ReviewUnchecked { check: missing.as_str() }.into());
    }
    let zone = zone::given(&mut tx, &review, zone, now).await?;
    if let Some(what) = zone.as_ref().and_then(Zone::objection) {
        return Err(Refusal::ReviewZone { what }.into());
    }
    let zone = zone.as_ref().map(Zone::word);
    let answer = statement(&review, actor, &Decision::Approved(&wanted), zone, &images, now)?;
    match review.kind {
        Kind::Identity => {
            if !verify_person(service, &mut tx, &review, &answer, &parts).await? {
                tx.commit().await?;
                return Err(Refusal::ReviewDecided.into());
            }
        }
        Kind::Letter => {
            if !organization::letter::approved(service, &mut tx, &review, actor.evidence()).await? {
                tx.commit().await?;
                return Err(Refusal::ReviewDecided.into());
            }
        }
    }
    review.outcome = Some(Outcome { by: actor.id(), at: now, reason: None, note: None });
    end(service, &mut tx, &mut review, ReviewState::Approved, ReviewResult::Approved).await?;
    let words: Vec<&str> = wanted.iter().map(|check| check.as_str()).collect();
    let body = Body::new()
        .with("answer", hex::encode(answer.raw_sha256()))
        .with("checks", words.join(" "))
        .with("pictures", digests(&images))
        .maybe("zone", zone);
    tx.append_event(told(&review, "review.approved", actor, now, body)).await?;
    let case = committed(service, tx, actor, id, now).await?;
    // Whose check or power it renews may have had certificates on hold.
    service.authority().changed().await;
    Ok(case)
}

/// Says no, for a reason. What was typed and the pictures are erased.
///
/// # Errors
/// As [`approve`], but for what was ticked.
pub async fn refuse(
    service: &Service,
    actor: &Actor,
    id: ReviewId,
    reason: view::ReviewReason,
    note: Option<&str>,
    zone: Option<&str>,
) -> Result<view::ReviewCase, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut review = in_hand(&mut tx, actor, id, now).await?;
    let zone = zone::given(&mut tx, &review, zone, now).await?;
    let zone = zone.as_ref().map(Zone::word);
    let reason = reason_of(review.kind, reason)?;
    let note = noted(reason, note)?;
    let images = tx.review_images(id).await?;
    let answer = statement(&review, actor, &Decision::Refused(reason), zone, &images, now)?;
    match review.kind {
        Kind::Identity => refuse_person(&mut tx, &review, &answer, reason, now).await?,
        Kind::Letter => organization::letter::refused(&mut tx, &review, reason, now).await?,
    }
    tx.give_up_review_images(id).await?;
    count(&mut tx, &review, now).await?;
    review.outcome =
        Some(Outcome { by: actor.id(), at: now, reason: Some(reason.as_str().to_owned()), note });
    end(service, &mut tx, &mut review, ReviewState::Refused, ReviewResult::Refused).await?;
    let body = Body::new()
        .with("reason", reason.as_str())
        .with("answer", hex::encode(answer.raw_sha256()))
        .with("pictures", digests(&images))
        .maybe("zone", zone);
    tx.append_event(told(&review, "review.refused", actor, now, body)).await?;
    committed(service, tx, actor, id, now).await
}

/// Asks for other pictures. Those that were brought are erased.
///
/// # Errors
/// As [`refuse`]; `review_rounds` where they were asked for often enough.
pub async fn ask(
    service: &Service,
    actor: &Actor,
    id: ReviewId,
    reason: view::ReviewReason,
    note: Option<&str>,
) -> Result<view::ReviewCase, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut review = in_hand(&mut tx, actor, id, now).await?;
    if review.rounds >= ROUNDS {
        return Err(Refusal::ReviewRounds.into());
    }
    let reason = reason_of(review.kind, reason)?;
    let note = noted(reason, note)?;
    tx.give_up_review_images(id).await?;
    // Whoever is asked again reads their mail first.
    review.until = now + COLLECT * 6;
    if review.kind == Kind::Identity
        && let Some(mut it) = tx.identity_verification(review.verification_id).await?
    {
        it.pending_until = Some(review.until);
        tx.put_identity_verification(&it).await?;
    }
    review.outcome =
        Some(Outcome { by: actor.id(), at: now, reason: Some(reason.as_str().to_owned()), note });
    end(service, &mut tx, &mut review, ReviewState::Collecting, ReviewResult::Asked).await?;
    let body = Body::new().with("reason", reason.as_str());
    tx.append_event(told(&review, "review.asked_again", actor, now, body)).await?;
    committed(service, tx, actor, id, now).await
}

/// The person is verified by this decision; whether they are still waited for.
async fn verify_person(
    service: &Service,
    tx: &mut Tx,
    review: &Review,
    answer: &Answer<()>,
    parts: &[Part],
) -> Result<bool, Error> {
    let now = service.now();
    let gone = || Error::internal("a check is about a verification");
    let mut it = tx.identity_verification(review.verification_id).await?.ok_or_else(gone)?;
    let party = Party::of_check(tx, &it, now).await?.filter(|party| party.require().is_ok());
    let Some(mut party) = party.filter(|_| it.state == VerificationState::Pending) else {
        if it.state == VerificationState::Pending {
            identity::give_up(tx, &mut it, VerificationState::Expired, now).await?;
        }
        super::close(tx, review.verification_id, ReviewState::Expired, now).await?;
        return Ok(false);
    };
    let presented = parts.contains(&Part::Selfie).then_some(Factor::Presented);
    let factors: Vec<Factor> = std::iter::once(Factor::Document).chain(presented).collect();
    it.proof = identity::proof(answer, &factors, None);
    it.answer = identity::text_of(&answer.raw);
    // An account that became another's meanwhile has it refused; nobody is refused in a ceremony.
    let refused = identity::verified(service, tx, &mut party, it).await?.refusal.is_some();
    if refused {
        super::close(tx, review.verification_id, ReviewState::Expired, now).await?;
    }
    Ok(!refused)
}

/// The person is refused by this decision: what was typed is erased.
async fn refuse_person(
    tx: &mut Tx,
    review: &Review,
    answer: &Answer<()>,
    reason: Reason,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(mut it) = tx.identity_verification(review.verification_id).await? else { return Ok(()) };
    if it.state != VerificationState::Pending {
        return Err(Refusal::ReviewDecided.into());
    }
    it.state = VerificationState::Refused;
    it.refused = Some(reason.refused_word().to_owned());
    it.proof = identity::proof(answer, &[], None);
    it.erase(now);
    tx.put_identity_verification(&it).await?;
    let body = Body::new()
        .with("verification", it.id.to_string())
        .with("reason", it.refused.as_deref().unwrap_or_default())
        .with("provider", PROVIDER)
        .with("transaction", answer.transaction.as_str())
        .with("answer", it.proof.answer_sha256.as_str());
    let about = About::of(tx, review).await?;
    tx.append_event(about.event("identity.refused", None, body, now)).await?;
    Ok(())
}

/// Yes, with what was looked at; or no, and why.
enum Decision<'a> {
    Approved(&'a [Check]),
    Refused(Reason),
}

/// The decision as it is kept, and its digest.
fn statement(
    review: &Review,
    actor: &Actor,
    decision: &Decision<'_>,
    zone: Option<&'static str>,
    images: &[ReviewImage],
    at: Timestamp,
) -> Result<Answer<()>, Error> {
    let (decision, reason, checks) = match decision {
        Decision::Approved(checks) => ("approved", None, *checks),
        Decision::Refused(reason) => ("refused", Some(reason.as_str()), &[][..]),
    };
    let seen = |image: &ReviewImage| Seen { part: image.part.as_str(), sha256: hex::encode(image.sha256) };
    let statement = Statement {
        review: review.id.to_string(),
        verification: review.verification_id.to_string(),
        decision,
        reason,
        reviewer: actor.id().to_string(),
        checks: checks.iter().map(|check| check.as_str()).collect(),
        pictures: images.iter().map(seen).collect(),
        zone,
        at,
    };
    let (transaction, raw) = (review.id.to_string(), serde_json::to_vec(&statement)?);
    Ok(Answer { provider: PROVIDER, transaction, verdict: (), raw, at })
}

/// The check stands there, and whoever waits is told.
async fn end(
    service: &Service,
    tx: &mut Tx,
    review: &mut Review,
    state: ReviewState,
    result: ReviewResult,
) -> Result<(), Error> {
    review.state = state;
    review.claim = None;
    if !tx.change_review(review, ReviewState::Waiting).await? {
        return Err(Refusal::ReviewDecided.into());
    }
    match About::of(tx, review).await? {
        About::Recipient(recipient, contents) => {
            notify::reviewed(service, tx, &recipient, contents.envelope.title, review.kind, result).await
        }
        About::Account(holder) => notify::reviewed_in_account(service, tx, &holder.account, result).await,
    }
}

async fn committed(
    service: &Service,
    mut tx: Tx,
    actor: &Actor,
    id: ReviewId,
    now: Timestamp,
) -> Result<view::ReviewCase, Error> {
    let case = case_in(&mut tx, actor, id, now).await?;
    tx.commit().await?;
    service.wake_jobs();
    Ok(case)
}

/// A refused check is a try.
async fn count(tx: &mut Tx, review: &Review, now: Timestamp) -> Result<(), Error> {
    let subject = review.checked_for.to_string();
    let counted = tx.attempt(ATTEMPTS, &subject).await?;
    let counted = counted.filter(|it| now.duration_since(it.first_at) < REST);
    let mut attempt = counted.unwrap_or(Attempt { failed: 0, first_at: now, locked_until: None });
    attempt.failed += 1;
    if attempt.failed >= TRIES {
        attempt.locked_until = Some(now + REST);
    }
    Ok(tx.save_attempt(ATTEMPTS, &subject, attempt).await?)
}

fn reason_of(kind: Kind, reason: view::ReviewReason) -> Result<Reason, Error> {
    let reason = Reason::from(reason);
    if Reason::of(kind).contains(&reason) { Ok(reason) } else { Err(Refusal::ReasonRequired.into()) }
}

/// What the reviewer adds. “Something else” says nothing without it.
fn noted(reason: Reason, note: Option<&str>) -> Result<Option<String>, Error> {
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    let note = note.map(|note| Text::parse(note, NOTE_LIMIT)).transpose()?;
    if reason == Reason::Other && note.is_none() {
        return Err(Refusal::ReasonRequired.into());
    }
    Ok(note)
}

fn digests(images: &[ReviewImage]) -> String {
    let all = images.iter().map(|image| format!("{}:{}", image.part.as_str(), hex::encode(image.sha256)));
    all.collect::<Vec<_>>().join(" ")
}
