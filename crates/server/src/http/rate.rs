//! Limits on how often one client may ask.
//!
//! They blunt floods and guessing from one place. What protects an account, a code or a PIN from guessing is counted
//! by the service, by account and by recipient.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use service::Rate;

use super::client::Client;
use super::problem::Problem;
use crate::AppState;

/// Any request of the API and the protocol endpoints.
const ANY: Rate = Rate { name: "any", burst: 600, refill: SignedDuration::from_millis(20) };
/// Passwords, link secrets, codes and PINs.
const CREDENTIALS: Rate = Rate { name: "credentials", burst: 60, refill: SignedDuration::from_secs(1) };
/// Uploads and verification.
const DOCUMENTS: Rate = Rate { name: "documents", burst: 40, refill: SignedDuration::from_secs(1) };

/// Middleware: any request.
pub(crate) async fn limit_any(state: State<AppState>, request: Request, next: Next) -> Response {
    limit(ANY, state, request, next).await
}

/// Middleware: requests that could guess a secret.
pub(crate) async fn limit_credentials(state: State<AppState>, request: Request, next: Next) -> Response {
    limit(CREDENTIALS, state, request, next).await
}

/// Middleware: requests that make the server read a document.
pub(crate) async fn limit_documents(state: State<AppState>, request: Request, next: Next) -> Response {
    limit(DOCUMENTS, state, request, next).await
}

async fn limit(rate: Rate, State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let client = Client::of(&parts, state.proxy()).rate_key();
    let service = state.service();
    match service.limiter().take(rate, &client.to_string(), service.now()) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(error) => Problem::from(error).into_response(),
    }
}
