//! `POST /signing/{rcp}/identity/code`: the code from the phone proves the phone.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::view;
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// The code from the message.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeBody {
    code: String,
}

#[utoipa::path(
    post, path = "/signing/{rcp}/identity/code", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = CodeBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn confirm_identity(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<CodeBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::identity_code(state.service(), &signer, &body.code).await?))
}
