//! The small payment that shows who can see a company's account (对公打款): a random amount from 0.01 to 0.99 CNY, three
//! tries, then 24 hours of rest; 72 hours to answer, since banks do not tell of a transfer that came back. A pure value;
//! the amount is kept as a keyed hash.

use domain::{Refusal, Rng};
use jiff::{SignedDuration, Timestamp};
use keys::ServerKey;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// Wrong amounts that lock.
pub(crate) const TRIES: u32 = 3;
/// How long the lock lasts, and wrong amounts are remembered.
pub(crate) const LOCK: SignedDuration = SignedDuration::from_hours(24);
const LIFETIME: SignedDuration = SignedDuration::from_hours(72);

/// A payment that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    amount: String,
    /// Account, masked.
    pub account_masked: String,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// From when its amount is no longer taken.
    pub expires_at: Timestamp,
    /// Wrong amounts left.
    pub tries_left: u32,
    /// Until when nothing is taken and no other payment is sent.
    pub locked_until: Option<Timestamp>,
    /// When the right amount was given.
    pub verified_at: Option<Timestamp>,
    /// Whether it was ordered, and is not sent yet.
    #[serde(default)]
    queued: bool,
    /// Why it did not arrive, where that is known.
    #[serde(default)]
    pub failure: Option<String>,
}

impl Payment {
    /// Records a payment of `fen` under `scope`, which names it: the amount holds nowhere else.
    #[must_use]
    pub fn sent(key: &ServerKey, scope: &str, fen: u32, account_masked: String, now: Timestamp) -> Self {
        Self {
            amount: hash(key, scope, fen),
            account_masked,
            sent_at: now,
            expires_at: now + LIFETIME,
            tries_left: TRIES,
            locked_until: None,
            verified_at: None,
            queued: false,
            failure: None,
        }
    }

    /// The same where it was ordered and somebody has to send it: its time begins then.
    #[must_use]
    pub fn queued(mut self) -> Self {
        self.queued = true;
        self
    }

    /// The same once it was sent.
    #[must_use]
    pub fn sent_now(mut self, now: Timestamp) -> Self {
        self.queued = false;
        self.sent_at = now;
        self.expires_at = now + LIFETIME;
        self
    }

    /// Whether it waits to be sent.
    #[must_use]
    pub fn is_queued(&self) -> bool {
        self.queued && self.failure.is_none()
    }

    /// Whether its time ran out before anybody told the amount.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.verified_at.is_none() && !self.queued && now >= self.expires_at
    }

    /// Whether it is one that shows an amount which somebody may still tell, or has guessed at in vain: no other is sent on
    /// its day.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.verified_at.is_none() && self.failure.is_none()
    }

    /// The same after the bank refused to pay, or the payment came back: no amount is awaited.
    #[must_use]
    pub fn failed(mut self, why: &str) -> Self {
        self.tries_left = 0;
        self.failure = Some(why.to_owned());
        self
    }

    /// The same with the tries that an agent used up on earlier payments taken off: another payment is not another
    /// three guesses.
    #[must_use]
    pub fn after(mut self, failed: u32) -> Self {
        self.tries_left = TRIES.saturating_sub(failed);
        self
    }

    /// Refuses while the lock holds.
    ///
    /// # Errors
    /// [`Refusal::PaymentLocked`].
    pub fn require_unlocked(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.locked_until {
            Some(until) if now < until => Err(Refusal::PaymentLocked { until: until.to_string() }),
            _ => Ok(()),
        }
    }

    /// Checks the amount that was typed. The third wrong one locks, and this payment is over.
    ///
    /// # Errors
    /// [`Refusal::AmountWrong`], [`Refusal::PaymentLocked`], [`Refusal::PaymentExpired`].
    pub fn check(&mut self, key: &ServerKey, scope: &str, fen: u32, now: Timestamp) -> Result<(), Refusal> {
        self.require_unlocked(now)?;
        if let Some(reason) = self.failure.clone() {
            return Err(Refusal::PaymentFailed { reason });
        }
        if self.queued {
            return Err(Refusal::PaymentAwaited);
        }
        if now >= self.expires_at || self.tries_left == 0 {
            return Err(Refusal::PaymentExpired);
        }
        // One master key may have followed another since the amount was sent.
        let known = key.indexes("payment-amount", format!("{scope}\n{fen}").as_bytes());
        if known.iter().any(|it| bool::from(hex::encode(it).as_bytes().ct_eq(self.amount.as_bytes()))) {
            self.verified_at = Some(now);
            return Ok(());
        }
        self.tries_left -= 1;
        if self.tries_left == 0 {
            let until = now + LOCK;
            self.locked_until = Some(until);
            return Err(Refusal::PaymentLocked { until: until.to_string() });
        }
        Err(Refusal::AmountWrong { tries_left: self.tries_left })
    }

    /// Whether an amount is still awaited at `now`.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.verified_at.is_none() && !self.queued && now < self.expires_at && self.tries_left > 0
    }
}

