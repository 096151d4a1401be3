//! A browser's hold on one ceremony: a secret in a cookie, of which the hash is kept, and who was verified through it.

use domain::{KeyId, RecipientId, SigningSessionId, VerificationId};
use jiff::Timestamp;

use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningSession {
    /// The id.
    pub id: SigningSessionId,
    /// Whose ceremony.
    pub recipient_id: RecipientId,
    /// Hash of the cookie's secret.
    pub token_hash: [u8; 32],
    /// The identity verification that this browser is in or passed. Another device has to pass its own.
    pub identity_id: Option<VerificationId>,
    /// When it began.
    pub created_at: Timestamp,
    /// From when it is refused.
    pub expires_at: Timestamp,
}

impl Reader {
    /// The session of a secret.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn signing_session(&mut self, token_hash: &[u8; 32]) -> Result<Option<SigningSession>, Error> {
        let sql =
            "SELECT id, recipient_id, token_hash, identity_id, created_at, expires_at FROM signing_sessions
            WHERE token_hash = $1";
        self.connection.one(sql, args![token_hash]).await?.as_ref().map(read).transpose()
    }
}

impl Reader {
    /// The session in which an identity verification runs, while it lives.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn session_of_identity(
        &mut self,
        identity: VerificationId,
        now: Timestamp,
    ) -> Result<Option<SigningSession>, Error> {
        let sql =
            "SELECT id, recipient_id, token_hash, identity_id, created_at, expires_at FROM signing_sessions
            WHERE identity_id = $1 AND expires_at > $2 LIMIT 1";
        self.connection.one(sql, args![identity.to_string(), now]).await?.as_ref().map(read).transpose()
    }
}

impl Tx {
    /// Keeps a session, new or changed.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_signing_session(&mut self, it: &SigningSession, now: Timestamp) -> Result<(), Error> {
        let sql = "INSERT INTO signing_sessions (id, recipient_id, token_hash, identity_id, created_at, last_seen_at,
                expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (id) DO UPDATE SET identity_id = excluded.identity_id, last_seen_at = excluded.last_seen_at,
                expires_at = excluded.expires_at";
        let args = args![
            it.id.to_string(),
            it.recipient_id.to_string(),
            it.token_hash,
            it.identity_id.map(|id| id.to_string()),
            it.created_at,
            now,
            it.expires_at
        ];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Takes the verified identity of the person who opens this key from all of their sessions: each verifies them anew.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_identity_behind(&mut self, key: KeyId) -> Result<(), Error> {
        let sql = "UPDATE signing_sessions SET identity_id = NULL WHERE identity_id IN (
            SELECT v.id FROM identity_verifications v JOIN keys k ON k.person_id = v.person_id WHERE k.id = $1)";
        self.connection.execute(sql, args![key.to_string()]).await.map(drop)
    }

    /// Removes sessions that are over.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_expired_signing_sessions(&mut self, now: Timestamp) -> Result<u64, Error> {
        self.connection.execute("DELETE FROM signing_sessions WHERE expires_at <= $1", args![now]).await
    }
}

fn read(row: &Row) -> Result<SigningSession, Error> {
    Ok(SigningSession {
        id: row.parsed("id")?,
        recipient_id: row.parsed("recipient_id")?,
        token_hash: row.hash("token_hash")?,
        identity_id: row.opt_parsed("identity_id")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
    })
}
