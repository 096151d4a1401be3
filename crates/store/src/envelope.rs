//! Envelopes: rows, whole contents, and the sender's list.

use std::collections::BTreeMap;

use domain::envelope::{Contents, Decline, Envelope, EnvelopeStatus, Order};
use domain::policy::PolicyRef;
use domain::{AccountId, EnvelopeId, Locale};
use jiff::Timestamp;

use crate::db::{Row, args};
use crate::error::Error;
use crate::{Page, Reader, Tx};

/// Which envelopes of an account to list.
#[derive(Debug, Clone, Default)]
pub struct EnvelopeFilter {
    /// Only those of this status; those that are being completed count as sent still.
    pub status: Option<EnvelopeStatus>,
    /// Only those with this in their title or in a recipient's name, company or address; empty for all.
    pub search: String,
    /// Only those after this one in the list: the last of the page before.
    pub after: Option<(Timestamp, EnvelopeId)>,
    /// How many at most.
    pub limit: u32,
}

/// How many envelopes an account has of each status, and by the stored word.
pub type Counts = BTreeMap<&'static str, u64>;

/// An envelope in the list.
pub type Summary = Contents;

impl Reader {
    /// An envelope.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn envelope(&mut self, id: EnvelopeId) -> Result<Option<Envelope>, Error> {
        let sql = "SELECT id, account_id, title, message, status, signing_order, locale, expires_in_days, policy,
                policy_digest, created_at, updated_at, sent_at, completed_at, expires_at, declined_by, decline_reason, declined_at, void_reason
            FROM envelopes WHERE id = $1";
        self.connection.one(sql, args![id.to_string()]).await?.map(|row| envelope(&row)).transpose()
    }

    /// An envelope with everything in it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn contents(&mut self, id: EnvelopeId) -> Result<Option<Contents>, Error> {
        let Some(envelope) = self.envelope(id).await? else { return Ok(None) };
        Ok(Some(Contents {
            envelope,
            documents: self.documents(id).await?,
            recipients: self.recipients(id).await?,
            fields: self.fields(id).await?,
        }))
    }

    /// The envelopes of an account, the last changed first; documents and fields are left out.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn envelopes(
        &mut self,
        account: AccountId,
        filter: &EnvelopeFilter,
    ) -> Result<Vec<Summary>, Error> {
        let sql = "SELECT id, account_id, title, message, status, signing_order, locale, expires_in_days, policy,
                policy_digest, created_at, updated_at, sent_at, completed_at, expires_at, declined_by, decline_reason, declined_at, void_reason
            FROM envelopes
            WHERE account_id = $1 AND ($2 = '' OR status = $2 OR ($2 = 'sent' AND status = 'completing'))
                AND ($3 = '' OR lower(title) LIKE $3 ESCAPE '\\' OR EXISTS (SELECT 1 FROM recipients r
                    WHERE r.envelope_id = envelopes.id AND (lower(r.name) LIKE $3 ESCAPE '\\'
                        OR lower(r.organization) LIKE $3 ESCAPE '\\' OR r.email LIKE $3 ESCAPE '\\')))
                AND ($4 = 0 OR updated_at < $4 OR (updated_at = $4 AND id < $5))
            ORDER BY updated_at DESC, id DESC LIMIT $6";
        let (at, id) = match filter.after {
            Some((at, id)) => (at.as_microsecond(), id.to_string()),
            None => (0, String::new()),
        };
        let status = filter.status.map_or("", EnvelopeStatus::as_str);
        let args = args![account.to_string(), status, pattern(&filter.search), at, id, filter.limit];
        let rows = self.connection.all(sql, args).await?;
        let mut summaries = Vec::new();
        for row in rows {
            let envelope = envelope(&row)?;
            let recipients = self.recipients(envelope.id).await?;
            summaries.push(Contents { envelope, documents: Vec::new(), recipients, fields: Vec::new() });
        }
        Ok(summaries)
    }

    /// How many envelopes an account has of each status; those that are being completed count as sent still.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn envelope_counts(&mut self, account: AccountId) -> Result<Counts, Error> {
        let sql = "SELECT status, count(*) AS many FROM envelopes WHERE account_id = $1 GROUP BY status";
        let rows = self.connection.all(sql, args![account.to_string()]).await?;
        let mut counts: Counts = EnvelopeStatus::ALL.iter().map(|status| (status.as_str(), 0)).collect();
        for row in rows {
            let status = match row.read("status", EnvelopeStatus::parse)? {
                EnvelopeStatus::Completing => EnvelopeStatus::Sent,
                status => status,
            };
            *counts.entry(status.as_str()).or_default() += row.number::<u64>("many")?;
        }
        Ok(counts)
    }

    /// Sent envelopes whose time has run out.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn overdue_envelopes(&mut self, now: Timestamp, page: Page) -> Result<Vec<EnvelopeId>, Error> {
        let sql =
            "SELECT id FROM envelopes WHERE status = 'sent' AND expires_at <= $1 ORDER BY expires_at, id
            LIMIT $2 OFFSET $3";
        self.connection
            .all(sql, args![now, page.limit, page.offset])
            .await?
            .iter()
            .map(|row| row.parsed("id"))
            .collect()
    }
}

