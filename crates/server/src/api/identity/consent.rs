//! `POST /identity/consent/withdraw`: a consent is taken back, and what stood on it ends.

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
#[schema(as = ConsentWithdrawal)]
#[serde(deny_unknown_fields)]
pub(crate) struct PurposeBody {
    purpose: view::DataPurpose,
    locale: Locale,
}

#[utoipa::path(
    post, path = "/identity/consent/withdraw", tag = "identity",
    request_body = PurposeBody,
    responses((status = OK, body = view::MyIdentity)),
)]
pub(crate) async fn withdraw_consent(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(body): Body<PurposeBody>,
) -> Result<Json<view::MyIdentity>, Problem> {
    Ok(Json(service::identity::withdraw_consent(state.service(), &actor, body.purpose, body.locale).await?))
}
