//! `POST /identity/resend`: another code.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::api::signing::Empty;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/identity/resend", tag = "identity",
    request_body = Empty,
    responses((status = OK, body = view::MyIdentity)),
)]
pub(crate) async fn resend_my_code(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::MyIdentity>, Problem> {
    Ok(Json(service::identity::resend_mine(state.service(), &actor).await?))
}
