//! `POST /reviews/{id}/ask`: asks for other pictures.

use axum::Json;
use axum::extract::State;
use service::{ReviewId, review, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::api::review::ReviewReasonBody;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/reviews/{id}/ask", tag = "reviews",
    params(("id" = String, Path)),
    request_body = ReviewReasonBody,
    responses((status = OK, body = view::ReviewCase)),
)]
pub(crate) async fn ask_again(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<ReviewId>,
    Body(body): Body<ReviewReasonBody>,
) -> Result<Json<view::ReviewCase>, Problem> {
    Ok(Json(review::ask(state.service(), &actor, id, body.reason, body.note.as_deref()).await?))
}
