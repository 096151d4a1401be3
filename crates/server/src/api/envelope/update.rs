//! `PATCH /envelopes/{id}`: changes title, message, order, time or language of a draft.

use axum::Json;
use axum::extract::State;
use service::EnvelopeId;
use service::envelope::EnvelopePatch;
use service::view;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

#[utoipa::path(
    patch, path = "/envelopes/{id}", tag = "envelopes",
    params(("id" = String, Path)),
    request_body = EnvelopePatch,
    responses((status = OK, body = view::Envelope)),
)]
pub(crate) async fn update_envelope(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<EnvelopeId>,
    Body(patch): Body<EnvelopePatch>,
) -> Result<Json<view::Envelope>, Problem> {
    Ok(Json(service::envelope::update(state.service(), &actor, id, patch).await?))
}
