//! `POST /transfers/{id}/returned`: the transfer came back, however late.

use axum::Json;
use axum::extract::State;
use service::organization::transfers;
use service::{PaymentId, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/transfers/{id}/returned", tag = "transfers",
    params(("id" = String, Path)),
    responses((status = OK, body = view::Transfers)),
)]
pub(crate) async fn transfer_returned(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<PaymentId>,
) -> Result<Json<view::Transfers>, Problem> {
    Ok(Json(transfers::returned(state.service(), &actor, id).await?))
}
