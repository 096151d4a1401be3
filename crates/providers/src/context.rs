//! What every adapter is given: time, randomness, HTTP and its limits.

use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, Rng};
use online::{Caller, Roots};

/// What every adapter is given. Clones share connections.
#[derive(Clone)]
pub struct Context {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) caller: Arc<Caller>,
    pub(crate) limits: Limits,
}

impl Context {
    /// The machine's roots and the usual limits.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        Self::with(clock, rng, Roots::Machine, Limits::default())
    }

    /// Other roots, other limits.
    #[must_use]
    pub fn with(clock: Arc<dyn Clock>, rng: Arc<dyn Rng>, roots: Roots, limits: Limits) -> Self {
        let caller = Arc::new(Caller::new(roots, limits.connect));
        Self { clock, rng, caller, limits }
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Time, size and number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a connection may take.
    pub connect: Duration,
    /// How long one answer may take.
    pub answer: Duration,
    /// Bytes of an answer: photographs of faces come within.
    pub bytes: usize,
    /// How often a question is asked that may be repeated.
    pub tries: u32,
    /// Before the second try; doubled before each further one.
    pub pause: Duration,
    /// The longest such pause, and the longest Retry-After that is waited for.
    pub longest_pause: Duration,
    /// Failed questions in a row after which a provider is left alone.
    pub failures: u32,
    /// For how long at first; doubled with each further failure.
    pub rest: Duration,
    /// The longest such rest.
    pub longest_rest: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(15),
            bytes: 8 * 1024 * 1024,
            tries: 3,
            pause: Duration::from_millis(300),
            longest_pause: Duration::from_secs(3),
            failures: 4,
            rest: Duration::from_secs(15),
            longest_rest: Duration::from_secs(300),
        }
    }
}
