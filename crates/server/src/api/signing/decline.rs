//! `POST /signing/{rcp}/decline`: the signer refuses; the envelope ends.

use axum::Json;
use axum::extract::State;
use service::view;

use crate::AppState;
use crate::api::auth::Signing;
use crate::api::envelope::ReasonBody;
use crate::http::extract::Body;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/signing/{rcp}/decline", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = ReasonBody,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn decline(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<ReasonBody>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::decline(state.service(), &signer, &body.reason).await?))
}
