//! `PATCH /accounts/me`: changes name or language.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::Locale;
use utoipa::ToSchema;

use super::AccountView;
use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountPatch {
    #[schema(nullable = false)]
    name: Option<String>,
    #[schema(nullable = false)]
    locale: Option<Locale>,
}

#[utoipa::path(
    patch, path = "/accounts/me", tag = "account",
    request_body = AccountPatch, responses((status = OK, body = AccountView)),
)]
pub(crate) async fn update_account(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Body(body): Body<AccountPatch>,
) -> Result<Json<AccountView>, Problem> {
    let account =
        service::account::update(state.service(), &actor, body.name.as_deref(), body.locale).await?;
    Ok(Json(AccountView { account }))
}
