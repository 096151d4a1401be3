//! `POST /reviews/{id}/refuse`: the pictures are not what was typed; everything is erased.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{ReviewId, review, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

/// Why, and what is added in words for the signer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefusalBody {
    /// The reason.
    reason: view::ReviewReason,
    /// What is added; needed for `other`.
    #[serde(default)]
    note: Option<String>,
    /// The machine-readable zone of a passport, where it was read: what comes of it stands with the decision.
    #[serde(default)]
    zone: Option<String>,
}

#[utoipa::path(
    post, path = "/reviews/{id}/refuse", tag = "reviews",
    params(("id" = String, Path)),
    request_body = RefusalBody,
    responses((status = OK, body = view::ReviewCase)),
)]
pub(crate) async fn refuse_review(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<ReviewId>,
    Body(body): Body<RefusalBody>,
) -> Result<Json<view::ReviewCase>, Problem> {
    let (note, zone) = (body.note.as_deref(), body.zone.as_deref());
    Ok(Json(review::refuse(state.service(), &actor, id, body.reason, note, zone).await?))
}
