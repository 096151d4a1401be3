//! Who failed lately: such an address is asked last for a while.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The addresses that failed since they last helped.
#[derive(Debug, Default)]
pub struct Circuits(Mutex<HashMap<String, State>>);

#[derive(Clone, Copy, Debug)]
struct State {
    /// In a row.
    failures: u32,
    /// Asked last until then.
    until: Timestamp,
}

/// Addresses that are remembered; the one that may be asked soonest is forgotten first.
const MOST: usize = 1024;

impl Circuits {
    /// Sorts by who is to be asked first: those in good standing as they came, then the others, whose time is up
    /// soonest first.
    pub(crate) fn sort<T>(&self, items: &mut [T], now: Timestamp, address: impl Fn(&T) -> &str) {
        let states = self.states();
        items.sort_by_key(|item| states.get(address(item)).map(|s| s.until).filter(|until| *until > now));
    }

    /// How often in a row `address` has failed.
    #[must_use]
    pub fn failures(&self, address: &str) -> u32 {
        self.states().get(address).map_or(0, |state| state.failures)
    }

    /// Until when `address` is left alone.
    #[must_use]
    pub fn resting(&self, address: &str, now: Timestamp) -> Option<Timestamp> {
        self.states().get(address).map(|state| state.until).filter(|until| *until > now)
    }

    /// Notes that `address` failed, and leaves it alone for `pause`.
    pub fn failed(&self, address: &str, now: Timestamp, pause: Duration) {
        let mut states = self.states();
        if states.len() >= MOST && !states.contains_key(address) {
            let soonest = states.iter().min_by_key(|(_, state)| state.until).map(|(a, _)| a.clone());
            soonest.map(|address| states.remove(&address));
        }
        let pause = SignedDuration::try_from(pause).unwrap_or(SignedDuration::ZERO);
        let until = now.checked_add(pause).unwrap_or(now);
        let state = states.entry(address.to_owned()).or_insert(State { failures: 0, until });
        state.failures = state.failures.saturating_add(1);
        state.until = state.until.max(until);
    }

    /// Notes that `address` answered: its failures are forgotten.
    pub fn helped(&self, address: &str) {
        self.states().remove(address);
    }

    fn states(&self) -> MutexGuard<'_, HashMap<String, State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The pause after the `failures`th failure in a row: `first`, doubled with each up to `longest`; half of it fixed, half
/// by `chance` (0 to 255), so that clients that failed together do not come back together.
#[must_use]
pub fn pause(first: Duration, longest: Duration, failures: u32, chance: u8) -> Duration {
    let doublings = failures.saturating_sub(1).min(20);
    let whole = first.saturating_mul(1 << doublings).min(longest);
    let half = whole / 2;
    half + half.saturating_mul(u32::from(chance)) / u32::from(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_half_is_chance() {
        let of = |failures, chance| {
            pause(Duration::from_millis(500), Duration::from_secs(60), failures, chance).as_millis()
        };
        assert_eq!((of(1, 0), of(1, 255)), (250, 500));
        assert_eq!((of(2, 0), of(2, 255)), (500, 1000));
        assert_eq!((of(5, 0), of(5, 255)), (4000, 8000));
        assert_eq!((of(8, 0), of(u32::MAX, 255)), (30_000, 60_000));
        assert!((0..=254).all(|chance| of(3, chance) <= of(3, chance + 1)));
    }

    #[test]
    fn who_failed_is_asked_last_until_its_time_is_up() {
        let circuits = Circuits::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        let order = |now| {
            let mut items = ["a", "b", "c"];
            circuits.sort(&mut items, at(now), |item| item);
            items.concat()
        };
        assert_eq!(order(0), "abc");
        circuits.failed("a", at(0), Duration::from_secs(20));
        circuits.failed("b", at(0), Duration::from_secs(10));
        assert_eq!((order(5), order(10), order(20)), ("cba".into(), "bca".into(), "abc".into()));
        assert_eq!((circuits.failures("a"), circuits.failures("c")), (1, 0));
        assert_eq!((circuits.resting("a", at(19)), circuits.resting("a", at(20))), (Some(at(20)), None));
        assert_eq!(circuits.resting("c", at(0)), None);
        circuits.failed("a", at(20), Duration::from_secs(20));
        assert_eq!(circuits.failures("a"), 2);
        circuits.helped("a");
        assert_eq!((circuits.failures("a"), order(21)), (0, "abc".into()));
    }

    #[test]
    fn hostile_addresses_cannot_fill_the_memory() {
        let circuits = Circuits::default();
        for n in 0..5000 {
            circuits.failed(&n.to_string(), Timestamp::UNIX_EPOCH, Duration::from_secs(n));
        }
        assert_eq!(circuits.states().len(), MOST);
        assert_eq!(circuits.failures("4999"), 1);
    }
}
