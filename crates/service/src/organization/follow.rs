//! Payments after they were sent: a bank may send one back days later, and tells it only to who asks.

use evidence::{Actor, Body};
use jiff::{SignedDuration, Timestamp};
use providers::PayoutState;
use store::{Append, StoredPayment};

use super::payment::Payment;
use crate::core::Service;
use crate::error::Error;

/// No amount is taken after this, so that nobody has to know.
const AWAITED: SignedDuration = SignedDuration::from_hours(72);
/// A bank is not asked about a payment more often than this.
const EVERY: SignedDuration = SignedDuration::from_mins(10);
const BATCH: u32 = 50;

/// Asks about payments whose amount is awaited, and ends those that came back.
pub(crate) async fn follow_payments(service: &Service) -> Result<(), Error> {
    let now = service.now();
    let awaited = service.store().read().await?.awaited_payments(now - AWAITED, BATCH).await?;
    for stored in awaited {
        if is_due(&stored, now) {
            follow(service, &stored).await?;
        }
    }
    Ok(())
}

/// Asks about one payment. A bank that does not answer is asked again later.
pub(super) async fn follow(service: &Service, stored: &StoredPayment) -> Result<(), Error> {
    let now = service.now();
    let why = match service.providers().payouts.status(&stored.id.to_string()).await {
        Ok(answer) => match answer.verdict {
            PayoutState::Failed(why) => why,
            PayoutState::Sent => return Ok(()),
        },
        Err(error) => {
            tracing::warn!(provider = error.provider, fault = %error.fault, "a bank gave no answer");
            return Ok(());
        }
    };
    let mut tx = service.store().begin().await?;
    let payments = tx.payments(stored.verification_id).await?;
    let Some(mut stored) = payments.into_iter().find(|it| it.id == stored.id) else { return Ok(()) };
    let payment: Payment = serde_json::from_str(&stored.payment)?;
    if !payment.is_open(now) {
        return Ok(());
    }
    stored.payment = serde_json::to_string(&payment.failed(why.as_str()))?;
    tx.put_payment(&stored).await?;
    let verification = tx.organization_verification(stored.verification_id).await?;
    let recipient = match verification {
        Some(it) => tx.recipient(it.recipient_id).await?,
        None => None,
    };
    let body = Body::new().with("payment", stored.id.to_string()).with("reason", why.as_str());
    tx.append_event(Append {
        at: now,
        kind: "payment.failed",
        subject: recipient.map(|recipient| recipient.envelope_id.to_string()),
        actor: Actor::System,
        body,
    })
    .await?;
    Ok(tx.commit().await?)
}

/// Asked at first a while after it was sent, then in every such while: sweeps come more often.
fn is_due(stored: &StoredPayment, now: Timestamp) -> bool {
    let age = now.duration_since(stored.created_at).as_secs();
    let (every, sweep) = (EVERY.as_secs(), 25);
    age >= every && age % every < sweep
}
