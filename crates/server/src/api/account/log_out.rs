//! `DELETE /sessions/current`: ends the session.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::AppState;
use crate::http::cookie::Cookie;
use crate::http::problem::Problem;

/// Fine without a session too.
#[utoipa::path(delete, path = "/sessions/current", tag = "account", responses((status = NO_CONTENT)))]
pub(crate) async fn log_out(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(token) = Cookie::session().read(&headers) {
        service::account::log_out(state.service(), token).await?;
    }
    Ok((StatusCode::NO_CONTENT, Cookie::session().clear(state.is_https()), ()).into_response())
}
