//! Keys of a hardware module that an administrator bound to a company.

use domain::CreditCode;
use jiff::Timestamp;

use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

/// A key that is bound to a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundKey {
    /// Serial number of the token.
    pub token: String,
    /// CKA_ID.
    pub id: Vec<u8>,
    /// The company.
    pub credit_code: CreditCode,
    /// CKA_LABEL.
    pub label: String,
    /// SubjectPublicKeyInfo, DER.
    pub public_key: Vec<u8>,
    /// The administrator who bound it.
    pub bound_by: String,
    /// When.
    pub bound_at: Timestamp,
    /// When it was released.
    pub released_at: Option<Timestamp>,
}

impl Reader {
    /// The key that is bound to a company and that nobody has yet: nobody was given a certificate for it, and nobody waits for
    /// one. One that was certified for nothing is still the company's: see [`Reader::is_spent_key`].
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn bound_key(&mut self, company: &CreditCode) -> Result<Option<BoundKey>, Error> {
        let sql =
            "SELECT token_serial, token_key, credit_code, label, public_key, bound_by, bound_at, released_at
            FROM organization_keys WHERE credit_code = $1 AND released_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM keys k WHERE k.public_key = organization_keys.public_key
                    AND (EXISTS (SELECT 1 FROM certificates c WHERE c.key_id = k.id AND c.der IS NOT NULL
                            AND c.unusable_at IS NULL)
                        OR EXISTS (SELECT 1 FROM pending_certificates p WHERE p.key_id = k.id)))";
        self.connection.one(sql, args![company.as_str()]).await?.map(|row| read(&row)).transpose()
    }

    /// Whether a key was certified, and nobody was given the certificate: it was of no use, or came too late. SHA-256 of the
    /// SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn is_spent_key(&mut self, sha256: [u8; 32]) -> Result<bool, Error> {
        let sql = "SELECT 1 AS found FROM certificates WHERE public_key = $1 AND unusable_at IS NOT NULL";
        Ok(self.connection.one(sql, args![sha256]).await?.is_some())
    }

    /// Whether a key is somebody's, or was certified: SubjectPublicKeyInfo, DER, and its SHA-256. A bound key that was tried
    /// and not certified is nobody's.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn is_taken_key(&mut self, public_key: &[u8], sha256: [u8; 32]) -> Result<bool, Error> {
        let sql = "SELECT 1 AS found WHERE EXISTS (SELECT 1 FROM certificates WHERE public_key = $2 AND der IS NOT NULL)
            OR EXISTS (SELECT 1 FROM keys k WHERE k.public_key = $1
                AND (EXISTS (SELECT 1 FROM pending_certificates p WHERE p.key_id = k.id)
                    OR NOT EXISTS (SELECT 1 FROM organization_keys o WHERE o.public_key = k.public_key)))";
        let args = args![hex::encode(public_key), sha256];
        Ok(self.connection.one(sql, args).await?.is_some())
    }

    /// For whom a certificate was meant that did not come, subject as JSON: SHA-256 of the SubjectPublicKeyInfo. Whether the
    /// authority made one, nobody may know; for another subject none is asked.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn intended_subject(&mut self, sha256: [u8; 32]) -> Result<Option<String>, Error> {
        let sql = "SELECT subject FROM certificates WHERE public_key = $1 AND der IS NULL";
        self.connection.one(sql, args![sha256]).await?.map(|row| row.text("subject")).transpose()
    }

    /// All keys that are or were bound, the newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn bound_keys(&mut self) -> Result<Vec<BoundKey>, Error> {
        let sql =
            "SELECT token_serial, token_key, credit_code, label, public_key, bound_by, bound_at, released_at
            FROM organization_keys ORDER BY bound_at DESC, token_key LIMIT 1000";
        self.connection.all(sql, args![]).await?.iter().map(read).collect()
    }
}

impl Tx {
    /// Binds a key to a company; one that was released is bound anew.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the key is bound, or the company has one.
    pub async fn bind_key(&mut self, it: &BoundKey) -> Result<(), Error> {
        let sql = "INSERT INTO organization_keys (token_serial, token_key, credit_code, label, public_key, bound_by, bound_at,
                released_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (token_serial, token_key) DO UPDATE SET credit_code = excluded.credit_code,
                label = excluded.label, public_key = excluded.public_key, bound_by = excluded.bound_by,
                bound_at = excluded.bound_at, released_at = excluded.released_at
            WHERE organization_keys.released_at IS NOT NULL";
        let args = args![
            it.token.as_str(),
            hex::encode(&it.id),
            it.credit_code.as_str(),
            it.label.as_str(),
            hex::encode(&it.public_key),
            it.bound_by.as_str(),
            it.bound_at,
            it.released_at
        ];
        match self.connection.execute(sql, args).await? {
            0 => Err(Error::Conflict),
            _ => Ok(()),
        }
    }

    /// Releases the key of a company; tells whether there was one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn release_key(&mut self, company: &CreditCode, at: Timestamp) -> Result<bool, Error> {
        let sql =
            "UPDATE organization_keys SET released_at = $2 WHERE credit_code = $1 AND released_at IS NULL";
        Ok(self.connection.execute(sql, args![company.as_str(), at]).await? > 0)
    }
}

fn read(row: &Row) -> Result<BoundKey, Error> {
    let bytes = |column: &'static str| hex::decode(row.text(column)?).map_err(|_| Error::Corrupt { column });
    Ok(BoundKey {
        token: row.text("token_serial")?,
        id: bytes("token_key")?,
        credit_code: row.read("credit_code", |text| CreditCode::parse(text).ok())?,
        label: row.text("label")?,
        public_key: bytes("public_key")?,
        bound_by: row.text("bound_by")?,
        bound_at: row.time("bound_at")?,
        released_at: row.opt_time("released_at")?,
    })
}
