//! Who acts for an organization, as its administrators see them.

use domain::organization::{AgentEnd, AgentRole, AgentScope, OrganizationWay};
use serde::Serialize;

use super::Time;

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
