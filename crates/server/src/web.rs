//! The web application, embedded in the binary (debug builds read it from `web/dist`).

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{LazyLock, PoisonError, RwLock};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::AppState;
use crate::http::headers::{SCRIPT_POLICY, page_policy};
use crate::http::problem::Problem;
use crate::http::random_hex;

/// Files whose name holds a digest of their content never change.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");
/// Stands in the built `index.html` where each response's nonce goes.
const NONCE_PLACE: &str = "__CSP_NONCE__";
const NOT_BUILT: &str = include_str!("web/not-built.html");

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Assets;

/// Answers what no route of the API answers: a file of the web application, or its page, which knows its own routes. The
/// sandbox's pages are not found where it is closed; the page says so.
pub(crate) async fn serve(State(state): State<AppState>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::method_not_allowed().into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    if path.starts_with("api/") {
        return Problem::not_found().into_response();
    }
    match Assets::get(path) {
        Some(file) if path != "index.html" => asset(path, &file, request.headers()),
        // A missing file is no page: an old page must see that its script is gone.
        None if path.starts_with("assets/") => Problem::not_found().into_response(),
        _ if path.split('/').next() == Some("sandbox") && !state.service().has_sandbox() => {
            (StatusCode::NOT_FOUND, page()).into_response()
        }
        _ => page(),
    }
}

/// Whether there is a page to serve.
pub(crate) fn is_built() -> bool {
    Assets::get("index.html").is_some()
}

fn page() -> Response {
    let nonce = random_hex::<16>();
    let policy = page_policy(&nonce);
    let html = match Assets::get("index.html") {
        Some(file) => String::from_utf8_lossy(&file.data).replace(NONCE_PLACE, &nonce),
        None => NOT_BUILT.replace(NONCE_PLACE, &nonce),
    };
    ([(header::CONTENT_SECURITY_POLICY, policy), (header::CACHE_CONTROL, REVALIDATE)], Html(html))
        .into_response()
}

fn asset(path: &str, file: &EmbeddedFile, request: &HeaderMap) -> Response {
    let digest = file.metadata.sha256_hash();
    let tag = format!("\"{}\"", hex::encode(&digest[..16]));
    let cache = if path.starts_with("assets/") { IMMUTABLE } else { REVALIDATE };
    let tag_value = HeaderValue::from_str(&tag).expect("hexadecimal");
    let mut response = if holds(request, header::IF_NONE_MATCH, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        content(path, file, digest, request)
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag_value);
    headers.insert(header::CACHE_CONTROL, cache);
    headers.insert(header::CONTENT_SECURITY_POLICY, SCRIPT_POLICY);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

fn content(path: &str, file: &EmbeddedFile, digest: [u8; 32], request: &HeaderMap) -> Response {
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    let kind = match kind.type_() {
        mime_guess::mime::TEXT => format!("{kind}; charset=utf-8"),
        _ => kind.to_string(),
    };
    let kind = HeaderValue::from_str(&kind).expect("a media type");
    if is_text(path) && holds(request, header::ACCEPT_ENCODING, "gzip") {
        let encoding = HeaderValue::from_static("gzip");
        let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_ENCODING, encoding)];
        return (headers, Body::from(compressed(digest, &file.data))).into_response();
    }
    ([(header::CONTENT_TYPE, kind)], Body::from(file.data.to_vec())).into_response()
}

fn is_text(path: &str) -> bool {
    let end = path.rsplit('.').next().unwrap_or_default();
    matches!(end, "css" | "html" | "js" | "json" | "map" | "mjs" | "svg" | "txt" | "wasm" | "webmanifest")
}

/// Compresses each file once.
fn compressed(digest: [u8; 32], data: &[u8]) -> Bytes {
    static DONE: LazyLock<RwLock<HashMap<[u8; 32], Bytes>>> = LazyLock::new(RwLock::default);
    if let Some(bytes) = DONE.read().unwrap_or_else(PoisonError::into_inner).get(&digest) {
        return bytes.clone();
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).expect("memory takes every write");
    let bytes = Bytes::from(encoder.finish().expect("memory takes every write"));
    DONE.write().unwrap_or_else(PoisonError::into_inner).insert(digest, bytes.clone());
    bytes
}

fn holds(headers: &HeaderMap, name: header::HeaderName, wanted: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|part| part.trim().trim_start_matches("W/").split(';').next().unwrap_or_default() == wanted)
}
