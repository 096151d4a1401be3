//! Verifying an organization and its agent: the registry compares name, code and legal representative; the amount of a
//! small payment shows that the agent sees the organization's account.

use domain::ceremony::Step;
use domain::organization::{AgentRole, AgentScope, OrganizationState, OrganizationWay};
use domain::recipient::Verified;
use domain::{
    CreditCode, IdDocument, IdKind, Name, OrganizationId, PaymentId, PersonId, Refusal, VerificationId, mask,
};
use evidence::Body;
use jiff::{SignedDuration, Timestamp};
use providers::{
    Answer, Fault, OrganizationCheck, OrganizationFactor, OrganizationMethod, OrganizationVerdict,
    PayoutRequest, PayoutState,
};
use store::{Attempt, Organization, OrganizationVerification, Proof, Reader, StoredPayment, Tx};

use super::agents::{self, Grant};
use super::follow::follow;
use super::payment::{LOCK, Payment, TRIES, random_amount};
use crate::ceremony::{Scene, Signer, show_ceremony};
use crate::core::Service;
use crate::error::Error;
use crate::identity::sandbox::PROVIDER;
use crate::identity::{how, text_of, unavailable};
use crate::limiter::Rate;
use crate::view;

/// How long a verified agent is recognised.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 365);
/// Wrong amounts are counted for an agent and an organization, over all payments.
const ATTEMPTS: &str = "payment";
/// What the account's statement shows beside the amount.
const REMARK: &str = "Vermilion 企业认证 verification";
/// Digits of a bank account: corporate accounts have no checksum.
const ACCOUNT_DIGITS: std::ops::RangeInclusive<usize> = 8..=32;

/// Compares three elements with the registry, or four where the legal representative's ID number is given.
pub(crate) async fn check(
    service: &Service,
    signer: &Signer,
    name: &str,
    credit_code: &str,
    legal_representative: &str,
    legal_representative_id: Option<&str>,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::CODE, &signer.recipient().to_string(), now)?;
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    require_step(&scene)?;
    if scene.verified_organization().is_some() {
        return show_ceremony(service, &mut reader, &scene).await;
    }
    let mut check = OrganizationCheck::three(
        VerificationId::new(service.clock(), service.rng()).to_string(),
        Name::parse(name)?,
        CreditCode::parse(credit_code).map_err(Refusal::from)?,
        Name::parse(legal_representative)?,
    );
    if let Some(number) = legal_representative_id {
        let number = IdDocument::parse(IdKind::ResidentId, number, now).map_err(Refusal::from)?;
        check.legal_representative_id = Some(number);
        check.method = OrganizationMethod::FourElements;
    }
    if let Some(expected) = scene.recipient.organization.as_ref().filter(|it| !it.matches(&check.name)) {
        return Err(Refusal::OrganizationNotExpected { expected: expected.as_str().to_owned() }.into());
    }
    // A lock on payments holds for the organization, not for one run of the verification.
    failures(&mut reader, &subject(&scene, &check.credit_code)?, now).await?;
    drop(reader);
    let answer = service.providers().organizations.check(&check).await;
    let answer = answer.map_err(|error| unavailable(service, &error))?;
    match answer.verdict.clone() {
        OrganizationVerdict::Passed { name, factors } => {
            passed(service, signer, check, &answer, (&name, &factors)).await
        }
        OrganizationVerdict::Refused(mismatch) => {
            refused(service, signer, Refusal::OrganizationMismatch { what: mismatch.as_str() }).await
        }
        OrganizationVerdict::Inactive { state } => {
            refused(service, signer, Refusal::OrganizationInactive { state }).await
        }
    }
}

