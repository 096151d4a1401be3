//! `POST /certificates/{id}/revoke`: the subject revokes their own, for good.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{CertificateId, authority, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Revocation {
    #[schema(nullable = false)]
    reason: Option<view::RevocationReason>,
}

#[utoipa::path(
    post, path = "/certificates/{id}/revoke", tag = "certificates",
    params(("id" = String, Path)),
    request_body = Revocation,
    responses((status = OK, body = view::MyCertificates)),
)]
pub(crate) async fn revoke_certificate(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<CertificateId>,
    Body(body): Body<Revocation>,
) -> Result<Json<view::MyCertificates>, Problem> {
    Ok(Json(authority::revoke_mine(state.service(), &actor, id, body.reason).await?))
}
