//! `POST /organizations/{org}/agents/{agent}/revoke`: takes an agent's power away; one's own is given up so.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::organization::agents::{self, Dismissal};
use service::{AgentId, OrganizationId, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RevokeAgentBody {
    reason: Dismissal,
}

#[utoipa::path(
    post, path = "/organizations/{org}/agents/{agent}/revoke", tag = "organizations",
    params(("org" = String, Path), ("agent" = String, Path)),
    request_body = RevokeAgentBody,
    responses((status = OK, body = view::OrganizationAgents)),
)]
pub(crate) async fn revoke_agent(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path((organization, agent)): Path<(OrganizationId, AgentId)>,
    Body(body): Body<RevokeAgentBody>,
) -> Result<Json<view::OrganizationAgents>, Problem> {
    Ok(Json(agents::revoke(state.service(), &actor, organization, agent, body.reason).await?))
}
