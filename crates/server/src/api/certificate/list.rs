//! `GET /ca/certificates`: everything that was certified, newest first.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use service::{authority, view};
use utoipa::IntoParams;

use crate::AppState;
use crate::api::auth::SignedIn;
use crate::http::extract::Query;
use crate::http::problem::Problem;

/// Which certificates.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CertificateQuery {
    /// Only these: `issued`, `expired`, `held`, `revoked`, `intended`.
    state: Option<String>,
    /// Only those whose number or subject holds these words.
    q: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/ca/certificates", tag = "certificates",
    params(CertificateQuery),
    responses((status = OK, body = view::IssuedCertificates)),
)]
pub(crate) async fn list_certificates(
    State(state): State<AppState>,
    SignedIn(actor): SignedIn,
    Query(query): Query<CertificateQuery>,
) -> Result<Json<view::IssuedCertificates>, Problem> {
    let (service, CertificateQuery { state, q, cursor }) = (state.service(), query);
    let page = authority::certificates(service, &actor, state.as_deref(), q.as_deref(), cursor.as_deref());
    Ok(Json(page.await?))
}
