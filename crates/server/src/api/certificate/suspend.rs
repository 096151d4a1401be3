//! `POST /certificates/{id}/suspend`: the subject suspends their own.

use axum::Json;
use axum::extract::State;
use service::{CertificateId, authority, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(
    post, path = "/certificates/{id}/suspend", tag = "certificates",
    params(("id" = String, Path)),
    responses((status = OK, body = view::MyCertificates)),
)]
pub(crate) async fn suspend_certificate(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<CertificateId>,
) -> Result<Json<view::MyCertificates>, Problem> {
    Ok(Json(authority::suspend_mine(state.service(), &actor, id).await?))
}
