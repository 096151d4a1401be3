//! Personal data are kept for as long as they have to be, and no longer. What proves that a check was made stays.

use evidence::{Actor, Body};
use jiff::SignedDuration;
use store::{Append, CheckedFor, IdentityVerification, Reader, VerificationState};

use crate::core::Service;
use crate::error::Error;

/// A check that was not passed needs nothing of it any more after this, however it ended.
const UNPASSED: SignedDuration = SignedDuration::from_hours(24);
const BATCH: u32 = 100;

/// Erases what is overdue: names, numbers, answers and the salts of their commitments.
pub(crate) async fn erase_overdue(service: &Service) -> Result<(), Error> {
    let now = service.now();
    let kept = SignedDuration::from_hours(24 * i64::from(service.config().identity_retention_days));
    let overdue =
        service.store().read().await?.identities_to_erase(now - kept, now - UNPASSED, BATCH).await?;
    for id in overdue {
        let mut tx = service.store().begin().await?;
        let Some(mut it) = tx.identity_verification(id).await? else { continue };
        if it.erased_at.is_some() {
            continue;
        }
        if matches!(it.state, VerificationState::CodeSent | VerificationState::Asked) {
            it.state = VerificationState::Abandoned;
        }
        it.erase(now);
        tx.put_identity_verification(&it).await?;
        if let Some(person) = it.person_id {
            tx.erase_person(person, &it.name).await?;
        }
        let subject = subject_of(&mut tx, &it).await?;
        let body = Body::new()
            .with("verification", id.to_string())
            .with("answer", it.proof.answer_sha256.as_str())
            .with("transaction", it.proof.transaction.as_str());
        tx.append_event(Append {
            at: now,
            kind: "identity.erased",
            subject: Some(subject),
            actor: Actor::System,
            body,
        })
        .await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Under what the log tells of a check: the envelope of its ceremony, or the account.
pub(crate) async fn subject_of(reader: &mut Reader, it: &IdentityVerification) -> Result<String, Error> {
    Ok(match it.checked_for {
        CheckedFor::Account(id) => id.to_string(),
        CheckedFor::Recipient(id) => match reader.recipient(id).await? {
            Some(recipient) => recipient.envelope_id.to_string(),
            None => id.to_string(),
        },
    })
}
