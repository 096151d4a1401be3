//! `GET /ca/requests`: changes of status that wait for a second administrator, and those decided.

use axum::Json;
use axum::extract::State;
use service::{authority, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::problem::Problem;

#[utoipa::path(get, path = "/ca/requests", tag = "certificates", responses((status = OK, body = view::StatusRequests)))]
pub(crate) async fn list_requests(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
) -> Result<Json<view::StatusRequests>, Problem> {
    Ok(Json(authority::requests(state.service(), &actor).await?))
}
