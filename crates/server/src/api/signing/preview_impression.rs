//! `POST /signing/{rcp}/impressions/preview`: draws a signature or seal without keeping it.

use axum::Json;
use axum::extract::State;
use service::ceremony::ImpressionBody;
use service::view;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/signing/{rcp}/impressions/preview", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = ImpressionBody,
    responses((status = OK, body = view::ImpressionPreview)),
)]
pub(crate) async fn preview_impression(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<ImpressionBody>,
) -> Result<Json<view::ImpressionPreview>, Problem> {
    Ok(Json(service::ceremony::preview_impression(state.service(), &signer, body).await?))
}
