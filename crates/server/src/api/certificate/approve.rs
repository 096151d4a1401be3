//! `POST /ca/requests/{id}/approve`: a second administrator approves: the change is made.

use axum::Json;
use axum::extract::State;
use service::{StatusRequestId, authority, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/ca/requests/{id}/approve", tag = "certificates",
    params(("id" = String, Path)),
    responses((status = OK, body = view::StatusRequests)),
)]
pub(crate) async fn approve_request(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<StatusRequestId>,
) -> Result<Json<view::StatusRequests>, Problem> {
    Ok(Json(authority::approve(state.service(), &actor, id).await?))
}
