//! `GET /pki/…`: the authority's certificates (RFC 5280 §4.2.2.1) and revocation lists (§5).

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use service::authority::File;

use crate::AppState;
use crate::http::problem::Problem;

/// Short enough that a revocation is known soon.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=300");

pub(crate) async fn file(
    State(state): State<AppState>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let Some((word, ending)) = name.rsplit_once('.') else { return Err(Problem::not_found()) };
    if !matches!(ending, "cer" | "pem" | "crl") {
        return Err(Problem::not_found());
    }
    let found = state.service().authority().file(word, ending == "crl").await.map_err(Problem::internal)?;
    let (kind, bytes) = match (found.ok_or_else(Problem::not_found)?, ending) {
        (File::List(der), _) => ("application/pkix-crl", der),
        (File::Certificate(it), "pem") => ("application/x-pem-file", it.to_pem().into_bytes()),
        (File::Certificate(it), _) => ("application/pkix-cert", it.der().to_vec()),
    };
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CACHE_CONTROL, CACHE)];
    Ok((headers, bytes).into_response())
}
