//! `/notices/{provider}`: what an identity provider sends unasked. It is no answer; it only has the provider asked.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use service::identity::{Received, notice};

use crate::AppState;
use crate::http::extract::Path;
use crate::http::problem::Problem;

pub(super) async fn take(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Result<Response, Problem> {
    let received = Received { query: query.unwrap_or_default(), body: body.to_vec() };
    let reply = notice(state.service(), &provider, &received).await?;
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    Ok((status, reply.body).into_response())
}
