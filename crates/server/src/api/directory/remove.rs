//! `DELETE /organizations/{org}/directory`: nobody can sign in there any more.

use axum::Json;
use axum::extract::State;
use service::{OrganizationId, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(
    delete, path = "/organizations/{org}/directory", tag = "directory",
    params(("org" = String, Path)),
    responses((status = OK, body = view::AccountOrganizations)),
)]
pub(crate) async fn remove_directory(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(organization): Path<OrganizationId>,
) -> Result<Json<view::AccountOrganizations>, Problem> {
    Ok(Json(service::directory::remove(state.service(), &actor, organization).await?))
}
