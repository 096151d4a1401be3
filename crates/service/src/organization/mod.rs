//! Organizations: the registry's word on the company, and a way to show that somebody acts for it: a small payment to its
//! account, its legal representative's face, or their signature on a letter of authorization.
//!
//! How far a run has come is [`domain::organization::OrganizationState`]; who acts for an organization is asked of [`agents`].

pub mod agents;
mod authorization;
mod bank;
mod check;
mod follow;
mod leader;
pub(crate) mod letter;
mod manual;
mod mine;
mod pay;
pub mod payment;
mod prove;
pub mod transfers;
mod ways;

pub use self::mine::my_organizations;
pub use authorization::AuthorizationInput;
pub(crate) use authorization::{
    JOB as AUTHORIZATION_JOB, ask, declined, expire_overdue, expired, follow_letters, remind, settle, signed,
    withdraw,
};
pub use bank::SandboxBank;
pub(crate) use check::check;
pub(crate) use follow::follow_payments;
pub(crate) use leader::lead;
pub use manual::ManualTransfers;
pub(crate) use pay::{confirm, pay};
pub(crate) use prove::recognise;
pub(crate) use ways::offered;
