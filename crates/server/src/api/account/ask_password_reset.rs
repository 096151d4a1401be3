//! `POST /accounts/password-reset`: sends a link to choose a new password, where the address has an account.

use axum::extract::State;
use axum::http::StatusCode;

use super::EmailBody;
use crate::AppState;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// The answer is the same whether or not the address has an account.
#[utoipa::path(
    post, path = "/accounts/password-reset", tag = "account",
    request_body = EmailBody, responses((status = ACCEPTED)),
)]
pub(crate) async fn ask_password_reset(
    State(state): State<AppState>,
    Body(body): Body<EmailBody>,
) -> Result<StatusCode, Problem> {
    service::account::ask_password_reset(state.service(), &body.email).await?;
    Ok(StatusCode::ACCEPTED)
}
