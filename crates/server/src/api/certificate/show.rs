//! `GET /ca/certificates/{id}`: a certificate with what the log says of it.

use axum::Json;
use axum::extract::State;
use service::{CertificateId, authority, view};

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Path;
use crate::http::problem::Problem;

#[utoipa::path(
    get, path = "/ca/certificates/{id}", tag = "certificates",
    params(("id" = String, Path)),
    responses((status = OK, body = view::CertificateDetail)),
)]
pub(crate) async fn show_certificate(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Path(id): Path<CertificateId>,
) -> Result<Json<view::CertificateDetail>, Problem> {
    Ok(Json(authority::certificate(state.service(), &actor, id).await?))
}
