//! Signing policies.

pub(crate) mod document;
pub(crate) mod list;
pub(crate) mod write;
