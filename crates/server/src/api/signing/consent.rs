//! `POST /signing/{rcp}/consent`: the signer agrees to sign electronically.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{Locale, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// The text that was shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsentBody {
    version: String,
    locale: Locale,
}

#[utoipa::path(
    post, path = "/signing/{rcp}/consent", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = ConsentBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn give_consent(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<ConsentBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::consent(state.service(), &signer, &body.version, body.locale).await?))
}
