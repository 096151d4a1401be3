//! `POST /sessions`: logs in.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use service::Secret;
use utoipa::ToSchema;

use super::AccountView;
use crate::AppState;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// Who logs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LogIn {
    email: String,
    #[schema(value_type = String)]
    password: Secret,
}

#[utoipa::path(
    post, path = "/sessions", tag = "account",
    request_body = LogIn, responses((status = OK, body = AccountView)),
)]
pub(crate) async fn log_in(
    State(state): State<AppState>,
    Body(body): Body<LogIn>,
) -> Result<Response, Problem> {
    Ok(super::logged_in(
        &state,
        service::account::log_in(state.service(), &body.email, &body.password).await?,
    ))
}
