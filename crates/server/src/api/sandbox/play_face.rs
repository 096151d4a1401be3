//! `POST /sandbox/faces/{transaction}`: somebody looks into the sandbox's camera, or does not.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::sandbox::FaceOutcome;
use service::view;
use utoipa::ToSchema;

use crate::AppState;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

/// What is played.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaceBody {
    outcome: FaceOutcome,
}

#[utoipa::path(
    post, path = "/sandbox/faces/{transaction}", tag = "sandbox",
    params(("transaction" = String, Path)),
    request_body = FaceBody,
    responses((status = OK, body = view::SandboxFace)),
)]
pub(crate) async fn play_face(
    State(state): State<AppState>,
    Path(transaction): Path<String>,
    Body(body): Body<FaceBody>,
) -> Result<Json<view::SandboxFace>, Problem> {
    Ok(Json(service::sandbox::play_face(state.service(), &transaction, body.outcome).await?))
}
