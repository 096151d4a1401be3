//! `GET /envelopes/{id}/report`: the certification report, sealed by the platform.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use service::EnvelopeId;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::download::{Disposition, Pdf};
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(
    get, path = "/envelopes/{id}/report", tag = "envelopes", params(("id" = String, Path)),
    responses((status = OK, body = Vec<u8>, content_type = "application/pdf")),
)]
pub(crate) async fn envelope_report(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<EnvelopeId>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let download = service::envelope::report(state.service(), &actor, id).await?;
    Ok(Pdf::new(download, Disposition::Attachment).respond(&headers))
}
