//! `POST /signing/{rcp}/passkey/options`: what a new passkey is asked.

use axum::Json;
use axum::extract::State;
use service::view;

use super::Empty;
use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/signing/{rcp}/passkey/options", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::PasskeyOptions)),
)]
pub(crate) async fn passkey_options(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::PasskeyOptions>, Problem> {
    Ok(Json(service::ceremony::passkey_options(state.service(), &signer).await?))
}
