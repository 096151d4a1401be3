//! Signing policies.

use domain::policy::{Assurance, Author, Custody, SignatureLevel, TimeRule, Title, WillWay};
use serde::Serialize;

/// The policies that a sender may choose from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PolicyList {
    /// The built-in ones first, then the sender's own, then those of the organizations for which they act: the newest
    /// version of each.
    pub items: Vec<Policy>,
    /// The organizations in whose name the sender may write policies.
    pub organizations: Vec<PolicyOrganization>,
}

/// An organization in whose name policies may be written.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PolicyOrganization {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: String,
}

/// The organization that a policy names as its author.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PolicyAuthor {
    /// Its name when the policy was written.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: String,
}

impl PolicyAuthor {
    pub(crate) fn of(it: &Author) -> Self {
        Self { name: it.name.as_str().to_owned(), credit_code: it.credit_code.as_str().to_owned() }
    }
}

/// A signing policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Policy {
    /// How envelopes name it: its name, after the id of the organization whose it is, where it is one's.
    pub reference: String,
    /// Name.
    pub name: String,
    /// Version.
    pub version: u32,
    /// Whether it is built in.
    pub built_in: bool,
    /// The organization in whose name it was written.
    pub organization: Option<PolicyAuthor>,
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
