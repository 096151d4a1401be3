//! Refuses requests that another site made a browser send.
//!
//! No token: a browser says with `Sec-Fetch-Site` and `Origin` where a request comes from, and both are
//! beyond the reach of scripts (the scheme of Go's `http.CrossOriginProtection`). A client that sends
//! neither is no browser, and carries no cookie that it was not given on purpose.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;

/// Middleware: lets safe methods and requests of our own pages pass.
pub(crate) async fn refuse_cross_site(request: Request, next: Next) -> Response {
    if is_safe(request.method()) || is_same_site(request.headers()) {
        return next.run(request).await;
    }
    Problem::cross_site().into_response()
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn is_same_site(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        Some(b"same-origin" | b"none") => return true,
        Some(_) => return false,
        None => {}
    }
    // Older browsers: no Sec-Fetch-Site, but an Origin on every unsafe request.
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin_host = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    host.is_some() && host == origin_host
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (name.parse().expect("a header name"), value.parse().expect("a header value"))
            })
            .collect()
    }

    #[test]
    fn own_pages_and_other_programs_pass() {
        assert!(is_same_site(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(is_same_site(&headers(&[("sec-fetch-site", "none")])));
        assert!(is_same_site(&headers(&[("origin", "http://sign.example"), ("host", "sign.example")])));
        assert!(is_same_site(&headers(&[("host", "sign.example")])));
    }

    #[test]
    fn other_sites_are_refused() {
        assert!(!is_same_site(&headers(&[("sec-fetch-site", "cross-site"), ("host", "sign.example")])));
        assert!(!is_same_site(&headers(&[("sec-fetch-site", "same-site"), ("host", "sign.example")])));
        assert!(!is_same_site(&headers(&[("origin", "https://evil.example"), ("host", "sign.example")])));
        assert!(!is_same_site(&headers(&[("origin", "null"), ("host", "sign.example")])));
        // What the browser says last counts more than a matching Origin.
        assert!(!is_same_site(&headers(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://sign.example"),
            ("host", "sign.example")
        ])));
    }
}
