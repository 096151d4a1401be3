//! `GET /reviews/{id}`: one check. What was typed and the pictures are for whoever has it in hand.

use axum::Json;
use axum::extract::State;
use service::{ReviewId, review, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(
    get, path = "/reviews/{id}", tag = "reviews",
    params(("id" = String, Path)),
    responses((status = OK, body = view::ReviewCase)),
)]
pub(crate) async fn show_review(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<ReviewId>,
) -> Result<Json<view::ReviewCase>, Problem> {
    Ok(Json(review::case(state.service(), &actor, id).await?))
}
