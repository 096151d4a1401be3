//! Checks by hand, by HTTP: pictures of an ID document, the administrators' queue, and every way that it can end.

use std::io::Cursor;
use std::path::Path;

use image::{DynamicImage, ImageFormat, RgbImage};
use jiff::SignedDuration;
use serde_json::{Value, json};
use service::{authority, jobs};

use crate::support::{Answer, Browser, Sender, TestServer, outbox_link, sample};

pub(crate) const NUMBER: &str = "E12345678";
const CHECKS: [&str; 6] = ["kind", "name", "number", "valid", "genuine", "face"];

/// The first line of machine-readable zones, and second lines of the passport's number, of the next number, of one that ran out,
/// and of a child's.
const ZONE: &str = "P<CHNLIN<<XUE<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<";
const LINES: [(&str, &str); 5] = [
    ("E123456782CHN9001011F3401011<<<<<<<<<<<<<<<2", "agrees"),
    ("E123456793CHN9001011F3401011<<<<<<<<<<<<<<<0", "number_differs"),
    ("E123456782CHN9001011F2401014<<<<<<<<<<<<<<<4", "expired"),
    ("E123456782CHN1501010F3401011<<<<<<<<<<<<<<<0", "minor"),
    ("E123456782CHN9002011F3401011<<<<<<<<<<<<<<<2", "checksum"),
];

/// A server with a sender, two administrators, and a signer who has come to the identity step.
pub(crate) struct House {
    pub(crate) server: TestServer,
    pub(crate) sender: Sender,
    pub(crate) one: Sender,
    pub(crate) two: Sender,
    pub(crate) envelope: Value,
    pub(crate) signer: Signer,
}

pub(crate) struct Signer {
    pub(crate) browser: Browser,
    pub(crate) path: String,
    secret: String,
}

impl House {
    pub(crate) async fn new() -> Self {
        let server = TestServer::new().await;
        let sender = Sender::new(&server, "wang@example.com").await;
        let envelope = send(&sender).await;
        let (one, two) =
            (Sender::new(&server, "one@example.com").await, Sender::new(&server, "two@example.com").await);
        for email in ["one@example.com", "two@example.com"] {
            authority::add_administrator(&server.service, email).await.expect("an account");
        }
        let signer = Signer::open(&server, &envelope).await;
        signer.consent().await;
        Self { server, sender, one, two, envelope, signer }
    }

    /// The same with pictures sent in, and the number of the check.
    async fn waiting() -> (Self, String) {
        let house = Self::new().await;
        house.signer.sends_in().await;
        let id = house.id().await;
        (house, id)
    }

    pub(crate) async fn id(&self) -> String {
        let list = self.one.browser.get("/api/v1/reviews").await.ok();
        list["waiting"][0]["id"].as_str().unwrap_or_else(|| panic!("something waits: {list}")).to_owned()
    }

    /// Whether a check stands in the queue, as the store has it.
    async fn id_is_there(&self, id: &str) -> bool {
        let administrator = Sender::new(&self.server, "three@example.com").await;
        authority::add_administrator(&self.server.service, "three@example.com").await.expect("an account");
        administrator.browser.get("/api/v1/reviews").await.ok()["waiting"].to_string().contains(id)
    }

    pub(crate) async fn sweep(&self) {
        jobs::sweep(&self.server.service).await.expect("a sweep");
        jobs::run_due(&self.server.service).await.expect("jobs run");
    }

    /// How many blobs there are beside the envelope's documents.
    pub(crate) fn blobs(&self) -> usize {
        files(&self.server.service.config().data_dir.join("blobs"))
    }

    /// Everything that the log says, as text.
    pub(crate) async fn log(&self, review: &str) -> String {
        let events = format!("/api/v1/envelopes/{}/events", self.envelope["id"].as_str().expect("an id"));
        let case = self.one.browser.get(&format!("/api/v1/reviews/{review}")).await.ok();
        format!("{}{}", self.sender.browser.get(&events).await.ok(), case["events"])
    }
}

