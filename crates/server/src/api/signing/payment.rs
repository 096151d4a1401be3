//! `POST /signing/{rcp}/organization/payment`: pays a small amount into the organization's account.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::view;
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// The account to pay into.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaymentBody {
    account_number: String,
    /// The bank and branch that keep the account, where the ceremony says that it is needed.
    #[serde(default)]
    bank: Option<String>,
}

#[utoipa::path(
    post, path = "/signing/{rcp}/organization/payment", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = PaymentBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn send_payment(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<PaymentBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    let bank = body.bank.as_deref();
    Ok(Json(service::ceremony::payment(state.service(), &signer, &body.account_number, bank).await?))
}