impl Tx {
    /// Adds a draft.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_envelope(&mut self, envelope: &Envelope) -> Result<(), Error> {
        let sql = "INSERT INTO envelopes (id, account_id, title, message, status, signing_order, locale, expires_in_days,
                created_at, updated_at, policy, policy_digest)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let args = args![
            envelope.id.to_string(),
            envelope.account_id.to_string(),
            envelope.title.as_str(),
            envelope.message.as_str(),
            envelope.status.as_str(),
            envelope.order.as_str(),
            envelope.locale.tag(),
            envelope.expires_in_days,
            envelope.created_at,
            envelope.updated_at,
            envelope.policy.to_string(),
            envelope.policy_digest
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Saves an envelope's own columns.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn save_envelope(&mut self, envelope: &Envelope) -> Result<(), Error> {
        let sql =
            "UPDATE envelopes SET title = $2, message = $3, status = $4, signing_order = $5, locale = $6,
                expires_in_days = $7, updated_at = $8, sent_at = $9, completed_at = $10, expires_at = $11,
                declined_by = $12, decline_reason = $13, declined_at = $14, void_reason = $15, policy = $16, policy_digest = $17
            WHERE id = $1";
        let decline = envelope.decline.as_ref();
        let args = args![
            envelope.id.to_string(),
            envelope.title.as_str(),
            envelope.message.as_str(),
            envelope.status.as_str(),
            envelope.order.as_str(),
            envelope.locale.tag(),
            envelope.expires_in_days,
            envelope.updated_at,
            envelope.sent_at,
            envelope.completed_at,
            envelope.expires_at,
            decline.map(|decline| decline.recipient_id.to_string()),
            decline.map(|decline| decline.reason.as_str()),
            decline.map(|decline| decline.at),
            envelope.void_reason.as_deref(),
            envelope.policy.to_string(),
            envelope.policy_digest
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Removes a draft with everything in it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_envelope(&mut self, id: EnvelopeId) -> Result<(), Error> {
        for sql in [
            "DELETE FROM fields WHERE envelope_id = $1",
            "DELETE FROM recipients WHERE envelope_id = $1",
            "DELETE FROM revisions WHERE document_id IN (SELECT id FROM documents WHERE envelope_id = $1)",
            "DELETE FROM documents WHERE envelope_id = $1",
            "DELETE FROM envelopes WHERE id = $1",
        ] {
            self.connection.execute(sql, args![id.to_string()]).await?;
        }
        Ok(())
    }
}

/// A LIKE pattern for a search text; empty where there is nothing to search for.
fn pattern(search: &str) -> String {
    let search = search.trim().to_lowercase();
    if search.is_empty() {
        return String::new();
    }
    let escaped = search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

fn envelope(row: &Row) -> Result<Envelope, Error> {
    let decline = match row.opt_parsed("declined_by")? {
        Some(recipient_id) => {
            Some(Decline { recipient_id, reason: row.text("decline_reason")?, at: row.time("declined_at")? })
        }
        None => None,
    };
    Ok(Envelope {
        id: row.parsed("id")?,
        account_id: row.parsed("account_id")?,
        title: row.text("title")?,
        message: row.text("message")?,
        status: row.read("status", EnvelopeStatus::parse)?,
        order: row.read("signing_order", Order::parse)?,
        locale: row.read("locale", Locale::from_tag)?,
        expires_in_days: row.number("expires_in_days")?,
        policy: row.read("policy", PolicyRef::parse)?,
        policy_digest: row.opt_hash("policy_digest")?,
        created_at: row.time("created_at")?,
        updated_at: row.time("updated_at")?,
        sent_at: row.opt_time("sent_at")?,
        completed_at: row.opt_time("completed_at")?,
        expires_at: row.opt_time("expires_at")?,
        decline,
        void_reason: row.opt_text("void_reason")?,
    })
}
