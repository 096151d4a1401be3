//! `POST /verify`: judges every signature of a file. The body is the file itself, or its activation proof and then the file;
//! nothing of either is kept.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use service::control::ControlProof;
use service::view;
use utoipa::IntoParams;

use crate::AppState;
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::upload;

/// The largest activation proof that is read: a record holds a certificate, a policy and what a passkey signed.
const MOST_PROOF: u32 = 4 * 1024 * 1024;

/// What the file is called, and what comes before it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FileName {
    /// The file's name, for the report.
    #[serde(default)]
    name: String,
    /// How many bytes of the body, before the file, are its activation proof.
    #[serde(default)]
    proof: Option<u32>,
}

#[utoipa::path(
    post, path = "/verify", tag = "verify", params(FileName),
    request_body(content = Vec<u8>, content_type = "application/pdf"),
    responses((status = OK, body = view::Verification)),
)]
pub(crate) async fn verify_file(
    State(state): State<AppState>,
    Query(query): Query<FileName>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<view::Verification>, Problem> {
    let length = query.proof.unwrap_or_default();
    if length > MOST_PROOF {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "proof_invalid"));
    }
    let (head, file) = upload::receive_after(state.service(), &headers, body, length).await?;
    let proof = match length {
        0 => None,
        _ => Some(ControlProof::from_json(&head).ok_or_else(unreadable)?),
    };
    Ok(Json(service::verify::verify_with(state.service(), &query.name, file.path(), proof).await?))
}

fn unreadable() -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "proof_invalid")
}
