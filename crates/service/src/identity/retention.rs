//! Personal data are kept for as long as they have to be, and no longer. What proves that a check was made stays.

use domain::{Name, VerificationId, mask};
use evidence::{Actor, Body};
use jiff::SignedDuration;
use store::{Append, CheckedFor, IdentityVerification, Overdue, Reader, VerificationState};

use crate::core::Service;
use crate::error::Error;
use crate::jobs::Rows;

/// A check that was not passed needs nothing of it any more after this, however it ended.
const UNPASSED: SignedDuration = SignedDuration::from_hours(24);
/// A company's check that nobody finished is erased after this, and the number of an account that was paid: the amount is
/// awaited for three days, and a lock lasts one.
const UNFINISHED: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How long the outbox keeps messages, and the queue what was given up: for whoever looks why something did not arrive.
const MESSAGES: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Erases what is overdue: names, numbers, answers and the salts of their commitments; what registries said; messages.
pub(crate) async fn erase_overdue(service: &Service) -> Result<(), Error> {
    let now = service.now();
    let kept = SignedDuration::from_hours(24 * i64::from(service.config().identity_retention_days));
    let of_people = Overdue { ended_before: now - kept, begun_before: now - UNPASSED };
    let people = erase_people(service, of_people).await;
    let of_companies = Overdue { ended_before: now - kept, begun_before: now - UNFINISHED };
    let companies = erase_companies(service, of_companies).await;
    let mut tx = service.store().begin().await?;
    tx.forget_messages(now - MESSAGES).await?;
    tx.forget_sandbox_faces(now - UNPASSED).await?;
    tx.commit().await?;
    let mut tx = service.store().begin().await?;
    tx.forget_account_numbers(now - UNFINISHED).await?;
    tx.commit().await?;
    people.and(companies)
}

/// Erases who people are.
async fn erase_people(service: &Service, of: Overdue) -> Result<(), Error> {
    let mut rows = Rows::of("personal data");
    while let Some(page) = rows.page() {
        let overdue = service.store().read().await?.identities_to_erase(of, page).await?;
        if overdue.is_empty() {
            break;
        }
        for id in overdue {
            rows.done(id, erase_person(service, id, of).await);
        }
    }
    Ok(())
}

async fn erase_person(service: &Service, id: VerificationId, of: Overdue) -> Result<(), Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    // Asked again: what happened since the list was made counts.
    if !tx.is_identity_to_erase(id, of).await? {
        return Ok(());
    }
    let Some(mut it) = tx.identity_verification(id).await? else { return Ok(()) };
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
    let (kind, subject) = ("identity.erased", Some(subject));
    tx.append_event(Append { at: now, kind, subject, actor: Actor::System, body }).await?;
    Ok(tx.commit().await?)
}

/// Erases what registries said of companies, and who leads them.
async fn erase_companies(service: &Service, of: Overdue) -> Result<(), Error> {
    let mut rows = Rows::of("data of companies");
    while let Some(page) = rows.page() {
        let overdue = service.store().read().await?.organization_runs_to_erase(of, page).await?;
        if overdue.is_empty() {
            break;
        }
        for id in overdue {
            rows.done(id, erase_company(service, id, of).await);
        }
    }
    Ok(())
}

async fn erase_company(service: &Service, id: VerificationId, of: Overdue) -> Result<(), Error> {
    let mut tx = service.store().begin().await?;
    // A run that was finished meanwhile keeps what it rests on.
    if !tx.is_organization_run_to_erase(id, of).await? {
        return Ok(());
    }
    let Some(it) = tx.organization_verification(id).await? else { return Ok(()) };
    let leader = Name::parse(&mask::name(it.legal_representative.as_str())).map_err(Error::internal)?;
    tx.erase_organization_run(id, &leader).await?;
    let recipient = tx.recipient(it.recipient_id).await?;
    let body = Body::new()
        .with("verification", id.to_string())
        .with("answer", it.proof.answer_sha256.as_str())
        .with("transaction", it.proof.transaction.as_str());
    let subject = recipient.map(|recipient| recipient.envelope_id.to_string());
    let (at, kind) = (service.now(), "organization.erased");
    tx.append_event(Append { at, kind, subject, actor: Actor::System, body }).await?;
    Ok(tx.commit().await?)
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
