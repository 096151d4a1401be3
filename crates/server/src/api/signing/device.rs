//! `POST /signing/{rcp}/device`: certifies a key that the signer's device made; `…/options`: what the device is asked first.

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

/// The public half of the device's key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceBody {
    /// Id of the question.
    #[schema(value_type = String)]
    id: ChallengeId,
    /// SubjectPublicKeyInfo on P-256, base64.
    public_key: String,
    /// The device's signature over the question's `possession`, the public key and `behind`: r and s, base64.
    proof: String,
}

#[utoipa::path(
    post, path = "/signing/{rcp}/device/options", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::DeviceOptions)),
)]
pub(crate) async fn device_options(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::DeviceOptions>, Problem> {
    Ok(Json(service::ceremony::device_options(state.service(), &signer).await?))
}

#[utoipa::path(
    post, path = "/signing/{rcp}/device", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = DeviceBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn certify_device(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(it): Body<DeviceBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    let ceremony = service::ceremony::device_key(state.service(), &signer, it.id, &it.public_key, &it.proof);
    Ok(Json(ceremony.await?))
}
