//! Signing policies: those that accounts wrote, and those under which envelopes were sent.

use domain::AccountId;
use domain::policy::SigningPolicy;
use jiff::Timestamp;

use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

/// A signing policy that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPolicy {
    /// SHA-256 of its canonical bytes.
    pub digest: [u8; 32],
    /// Who wrote it; none where it is built in.
    pub account_id: Option<AccountId>,
    /// The policy.
    pub policy: SigningPolicy,
    /// When it was written, or first used.
    pub created_at: Timestamp,
}

impl Reader {
    /// The policy of a digest.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn policy(&mut self, digest: &[u8; 32]) -> Result<Option<StoredPolicy>, Error> {
        let sql = "SELECT digest, account_id, canonical, created_at FROM policies WHERE digest = $1";
        self.connection.one(sql, args![digest]).await?.map(|row| read(&row)).transpose()
    }

    /// All versions of the policies that an account wrote, by name, the newest version first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn policies(&mut self, account: AccountId) -> Result<Vec<StoredPolicy>, Error> {
        let sql = "SELECT digest, account_id, canonical, created_at FROM policies WHERE account_id = $1
            ORDER BY name, version DESC";
        self.connection.all(sql, args![account.to_string()]).await?.iter().map(read).collect()
    }
}

impl Tx {
    /// Keeps a policy; one that is there already stays as it is.
    ///
    /// # Errors
    /// [`Error::Conflict`] where the account has another policy of this name and version.
    pub async fn keep_policy(&mut self, it: &StoredPolicy) -> Result<(), Error> {
        let sql = "INSERT INTO policies (digest, account_id, name, version, canonical, created_at)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (digest) DO NOTHING";
        let args = args![
            it.digest,
            it.account_id.map(|id| id.to_string()),
            it.policy.name.as_str(),
            it.policy.version,
            String::from_utf8_lossy(&it.policy.canonical()).into_owned(),
            it.created_at
        ];
        self.connection.execute(sql, args).await.map(drop)
    }
}

fn read(row: &Row) -> Result<StoredPolicy, Error> {
    Ok(StoredPolicy {
        digest: row.hash("digest")?,
        account_id: row.opt_parsed("account_id")?,
        policy: row.read("canonical", |text| SigningPolicy::from_canonical(text.as_bytes()))?,
        created_at: row.time("created_at")?,
    })
}
