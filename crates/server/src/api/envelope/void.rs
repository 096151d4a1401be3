//! `POST /envelopes/{id}/void`: takes a sent envelope back.

use axum::Json;
use axum::extract::State;
use service::{EnvelopeId, view};

use super::ReasonBody;
use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/envelopes/{id}/void", tag = "envelopes",
    params(("id" = String, Path)),
    request_body = ReasonBody,
    responses((status = OK, body = view::Envelope)),
)]
pub(crate) async fn void_envelope(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<EnvelopeId>,
    Body(body): Body<ReasonBody>,
) -> Result<Json<view::Envelope>, Problem> {
    Ok(Json(service::envelope::void(state.service(), &actor, id, &body.reason).await?))
}