/// Pays a random small amount to the account that the agent names, which must be in the organization's name.
pub(crate) async fn pay(
    service: &Service,
    signer: &Signer,
    account_number: &str,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::CODE, &signer.recipient().to_string(), now)?;
    let _one = crate::ceremony::hold(&signer.recipient().to_string()).await;
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    require_step(&scene)?;
    let verification = scene.organization.clone().ok_or(Refusal::StepNotReady { step: "organization" })?;
    if scene.verified_organization().is_some() {
        return show_ceremony(service, &mut reader, &scene).await;
    }
    agents::require_welcome(&mut reader, verification.person_id, &verification.credit_code).await?;
    let failed = failures(&mut reader, &subject(&scene, &verification.credit_code)?, now).await?;
    drop(reader);
    let account: String = account_number.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if !ACCOUNT_DIGITS.contains(&account.len()) || !account.chars().all(|c| c.is_ascii_digit()) {
        return Err(Refusal::AccountInvalid.into());
    }
    let id = PaymentId::new(service.clock(), service.rng());
    let amount_fen = random_amount(service.rng());
    let payment =
        Payment::sent(service.server_key(), &id.to_string(), amount_fen, mask::account(&account), now);
    let payment = payment.after(failed);
    // 1. The payment is on record before the bank is told to pay.
    let mut stored = StoredPayment {
        id,
        verification_id: verification.id,
        account_number: account.clone(),
        payment: serde_json::to_string(&payment)?,
        reference: None,
        created_at: now,
    };
    let mut tx = service.store().begin().await?;
    tx.put_payment(&stored).await?;
    tx.commit().await?;
    // 2. Pay, under the payment's own number: a repeated request pays once.
    let request = PayoutRequest {
        order: id.to_string(),
        account_number: account,
        account_name: verification.name.as_str().to_owned(),
        bank_union_number: None,
        amount_fen,
        remark: REMARK.to_owned(),
    };
    let answer = service.providers().payouts.request(&request).await;
    let answer = answer.map_err(|error| match error.fault {
        Fault::Unsupported(_) => Refusal::PaymentFailed { reason: "unavailable".to_owned() },
        _ => unavailable(service, &error),
    })?;
    // 3. What came of it.
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    if let PayoutState::Failed(why) = answer.verdict {
        stored.payment = serde_json::to_string(&payment.failed(why.as_str()))?;
        tx.put_payment(&stored).await?;
        let body = Body::new().with("payment", id.to_string()).with("reason", why.as_str());
        tx.append_event(scene.event("payment.failed", body)).await?;
        tx.commit().await?;
        return Err(Refusal::PaymentFailed { reason: why.as_str().to_owned() }.into());
    }
    stored.reference = Some(answer.transaction.clone());
    tx.put_payment(&stored).await?;
    let verification = OrganizationVerification {
        state: OrganizationState::PaymentSent,
        way: Some(OrganizationWay::Payment),
        ..verification
    };
    tx.put_organization_verification(&verification).await?;
    let body = Body::new()
        .with("payment", id.to_string())
        .with("account", payment.account_masked.as_str())
        .with("transaction", answer.transaction.as_str());
    tx.append_event(scene.event("payment.sent", body)).await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

/// Takes the amount; the right one verifies the organization and its agent.
pub(crate) async fn confirm(
    service: &Service,
    signer: &Signer,
    amount_fen: u32,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::CODE, &signer.recipient().to_string(), now)?;
    let scene = {
        let mut reader = service.store().read().await?;
        Scene::load(&mut reader, &signer.session, now).await?
    };
    require_step(&scene)?;
    // A payment that came back shows no amount to anybody: whoever tells one has guessed it.
    if let Some(stored) = &scene.payment {
        follow(service, stored).await?;
    }
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    require_step(&scene)?;
    if scene.verified_organization().is_some() {
        return show_ceremony(service, &mut tx, &scene).await;
    }
    let not_ready = Refusal::StepNotReady { step: "organization" };
    let (Some(verification), Some(mut stored)) = (scene.organization.clone(), scene.payment.clone()) else {
        return Err(not_ready.into());
    };
    let mut payment: Payment = serde_json::from_str(&stored.payment)?;
    let outcome = payment.check(service.server_key(), &stored.id.to_string(), amount_fen, now);
    stored.payment = serde_json::to_string(&payment)?;
    tx.put_payment(&stored).await?;
    let subject = subject(&scene, &verification.credit_code)?;
    if let Err(refusal) = outcome {
        // The try is counted even though it failed.
        let failed = TRIES.saturating_sub(payment.tries_left);
        let attempt = Attempt { failed, first_at: now, locked_until: payment.locked_until };
        if !matches!(refusal, Refusal::PaymentExpired | Refusal::PaymentFailed { .. }) {
            tx.save_attempt(ATTEMPTS, &subject, attempt).await?;
        }
        if matches!(refusal, Refusal::PaymentLocked { .. }) {
            let body = Body::new().with("payment", stored.id.to_string());
            tx.append_event(scene.event("payment.locked", body)).await?;
        }
        tx.commit().await?;
        return Err(refusal.into());
    }
    // A power that was taken away while the payment was under way stays taken away.
    agents::require_welcome(&mut tx, verification.person_id, &verification.credit_code).await?;
    tx.clear_attempt(ATTEMPTS, &subject).await?;
    verified(service, &mut tx, &mut scene, verification, &stored).await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

