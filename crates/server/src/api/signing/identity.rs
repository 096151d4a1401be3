//! `POST /signing/{rcp}/identity`: who the signer says to be is checked with a provider; a code goes to the phone, or the
//! signer goes on at the provider's page.

use axum::Json;
use axum::extract::State;
use service::identity::PersonInput;
use service::view;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/signing/{rcp}/identity", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = PersonInput,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn check_identity(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<PersonInput>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::identity(state.service(), &signer, &body).await?))
}
