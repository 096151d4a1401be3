//! `GET /organizations`: those that the account administers, and those on whose staff it may prove to be.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::problem::Problem;

#[utoipa::path(
    get, path = "/organizations", tag = "directory",
    responses((status = OK, body = view::AccountOrganizations)),
)]
pub(crate) async fn list_organizations(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
) -> Result<Json<view::AccountOrganizations>, Problem> {
    Ok(Json(service::directory::list(state.service(), &actor).await?))
}
