//! `POST /signing/{rcp}/sign`: signs: one activation of the key, for the documents as they were shown.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::ceremony::ShownDocument;
use service::{Locale, Secret, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// What the signer confirms.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignBody {
    #[schema(value_type = String)]
    pin: Secret,
    locale: Locale,
    documents: Vec<ShownDocument>,
}

#[utoipa::path(
    post, path = "/signing/{rcp}/sign", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = SignBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn sign(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<SignBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::sign(state.service(), &signer, &body.pin, body.locale, body.documents).await?))
}
