//! `GET /reviews`: what waits for an administrator, and what was decided last.

use axum::Json;
use axum::extract::State;
use service::{review, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::problem::Problem;

#[utoipa::path(get, path = "/reviews", tag = "reviews", responses((status = OK, body = view::ReviewList)))]
pub(crate) async fn list_reviews(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
) -> Result<Json<view::ReviewList>, Problem> {
    Ok(Json(review::list(state.service(), &actor).await?))
}
