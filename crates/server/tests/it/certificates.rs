//! The console of the authority's administrators, and the files that certificates point to.

use serde_json::json;
use service::authority;

use crate::support::{Sender, TestServer};

#[tokio::test]
async fn the_console_is_there_for_administrators_alone() {
    let server = TestServer::new().await;
    let paths = ["/api/v1/ca", "/api/v1/ca/certificates", "/api/v1/ca/requests"];
    for path in paths {
        server.browser().get(path).await.problem(401, "unauthenticated");
    }
    let someone = Sender::new(&server, "someone@example.com").await;
    for path in paths {
        someone.browser.get(path).await.problem(404, "not_found");
    }
    assert_eq!(someone.browser.get("/api/v1/session").await.ok()["administrator"], false);
    assert_eq!(someone.browser.get("/api/v1/certificates").await.ok()["items"], json!([]));
    authority::add_administrator(&server.service, "someone@example.com").await.expect("an account");
    assert_eq!(someone.browser.get("/api/v1/session").await.ok()["administrator"], true);
    for path in paths {
        someone.browser.get(path).await.ok();
    }
}

#[tokio::test]
async fn a_change_is_asked_for_by_one_and_agreed_to_by_another() {
    let server = TestServer::new().await;
    let mut administrators = Vec::new();
    for email in ["one@example.com", "two@example.com"] {
        administrators.push(Sender::new(&server, email).await);
        authority::add_administrator(&server.service, email).await.expect("an account");
    }
    let [one, two] = [&administrators[0].browser, &administrators[1].browser];
    let all = one.get("/api/v1/ca/certificates?q=Evidence").await.ok();
    let id = all["items"][0]["id"].as_str().expect("the log has a certificate").to_owned();
    let ask = format!("/api/v1/ca/certificates/{id}/requests");
    one.post(&ask, json!({ "action": "explode" })).await.problem(422, "invalid_request");
    one.post(&ask, json!({ "action": "release" })).await.problem(409, "certificate_state");
    let asked = one.post(&ask, json!({ "action": "revoke", "reason": "superseded" })).await.ok();
    let request = asked["items"][0]["id"].as_str().expect("a request").to_owned();
    one.post(&ask, json!({ "action": "suspend" })).await.problem(409, "request_waiting");
    let approve = format!("/api/v1/ca/requests/{request}/approve");
    one.post(&approve, json!({})).await.problem(403, "second_administrator");
    let decided = two.post(&approve, json!({})).await.ok();
    assert_eq!(decided["items"][0]["certificate"]["status"], "revoked");
    two.post(&approve, json!({})).await.problem(409, "request_decided");
    let detail = one.get(&format!("/api/v1/ca/certificates/{id}")).await.ok();
    let kinds: Vec<&str> =
        detail["events"].as_array().expect("events").iter().filter_map(|it| it["kind"].as_str()).collect();
    assert_eq!(
        kinds[2..],
        ["certificate.change_requested", "certificate.change_approved", "certificate.revoked"]
    );
}

#[tokio::test]
async fn every_address_in_a_certificate_is_answered() {
    let server = TestServer::new().await;
    for ca in ["root", "issuing", "person-1", "organization-1"] {
        for (ending, kind) in [
            ("cer", "application/pkix-cert"),
            ("pem", "application/x-pem-file"),
            ("crl", "application/pkix-crl"),
        ] {
            let answer = server.browser().get(&format!("/pki/{ca}.{ending}")).await;
            assert_eq!(answer.status.as_u16(), 200);
            assert_eq!(answer.headers["content-type"], kind);
        }
    }
    for nothing in
        ["person-2.cer", "person.crl", "person-1.key", "person-1", "root", "..%2froot.cer", "person-01.crl"]
    {
        server.browser().get(&format!("/pki/{nothing}")).await.problem(404, "not_found");
    }
    // Asked again and again, a list is made once.
    let first = server.browser().get("/pki/person-1.crl").await.bytes;
    assert_eq!(server.browser().get("/pki/person-1.crl").await.bytes, first);
}
