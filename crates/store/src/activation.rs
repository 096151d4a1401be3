//! Activations of keys: offered to their signer, spent once, used where their signature came on record.
//!
//! An activation is spent in a transaction of its own before the key is opened: whatever happens then, it cannot be spent
//! again. It is used in the transaction that records the signature.

use domain::{ActivationId, KeyId, PasskeyId, RecipientId};
use jiff::Timestamp;
use keys::Statement;
use keys::passkey::Assertion;

use crate::db::{Row, args, json};
use crate::error::Error;
use crate::{Reader, Tx};

/// Where an activation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActivationState {
    /// The signer was asked.
    Offered,
    /// It was given up for one use of the key.
    Spent,
    /// The signature that it allowed is on record.
    Used,
}

impl ActivationState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Spent => "spent",
            Self::Used => "used",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Offered, Self::Spent, Self::Used].into_iter().find(|it| it.as_str() == word)
    }
}

/// An activation: what the signer agreed to, word for word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredActivation {
    /// The id.
    pub id: ActivationId,
    /// Whose.
    pub recipient_id: RecipientId,
    /// Which key.
    pub key_id: KeyId,
    /// SHA-256 of `canonical`.
    pub digest: [u8; 32],
    /// The activation in canonical form.
    pub canonical: String,
    /// Where it stands.
    pub state: ActivationState,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it may be spent; none where it was spent at once.
    pub expires_at: Option<Timestamp>,
    /// When it was spent.
    pub spent_at: Option<Timestamp>,
    /// What the passkey signed, where one did.
    pub assertion: Option<Assertion>,
    /// Which passkey.
    pub passkey_id: Option<PasskeyId>,
    /// The check of the signer's will, where the signing policy asks for one; JSON of the caller's.
    pub will: Option<String>,
}

impl Reader {
    /// An activation.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn activation(&mut self, id: ActivationId) -> Result<Option<StoredActivation>, Error> {
        let sql = "SELECT id, recipient_id, key_id, digest, canonical, state, created_at, expires_at, spent_at, assertion,
                passkey_id, will FROM activations WHERE id = $1";
        self.connection.one(sql, args![id.to_string()]).await?.map(|row| read(&row)).transpose()
    }

    /// The activations of a recipient whose signature is on record, the oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn used_activations(&mut self, recipient: RecipientId) -> Result<Vec<StoredActivation>, Error> {
        let sql = "SELECT id, recipient_id, key_id, digest, canonical, state, created_at, expires_at, spent_at, assertion,
                passkey_id, will FROM activations WHERE recipient_id = $1 AND state = 'used' ORDER BY created_at, id";
        self.connection.all(sql, args![recipient.to_string()]).await?.iter().map(read).collect()
    }

    /// How often a key was used, and when last.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn uses_of_key(&mut self, key: KeyId) -> Result<(u32, Option<Timestamp>), Error> {
        let sql = "SELECT count(*) AS uses, max(COALESCE(spent_at, created_at)) AS last FROM activations
            WHERE key_id = $1 AND state = 'used'";
        match self.connection.one(sql, args![key.to_string()]).await? {
            Some(row) => Ok((row.number("uses")?, row.opt_time("last")?)),
            None => Ok((0, None)),
        }
    }

    /// The activations, whose signature is on record, of the key that the certificate with this serial number certifies, for
    /// this content: the digest that the signature binds, hexadecimal. There is one, as far as random numbers differ.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn activations_under(
        &mut self,
        serial: &str,
        content: &str,
    ) -> Result<Vec<StoredActivation>, Error> {
        let sql = "SELECT a.id, a.recipient_id, a.key_id, a.digest, a.canonical, a.state, a.created_at, a.expires_at,
                a.spent_at, a.assertion, a.passkey_id, a.will
            FROM activations a JOIN certificates c ON c.key_id = a.key_id
            WHERE a.content = $2 AND c.serial = $1 AND a.state = 'used' ORDER BY a.created_at, a.id LIMIT 8";
        self.connection.all(sql, args![serial, content]).await?.iter().map(read).collect()
    }
}

impl Tx {
    /// Keeps a new activation.
    ///
    /// # Errors
    /// [`Error::Conflict`] where this one is there already.
    pub async fn insert_activation(&mut self, it: &StoredActivation) -> Result<(), Error> {
        let sql = "INSERT INTO activations (id, recipient_id, key_id, digest, canonical, state, created_at, expires_at,
                spent_at, assertion, passkey_id, will, content)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let args = args![
            it.id.to_string(),
            it.recipient_id.to_string(),
            it.key_id.to_string(),
            it.digest,
            it.canonical.as_str(),
            it.state.as_str(),
            it.created_at,
            it.expires_at,
            it.spent_at,
            it.assertion.as_ref().map(json),
            it.passkey_id.map(|id| id.to_string()),
            it.will.as_deref(),
            Statement::from_canonical(it.canonical.as_bytes()).map(|statement| statement.content)
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Keeps how the check of the will stands, while the activation is offered.
    ///
    /// # Errors
    /// [`Error::Conflict`] where it was spent before.
    pub async fn put_will(&mut self, id: ActivationId, will: &str) -> Result<(), Error> {
        let sql = "UPDATE activations SET will = $2 WHERE id = $1 AND state = 'offered'";
        one(self.connection.execute(sql, args![id.to_string(), will]).await?)
    }

    /// Spends an offered activation, with what the passkey signed where one did.
    ///
    /// # Errors
    /// [`Error::Conflict`] where it was spent before: of several who try, one wins.
    pub async fn spend_activation(
        &mut self,
        id: ActivationId,
        signed: Option<(&Assertion, PasskeyId)>,
        at: Timestamp,
    ) -> Result<(), Error> {
        let sql = "UPDATE activations SET state = 'spent', spent_at = $2, assertion = $3, passkey_id = $4
            WHERE id = $1 AND state = 'offered'";
        let assertion = signed.map(|(assertion, _)| json(assertion));
        let args = args![id.to_string(), at, assertion, signed.map(|(_, passkey)| passkey.to_string())];
        one(self.connection.execute(sql, args).await?)
    }

    /// Marks a spent activation as used: its signature is recorded in this transaction.
    ///
    /// # Errors
    /// [`Error::Conflict`] where it was not spent, or its signature is on record already.
    pub async fn use_activation(&mut self, id: ActivationId) -> Result<(), Error> {
        let sql = "UPDATE activations SET state = 'used' WHERE id = $1 AND state = 'spent'";
        one(self.connection.execute(sql, args![id.to_string()]).await?)
    }
}

fn one(changed: u64) -> Result<(), Error> {
    if changed == 1 { Ok(()) } else { Err(Error::Conflict) }
}

fn read(row: &Row) -> Result<StoredActivation, Error> {
    Ok(StoredActivation {
        id: row.parsed("id")?,
        recipient_id: row.parsed("recipient_id")?,
        key_id: row.parsed("key_id")?,
        digest: row.hash("digest")?,
        canonical: row.text("canonical")?,
        state: row.read("state", ActivationState::parse)?,
        created_at: row.time("created_at")?,
        expires_at: row.opt_time("expires_at")?,
        spent_at: row.opt_time("spent_at")?,
        assertion: row.opt_json("assertion")?,
        passkey_id: row.opt_parsed("passkey_id")?,
        will: row.opt_text("will")?,
    })
}
