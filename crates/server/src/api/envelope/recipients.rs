//! `PUT /envelopes/{id}/recipients`: says who is asked to sign, all of them; fields of those who are gone go too.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::EnvelopeId;
use service::envelope::RecipientInput;
use service::view;
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

/// All of them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecipientsBody {
    recipients: Vec<RecipientInput>,
}

#[utoipa::path(
    put, path = "/envelopes/{id}/recipients", tag = "envelopes",
    params(("id" = String, Path)),
    request_body = RecipientsBody,
    responses((status = OK, body = view::Envelope)),
)]
pub(crate) async fn set_recipients(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<EnvelopeId>,
    Body(body): Body<RecipientsBody>,
) -> Result<Json<view::Envelope>, Problem> {
    Ok(Json(service::envelope::set_recipients(state.service(), &actor, id, body.recipients).await?))
}
