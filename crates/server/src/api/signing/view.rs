//! `POST /signing/{rcp}/view`: the signer has read who asks for what, and goes on.

use axum::Json;
use axum::extract::State;
use service::view;

use super::Empty;
use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/signing/{rcp}/view", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn view_request(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::view(state.service(), &signer).await?))
}
