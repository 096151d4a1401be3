//! `POST /transfers/{id}/view`: what is to be paid, and to which account. Each view is an event.

use axum::Json;
use axum::extract::State;
use service::organization::transfers;
use service::{PaymentId, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/transfers/{id}/view", tag = "transfers",
    params(("id" = String, Path)),
    responses((status = OK, body = view::TransferDetail)),
)]
pub(crate) async fn view_transfer(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<PaymentId>,
) -> Result<Json<view::TransferDetail>, Problem> {
    Ok(Json(transfers::reveal(state.service(), &actor, id).await?))
}
