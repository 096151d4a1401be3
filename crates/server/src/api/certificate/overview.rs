//! `GET /ca`: the authority at a glance.

use axum::Json;
use axum::extract::State;
use service::{authority, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::problem::Problem;

#[utoipa::path(get, path = "/ca", tag = "certificates", responses((status = OK, body = view::CaOverview)))]
pub(crate) async fn ca_overview(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
) -> Result<Json<view::CaOverview>, Problem> {
    Ok(Json(authority::overview(state.service(), &actor).await?))
}
