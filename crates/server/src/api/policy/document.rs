//! `GET /policies/{digest}`: a signing policy's canonical bytes, for anyone who holds a signature that names it.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::AppState;
use crate::http::extract::Path;
use crate::http::problem::Problem;

/// The digest names the bytes: they never change.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

#[utoipa::path(
    get, path = "/policies/{digest}", tag = "policies",
    params(("digest" = String, Path)),
    responses((status = OK, body = String, content_type = "application/json")),
)]
pub(crate) async fn policy_document(
    State(state): State<AppState>,
    Path(digest): Path<String>,
) -> Result<Response, Problem> {
    let bytes = service::policy::document(state.service(), &digest).await?;
    let kind = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, CACHE)], bytes).into_response())
}
