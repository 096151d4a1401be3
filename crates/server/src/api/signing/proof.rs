//! `GET /signing/{rcp}/proof`: the activation records of the envelope's signatures, for anyone to check offline.

use axum::extract::State;
use axum::response::Response;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::download::json_file;
use crate::http::problem::Problem;

#[utoipa::path(
    get, path = "/signing/{rcp}/proof", tag = "signing",
    params(("rcp" = String, Path)),
    responses((status = OK, body = String, content_type = "application/json")),
)]
pub(crate) async fn signing_proof(
    State(state): State<AppState>,
    Signing(signer): Signing,
) -> Result<Response, Problem> {
    let proof = service::ceremony::proof_for_signer(state.service(), &signer).await?;
    Ok(json_file("activation-proof.json", proof))
}
