//! Transfers that a clerk makes.

use serde::Serialize;

use super::Time;

/// The clerk's list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Transfers {
    /// Those that are to be made first.
    pub items: Vec<Transfer>,
    /// Whether this server pays by hand: others will not come.
    pub manual: bool,
}

/// A transfer, without what shows its amount.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Transfer {
    /// The payment's id.
    pub id: String,
    /// To whom: the account has to be in this name.
    pub organization: String,
    /// The bank that keeps the account.
    pub bank: Option<String>,
    /// Account, masked.
    pub account_masked: String,
    /// `waiting`, `sent`, `failed` or `returned`.
    pub state: String,
    /// The bank's reference.
    pub reference: Option<String>,
    /// Why it failed or came back.
    pub reason: Option<String>,
    /// When it was ordered.
    pub created_at: Time,
    /// When it was made, or found impossible.
    pub settled_at: Option<Time>,
    /// When it came back.
    pub returned_at: Option<Time>,
    /// Whether the account takes part in the verification: another has to make this transfer.
    pub takes_part: bool,
}

/// What is to be paid. Each view of it is an event.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct TransferDetail {
    /// The payment's id.
    pub id: String,
    /// Account number.
    pub account_number: String,
    /// In whose name it has to be.
    pub account_name: String,
    /// The bank that keeps it.
    pub bank: Option<String>,
    /// Amount in fen.
    pub amount_fen: u32,
    /// The remark that goes with it.
    pub remark: String,
}
