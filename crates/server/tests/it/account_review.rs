//! The check by hand in an account, by HTTP: on the page *My identity* as in a ceremony; and what administrators are told.

use image::ImageFormat;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::review::{House, NUMBER, picture, who};
use crate::support::{Answer, Browser, Sender};

const MINE: &str = "/api/v1/identity";

/// An account at its page.
struct Mine<'a>(&'a Browser);

impl Mine<'_> {
    async fn show(&self) -> Value {
        self.0.get(MINE).await.ok()
    }

    async fn begins(&self) -> Answer {
        self.0.post(&format!("{MINE}/check"), who("passport_cn", NUMBER, true)).await
    }

    async fn brings(&self, part: &str, file: Vec<u8>) -> Answer {
        self.0.put_file(&format!("{MINE}/pictures/{part}"), file).await
    }

    async fn submits(&self) -> Answer {
        self.0.post(&format!("{MINE}/pictures/submit"), json!({})).await
    }

    async fn sends_in(&self) {
        self.begins().await.ok();
        self.brings("front", picture(ImageFormat::Jpeg)).await.ok();
        self.brings("selfie", picture(ImageFormat::Png)).await.ok();
        assert_eq!(self.submits().await.ok()["check"]["review"]["state"], "waiting");
    }
}

/// The messages of the outbox to an address whose text has this in it.
async fn told(house: &House, to: &str, words: &str) -> Vec<Value> {
    house.sweep().await;
    let all = house.server.browser().get("/api/v1/outbox").await.ok();
    let all = all["items"].as_array().expect("messages").clone();
    all.into_iter().filter(|it| it["to"] == to && it.to_string().contains(words)).collect()
}

#[tokio::test]
async fn an_account_is_verified_by_pictures_that_an_administrator_approves() {
    let house = House::new().await;
    let (mine, one, two) = (Mine(&house.sender.browser), &house.one, &house.two);
    let shown = mine.show().await;
    let methods = shown["check"]["methods"].as_array().expect("methods");
    let way = methods.iter().find(|it| it["method"] == "document_photo").expect("the way by pictures");
    assert_eq!((&way["assurance"], &way["provider"]), (&json!("substantial"), &json!("manual_review")));

    mine.brings("front", picture(ImageFormat::Jpeg)).await.problem(409, "step_not_ready");
    let no_consent = who("passport_cn", NUMBER, false);
    let refused = house.sender.browser.post(&format!("{MINE}/check"), no_consent).await;
    assert_eq!(refused.problem(422, "data_consent_missing")["params"]["purpose"], "photo");
    let begun = mine.begins().await.ok();
    let parts = begun["check"]["review"]["parts"].as_array().expect("parts").clone();
    // What belongs to a person is opened by it: a picture of the document alone is not enough.
    assert_eq!(
        parts.iter().map(|it| (&it["part"], &it["required"])).collect::<Vec<_>>(),
        [(&json!("front"), &json!(true)), (&json!("selfie"), &json!(true))]
    );
    mine.brings("letter", picture(ImageFormat::Jpeg)).await.problem(409, "step_not_ready");
    mine.brings("front", picture(ImageFormat::Jpeg)).await.ok();
    assert_eq!(mine.submits().await.problem(422, "picture_missing")["params"]["part"], "selfie");
    mine.brings("selfie", picture(ImageFormat::Png)).await.ok();
    assert_eq!(mine.submits().await.ok()["check"]["review"]["state"], "waiting");
    mine.submits().await.problem(409, "step_not_ready");
    assert_eq!(
        house.sender.browser.post(&format!("{MINE}/poll"), json!({})).await.ok()["check"]["state"],
        "pending"
    );

    let id = house.id().await;
    two.browser.get(&format!("/api/v1/reviews/{id}")).await.ok();
    let case = one.claims(&id).await;
    assert_eq!((&case["typed"]["name"], &case["typed"]["number"]), (&json!("陈晓雨"), &json!(NUMBER)));
    one.approves(&id).await.ok();
    one.approves(&id).await.problem(409, "review_decided");
    let shown = mine.show().await;
    assert_eq!(
        (&shown["check"]["state"], &shown["person"]["assurance"], &shown["person"]["counts"]),
        (&json!("none"), &json!("substantial"), &json!(true))
    );
    assert_eq!(shown["person"]["checks"][0]["how"], json!(["document", "presented"]));
    assert_eq!(told(&house, "wang@example.com", "verified in your account").await.len(), 1);
    // What a provider says of somebody else is not taken either.
    let mut other = who("passport_cn", "E87654321", true);
    other["name"] = json!("李明哲");
    house.sender.browser.post(&format!("{MINE}/check"), other).await.problem(409, "account_linked");
}

