//! `POST /identity/erase`: what may be erased is; the rest when the law's time is over.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::api::signing::Empty;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/identity/erase", tag = "identity",
    request_body = Empty,
    responses((status = OK, body = view::Erasure)),
)]
pub(crate) async fn erase_my_identity(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::Erasure>, Problem> {
    Ok(Json(service::identity::request_erasure(state.service(), &actor).await?))
}
