//! `POST /signing/{rcp}/key`: makes a key that only this PIN opens, and certifies it.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{Custody, Secret, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// The PIN that will open the key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyBody {
    #[schema(value_type = String)]
    pin: Secret,
    /// Where the key is to be: `pin`, or `pkcs11` for an organization's in the hardware module.
    #[serde(default = "sealed")]
    #[schema(required = false)]
    custody: Custody,
}

fn sealed() -> Custody {
    Custody::Pin
}

#[utoipa::path(
    post, path = "/signing/{rcp}/key", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = KeyBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn create_key(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<KeyBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::key_in(state.service(), &signer, body.custody, &body.pin).await?))
}
