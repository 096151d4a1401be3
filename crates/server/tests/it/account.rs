//! Accounts and sessions.

use serde_json::json;

use crate::support::{Sender, TestServer, outbox_link};

const EMAIL: &str = "wang@example.com";
const PASSWORD: &str = "correct horse battery";

#[tokio::test]
async fn an_account_works_once_its_address_is_verified() {
    let server = TestServer::new().await;
    let browser = server.browser();
    let account = json!({ "email": EMAIL, "password": PASSWORD, "name": "Wang Wei", "locale": "zh-CN" });
    let answer = browser.post("/api/v1/accounts", account).await;
    assert_eq!((answer.status.as_u16(), answer.ok()), (202, json!({ "email": EMAIL })));
    let log_in = || json!({ "email": EMAIL, "password": PASSWORD });
    browser.post("/api/v1/sessions", log_in()).await.problem(403, "email_unverified");
    assert_eq!(browser.get("/api/v1/session").await.ok()["account"], json!(null));

    let link = outbox_link(&server, EMAIL).await;
    let (address, token) = link.split_once("#token=").expect("the secret is in the fragment");
    assert_eq!(address, "http://127.0.0.1:8080/verify-email");
    let account =
        browser.post("/api/v1/accounts/verify", json!({ "token": token, "password": PASSWORD })).await.ok();
    assert_eq!(account["account"]["name"], "Wang Wei");
    assert_eq!(browser.get("/api/v1/session").await.ok()["account"]["email"], EMAIL);
    let other = server.browser();
    let nonsense = json!({ "token": "nonsense", "password": PASSWORD });
    other.post("/api/v1/accounts/verify", nonsense).await.problem(422, "token_invalid");
}

#[tokio::test]
async fn what_is_wrong_with_an_account_is_said() {
    let server = TestServer::new().await;
    let browser = server.browser();
    let account = |email: &str, password: &str, name: &str| json!({ "email": email, "password": password, "name": name, "locale": "en" });
    browser.post("/api/v1/accounts", account("nobody", PASSWORD, "A")).await.problem(422, "email_invalid");
    let weak =
        browser.post("/api/v1/accounts", account(EMAIL, "short", "A")).await.problem(422, "password_weak");
    assert!(weak["params"]["min"].is_number());
    assert_eq!(weak["field"], "password");
    browser.post("/api/v1/accounts", account(EMAIL, PASSWORD, "  ")).await.problem(422, "name_required");
}

#[tokio::test]
async fn an_address_that_has_an_account_is_not_given_away() {
    let server = TestServer::new().await;
    Sender::new(&server, EMAIL).await;
    let stranger = server.browser();
    let account = json!({ "email": EMAIL, "password": PASSWORD, "name": "Li", "locale": "en" });
    assert_eq!(stranger.post("/api/v1/accounts", account).await.status.as_u16(), 202);
    for path in ["/api/v1/accounts/password-reset", "/api/v1/accounts/resend"] {
        for email in [EMAIL, "nobody@example.com"] {
            let answer = stranger.post(path, json!({ "email": email })).await;
            assert_eq!((answer.status.as_u16(), answer.bytes.len()), (202, 0), "{path} {email}");
        }
    }
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_old_sessions_end() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, EMAIL).await;
    let browser = server.browser();
    browser.post("/api/v1/accounts/password-reset", json!({ "email": EMAIL })).await;
    let link = outbox_link(&server, EMAIL).await;
    let token = link.split_once("#token=").expect("the secret is in the fragment").1;
    let new = json!({ "token": token, "password": "another good password" });
    browser.post("/api/v1/accounts/password", new.clone()).await.ok();
    server.browser().post("/api/v1/accounts/password", new).await.problem(422, "token_invalid");
    assert_eq!(sender.browser.get("/api/v1/session").await.ok()["account"], json!(null));
    let old = json!({ "email": EMAIL, "password": PASSWORD });
    server.browser().post("/api/v1/sessions", old).await.problem(401, "credentials_wrong");
}

#[tokio::test]
async fn logging_out_ends_the_session() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, EMAIL).await;
    let changed = sender.browser.patch("/api/v1/accounts/me", json!({ "name": "Wang Fang" })).await.ok();
    assert_eq!(changed["account"]["name"], "Wang Fang");
    assert_eq!(sender.browser.delete("/api/v1/sessions/current").await.status.as_u16(), 204);
    sender.browser.get("/api/v1/envelopes").await.problem(401, "unauthenticated");
}
