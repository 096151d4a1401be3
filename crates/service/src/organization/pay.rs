//! The way by a payment: a random small amount goes to the organization's account, and whoever sees the account tells it.

use domain::organization::{AgentRole, AgentScope, OrganizationState, OrganizationWay};
use domain::{CreditCode, PaymentId, Refusal, mask};
use evidence::Body;
use jiff::{SignedDuration, Timestamp};
use providers::{Fault, PayoutRequest, PayoutState};
use store::{Attempt, Reader, StoredPayment};

use super::agents::{self, Grant};
use super::check::{person, require_step, run_of};
use super::follow::follow;
use super::payment::{LOCK, Payment, TRIES, random_amount};
use super::prove;
use crate::ceremony::{Scene, Signer, hold, show_ceremony};
use crate::core::Service;
use crate::error::Error;
use crate::identity::unavailable;
use crate::limiter::Rate;
use crate::view;

/// Wrong amounts are counted for an agent and an organization, over all payments.
const ATTEMPTS: &str = "payment";
/// What the account's statement shows beside the amount.
const REMARK: &str = "Vermilion 企业认证 verification";
/// Digits of a bank account: corporate accounts have no checksum.
const ACCOUNT_DIGITS: std::ops::RangeInclusive<usize> = 8..=32;
/// The most characters of a bank's name.
const BANK: usize = 100;
/// One payment in this time goes to an organization, whoever asks for it.
const ONE_IN: SignedDuration = SignedDuration::from_hours(24);

/// Pays a random small amount to the account that the agent names, which must be in the organization's name.
pub(crate) async fn pay(
    service: &Service,
    signer: &Signer,
    account_number: &str,
    bank: Option<&str>,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::CODE, &signer.recipient().to_string(), now)?;
    let _one = hold(&signer.recipient().to_string()).await;
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    require_step(&scene)?;
    if scene.verified_organization().is_some() {
        return show_ceremony(service, &mut reader, &scene).await;
    }
    let payouts = &service.providers().payouts;
    if !payouts.pays() {
        return Err(Refusal::OrganizationWayUnavailable { way: OrganizationWay::Payment.as_str() }.into());
    }
    let mut verification = run_of(&scene)?;
    let before = verification.state;
    let waits = matches!(before, OrganizationState::PaymentRequested | OrganizationState::PaymentSent);
    if !before.is_at_choice() && !waits {
        return Err(Refusal::OrganizationStep { state: before.as_str() }.into());
    }
    agents::require_welcome(&mut reader, verification.person_id, &verification.credit_code).await?;
    let failed = failures(&mut reader, &subject(&scene, &verification.credit_code)?, now).await?;
    require_first_today(&mut reader, &verification.credit_code, now).await?;
    drop(reader);
    let account: String = account_number.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if !ACCOUNT_DIGITS.contains(&account.len()) || !account.chars().all(|c| c.is_ascii_digit()) {
        return Err(Refusal::AccountInvalid.into());
    }
    let bank = bank.map(str::trim).filter(|it| !it.is_empty() && it.chars().count() <= BANK);
    if payouts.needs_bank() && bank.is_none() {
        return Err(Refusal::BankRequired.into());
    }
    // Two agents at once: one payment.
    let _organization = hold(verification.credit_code.as_str()).await;
    service.limiter().take(Rate::ORGANIZATION, verification.credit_code.as_str(), now)?;
    take_back(service, &scene).await?;
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
    require_first_today(&mut tx, &verification.credit_code, now).await?;
    // Another payment takes the place of one whose time is over.
    if verification.state != OrganizationState::RegistryChecked {
        verification.state = verification.state.to(OrganizationState::RegistryChecked)?;
    }
    verification.way = Some(OrganizationWay::Payment);
    verification.refused = None;
    tx.put_organization_verification(&verification).await?;
    tx.put_payment(&stored).await?;
    tx.commit().await?;
    // 2. Pay, under the payment's own number: a repeated request pays once.
    let request = PayoutRequest {
        order: id.to_string(),
        account_number: account,
        account_name: verification.name.as_str().to_owned(),
        bank_name: bank.map(str::to_owned),
        bank_union_number: None,
        amount_fen,
        remark: REMARK.to_owned(),
    };
    let answer = payouts.request(&request).await;
    let answer = answer.map_err(|error| match error.fault {
        Fault::Unsupported(_) => Refusal::PaymentFailed { reason: "unavailable".to_owned() },
        _ => unavailable(service, &error),
    })?;
    // 3. What came of it.
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let (state, kind, payment) = match answer.verdict {
        PayoutState::Failed(why) => {
            stored.payment = serde_json::to_string(&payment.failed(why.as_str()))?;
            tx.put_payment(&stored).await?;
            let body = Body::new().with("payment", id.to_string()).with("reason", why.as_str());
            tx.append_event(scene.event("payment.failed", body)).await?;
            tx.commit().await?;
            return Err(Refusal::PaymentFailed { reason: why.as_str().to_owned() }.into());
        }
        PayoutState::Sent => (OrganizationState::PaymentSent, "payment.sent", payment),
        PayoutState::Queued => (OrganizationState::PaymentRequested, "payment.requested", payment.queued()),
    };
    stored.payment = serde_json::to_string(&payment)?;
    stored.reference = Some(answer.transaction.clone());
    tx.put_payment(&stored).await?;
    verification.state = verification.state.to(state)?;
    tx.put_organization_verification(&verification).await?;
    let body = Body::new()
        .with("payment", id.to_string())
        .with("account", payment.account_masked.as_str())
        .with("provider", payouts.name())
        .with("transaction", answer.transaction.as_str());
    tx.append_event(scene.event(kind, body)).await?;
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
    if let Some(verification) = &scene.organization {
        service.limiter().take(Rate::ORGANIZATION, verification.credit_code.as_str(), now)?;
    }
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
    let (Some(mut verification), Some(mut stored)) = (scene.organization.clone(), scene.payment.clone())
    else {
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
        if matches!(refusal, Refusal::AmountWrong { .. } | Refusal::PaymentLocked { .. }) {
            tx.save_attempt(ATTEMPTS, &subject, attempt).await?;
        }
        if matches!(refusal, Refusal::PaymentLocked { .. })
            && verification.state == OrganizationState::PaymentSent
        {
            verification.state = verification.state.to(OrganizationState::Locked)?;
            verification.refused = Some("locked".to_owned());
            tx.put_organization_verification(&verification).await?;
            let body = Body::new().with("payment", stored.id.to_string());
            tx.append_event(scene.event("payment.locked", body)).await?;
        }
        tx.commit().await?;
        return Err(refusal.into());
    }
    // A power that was taken away while the payment was under way stays taken away.
    agents::require_welcome(&mut tx, verification.person_id, &verification.credit_code).await?;
    tx.clear_attempt(ATTEMPTS, &subject).await?;
    let grant =
        Grant { role: AgentRole::Agent, proof: OrganizationWay::Payment, scope: AgentScope::ALL.to_vec() };
    let agent = prove::verified(service, &mut tx, &mut verification, grant, scene.session_actor()).await?;
    prove::show_in(&mut scene.recipient, &verification);
    tx.save_recipient(&scene.recipient).await?;
    let body = prove::body(&verification, &agent).with("payment", stored.id.to_string());
    tx.append_event(scene.event("organization.verified", body)).await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    service.authority().changed().await;
    Ok(ceremony)
}

