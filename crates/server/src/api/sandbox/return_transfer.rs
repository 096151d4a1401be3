//! `POST /sandbox/bank/{transfer}/return`: the sandbox bank sends a transfer back.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::api::signing::Empty;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/sandbox/bank/{transfer}/return", tag = "sandbox",
    params(("transfer" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::SandboxBank)),
)]
pub(crate) async fn return_transfer(
    State(state): State<AppState>,
    Path(transfer): Path<service::TransferId>,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::SandboxBank>, Problem> {
    Ok(Json(service::sandbox::return_transfer(state.service(), transfer).await?))
}
