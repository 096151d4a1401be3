//! Signing policies.

use domain::policy::{Assurance, Custody, SignatureLevel, TimeRule, Title, WillWay};
use serde::Serialize;

/// The policies that a sender may choose from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PolicyList {
    /// The built-in ones first, then the sender's own: the newest version of each.
    pub items: Vec<Policy>,
}

/// A signing policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Policy {
    /// Name.
    pub name: String,
    /// Version.
    pub version: u32,
    /// Whether it is built in.
    pub built_in: bool,
    /// What people call it.
    pub title: Title,
    /// SHA-256 of its canonical form, hexadecimal.
    pub digest: String,
    /// The object identifier that signatures name it by.
    pub oid: String,
    /// How sure the signer's identity must be.
    pub assurance: Assurance,
    /// How many days the check of it may be old.
    pub max_age_days: Option<u32>,
    /// Where the key may be.
    pub custody: Vec<Custody>,
    /// The checks of the will of which the signer chooses one; none where opening the key is enough.
    pub will: Vec<WillWay>,
    /// Which time counts.
    pub time: TimeRule,
    /// The level that signatures reach at least.
    pub level: SignatureLevel,
    /// Whether this server can give what it asks for.
    pub available: bool,
}
