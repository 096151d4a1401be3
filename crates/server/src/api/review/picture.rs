//! `GET /reviews/{id}/pictures/{picture}`: a picture, for whoever has the check in hand. Nobody keeps it, and each look is an
//! event.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use service::{ReviewId, ReviewImageId, review};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(
    get, path = "/reviews/{id}/pictures/{picture}", tag = "reviews",
    params(("id" = String, Path), ("picture" = String, Path)),
    responses((status = OK, body = Vec<u8>, content_type = "image/jpeg")),
)]
pub(crate) async fn review_picture(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path((id, picture)): Path<(ReviewId, ReviewImageId)>,
) -> Result<Response, Problem> {
    let picture = review::picture(state.service(), &actor, id, picture).await?;
    let media = HeaderValue::from_str(&picture.media).map_err(Problem::internal)?;
    // No cache, no sniffing, no scripts: the headers that every response carries say so.
    let headers =
        [(header::CONTENT_TYPE, media), (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline"))];
    Ok((headers, picture.bytes).into_response())
}
