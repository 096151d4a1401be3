//! `/healthz`: the process answers. `/readyz`: so does the database.

use axum::extract::State;
use axum::http::StatusCode;

use crate::AppState;

pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

pub(crate) async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if state.service().is_ready().await {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
    }
}
