//! What protects every operation: origin, headers, cookies, limits, errors that say nothing inner.

use std::net::{IpAddr, Ipv4Addr};

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::json;
use service::{OutboxUse, RateLimits};

use crate::support::{Browser, Sender, TestServer};

#[tokio::test]
async fn requests_of_other_sites_are_refused() {
    let server = TestServer::new().await;
    let from = |name: &str, value: &str| {
        Request::post("/api/v1/sessions")
            .header("content-type", "application/json")
            .header(name, value)
            .body(Body::from("{}"))
            .expect("a request")
    };
    let browser = server.browser();
    browser.send(from("sec-fetch-site", "cross-site")).await.problem(403, "cross_site");
    browser.send(from("sec-fetch-site", "same-site")).await.problem(403, "cross_site");
    assert_ne!(browser.send(from("sec-fetch-site", "same-origin")).await.status.as_u16(), 403);
    let other_origin =
        Request::post("/api/v1/sessions").header("origin", "https://evil.example").body(Body::empty());
    let answer = server.raw(other_origin.expect("a request")).await;
    assert_eq!(answer.status.as_u16(), 403);
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = TestServer::new().await;
    for path in ["/api/v1/server", "/api/v1/nothing", "/", "/healthz", "/api/v1/envelopes"] {
        let answer = server.browser().get(path).await;
        let value =
            |name: &str| answer.headers.get(name).map(|value| value.to_str().expect("plain").to_owned());
        assert_eq!(value("x-content-type-options").as_deref(), Some("nosniff"), "{path}");
        assert_eq!(value("referrer-policy").as_deref(), Some("no-referrer"), "{path}");
        assert_eq!(value("cross-origin-opener-policy").as_deref(), Some("same-origin"), "{path}");
        assert!(
            value("content-security-policy").is_some_and(|policy| policy.contains("frame-ancestors 'none'"))
        );
        assert!(value("x-request-id").is_some_and(|id| id.len() == 16), "{path}");
        assert!(value("strict-transport-security").is_none(), "no promise of TLS on plain HTTP");
    }
}

#[tokio::test]
async fn cookies_are_out_of_reach_of_scripts() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "wang@example.com").await;
    let answer = sender
        .browser
        .post("/api/v1/sessions", json!({ "email": "wang@example.com", "password": "correct horse battery" }))
        .await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().expect("plain").to_owned();
    assert!(cookie.starts_with("vermilion_session="), "{cookie}");
    assert!(cookie.contains("; HttpOnly; SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");

    let https = TestServer::with(|config| {
        config.public_url = "https://sign.example".to_owned();
        config.outbox = OutboxUse::Everybody;
    })
    .await;
    let sender = Sender::new(&https, "wang@example.com").await;
    let answer = sender.browser.delete("/api/v1/sessions/current").await;
    assert_eq!(answer.status.as_u16(), 204);
    let cookie = answer.headers[header::SET_COOKIE].to_str().expect("plain");
    assert!(cookie.contains("Max-Age=0") && cookie.contains("; Secure"), "{cookie}");
    assert!(answer.headers.contains_key("strict-transport-security"));
}

#[tokio::test]
async fn malformed_requests_are_problems_too() {
    let server = TestServer::new().await;
    let browser = server.browser();
    browser.post("/api/v1/sessions", json!({ "email": 7 })).await.problem(422, "invalid_request");
    let request = Request::post("/api/v1/sessions").header("content-type", "application/json");
    browser.send(request.body(Body::from("{")).expect("a request")).await.problem(400, "invalid_request");
    let request = Request::post("/api/v1/sessions").header("content-type", "text/plain");
    browser.send(request.body(Body::from("x")).expect("a request")).await.problem(415, "invalid_request");
    let large = json!({ "email": "a".repeat(300_000), "password": "x" });
    browser.post("/api/v1/sessions", large).await.problem(413, "request_too_large");
    browser.get("/api/v1/nothing").await.problem(404, "not_found");
    browser.put("/api/v1/server", json!({})).await.problem(405, "method_not_allowed");
    browser.get("/api/v1/envelopes").await.problem(401, "unauthenticated");
    let sender = Sender::new(&server, "wang@example.com").await;
    sender.browser.get("/api/v1/envelopes/nonsense").await.problem(404, "not_found");
    sender
        .browser
        .get("/api/v1/envelopes/env_0192f0c1a2b37c4d8e5f60718293a4b5")
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let server = TestServer::with(|config| config.rate_limits = RateLimits::On).await;
    let browser = server.browser_at(Ipv4Addr::new(203, 0, 113, 9).into());
    let guess = || json!({ "email": "wang@example.com", "password": "a wrong password" });
    browser.post("/api/v1/sessions", guess()).await.problem(401, "credentials_wrong");
    let mut answer = browser.post("/api/v1/sessions", guess()).await;
    for _ in 0..100 {
        if answer.status.as_u16() == 429 {
            break;
        }
        answer = browser.post("/api/v1/sessions", guess()).await;
    }
    let problem = answer.problem(429, "rate_limited");
    assert!(problem["params"]["retry_after"].as_u64().is_some_and(|seconds| seconds >= 1));
    assert!(answer.headers.contains_key(header::RETRY_AFTER));
    let other = json!({ "email": "li@example.com", "password": "a wrong password" });
    let elsewhere = server.browser_at(Ipv4Addr::new(203, 0, 113, 10).into());
    elsewhere.post("/api/v1/sessions", other).await.problem(401, "credentials_wrong");
}

#[tokio::test]
async fn the_outbox_is_for_this_machine_unless_switched_on() {
    let elsewhere: IpAddr = Ipv4Addr::new(203, 0, 113, 9).into();
    let server = TestServer::new().await;
    assert_eq!(server.browser().get("/api/v1/server").await.ok()["outbox"], true);
    server.browser().get("/api/v1/outbox").await.ok();
    let remote: Browser = server.browser_at(elsewhere);
    assert_eq!(remote.get("/api/v1/server").await.ok()["outbox"], false);
    remote.get("/api/v1/outbox").await.problem(404, "not_found");
    // A header that anyone can write proves nothing.
    let request = Request::get("/api/v1/outbox").header("x-forwarded-for", "127.0.0.1").body(Body::empty());
    remote.send(request.expect("a request")).await.problem(404, "not_found");

    let open = TestServer::with(|config| config.outbox = OutboxUse::Everybody).await;
    open.browser_at(elsewhere).get("/api/v1/outbox").await.ok();
}

#[tokio::test]
async fn a_public_server_shows_no_outbox_even_to_its_own_machine() {
    // As a proxy on the same machine asks that passes on neither the name nor the address of who asks it.
    let public = TestServer::with(|config| config.public_url = "https://sign.example".to_owned()).await;
    assert_eq!(public.browser().get("/api/v1/server").await.ok()["outbox"], false);
    public.browser().get("/api/v1/outbox").await.problem(404, "not_found");
    let closed = TestServer::with(|config| config.outbox = OutboxUse::Closed).await;
    assert_eq!(closed.browser().get("/api/v1/server").await.ok()["outbox"], false);
    closed.browser().get("/api/v1/outbox").await.problem(404, "not_found");
}
