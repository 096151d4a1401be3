//! The authority's protocol endpoints, at the addresses that its certificates name; notices of identity providers; the
//! server's own health.

mod health;
mod notice;
mod ocsp;
mod pki;
mod tsa;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::AppState;

/// Requests of these protocols are small.
const BODY: usize = 16 * 1024;

pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/tsa", post(tsa::time_stamp))
        .route("/ocsp", post(ocsp::answer))
        .route("/ocsp/{*request}", get(ocsp::answer_get))
        .route("/pki/{file}", get(pki::file))
        .route("/notices/{provider}", get(notice::take).post(notice::take))
        .layer(DefaultBodyLimit::max(BODY))
}

pub(crate) fn health() -> Router<AppState> {
    Router::new().route("/healthz", get(health::alive)).route("/readyz", get(health::ready))
}
