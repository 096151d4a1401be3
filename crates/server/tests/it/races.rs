//! Two requests at once: of several uses of one activation exactly one signs, whatever opens the key.

use serde_json::{Value, json};

use crate::contract::{PIN, Signing, id, send};
use crate::support::{Answer, Authenticator, DeviceKey, Sender, TestServer};

/// A server that browsers allow passkeys, and an envelope whose first recipient is at the key.
async fn at_key(server: &TestServer) -> (Sender, Value, Signing<'_>) {
    let sender = Sender::new(server, "wang@example.com").await;
    let envelope = send(&sender).await;
    let signing = Signing::open(server, &envelope["recipients"][0], "wang.jianguo@example.com").await;
    signing.walk_to_key(&envelope).await;
    (sender, envelope, signing)
}

async fn localhost() -> TestServer {
    TestServer::with(|config| config.public_url = "http://localhost:8080".to_owned()).await
}

/// Whoever came later is refused, or sees that the signer has signed; and there is one signature, with one event.
async fn signed_once(sender: &Sender, envelope: &Value, answers: [Answer; 4]) {
    let mut done = 0;
    for answer in answers {
        match answer.status.as_u16() {
            200 => {
                assert_eq!(answer.ok()["step"], "done", "{}", answer.text());
                done += 1;
            }
            _ => drop(answer.problem(409, "activation_used")),
        }
    }
    assert!(done >= 1, "one of them signed");
    let path = format!("/api/v1/envelopes/{}", id(envelope));
    let shown = sender.browser.get(&path).await.ok();
    let revisions = shown["documents"][0]["revisions"].as_array().expect("a list").len();
    assert_eq!(revisions, 4, "original, fields, one signature, its validation data");
    let events = sender.browser.get(&format!("{path}/events")).await.ok();
    let signed = events["items"].as_array().expect("a list").iter();
    assert_eq!(signed.filter(|event| event["kind"] == "recipient.signed").count(), 1);
    assert_eq!(events["chain"]["intact"], true);
}

/// Uses an activation four times at once.
async fn four_times(signing: &Signing<'_>, activation: &Value, opened: &Value) -> [Answer; 4] {
    let path = format!("activations/{}/sign", id(activation));
    let again = || signing.post(&path, opened.clone());
    let (a, b, c, d) = tokio::join!(again(), again(), again(), again());
    [a, b, c, d]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_signs_once() {
    let server = localhost().await;
    let (sender, envelope, signing) = at_key(&server).await;
    let phone = Authenticator::new();
    let options = signing.post("passkey/options", json!({})).await.ok();
    assert_eq!(signing.post("passkey", phone.register(&options)).await.ok()["step"], "confirm");
    let activation = signing.offer().await.ok();
    let answers = four_times(&signing, &activation, &phone.agree(&activation)).await;
    signed_once(&sender, &envelope, answers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_signs_once() {
    let server = TestServer::new().await;
    let (sender, envelope, signing) = at_key(&server).await;
    let device = DeviceKey::new();
    let options = signing.post("device/options", json!({})).await.ok();
    // Of two requests that answer the same question one has its key certified.
    let answer = device.possession(&options);
    let (one, two) = tokio::join!(signing.post("device", answer.clone()), signing.post("device", answer));
    assert!(one.status.is_success() || two.status.is_success(), "{} {}", one.text(), two.text());
    assert_eq!(signing.ceremony().await["step"], "confirm");
    let events =
        sender.browser.get(&format!("/api/v1/envelopes/{}/events", id(&envelope))).await.ok().to_string();
    assert_eq!(events.matches(r#""kind":"certificate.issued""#).count(), 1, "{events}");
    let activation = signing.offer().await.ok();
    let answers = four_times(&signing, &activation, &device.agree(&activation)).await;
    signed_once(&sender, &envelope, answers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_signs_once() {
    let server = TestServer::new().await;
    let (sender, envelope, signing) = at_key(&server).await;
    let pin = || signing.post("key", json!({ "pin": PIN }));
    let (one, two) = tokio::join!(pin(), pin());
    assert_eq!(one.ok()["certificate"], two.ok()["certificate"], "two tabs make one key");
    let activation = signing.offer().await.ok();
    let path = format!("activations/{}/sign", id(&activation));
    let opened = json!({ "pin": PIN });
    // With the activation that was offered, and beside it in one request of its own.
    let offered = || signing.post(&path, opened.clone());
    let (a, b, c, d) = tokio::join!(offered(), signing.confirm(PIN), offered(), signing.confirm(PIN));
    signed_once(&sender, &envelope, [a, b, c, d]).await;
}
