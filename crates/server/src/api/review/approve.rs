//! `POST /reviews/{id}/approve`: the pictures are what was typed: whoever waits is verified.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{ReviewId, review, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

/// What was looked at and found right.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckedBody {
    /// Each that the case names.
    checks: Vec<view::ReviewCheck>,
    /// The machine-readable zone of a passport, where it was read: what comes of it stands with the decision.
    #[serde(default)]
    zone: Option<String>,
}

#[utoipa::path(
    post, path = "/reviews/{id}/approve", tag = "reviews",
    params(("id" = String, Path)),
    request_body = CheckedBody,
    responses((status = OK, body = view::ReviewCase)),
)]
pub(crate) async fn approve_review(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<ReviewId>,
    Body(body): Body<CheckedBody>,
) -> Result<Json<view::ReviewCase>, Problem> {
    Ok(Json(review::approve(state.service(), &actor, id, &body.checks, body.zone.as_deref()).await?))
}
