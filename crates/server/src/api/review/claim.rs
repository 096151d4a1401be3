//! `POST /reviews/{id}/claim`: takes a check in hand.

use axum::Json;
use axum::extract::State;
use service::{ReviewId, review, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/reviews/{id}/claim", tag = "reviews",
    params(("id" = String, Path)),
    responses((status = OK, body = view::ReviewCase)),
)]
pub(crate) async fn claim_review(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<ReviewId>,
) -> Result<Json<view::ReviewCase>, Problem> {
    Ok(Json(review::claim(state.service(), &actor, id).await?))
}
