//! What a provider's answer does: once, in one transaction.

use domain::{Refusal, VerificationId};
use evidence::Body;
use providers::{Answer, Factor, PersonRefusal, PersonVerdict};
use store::{IdentityVerification, Tx, VerificationState};
use zeroize::Zeroizing;

use super::code::PhoneCode;
use super::evidence as kept;
use super::party::Party;
use super::tries;
use super::verify::{Outcome, verified};
use crate::core::Service;
use crate::error::Error;
use crate::notify;

/// When to try again after an answer that belonged to another check, in seconds.
const AFTER_REPLAY: u64 = 30;

/// Settles a check by its provider's answer, and gives the refusal where the answer is no. A check that was settled or
/// given up stays as it is: an answer that comes twice, or too late, changes nothing.
pub(super) async fn settle(
    service: &Service,
    id: VerificationId,
    answer: &Answer<PersonVerdict>,
) -> Result<Option<Refusal>, Error> {
    match settle_once(service, id, answer).await {
        Err(Error::Internal(cause)) if is_conflict(&*cause) => replayed(service, id, answer).await.map(Some),
        settled => settled,
    }
}

async fn settle_once(
    service: &Service,
    id: VerificationId,
    answer: &Answer<PersonVerdict>,
) -> Result<Option<Refusal>, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let it = tx.identity_verification(id).await?.ok_or(Error::NotFound)?;
    if !matches!(it.state, VerificationState::Asked | VerificationState::Pending) {
        return Ok(None);
    }
    let Some(mut party) = Party::of_check(&mut tx, &it, now).await? else {
        return abandon(tx, it, now).await;
    };
    if party.require().is_err() {
        return abandon(tx, it, now).await;
    }
    let outcome = match answer.verdict.clone() {
        PersonVerdict::Pending(_) if it.state == VerificationState::Pending => return Ok(None),
        PersonVerdict::Pending(pending) => {
            let mut it = it;
            it.state = VerificationState::Pending;
            it.transaction = Some(pending.transaction.clone());
            it.pending_until = Some(pending.until);
            it.pending = Some(serde_json::to_string(&pending)?);
            tx.put_identity_verification(&it).await?;
            let body = Body::new()
                .with("verification", id.to_string())
                .with("provider", it.provider.as_str())
                .with("method", it.method.as_str())
                .with("transaction", pending.transaction.as_str());
            tx.append_event(party.event("identity.pending", body)).await?;
            Outcome::default()
        }
        PersonVerdict::Refused(why) => {
            let refusal = Some(refused(&mut tx, &party, it, answer, why).await?);
            Outcome { refusal, released: false }
        }
        PersonVerdict::Passed { factors, score } => {
            passed(service, &mut tx, &mut party, it, answer, &factors, score).await?
        }
    };
    tx.commit().await?;
    if outcome.released {
        service.authority().changed().await;
    }
    service.wake_jobs();
    Ok(outcome.refusal)
}

/// The authority says yes: a code goes to the phone, or, where a face was shown, the person is verified.
async fn passed(
    service: &Service,
    tx: &mut Tx,
    party: &mut Party,
    mut it: IdentityVerification,
    answer: &Answer<PersonVerdict>,
    factors: &[Factor],
    score: Option<u8>,
) -> Result<Outcome, Error> {
    it.transaction = Some(answer.transaction.clone());
    it.proof = kept::proof(answer, factors, score);
    it.answer = kept::text_of(&answer.raw);
    it.pending = None;
    it.bank_card = None;
    let body = Body::new()
        .with("verification", it.id.to_string())
        .with("provider", it.provider.as_str())
        .with("method", it.method.as_str())
        .with("transaction", it.proof.transaction.as_str())
        .with("answer", it.proof.answer_sha256.as_str());
    tx.append_event(party.event("identity.checked", body)).await?;
    if factors.contains(&Factor::Face) {
        return verified(service, tx, party, it).await;
    }
    let (code, digits) = first_code(service, tx, &it).await?;
    it.state = VerificationState::CodeSent;
    it.code = serde_json::to_string(&code)?;
    tx.put_identity_verification(&it).await?;
    let phone = it.phone.as_ref().ok_or_else(|| Error::internal("elements are compared with a phone"))?;
    notify::phone_code(service, tx, party.addressee(), phone, &digits).await?;
    Ok(Outcome::default())
}

