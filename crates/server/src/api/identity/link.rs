//! `POST /signing/{rcp}/account`: the account that is logged in is the verified signer's.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::api::auth::{SignedIn, Signing};
use crate::api::signing::Empty;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/signing/{rcp}/account", tag = "identity",
    params(("rcp" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::MyIdentity)),
)]
pub(crate) async fn link_signer(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Signing(signer): Signing,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::MyIdentity>, Problem> {
    Ok(Json(service::identity::link_signer(state.service(), &actor, &signer).await?))
}
