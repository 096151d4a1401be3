//! The whole way of a contract by HTTP: sent, signed by a person, sealed by a company, proved.

use serde_json::{Value, json};

use crate::support::{Browser, Sender, TestServer, outbox_code, outbox_link, sample};

pub(crate) const PIN: &str = "735194";

#[tokio::test]
async fn a_contract_is_sent_signed_sealed_and_proved() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "wang@example.com").await;
    let envelope = send(&sender).await;
    let path = format!("/api/v1/envelopes/{}", id(&envelope));
    assert_eq!(envelope["recipients"][0]["status"], "invited");
    assert_eq!(envelope["recipients"][1]["status"], "waiting", "in order: the company comes second");
    assert!(!envelope.to_string().contains('#'), "the sender never sees a link's secret");

    let person = Signing::open(&server, &envelope["recipients"][0], "wang.jianguo@example.com").await;
    person.sign_as_person(&envelope).await;
    let between = sender.browser.get(&path).await.ok();
    assert_eq!((&between["status"], &between["recipients"][0]["status"]), (&json!("sent"), &json!("signed")));
    assert_eq!(between["recipients"][1]["status"], "invited");

    let company = Signing::open(&server, &envelope["recipients"][1], "chen@example.com").await;
    company.seal_as_company(&envelope).await;
    let done = sender.browser.get(&path).await.ok();
    assert_eq!((&done["status"], &done["report_ready"]), (&json!("completed"), &json!(true)));

    let signed = sender.browser.get(&format!("{path}/documents/{}/content", id(&done["documents"][0]))).await;
    assert_eq!(signed.status.as_u16(), 200);
    assert!(signed.bytes.starts_with(&sample(2)), "every earlier byte is in place");
    assert!(
        signed.headers["content-disposition"].to_str().unwrap().contains(" - signed.pdf"),
        "not the name of the sender's file"
    );
    let proof = sender.browser.get(&format!("{path}/proof")).await;
    verdicts(&server.browser(), &signed.bytes, &proof.bytes).await;

    let report = sender.browser.get(&format!("{path}/report")).await;
    assert!(report.bytes.starts_with(b"%PDF-"), "{}", report.text());
    let events = sender.browser.get(&format!("{path}/events")).await.ok();
    assert_eq!(events["chain"]["intact"], true);
    for secret in [PIN, "310101199007265411", "13800000002", "11010519860214102X"] {
        assert!(!events.to_string().contains(secret) && !done.to_string().contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn links_wrong_data_and_wrong_pins_are_refused() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "wang@example.com").await;
    let envelope = send(&sender).await;
    let recipient = &envelope["recipients"][0];
    let stranger = server.browser();
    let path = format!("/api/v1/signing/{}", id(recipient));
    stranger.get(&path).await.problem(401, "session_missing");
    stranger
        .post(&format!("{path}/session"), json!({ "token": "nonsense" }))
        .await
        .problem(403, "link_invalid");

    let signing = Signing::open(&server, recipient, "wang.jianguo@example.com").await;
    signing.post("identity", who("王建国", "310101199007265411")).await.problem(409, "step_not_ready");
    signing.consent().await;
    let wrong = signing.post("identity", who("王建国", "310101199007265412")).await;
    let problem = wrong.problem(422, "id_number_invalid");
    assert_eq!((&problem["params"]["reason"], &problem["field"]), (&json!("checksum"), &json!("id_number")));
    signing.post("identity", who("王建国", "440305197811033036")).await.problem(422, "identity_mismatch");
    signing
        .post("identity", who("李明哲", "440305197811033036"))
        .await
        .problem(422, "recipient_name_mismatch");
    signing.post("identity", who("王建国", "310101199007265411")).await.ok();
    let problem = signing.post("identity/code", json!({ "code": "000000" })).await.problem(422, "code_wrong");
    assert!(problem["params"]["tries_left"].is_number());
    signing.post("identity/resend", json!({})).await.problem(429, "resend_too_soon");
    signing.prove_phone("+8613800000002").await;
    signing.fill(&envelope, 0).await;
    signing
        .post("impressions", json!({ "kind": "drawn", "strokes": [], "width": 300, "height": 100 }))
        .await
        .problem(422, "impression_empty");
    signing.post("impressions", json!({ "kind": "typed", "text": "王建国" })).await.ok();
    signing.post("key", json!({ "pin": "123456" })).await.problem(422, "pin_weak");
    signing.post("key", json!({ "pin": PIN })).await.ok();
    for left in (1..5).rev() {
        let problem = signing.confirm("111222").await.problem(422, "pin_wrong");
        assert_eq!(problem["params"]["tries_left"], left);
    }
    signing.confirm("111222").await.problem(429, "key_locked");
    signing.confirm(PIN).await.problem(429, "key_locked");
    server.clock.advance(jiff::SignedDuration::from_mins(16));
    let done = signing.confirm(PIN).await.ok();
    assert_eq!(done["step"], "done");
    let again = signing.confirm(PIN).await.ok();
    assert_eq!(again["result"], done["result"], "signing twice signs once");
}

