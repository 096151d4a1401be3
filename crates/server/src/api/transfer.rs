//! Transfers that an administrator of the server makes at the bank.

pub(crate) mod failed;
pub(crate) mod list;
pub(crate) mod returned;
pub(crate) mod reveal;
pub(crate) mod sent;
