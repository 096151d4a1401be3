//! The sandbox register and bank.

use serde::Serialize;

use super::Time;
use super::words::IdKind;
use crate::sandbox::FaceOutcome;

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
    /// Kind of ID document.
    pub document: IdKind,
    /// Its number.
    pub id_number: String,
    /// Phone.
    pub phone: String,
    /// Bank card, where they have one.
    pub bank_card: Option<String>,
}

/// A face check before the sandbox's camera.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SandboxFace {
    /// Who is expected, masked.
    pub name_masked: String,
    /// The method that is played: `face_alipay` or `face_wechat`.
    pub method: String,
    /// Whether the camera still waits.
    pub open: bool,
    /// What was played.
    pub outcome: Option<FaceOutcome>,
    /// Where the person goes on.
    pub return_url: Option<String>,
    /// Until when the camera waits.
    pub until: Time,
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
    /// When it was sent back, where it was.
    pub returned_at: Option<Time>,
}
