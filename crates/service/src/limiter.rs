//! Rate limits: token buckets in memory. A restart forgets them; what must not be forgotten is counted in the store.

use std::collections::HashMap;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

use crate::config::RateLimits;
use crate::error::Error;

/// How many buckets are kept before full ones are swept out.
const BUCKETS: usize = 50_000;

/// So many at once, and one more each `refill`.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// What is limited.
    pub name: &'static str,
    /// How many at once.
    pub burst: u32,
    /// How long until one more is allowed.
    pub refill: SignedDuration,
}

impl Rate {
    /// Log-ins and other uses of a password, by address and by account.
    pub const LOG_IN: Self = Self { name: "log_in", burst: 10, refill: SignedDuration::from_secs(30) };
    /// Sign-ups and mails that anyone can cause, by address and by recipient of the mail.
    pub const MAIL: Self = Self { name: "mail", burst: 5, refill: SignedDuration::from_secs(60) };
    /// Openings of links, by address.
    pub const LINK: Self = Self { name: "link", burst: 30, refill: SignedDuration::from_secs(5) };
    /// Codes typed, by recipient.
    pub const CODE: Self = Self { name: "code", burst: 10, refill: SignedDuration::from_secs(20) };
    /// Checks, payments and amounts for one organization, whoever asks.
    pub const ORGANIZATION: Self =
        Self { name: "organization", burst: 20, refill: SignedDuration::from_mins(3) };
    /// Questions how a check at a provider's page stands, by recipient.
    pub const POLL: Self = Self { name: "poll", burst: 4, refill: SignedDuration::from_secs(2) };
    /// PINs typed, by recipient: each costs the server an Argon2id.
    pub const PIN: Self = Self { name: "pin", burst: 10, refill: SignedDuration::from_secs(10) };
    /// Documents verified without an account, by address.
    pub const VERIFY: Self = Self { name: "verify", burst: 30, refill: SignedDuration::from_secs(5) };
    /// Uploads, by account.
    pub const UPLOAD: Self = Self { name: "upload", burst: 20, refill: SignedDuration::from_secs(5) };
}

/// The buckets.
pub struct Limiter {
    mode: RateLimits,
    /// When the bucket will be full again: what is left follows from it.
    full_at: Mutex<HashMap<(&'static str, String), Timestamp>>,
}

impl Limiter {
    pub(crate) fn new(mode: RateLimits) -> Self {
        Self { mode, full_at: Mutex::default() }
    }

    /// Takes one from the bucket of `subject`.
    ///
    /// # Errors
    /// [`Error::RateLimited`] where it is empty.
    pub fn take(&self, rate: Rate, subject: &str, now: Timestamp) -> Result<(), Error> {
        if self.mode == RateLimits::Off {
            return Ok(());
        }
        let mut buckets =
            self.full_at.lock().map_err(|_| Error::internal("the limiter's lock is poisoned"))?;
        if buckets.len() > BUCKETS {
            buckets.retain(|_, full_at| *full_at > now);
        }
        let key = (rate.name, subject.to_owned());
        let full_at = buckets.get(&key).copied().unwrap_or(now).max(now) + rate.refill;
        let wait = full_at.duration_since(now) - rate.refill * i32::try_from(rate.burst).unwrap_or(i32::MAX);
        if wait > SignedDuration::ZERO {
            return Err(Error::RateLimited { retry_after: u64::try_from(wait.as_secs()).unwrap_or(0) + 1 });
        }
        buckets.insert(key, full_at);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let limiter = Limiter::new(RateLimits::On);
        let rate = Rate { name: "t", burst: 3, refill: SignedDuration::from_secs(10) };
        let start: Timestamp = "2026-11-23T04:00:00Z".parse().unwrap();
        let at = |secs| start + SignedDuration::from_secs(secs);
        for _ in 0..3 {
            limiter.take(rate, "a", at(0)).unwrap();
        }
        let Err(Error::RateLimited { retry_after }) = limiter.take(rate, "a", at(1)) else {
            panic!("limited")
        };
        assert_eq!(retry_after, 10);
        limiter.take(rate, "b", at(1)).unwrap();
        limiter.take(rate, "a", at(11)).unwrap();
        assert!(limiter.take(rate, "a", at(12)).is_err());
    }

    #[test]
    fn limits_can_be_off() {
        let limiter = Limiter::new(RateLimits::Off);
        let now = "2026-11-23T04:00:00Z".parse().unwrap();
        assert!((0..100).all(|_| limiter.take(Rate::PIN, "a", now).is_ok()));
    }
}
