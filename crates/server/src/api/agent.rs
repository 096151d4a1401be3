//! Who acts for an organization.

pub(crate) mod list;
pub(crate) mod revoke;
