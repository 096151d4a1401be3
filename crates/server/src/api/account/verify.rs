//! `POST /accounts/verify`: the secret from the mail proves the address, the password of the sign-up says whose account it
//! is; logs in.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use service::Secret;
use utoipa::ToSchema;

use super::AccountView;
use crate::AppState;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// A link of a sign-up, and the sign-up's password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignUpProof {
    #[schema(value_type = String)]
    token: Secret,
    #[schema(value_type = String)]
    password: Secret,
}

#[utoipa::path(
    post, path = "/accounts/verify", tag = "account",
    request_body = SignUpProof, responses((status = OK, body = AccountView)),
)]
pub(crate) async fn verify_email(
    State(state): State<AppState>,
    Body(body): Body<SignUpProof>,
) -> Result<Response, Problem> {
    let logged_in = service::account::verify(state.service(), &body.token, &body.password).await?;
    Ok(super::logged_in(&state, logged_in))
}
