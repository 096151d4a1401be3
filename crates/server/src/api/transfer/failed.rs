//! `POST /transfers/{id}/failed`: the transfer cannot be made.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::organization::transfers::{self, TransferFailure};
use service::{PaymentId, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferFailedBody {
    reason: TransferFailure,
}

#[utoipa::path(
    post, path = "/transfers/{id}/failed", tag = "transfers",
    params(("id" = String, Path)),
    request_body = TransferFailedBody,
    responses((status = OK, body = view::Transfers)),
)]
pub(crate) async fn transfer_failed(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<PaymentId>,
    Body(body): Body<TransferFailedBody>,
) -> Result<Json<view::Transfers>, Problem> {
    Ok(Json(transfers::failed(state.service(), &actor, id, body.reason).await?))
}
