//! `GET /reviews/{id}/pictures/{picture}/verdict`: what the signatures of a letter are worth, for whoever has its check in hand.

use axum::Json;
use axum::extract::State;
use service::{ReviewId, ReviewImageId, review, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(
    get, path = "/reviews/{id}/pictures/{picture}/verdict", tag = "reviews",
    params(("id" = String, Path), ("picture" = String, Path)),
    responses((status = OK, body = view::LetterVerdict)),
)]
pub(crate) async fn letter_verdict(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path((id, picture)): Path<(ReviewId, ReviewImageId)>,
) -> Result<Json<view::LetterVerdict>, Problem> {
    Ok(Json(review::verdict(state.service(), &actor, id, picture).await?))
}
