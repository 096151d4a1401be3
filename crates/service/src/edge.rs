//! The edge of the system: the one place that asks the machine for the time and for randomness.

use domain::{Clock, Rng};
use jiff::Timestamp;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond())
            .expect("a timestamp cut to microseconds is a timestamp")
    }
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRng;

impl Rng for SystemRng {
    fn fill(&self, dest: &mut [u8]) {
        getrandom::fill(dest).expect("an operating system without randomness cannot run this server");
    }
}
