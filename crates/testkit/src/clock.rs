//! A clock that moves only when told to.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::Clock;
use jiff::{SignedDuration, Timestamp};

/// A [`Clock`] that stands still until [`FixedClock::advance`].
#[derive(Debug)]
pub struct FixedClock {
    microseconds: AtomicI64,
}

impl FixedClock {
    /// A clock that stands at `at`, cut to microseconds.
    #[must_use]
    pub fn at(at: Timestamp) -> Self {
        Self { microseconds: AtomicI64::new(at.as_microsecond()) }
    }

    /// A clock that stands at an RFC 3339 time.
    ///
    /// # Panics
    /// Where `text` is no such time.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::at(text.parse().expect("an RFC 3339 time"))
    }

    /// Moves it forward, or back.
    pub fn advance(&self, by: SignedDuration) {
        let by = i64::try_from(by.as_micros()).expect("tests stay within some thousand years");
        self.microseconds.fetch_add(by, Ordering::SeqCst);
    }
}

impl Default for FixedClock {
    /// Noon of a working day in Beijing.
    fn default() -> Self {
        Self::parse("2026-11-23T04:00:00Z")
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        let microseconds = self.microseconds.load(Ordering::SeqCst);
        Timestamp::from_microsecond(microseconds).expect("tests stay within some thousand years")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_only_when_told_to() {
        let clock = FixedClock::parse("2026-11-23T04:00:00.123456789Z");
        assert_eq!(clock.now().to_string(), "2026-11-23T04:00:00.123456Z");
        clock.advance(SignedDuration::from_mins(5));
        assert_eq!(clock.now().to_string(), "2026-11-23T04:05:00.123456Z");
    }
}