/// What a verification that was given up has used up stays used up.
async fn first_code(
    service: &Service,
    tx: &mut Tx,
    it: &IdentityVerification,
) -> Result<(PhoneCode, Zeroizing<String>), Error> {
    let (now, scope) = (service.now(), it.id.to_string());
    let before = tx.newest_identity_code(it.checked_for).await?;
    Ok(match before.filter(|before| before.state != VerificationState::Verified) {
        Some(before) => {
            let previous = serde_json::from_str(&before.code)?;
            PhoneCode::following(previous, service.server_key(), &scope, service.rng(), now)?
        }
        None => PhoneCode::first(service.server_key(), &scope, service.rng(), now),
    })
}

/// The authority says no: what was typed is erased, and a mismatch is counted.
async fn refused(
    tx: &mut Tx,
    party: &Party,
    mut it: IdentityVerification,
    answer: &Answer<PersonVerdict>,
    why: PersonRefusal,
) -> Result<Refusal, Error> {
    let now = party.now();
    it.state = match why {
        PersonRefusal::Expired => VerificationState::Expired,
        _ => VerificationState::Refused,
    };
    it.transaction = Some(answer.transaction.clone());
    it.refused = Some(why.as_str().to_owned());
    it.proof = kept::proof(answer, &[], None);
    it.erase(now);
    tx.put_identity_verification(&it).await?;
    if why.is_mismatch() {
        tries::IDENTITY.fail(tx, &party.id(), now).await?;
    }
    let refusal = why.refusal();
    let body = Body::new()
        .with("verification", it.id.to_string())
        .with("reason", why.as_str())
        .with("provider", it.provider.as_str())
        .with("transaction", answer.transaction.as_str())
        .with("answer", it.proof.answer_sha256.as_str());
    tx.append_event(party.event("identity.refused", body)).await?;
    Ok(refusal)
}

/// Nobody waits for it any more.
async fn abandon(
    mut tx: Tx,
    mut it: IdentityVerification,
    now: jiff::Timestamp,
) -> Result<Option<Refusal>, Error> {
    super::give_up(&mut tx, &mut it, VerificationState::Abandoned, now).await?;
    tx.commit().await?;
    Ok(None)
}

/// The answer carries the transaction of another check: it verifies nobody.
async fn replayed(
    service: &Service,
    id: VerificationId,
    answer: &Answer<PersonVerdict>,
) -> Result<Refusal, Error> {
    tracing::warn!(provider = answer.provider, verification = %id, "an answer belongs to another check");
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let open =
        |it: &IdentityVerification| matches!(it.state, VerificationState::Asked | VerificationState::Pending);
    // What was settled meanwhile stays as it is.
    if let Some(mut it) = tx.identity_verification(id).await?.filter(open) {
        let party = Party::of_check(&mut tx, &it, now).await?;
        super::give_up(&mut tx, &mut it, VerificationState::Abandoned, now).await?;
        if let Some(party) = party {
            let body = Body::new()
                .with("verification", id.to_string())
                .with("provider", it.provider.as_str())
                .with("transaction", answer.transaction.as_str());
            tx.append_event(party.event("identity.replayed", body)).await?;
        }
        tx.commit().await?;
    }
    Ok(Refusal::ProviderUnavailable { retry_after: AFTER_REPLAY })
}

fn is_conflict(cause: &(dyn std::error::Error + Send + Sync + 'static)) -> bool {
    matches!(cause.downcast_ref::<store::Error>(), Some(store::Error::Conflict))
}
