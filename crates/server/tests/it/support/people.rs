//! Who uses the server in tests.

use serde_json::{Value, json};

use super::{Browser, TestServer};

/// A sender who is logged in.
pub(crate) struct Sender {
    pub(crate) browser: Browser,
}

impl Sender {
    /// Signs up, proves the address by the link in the outbox, and is logged in.
    pub(crate) async fn new(server: &TestServer, email: &str) -> Self {
        let browser = server.browser();
        let account = json!({ "email": email, "password": "correct horse battery", "name": "Wang Wei", "locale": "en" });
        let answer = browser.post("/api/v1/accounts", account).await;
        assert_eq!(answer.status.as_u16(), 202, "{}", answer.text());
        let link = outbox_link(server, email).await;
        let token = link.split_once("#token=").expect("the secret is in the fragment").1.to_owned();
        browser
            .post("/api/v1/accounts/verify", json!({ "token": token, "password": "correct horse battery" }))
            .await
            .ok();
        Self { browser }
    }

    /// A draft with this document in it.
    pub(crate) async fn draft(&self, pdf: Vec<u8>) -> Value {
        let draft =
            self.browser.post("/api/v1/envelopes", json!({ "title": "Lease", "locale": "en" })).await.ok();
        let path =
            format!("/api/v1/envelopes/{}/documents?name=lease.pdf", draft["id"].as_str().expect("an id"));
        self.browser.upload(&path, pdf).await.ok()
    }
}

/// The newest message to this receiver.
async fn newest(server: &TestServer, to: &str) -> Value {
    // Messages of one moment have no order.
    server.clock.advance(jiff::SignedDuration::from_secs(1));
    service::jobs::run_due(&server.service).await.expect("jobs run");
    let page = server.browser().get("/api/v1/outbox").await.ok();
    let items = page["items"].as_array().expect("a list").clone();
    items
        .into_iter()
        .find(|item| item["to"] == to)
        .unwrap_or_else(|| panic!("nothing was sent to {to}: {page}"))
}

/// The link in the newest message to this receiver.
pub(crate) async fn outbox_link(server: &TestServer, to: &str) -> String {
    newest(server, to).await["links"][0]["url"].as_str().expect("the message has a link").to_owned()
}

/// The code in the newest message to this receiver.
pub(crate) async fn outbox_code(server: &TestServer, to: &str) -> String {
    newest(server, to).await["code"].as_str().expect("the message has a code").to_owned()
}
