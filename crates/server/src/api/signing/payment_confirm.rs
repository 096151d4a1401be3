//! `POST /signing/{rcp}/organization/payment/confirm`: the amount that arrived proves the account.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::view;
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// What arrived.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaymentConfirmBody {
    /// In fen, a hundredth of a yuan.
    amount_fen: u32,
}

#[utoipa::path(
    post, path = "/signing/{rcp}/organization/payment/confirm", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = PaymentConfirmBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn confirm_payment(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<PaymentConfirmBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::payment_confirm(state.service(), &signer, body.amount_fen).await?))
}
