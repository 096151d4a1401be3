//! `POST /signing/{rcp}/identity/restart`: back to the beginning of the check, with other data.

use axum::Json;
use axum::extract::State;
use service::view;

use super::Empty;
use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/signing/{rcp}/identity/restart", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn restart_identity(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::identity_restart(state.service(), &signer).await?))
}
