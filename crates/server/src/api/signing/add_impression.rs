//! `POST /signing/{rcp}/impressions`: makes a signature or seal, and adopts it.

use axum::Json;
use axum::extract::State;
use service::ceremony::ImpressionBody;
use service::view;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/signing/{rcp}/impressions", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = ImpressionBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn add_impression(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<ImpressionBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::add_impression(state.service(), &signer, body).await?))
}
