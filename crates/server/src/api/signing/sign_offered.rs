//! `POST /signing/{rcp}/activations/{act}/sign`: signs, with what the passkey signed over the activation.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{ActivationId, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

/// What the passkey signed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssertionBody {
    /// AuthenticationResponseJSON of WebAuthn, as text.
    credential: String,
}

/// Which activation.
#[derive(Deserialize)]
pub(crate) struct Which {
    act: ActivationId,
}

#[utoipa::path(
    post, path = "/signing/{rcp}/activations/{act}/sign", tag = "signing",
    params(("rcp" = String, Path), ("act" = String, Path)),
    request_body = AssertionBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn sign_activation(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Path(Which { act }): Path<Which>,
    Body(body): Body<AssertionBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::sign_offered(state.service(), &signer, act, &body.credential).await?))
}
