//! `POST /signing/{rcp}/identity/refuse`: the signer does not, or no longer, agree to have their data, or face, processed.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{Locale, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// What is not agreed to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefuseBody {
    purpose: view::DataPurpose,
    locale: Locale,
}

#[utoipa::path(
    post, path = "/signing/{rcp}/identity/refuse", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = RefuseBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn refuse_identity(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<RefuseBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::identity_refuse(state.service(), &signer, body.purpose, body.locale).await?))
}
