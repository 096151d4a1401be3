//! `POST /identity/restart`: what was typed is given up.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::api::signing::Empty;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/identity/restart", tag = "identity",
    request_body = Empty,
    responses((status = OK, body = view::MyIdentity)),
)]
pub(crate) async fn restart_my_identity(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::MyIdentity>, Problem> {
    Ok(Json(service::identity::restart_mine(state.service(), &actor).await?))
}
