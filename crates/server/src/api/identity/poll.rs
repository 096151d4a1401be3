//! `POST /identity/poll`: how a check at the provider's page stands.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::api::signing::Empty;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/identity/poll", tag = "identity",
    request_body = Empty,
    responses((status = OK, body = view::MyIdentity)),
)]
pub(crate) async fn poll_my_identity(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::MyIdentity>, Problem> {
    Ok(Json(service::identity::poll_mine(state.service(), &actor).await?))
}
