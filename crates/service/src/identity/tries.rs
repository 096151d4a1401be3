//! Wrong tries, counted under whoever makes them: over sessions, activations and restarts. After a few there is a rest.

use domain::Refusal;
use jiff::{SignedDuration, Timestamp};
use store::{Attempt, Reader, Tx};

use super::code::seconds;
use crate::error::Error;

/// What is counted together, and how often it may fail.
pub(crate) struct Tries {
    pub(crate) counter: &'static str,
    /// This many failures are followed by the rest; what is older than it is forgotten.
    pub(crate) limit: u32,
    pub(crate) rest: SignedDuration,
}

/// Data of a person, or their face, that do not match.
pub(crate) const IDENTITY: Tries =
    Tries { counter: "identity", limit: 5, rest: SignedDuration::from_hours(1) };
/// Faces that were not the signer's, shown to confirm the will.
pub(crate) const WILL_FACE: Tries =
    Tries { counter: "will-face", limit: 5, rest: SignedDuration::from_hours(1) };
/// Wrong codes, typed to confirm the will.
pub(crate) const WILL_CODE: Tries =
    Tries { counter: "will-code", limit: 5, rest: SignedDuration::from_mins(15) };

impl Tries {
    /// Until when nothing more is tried, where that is so.
    pub(crate) async fn locked(
        &self,
        reader: &mut Reader,
        subject: &str,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Error> {
        let attempt = reader.attempt(self.counter, subject).await?;
        Ok(attempt.and_then(|it| it.locked_until).filter(|until| now < *until))
    }

    /// How many are left, and none while there is a rest.
    pub(crate) async fn left(
        &self,
        reader: &mut Reader,
        subject: &str,
        now: Timestamp,
    ) -> Result<u32, Error> {
        let counted = self.counted(reader, subject, now).await?;
        Ok(self.limit.saturating_sub(counted.map_or(0, |it| it.failed)))
    }

    /// Counts a failure. Gives how many are left: none, where the rest begins with it.
    pub(crate) async fn fail(&self, tx: &mut Tx, subject: &str, now: Timestamp) -> Result<u32, Error> {
        let counted = self.counted(tx, subject, now).await?;
        let mut attempt = counted.unwrap_or(Attempt { failed: 0, first_at: now, locked_until: None });
        attempt.failed += 1;
        if attempt.failed >= self.limit {
            attempt.locked_until = Some(now + self.rest);
        }
        tx.save_attempt(self.counter, subject, attempt).await?;
        Ok(self.limit.saturating_sub(attempt.failed))
    }

    /// Passes where there is no rest.
    pub(crate) async fn require(
        &self,
        reader: &mut Reader,
        subject: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        match self.locked(reader, subject, now).await? {
            Some(until) => {
                Err(Refusal::IdentityTries { retry_after: seconds(until.duration_since(now)) }.into())
            }
            None => Ok(()),
        }
    }

    /// What still counts: failures are forgotten with the end of the rest, or as long after the first of them.
    async fn counted(
        &self,
        reader: &mut Reader,
        subject: &str,
        now: Timestamp,
    ) -> Result<Option<Attempt>, Error> {
        let attempt = reader.attempt(self.counter, subject).await?;
        Ok(attempt.filter(|it| match it.locked_until {
            Some(until) => now < until,
            None => now.duration_since(it.first_at) < self.rest,
        }))
    }
}