#[tokio::test]
async fn a_recipient_may_decline_and_that_ends_it() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "wang@example.com").await;
    let envelope = send(&sender).await;
    let signing = Signing::open(&server, &envelope["recipients"][0], "wang.jianguo@example.com").await;
    signing.post("decline", json!({ "reason": "" })).await.problem(422, "reason_required");
    let declined = signing.post("decline", json!({ "reason": "Clause 4 is wrong" })).await.ok();
    assert_eq!(declined["step"], "declined");
    let envelope = sender.browser.get(&format!("/api/v1/envelopes/{}", id(&envelope))).await.ok();
    assert_eq!(
        (&envelope["status"], &envelope["decline"]["reason"]),
        (&json!("declined"), &json!("Clause 4 is wrong"))
    );
}

#[tokio::test]
async fn a_reminder_ends_the_old_link_and_sends_a_new_one() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "wang@example.com").await;
    let envelope = send(&sender).await;
    let recipient = &envelope["recipients"][0];
    let old = outbox_link(&server, "wang.jianguo@example.com").await;
    server.clock.advance(jiff::SignedDuration::from_hours(1));
    let remind = format!("/api/v1/envelopes/{}/recipients/{}/remind", id(&envelope), id(recipient));
    sender.browser.post(&remind, json!({})).await.ok();
    let path = format!("/api/v1/signing/{}/session", id(recipient));
    let token = |link: &str| json!({ "token": link.split_once('#').expect("a fragment").1 });
    server.browser().post(&path, token(&old)).await.problem(403, "link_invalid");
    let new = outbox_link(&server, "wang.jianguo@example.com").await;
    server.browser().post(&path, token(&new)).await.ok();
}

/// Two recipients in order, a person and a company, with their places; sent.
pub(crate) async fn send(sender: &Sender) -> Value {
    send_under(sender, "standard").await
}

/// The same under a signing policy.
pub(crate) async fn send_under(sender: &Sender, policy: &str) -> Value {
    let draft = sender.draft(sample(2)).await;
    let path = format!("/api/v1/envelopes/{}", id(&draft));
    sender.browser.patch(&path, json!({ "policy": policy })).await.ok();
    let recipients = json!({ "recipients": [
        { "kind": "person", "name": "王建国", "email": "wang.jianguo@example.com", "locale": "zh-CN", "order": 1 },
        { "kind": "organization", "name": "陈晓雨", "email": "chen@example.com", "organization": "北京朱砂科技有限公司", "locale": "en", "order": 2 },
    ] });
    let envelope = sender.browser.put(&format!("{path}/recipients"), recipients).await.ok();
    let field = |recipient: usize, kind: &str, y: f64, height: f64| {
        json!({
            "recipient_id": envelope["recipients"][recipient]["id"], "document_id": envelope["documents"][0]["id"],
            "type": kind, "page": 2, "x": 72.0, "y": y, "width": 160.0, "height": height, "required": true,
            "label": kind,
        })
    };
    let fields = json!({ "fields": [
        field(0, "signature", 400.0, 60.0), field(0, "text", 480.0, 24.0), field(0, "date", 520.0, 24.0),
        field(1, "seal", 600.0, 120.0),
    ] });
    sender.browser.put(&format!("{path}/fields"), fields).await.ok();
    sender.browser.post(&format!("{path}/send"), json!({})).await.ok()
}