/// From 1 to 99 fen, each as likely as any other.
#[must_use]
pub fn random_amount(rng: &dyn Rng) -> u32 {
    loop {
        let mut byte = [0; 1];
        rng.fill(&mut byte);
        if byte[0] < 198 {
            return u32::from(byte[0] % 99) + 1;
        }
    }
}

fn hash(key: &ServerKey, scope: &str, fen: u32) -> String {
    hex::encode(key.index("payment-amount", format!("{scope}\n{fen}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payment() -> (ServerKey, Payment, Timestamp) {
        let (key, now) = (ServerKey::from_bytes([1; 32]), "2026-11-23T04:00:00Z".parse().expect("a time"));
        let payment = Payment::sent(&key, "pay_1", 37, "****1234".to_owned(), now);
        (key, payment, now)
    }

    #[test]
    fn three_wrong_amounts_lock_for_a_day_and_end_the_payment() {
        let (key, mut payment, now) = payment();
        assert_eq!(payment.check(&key, "pay_1", 36, now), Err(Refusal::AmountWrong { tries_left: 2 }));
        assert_eq!(payment.check(&key, "pay_1", 38, now), Err(Refusal::AmountWrong { tries_left: 1 }));
        let locked = Err(Refusal::PaymentLocked { until: "2026-11-24T04:00:00Z".to_owned() });
        assert_eq!(payment.check(&key, "pay_1", 39, now), locked);
        assert_eq!(payment.check(&key, "pay_1", 37, now), locked);
        assert_eq!(payment.check(&key, "pay_1", 37, now + LOCK), Err(Refusal::PaymentExpired));
        assert!(!payment.is_open(now));
    }

    #[test]
    fn a_payment_that_came_back_takes_no_amount_and_costs_no_try() {
        let (key, payment, now) = payment();
        let mut payment = payment.failed("returned");
        let refused = Err(Refusal::PaymentFailed { reason: "returned".to_owned() });
        assert_eq!(payment.check(&key, "pay_1", 37, now), refused);
        assert!(!payment.is_open(now));
    }

    #[test]
    fn a_payment_that_waits_to_be_sent_takes_no_amount_and_its_time_begins_when_it_is() {
        let (key, payment, now) = payment();
        let mut payment = payment.queued();
        assert!(payment.is_queued() && !payment.is_open(now) && payment.counts());
        let later = now + SignedDuration::from_hours(100);
        assert!(!payment.is_over(later));
        assert_eq!(payment.check(&key, "pay_1", 37, later), Err(Refusal::PaymentAwaited));
        assert_eq!(payment.tries_left, TRIES, "and costs no try");
        let mut payment = payment.sent_now(later);
        assert!(payment.is_open(later) && payment.is_over(later + LIFETIME));
        assert_eq!(payment.check(&key, "pay_1", 37, later), Ok(()));
        assert!(!payment.counts(), "told, it keeps no other away");
    }

    #[test]
    fn an_amount_is_taken_for_72_hours() {
        let (key, payment, now) = payment();
        let late = now + LIFETIME;
        assert_eq!(payment.clone().check(&key, "pay_1", 37, late), Err(Refusal::PaymentExpired));
        assert_eq!(payment.clone().check(&key, "pay_1", 37, late - SignedDuration::from_secs(1)), Ok(()));
        assert_eq!(
            payment.clone().check(&key, "pay_2", 37, now),
            Err(Refusal::AmountWrong { tries_left: 2 })
        );
    }
}
