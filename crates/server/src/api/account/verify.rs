//! `POST /accounts/verify`: the secret from the mail proves the address, and logs in.

use axum::extract::State;
use axum::response::Response;

use super::{AccountView, TokenBody};
use crate::AppState;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/accounts/verify", tag = "account",
    request_body = TokenBody, responses((status = OK, body = AccountView)),
)]
pub(crate) async fn verify_email(
    State(state): State<AppState>,
    Body(body): Body<TokenBody>,
) -> Result<Response, Problem> {
    Ok(super::logged_in(&state, service::account::verify(state.service(), &body.token).await?))
}
