//! Payments after they were ordered: they are sent, or not, and a bank may send one back days later; it tells it only to who
//! asks.

use domain::organization::OrganizationState;
use evidence::{Actor, Body};
use jiff::{SignedDuration, Timestamp};
use providers::{PayoutFailure, PayoutState};
use store::{Append, StoredPayment};

use super::payment::Payment;
use crate::core::Service;
use crate::error::Error;
use crate::jobs::{Rows, shuffled};
use crate::notify::{self, OrganizationNews};

/// A bank is not asked about a payment more often than this.
const EVERY: SignedDuration = SignedDuration::from_mins(10);
/// A payment that nobody has made after this long is wanted no more.
const QUEUED: SignedDuration = SignedDuration::from_hours(72);
/// All there are, as far as anybody can tell: each ends within days.
const BATCH: u32 = 1000;

/// Asks about payments whose amount is awaited, and ends those that came back or whose time is over.
pub(crate) async fn follow_payments(service: &Service) -> Result<(), Error> {
    let now = service.now();
    let awaited = service.store().read().await?.awaited_payments(BATCH).await?;
    let mut rows = Rows::of("payments");
    for stored in shuffled(service.rng(), awaited) {
        rows.done(stored.id, follow_due(service, &stored, now).await);
    }
    Ok(())
}

async fn follow_due(service: &Service, stored: &StoredPayment, now: Timestamp) -> Result<(), Error> {
    let payment: Payment = serde_json::from_str(&stored.payment)?;
    if payment.is_over(now) || is_due(stored, now) { follow(service, stored).await } else { Ok(()) }
}

/// Asks about one payment, and has its run go on. A bank that does not answer is asked again later.
pub(super) async fn follow(service: &Service, stored: &StoredPayment) -> Result<(), Error> {
    let now = service.now();
    let payouts = &service.providers().payouts;
    let mut state = match payouts.status(&stored.id.to_string()).await {
        Ok(answer) => Some(answer.verdict),
        Err(error) => {
            tracing::warn!(provider = error.provider, fault = %error.fault, "a bank gave no answer");
            None
        }
    };
    if state == Some(PayoutState::Queued) && now.duration_since(stored.created_at) >= QUEUED {
        if let Err(error) = payouts.withdraw(&stored.id.to_string()).await {
            tracing::warn!(provider = error.provider, fault = %error.fault, "an order could not be taken back");
            return Ok(());
        }
        state = Some(PayoutState::Failed(PayoutFailure::NotSent));
    }
    let mut tx = service.store().begin().await?;
    let Some(mut stored) = tx.payment(stored.id).await? else { return Ok(()) };
    let payment: Payment = serde_json::from_str(&stored.payment)?;
    let Some(mut run) = tx.organization_verification(stored.verification_id).await? else { return Ok(()) };
    let newest = tx.payments(run.id).await?.first().map(|it| it.id);
    let under_way = matches!(run.state, OrganizationState::PaymentRequested | OrganizationState::PaymentSent);
    if !under_way || newest != Some(stored.id) || payment.verified_at.is_some() {
        return Ok(());
    }
    let (payment, next, kind, reason, news) = match state {
        Some(PayoutState::Failed(why)) if payment.failure.is_none() => {
            let reason = why.as_str();
            let payment = payment.failed(reason);
            (
                payment,
                OrganizationState::RegistryChecked,
                "payment.failed",
                Some(reason),
                OrganizationNews::PaymentFailed,
            )
        }
        Some(PayoutState::Sent) if payment.is_queued() => {
            let payment = payment.sent_now(now);
            (payment, OrganizationState::PaymentSent, "payment.sent", None, OrganizationNews::PaymentSent)
        }
        _ if payment.is_over(now) => {
            let next = OrganizationState::Expired;
            (payment, next, "payment.expired", Some("expired"), OrganizationNews::PaymentExpired)
        }
        _ => return Ok(()),
    };
    stored.payment = serde_json::to_string(&payment)?;
    tx.put_payment(&stored).await?;
    run.state = run.state.to(next)?;
    run.refused = reason.map(str::to_owned);
    tx.put_organization_verification(&run).await?;
    if let Some(recipient) = tx.recipient(run.recipient_id).await? {
        let body = Body::new().with("payment", stored.id.to_string()).maybe("reason", reason);
        let subject = Some(recipient.envelope_id.to_string());
        tx.append_event(Append { at: now, kind, subject, actor: Actor::System, body }).await?;
        let contents = tx.contents(recipient.envelope_id).await?;
        if let Some(contents) = contents.filter(|_| recipient.status.is_open()) {
            let title = contents.envelope.title;
            notify::organization(service, &mut tx, &recipient, &title, run.name.as_str(), news).await?;
        }
    }
    tx.commit().await?;
    service.wake_jobs();
    Ok(())
}

/// Asked at first a while after it was sent, then in every such while: sweeps come more often.
fn is_due(stored: &StoredPayment, now: Timestamp) -> bool {
    let age = now.duration_since(stored.created_at).as_secs();
    let (every, sweep) = (EVERY.as_secs(), 25);
    age >= every && age % every < sweep
}
