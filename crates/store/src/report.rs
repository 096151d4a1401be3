//! Certification reports that were made.

use domain::EnvelopeId;
use jiff::Timestamp;

use crate::db::args;
use crate::error::Error;
use crate::{Reader, Tx};

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReport {
    /// About which envelope.
    pub envelope_id: EnvelopeId,
    /// Number of the envelope's newest event when it was made.
    pub seq: u64,
    /// The sealed file's blob.
    pub blob: [u8; 32],
    /// When it was made.
    pub created_at: Timestamp,
}

impl Reader {
    /// The report of an envelope that was made last.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn report(&mut self, envelope: EnvelopeId) -> Result<Option<StoredReport>, Error> {
        let sql = "SELECT envelope_id, seq, blob, created_at FROM reports WHERE envelope_id = $1";
        let row = self.connection.one(sql, args![envelope.to_string()]).await?;
        row.map(|row| {
            Ok(StoredReport {
                envelope_id: row.parsed("envelope_id")?,
                seq: row.number("seq")?,
                blob: row.hash("blob")?,
                created_at: row.time("created_at")?,
            })
        })
        .transpose()
    }
}

impl Tx {
    /// Keeps a report in place of the one before.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_report(&mut self, it: &StoredReport) -> Result<(), Error> {
        let sql = "INSERT INTO reports (envelope_id, seq, blob, created_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (envelope_id) DO UPDATE SET seq = excluded.seq, blob = excluded.blob,
                created_at = excluded.created_at";
        self.connection
            .execute(sql, args![it.envelope_id.to_string(), it.seq, it.blob, it.created_at])
            .await
            .map(drop)
    }
}
