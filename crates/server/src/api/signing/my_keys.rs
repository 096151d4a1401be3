//! `GET /signing/{rcp}/keys`: the person's keys; `POST …/{key}/give-up`: gives one up.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{KeyId, view};

use super::Empty;
use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

/// Which key.
#[derive(Deserialize)]
pub(crate) struct Which {
    key: KeyId,
}

#[utoipa::path(
    get, path = "/signing/{rcp}/keys", tag = "signing",
    params(("rcp" = String, Path)),
    responses((status = OK, body = view::KeyList)),
)]
pub(crate) async fn list_keys(
    State(state): State<AppState>,
    Signing(signer): Signing,
) -> Result<Json<view::KeyList>, Problem> {
    Ok(Json(service::ceremony::my_keys(state.service(), &signer).await?))
}

#[utoipa::path(
    post, path = "/signing/{rcp}/keys/{key}/give-up", tag = "signing",
    params(("rcp" = String, Path), ("key" = String, Path)),
    request_body = Empty,
    responses((status = OK, body = view::KeyList)),
)]
pub(crate) async fn give_up_key(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Path(Which { key }): Path<Which>,
    Body(Empty {}): Body<Empty>,
) -> Result<Json<view::KeyList>, Problem> {
    Ok(Json(service::ceremony::give_up_key(state.service(), &signer, key).await?))
}
