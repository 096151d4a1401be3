//! The server and its accounts.

use domain::Locale;
use serde::Serialize;

use super::Time;
use crate::config::Trust;

/// What this server is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Server {
    /// The product's name.
    pub name: String,
    /// Version.
    pub version: String,
    /// Which trust is in force.
    pub trust: Trust,
    /// Whether another's authority certifies signers; time-stamps are this server's own all the same.
    pub external_authority: bool,
    /// Whether the sandbox register and bank are there.
    pub sandbox: bool,
    /// Whether e-mails are sent; they stand in the outbox otherwise.
    pub mail: bool,
    /// Whether codes are sent to phones; they stand in the outbox otherwise.
    pub sms: bool,
    /// Whether this caller may read the outbox.
    pub outbox: bool,
    /// How the server is reached.
    pub public_url: String,
    /// Bounds on what users bring.
    pub limits: ServerLimits,
    /// The lists in which the server's own authority revokes, newest CA of each branch first.
    pub revocation_lists: Vec<RevocationList>,
    /// The server's time.
    pub time: Time,
}

/// Where a CA's revocation list is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RevocationList {
    /// `person`, `organization` or `services`.
    pub branch: String,
    /// The CA's generation in its branch, from 1.
    pub generation: u32,
    /// The path on this server.
    pub path: String,
}

/// Bounds on what users bring.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ServerLimits {
    /// The largest upload.
    pub upload_bytes: u64,
    /// The most pages.
    pub pages: u32,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Account {
    /// Id.
    pub id: String,
    /// Address.
    pub email: String,
    /// Name.
    pub name: String,
    /// Language.
    pub locale: Locale,
    /// When it was made.
    pub created_at: Time,
}

impl From<&domain::account::Account> for Account {
    fn from(account: &domain::account::Account) -> Self {
        Self {
            id: account.id.to_string(),
            email: account.email.to_string(),
            name: account.name.to_string(),
            locale: account.locale,
            created_at: account.created_at.into(),
        }
    }
}