/// Finds what the person was verified for before: an agent need not wait for a payment each time.
///
/// What the sandbox verified counts for as long as there is a sandbox.
pub(crate) async fn recognise(
    service: &Service,
    tx: &mut Tx,
    scene: &mut Scene,
    person: PersonId,
) -> Result<(), Error> {
    let now = scene.now;
    let expected = scene.recipient.organization.clone();
    let mut known = None;
    for agent in tx.agents_of_person(person).await?.into_iter().filter(|it| it.may(AgentScope::Seal, now)) {
        let Some(it) = tx.organization_verification(agent.verification_id).await? else { continue };
        let fits = (it.provider != PROVIDER || service.has_sandbox())
            && it.expires_at.is_none_or(|until| now < until)
            && expected.as_ref().is_none_or(|name| name.matches(&it.name));
        if fits {
            known = Some((agent, it));
            break;
        }
    }
    let Some((agent, known)) = known else { return Ok(()) };
    scene.ceremony.organization_verification_id = Some(known.id);
    record(scene, &known);
    scene.agent = Some(agent);
    let body = Body::new()
        .with("verification", known.id.to_string())
        .with("credit_code", known.credit_code.as_str())
        .maybe("organization", known.organization_id.map(|id| id.to_string()));
    tx.append_event(scene.event("organization.recognised", body)).await?;
    Ok(())
}

async fn passed(
    service: &Service,
    signer: &Signer,
    check: OrganizationCheck,
    answer: &Answer<OrganizationVerdict>,
    (registered, factors): (&str, &[OrganizationFactor]),
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    require_step(&scene)?;
    let person = scene.verified_identity().and_then(|it| it.person_id).ok_or(Error::NotFound)?;
    let it = OrganizationVerification {
        id: check.order.parse().map_err(Error::internal)?,
        recipient_id: scene.recipient.id,
        organization_id: None,
        person_id: person,
        state: OrganizationState::RegistryChecked,
        way: None,
        refused: None,
        provider: answer.provider.to_owned(),
        name: Name::parse(registered)?,
        credit_code: check.credit_code,
        legal_representative: check.legal_representative.ok_or(Refusal::NameRequired)?,
        method: check.method.as_str().to_owned(),
        transaction: Some(answer.transaction.clone()),
        proof: Proof {
            transaction: answer.transaction.clone(),
            factors: std::iter::once("company_register")
                .chain(factors.iter().map(|factor| factor.as_str()))
                .map(str::to_owned)
                .collect(),
            score: None,
            answer_sha256: hex::encode(answer.raw_sha256()),
            at: answer.at,
        },
        answer: text_of(&answer.raw),
        created_at: now,
        verified_at: None,
        expires_at: None,
    };
    tx.put_organization_verification(&it).await?;
    scene.ceremony.organization_verification_id = Some(it.id);
    tx.put_ceremony(&scene.ceremony).await?;
    let body = Body::new()
        .with("verification", it.id.to_string())
        .with("credit_code", it.credit_code.as_str())
        .with("provider", it.provider.as_str())
        .with("method", it.method.as_str())
        .with("transaction", it.proof.transaction.as_str())
        .with("answer", it.proof.answer_sha256.as_str());
    tx.append_event(scene.event("organization.checked", body)).await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

async fn refused(service: &Service, signer: &Signer, refusal: Refusal) -> Result<view::Ceremony, Error> {
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, service.now()).await?;
    let body =
        Body::new().with("reason", refusal.code()).with("provider", service.providers().organizations.name());
    tx.append_event(scene.event("organization.refused", body)).await?;
    tx.commit().await?;
    Err(refusal.into())
}

