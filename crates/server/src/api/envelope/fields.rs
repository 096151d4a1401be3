//! `PUT /envelopes/{id}/fields`: says where everyone signs, all of the places.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::EnvelopeId;
use service::envelope::FieldInput;
use service::view;
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

/// All of them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldsBody {
    fields: Vec<FieldInput>,
}

#[utoipa::path(
    put, path = "/envelopes/{id}/fields", tag = "envelopes",
    params(("id" = String, Path)),
    request_body = FieldsBody,
    responses((status = OK, body = view::Envelope)),
)]
pub(crate) async fn set_fields(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<EnvelopeId>,
    Body(body): Body<FieldsBody>,
) -> Result<Json<view::Envelope>, Problem> {
    Ok(Json(service::envelope::set_fields(state.service(), &actor, id, body.fields).await?))
}
