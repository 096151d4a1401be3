//! `GET /pki/…`: the authority's certificates (RFC 5280 §4.2.2.1) and revocation lists (§5).

use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::AppState;
use crate::http::problem::Problem;

/// Short enough that a revocation is known soon.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=300");

pub(crate) async fn file(
    State(state): State<AppState>,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let service = state.service();
    let authority = service.authority();
    let (kind, bytes) = match name.as_str() {
        "root.cer" => ("application/pkix-cert", authority.root().der().to_vec()),
        "root.pem" => ("application/x-pem-file", authority.root().to_pem().into_bytes()),
        "root.crl" => ("application/pkix-crl", authority.root_crl().to_vec()),
        "issuing.cer" => ("application/pkix-cert", authority.issuing().der().to_vec()),
        "issuing.pem" => ("application/x-pem-file", authority.issuing().to_pem().into_bytes()),
        "issuing.crl" => {
            let list = authority.issuing_crl(service.now()).await.map_err(Problem::internal)?;
            ("application/pkix-crl", list)
        }
        _ => return Err(Problem::not_found()),
    };
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CACHE_CONTROL, CACHE)];
    Ok((headers, bytes).into_response())
}
