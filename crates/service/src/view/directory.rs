//! Organizations of an account, their directories, and what these said.

use serde::Serialize;

use super::Time;

/// What an account is to an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum OrganizationRole {
    /// It administers it: linked by the organization's verified agent.
    Administrator,
    /// Its address is of the domains of the organization's directory.
    Staff,
}

/// The organizations of an account.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AccountOrganizations {
    /// Those it administers first.
    pub items: Vec<AccountOrganization>,
    /// What is to be registered with a directory as redirect URI.
    pub redirect_uri: String,
}

/// An organization of an account.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AccountOrganization {
    /// Id.
    pub id: String,
    /// Name in the registry.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: String,
    /// What the account is to it.
    pub role: OrganizationRole,
    /// Until when it administers it.
    pub until: Option<Time>,
    /// The host of its directory, where it has one.
    pub directory_host: Option<String>,
    /// Its directory, for administrators.
    pub directory: Option<Directory>,
    /// That this account is on its staff, according to its own directory.
    pub staff: Option<StaffProof>,
}

/// A directory, without its secret.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Directory {
    /// Issuer identifier.
    pub issuer: String,
    /// Our client id.
    pub client_id: String,
    /// Whether there is a secret.
    pub has_secret: bool,
    /// Domains of staff's addresses.
    pub domains: Vec<String>,
    /// How strongly staff must be authenticated, in the directory's words.
    pub acr_values: Vec<String>,
    /// Since when it is as it is.
    pub updated_at: Time,
}

/// An organization's own statement that someone is on its staff. No real-name authentication.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StaffProof {
    /// Host of the directory.
    pub directory: String,
    /// Its issuer identifier.
    pub issuer: String,
    /// Address, masked.
    pub email_masked: Option<String>,
    /// How strongly the person was authenticated, in the directory's own word.
    pub acr: Option<String>,
    /// By what means.
    pub amr: Vec<String>,
    /// When.
    pub authenticated_at: Option<Time>,
    /// When it was stated.
    pub proved_at: Time,
    /// Until when it counts.
    pub expires_at: Time,
}

/// The directory of the organization that a recipient seals for.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CeremonyStaff {
    /// Its host, where one can sign in there.
    pub directory: Option<String>,
    /// What it said of this person.
    pub proof: Option<StaffProof>,
}

/// What came of a sign-in.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StaffResult {
    /// The organization's name.
    pub organization: String,
    /// The recipient in whose ceremony it was.
    pub recipient: Option<String>,
    /// What was stated.
    pub proof: StaffProof,
}

/// Whom an organization lets in, for those who administer it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OrganizationPeople {
    /// The accounts that were linked to administer it, the oldest first.
    pub administrators: Vec<OrganizationAdministrator>,
    /// What its directory said of its staff, the newest first.
    pub statements: Vec<StaffStatement>,
}

/// An account that administers an organization.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OrganizationAdministrator {
    /// The account's id.
    pub account: String,
    /// Its address, masked.
    pub email_masked: String,
    /// Since when.
    pub since: Time,
    /// Whether its agent acts for the organization still.
    pub active: bool,
    /// Whether it is the account that asks.
    pub is_me: bool,
}

/// What a directory said of somebody.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct StaffStatement {
    /// Id.
    pub id: String,
    /// Host of the directory.
    pub directory: String,
    /// Address, masked.
    pub email_masked: Option<String>,
    /// When it was stated.
    pub stated_at: Time,
    /// Until when it counts, or counted.
    pub expires_at: Time,
    /// When the organization took it back.
    pub withdrawn_at: Option<Time>,
    /// Whether it counts now.
    pub counts: bool,
}
