//! `POST /identity/pictures/submit`: sends the pictures in. An administrator looks at them.

use axum::Json;
use axum::extract::State;
use service::{review, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::api::signing::Empty;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/identity/pictures/submit", tag = "identity",
    request_body = Empty,
    responses((status = OK, body = view::MyIdentity)),
)]
pub(crate) async fn submit_my_pictures(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::MyIdentity>, Problem> {
    Ok(Json(review::submit_mine(state.service(), &actor).await?))
}
