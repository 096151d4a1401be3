//! Passkeys of signers, and what new ones are asked to answer.

use domain::{ChallengeId, KeyId, PasskeyId, PersonId, RecipientId};
use jiff::Timestamp;
use keys::passkey::{Passkey, Registration, RelyingParty};

use crate::db::{Row, args, json};
use crate::error::Error;
use crate::{Reader, Tx};

/// A passkey; it opens one key, or says for the signer of one key that they will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPasskey {
    /// The id.
    pub id: PasskeyId,
    /// Whose.
    pub person_id: PersonId,
    /// The key that it opens, or is asked beside.
    pub key_id: KeyId,
    /// Its public half, and where its counter stands.
    pub passkey: Passkey,
    /// How it was registered: evidence.
    pub registration: Registration,
    /// Whom it answers to: the server as it was reached then.
    pub relying_party: RelyingParty,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it last signed.
    pub last_used_at: Option<Timestamp>,
}

/// What a new passkey is asked to answer, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyChallenge {
    /// The id.
    pub id: ChallengeId,
    /// In whose ceremony.
    pub recipient_id: RecipientId,
    /// Who registers it.
    pub person_id: PersonId,
    /// The id of the key that it will open.
    pub key_id: KeyId,
    /// What it answers.
    pub challenge: [u8; 32],
    /// When it was asked.
    pub created_at: Timestamp,
    /// Until when an answer counts.
    pub expires_at: Timestamp,
}

impl Reader {
    /// The passkey of a key.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn passkey_of(&mut self, key: KeyId) -> Result<Option<StoredPasskey>, Error> {
        let sql = "SELECT id, person_id, key_id, passkey, registration, relying_party, created_at, last_used_at FROM passkeys
            WHERE key_id = $1";
        self.connection.one(sql, args![key.to_string()]).await?.map(|row| read(&row)).transpose()
    }

    /// A passkey.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn passkey(&mut self, id: PasskeyId) -> Result<Option<StoredPasskey>, Error> {
        let sql = "SELECT id, person_id, key_id, passkey, registration, relying_party, created_at, last_used_at FROM passkeys
            WHERE id = $1";
        self.connection.one(sql, args![id.to_string()]).await?.map(|row| read(&row)).transpose()
    }

    /// The passkeys of a person.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn passkeys(&mut self, person: PersonId) -> Result<Vec<StoredPasskey>, Error> {
        let sql = "SELECT id, person_id, key_id, passkey, registration, relying_party, created_at, last_used_at FROM passkeys
            WHERE person_id = $1 ORDER BY created_at, id";
        self.connection.all(sql, args![person.to_string()]).await?.iter().map(read).collect()
    }
}

impl Tx {
    /// Keeps a new passkey.
    ///
    /// # Errors
    /// [`Error::Conflict`] where its credential is registered already.
    pub async fn insert_passkey(&mut self, it: &StoredPasskey) -> Result<(), Error> {
        let sql = "INSERT INTO passkeys (id, person_id, key_id, credential_id, passkey, registration, relying_party,
                created_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let args = args![
            it.id.to_string(),
            it.person_id.to_string(),
            it.key_id.to_string(),
            hex::encode(&it.passkey.credential_id),
            json(&it.passkey),
            json(&it.registration),
            json(&it.relying_party),
            it.created_at,
            it.last_used_at
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Forgets the passkeys of a key that was never certified: they never signed anything, and may be registered again.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_unused_passkeys(&mut self, key: KeyId) -> Result<(), Error> {
        let sql = "DELETE FROM passkeys WHERE key_id = $1 AND last_used_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM certificates c WHERE c.key_id = $1 AND c.der IS NOT NULL)";
        self.connection.execute(sql, args![key.to_string()]).await.map(drop)
    }

    /// Keeps where a passkey's counter stands. It is never put back: a passkey that was used in two ceremonies at once has the
    /// higher one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn note_passkey(
        &mut self,
        id: PasskeyId,
        passkey: &Passkey,
        at: Timestamp,
    ) -> Result<(), Error> {
        let sql = "SELECT passkey FROM passkeys WHERE id = $1";
        let known: Option<Passkey> = match self.connection.one(sql, args![id.to_string()]).await? {
            Some(row) => Some(row.json("passkey")?),
            None => None,
        };
        if known.is_some_and(|it| it.sign_count > passkey.sign_count) {
            let sql = "UPDATE passkeys SET last_used_at = $2 WHERE id = $1";
            return self.connection.execute(sql, args![id.to_string(), at]).await.map(drop);
        }
        let sql = "UPDATE passkeys SET passkey = $2, last_used_at = $3 WHERE id = $1";
        self.connection.execute(sql, args![id.to_string(), json(passkey), at]).await.map(drop)
    }

    /// Keeps what a new passkey is asked.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_passkey_challenge(&mut self, it: &PasskeyChallenge) -> Result<(), Error> {
        let sql = "INSERT INTO passkey_challenges (id, recipient_id, person_id, key_id, challenge, created_at, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let args = args![
            it.id.to_string(),
            it.recipient_id.to_string(),
            it.person_id.to_string(),
            it.key_id.to_string(),
            it.challenge,
            it.created_at,
            it.expires_at
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Takes what a new passkey was asked, for good; none where it was answered before.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_passkey_challenge(
        &mut self,
        id: ChallengeId,
        at: Timestamp,
    ) -> Result<Option<PasskeyChallenge>, Error> {
        let sql = "UPDATE passkey_challenges SET used_at = $2 WHERE id = $1 AND used_at IS NULL";
        if self.connection.execute(sql, args![id.to_string(), at]).await? == 0 {
            return Ok(None);
        }
        let sql = "SELECT id, recipient_id, person_id, key_id, challenge, created_at, expires_at FROM passkey_challenges
            WHERE id = $1";
        let row = self.connection.one(sql, args![id.to_string()]).await?;
        row.map(|row| {
            Ok(PasskeyChallenge {
                id: row.parsed("id")?,
                recipient_id: row.parsed("recipient_id")?,
                person_id: row.parsed("person_id")?,
                key_id: row.parsed("key_id")?,
                challenge: row.hash("challenge")?,
                created_at: row.time("created_at")?,
                expires_at: row.time("expires_at")?,
            })
        })
        .transpose()
    }
}

fn read(row: &Row) -> Result<StoredPasskey, Error> {
    Ok(StoredPasskey {
        id: row.parsed("id")?,
        person_id: row.parsed("person_id")?,
        key_id: row.parsed("key_id")?,
        passkey: row.json("passkey")?,
        registration: row.json("registration")?,
        relying_party: row.json("relying_party")?,
        created_at: row.time("created_at")?,
        last_used_at: row.opt_time("last_used_at")?,
    })
}
