//! `/healthz`: the process answers. `/readyz`: so does the database.

use axum::extract::State;
use axum::http::StatusCode;

use crate::AppState;
use crate::http::problem::Problem;

pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

pub(crate) async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    match service::ready(state.service()).await.map_err(Problem::from) {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}
