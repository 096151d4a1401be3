//! `POST /signing/{rcp}/identity/resend`: sends another code.

use axum::Json;
use axum::extract::State;
use service::view;

use super::Empty;
use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/signing/{rcp}/identity/resend", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn resend_code(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::identity_resend(state.service(), &signer).await?))
}
