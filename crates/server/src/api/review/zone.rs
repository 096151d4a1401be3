//! `POST /reviews/{id}/zone`: compares the machine-readable zone of a passport with what was typed; nothing of it is kept.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{ReviewId, review, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

/// The zone, as the reviewer reads it in the picture.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ZoneBody {
    /// Both lines, or the second alone.
    zone: String,
}

#[utoipa::path(
    post, path = "/reviews/{id}/zone", tag = "reviews",
    params(("id" = String, Path)),
    request_body = ZoneBody,
    responses((status = OK, body = view::ReviewZone)),
)]
pub(crate) async fn compare_zone(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<ReviewId>,
    Body(body): Body<ZoneBody>,
) -> Result<Json<view::ReviewZone>, Problem> {
    Ok(Json(review::zone(state.service(), &actor, id, &body.zone).await?))
}
