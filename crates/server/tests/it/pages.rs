//! The web application's files.

use axum::body::Body;
use axum::http::{Request, header};

use serde_json::json;
use service::SandboxUse;

use crate::support::TestServer;

#[tokio::test]
async fn each_page_has_a_nonce_of_its_own() {
    let server = TestServer::new().await;
    let mut nonces = Vec::new();
    for path in ["/", "/envelopes", "/sign/rcp_1/consent"] {
        let page = server.browser().get(path).await;
        assert_eq!(page.status.as_u16(), 200, "{path}");
        assert!(page.headers[header::CONTENT_TYPE].to_str().expect("plain").starts_with("text/html"));
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-cache");
        let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("plain").to_owned();
        assert!(policy.starts_with("default-src 'self'; script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
        assert!(!page.text().contains("__CSP_NONCE__"));
        nonces.push(nonce.to_owned());
    }
    nonces.dedup();
    assert_eq!(nonces.len(), 3, "a nonce is used once");
}

#[tokio::test]
async fn licences_are_a_text_that_anyone_may_read() {
    let server = TestServer::new().await;
    let text = server.browser().get("/licences.txt").await;
    assert_eq!(text.headers[header::CONTENT_TYPE], "text/plain; charset=utf-8");
    assert!(text.text().contains("SIL OPEN FONT LICENSE"));
}

#[tokio::test]
async fn unknown_assets_and_operations_are_not_answered_with_a_page() {
    let server = TestServer::new().await;
    server.browser().get("/assets/old-script.js").await.problem(404, "not_found");
    server.browser().get("/api/unknown").await.problem(404, "not_found");
    let request = Request::post("/envelopes").body(Body::empty()).expect("a request");
    server.browser().send(request).await.problem(405, "method_not_allowed");
}

#[tokio::test]
async fn a_closed_sandbox_is_nowhere() {
    let transfer = "trf_0192f0c1a2b37c4d8e5f60718293a4b5";
    let pages = ["/sandbox", "/sandbox/", "/sandbox/face/x"];
    let open = TestServer::new().await;
    assert_eq!(open.browser().get("/api/v1/server").await.ok()["sandbox"], true);
    for page in pages {
        assert_eq!(open.browser().get(page).await.status.as_u16(), 200, "{page}");
    }
    let closed = TestServer::with(|config| config.sandbox = SandboxUse::Closed).await;
    let browser = closed.browser();
    // By this the pages leave their links to it away.
    assert_eq!(browser.get("/api/v1/server").await.ok()["sandbox"], false);
    for path in ["register", "bank", "bank?account=11001018800053001234", "faces/x"] {
        browser.get(&format!("/api/v1/sandbox/{path}")).await.problem(404, "not_found");
    }
    let play = json!({ "outcome": "passed" });
    browser.post("/api/v1/sandbox/faces/x", play).await.problem(404, "not_found");
    let back = format!("/api/v1/sandbox/bank/{transfer}/return");
    browser.post(&back, json!({})).await.problem(404, "not_found");
    for page in pages {
        let answer = browser.get(page).await;
        assert_eq!(answer.status.as_u16(), 404, "{page}");
        assert!(answer.headers[header::CONTENT_TYPE].to_str().expect("plain").starts_with("text/html"));
    }
    assert_eq!(browser.get("/sandboxes").await.status.as_u16(), 200);
}

#[tokio::test]
async fn the_api_describes_itself() {
    let server = TestServer::new().await;
    let answer = server.browser().get("/api/openapi.json").await;
    assert_eq!(answer.ok()["openapi"], "3.1.0");
    assert_eq!(answer.text(), vermilion_server::openapi());
}

#[test]
fn every_refusal_has_words_in_both_languages() {
    const OF_THE_SERVER: &[&str] = &[
        "invalid_request",
        "request_too_large",
        "cross_site",
        "internal",
        "not_found",
        "rate_limited",
        "unauthenticated",
        "network",
    ];
    for language in ["en", "zh-CN"] {
        let file = testkit::checkout().join(format!("web/src/i18n/{language}/problem.json"));
        let words: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(file).expect("a file")).expect("JSON");
        for code in service::Refusal::CODES.iter().chain(OF_THE_SERVER) {
            assert!(words[code].as_str().is_some_and(|text| !text.is_empty()), "{language}: {code}");
        }
    }
}

#[tokio::test]
async fn scripts_may_do_what_their_workers_need() {
    let server = TestServer::new().await;
    let page = server.browser().get("/").await.text();
    let Some(script) = page.split("src=\"").nth(1).and_then(|rest| rest.split('"').next()) else {
        eprintln!("SKIPPED: the web application is not built");
        return;
    };
    let request = Request::get(script).header(header::ACCEPT_ENCODING, "gzip, br").body(Body::empty());
    let script = server.browser().send(request.expect("a request")).await;
    let policy = script.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("plain");
    assert!(policy.contains("connect-src 'self'") && policy.contains("'wasm-unsafe-eval'"), "{policy}");
    assert_eq!(script.headers[header::CONTENT_ENCODING], "gzip");
    assert_eq!(script.headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
}
