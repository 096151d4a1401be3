//! `PUT /signing/{rcp}/impression`: adopts a signature or seal that is there already.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{ImpressionId, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::Signing;
use crate::http::extract::Body;
use crate::http::problem::Problem;

/// The one to use.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImpressionChoice {
    #[schema(value_type = String)]
    id: ImpressionId,
}

#[utoipa::path(
    put, path = "/signing/{rcp}/impression", tag = "signing",
    params(("rcp" = String, Path)),
    request_body = ImpressionChoice,
    responses((status = OK, body = view::Ceremony)),
)]
pub(crate) async fn adopt_impression(
    State(state): State<AppState>,
    Signing(signer): Signing,
    Body(body): Body<ImpressionChoice>,
) -> Result<Json<view::Ceremony>, Problem> {
    Ok(Json(service::ceremony::adopt_impression(state.service(), &signer, body.id).await?))
}
