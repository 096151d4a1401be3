//! `PUT /organizations/{org}/directory`: names the organization's directory.

use axum::Json;
use axum::extract::State;
use service::directory::DirectoryInput;
use service::{OrganizationId, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

#[utoipa::path(
    put, path = "/organizations/{org}/directory", tag = "directory",
    params(("org" = String, Path)),
    request_body = DirectoryInput,
    responses((status = OK, body = view::AccountOrganizations)),
)]
pub(crate) async fn configure_directory(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(organization): Path<OrganizationId>,
    Body(input): Body<DirectoryInput>,
) -> Result<Json<view::AccountOrganizations>, Problem> {
    Ok(Json(service::directory::configure(state.service(), &actor, organization, input).await?))
}
