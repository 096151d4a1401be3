//! `POST /accounts/resend`: sends the verification mail again, where there is something to verify.

use axum::extract::State;
use axum::http::StatusCode;

use super::EmailBody;
use crate::AppState;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// The answer is the same whether or not the address has an account.
#[utoipa::path(
    post, path = "/accounts/resend", tag = "account",
    request_body = EmailBody, responses((status = ACCEPTED)),
)]
pub(crate) async fn resend_verification(
    State(state): State<AppState>,
    Body(body): Body<EmailBody>,
) -> Result<StatusCode, Problem> {
    service::account::resend(state.service(), &body.email).await?;
    Ok(StatusCode::ACCEPTED)
}
