//! `GET /envelopes/{id}/events`: what happened, and how it chains.

use axum::Json;
use axum::extract::State;
use service::{EnvelopeId, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(get, path = "/envelopes/{id}/events", tag = "envelopes", params(("id" = String, Path)), responses((status = OK, body = view::EventPage)))]
pub(crate) async fn list_events(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<EnvelopeId>,
) -> Result<Json<view::EventPage>, Problem> {
    Ok(Json(service::envelope::events(state.service(), &actor, id).await?))
}
