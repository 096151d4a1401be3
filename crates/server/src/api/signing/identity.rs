//! `POST /signing/{rcp}/identity`: name, ID number and phone are held against the register; a code goes to the phone.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::view;
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// Who the signer says to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentityBody {
    name: String,
    id_number: String,
    phone: String,
}

#[utoipa::path(
    post, path = "/signing/{rcp}/identity", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = IdentityBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn check_identity(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<IdentityBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(
        service::ceremony::identity(state.service(), &signer, &body.name, &body.id_number, &body.phone)
            .await?,
    ))
}
