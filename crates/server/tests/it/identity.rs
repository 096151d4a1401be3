//! My identity over HTTP: a check in the account, what it shows, and what takes the password again.

use serde_json::{Value, json};

use crate::support::{Browser, Sender, TestServer, outbox_code};

const PHONE: &str = "13800000001";

fn person() -> Value {
    json!({
        "name": "陈晓雨", "id_number": "11010519860214102X", "phone": PHONE,
        "consent": { "version": service::identity::consent::VERSION, "locale": "en" },
    })
}

async fn verify(server: &TestServer, browser: &Browser) -> Value {
    let asked = browser.post("/api/v1/identity/check", person()).await.ok();
    assert_eq!(asked["check"]["state"], "code_sent");
    assert_eq!(asked["person"], Value::Null);
    let code = outbox_code(server, &format!("+86{PHONE}")).await;
    browser.post("/api/v1/identity/code", json!({ "code": code })).await.ok()
}

#[tokio::test]
async fn who_is_not_logged_in_has_no_identity() {
    let server = TestServer::new().await;
    for path in ["/api/v1/identity", "/api/v1/keys"] {
        server.browser().get(path).await.problem(401, "unauthenticated");
    }
    server.browser().post("/api/v1/identity/check", person()).await.problem(401, "unauthenticated");
    server
        .browser()
        .post("/api/v1/session/confirm", json!({ "password": "x" }))
        .await
        .problem(401, "unauthenticated");
}

#[tokio::test]
async fn an_account_verifies_its_person_and_what_cannot_be_undone_takes_the_password() {
    let server = TestServer::new().await;
    let someone = Sender::new(&server, "someone@example.com").await.browser;
    // The password of the sign-up counts for ten minutes.
    server.clock.advance(jiff::SignedDuration::from_mins(11));
    // The wrong order.
    someone.post("/api/v1/identity/code", json!({ "code": "000000" })).await.problem(409, "step_not_ready");
    someone.post("/api/v1/identity/unlink", json!({})).await.problem(403, "confirmation_missing");
    let old = json!({ "version": "2001-01-01", "locale": "en" });
    let mut outdated = person();
    outdated["consent"] = old;
    someone.post("/api/v1/identity/check", outdated).await.problem(409, "consent_version");

    let mine = verify(&server, &someone).await;
    assert_eq!(mine["person"]["counts"], true);
    assert_eq!(mine["person"]["document"], "resident_id");
    let shown = mine.to_string();
    assert!(!shown.contains("19860214") && !shown.contains("陈晓雨") && !shown.contains(PHONE), "{shown}");
    assert_eq!(mine["consents"][0]["given"], true);
    assert_eq!(mine["consents"][0]["in_account"], true);

    // Another account is another matter.
    let other = Sender::new(&server, "other@example.com").await.browser;
    server.clock.advance(jiff::SignedDuration::from_mins(11));
    assert_eq!(other.get("/api/v1/identity").await.ok()["person"], Value::Null);
    assert_eq!(other.get("/api/v1/keys").await.ok()["items"], json!([]));

    let withdraw = json!({ "purpose": "identity", "locale": "en" });
    let path = "/api/v1/identity/consent/withdraw";
    someone.post(path, withdraw.clone()).await.problem(403, "confirmation_missing");
    let confirm = "/api/v1/session/confirm";
    someone
        .post(confirm, json!({ "password": "wrong horse battery" }))
        .await
        .problem(401, "credentials_wrong");
    someone.post(confirm, json!({ "password": "correct horse battery" })).await.ok();
    // Confirmed in one browser is confirmed in no other.
    other.post(path, withdraw.clone()).await.problem(403, "confirmation_missing");
    let after = someone.post(path, withdraw).await.ok();
    assert_eq!(after["person"]["counts"], false);
    assert_eq!(after["person"]["checks"][0]["ended"], "consent_withdrawn");
    let erased = someone.post("/api/v1/identity/erase", json!({})).await.ok();
    assert_eq!(erased["erased"], true, "nothing was ever certified");
    assert_eq!(someone.get("/api/v1/identity").await.ok()["person"], Value::Null);
    // Ten minutes later it is asked for again.
    server.clock.advance(jiff::SignedDuration::from_mins(11));
    someone.post("/api/v1/identity/erase", json!({})).await.problem(403, "confirmation_missing");
}

#[tokio::test]
async fn certificates_are_changed_by_their_subject_alone() {
    let server = TestServer::new().await;
    let someone = Sender::new(&server, "someone@example.com").await.browser;
    let nobodys = "/api/v1/certificates/crt_0192f0c1a2b37c4d8e5f60718293a4b5/suspend";
    someone.post(nobodys, json!({})).await.problem(409, "account_unlinked");
    verify(&server, &someone).await;
    someone.post(nobodys, json!({})).await.problem(404, "not_found");
    let listed = someone.get("/api/v1/certificates").await.ok();
    assert_eq!((listed["linked"].as_bool(), listed["elsewhere"].as_u64()), (Some(true), Some(0)));
}
