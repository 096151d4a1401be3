//! `GET /transfers`: the transfers that are to be made, and those that were.

use axum::Json;
use axum::extract::State;
use service::organization::transfers;
use service::view;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::problem::Problem;

#[utoipa::path(get, path = "/transfers", tag = "transfers", responses((status = OK, body = view::Transfers)))]
pub(crate) async fn list_transfers(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
) -> Result<Json<view::Transfers>, Problem> {
    Ok(Json(transfers::list(state.service(), &actor).await?))
}
