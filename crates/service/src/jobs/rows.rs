//! The rows that a sweep goes through. One that fails is logged and looked at again in the next sweep; meanwhile it holds back
//! nothing that comes after it.

use std::fmt::Display;

use domain::Rng;
use store::Page;

use crate::error::Error;

/// How many rows are read at once.
const LIMIT: u32 = 100;
/// How many pages one sweep goes through: the next goes on.
const PAGES: u32 = 20;

/// Where in its list of rows a step of the sweep is. Rows that are done leave the list; those that stay are passed over.
pub(crate) struct Rows {
    /// What is done to each, for the log.
    what: &'static str,
    stay: u32,
    pages: u32,
}

impl Rows {
    pub(crate) fn of(what: &'static str) -> Self {
        Self { what, stay: 0, pages: 0 }
    }

    /// The page to read next; none, where one sweep has done enough.
    pub(crate) fn page(&mut self) -> Option<Page> {
        self.pages += 1;
        (self.pages <= PAGES).then_some(Page { limit: LIMIT, offset: self.stay })
    }

    /// What became of a row.
    pub(crate) fn done(&mut self, row: impl Display, outcome: Result<(), Error>) {
        if let Err(error) = outcome {
            self.stay += 1;
            let why = std::error::Error::source(&error).map(ToString::to_string);
            tracing::error!(%row, step = self.what, %error, ?why, "a row could not be swept");
        }
    }
}

/// The same rows in an order that is drawn: whoever is asked about them takes their time, and may take all that there is for
/// those in front.
pub(crate) fn shuffled<T>(rng: &dyn Rng, mut rows: Vec<T>) -> Vec<T> {
    for last in (1..rows.len()).rev() {
        let mut drawn = [0; 8];
        rng.fill(&mut drawn);
        let bound = u64::try_from(last).unwrap_or(u64::MAX).saturating_add(1);
        let other = usize::try_from(u64::from_le_bytes(drawn) % bound).unwrap_or(last);
        rows.swap(last, other);
    }
    rows
}
