//! Consents to process ID data and faces. Each decision is a row of its own: the newest holds.

use domain::{ConsentId, Locale};
use jiff::Timestamp;

use crate::db::{Row, args};
use crate::error::Error;
use crate::identity::CheckedFor;
use crate::{Reader, Tx};

/// What may be processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Name, ID number, phone and bank card, to verify who somebody is.
    Identity,
    /// The face, for the same.
    Face,
    /// Pictures of the document, and of the person who holds it, that somebody here looks at.
    Photo,
}

impl Purpose {
    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Face => "face",
            Self::Photo => "photo",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Identity, Self::Face, Self::Photo].into_iter().find(|purpose| purpose.as_str() == word)
    }
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentDecision {
    /// It may.
    Given,
    /// It may not, or no longer.
    Refused,
}

impl ConsentDecision {
    fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Refused => "refused",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Given, Self::Refused].into_iter().find(|decision| decision.as_str() == word)
    }
}

/// A decision of a recipient, or of an account's person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataConsent {
    /// The id.
    pub id: ConsentId,
    /// Whose.
    pub decided_by: CheckedFor,
    /// On what.
    pub purpose: Purpose,
    /// Version of the words.
    pub version: String,
    /// SHA-256 of the words as shown, hexadecimal.
    pub digest: String,
    /// Language shown.
    pub locale: Locale,
    /// What was decided.
    pub decision: ConsentDecision,
    /// When.
    pub created_at: Timestamp,
}

impl Reader {
    /// What a recipient, or an account's person, decided last on each purpose, oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn data_consents(&mut self, by: CheckedFor) -> Result<Vec<DataConsent>, Error> {
        let sql =
            "SELECT id, recipient_id, account_id, purpose, version, digest, locale, decision, created_at
            FROM data_consents WHERE recipient_id = $1 OR account_id = $1 ORDER BY number";
        let rows = self.connection.all(sql, args![by.to_string()]).await?;
        let mut newest: Vec<DataConsent> = Vec::new();
        for row in &rows {
            let consent = read(row)?;
            newest.retain(|it| it.purpose != consent.purpose);
            newest.push(consent);
        }
        Ok(newest)
    }
}

impl Tx {
    /// Keeps a decision.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_data_consent(&mut self, it: &DataConsent) -> Result<(), Error> {
        let sql = "INSERT INTO data_consents (id, number, recipient_id, account_id, purpose, version, digest, locale,
                decision, created_at)
            VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM data_consents), $2, $3, $4, $5, $6, $7, $8, $9)";
        let args = args![
            it.id.to_string(),
            it.decided_by.recipient(),
            it.decided_by.account(),
            it.purpose.as_str(),
            it.version.as_str(),
            it.digest.as_str(),
            it.locale.tag(),
            it.decision.as_str(),
            it.created_at
        ];
        self.connection.execute(sql, args).await.map(drop)
    }
}

pub(crate) fn read(row: &Row) -> Result<DataConsent, Error> {
    Ok(DataConsent {
        id: row.parsed("id")?,
        decided_by: CheckedFor::read(row)?,
        purpose: row.read("purpose", Purpose::parse)?,
        version: row.text("version")?,
        digest: row.text("digest")?,
        locale: row.read("locale", Locale::from_tag)?,
        decision: row.read("decision", ConsentDecision::parse)?,
        created_at: row.time("created_at")?,
    })
}
