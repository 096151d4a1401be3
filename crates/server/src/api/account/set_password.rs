//! `POST /accounts/password`: the secret from the mail allows a new password, and logs in.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use service::Secret;
use utoipa::ToSchema;

use super::AccountView;
use crate::AppState;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    #[schema(value_type = String)]
    token: Secret,
    #[schema(value_type = String)]
    password: Secret,
}

/// Every other session of the account ends.
#[utoipa::path(
    post, path = "/accounts/password", tag = "account",
    request_body = NewPassword, responses((status = OK, body = AccountView)),
)]
pub(crate) async fn set_password(
    State(state): State<AppState>,
    Body(body): Body<NewPassword>,
) -> Result<Response, Problem> {
    let logged_in = service::account::set_password(state.service(), &body.token, &body.password).await?;
    Ok(super::logged_in(&state, logged_in))
}
