//! `/signing/{rcp}/organization/authorization`: the legal representative is asked to authorize the signer, asked again, or
//! asked no more.

use axum::Json;
use axum::extract::State;
use service::organization::AuthorizationInput;
use service::view;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/signing/{rcp}/organization/authorization", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = AuthorizationInput,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn ask_authorization(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<AuthorizationInput>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::authorization(state.service(), &signer, &body).await?))
}

#[utoipa::path(
    post, path = "/signing/{rcp}/organization/authorization/remind", tag = "signing",
    params(("rcp" = String, Path)),
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn remind_authorization(
    State(state): State<AppState>,
    Signing(signer): Signing,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::authorization_remind(state.service(), &signer).await?))
}

#[utoipa::path(
    post, path = "/signing/{rcp}/organization/authorization/withdraw", tag = "signing",
    params(("rcp" = String, Path)),
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn withdraw_authorization(
    State(state): State<AppState>,
    Signing(signer): Signing,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::authorization_withdraw(state.service(), &signer).await?))
}
