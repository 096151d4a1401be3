//! `POST /identity/check`: the account's person is checked with a provider.

use axum::Json;
use axum::extract::State;
use service::identity::PersonInput;
use service::view;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/identity/check", tag = "identity",
    request_body = PersonInput,
    responses((status = OK, body = view::MyIdentity)),
)]
pub(crate) async fn check_my_identity(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(body): Body<PersonInput>,
) -> Result<Json<view::MyIdentity>, Problem> {
    Ok(Json(service::identity::check_mine(state.service(), &actor, &body).await?))
}
