//! `POST /envelopes/{id}/send`: writes the fields into the document and invites the first recipients.

use axum::Json;
use axum::extract::State;
use service::{EnvelopeId, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(post, path = "/envelopes/{id}/send", tag = "envelopes", params(("id" = String, Path)), responses((status = OK, body = view::Envelope)))]
pub(crate) async fn send_envelope(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<EnvelopeId>,
) -> Result<Json<view::Envelope>, Problem> {
    Ok(Json(service::envelope::send(state.service(), &actor, id).await?))
}
