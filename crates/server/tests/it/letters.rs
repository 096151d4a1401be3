//! A company's signed letter of authorization, by HTTP: brought, read by an administrator, approved or refused.

use image::ImageFormat;
use jiff::SignedDuration;
use serde_json::{Value, json};
use service::authority;

use crate::review::{House, Signer, picture, send_to};
use crate::support::{Sender, TestServer, outbox_code, sample};

const LETTER: [&str; 6] = ["company", "agent", "scope", "seal", "valid", "genuine"];

/// A company's agent who has come to the organization step and chosen the way of a letter.
async fn agent() -> House {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "wang@example.com").await;
    let envelope = send_to(
        &sender,
        json!({ "kind": "organization", "name": "王建国", "email": "chen@example.com", "locale": "en", "order": 1,
            "organization": "北京朱砂科技有限公司" }),
        "seal",
    )
    .await;
    let (one, two) =
        (Sender::new(&server, "one@example.com").await, Sender::new(&server, "two@example.com").await);
    for email in ["one@example.com", "two@example.com"] {
        authority::add_administrator(&server.service, email).await.expect("an account");
    }
    let signer = Signer::open(&server, &envelope).await;
    signer.consent().await;
    let consent = json!({ "version": service::identity::consent::VERSION, "locale": "en" });
    let who = json!({ "name": "王建国", "id_number": "310101199007265411", "phone": "13800000002", "consent": consent });
    signer.post("identity", who).await.ok();
    let code = outbox_code(&server, "+8613800000002").await;
    signer.post("identity/code", json!({ "code": code })).await.ok();
    let company = json!({
        "name": "北京朱砂科技有限公司", "credit_code": "91110105MA01CHEN75", "legal_representative": "陈晓雨",
    });
    let checked = signer.post("organization", company).await.ok();
    assert!(checked["organization"]["ways"].to_string().contains("letter"), "{}", checked["organization"]);
    let begun = signer.post("organization/letter", json!({})).await.ok();
    assert_eq!(begun["organization"]["letter"]["state"], "collecting");
    House { server, sender, one, two, envelope, signer }
}

impl House {
    /// The prepared letter, brought back as it is, and sent in.
    async fn letter_waits(&self) -> String {
        let letter = self.signer.browser.get(&format!("{}/organization/letter", self.signer.path)).await;
        assert!(letter.bytes.starts_with(b"%PDF-"), "{}", letter.text());
        self.signer.brings("letter", letter.bytes).await.ok();
        let sent = self.signer.submits().await.ok();
        assert_eq!(sent["organization"]["state"], "letter_submitted");
        self.id().await
    }
}

#[tokio::test]
async fn a_sealed_letter_is_read_and_the_company_is_verified_for_its_agent() {
    let house = agent().await;
    let (signer, one) = (&house.signer, &house.one);
    signer.submits().await.problem(422, "picture_missing");
    signer.brings("front", picture(ImageFormat::Jpeg)).await.problem(409, "step_not_ready");
    let refused = signer.brings("letter", b"%PDF-1.7 and nothing else".to_vec()).await;
    assert_eq!(refused.problem(422, "picture_invalid")["params"]["reason"], "damaged");
    let refused = signer.brings("letter", sample(11)).await.problem(422, "picture_invalid");
    assert_eq!(refused["params"]["reason"], "large");
    let id = house.letter_waits().await;
    let case = one.claims(&id).await;
    assert_eq!((&case["item"]["kind"], &case["typed"]["name"]), (&json!("letter"), &json!("王建国")));
    assert_eq!(case["typed"]["credit_code"], "91110105MA01CHEN75");
    assert!(!case.to_string().contains("310101199007265411"), "masked, as in the letter");
    let image =
        format!("/api/v1/reviews/{id}/pictures/{}", case["images"][0]["id"].as_str().expect("an image"));
    assert_eq!(one.browser.get(&image).await.headers["content-type"], "application/pdf");
    one.approves(&id).await.problem(422, "review_unchecked");
    one.act(&id, "approve", json!({ "checks": LETTER })).await.ok();
    one.act(&id, "approve", json!({ "checks": LETTER })).await.problem(409, "review_decided");
    let shown = signer.show().await;
    assert_eq!((&shown["organization"]["state"], &shown["step"]), (&json!("verified"), &json!("document")));
    let log = house.log(&id).await;
    for kind in ["organization.letter_begun", "organization.verified", "review.approved"] {
        assert!(log.contains(kind), "{kind}: {log}");
    }
    house.sweep().await;
    let outbox = house.server.browser().get("/api/v1/outbox").await.ok().to_string();
    assert!(outbox.contains("Your letter of authorization was approved"));
}

#[tokio::test]
async fn a_letter_that_is_refused_withdrawn_or_late_leaves_the_other_ways() {
    let house = agent().await;
    let (signer, one) = (&house.signer, &house.one);
    let id = house.letter_waits().await;
    one.claims(&id).await;
    one.act(&id, "refuse", json!({ "reason": "face_differs" })).await.problem(422, "reason_required");
    one.act(&id, "refuse", json!({ "reason": "unsealed", "note": "No seal on it." })).await.ok();
    let organization = signer.show().await["organization"].clone();
    assert_eq!(
        (&organization["state"], &organization["refused"], &organization["letter_note"]),
        (&json!("registry_checked"), &json!("letter_unsealed"), &json!("No seal on it."))
    );
    // Once more, and given up.
    house.server.clock.advance(SignedDuration::from_secs(1));
    signer.post("organization/letter", json!({})).await.ok();
    let id = house.letter_waits().await;
    one.claims(&id).await;
    let shown = signer.post("organization/letter/withdraw", json!({})).await.ok();
    assert_eq!(
        (&shown["organization"]["state"], &shown["organization"]["letter"]),
        (&json!("registry_checked"), &Value::Null)
    );
    one.act(&id, "approve", json!({ "checks": LETTER })).await.problem(409, "review_decided");
    // Once more, and nobody decides.
    house.server.clock.advance(SignedDuration::from_secs(1));
    signer.post("organization/letter", json!({})).await.ok();
    house.letter_waits().await;
    house.server.clock.advance(SignedDuration::from_hours(7 * 24 + 1));
    house.sweep().await;
    let organization = signer.show().await["organization"].clone();
    assert_eq!(
        (&organization["state"], &organization["refused"]),
        (&json!("registry_checked"), &json!("letter_late"))
    );
}
