//! `POST /transfers/{id}/sent`: the transfer was made; from now on its amount is known as a keyed hash alone.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::organization::transfers;
use service::{PaymentId, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

/// What the bank said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferSentBody {
    /// The bank's reference.
    reference: String,
}

#[utoipa::path(
    post, path = "/transfers/{id}/sent", tag = "transfers",
    params(("id" = String, Path)),
    request_body = TransferSentBody,
    responses((status = OK, body = view::Transfers)),
)]
pub(crate) async fn transfer_sent(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<PaymentId>,
    Body(body): Body<TransferSentBody>,
) -> Result<Json<view::Transfers>, Problem> {
    Ok(Json(transfers::sent(state.service(), &actor, id, &body.reference).await?))
}
