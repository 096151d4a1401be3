//! Counters of failed attempts that must outlive a restart.

use jiff::Timestamp;

use crate::db::args;
use crate::error::Error;
use crate::{Reader, Tx};

/// How often something failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// Failures since `first_at`.
    pub failed: u32,
    /// When counting began.
    pub first_at: Timestamp,
    /// Until when nothing more is tried.
    pub locked_until: Option<Timestamp>,
}

impl Reader {
    /// The failures of a subject (an address, a recipient's id); it is found by a keyed hash and not kept.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn attempt(&mut self, purpose: &'static str, subject: &str) -> Result<Option<Attempt>, Error> {
        let sql = "SELECT failed, first_at, locked_until FROM attempts WHERE purpose = $1 AND subject = $2";
        for index in self.sealer.indexes("attempt", subject) {
            if let Some(row) = self.connection.one(sql, args![purpose, index]).await? {
                return Ok(Some(Attempt {
                    failed: row.number("failed")?,
                    first_at: row.time("first_at")?,
                    locked_until: row.opt_time("locked_until")?,
                }));
            }
        }
        Ok(None)
    }
}

impl Tx {
    /// Keeps the failures of a subject.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn save_attempt(
        &mut self,
        purpose: &'static str,
        subject: &str,
        attempt: Attempt,
    ) -> Result<(), Error> {
        let subject = self.sealer.index("attempt", subject);
        let sql = "INSERT INTO attempts (purpose, subject, failed, first_at, locked_until) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (purpose, subject) DO UPDATE
            SET failed = excluded.failed, first_at = excluded.first_at, locked_until = excluded.locked_until";
        let args = args![purpose, subject, attempt.failed, attempt.first_at, attempt.locked_until];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Forgets the failures of a subject after a success.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn clear_attempt(&mut self, purpose: &'static str, subject: &str) -> Result<(), Error> {
        let sql = "DELETE FROM attempts WHERE purpose = $1 AND subject = $2";
        for index in self.sealer.indexes("attempt", subject) {
            self.connection.execute(sql, args![purpose, index]).await?;
        }
        Ok(())
    }
}