impl Signer {
    pub(crate) async fn open(server: &TestServer, envelope: &Value) -> Self {
        let link = outbox_link(server, "chen@example.com").await;
        let secret = link.split_once('#').expect("the secret is in the fragment").1.to_owned();
        let path = format!("/api/v1/signing/{}", envelope["recipients"][0]["id"].as_str().expect("an id"));
        Self { browser: server.browser(), path, secret }.opened().await
    }

    /// The same link in another browser.
    async fn elsewhere(&self, server: &TestServer) -> Self {
        let (path, secret) = (self.path.clone(), self.secret.clone());
        Self { browser: server.browser(), path, secret }.opened().await
    }

    async fn opened(self) -> Self {
        self.post("session", json!({ "token": self.secret })).await.ok();
        self
    }

    pub(crate) async fn consent(&self) {
        self.post("view", json!({})).await.ok();
        let shown = self.show().await;
        let version = shown["consent"]["version"].clone();
        let consented = self.post("consent", json!({ "version": version, "locale": "en" })).await.ok();
        assert_eq!(consented["step"], "identity");
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.browser.post(&format!("{}/{path}", self.path), body).await
    }

    pub(crate) async fn show(&self) -> Value {
        self.browser.get(&self.path).await.ok()
    }

    async fn polls(&self) -> Value {
        self.post("identity/poll", json!({})).await.ok()["identity"].clone()
    }

    async fn begins(&self) -> Answer {
        self.post("identity", who("passport_cn", NUMBER, true)).await
    }

    pub(crate) async fn brings(&self, part: &str, file: Vec<u8>) -> Answer {
        self.browser.put_file(&format!("{}/pictures/{part}", self.path), file).await
    }

    pub(crate) async fn submits(&self) -> Answer {
        self.post("pictures/submit", json!({})).await
    }

    /// Begins, brings what a passport needs, and sends it in.
    pub(crate) async fn sends_in(&self) -> Answer {
        self.begins().await.ok();
        self.brings_all().await;
        let answer = self.submits().await;
        assert_eq!(answer.ok()["identity"]["review"]["state"], "waiting");
        answer
    }

    async fn brings_all(&self) {
        self.brings("front", picture(ImageFormat::Jpeg)).await.ok();
        self.brings("selfie", picture(ImageFormat::WebP)).await.ok();
    }
}

impl Sender {
    pub(crate) async fn act(&self, id: &str, what: &str, body: Value) -> Answer {
        self.browser.post(&format!("/api/v1/reviews/{id}/{what}"), body).await
    }

    pub(crate) async fn claims(&self, id: &str) -> Value {
        self.act(id, "claim", json!({})).await.ok()
    }

    pub(crate) async fn approves(&self, id: &str) -> Answer {
        self.act(id, "approve", json!({ "checks": CHECKS })).await
    }
}

#[tokio::test]
async fn without_an_administrator_who_may_decide_the_way_is_not_offered() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "wang@example.com").await;
    let envelope = send(&sender).await;
    let signer = Signer::open(&server, &envelope).await;
    signer.consent().await;
    let offered = |shown: &Value| {
        let methods = shown["identity"]["methods"].as_array().expect("methods").clone();
        methods.into_iter().find(|it| it["method"] == "document_photo")
    };
    assert_eq!(offered(&signer.show().await), None);
    signer.begins().await.problem(422, "method_unavailable");
    // The sender is too close to it.
    authority::add_administrator(&server.service, "wang@example.com").await.expect("an account");
    assert_eq!(offered(&signer.show().await), None);
    Sender::new(&server, "one@example.com").await;
    authority::add_administrator(&server.service, "one@example.com").await.expect("an account");
    let way = offered(&signer.show().await).expect("offered");
    assert_eq!((&way["assurance"], &way["provider"]), (&json!("substantial"), &json!("manual_review")));
    assert_eq!(way["documents"].as_array().map(Vec::len), Some(8));
}

