//! `POST /ca/certificates/{id}/requests`: an administrator asks for a change of status, which another decides.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{CertificateId, authority, view};
use utoipa::ToSchema;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::{Body, Path};
use crate::http::problem::Problem;

/// What is asked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusChange {
    action: view::StatusAction,
    /// Why it is to be revoked.
    #[schema(nullable = false)]
    reason: Option<view::RevocationReason>,
}

#[utoipa::path(
    post, path = "/ca/certificates/{id}/requests", tag = "certificates",
    params(("id" = String, Path)),
    request_body = StatusChange,
    responses((status = OK, body = view::StatusRequests)),
)]
pub(crate) async fn ask_change(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<CertificateId>,
    Body(body): Body<StatusChange>,
) -> Result<Json<view::StatusRequests>, Problem> {
    Ok(Json(authority::request(state.service(), &actor, id, body.action, body.reason).await?))
}
