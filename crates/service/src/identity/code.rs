//! The code that is sent to a phone: six digits, five minutes, five tries, once. A pure value; the caller keeps it in the
//! transaction that sends or checks a code. What is kept is a keyed hash: six digits are too few to hash plainly.

use domain::{Refusal, Rng};
use jiff::{SignedDuration, Timestamp};
use keys::ServerKey;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const DIGITS: u32 = 6;
const LIFETIME: SignedDuration = SignedDuration::from_mins(5);
const RESEND_AFTER: SignedDuration = SignedDuration::from_secs(60);
const TRIES: u32 = 5;
const SENDS: u32 = 5;
const LOCK: SignedDuration = SignedDuration::from_mins(15);
/// A verification that was given up longer ago is forgotten.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(1);

/// A code that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneCode {
    hash: String,
    expires_at: Timestamp,
    resend_at: Timestamp,
    tries_left: u32,
    sends_left: u32,
    locked_until: Option<Timestamp>,
}

impl PhoneCode {
    /// The first code of a verification. `scope` names the verification: a code holds nowhere else.
    #[must_use]
    pub fn first(key: &ServerKey, scope: &str, rng: &dyn Rng, now: Timestamp) -> (Self, Zeroizing<String>) {
        let mut code = Self {
            hash: String::new(),
            expires_at: now,
            resend_at: now,
            tries_left: TRIES,
            sends_left: SENDS,
            locked_until: None,
        };
        let digits = code.draw(key, scope, rng, now);
        (code, digits)
    }

    /// The first code of a verification that follows one that was given up: what that one used up stays used up, so
    /// that beginning anew neither floods a phone nor gives more guesses.
    ///
    /// # Errors
    /// [`Refusal::ResendTooSoon`], [`Refusal::CodeLocked`].
    pub fn following(
        mut previous: Self,
        key: &ServerKey,
        scope: &str,
        rng: &dyn Rng,
        now: Timestamp,
    ) -> Result<(Self, Zeroizing<String>), Refusal> {
        if now.duration_since(previous.resend_at) > FORGOTTEN {
            return Ok(Self::first(key, scope, rng, now));
        }
        let digits = previous.again(key, scope, rng, now)?;
        Ok((previous, digits))
    }

    /// Another code in place of the last one, which holds no more.
    ///
    /// # Errors
    /// [`Refusal::ResendTooSoon`], [`Refusal::CodeLocked`].
    pub fn again(
        &mut self,
        key: &ServerKey,
        scope: &str,
        rng: &dyn Rng,
        now: Timestamp,
    ) -> Result<Zeroizing<String>, Refusal> {
        self.require_unlocked(now)?;
        if now < self.resend_at {
            return Err(Refusal::ResendTooSoon { retry_after: seconds(self.resend_at.duration_since(now)) });
        }
        if self.sends_left == 0 {
            self.lock(now);
            return Err(Refusal::CodeLocked { retry_after: seconds(LOCK) });
        }
        Ok(self.draw(key, scope, rng, now))
    }

    /// Checks what was typed. A right code is used up; a wrong one costs a try, and the last try locks.
    ///
    /// # Errors
    /// [`Refusal::CodeWrong`], [`Refusal::CodeExpired`], [`Refusal::CodeLocked`].
    pub fn check(
        &mut self,
        key: &ServerKey,
        scope: &str,
        typed: &str,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.require_unlocked(now)?;
        if now >= self.expires_at || self.hash.is_empty() {
            return Err(Refusal::CodeExpired);
        }
        let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        if hashes(key, scope, &typed).iter().any(|it| bool::from(it.as_bytes().ct_eq(self.hash.as_bytes()))) {
            self.hash.clear();
            return Ok(());
        }
        self.tries_left = self.tries_left.saturating_sub(1);
        if self.tries_left == 0 {
            self.lock(now);
            return Err(Refusal::CodeLocked { retry_after: seconds(LOCK) });
        }
        Err(Refusal::CodeWrong { tries_left: self.tries_left })
    }

    /// From when another code may be asked for.
    #[must_use]
    pub fn resend_at(&self) -> Timestamp {
        self.locked_until.map_or(self.resend_at, |until| until.max(self.resend_at))
    }

    /// Wrong codes left.
    #[must_use]
    pub fn tries_left(&self) -> u32 {
        self.tries_left
    }

