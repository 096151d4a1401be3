//! `POST /signing/{rcp}/organization/legal-representative`: the signer, whose face was compared, is the legal representative:
//! the registry compares four elements.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/signing/{rcp}/organization/legal-representative", tag = "signing",
    params(("rcp" = String, Path)),
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn lead_organization(
    State(state): State<AppState>,
    Signing(signer): Signing,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::organization_lead(state.service(), &signer).await?))
}
