//! Organizations' directories from outside: who is let in, and what a callback is worth without its browser.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::json;

use crate::support::{Sender, TestServer};

const NOBODYS: &str = "org_0192f0c1a2b37c4d8e5f60718293a4b5";

#[tokio::test]
async fn organizations_are_their_administrators() {
    let server = TestServer::new().await;
    let directory = format!("/api/v1/organizations/{NOBODYS}/directory");
    let input = json!({
        "issuer": "https://login.example.com", "client_id": "vermilion", "client_secret": null,
        "domains": ["example.com"], "acr_values": [],
    });
    let stranger = server.browser();
    stranger.get("/api/v1/organizations").await.problem(401, "unauthenticated");
    stranger.put(&directory, input.clone()).await.problem(401, "unauthenticated");
    let sender = Sender::new(&server, "wang@example.com").await.browser;
    let listed = sender.get("/api/v1/organizations").await.ok();
    assert_eq!(listed["items"], json!([]));
    assert_eq!(listed["redirect_uri"], "http://127.0.0.1:8080/oidc/callback");
    sender.put(&directory, input).await.problem(404, "not_found");
    sender.delete(&directory).await.problem(404, "not_found");
    let staff = format!("/api/v1/organizations/{NOBODYS}/staff");
    sender.post(&staff, json!({})).await.problem(404, "not_found");
    sender.put("/api/v1/organizations/nobody/directory", json!({})).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_callback_is_posted_by_our_own_page_in_the_browser_that_began() {
    let server = TestServer::new().await;
    let answer =
        json!({ "state": "made up", "code": "code", "iss": "https://login.example.com", "error": null });
    server
        .browser()
        .post("/api/v1/directory/callback", answer.clone())
        .await
        .problem(422, "staff_login_invalid");
    let request = Request::post("/api/v1/directory/callback")
        .header(header::CONTENT_TYPE, "application/json")
        .header("sec-fetch-site", "cross-site")
        .body(Body::from(answer.to_string()));
    server.browser().send(request.expect("a request")).await.problem(403, "cross_site");
    // Texts for people are a stranger's: they are not taken.
    let chatty =
        json!({ "state": "made up", "error": "access_denied", "error_description": "<b>call us</b>" });
    server.browser().post("/api/v1/directory/callback", chatty).await.problem(422, "invalid_request");
}