#[tokio::test]
async fn a_check_of_an_account_is_refused_withdrawn_or_late_and_its_pictures_go() {
    let house = House::new().await;
    let (mine, one) = (Mine(&house.sender.browser), &house.one);
    let before = house.blobs();
    mine.sends_in().await;
    let id = house.id().await;
    one.claims(&id).await;
    one.act(&id, "refuse", json!({ "reason": "name_differs", "note": "It reads 陈小雨." })).await.ok();
    let check = mine.show().await["check"].clone();
    assert_eq!(
        (&check["state"], &check["refused"], &check["refused_note"]),
        (&json!("none"), &json!("review_name_differs"), &json!("It reads 陈小雨."))
    );
    assert_eq!(told(&house, "wang@example.com", "was not approved").await.len(), 1);
    assert_eq!(house.blobs(), before);
    // Once more, other pictures are asked for, and it is given up.
    house.server.clock.advance(SignedDuration::from_secs(1));
    mine.sends_in().await;
    let id = house.id().await;
    one.claims(&id).await;
    one.act(&id, "ask", json!({ "reason": "unreadable" })).await.ok();
    let review = mine.show().await["check"]["review"].clone();
    assert_eq!((&review["state"], &review["asked"]), (&json!("collecting"), &json!("unreadable")));
    house.sender.browser.post(&format!("{MINE}/restart"), json!({})).await.ok();
    assert_eq!(mine.show().await["check"]["review"], Value::Null);
    // Once more, and nobody decides.
    house.server.clock.advance(SignedDuration::from_secs(1));
    mine.sends_in().await;
    house.server.clock.advance(SignedDuration::from_hours(7 * 24 + 1));
    house.sweep().await;
    house.sweep().await;
    assert_eq!(house.blobs(), before);
    let log_in = json!({ "email": "wang@example.com", "password": "correct horse battery" });
    house.sender.browser.post("/api/v1/sessions", log_in).await.ok();
    let check = mine.show().await["check"].clone();
    assert_eq!((&check["state"], &check["review"]), (&json!("none"), &Value::Null));
}

#[tokio::test]
async fn nobody_decides_about_their_own_account_whoever_they_are() {
    let house = House::new().await;
    let (one, two) = (&house.one, &house.two);
    let mine = Mine(&one.browser);
    mine.sends_in().await;
    let id = house.id().await;
    assert_eq!(one.browser.get("/api/v1/reviews").await.ok()["waiting"][0]["own"], true);
    one.act(&id, "claim", json!({})).await.problem(403, "review_own");
    assert!(told(&house, "one@example.com", "waits for a reviewer").await.is_empty());
    assert_eq!(told(&house, "two@example.com", "waits for a reviewer").await.len(), 1);
    two.claims(&id).await;
    two.approves(&id).await.ok();
    // The same person's other account is their own too, and by then the number says so.
    let again = Mine(&house.sender.browser);
    again.sends_in().await;
    let id = house.id().await;
    one.act(&id, "claim", json!({})).await.problem(403, "review_own");
}

#[tokio::test]
async fn each_administrator_who_may_decide_is_told_once_and_of_nobody() {
    let house = House::new().await;
    let three = Sender::new(&house.server, "three@example.com").await;
    three.browser.patch("/api/v1/accounts/me", json!({ "locale": "zh-CN" })).await.ok();
    service::authority::add_administrator(&house.server.service, "three@example.com")
        .await
        .expect("an account");
    // The sender of the envelope is an administrator as well, and too close.
    service::authority::add_administrator(&house.server.service, "wang@example.com")
        .await
        .expect("an account");
    house.signer.sends_in().await;
    for (to, words) in [("one@example.com", "waits for a reviewer"), ("three@example.com", "人工审核")] {
        let messages = told(&house, to, words).await;
        assert_eq!(messages.len(), 1, "{to}");
        let text = messages[0].to_string();
        assert!(text.contains("/reviews/rev_"), "{text}");
        for secret in [NUMBER, "陈晓雨", "chen@example.com", "Lease", "wang"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
    assert!(told(&house, "wang@example.com", "waits for a reviewer").await.is_empty());
    // Other pictures for the same check are no news.
    let id = house.id().await;
    house.one.claims(&id).await;
    house.one.act(&id, "ask", json!({ "reason": "unreadable" })).await.ok();
    house.signer.brings("front", picture(ImageFormat::Jpeg)).await.ok();
    house.signer.brings("selfie", picture(ImageFormat::Jpeg)).await.ok();
    house.signer.submits().await.ok();
    assert_eq!(told(&house, "one@example.com", "waits for a reviewer").await.len(), 1);
}
