//! `GET /identity/organizations`: for whom the account's person acts.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::problem::Problem;

#[utoipa::path(
    get, path = "/identity/organizations", tag = "identity",
    responses((status = OK, body = view::MyOrganizations)),
)]
pub(crate) async fn my_organizations(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
) -> Result<Json<view::MyOrganizations>, Problem> {
    Ok(Json(service::organization::my_organizations(state.service(), &actor).await?))
}
