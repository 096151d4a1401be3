//! `POST /identity/code`: the code from the phone.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::view;
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// The code.
#[derive(Deserialize, ToSchema)]
#[schema(as = IdentityCodeBody)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeBody {
    code: String,
}

#[utoipa::path(
    post, path = "/identity/code", tag = "identity",
    request_body = CodeBody,
    responses((status = OK, body = view::MyIdentity)),
)]
pub(crate) async fn confirm_my_identity(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(body): Body<CodeBody>,
) -> Result<Json<view::MyIdentity>, Problem> {
    Ok(Json(service::identity::confirm_mine(state.service(), &actor, &body.code).await?))
}
