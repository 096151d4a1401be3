//! Drafts: what a sender can do to them, and what is refused.

use serde_json::json;

use crate::support::{Sender, TestServer, sample};

#[tokio::test]
async fn a_draft_is_written_listed_and_thrown_away() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "wang@example.com").await;
    let created = sender.browser.post("/api/v1/envelopes", json!({ "title": "Lease" })).await;
    assert_eq!(created.status.as_u16(), 201);
    let draft = created.ok();
    assert_eq!(
        (&draft["status"], &draft["order"], &draft["trust"]),
        (&json!("draft"), &json!("sequential"), &json!("test"))
    );
    let path = format!("/api/v1/envelopes/{}", draft["id"].as_str().expect("an id"));
    let patch = json!({ "title": "Lease 2027", "message": "Please sign by Friday.", "order": "parallel" });
    let changed = sender.browser.patch(&path, patch).await.ok();
    assert_eq!((&changed["title"], &changed["order"]), (&json!("Lease 2027"), &json!("parallel")));

    let page = sender.browser.get("/api/v1/envelopes?status=draft&q=2027").await.ok();
    assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
    assert_eq!((&page["counts"]["draft"], &page["counts"]["sent"]), (&json!(1), &json!(0)));
    let stranger = Sender::new(&server, "zhao@example.com").await;
    assert_eq!(stranger.browser.get("/api/v1/envelopes").await.ok()["items"], json!([]));
    stranger.browser.get(&path).await.problem(404, "not_found");
    stranger.browser.delete(&path).await.problem(404, "not_found");

    assert_eq!(sender.browser.delete(&path).await.status.as_u16(), 204);
    sender.browser.get(&path).await.problem(404, "not_found");
}

#[tokio::test]
async fn a_draft_that_lacks_something_is_not_sent() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "wang@example.com").await;
    let draft = sender.browser.post("/api/v1/envelopes", json!({ "title": "Lease" })).await.ok();
    let path = format!("/api/v1/envelopes/{}", draft["id"].as_str().expect("an id"));
    let send = async || sender.browser.post(&format!("{path}/send"), json!({})).await;
    send().await.problem(422, "document_missing");
    sender.browser.upload(&format!("{path}/documents?name=lease.pdf"), sample(1)).await.ok();
    send().await.problem(422, "recipients_missing");
    sender
        .browser
        .upload(&format!("{path}/documents?name=two.pdf"), sample(1))
        .await
        .problem(409, "document_limit");

    let person = |email: &str| json!({ "recipients": [{ "kind": "person", "name": "陈明", "email": email, "locale": "zh-CN", "order": 1 }] });
    sender.browser.put(&format!("{path}/recipients"), person("nobody")).await.problem(422, "email_invalid");
    let envelope = sender.browser.put(&format!("{path}/recipients"), person("chen@example.com")).await.ok();
    send().await.problem(422, "field_signature_missing");

    let field = |page: u32, x: f64| {
        json!({ "fields": [{
            "recipient_id": envelope["recipients"][0]["id"], "document_id": envelope["documents"][0]["id"],
            "type": "signature", "page": page, "x": x, "y": 600.0, "width": 160.0, "height": 60.0, "required": true,
        }] })
    };
    sender.browser.put(&format!("{path}/fields"), field(2, 72.0)).await.problem(422, "field_outside_page");
    sender.browser.put(&format!("{path}/fields"), field(1, 580.0)).await.problem(422, "field_outside_page");
    sender.browser.put(&format!("{path}/fields"), field(1, 72.0)).await.ok();
    let sent = send().await.ok();
    assert_eq!(sent["status"], "sent");
    send().await.problem(409, "not_draft");
    sender.browser.delete(&path).await.problem(409, "not_draft");

    let events = sender.browser.get(&format!("{path}/events")).await.ok();
    assert_eq!(events["chain"]["intact"], true);
    assert!(!events["items"].as_array().expect("a list").is_empty());
    let voided =
        sender.browser.post(&format!("{path}/void"), json!({ "reason": "A mistake in clause 3" })).await.ok();
    assert_eq!(voided["status"], "voided");
    sender
        .browser
        .post(&format!("{path}/void"), json!({ "reason": "again" }))
        .await
        .problem(409, "envelope_state");
}
