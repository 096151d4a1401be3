//! `GET /sandbox/register`: the people and organizations that the sandbox knows.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::http::problem::Problem;

#[utoipa::path(get, path = "/sandbox/register", tag = "sandbox", responses((status = OK, body = view::SandboxRegister)))]
pub(crate) async fn show_register(
    State(state): State<AppState>,
) -> Result<Json<view::SandboxRegister>, Problem> {
    Ok(Json(service::sandbox::register(state.service())?))
}
