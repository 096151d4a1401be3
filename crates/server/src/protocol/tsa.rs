//! `POST /tsa`: time stamps over HTTP (RFC 3161 §3.4).

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use service::authority::TimeStampAuthority as _;

use crate::AppState;
use crate::http::problem::Problem;

pub(crate) async fn time_stamp(
    State(state): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/timestamp-query") {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_type"));
    }
    let reply = state.service().authority().answer(&body).await.map_err(Problem::internal)?;
    Ok(([(header::CONTENT_TYPE, "application/timestamp-reply")], reply).into_response())
}
