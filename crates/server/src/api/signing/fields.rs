//! `PUT /signing/{rcp}/fields`: keeps what the signer wrote into the fields.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::ceremony::FieldValue;
use service::view;
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// Values of the signer's own fields.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldValuesBody {
    values: Vec<FieldValue>,
}

#[utoipa::path(
    put, path = "/signing/{rcp}/fields", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = FieldValuesBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn fill_fields(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<FieldValuesBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::fields(state.service(), &signer, body.values).await?))
}