pub(crate) fn who(name: &str, id_number: &str) -> Value {
    let phone = if id_number.starts_with("11") { "13800000001" } else { "13800000002" };
    let consent = json!({ "version": service::identity::consent::VERSION, "locale": "zh-CN" });
    json!({ "name": name, "id_number": id_number, "phone": phone, "consent": consent })
}

pub(crate) fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap_or_else(|| panic!("no id in {value}"))
}

async fn verdicts(browser: &Browser, file: &[u8], proof: &[u8]) {
    let verdict = browser.upload("/api/v1/verify?name=signed.pdf", file.to_vec()).await.ok();
    assert_eq!(verdict["indication"], "TOTAL-PASSED", "{verdict}");
    let signatures = verdict["signatures"].as_array().expect("a list");
    assert_eq!(signatures.len(), 3, "one signature for each recipient, one time-stamp over both");
    assert_eq!(signatures[2]["kind"], "doc-timestamp");
    for signature in &signatures[..2] {
        assert_eq!(
            (&signature["level"], &signature["trusted"]),
            (&json!("PAdES-B-LTA"), &json!(true)),
            "{signature}"
        );
    }
    let mut changed = file.to_vec();
    let place = changed.windows(6).position(|bytes| bytes == b"Lease,").expect("the text is there");
    changed[place] = b'P';
    let reason =
        |verdict: &Value| verdict["signatures"][0]["reliability_reasons"]["sole_control"]["code"].clone();
    assert_eq!(reason(&verdict), "sole_control_unwitnessed", "a PIN leaves nothing to show");
    let verdict = browser.upload("/api/v1/verify?name=changed.pdf", changed.clone()).await.ok();
    assert_eq!(verdict["indication"], "TOTAL-FAILED");
    assert_eq!(reason(&verdict), "sole_control_not_shown", "nobody gave a proof");
    // The proof, and then the file.
    let with = |proof: &[u8], file: &[u8]| [proof, file].concat();
    let path = format!("/api/v1/verify?proof={}", proof.len());
    let verdict = browser.upload(&path, with(proof, file)).await.ok();
    assert_eq!(
        (&verdict["indication"], reason(&verdict)),
        (&json!("TOTAL-PASSED"), json!("sole_control_unwitnessed"))
    );
    assert_eq!(verdict["sha256"], hex::encode(pki::sha256(file)), "the file alone is judged");
    let verdict = browser.upload(&path, with(proof, &changed)).await.ok();
    assert_eq!(verdict["indication"], "TOTAL-FAILED");
    // What whoever asks knows besides: a fingerprint, and whose policy it is.
    let known = format!("{path}&passkeys={}&attests=1.2.156.1.9@{}", "ab".repeat(32), "cd".repeat(32));
    let verdict = browser.upload(&known, with(proof, file)).await.ok();
    assert_eq!(reason(&verdict), "sole_control_unwitnessed");
    let rules = verdict["signatures"][0]["policy"]["rules"].as_array().expect("a list");
    assert!(rules.iter().any(|it| it["rule"] == "level" && it["condition"] == "met"), "{rules:?}");
    for unknowable in ["passkeys=12", "attests=1.2.156.1.9", "attests=1.3.6.1.4.1.99999.1.1@ab"] {
        let path = format!("{path}&{unknowable}");
        browser.upload(&path, with(proof, file)).await.problem(422, "known_invalid");
    }
    let cut = format!("/api/v1/verify?proof={}", proof.len() - 2);
    browser.upload(&cut, with(proof, file)).await.problem(422, "proof_invalid");
    browser.upload("/api/v1/verify?proof=9000000", with(proof, file)).await.problem(413, "proof_invalid");
    browser.upload("/api/v1/verify?name=a.txt", b"text".to_vec()).await.problem(415, "not_pdf");
}

