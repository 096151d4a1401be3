//! The event log: appended to inside the transaction of a use case, never changed.

use evidence::{Actor, Body, ChainError, Event, GENESIS, Link};
use jiff::Timestamp;

use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

/// How many events are read at once when the chain is checked.
const PAGE: i64 = 1000;

/// An event to append; the log gives it its number.
#[derive(Debug, Clone)]
pub struct Append {
    /// When.
    pub at: Timestamp,
    /// What happened, e.g. `envelope.sent`.
    pub kind: &'static str,
    /// The id of what it is about, an envelope's mostly.
    pub subject: Option<String>,
    /// Who did it.
    pub actor: Actor,
    /// Ids, digests, counts and stable words; nothing personal.
    pub body: Body,
}

impl Reader {
    /// The events about a subject, oldest first.
    ///
    /// # Errors
    /// Where the database fails, or a stored event does not read.
    pub async fn events_of(&mut self, subject: &str) -> Result<Vec<Link>, Error> {
        let sql = "SELECT seq, canonical, prev_hash, hash FROM events WHERE subject = $1 ORDER BY seq";
        self.connection.all(sql, args![subject]).await?.iter().map(link).collect()
    }

    /// When the newest event of a kind happened, and its number.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn newest_event_of_kind(&mut self, kind: &str) -> Result<Option<(Timestamp, u64)>, Error> {
        let sql = "SELECT seq, created_at FROM events WHERE kind = $1 ORDER BY seq DESC LIMIT 1";
        let row = self.connection.one(sql, args![kind]).await?;
        row.map(|row| Ok((row.time("created_at")?, row.number("seq")?))).transpose()
    }

    /// The number and hash of the last event; `(0, GENESIS)` where there is none.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn event_head(&mut self) -> Result<(u64, [u8; 32]), Error> {
        let sql = "SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1";
        match self.connection.one(sql, &[]).await? {
            Some(row) => Ok((row.number("seq")?, row.hash("hash")?)),
            None => Ok((0, GENESIS)),
        }
    }

    /// Checks the chain from one event to another, both included, against the hash of the event before.
    ///
    /// # Errors
    /// Where the database fails; the inner error says where the chain is broken.
    pub async fn verify_events(
        &mut self,
        first: u64,
        last: u64,
    ) -> Result<Result<[u8; 32], ChainError>, Error> {
        let mut before = match first.checked_sub(1) {
            None | Some(0) => (0, GENESIS),
            Some(seq) => {
                let row = self.connection.one("SELECT hash FROM events WHERE seq = $1", args![seq]).await?;
                let Some(row) = row else { return Ok(Err(ChainError::Order { seq: first })) };
                (seq, row.hash("hash")?)
            }
        };
        while before.0 < last {
            let sql = "SELECT seq, canonical, prev_hash, hash FROM events
                WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3";
            let rows = self.connection.all(sql, args![before.0, last, PAGE]).await?;
            let links = rows.iter().map(link).collect::<Result<Vec<_>, _>>()?;
            let Some(newest) = links.last() else { return Ok(Err(ChainError::Order { seq: last })) };
            match evidence::verify_chain(before, &links) {
                Ok(hash) => before = (newest.event.seq, hash),
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(before.1))
    }
}

impl Tx {
    /// Appends an event to the log. The single writer makes the numbers gapless.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn append_event(&mut self, append: Append) -> Result<Link, Error> {
        let (seq, prev_hash) = self.event_head().await?;
        let Append { at, kind, subject, actor, body } = append;
        let event = Event { seq: seq + 1, at, kind: kind.to_owned(), subject, actor, body };
        let link = Link::forge(event, prev_hash);
        let sql = "INSERT INTO events (seq, created_at, kind, subject, canonical, prev_hash, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let canonical = String::from_utf8_lossy(&link.canonical).into_owned();
        let args = args![
            link.event.seq,
            link.event.at,
            link.event.kind.as_str(),
            link.event.subject.clone(),
            canonical,
            link.prev_hash,
            link.hash
        ];
        self.connection.execute(sql, args).await?;
        Ok(link)
    }
}

fn link(row: &Row) -> Result<Link, Error> {
    let canonical = row.text("canonical")?.into_bytes();
    let event = Event::from_canonical(&canonical).map_err(|_| Error::Corrupt { column: "canonical" })?;
    let link = Link { event, canonical, prev_hash: row.hash("prev_hash")?, hash: row.hash("hash")? };
    let numbered = row.number::<u64>("seq")? == link.event.seq;
    numbered.then_some(link).ok_or(Error::Corrupt { column: "seq" })
}