/// Takes back the order of a payment that nobody has made, for another one or another way.
pub(super) async fn take_back(service: &Service, scene: &Scene) -> Result<(), Error> {
    let waits = scene.organization.as_ref().is_some_and(|it| it.state == OrganizationState::PaymentRequested);
    let Some(stored) = scene.payment.as_ref().filter(|_| waits) else { return Ok(()) };
    let taken_back = service.providers().payouts.withdraw(&stored.id.to_string()).await;
    Ok(taken_back.map_err(|error| unavailable(service, &error))?)
}

/// For whom wrong amounts are counted.
pub(super) fn subject(scene: &Scene, code: &CreditCode) -> Result<String, Error> {
    Ok(format!("{code} {}", person(scene)?))
}

/// The wrong amounts that still count; a refusal while they lock.
pub(super) async fn failures(reader: &mut Reader, subject: &str, now: Timestamp) -> Result<u32, Error> {
    let Some(attempt) = reader.attempt(ATTEMPTS, subject).await? else { return Ok(0) };
    match attempt.locked_until {
        Some(until) if now < until => Err(Refusal::PaymentLocked { until: until.to_string() }.into()),
        Some(_) => Ok(0),
        None if now.duration_since(attempt.first_at) < LOCK => Ok(attempt.failed),
        None => Ok(0),
    }
}

/// Passes where no payment went to the organization within a day that somebody may still wait for: each shows an amount to
/// guess. One that failed shows none, and one whose amount was told is over.
pub(super) async fn require_first_today(
    reader: &mut Reader,
    code: &CreditCode,
    now: Timestamp,
) -> Result<(), Error> {
    for stored in reader.payments_to(code, now - ONE_IN).await? {
        let payment: Payment = serde_json::from_str(&stored.payment)?;
        // Without a reference the bank never took it.
        if stored.reference.is_some() && payment.counts() {
            return Err(Refusal::PaymentToday { until: (stored.created_at + ONE_IN).to_string() }.into());
        }
    }
    Ok(())
}
