//! `POST /signing/{rcp}/passkey/options`: what a new passkey is asked.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{Custody, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// What the passkey is for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeyOptionsBody {
    /// Where the key is to be: `passkey`, or `pkcs11` for an organization's in the hardware module.
    #[serde(default = "super::passkey::sealed")]
    #[schema(required = false)]
    custody: Custody,
}

#[utoipa::path(
    post, path = "/signing/{rcp}/passkey/options", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = PasskeyOptionsBody,
    responses((status = OK, body = view::PasskeyOptions)),
)]
pub(crate) async fn passkey_options(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<PasskeyOptionsBody>,
) -> Result<Json<view::PasskeyOptions>, Problem> {
    Ok(Json(service::ceremony::passkey_options_in(state.service(), &signer, body.custody).await?))
}
