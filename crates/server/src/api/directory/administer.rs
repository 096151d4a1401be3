//! `POST /signing/{rcp}/organization/administrator`: the account that is logged in administers the organization whose
//! verified agent the signer is.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::api::auth::{SignedIn, Signing};
use crate::api::signing::Empty;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/signing/{rcp}/organization/administrator", tag = "directory",
    params(("rcp" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::AccountOrganizations)),
)]
pub(crate) async fn administer_organization(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Signing(signer): Signing,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::AccountOrganizations>, Problem> {
    Ok(Json(service::directory::administer(state.service(), &actor, &signer).await?))
}
