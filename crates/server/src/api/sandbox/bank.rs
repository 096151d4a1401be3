//! `GET /sandbox/bank`: the transfers into an account of the sandbox bank.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::view;
use utoipa::IntoParams;

use crate::AppState;
use crate::http::extract::Query;
use crate::http::problem::Problem;

/// Which account.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BankQuery {
    /// Its number; all accounts without it.
    account: Option<String>,
}

#[utoipa::path(get, path = "/sandbox/bank", tag = "sandbox", params(BankQuery), responses((status = OK, body = view::SandboxBank)))]
pub(crate) async fn show_bank(
    State(state): State<AppState>,
    Query(query): Query<BankQuery>,
) -> Result<Json<view::SandboxBank>, Problem> {
    Ok(Json(service::sandbox::bank(state.service(), query.account.as_deref()).await?))
}
