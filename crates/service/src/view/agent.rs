//! Who acts for an organization, as its administrators see them.

use domain::organization::{AgentEnd, AgentRole, AgentScope, OrganizationWay};
use serde::Serialize;

use super::{IssuedCertificate, Time};

/// Who acts for an organization, and who did.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OrganizationAgents {
    /// The organization's id.
    pub organization: String,
    /// Its name in the registry.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: String,
    /// Who leads it, as the registry said last.
    pub legal_representative: String,
    /// Those who act for it first, then those who did; the newest first.
    pub items: Vec<OrganizationAgent>,
}

/// That a person acts, or acted, for an organization.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OrganizationAgent {
    /// Id.
    pub id: String,
    /// The person's name; none once their data are erased.
    pub name: Option<String>,
    /// What they are to the organization.
    pub role: AgentRole,
    /// How it was shown.
    pub proof: OrganizationWay,
    /// What they may do.
    pub scope: Vec<AgentScope>,
    /// Since when.
    pub since: Time,
    /// Until when.
    pub until: Option<Time>,
    /// When it ended before.
    pub revoked_at: Option<Time>,
    /// Why.
    pub revoked_reason: Option<AgentEnd>,
    /// Whether they act for it now.
    pub active: bool,
    /// Whether this is the agent as whom the account is linked.
    pub is_me: bool,
    /// Whether the account may end it.
    pub can_revoke: bool,
}

/// The organizations for which the person of an account acts, or acted.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MyOrganizations {
    /// Whether the account is linked to a person.
    pub linked: bool,
    /// Organizations: those for which they act now first.
    pub items: Vec<MyOrganization>,
}

/// An organization, and what the account's person is to it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MyOrganization {
    /// Id.
    pub id: String,
    /// Name in the registry.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: String,
    /// Who leads it, as the registry said last.
    pub legal_representative: String,
    /// When it was verified last.
    pub verified_at: Time,
    /// Which registry was asked for this person.
    pub provider: Option<String>,
    /// What was compared: words of the provider interface.
    pub factors: Vec<String>,
    /// SHA-256 of the registry's answer, hexadecimal.
    pub answer_sha256: Option<String>,
    /// When it answered.
    pub checked_at: Option<Time>,
    /// What the person is to it.
    pub role: AgentRole,
    /// How it was shown.
    pub proof: OrganizationWay,
    /// What they may do.
    pub scope: Vec<AgentScope>,
    /// Since when.
    pub since: Time,
    /// Until when.
    pub until: Option<Time>,
    /// Whether they act for it now.
    pub active: bool,
    /// When it ended before.
    pub ended_at: Option<Time>,
    /// Why.
    pub ended_because: Option<AgentEnd>,
    /// Who else acts for it, for whoever administers it.
    pub agents: Vec<OrganizationAgent>,
    /// Certificates of its seals: all for whoever administers it, else those of the person's own keys.
    pub certificates: Vec<IssuedCertificate>,
    /// Whether it has named a directory of its staff.
    pub has_directory: bool,
}
