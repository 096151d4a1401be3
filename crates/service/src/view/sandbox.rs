//! The sandbox register and bank.

use serde::Serialize;

use super::Time;

/// Everyone in the sandbox register.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SandboxRegister {
    /// People.
    pub people: Vec<SandboxPerson>,
    /// Companies.
    pub organizations: Vec<SandboxOrganization>,
}

/// A person who does not exist.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SandboxPerson {
    /// Name.
    pub name: String,
    /// Resident ID number.
    pub id_number: String,
    /// Phone.
    pub phone: String,
}

/// A company that does not exist.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SandboxOrganization {
    /// Name.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: String,
    /// Legal representative.
    pub legal_representative: String,
    /// Account at the sandbox bank.
    pub account_number: String,
    /// Bank.
    pub bank: String,
    /// What the registry says: `active`, `deregistered` or `revoked`.
    pub state: String,
}

/// What arrived in an account.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SandboxBank {
    /// Transfers, newest first.
    pub transfers: Vec<SandboxTransfer>,
}

/// A transfer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SandboxTransfer {
    /// Id.
    pub id: String,
    /// Account.
    pub account_number: String,
    /// Its owner.
    pub account_name: String,
    /// Amount, in fen.
    pub amount_fen: u64,
    /// Remark.
    pub remark: String,
    /// Who paid.
    pub payer: String,
    /// When.
    pub at: Time,
}