#[tokio::test]
async fn pictures_are_looked_at_and_approved_and_the_signer_goes_on() {
    let house = House::new().await;
    let (signer, one, two) = (&house.signer, &house.one, &house.two);
    signer.post("identity", who("passport_cn", "12345678", true)).await.problem(422, "id_number_invalid");
    let missing = signer.post("identity", who("passport_cn", NUMBER, false)).await;
    assert_eq!(missing.problem(422, "data_consent_missing")["params"]["purpose"], "photo");
    let before = house.blobs();
    signer.brings("front", picture(ImageFormat::Jpeg)).await.problem(409, "step_not_ready");
    let begun = signer.begins().await.ok();
    let review = &begun["identity"]["review"];
    let parts: Vec<_> =
        review["parts"].as_array().expect("parts").iter().filter_map(|it| it["part"].as_str()).collect();
    assert_eq!((parts, &review["state"]), (vec!["front", "selfie"], &json!("collecting")));

    let refused = signer.brings("front", sample(1)).await.problem(422, "picture_invalid");
    assert_eq!(refused["params"]["reason"], "format");
    signer.brings("front", vec![0xFF; 12 * 1024 * 1024 + 1]).await.problem(413, "picture_too_large");
    signer.brings("back", picture(ImageFormat::Png)).await.problem(409, "step_not_ready");
    signer.brings("elbow", picture(ImageFormat::Png)).await.problem(404, "not_found");
    signer.brings("front", picture(ImageFormat::Png)).await.ok();
    let missing = signer.submits().await.problem(422, "picture_missing");
    assert_eq!(missing["params"]["part"], "selfie");
    signer.brings_all().await;
    signer.submits().await.ok();
    signer.submits().await.problem(409, "step_not_ready");
    house.sweep().await;
    assert_eq!(house.blobs(), before + 2, "the picture that was taken first is gone");

    // Whoever is no administrator learns nothing.
    house.sender.browser.get("/api/v1/reviews").await.problem(404, "not_found");
    let id = house.id().await;
    let path = format!("/api/v1/reviews/{id}");
    house.sender.browser.get(&path).await.problem(404, "not_found");
    house.sender.act(&id, "claim", json!({})).await.problem(404, "not_found");
    house.server.browser().get(&path).await.problem(401, "unauthenticated");
    let case = one.browser.get(&path).await.ok();
    assert_eq!((&case["typed"], &case["images"]), (&Value::Null, &json!([])));
    assert!(!case.to_string().contains(NUMBER));

    let case = one.claims(&id).await;
    assert_eq!((&case["typed"]["name"], &case["typed"]["number"]), (&json!("陈晓雨"), &json!(NUMBER)));
    let image = case["images"][0]["id"].as_str().expect("an image").to_owned();
    let image = format!("{path}/pictures/{image}");
    two.act(&id, "claim", json!({})).await.problem(409, "review_claimed");
    two.browser.get(&image).await.problem(409, "review_unclaimed");
    two.approves(&id).await.problem(409, "review_unclaimed");
    let seen = one.browser.get(&image).await;
    assert_eq!(
        (seen.status.as_u16(), &seen.headers["content-type"]),
        (200, &"image/jpeg".parse().expect("a header"))
    );
    assert_eq!(seen.headers["cache-control"], "no-store");
    assert!(seen.bytes.starts_with(&[0xFF, 0xD8, 0xFF]), "made anew, whatever came");
    let unchecked = one.act(&id, "approve", json!({ "checks": ["kind", "name"] })).await;
    assert_eq!(unchecked.problem(422, "review_unchecked")["params"]["check"], "number");
    assert_eq!(one.approves(&id).await.ok()["item"]["state"], "approved");
    one.approves(&id).await.problem(409, "review_decided");
    one.browser.get(&image).await.problem(409, "review_decided");

    let identity = signer.polls().await;
    assert_eq!((&identity["state"], &identity["assurance"]), (&json!("verified"), &json!("substantial")));
    assert_eq!(identity["how"], json!(["document", "presented"]));
    assert_eq!(signer.show().await["step"], "document");
    house.sweep().await;
    let outbox = house.server.browser().get("/api/v1/outbox").await.ok().to_string();
    assert!(outbox.contains("Your ID document was approved"), "{outbox}");
    let log = house.log(&id).await;
    assert_eq!(log.matches("review.picture_seen").count(), 1, "{log}");
    for kind in ["review.submitted", "review.claimed", "review.approved", "identity.verified"] {
        assert!(log.contains(kind), "{kind}: {log}");
    }
    assert!(!log.contains(NUMBER) && !log.contains("陈晓雨"));
}

