//! `GET /signing/{rcp}/documents/{doc}/content`: the document as the signer sees it.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use service::{DocumentId, RecipientId};
use utoipa::IntoParams;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::download::{Disposition, Pdf};
use crate::http::extract::{Path, Query};
use crate::http::problem::Problem;

/// How the file is wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DownloadQuery {
    /// `1` saves the file instead of showing it.
    download: Option<u8>,
}

#[utoipa::path(
    get, path = "/signing/{rcp}/documents/{doc}/content", tag = "signing",
    params(("rcp" = String, Path), ("doc" = String, Path), DownloadQuery),
    responses((status = OK, body = Vec<u8>, content_type = "application/pdf")),
)]
pub(crate) async fn signing_document_content(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Path((_, document)): Path<(RecipientId, DocumentId)>,
    Query(query): Query<DownloadQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let download = service::ceremony::document(state.service(), &signer, document).await?;
    Ok(Pdf::new(download, Disposition::of(query.download)).respond(&headers))
}
