//! The account's person: who they are, by which check, and what belongs to them.

pub(crate) mod check;
pub(crate) mod code;
pub(crate) mod consent;
pub(crate) mod erase;
pub(crate) mod keys;
pub(crate) mod link;
pub(crate) mod organizations;
pub(crate) mod picture;
pub(crate) mod picture_submit;
pub(crate) mod poll;
pub(crate) mod refuse;
pub(crate) mod resend;
pub(crate) mod restart;
pub(crate) mod show;
pub(crate) mod unlink;
