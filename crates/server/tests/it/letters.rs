//! A company's signed letter of authorization, by HTTP: brought, read by an administrator, approved or refused.

use image::ImageFormat;
use jiff::SignedDuration;
use serde_json::{Value, json};
use service::authority;

use crate::contract;
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
async fn the_reviewer_of_a_signed_letter_is_told_who_signed_and_whether_it_holds() {
    // A contract that a person and the company have signed on this server stands for the letter.
    let house = agent().await;
    house.server.clock.advance(SignedDuration::from_mins(2));
    let envelope = contract::send(&house.sender).await;
    contract::sign_all(&house.server, &envelope).await;
    let path = format!("/api/v1/envelopes/{}", envelope["id"].as_str().expect("an id"));
    let document = envelope["documents"][0]["id"].as_str().expect("an id");
    let signed = house.sender.browser.get(&format!("{path}/documents/{document}/content")).await.bytes;
    let verdict = async |file: Vec<u8>| {
        house.signer.brings("letter", file).await.ok();
        house.signer.submits().await.ok();
        let id = house.id().await;
        let image = |case: &Value| {
            let image = case["images"][0]["id"].as_str().expect("an image");
            format!("/api/v1/reviews/{id}/pictures/{image}/verdict")
        };
        let path = image(&house.one.claims(&id).await);
        house.two.browser.get(&path).await.problem(409, "review_unclaimed");
        house.sender.browser.get(&path).await.problem(404, "not_found");
        let found = house.one.browser.get(&path).await.ok();
        house.one.act(&id, "ask", json!({ "reason": "unreadable" })).await.ok();
        house.one.browser.get(&path).await.problem(404, "not_found");
        found
    };
    let of = |found: &Value| -> Vec<(String, bool)> {
        let signers = found["signers"].as_array().expect("signers").iter();
        let mut all: Vec<_> = signers
            .map(|it| (it["signs_as"].as_str().expect("a word").to_owned(), it["holds"] == true))
            .collect();
        all.sort();
        all
    };
    let found = verdict(signed.clone()).await;
    assert_eq!(of(&found), [("company".to_owned(), true), ("other".to_owned(), true)], "{found}");
    assert_eq!(found["verification"]["indication"], "TOTAL-PASSED");
    // One byte of a page that was signed.
    let mut changed = signed;
    let at = changed.windows(6).position(|it| it == b"Lease,").expect("the text is there");
    changed[at] = b'P';
    let found = verdict(changed).await;
    assert!(of(&found).iter().all(|(_, holds)| !holds), "{found}");
}

#[tokio::test]
async fn a_letter_that_carries_no_signature_says_so_to_its_reviewer_alone() {
    let house = agent().await;
    let id = house.letter_waits().await;
    let case = house.one.claims(&id).await;
    let image = case["images"][0]["id"].as_str().expect("an image");
    let path = format!("/api/v1/reviews/{id}/pictures/{image}/verdict");
    let found = house.one.browser.get(&path).await.ok();
    assert_eq!((&found["signers"], &found["verification"]["signatures"]), (&json!([]), &json!([])));
    house.server.browser().get(&path).await.problem(401, "unauthenticated");
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