    /// The lock in force at `now`.
    #[must_use]
    pub fn locked_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.locked_until.filter(|until| now < *until)
    }

    fn require_unlocked(&mut self, now: Timestamp) -> Result<(), Refusal> {
        match self.locked_until {
            Some(until) if now < until => {
                Err(Refusal::CodeLocked { retry_after: seconds(until.duration_since(now)) })
            }
            Some(_) => {
                self.locked_until = None;
                self.tries_left = TRIES;
                self.sends_left = SENDS;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn lock(&mut self, now: Timestamp) {
        self.hash.clear();
        self.locked_until = Some(now + LOCK);
    }

    fn draw(&mut self, key: &ServerKey, scope: &str, rng: &dyn Rng, now: Timestamp) -> Zeroizing<String> {
        let digits = random_digits(rng);
        self.hash = hash(key, scope, &digits);
        self.expires_at = now + LIFETIME;
        self.resend_at = now + RESEND_AFTER;
        self.tries_left = TRIES;
        self.sends_left = self.sends_left.saturating_sub(1);
        digits
    }
}

fn hash(key: &ServerKey, scope: &str, digits: &str) -> String {
    hex::encode(key.index("phone-code", format!("{scope}\n{digits}").as_bytes()))
}

/// Under each master key that is known: one may have followed another since the code was sent.
fn hashes(key: &ServerKey, scope: &str, digits: &str) -> Vec<String> {
    key.indexes("phone-code", format!("{scope}\n{digits}").as_bytes()).iter().map(hex::encode).collect()
}

/// Six digits, each value as likely as any other.
fn random_digits(rng: &dyn Rng) -> Zeroizing<String> {
    let bound = 10u32.pow(DIGITS);
    let fair = u32::MAX - u32::MAX % bound;
    loop {
        let mut bytes = [0; 4];
        rng.fill(&mut bytes);
        let number = u32::from_le_bytes(bytes);
        if number < fair {
            return Zeroizing::new(format!("{:0width$}", number % bound, width = DIGITS as usize));
        }
    }
}

pub(crate) fn seconds(duration: SignedDuration) -> u64 {
    u64::try_from(duration.as_secs()).unwrap_or(0).max(1)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    struct Counting(AtomicU8);

    impl Rng for Counting {
        fn fill(&self, dest: &mut [u8]) {
            dest.fill(self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    fn setup() -> (ServerKey, Counting, Timestamp) {
        (
            ServerKey::from_bytes([1; 32]),
            Counting(AtomicU8::new(1)),
            "2026-11-23T04:00:00Z".parse().expect("a time"),
        )
    }

    #[test]
    fn a_code_is_good_once_and_only_where_it_was_sent() {
        let (key, rng, now) = setup();
        let (mut code, digits) = PhoneCode::first(&key, "idv_1", &rng, now);
        assert_eq!(digits.len(), 6);
        assert_eq!(code.check(&key, "idv_2", &digits, now), Err(Refusal::CodeWrong { tries_left: 4 }));
        assert_eq!(code.check(&key, "idv_1", &digits, now), Ok(()));
        assert_eq!(code.check(&key, "idv_1", &digits, now), Err(Refusal::CodeExpired));
    }

    #[test]
    fn five_wrong_codes_lock_for_a_while() {
        let (key, rng, now) = setup();
        let (mut code, digits) = PhoneCode::first(&key, "idv_1", &rng, now);
        for left in [4, 3, 2, 1] {
            assert_eq!(code.check(&key, "idv_1", "", now), Err(Refusal::CodeWrong { tries_left: left }));
        }
        assert_eq!(code.check(&key, "idv_1", "", now), Err(Refusal::CodeLocked { retry_after: 900 }));
        assert_eq!(code.check(&key, "idv_1", &digits, now), Err(Refusal::CodeLocked { retry_after: 900 }));
        let later = now + LOCK;
        assert_eq!(code.check(&key, "idv_1", &digits, later), Err(Refusal::CodeExpired));
        let fresh = code.again(&key, "idv_1", &rng, later).expect("a new code");
        assert_eq!(code.check(&key, "idv_1", &fresh, later), Ok(()));
    }

    #[test]
    fn another_code_can_be_asked_for_after_a_minute_and_replaces_the_first() {
        let (key, rng, now) = setup();
        let (mut code, first) = PhoneCode::first(&key, "idv_1", &rng, now);
        assert_eq!(code.again(&key, "idv_1", &rng, now), Err(Refusal::ResendTooSoon { retry_after: 60 }));
        let later = now + RESEND_AFTER;
        let second = code.again(&key, "idv_1", &rng, later).expect("a new code");
        assert_eq!(code.check(&key, "idv_1", &first, later), Err(Refusal::CodeWrong { tries_left: 4 }));
        assert_eq!(code.check(&key, "idv_1", &second, later), Ok(()));
        let expired = later + LIFETIME;
        assert_eq!(code.check(&key, "idv_1", &second, expired), Err(Refusal::CodeExpired));
    }
}
