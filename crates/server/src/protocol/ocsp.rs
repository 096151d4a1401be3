//! `POST /ocsp` and `GET /ocsp/{base64}`: whether a certificate still holds (RFC 6960, appendix A).

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use crate::AppState;
use crate::http::problem::Problem;

pub(crate) async fn answer(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/ocsp-request") {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_type"));
    }
    respond(&state, &body).await
}

pub(crate) async fn answer_get(
    State(state): State<AppState>,
    Path(request): Path<String>,
) -> Result<Response, Problem> {
    let request = STANDARD
        .decode(request.trim_start_matches('/'))
        .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "ocsp_request"))?;
    respond(&state, &request).await
}

async fn respond(state: &AppState, request: &[u8]) -> Result<Response, Problem> {
    let response = state.service().authority().ocsp(request).await.map_err(Problem::internal)?;
    Ok(([(header::CONTENT_TYPE, "application/ocsp-response")], response).into_response())
}
