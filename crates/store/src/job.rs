//! The job queue: rows written in the transaction of a use case, claimed and run after it.
//!
//! A job may run more than once (the process may die between the work and its removal), so that jobs must be idempotent.

use domain::JobId;
use jiff::Timestamp;

use crate::Tx;
use crate::db::{Row, args};
use crate::error::Error;

const BODY: (&str, &str) = ("jobs", "body");

/// A job to queue.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// The id.
    pub id: JobId,
    /// What to do, e.g. `notify`.
    pub kind: &'static str,
    /// With what, as JSON; sealed at rest, since it may hold links.
    pub body: serde_json::Value,
    /// Not before.
    pub run_at: Timestamp,
}

/// A job that was claimed.
#[derive(Debug, Clone)]
pub struct Job {
    /// The id.
    pub id: JobId,
    /// What to do.
    pub kind: String,
    /// With what.
    pub body: serde_json::Value,
    /// How often it was tried, this time included.
    pub attempts: u32,
}

impl Tx {
    /// Queues a job; it becomes visible with the commit.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_job(&mut self, job: &NewJob, now: Timestamp) -> Result<(), Error> {
        let id = job.id.to_string();
        let body = self.sealer.seal(BODY, &id, &job.body.to_string());
        let sql = "INSERT INTO jobs (id, number, kind, body_sealed, created_at, run_at, attempts)
            VALUES ($1, (SELECT coalesce(max(number), 0) + 1 FROM jobs), $2, $3, $4, $5, 0)";
        self.connection.execute(sql, args![id, job.kind, body, now, job.run_at]).await.map(drop)
    }

    /// Claims the next due job until `until`: after that, whoever claimed it is taken for dead.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn claim_job(&mut self, now: Timestamp, until: Timestamp) -> Result<Option<Job>, Error> {
        let sql = "UPDATE jobs SET claimed_until = $2, attempts = attempts + 1
            WHERE id = (SELECT id FROM jobs
                WHERE failed_at IS NULL AND run_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1)
                ORDER BY run_at, number LIMIT 1)
            RETURNING id, kind, body_sealed, attempts";
        let row = self.connection.one(sql, args![now, until]).await?;
        row.map(|row| self.job(&row)).transpose()
    }

    /// Removes a job that is done.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn finish_job(&mut self, id: JobId) -> Result<(), Error> {
        self.connection.execute("DELETE FROM jobs WHERE id = $1", args![id.to_string()]).await.map(drop)
    }

    /// Puts a job back for `run_at` after an error; the text must hold nothing personal.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn retry_job(&mut self, id: JobId, run_at: Timestamp, error: &str) -> Result<(), Error> {
        let sql = "UPDATE jobs SET run_at = $2, claimed_until = NULL, last_error = $3 WHERE id = $1";
        self.connection.execute(sql, args![id.to_string(), run_at, error]).await.map(drop)
    }

    /// Has a job that waits run at `now`. False where it is running, or done.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn hasten_job(&mut self, id: JobId, now: Timestamp) -> Result<bool, Error> {
        let sql = "UPDATE jobs SET run_at = $2 WHERE id = $1 AND claimed_until IS NULL AND failed_at IS NULL";
        Ok(self.connection.execute(sql, args![id.to_string(), now]).await? == 1)
    }

    /// Gives a job up.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn fail_job(&mut self, id: JobId, now: Timestamp, error: &str) -> Result<(), Error> {
        let sql = "UPDATE jobs SET failed_at = $2, claimed_until = NULL, last_error = $3 WHERE id = $1";
        self.connection.execute(sql, args![id.to_string(), now, error]).await.map(drop)
    }

    fn job(&self, row: &Row) -> Result<Job, Error> {
        let id = row.text("id")?;
        let body = self.sealer.open(BODY, &id, &row.text("body_sealed")?)?;
        Ok(Job {
            id: row.parsed("id")?,
            kind: row.text("kind")?,
            body: serde_json::from_str(&body).map_err(|_| Error::Corrupt { column: "body_sealed" })?,
            attempts: row.number("attempts")?,
        })
    }
}
