//! The outbox: mails and SMS that a server without a provider shows instead of sending. Contents are sealed, since they
//! hold links and codes.

use domain::{JobId, OutboxId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

const MESSAGE: (&str, &str) = ("outbox", "message");

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// E-mail.
    Mail,
    /// Text message.
    Sms,
}

impl Channel {
    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
        }
    }

    /// The channel of a stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Mail, Self::Sms].into_iter().find(|channel| channel.as_str() == word)
    }
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The id.
    pub id: OutboxId,
    /// How it travels.
    pub channel: Channel,
    /// The content.
    pub content: Content,
    /// When it was written.
    pub created_at: Timestamp,
}

/// What a message says, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// E-mail address or phone number.
    pub to: String,
    /// Subject; empty for an SMS.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Links in the text, with what they are called: `(label, url)`.
    pub links: Vec<(String, String)>,
    /// A code in the text.
    pub code: Option<String>,
}

impl Reader {
    /// Messages written before `before`, the last written first; the caller searches, since contents are sealed.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn outbox(&mut self, before: Option<OutboxId>, limit: u32) -> Result<Vec<Message>, Error> {
        let sql = "SELECT id, channel, message_sealed, created_at FROM outbox
            WHERE $1 = '' OR number < (SELECT number FROM outbox WHERE id = $1) ORDER BY number DESC LIMIT $2";
        let before = before.map(|id| id.to_string()).unwrap_or_default();
        let rows = self.connection.all(sql, args![before, limit]).await?;
        rows.iter().map(|row| self.message(row)).collect()
    }

    fn message(&self, row: &Row) -> Result<Message, Error> {
        let content = self.sealer.open(MESSAGE, &row.text("id")?, &row.text("message_sealed")?)?;
        Ok(Message {
            id: row.parsed("id")?,
            channel: row.read("channel", Channel::parse)?,
            content: serde_json::from_str(&content)
                .map_err(|_| Error::Corrupt { column: "message_sealed" })?,
            created_at: row.time("created_at")?,
        })
    }
}

impl Tx {
    /// Adds a message, once for each job: a job that runs again adds nothing.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_message(&mut self, message: &Message, job: JobId) -> Result<(), Error> {
        let id = message.id.to_string();
        let content = self.sealer.seal(MESSAGE, &id, &crate::db::json(&message.content));
        let sql = "INSERT INTO outbox (id, number, job_id, channel, message_sealed, created_at)
            VALUES ($1, (SELECT coalesce(max(number), 0) + 1 FROM outbox), $2, $3, $4, $5)
            ON CONFLICT (job_id) DO NOTHING";
        let args = args![id, job.to_string(), message.channel.as_str(), content, message.created_at];
        self.connection.execute(sql, args).await.map(drop)
    }
}
