//! Letters of authorization that legal representatives are asked to sign.

use domain::organization::AgentScope;
use domain::{AccountId, EnvelopeId, RecipientId, VerificationId};
use jiff::Timestamp;

use crate::db::{Row, args};
use crate::error::Error;
use crate::{Page, Reader, Tx};

/// How an authorization stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorizationState {
    /// The legal representative was asked.
    Asked,
    /// They signed, and the registry knows them as who they are.
    Confirmed,
    /// They declined, or the registry does not know them as the legal representative.
    Refused,
    /// They did not answer in time.
    Expired,
    /// The agent took the question back.
    Withdrawn,
}

impl AuthorizationState {
    const ALL: [Self; 5] = [Self::Asked, Self::Confirmed, Self::Refused, Self::Expired, Self::Withdrawn];

    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A letter of authorization: an envelope of its own, whose one recipient is the legal representative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    /// The envelope that holds the letter.
    pub envelope_id: EnvelopeId,
    /// The run that waits for it.
    pub verification_id: VerificationId,
    /// The legal representative, as the letter's recipient.
    pub recipient_id: RecipientId,
    /// What the agent may do, sorted.
    pub scope: Vec<AgentScope>,
    /// How it stands.
    pub state: AuthorizationState,
    /// Why it came to nothing.
    pub reason: Option<String>,
    /// The run that shows that whoever signed leads the organization.
    pub leader_verification_id: Option<VerificationId>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Until when it can be signed.
    pub ends_at: Timestamp,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT envelope_id, verification_id, recipient_id, scope, state, reason, leader_verification_id, ",
            "created_at, ends_at, settled_at FROM authorizations ",
            $rest
        )
    };
}

impl Reader {
    /// The authorization whose letter is in this envelope.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn authorization(&mut self, envelope: EnvelopeId) -> Result<Option<Authorization>, Error> {
        let row = self.connection.one(select!("WHERE envelope_id = $1"), args![envelope.to_string()]).await?;
        row.as_ref().map(authorization).transpose()
    }

    /// The authorizations that a run asked for, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn authorizations(&mut self, of: VerificationId) -> Result<Vec<Authorization>, Error> {
        let sql = select!("WHERE verification_id = $1 ORDER BY created_at DESC, envelope_id DESC");
        let rows = self.connection.all(sql, args![of.to_string()]).await?;
        rows.iter().map(authorization).collect()
    }

    /// Authorizations that wait still, though their time is over.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn overdue_authorizations(
        &mut self,
        now: Timestamp,
        page: Page,
    ) -> Result<Vec<Authorization>, Error> {
        let sql = select!(
            "WHERE state = 'asked' AND ends_at <= $1 ORDER BY ends_at, envelope_id LIMIT $2 OFFSET $3"
        );
        let rows = self.connection.all(sql, args![now, page.limit, page.offset]).await?;
        rows.iter().map(authorization).collect()
    }
}

impl Reader {
    /// Authorizations that were asked for before `before` and whose letters are drafts still.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn unsent_authorizations(
        &mut self,
        before: Timestamp,
        page: Page,
    ) -> Result<Vec<Authorization>, Error> {
        let sql = select!(
            "WHERE state = 'asked' AND created_at < $1
                AND envelope_id IN (SELECT id FROM envelopes WHERE status = 'draft')
            ORDER BY created_at, envelope_id LIMIT $2 OFFSET $3"
        );
        let rows = self.connection.all(sql, args![before, page.limit, page.offset]).await?;
        rows.iter().map(authorization).collect()
    }

    /// Drafts by the author of letters, from before `before`, that no authorization waits for.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn unused_letters(
        &mut self,
        author: AccountId,
        before: Timestamp,
        page: Page,
    ) -> Result<Vec<EnvelopeId>, Error> {
        let sql = "SELECT id FROM envelopes WHERE account_id = $1 AND status = 'draft' AND created_at < $2
                AND id NOT IN (SELECT envelope_id FROM authorizations)
            ORDER BY created_at, id LIMIT $3 OFFSET $4";
        let rows =
            self.connection.all(sql, args![author.to_string(), before, page.limit, page.offset]).await?;
        rows.iter().map(|row| row.parsed("id")).collect()
    }
}

impl Tx {
    /// Keeps an authorization, new or changed.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the run waits for another one.
    pub async fn put_authorization(&mut self, it: &Authorization) -> Result<(), Error> {
        let sql =
            "INSERT INTO authorizations (envelope_id, verification_id, recipient_id, scope, state, reason,
                leader_verification_id, created_at, ends_at, settled_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (envelope_id) DO UPDATE SET state = excluded.state, reason = excluded.reason,
                leader_verification_id = excluded.leader_verification_id, ends_at = excluded.ends_at,
                settled_at = excluded.settled_at";
        let scope: Vec<&str> = it.scope.iter().map(|it| it.as_str()).collect();
        let args = args![
            it.envelope_id.to_string(),
            it.verification_id.to_string(),
            it.recipient_id.to_string(),
            scope.join(" "),
            it.state.as_str(),
            it.reason.clone(),
            it.leader_verification_id.map(|id| id.to_string()),
            it.created_at,
            it.ends_at,
            it.settled_at,
        ];
        self.connection.execute(sql, args).await.map(drop)
    }
}

fn authorization(row: &Row) -> Result<Authorization, Error> {
    Ok(Authorization {
        envelope_id: row.parsed("envelope_id")?,
        verification_id: row.parsed("verification_id")?,
        recipient_id: row.parsed("recipient_id")?,
        scope: row.text("scope")?.split_whitespace().filter_map(AgentScope::parse).collect(),
        state: row.read("state", AuthorizationState::parse)?,
        reason: row.opt_text("reason")?,
        leader_verification_id: row.opt_parsed("leader_verification_id")?,
        created_at: row.time("created_at")?,
        ends_at: row.time("ends_at")?,
        settled_at: row.opt_time("settled_at")?,
    })
}
