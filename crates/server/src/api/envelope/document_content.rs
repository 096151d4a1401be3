//! `GET /envelopes/{id}/documents/{doc_id}/content`: the document, newest revision or an older one.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use service::{DocumentId, EnvelopeId};
use utoipa::IntoParams;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::download::{Disposition, Pdf};
use crate::http::extract::{Path, Query};
use crate::http::problem::Problem;

/// How the file is wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ContentQuery {
    /// `1` saves the file instead of showing it.
    download: Option<u8>,
    /// The number of a revision; the newest without it.
    revision: Option<u32>,
}

#[utoipa::path(
    get, path = "/envelopes/{id}/documents/{doc_id}/content", tag = "envelopes",
    params(("id" = String, Path), ("doc_id" = String, Path), ContentQuery),
    responses((status = OK, body = Vec<u8>, content_type = "application/pdf")),
)]
pub(crate) async fn document_content(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path((id, document)): Path<(EnvelopeId, DocumentId)>,
    Query(query): Query<ContentQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let download = service::envelope::document(state.service(), &actor, id, document, query.revision).await?;
    Ok(Pdf::new(download, Disposition::of(query.download)).respond(&headers))
}