/// Both sign what [`send`] sent.
pub(crate) async fn sign_all(server: &TestServer, envelope: &Value) {
    let person = Signing::open(server, &envelope["recipients"][0], "wang.jianguo@example.com").await;
    person.sign_as_person(envelope).await;
    let company = Signing::open(server, &envelope["recipients"][1], "chen@example.com").await;
    company.seal_as_company(envelope).await;
}

/// One recipient's ceremony in one browser.
pub(crate) struct Signing<'a> {
    server: &'a TestServer,
    browser: Browser,
    path: String,
}

impl<'a> Signing<'a> {
    pub(crate) async fn open(server: &'a TestServer, recipient: &Value, email: &str) -> Self {
        let browser = server.browser();
        let link = outbox_link(server, email).await;
        let (address, secret) = link.split_once('#').expect("the secret is in the fragment");
        let public = &server.service.config().public_url;
        assert_eq!(address, format!("{public}/sign/{}", id(recipient)));
        let path = format!("/api/v1/signing/{}", id(recipient));
        let answer = browser.post(&format!("{path}/session"), json!({ "token": secret })).await;
        assert_eq!(answer.ok()["step"], "request");
        let cookie = answer.headers["set-cookie"].to_str().expect("plain");
        assert!(
            cookie.starts_with("vermilion_signing=") && cookie.contains(&format!("Path={path};")),
            "{cookie}"
        );
        Self { server, browser, path }
    }

    pub(crate) async fn post(&self, operation: &str, body: Value) -> crate::support::Answer {
        self.browser.post(&format!("{}/{operation}", self.path), body).await
    }

    pub(crate) async fn ceremony(&self) -> Value {
        self.browser.get(&self.path).await.ok()
    }

    pub(crate) async fn consent(&self) -> Value {
        let ceremony = self.post("view", json!({})).await.ok();
        assert_eq!(ceremony["step"], "consent");
        self.post("consent", json!({ "version": "nothing", "locale": "en" }))
            .await
            .problem(409, "consent_version");
        let consent = json!({ "version": ceremony["consent"]["version"], "locale": "en" });
        let ceremony = self.post("consent", consent).await.ok();
        assert_eq!(ceremony["step"], "identity");
        ceremony
    }

    pub(crate) async fn prove_phone(&self, phone: &str) -> Value {
        let code = outbox_code(self.server, phone).await;
        self.post("identity/code", json!({ "code": code })).await.ok()
    }

    /// Writes into the recipient's own text and date fields.
    pub(crate) async fn fill(&self, envelope: &Value, recipient: usize) -> Value {
        let own = id(&envelope["recipients"][recipient]);
        let fields = envelope["fields"].as_array().expect("a list");
        let values: Vec<Value> = fields
            .iter()
            .filter(|field| field["recipient_id"] == own)
            .filter_map(|field| match field["type"].as_str() {
                Some("text") => Some(json!({ "id": field["id"], "value": "上海市黄浦区 1 号" })),
                Some("date") => Some(json!({ "id": field["id"], "value": "2026-11-23" })),
                _ => None,
            })
            .collect();
        self.browser.put(&format!("{}/fields", self.path), json!({ "values": values })).await.ok()
    }

    /// The documents as they are shown.
    pub(crate) async fn shown(&self) -> Value {
        let ceremony = self.ceremony().await;
        let document = &ceremony["envelope"]["documents"][0];
        json!([{ "id": document["id"], "sha256": document["sha256"] }])
    }

    pub(crate) async fn confirm(&self, pin: &str) -> crate::support::Answer {
        let documents = self.shown().await;
        self.post("sign", json!({ "pin": pin, "locale": "en", "documents": documents })).await
    }

    pub(crate) async fn offer(&self) -> crate::support::Answer {
        let documents = self.shown().await;
        self.post("activations", json!({ "locale": "en", "documents": documents })).await
    }

    /// As the person, up to the key.
    pub(crate) async fn walk_to_key(&self, envelope: &Value) {
        self.consent().await;
        self.post("identity", who("王建国", "310101199007265411")).await.ok();
        self.prove_phone("+8613800000002").await;
        self.fill(envelope, 0).await;
        let typed = self.post("impressions", json!({ "kind": "typed", "text": "王建国" })).await.ok();
        assert_eq!(typed["step"], "key");
    }

