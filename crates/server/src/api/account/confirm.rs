//! `POST /session/confirm`: the password again, before what must not be done with a browser that was left open.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use service::Secret;
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// The password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirmation {
    #[schema(value_type = String)]
    password: Secret,
}

#[utoipa::path(
    post, path = "/session/confirm", tag = "account",
    request_body = Confirmation,
    responses((status = NO_CONTENT, description = "It counts for ten minutes")),
)]
pub(crate) async fn confirm_session(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(body): Body<Confirmation>,
) -> Result<StatusCode, Problem> {
    service::account::confirm(state.service(), &actor, &body.password).await?;
    Ok(StatusCode::NO_CONTENT)
}
