//! Organizations: the registry's word on the company, and a small payment that shows that the agent sees its account.

pub mod agents;
mod bank;
mod follow;
pub mod payment;
mod verify;

pub use bank::SandboxBank;
pub(crate) use follow::follow_payments;
pub(crate) use verify::{check, confirm, pay, recognise};
