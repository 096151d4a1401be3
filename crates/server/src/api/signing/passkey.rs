//! `POST /signing/{rcp}/passkey`: registers a passkey, makes a key that it opens, and certifies it.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::ceremony::Registered;
use service::{ChallengeId, Custody, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// What the browser says of the new passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeyBody {
    /// Id of the question.
    #[schema(value_type = String)]
    id: ChallengeId,
    /// RegistrationResponseJSON of WebAuthn, as text.
    credential: String,
    /// AuthenticationResponseJSON over the same challenge, as text, where the passkey's function took a second step.
    #[schema(nullable = false)]
    assertion: Option<String>,
    /// Where the key is to be: `passkey`, or `pkcs11` for an organization's in the hardware module.
    #[serde(default = "sealed")]
    #[schema(required = false)]
    custody: Custody,
}

pub(super) fn sealed() -> Custody {
    Custody::Passkey
}

#[utoipa::path(
    post, path = "/signing/{rcp}/passkey", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = PasskeyBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn register_passkey(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<PasskeyBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    let registered = Registered { credential: &body.credential, assertion: body.assertion.as_deref() };
    let (service, custody) = (state.service(), body.custody);
    Ok(Json(service::ceremony::passkey_key_in(service, &signer, body.id, custody, registered).await?))
}