#[tokio::test]
async fn the_zone_that_a_reviewer_reads_is_compared_and_kept_nowhere() {
    let (house, id) = House::waiting().await;
    let path = format!("/api/v1/reviews/{id}");
    let compared = async |line: &str| {
        let body = json!({ "zone": format!("{ZONE}\n{line}") });
        house.one.browser.post(&format!("{path}/zone"), body).await
    };
    // For whoever has the check in hand.
    compared(LINES[0].0).await.problem(409, "review_unclaimed");
    house.one.claims(&id).await;
    for (line, result) in LINES {
        let found = compared(line).await.ok();
        assert_eq!(found["result"], result, "{found}");
        let read = result != "checksum";
        assert_eq!(found["born"].is_string(), read, "{found}");
        assert_eq!(found["number"].as_bool(), read.then_some(result != "number_differs"), "{found}");
        assert!(found["name"].is_null(), "Chinese characters are no letters: {found}");
        if result != "agrees" {
            let body = json!({ "checks": CHECKS, "zone": line });
            house.one.browser.post(&format!("{path}/approve"), body).await.problem(422, "review_zone");
        }
    }
    let zone = format!("{ZONE}\n{}", LINES[0].0);
    let body = json!({ "checks": CHECKS, "zone": zone });
    let approved = house.one.browser.post(&format!("{path}/approve"), body).await.ok();
    let said = approved["events"].as_array().expect("events").last().expect("the decision").clone();
    assert_eq!((&said["kind"], &said["params"]["zone"]), (&json!("review.approved"), &json!("agrees")));
    let log = house.log(&id).await;
    assert!(!log.contains(ZONE) && !log.contains(&LINES[0].0[10..]), "no zone is in the log");
    // A refusal says it, too.
    let (house, id) = House::waiting().await;
    house.one.claims(&id).await;
    let body = json!({ "reason": "number_differs", "zone": LINES[1].0 });
    let refused = house.one.browser.post(&format!("/api/v1/reviews/{id}/refuse"), body).await.ok();
    assert!(refused["events"].to_string().contains(r#""zone":"number_differs""#), "{}", refused["events"]);
}

#[tokio::test]
async fn approved_pictures_are_kept_for_their_time_and_erased_then() {
    let (house, id) = House::waiting().await;
    let before = house.blobs();
    house.one.claims(&id).await;
    house.one.approves(&id).await.ok();
    house.server.clock.advance(SignedDuration::from_hours(29 * 24));
    house.sweep().await;
    assert_eq!(house.blobs(), before);
    house.server.clock.advance(SignedDuration::from_hours(2 * 24));
    house.sweep().await;
    assert_eq!(house.blobs(), before - 2);
    let one = &house.one.browser;
    let log_in = json!({ "email": "one@example.com", "password": "correct horse battery" });
    one.post("/api/v1/sessions", log_in).await.ok();
    let case = one.get(&format!("/api/v1/reviews/{id}")).await.ok();
    assert!(case["events"].to_string().contains("review.erased"), "{case}");
    assert_eq!(case["item"]["state"], "approved", "the decision stays");
}

#[tokio::test]
async fn a_refusal_says_why_erases_at_once_and_is_a_try() {
    let (house, id) = House::waiting().await;
    let (signer, one) = (&house.signer, &house.one);
    let before = house.blobs();
    one.claims(&id).await;
    let refuse = |reason: &str, note: Option<&str>| json!({ "reason": reason, "note": note });
    one.act(&id, "refuse", refuse("unsealed", None)).await.problem(422, "reason_required");
    one.act(&id, "refuse", refuse("other", None)).await.problem(422, "reason_required");
    one.act(&id, "refuse", refuse("name_differs", Some(&"x".repeat(301))))
        .await
        .problem(422, "text_too_long");
    let case = one.act(&id, "refuse", refuse("name_differs", Some("It reads 陈小雨."))).await.ok();
    assert_eq!(
        (&case["item"]["state"], &case["item"]["reason"]),
        (&json!("refused"), &json!("name_differs"))
    );
    let identity = signer.polls().await;
    assert_eq!((&identity["state"], &identity["refused"]), (&json!("none"), &json!("review_name_differs")));
    assert_eq!(identity["refused_note"], "It reads 陈小雨.");
    house.sweep().await;
    assert_eq!(house.blobs(), before - 2);
    assert!(!house.log(&id).await.contains("陈小雨"), "notes are no part of the log");
    for _ in 0..2 {
        signer.sends_in().await;
        let id = house.id().await;
        one.claims(&id).await;
        one.act(&id, "refuse", refuse("unreadable", None)).await.ok();
    }
    signer.begins().await.problem(429, "identity_tries");
    house.server.clock.advance(SignedDuration::from_hours(25));
    // The session outlives the rest, since pictures were sent in.
    signer.begins().await.ok();
}

#[tokio::test]
async fn other_pictures_may_be_asked_for_but_not_for_ever() {
    let (house, id) = House::waiting().await;
    let (signer, one) = (&house.signer, &house.one);
    let before = house.blobs();
    for round in 1..=3 {
        one.claims(&id).await;
        let asked = one.act(&id, "ask", json!({ "reason": "unreadable", "note": "Glare." })).await;
        if round == 3 {
            asked.problem(409, "review_rounds");
            break;
        }
        assert_eq!(asked.ok()["item"]["state"], "collecting");
        let review = signer.polls().await["review"].clone();
        assert_eq!((&review["asked"], &review["note"]), (&json!("unreadable"), &json!("Glare.")));
        assert!(review["parts"].as_array().expect("parts").iter().all(|it| it["brought"] == false));
        one.approves(&id).await.problem(409, "review_decided");
        house.sweep().await;
        assert_eq!(house.blobs(), before - 2);
        signer.brings_all().await;
        signer.submits().await.ok();
    }
    one.approves(&id).await.ok();
    assert_eq!(signer.polls().await["state"], "verified");
}

#[tokio::test]
async fn of_two_administrators_and_of_two_decisions_exactly_one_counts() {
    let (house, id) = House::waiting().await;
    let (one, two) = (&house.one, &house.two);
    let claims = tokio::join!(one.act(&id, "claim", json!({})), two.act(&id, "claim", json!({})));
    let won = [&claims.0, &claims.1].map(|it| it.status.is_success());
    assert!(won[0] != won[1], "{claims:?}");
    let holder = if won[0] { one } else { two };
    let other = if won[0] { two } else { one };
    let decided = tokio::join!(
        holder.approves(&id),
        holder.act(&id, "refuse", json!({ "reason": "unreadable" })),
        other.approves(&id)
    );
    let counted = [&decided.0, &decided.1, &decided.2].map(|it| it.status.is_success());
    assert_eq!(counted.iter().filter(|it| **it).count(), 1, "{decided:?}");
    assert!(!counted[2]);
    let state = house.signer.polls().await["state"].clone();
    assert_eq!(state, if counted[0] { "verified" } else { "none" });
    let log = house.log(&id).await;
    assert_eq!(log.matches("\"review.approved\"").count() + log.matches("\"review.refused\"").count(), 1);
}

#[tokio::test]
async fn a_check_that_was_put_back_or_left_lying_is_taken_by_another() {
    let (house, id) = House::waiting().await;
    house.one.claims(&id).await;
    house.one.act(&id, "release", json!({})).await.ok();
    house.one.approves(&id).await.problem(409, "review_unclaimed");
    house.two.claims(&id).await;
    house.server.clock.advance(SignedDuration::from_mins(31));
    house.two.approves(&id).await.problem(409, "review_unclaimed");
    house.one.claims(&id).await;
    // Whoever loses the office decides nothing, not even what they have in hand.
    authority::remove_administrator(&house.server.service, "one@example.com").await.expect("an office");
    house.one.approves(&id).await.problem(404, "not_found");
    assert_eq!(house.signer.polls().await["state"], "pending");
}

#[tokio::test]
async fn whoever_withdraws_takes_the_pictures_along() {
    let refuse = json!({ "purpose": "photo", "locale": "en" });
    for (path, body) in [("identity/restart", json!({})), ("identity/refuse", refuse)] {
        let (house, id) = House::waiting().await;
        let before = house.blobs();
        house.one.claims(&id).await;
        assert_eq!(house.signer.post(path, body).await.ok()["identity"]["state"], "none");
        house.sweep().await;
        assert_eq!(house.blobs(), before - 2);
        house.one.approves(&id).await.problem(409, "review_decided");
        let list = house.one.browser.get("/api/v1/reviews").await.ok();
        assert_eq!(list["waiting"], json!([]));
        assert_eq!(house.signer.polls().await["state"], "none");
        assert!(house.log(&id).await.contains("review.closed"));
    }
}

#[tokio::test]
async fn a_check_that_nobody_decides_or_needs_any_more_ends() {
    let (house, id) = House::waiting().await;
    let before = house.blobs();
    house.server.clock.advance(SignedDuration::from_hours(7 * 24 + 1));
    house.sweep().await;
    let identity = house.signer.polls().await;
    assert_eq!((&identity["state"], &identity["refused"]), (&json!("none"), &json!("expired")));
    assert_eq!(house.blobs(), before - 2);

    assert!(!house.id_is_there(&id).await, "it left the queue");

    let (house, voided) = House::waiting().await;
    let before = house.blobs();
    house.one.claims(&voided).await;
    let void = format!("/api/v1/envelopes/{}/void", house.envelope["id"].as_str().expect("an id"));
    house.sender.browser.post(&void, json!({ "reason": "Another contract" })).await.ok();
    // Decided in the moment after: it verifies nobody.
    house.one.approves(&voided).await.problem(409, "review_decided");
    house.sweep().await;
    assert_eq!(house.blobs(), before - 2);
}

#[tokio::test]
async fn nobody_decides_about_their_own_envelope_or_identity() {
    let (house, id) = House::waiting().await;
    let signer = Sender::new(&house.server, "chen@example.com").await;
    for email in ["wang@example.com", "chen@example.com"] {
        authority::add_administrator(&house.server.service, email).await.expect("an account");
    }
    for own in [&house.sender, &signer] {
        let list = own.browser.get("/api/v1/reviews").await.ok();
        assert_eq!(list["waiting"][0]["own"], true);
        own.act(&id, "claim", json!({})).await.problem(403, "review_own");
        own.approves(&id).await.problem(403, "review_own");
    }
}

#[tokio::test]
async fn the_browser_that_sent_them_in_comes_back_days_later_and_another_is_not_verified() {
    let house = House::new().await;
    let sent = house.signer.sends_in().await;
    let cookie = sent.headers["set-cookie"].to_str().expect("plain");
    assert!(cookie.contains("Max-Age=1209600") && cookie.contains("HttpOnly"), "{cookie}");
    let other = house.signer.elsewhere(&house.server).await;
    let id = house.id().await;
    house.server.clock.advance(SignedDuration::from_hours(3 * 24));
    house.sweep().await;
    assert_eq!(house.signer.polls().await["state"], "pending");
    house.one.claims(&id).await;
    house.one.approves(&id).await.ok();
    assert_eq!(house.signer.polls().await["state"], "verified");
    other.browser.get(&other.path).await.problem(401, "session_missing");
    let other = house.signer.elsewhere(&house.server).await;
    assert_eq!(other.show().await["identity"]["state"], "none", "the link alone is nobody's identity");
}

/// One recipient, a person, with a place to sign; sent.
#[tokio::test]
async fn whoever_takes_the_consent_back_in_their_account_has_approved_pictures_erased() {
    let (house, id) = House::waiting().await;
    house.one.claims(&id).await;
    house.one.approves(&id).await.ok();
    let (signer, before) = (&house.signer, house.blobs());
    Sender::new(&house.server, "chen.own@example.com").await;
    let account = json!({ "email": "chen.own@example.com", "password": "correct horse battery" });
    signer.browser.post("/api/v1/sessions", account.clone()).await.ok();
    let mine = signer.post("account", json!({})).await.ok();
    assert_eq!(mine["person"]["counts"], true, "{mine}");
    assert_eq!(mine["person"]["checks"][0]["method"], "document_photo");
    assert_eq!(mine["consents"].as_array().map(Vec::len), Some(2));

    let confirm = json!({ "password": "correct horse battery" });
    signer.browser.post("/api/v1/session/confirm", confirm).await.ok();
    let path = "/api/v1/identity/consent/withdraw";
    let face = json!({ "purpose": "face", "locale": "en" });
    assert_eq!(signer.browser.post(path, face).await.ok()["person"]["counts"], true, "no face was compared");
    house.sweep().await;
    assert_eq!(house.blobs(), before);
    let photo = json!({ "purpose": "photo", "locale": "en" });
    let after = signer.browser.post(path, photo).await.ok();
    assert_eq!(after["person"]["counts"], false, "{after}");
    assert_eq!(after["person"]["checks"][0]["ended"], "consent_withdrawn");
    house.sweep().await;
    assert_eq!(house.blobs(), before - 2);
    let case = house.one.browser.get(&format!("/api/v1/reviews/{id}")).await.ok();
    assert_eq!(case["events"].to_string().matches("review.erased").count(), 1, "{case}");
}

async fn send(sender: &Sender) -> Value {
    let person = json!({ "kind": "person", "name": "陈晓雨", "email": "chen@example.com", "locale": "en", "order": 1 });
    send_to(sender, person, "signature").await
}

pub(crate) async fn send_to(sender: &Sender, recipient: Value, field: &str) -> Value {
    let draft = sender.draft(sample(1)).await;
    let path = format!("/api/v1/envelopes/{}", draft["id"].as_str().expect("an id"));
    let recipients = json!({ "recipients": [recipient] });
    let envelope = sender.browser.put(&format!("{path}/recipients"), recipients).await.ok();
    let fields = json!({ "fields": [{
        "recipient_id": envelope["recipients"][0]["id"], "document_id": envelope["documents"][0]["id"],
        "type": field, "page": 1, "x": 72.0, "y": 400.0, "width": 120.0, "height": 120.0, "required": true,
        "label": field,
    }] });
    sender.browser.put(&format!("{path}/fields"), fields).await.ok();
    sender.browser.post(&format!("{path}/send"), json!({})).await.ok()
}

pub(crate) fn who(document: &str, id_number: &str, photo: bool) -> Value {
    let version = service::identity::consent::VERSION;
    let consent = json!({ "version": version, "locale": "en", "photo": photo });
    json!({
        "name": "陈晓雨", "document": document, "id_number": id_number, "method": "document_photo", "consent": consent,
    })
}

pub(crate) fn picture(format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(640, 400, |x, y| {
        image::Rgb([u8::try_from(x % 251).unwrap_or(0), 80, u8::try_from(y % 241).unwrap_or(0)])
    });
    let mut file = Cursor::new(Vec::new());
    DynamicImage::from(image).write_to(&mut file, format).expect("an image is written");
    file.into_inner()
}

fn files(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let count = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path) } else { 1 }
    };
    entries.map(count).sum()
}
