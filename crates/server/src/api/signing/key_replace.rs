//! `POST /signing/{rcp}/key/replace`: the PIN is forgotten: the certificate is revoked, identity is asked again.

use axum::Json;
use axum::extract::State;
use service::view;

use super::Empty;
use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/signing/{rcp}/key/replace", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn replace_key(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::key_replace(state.service(), &signer).await?))
}
