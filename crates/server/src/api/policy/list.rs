//! `GET /policies`: the signing policies that the sender may choose from.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::problem::Problem;

#[utoipa::path(
    get, path = "/policies", tag = "policies", responses((status = OK, body = view::PolicyList)),
)]
pub(crate) async fn list_policies(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
) -> Result<Json<view::PolicyList>, Problem> {
    Ok(Json(service::policy::list(state.service(), &actor).await?))
}
