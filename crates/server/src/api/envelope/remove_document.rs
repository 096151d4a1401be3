//! `DELETE /envelopes/{id}/documents/{doc_id}`: takes the document and its fields out of a draft.

use axum::Json;
use axum::extract::State;
use service::{DocumentId, EnvelopeId, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(delete, path = "/envelopes/{id}/documents/{doc_id}", tag = "envelopes", params(("id" = String, Path), ("doc_id" = String, Path)), responses((status = OK, body = view::Envelope)))]
pub(crate) async fn remove_document(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path((id, document)): Path<(EnvelopeId, DocumentId)>,
) -> Result<Json<view::Envelope>, Problem> {
    Ok(Json(service::envelope::remove_document(state.service(), &actor, id, document).await?))
}
