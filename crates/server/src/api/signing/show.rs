//! `GET /signing/{rcp}`: where the ceremony stands.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::problem::Problem;

#[utoipa::path(get, path = "/signing/{rcp}", tag = "signing", params(("rcp" = String, Path)), responses((status = OK, body = view::Ceremony)))]
pub(crate) async fn show_ceremony(
    State(state): State<AppState>,
    Signing(signer): Signing,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::show(state.service(), &signer).await?))
}
