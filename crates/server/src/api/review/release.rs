//! `POST /reviews/{id}/release`: puts a check back.

use axum::Json;
use axum::extract::State;
use service::{ReviewId, review, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/reviews/{id}/release", tag = "reviews",
    params(("id" = String, Path)),
    responses((status = OK, body = view::ReviewCase)),
)]
pub(crate) async fn release_review(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<ReviewId>,
) -> Result<Json<view::ReviewCase>, Problem> {
    Ok(Json(review::release(state.service(), &actor, id).await?))
}
