//! `POST /accounts`: makes an account, usable once its address is verified.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use service::{Locale, Secret};
use utoipa::ToSchema;

use super::EmailSent;
use crate::AppState;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// A new account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignUp {
    email: String,
    #[schema(value_type = String)]
    password: Secret,
    name: String,
    locale: Locale,
}

/// The answer is the same whether or not the address has an account; the mail tells.
#[utoipa::path(
    post, path = "/accounts", tag = "account",
    request_body = SignUp, responses((status = ACCEPTED, body = EmailSent)),
)]
pub(crate) async fn sign_up(
    State(state): State<AppState>,
    Body(body): Body<SignUp>,
) -> Result<(StatusCode, Json<EmailSent>), Problem> {
    let email = body.email.clone();
    service::account::sign_up(state.service(), &body.email, &body.password, &body.name, body.locale).await?;
    Ok((StatusCode::ACCEPTED, Json(EmailSent { email })))
}
