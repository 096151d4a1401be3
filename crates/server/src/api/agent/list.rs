//! `GET /organizations/{org}/agents`: who acts for an organization that the account administers, and who did.

use axum::Json;
use axum::extract::State;
use service::{OrganizationId, organization, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(
    get, path = "/organizations/{org}/agents", tag = "organizations",
    params(("org" = String, Path)),
    responses((status = OK, body = view::OrganizationAgents)),
)]
pub(crate) async fn list_agents(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<OrganizationId>,
) -> Result<Json<view::OrganizationAgents>, Problem> {
    Ok(Json(organization::agents::list(state.service(), &actor, id).await?))
}
