//! Signing keys: public key, the sealed private key, and the wrong PINs.

use domain::{KeyId, OrganizationId, PersonId};
use jiff::Timestamp;
use keys::{Attempts, StoredKey};

use crate::db::{Row, args, json};
use crate::error::Error;
use crate::{Reader, Tx};

/// A signing key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// The id.
    pub id: KeyId,
    /// Whose it is, or the agent whose PIN opens the organization's key.
    pub person_id: PersonId,
    /// The organization whose seal key it is.
    pub organization_id: Option<OrganizationId>,
    /// The key as its store sealed it.
    pub stored: StoredKey,
    /// Wrong PINs.
    pub attempts: Attempts,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was given up.
    pub retired_at: Option<Timestamp>,
}

impl Reader {
    /// A key.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn signing_key(&mut self, id: KeyId) -> Result<Option<SigningKey>, Error> {
        let row = self
            .connection
            .one(
                "SELECT id, person_id, organization_id, stored, failed, locked_until, created_at, retired_at FROM keys \
                 WHERE id = $1",
                args![id.to_string()],
            )
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// The keys in use of a person (`organization` is none) or of an organization's agent, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn signing_keys(
        &mut self,
        person: PersonId,
        organization: Option<OrganizationId>,
    ) -> Result<Vec<SigningKey>, Error> {
        let rows = self
            .connection
            .all(
                "SELECT id, person_id, organization_id, stored, failed, locked_until, created_at, retired_at FROM keys \
                 WHERE person_id = $1 AND COALESCE(organization_id, '') = $2 AND retired_at IS NULL \
                 ORDER BY created_at DESC, id DESC",
                args![person.to_string(), organization.map(|id| id.to_string()).unwrap_or_default()],
            )
            .await?;
        rows.iter().map(read).collect()
    }

    /// All keys of a person, also those that they open for organizations and those that were given up, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn keys_of_person(&mut self, person: PersonId) -> Result<Vec<SigningKey>, Error> {
        let sql = "SELECT id, person_id, organization_id, stored, failed, locked_until, created_at, retired_at FROM keys
            WHERE person_id = $1 ORDER BY created_at DESC, id DESC LIMIT 100";
        self.connection.all(sql, args![person.to_string()]).await?.iter().map(read).collect()
    }
}

impl Tx {
    /// Keeps a new key.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the public key is there already.
    pub async fn insert_signing_key(&mut self, it: &SigningKey) -> Result<(), Error> {
        self.connection
            .execute(
                "INSERT INTO keys (id, person_id, organization_id, algorithm, public_key, stored, failed, locked_until, \
                 created_at, retired_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                args![
                    it.id.to_string(),
                    it.person_id.to_string(),
                    it.organization_id.map(|organization| organization.to_string()),
                    json(&it.stored.algorithm),
                    hex::encode(&it.stored.public_key),
                    json(&it.stored),
                    it.attempts.failed,
                    it.attempts.locked_until,
                    it.created_at,
                    it.retired_at,
                ],
            )
            .await?;
        Ok(())
    }

    /// Keeps the count of wrong PINs.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_key_attempts(&mut self, id: KeyId, attempts: Attempts) -> Result<(), Error> {
        self.connection
            .execute(
                "UPDATE keys SET failed = $2, locked_until = $3 WHERE id = $1",
                args![id.to_string(), attempts.failed, attempts.locked_until],
            )
            .await?;
        Ok(())
    }

    /// Gives a key up: nothing is signed with it any more, and no certificate for it is waited for.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn retire_key(&mut self, id: KeyId, at: Timestamp) -> Result<(), Error> {
        self.connection
            .execute(
                "UPDATE keys SET retired_at = $2 WHERE id = $1 AND retired_at IS NULL",
                args![id.to_string(), at],
            )
            .await?;
        let sql = "DELETE FROM pending_certificates WHERE key_id = $1";
        self.connection.execute(sql, args![id.to_string()]).await.map(drop)
    }

    /// Forgets a key that was never certified, and that no authority is asked to certify, so that the same may be tried anew:
    /// one of a hardware module is made or chosen once. Whether there was one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_uncertified_key(&mut self, public_key: &[u8]) -> Result<bool, Error> {
        let sql = "SELECT id FROM keys k WHERE k.public_key = $1
            AND NOT EXISTS (SELECT 1 FROM certificates c WHERE c.key_id = k.id AND c.der IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM pending_certificates p WHERE p.key_id = k.id)";
        let Some(row) = self.connection.one(sql, args![hex::encode(public_key)]).await? else {
            return Ok(false);
        };
        let id = row.text("id")?;
        self.connection.execute("DELETE FROM passkeys WHERE key_id = $1", args![id.as_str()]).await?;
        self.connection.execute("DELETE FROM keys WHERE id = $1", args![id.as_str()]).await?;
        Ok(true)
    }
}

fn read(row: &Row) -> Result<SigningKey, Error> {
    Ok(SigningKey {
        id: row.parsed("id")?,
        person_id: row.parsed("person_id")?,
        organization_id: row.opt_parsed("organization_id")?,
        stored: row.json("stored")?,
        attempts: Attempts { failed: row.number("failed")?, locked_until: row.opt_time("locked_until")? },
        created_at: row.time("created_at")?,
        retired_at: row.opt_time("retired_at")?,
    })
}