    async fn sign_as_person(&self, envelope: &Value) {
        self.consent().await;
        let shown = self.ceremony().await["envelope"]["documents"][0].clone();
        let content = self.browser.get(&format!("{}/documents/{}/content", self.path, id(&shown))).await;
        assert!(content.bytes.starts_with(b"%PDF-"));
        let sent = self.post("identity", who("王建国", "310101199007265411")).await.ok();
        assert_eq!(
            (&sent["identity"]["state"], &sent["identity"]["phone_masked"]),
            (&json!("code_sent"), &json!("138****0002"))
        );
        let ceremony = self.prove_phone("+8613800000002").await;
        assert_eq!(
            (&ceremony["step"], &ceremony["identity"]["state"]),
            (&json!("document"), &json!("verified"))
        );
        assert_eq!(self.fill(envelope, 0).await["step"], "impression");
        let stroke = json!([{ "x": 10.0, "y": 20.0 }, { "x": 80.0, "y": 60.0 }, { "x": 160.0, "y": 25.0 }]);
        let drawn = json!({ "kind": "drawn", "strokes": [stroke], "width": 300.0, "height": 100.0 });
        assert_eq!(self.post("impressions", drawn).await.ok()["step"], "key");
        let ready = self.post("key", json!({ "pin": PIN })).await.ok();
        assert_eq!((&ready["step"], &ready["key"]["state"]), (&json!("confirm"), &json!("ready")));
        assert!(ready["certificate"]["subject"].as_str().is_some_and(|subject| subject.contains("王建国")));
        let done = self.confirm(PIN).await.ok();
        assert_eq!((&done["step"], &done["result"]["completed"]), (&json!("done"), &json!(false)), "{done}");
        assert!(done["result"]["time_stamp"].is_string());
    }

    async fn seal_as_company(&self, envelope: &Value) {
        self.consent().await;
        self.post("identity", who("陈晓雨", "11010519860214102X")).await.ok();
        assert_eq!(self.prove_phone("+8613800000001").await["step"], "organization");
        let company = json!({ "name": "北京朱砂科技有限公司", "credit_code": "91110105MA01CHEN75", "legal_representative": "陈晓雨" });
        let mut wrong = company.clone();
        wrong["credit_code"] = json!("91110105MA01CHEN76");
        self.post("organization", wrong).await.problem(422, "credit_code_invalid");
        let checked = self.post("organization", company).await.ok();
        assert_eq!(checked["organization"]["state"], "registry_checked");
        let account = "11001018800053001234";
        let paid = self.post("organization/payment", json!({ "account_number": account })).await.ok();
        assert_eq!(paid["organization"]["state"], "payment_sent");
        let bank = self.browser.get(&format!("/api/v1/sandbox/bank?account={account}")).await.ok();
        let amount = bank["transfers"][0]["amount_fen"].as_u64().expect("an amount");
        let wrong = json!({ "amount_fen": if amount == 1 { 2 } else { amount - 1 } });
        self.post("organization/payment/confirm", wrong).await.problem(422, "amount_wrong");
        let verified = self.post("organization/payment/confirm", json!({ "amount_fen": amount })).await.ok();
        assert_eq!(
            (&verified["organization"]["state"], &verified["step"]),
            (&json!("verified"), &json!("document"))
        );
        assert_eq!(self.fill(envelope, 1).await["step"], "impression");
        let seal = json!({ "kind": "seal_drawn", "purpose": "contract", "number": "1101050012345" });
        let sealed = self.post("impressions", seal).await.ok();
        assert!(sealed["impressions"][0]["svg"].as_str().is_some_and(|svg| svg.starts_with("<svg")));
        self.post("key", json!({ "pin": PIN })).await.ok();
        let done = self.confirm(PIN).await.ok();
        assert_eq!((&done["step"], &done["result"]["completed"]), (&json!("done"), &json!(true)), "{done}");
    }
}
