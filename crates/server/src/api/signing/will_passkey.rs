//! `POST /signing/{rcp}/will/passkey` and `…/options`: registers a passkey beside the signer's key, to show their will by it.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{ChallengeId, view};
use utoipa::ToSchema;

use super::Empty;
use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/signing/{rcp}/will/passkey/options", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::PasskeyOptions)),
)]
pub(crate) async fn will_passkey_options(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::PasskeyOptions>, Problem> {
    Ok(Json(service::ceremony::will_passkey_options(state.service(), &signer).await?))
}

/// What the browser says of the new passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WillPasskeyBody {
    /// Id of the question.
    #[schema(value_type = String)]
    id: ChallengeId,
    /// RegistrationResponseJSON of WebAuthn, as text.
    credential: String,
}

#[utoipa::path(
    post, path = "/signing/{rcp}/will/passkey", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = WillPasskeyBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn register_will_passkey(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<WillPasskeyBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::will_passkey(state.service(), &signer, body.id, &body.credential).await?))
}
