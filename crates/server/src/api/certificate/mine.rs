//! `GET /certificates`: the account's own certificates.

use axum::Json;
use axum::extract::State;
use service::{authority, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::problem::Problem;

#[utoipa::path(get, path = "/certificates", tag = "certificates", responses((status = OK, body = view::MyCertificates)))]
pub(crate) async fn my_certificates(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
) -> Result<Json<view::MyCertificates>, Problem> {
    Ok(Json(authority::my_certificates(state.service(), &actor).await?))
}
