//! `POST /envelopes/{id}/documents`: puts a PDF into a draft. The body is the file itself.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;
use service::{EnvelopeId, view};
use utoipa::IntoParams;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::{Path, Query};
use crate::http::problem::Problem;
use crate::http::upload;

/// What the file is called.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DocumentName {
    /// The file's name on the sender's machine.
    #[serde(default)]
    name: String,
}

/// What the file is, its content says: the media type of the request is not believed.
#[utoipa::path(
    post, path = "/envelopes/{id}/documents", tag = "envelopes",
    params(("id" = String, Path), DocumentName),
    request_body(content = Vec<u8>, content_type = "application/pdf"),
    responses((status = OK, body = view::Envelope)),
)]
pub(crate) async fn upload_document(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<EnvelopeId>,
    Query(query): Query<DocumentName>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<view::Envelope>, Problem> {
    let file = upload::receive(state.service(), &headers, body).await?;
    Ok(Json(service::envelope::add_document(state.service(), &actor, id, &query.name, file.path()).await?))
}
