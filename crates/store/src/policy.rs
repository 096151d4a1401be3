//! Signing policies: those that accounts and organizations wrote, and those under which envelopes were sent.

use domain::policy::SigningPolicy;
use domain::{AccountId, OrganizationId};
use jiff::Timestamp;

use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

/// A signing policy that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPolicy {
    /// SHA-256 of its canonical bytes.
    pub digest: [u8; 32],
    /// Whose it is; none where it is built in.
    pub owner: Option<PolicyOwner>,
    /// The policy.
    pub policy: SigningPolicy,
    /// When it was written, or first used.
    pub created_at: Timestamp,
}

/// Whose a policy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyOwner {
    /// An account's.
    Account(AccountId),
    /// An organization's, whoever wrote it for it.
    Organization(OrganizationId),
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT digest, account_id, organization_id, canonical, created_at FROM policies ", $rest)
    };
}

impl Reader {
    /// The policy of a digest.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn policy(&mut self, digest: &[u8; 32]) -> Result<Option<StoredPolicy>, Error> {
        let sql = select!("WHERE digest = $1");
        self.connection.one(sql, args![digest]).await?.map(|row| read(&row)).transpose()
    }

    /// All versions of the policies that are somebody's, by name, the newest version first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn policies(&mut self, owner: PolicyOwner) -> Result<Vec<StoredPolicy>, Error> {
        let (sql, id) = match owner {
            PolicyOwner::Account(id) => {
                (select!("WHERE account_id = $1 ORDER BY name, version DESC"), id.to_string())
            }
            PolicyOwner::Organization(id) => {
                (select!("WHERE organization_id = $1 ORDER BY name, version DESC"), id.to_string())
            }
        };
        self.connection.all(sql, args![id]).await?.iter().map(read).collect()
    }
}

impl Tx {
    /// Keeps a policy; one that is there already stays as it is.
    ///
    /// # Errors
    /// [`Error::Conflict`] where its owner has another policy of this name and version.
    pub async fn keep_policy(&mut self, it: &StoredPolicy) -> Result<(), Error> {
        let sql =
            "INSERT INTO policies (digest, account_id, organization_id, name, version, canonical, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (digest) DO NOTHING";
        let (account, organization) = match it.owner {
            Some(PolicyOwner::Account(id)) => (Some(id.to_string()), None),
            Some(PolicyOwner::Organization(id)) => (None, Some(id.to_string())),
            None => (None, None),
        };
        let args = args![
            it.digest,
            account,
            organization,
            it.policy.name.as_str(),
            it.policy.version,
            String::from_utf8_lossy(&it.policy.canonical()).into_owned(),
            it.created_at
        ];
        self.connection.execute(sql, args).await.map(drop)
    }
}

fn read(row: &Row) -> Result<StoredPolicy, Error> {
    let owner = match (row.opt_parsed("account_id")?, row.opt_parsed("organization_id")?) {
        (_, Some(id)) => Some(PolicyOwner::Organization(id)),
        (Some(id), None) => Some(PolicyOwner::Account(id)),
        (None, None) => None,
    };
    Ok(StoredPolicy {
        digest: row.hash("digest")?,
        owner,
        policy: row.read("canonical", |text| SigningPolicy::from_canonical(text.as_bytes()))?,
        created_at: row.time("created_at")?,
    })
}
