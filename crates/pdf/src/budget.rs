//! Work done on behalf of a file, counted in bytes: it stands in for time, so that a run can be repeated.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::ReadError;

/// What is left of [`Limits::work`](crate::Limits::work).
#[derive(Debug)]
pub(crate) struct Work(AtomicU64);

impl Work {
    pub(crate) fn new(limit: u64) -> Self {
        Self(AtomicU64::new(limit))
    }

    /// Spends `bytes` and a little for the step itself.
    pub(crate) fn spend(&self, bytes: usize) -> Result<(), ReadError> {
        let cost = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_add(16);
        let left = self.0.load(Ordering::Relaxed);
        if left < cost {
            return Err(ReadError::Limit { what: "work on one document" });
        }
        self.0.store(left - cost, Ordering::Relaxed);
        Ok(())
    }
}
