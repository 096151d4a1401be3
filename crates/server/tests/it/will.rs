//! The check of the will by HTTP: what the page asks for, what is refused with which status, and what costs what.

use serde_json::{Value, json};
use service::identity::consent;

use crate::contract::{PIN, Signing, id, send_under};
use crate::support::{Sender, TestServer, outbox_code};

const MAIL: &str = "wang.jianguo@example.com";

async fn about_to_confirm<'a>(server: &'a TestServer, sender: &Sender, will: Value) -> (Signing<'a>, String) {
    let policy = json!({
        "name": "careful", "title": { "en": "Careful", "zh-CN": "审慎" }, "assurance": "low", "custody": ["pin"],
        "will": will, "time": "trusted", "level": "PAdES-B-LT",
    });
    let written = sender.browser.post("/api/v1/policies", policy).await.ok();
    assert_eq!(written["will"], will);
    let envelope = send_under(sender, "careful").await;
    let signing = Signing::open(server, &envelope["recipients"][0], MAIL).await;
    signing.walk_to_key(&envelope).await;
    assert_eq!(signing.post("key", json!({ "pin": PIN })).await.ok()["step"], "confirm");
    (signing, id(&envelope).to_owned())
}

impl Signing<'_> {
    async fn offer_by(&self, will: Value) -> crate::support::Answer {
        let documents = self.shown().await;
        self.post("activations", json!({ "locale": "en", "documents": documents, "will": will })).await
    }

    async fn agree(&self, activation: &Value, brought: Value) -> crate::support::Answer {
        self.post(&format!("activations/{}/sign", id(activation)), brought).await
    }
}

#[tokio::test]
async fn a_code_by_mail_is_wrong_locked_late_or_right_and_a_wrong_pin_costs_no_other() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "wang@example.com").await;
    let (signing, envelope) = about_to_confirm(&server, &sender, json!(["email", "sms"])).await;
    let offered = signing.ceremony().await["will"].clone();
    assert_eq!((&offered[0]["by"], &offered[1]["by"]), (&json!("email"), &json!("sms")));
    signing.confirm(PIN).await.problem(422, "will_missing");
    signing.offer_by(json!({ "by": "face" })).await.problem(422, "will_unavailable");
    signing.offer_by(json!({ "by": "fax" })).await.problem(422, "invalid_request");
    let first = signing.offer_by(json!({ "by": "email" })).await.ok();
    assert_eq!((&first["will"]["state"], &first["will"]["tries_left"]), (&json!("open"), &json!(5)));
    let code = outbox_code(&server, MAIL).await;
    signing.offer_by(json!({ "by": "sms" })).await.problem(429, "resend_too_soon");
    signing.agree(&first, json!({ "pin": PIN })).await.problem(422, "will_missing");
    for left in [4, 3, 2, 1] {
        let problem = signing.agree(&first, json!({ "pin": PIN, "code": "000000" })).await;
        assert_eq!(problem.problem(422, "code_wrong")["params"]["tries_left"], left);
    }
    signing.agree(&first, json!({ "pin": PIN, "code": "000000" })).await.problem(429, "code_locked");
    server.clock.advance(jiff::SignedDuration::from_mins(16));
    let late = signing.agree(&first, json!({ "pin": PIN, "code": code })).await;
    late.problem(422, "activation_expired");
    let second = signing.offer_by(json!({ "by": "email" })).await.ok();
    let other = signing.agree(&second, json!({ "pin": PIN, "code": code })).await;
    other.problem(422, "code_wrong");
    let code = outbox_code(&server, MAIL).await;
    signing.agree(&second, json!({ "pin": "111222", "code": code })).await.problem(422, "pin_wrong");
    let stands = signing.post(&format!("activations/{}/will", id(&second)), json!({})).await.ok();
    assert_eq!(stands["state"], "passed");
    let done = signing.agree(&second, json!({ "pin": PIN })).await.ok();
    assert_eq!(done["step"], "done");
    let events = sender.browser.get(&format!("/api/v1/envelopes/{envelope}/events")).await.ok();
    assert!(!events.to_string().contains(&code), "a code is no evidence");
}

#[tokio::test]
async fn a_face_is_begun_played_and_polled() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "wang@example.com").await;
    let (signing, _) = about_to_confirm(&server, &sender, json!(["face", "sms"])).await;
    let alone = json!({ "by": "face" });
    signing.offer_by(alone).await.problem(422, "data_consent_missing");
    let agreed = json!({ "version": consent::VERSION, "locale": "en", "face": true });
    let face = json!({ "by": "face", "method": "face_wechat", "consent": agreed });
    for (outcome, code) in [("somebody_else", "identity_refused"), ("passed", "")] {
        let offered = signing.offer_by(face.clone()).await.ok();
        let page = offered["will"]["page"]["url"].as_str().expect("a page");
        let transaction = page.rsplit('/').next().expect("a transaction").to_owned();
        signing.agree(&offered, json!({ "pin": PIN })).await.problem(422, "will_missing");
        let played = format!("/api/v1/sandbox/faces/{transaction}");
        server.browser().post(&played, json!({ "outcome": outcome })).await.ok();
        let signed = signing.agree(&offered, json!({ "pin": PIN })).await;
        if code.is_empty() {
            assert_eq!(signed.ok()["step"], "done");
        } else {
            signed.problem(422, code);
        }
    }
}
