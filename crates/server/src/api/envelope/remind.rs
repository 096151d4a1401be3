//! `POST /envelopes/{id}/recipients/{rcp}/remind`: sends a recipient a new link; the old one ends.

use axum::Json;
use axum::extract::State;
use service::{EnvelopeId, RecipientId, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(post, path = "/envelopes/{id}/recipients/{rcp}/remind", tag = "envelopes", params(("id" = String, Path), ("rcp" = String, Path)), responses((status = OK, body = view::Envelope)))]
pub(crate) async fn remind_recipient(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path((id, recipient)): Path<(EnvelopeId, RecipientId)>,
) -> Result<Json<view::Envelope>, Problem> {
    Ok(Json(service::envelope::remind(state.service(), &actor, id, recipient).await?))
}
