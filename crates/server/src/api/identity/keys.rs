//! `GET /keys`: the keys of the account's person; `POST /keys/{key}/give-up`: gives one up.

use axum::Json;
use axum::extract::State;
use service::{KeyId, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::api::signing::Empty;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

#[utoipa::path(get, path = "/keys", tag = "identity", responses((status = OK, body = view::KeyList)))]
pub(crate) async fn list_my_keys(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
) -> Result<Json<view::KeyList>, Problem> {
    Ok(Json(service::ceremony::keys_of_account(state.service(), &actor).await?))
}

#[utoipa::path(
    post, path = "/keys/{key}/give-up", tag = "identity",
    params(("key" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::KeyList)),
)]
pub(crate) async fn give_up_my_key(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(key): Path<KeyId>,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::KeyList>, Problem> {
    Ok(Json(service::ceremony::give_up_key_of_account(state.service(), &actor, key).await?))
}
