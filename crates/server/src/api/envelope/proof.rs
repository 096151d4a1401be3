//! `GET /envelopes/{id}/proof`: the activation records of the envelope's signatures, for anyone to check offline.

use axum::extract::State;
use axum::response::Response;
use service::EnvelopeId;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::download::json_file;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(
    get, path = "/envelopes/{id}/proof", tag = "envelopes", params(("id" = String, Path)),
    responses((status = OK, body = String, content_type = "application/json")),
)]
pub(crate) async fn envelope_proof(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<EnvelopeId>,
) -> Result<Response, Problem> {
    let proof = service::ceremony::proof_for_sender(state.service(), &actor, id).await?;
    Ok(json_file("activation-proof.json", proof))
}
