//! Certificates: an account's own, and the console of the authority's administrators. Whoever is no administrator gets 404
//! from the console.

pub(crate) mod approve;
pub(crate) mod ask;
pub(crate) mod list;
pub(crate) mod mine;
pub(crate) mod overview;
pub(crate) mod refuse;
pub(crate) mod release;
pub(crate) mod requests;
pub(crate) mod revoke;
pub(crate) mod show;
pub(crate) mod suspend;
