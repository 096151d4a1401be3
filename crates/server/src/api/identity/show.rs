//! `GET /identity`: whose account it is, by which checks, and what was agreed to.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::problem::Problem;

#[utoipa::path(
    get, path = "/identity", tag = "identity",
    responses((status = OK, body = view::MyIdentity)),
)]
pub(crate) async fn my_identity(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
) -> Result<Json<view::MyIdentity>, Problem> {
    Ok(Json(service::identity::my_identity(state.service(), &actor).await?))
}
