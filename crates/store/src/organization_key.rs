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
    /// The key that is bound to a company and that nobody uses yet.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn bound_key(&mut self, company: &CreditCode) -> Result<Option<BoundKey>, Error> {
        let sql =
            "SELECT token_serial, token_key, credit_code, label, public_key, bound_by, bound_at, released_at
            FROM organization_keys WHERE credit_code = $1 AND released_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM keys WHERE keys.public_key = organization_keys.public_key)";
        self.connection.one(sql, args![company.as_str()]).await?.map(|row| read(&row)).transpose()
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
    /// Binds a key to a company.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the key is or was bound, or the company has one.
    pub async fn bind_key(&mut self, it: &BoundKey) -> Result<(), Error> {
        let sql = "INSERT INTO organization_keys (token_serial, token_key, credit_code, label, public_key, bound_by, bound_at,
                released_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
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
        self.connection.execute(sql, args).await.map(drop)
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