async fn verified(
    service: &Service,
    tx: &mut Tx,
    scene: &mut Scene,
    mut it: OrganizationVerification,
    payment: &StoredPayment,
) -> Result<(), Error> {
    let now = scene.now;
    let known = tx.organization_by_code(&it.credit_code).await?;
    let organization = Organization {
        id: known
            .as_ref()
            .map_or_else(|| OrganizationId::new(service.clock(), service.rng()), |known| known.id),
        credit_code: it.credit_code.clone(),
        name: it.name.clone(),
        legal_representative: it.legal_representative.clone(),
        created_at: known.as_ref().map_or(now, |known| known.created_at),
        verified_at: now,
    };
    tx.put_organization(&organization).await?;
    it.state = OrganizationState::Verified;
    it.organization_id = Some(organization.id);
    it.verified_at = Some(now);
    it.expires_at = Some(now + LIFETIME);
    it.proof.factors.push("payment".to_owned());
    tx.put_organization_verification(&it).await?;
    let grant =
        Grant { role: AgentRole::Agent, proof: OrganizationWay::Payment, scope: AgentScope::ALL.to_vec() };
    scene.agent = Some(agents::empower(service, tx, &it, grant, scene.session_actor()).await?);
    record(scene, &it);
    tx.save_recipient(&scene.recipient).await?;
    let body = Body::new()
        .with("verification", it.id.to_string())
        .with("organization", organization.id.to_string())
        .with("credit_code", it.credit_code.as_str())
        .with("agent", it.person_id.to_string())
        .with("payment", payment.id.to_string())
        .with("factors", it.proof.factors.join(" "));
    tx.append_event(scene.event("organization.verified", body)).await?;
    Ok(())
}

/// What the sender sees of it.
fn record(scene: &mut Scene, it: &OrganizationVerification) {
    let masked =
        scene.identity.as_ref().map(|identity| mask::name(identity.name.as_str())).unwrap_or_default();
    let name_masked =
        scene.recipient.verified.as_ref().map_or(masked, |verified| verified.name_masked.clone());
    let mut means = scene.identity.as_ref().map(how).unwrap_or_default();
    means.extend(["company_register".to_owned(), "payment".to_owned()]);
    scene.recipient.verified =
        Some(Verified { name_masked, how: means, organization: Some(it.name.as_str().to_owned()) });
}

/// For whom wrong amounts are counted.
fn subject(scene: &Scene, code: &CreditCode) -> Result<String, Error> {
    let person = scene.verified_identity().and_then(|it| it.person_id).ok_or(Error::NotFound)?;
    Ok(format!("{code} {person}"))
}

/// The wrong amounts that still count; a refusal while they lock.
async fn failures(reader: &mut Reader, subject: &str, now: Timestamp) -> Result<u32, Error> {
    let Some(attempt) = reader.attempt(ATTEMPTS, subject).await? else { return Ok(0) };
    match attempt.locked_until {
        Some(until) if now < until => Err(Refusal::PaymentLocked { until: until.to_string() }.into()),
        Some(_) => Ok(0),
        None if now.duration_since(attempt.first_at) < LOCK => Ok(attempt.failed),
        None => Ok(0),
    }
}

fn require_step(scene: &Scene) -> Result<(), Refusal> {
    if !scene.is_organization() {
        return Err(Refusal::StepNotReady { step: scene.step().as_str() });
    }
    scene.require(Step::Organization)
}
