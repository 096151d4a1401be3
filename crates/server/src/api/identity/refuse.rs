//! `POST /identity/refuse`: the check that is offered is not agreed to.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{Locale, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// What is not agreed to.
#[derive(Deserialize, ToSchema)]
#[schema(as = IdentityRefusal)]
#[serde(deny_unknown_fields)]
pub(crate) struct PurposeBody {
    purpose: view::DataPurpose,
    locale: Locale,
}

#[utoipa::path(
    post, path = "/identity/refuse", tag = "identity",
    request_body = PurposeBody,
    responses((status = OK, body = view::MyIdentity)),
)]
pub(crate) async fn refuse_my_identity(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(body): Body<PurposeBody>,
) -> Result<Json<view::MyIdentity>, Problem> {
    Ok(Json(service::identity::refuse_mine(state.service(), &actor, body.purpose, body.locale).await?))
}
