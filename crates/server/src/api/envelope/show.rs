//! `GET /envelopes/{id}`: an envelope with all that is in it.

use axum::Json;
use axum::extract::State;
use service::{EnvelopeId, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(get, path = "/envelopes/{id}", tag = "envelopes", params(("id" = String, Path)), responses((status = OK, body = view::Envelope)))]
pub(crate) async fn show_envelope(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<EnvelopeId>,
) -> Result<Json<view::Envelope>, Problem> {
    Ok(Json(service::envelope::show(state.service(), &actor, id).await?))
}
