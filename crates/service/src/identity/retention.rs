//! Personal data are kept for as long as they have to be, and no longer. What proves that a check was made stays.

use domain::{Name, mask};
use evidence::{Actor, Body};
use jiff::{SignedDuration, Timestamp};
use store::{Append, CheckedFor, IdentityVerification, Reader, VerificationState};

use crate::core::Service;
use crate::error::Error;

/// A check that was not passed needs nothing of it any more after this, however it ended.
const UNPASSED: SignedDuration = SignedDuration::from_hours(24);
/// A company's check that nobody finished is erased after this, and the number of an account that was paid: the amount is
/// awaited for three days, and a lock lasts one.
const UNFINISHED: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How long the outbox keeps messages, and the queue what was given up: for whoever looks why something did not arrive.
const MESSAGES: SignedDuration = SignedDuration::from_hours(24 * 30);
const BATCH: u32 = 100;

/// Erases what is overdue: names, numbers, answers and the salts of their commitments; what registries said; messages.
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
    erase_companies(service, now - kept, now - UNFINISHED).await?;
    let mut tx = service.store().begin().await?;
    tx.forget_account_numbers(now - UNFINISHED).await?;
    tx.forget_messages(now - MESSAGES).await?;
    tx.forget_sandbox_faces(now - UNPASSED).await?;
    Ok(tx.commit().await?)
}

/// Erases what registries said of companies, and who leads them.
async fn erase_companies(service: &Service, ended: Timestamp, begun: Timestamp) -> Result<(), Error> {
    let overdue = service.store().read().await?.organization_runs_to_erase(ended, begun, BATCH).await?;
    for id in overdue {
        let mut tx = service.store().begin().await?;
        let Some(it) = tx.organization_verification(id).await? else { continue };
        let leader = Name::parse(&mask::name(it.legal_representative.as_str())).map_err(Error::internal)?;
        tx.erase_organization_run(id, &leader).await?;
        let recipient = tx.recipient(it.recipient_id).await?;
        let body = Body::new()
            .with("verification", id.to_string())
            .with("answer", it.proof.answer_sha256.as_str())
            .with("transaction", it.proof.transaction.as_str());
        tx.append_event(Append {
            at: service.now(),
            kind: "organization.erased",
            subject: recipient.map(|recipient| recipient.envelope_id.to_string()),
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
