//! One log line a request: what was asked (the route, never the address with its ids and queries), the answer, the time.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

/// Pages and files of the web application have no route of ours.
const PAGE: &str = "(page)";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Middleware: gives the request an id, runs it in a span that carries it, logs it.
pub(crate) async fn log(request: Request, next: Next) -> Response {
    let id = super::random_hex::<8>();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or(PAGE, MatchedPath::as_str).to_owned();
    let start = Instant::now();
    let span = tracing::info_span!("request", id = %id);
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    let milliseconds = start.elapsed().as_millis();
    span.in_scope(|| match status {
        500.. => tracing::error!(%method, %route, status, milliseconds, "request failed"),
        _ if route == PAGE => tracing::debug!(%method, status, milliseconds, "page"),
        _ => tracing::info!(%method, %route, status, milliseconds, "request"),
    });
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
