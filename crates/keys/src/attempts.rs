//! The lock after wrong PINs.
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How often a PIN was wrong. A pure value: the caller stores it in the transaction that refuses the PIN.
///
/// ```
/// use vermilion_keys::{Attempts, Standing};
/// let now: jiff::Timestamp = "2026-11-23T08:00:00Z".parse()?;
/// let mut attempts = Attempts::default();
/// for left in [4, 3, 2, 1] {
///     assert_eq!(attempts.record_failure(now), Standing::Open { left });
/// }
/// let until = "2026-11-23T08:15:00Z".parse()?;
/// assert_eq!(attempts.record_failure(now), Standing::Locked { until });
/// assert_eq!(attempts.standing(until), Standing::Open { left: 5 });
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// Wrong ones since the last right one or the last lock.
    pub failed: u32,
    /// Set by the wrong one too many.
    pub locked_until: Option<Timestamp>,
}

/// Whether another attempt is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is.
    Open {
        /// How many wrong ones are left before the lock.
        left: u32,
    },
    /// It is not, before `until`.
    Locked {
        /// End of the lock.
        until: Timestamp,
    },
}

impl Attempts {
    /// Wrong PINs that lock.
    pub const LIMIT: u32 = 5;
    /// How long the lock lasts.
    pub const LOCK: SignedDuration = SignedDuration::from_mins(15);

    /// Whether another attempt is allowed at `now`. Ask before the PIN is tried.
    pub fn standing(&self, now: Timestamp) -> Standing {
        match self.locked_until {
            Some(until) if now < until => Standing::Locked { until },
            Some(_) => Standing::Open { left: Self::LIMIT },
            None => Standing::Open { left: Self::LIMIT.saturating_sub(self.failed) },
        }
    }

    /// Counts a wrong PIN. An attempt made while locked changes nothing.
    pub fn record_failure(&mut self, now: Timestamp) -> Standing {
        if let locked @ Standing::Locked { .. } = self.standing(now) {
            return locked;
        }
        if self.locked_until.take().is_some() {
            self.failed = 0;
        }
        self.failed = self.failed.saturating_add(1);
        if self.failed >= Self::LIMIT {
            self.failed = 0;
            self.locked_until = Some(now.checked_add(Self::LOCK).unwrap_or(Timestamp::MAX));
        }
        self.standing(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_while_locked_do_not_prolong_the_lock() {
        let now = Timestamp::UNIX_EPOCH;
        let mut attempts = Attempts::default();
        for _ in 0..5 {
            attempts.record_failure(now);
        }
        let until = now + Attempts::LOCK;
        let later = until - SignedDuration::from_secs(1);
        assert_eq!(attempts.record_failure(later), Standing::Locked { until });
        assert_eq!(attempts.record_failure(until), Standing::Open { left: 4 });
        assert_eq!(attempts.standing(until), Standing::Open { left: 4 });
    }
}
