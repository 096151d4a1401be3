//! Headers that every response carries.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::AppState;

/// What a response that is no page may do: nothing.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()",
);

/// Middleware: sets the security headers that the response does not set itself.
pub(crate) async fn secure(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    set(headers, header::CONTENT_SECURITY_POLICY, NOTHING);
    set(headers, header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    set(headers, header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    set(headers, header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    set(headers, HeaderName::from_static("permissions-policy"), PERMISSIONS);
    set(
        headers,
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    set(
        headers,
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    // What is said to one person stays with them; pages and assets say otherwise themselves.
    set(headers, header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if state.is_https() {
        let year = HeaderValue::from_static("max-age=31536000");
        set(headers, header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// The policy of a page of ours, for the styles that carry `nonce`.
///
/// `'wasm-unsafe-eval'` is for the image decoders of pdf.js, `blob:` for its worker and the pictures it makes.
pub(crate) fn page_policy(nonce: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; \
         base-uri 'none'; form-action 'self'; object-src 'none'"
    );
    HeaderValue::from_str(&policy).expect("a nonce is hexadecimal")
}

/// The policy of a script of ours. A worker obeys that of its own file: the worker of pdf.js fetches character maps and
/// runs decoders in WebAssembly.
pub(crate) const SCRIPT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; frame-ancestors 'none'",
);

fn set(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}
