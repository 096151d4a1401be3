//! `GET /sandbox/faces/{transaction}`: a check that waits before the sandbox's camera.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(
    get, path = "/sandbox/faces/{transaction}", tag = "sandbox",
    params(("transaction" = String, Path)),
    responses((status = OK, body = view::SandboxFace)),
)]
pub(crate) async fn show_face(
    State(state): State<AppState>,
    Path(transaction): Path<String>,
) -> Result<Json<view::SandboxFace>, Problem> {
    Ok(Json(service::sandbox::face(state.service(), &transaction).await?))
}
