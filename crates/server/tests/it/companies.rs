//! Companies by HTTP: the ways that are offered, who acts for one, and the clerk's transfers, with every refusal's status.

use serde_json::{Value, json};
use service::authority;

use crate::support::{Answer, Browser, Sender, TestServer, outbox_code, outbox_link, sample};

const COMPANY: &str = "深圳远帆贸易有限公司";
const CODE: &str = "91440300MA5EXAMP0C";
const ACCOUNT: &str = "44201505100052509876";

/// An agent of the company in their browser.
struct Agent<'a> {
    server: &'a TestServer,
    browser: Browser,
    path: String,
}

impl<'a> Agent<'a> {
    /// Invited, identified, and at the step of the company.
    async fn new(
        server: &'a TestServer,
        sender: &Sender,
        email: &str,
        (name, number, phone): (&str, &str, &str),
    ) -> Self {
        let draft = sender.draft(sample(1)).await;
        let path = format!("/api/v1/envelopes/{}", text(&draft["id"]));
        let recipients = json!({ "recipients": [{
            "kind": "organization", "name": name, "email": email, "organization": COMPANY, "locale": "en", "order": 1,
        }] });
        let envelope = sender.browser.put(&format!("{path}/recipients"), recipients).await.ok();
        let fields = json!({ "fields": [{
            "recipient_id": envelope["recipients"][0]["id"], "document_id": envelope["documents"][0]["id"],
            "type": "seal", "page": 1, "x": 72.0, "y": 400.0, "width": 120.0, "height": 120.0, "required": true,
            "label": "seal",
        }] });
        sender.browser.put(&format!("{path}/fields"), fields).await.ok();
        sender.browser.post(&format!("{path}/send"), json!({})).await.ok();
        let link = outbox_link(server, email).await;
        let secret = link.split_once('#').expect("a secret").1.to_owned();
        let path = format!("/api/v1/signing/{}", text(&envelope["recipients"][0]["id"]));
        let it = Self { server, browser: server.browser(), path };
        it.ok("session", json!({ "token": secret })).await;
        let shown = it.ok("view", json!({})).await;
        it.ok("consent", json!({ "version": shown["consent"]["version"], "locale": "en" })).await;
        let consent = json!({ "version": service::identity::consent::VERSION, "locale": "en" });
        let given = json!({ "name": name, "id_number": number, "phone": phone, "consent": consent });
        it.ok("identity", given).await;
        let code = outbox_code(server, &format!("+86{phone}")).await;
        assert_eq!(it.ok("identity/code", json!({ "code": code })).await["step"], "organization");
        it
    }

    async fn post(&self, operation: &str, body: Value) -> Answer {
        self.browser.post(&format!("{}/{operation}", self.path), body).await
    }

    async fn ok(&self, operation: &str, body: Value) -> Value {
        self.post(operation, body).await.ok()
    }

    async fn checked(&self) -> Value {
        let company = json!({ "name": COMPANY, "credit_code": CODE, "legal_representative": "李明哲" });
        self.ok("organization", company).await["organization"].clone()
    }

    async fn pays(&self) {
        self.server.clock.advance(jiff::SignedDuration::from_secs(1));
        self.ok("organization/payment", json!({ "account_number": ACCOUNT })).await;
        let bank = self.browser.get(&format!("/api/v1/sandbox/bank?account={ACCOUNT}")).await.ok();
        let amount = &bank["transfers"][0]["amount_fen"];
        let verified = self.ok("organization/payment/confirm", json!({ "amount_fen": amount })).await;
        assert_eq!(verified["organization"]["state"], "verified");
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

const WANG: (&str, &str, &str) = ("王建国", "310101199007265411", "13800000002");
const CHEN: (&str, &str, &str) = ("陈晓雨", "11010519860214102X", "13800000001");

#[tokio::test]
async fn the_ways_of_a_company_are_a_list_and_each_refuses_what_it_cannot_take() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "sender@example.com").await;
    let agent = Agent::new(&server, &sender, "wang@example.com", WANG).await;
    // Before the registry was asked.
    for (operation, body) in [
        ("organization/payment", json!({ "account_number": ACCOUNT })),
        ("organization/legal-representative", json!({})),
        ("organization/authorization", json!({ "contact": "li@example.com", "locale": "en" })),
        ("organization/authorization/remind", json!({})),
        ("organization/payment/confirm", json!({ "amount_fen": 1 })),
    ] {
        agent.post(operation, body).await.problem(409, "step_not_ready");
    }
    let dead = json!({ "name": "杭州旧梦文化传播有限公司", "credit_code": "91330106MA2GNE0094", "legal_representative": "赵䶮" });
    agent.post("organization", dead).await.problem(422, "organization_not_expected");
    let wrong = json!({ "name": COMPANY, "credit_code": CODE, "legal_representative": "陈晓雨" });
    let problem = agent.post("organization", wrong).await.problem(422, "organization_mismatch");
    assert_eq!(problem["params"]["what"], "legal_representative");
    let four = json!({
        "name": COMPANY, "credit_code": CODE, "legal_representative": "李明哲",
        "legal_representative_id": "310101199007265411",
    });
    let problem = agent.post("organization", four).await.problem(422, "organization_mismatch");
    assert_eq!(problem["params"]["what"], "legal_representative_id");

    let checked = agent.checked().await;
    assert_eq!(checked["state"], "registry_checked");
    let ways: Vec<&str> =
        checked["ways"].as_array().expect("a list").iter().map(|it| text(&it["way"])).collect();
    assert_eq!(ways, ["payment", "authorization", "legal_representative"]);
    agent.post("organization/legal-representative", json!({})).await.problem(422, "face_required");
    agent
        .post("organization/authorization", json!({ "contact": "", "locale": "en" }))
        .await
        .problem(422, "leader_contact_invalid");
    agent
        .post("organization/authorization", json!({ "contact": "wang@example.com", "locale": "en" }))
        .await
        .problem(422, "leader_is_agent");
    agent
        .post("organization/payment", json!({ "account_number": "12ab" }))
        .await
        .problem(422, "account_invalid");
    // The face of somebody who is not the legal representative leads nothing.
    let consent = json!({ "version": service::identity::consent::VERSION, "locale": "en", "face": true });
    let face = json!({ "method": "face_alipay", "consent": consent });
    let pending = agent.ok("organization/face", face).await;
    assert_eq!((&pending["step"], &pending["identity"]["state"]), (&json!("identity"), &json!("pending")));
    let transaction =
        text(&pending["identity"]["page"]["url"]).rsplit('/').next().expect("a number").to_owned();
    let play = format!("/api/v1/sandbox/faces/{transaction}");
    agent.browser.post(&play, json!({ "outcome": "passed" })).await.ok();
    let seen = agent.ok("identity/poll", json!({})).await;
    assert_eq!((&seen["step"], &seen["identity"]["assurance"]), (&json!("organization"), &json!("high")));
    let problem = agent
        .post("organization/legal-representative", json!({}))
        .await
        .problem(422, "organization_mismatch");
    assert_eq!(problem["params"]["what"], "legal_representative");
    assert_eq!(agent.browser.get(&agent.path).await.ok()["organization"]["state"], "registry_checked");
    agent.pays().await;
}

#[tokio::test]
async fn the_legal_representative_is_asked_reminded_and_asked_no_more() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "sender@example.com").await;
    let agent = Agent::new(&server, &sender, "wang@example.com", WANG).await;
    agent.checked().await;
    let asked = agent
        .ok(
            "organization/authorization",
            json!({ "contact": "li@example.com", "locale": "zh-CN", "administer": true }),
        )
        .await;
    assert_eq!(asked["organization"]["state"], "leader_asked");
    assert_eq!(asked["organization"]["authorization"]["contact_masked"], "l***@example.com");
    let first = outbox_link(&server, "li@example.com").await;
    agent.ok("organization/authorization/remind", json!({})).await;
    let second = outbox_link(&server, "li@example.com").await;
    assert_ne!(first, second);
    agent
        .post("organization/payment", json!({ "account_number": ACCOUNT }))
        .await
        .problem(409, "organization_step");
    let (address, secret) = second.split_once('#').expect("a secret");
    let rcp = address.rsplit('/').next().expect("an id");
    let leader = server.browser();
    let session = format!("/api/v1/signing/{rcp}/session");
    let letter = leader.post(&session, json!({ "token": secret })).await.ok();
    assert_eq!(letter["policy"]["assurance"], "high");
    assert_eq!(letter["recipient"]["name"], "李明哲");
    let ceremony = format!("/api/v1/signing/{rcp}");
    let seen = leader.post(&format!("{ceremony}/view"), json!({})).await.ok();
    let consent = json!({ "version": seen["consent"]["version"], "locale": "zh-CN" });
    leader.post(&format!("{ceremony}/consent"), consent).await.ok();
    let document = format!(
        "/api/v1/signing/{rcp}/documents/{}/content",
        text(&letter["envelope"]["documents"][0]["id"])
    );
    assert!(leader.get(&document).await.bytes.starts_with(b"%PDF-"));
    let back = agent.ok("organization/authorization/withdraw", json!({})).await;
    assert_eq!(back["organization"]["state"], "registry_checked");
    assert_eq!(leader.get(&format!("/api/v1/signing/{rcp}")).await.ok()["step"], "voided");
    agent.post("organization/authorization/remind", json!({})).await.problem(409, "organization_step");
}

#[tokio::test]
async fn an_agents_power_is_ended_by_another_agent_alone() {
    let server = TestServer::new().await;
    let sender = Sender::new(&server, "sender@example.com").await;
    let one = Agent::new(&server, &sender, "wang@example.com", WANG).await;
    one.checked().await;
    one.pays().await;
    let two = Agent::new(&server, &sender, "chen@example.com", CHEN).await;
    two.checked().await;
    two.pays().await;
    // The browser that holds the ceremony logs in, and links its account.
    let password = "correct horse battery";
    Sender::new(&server, "office@example.com").await;
    one.browser
        .post("/api/v1/sessions", json!({ "email": "office@example.com", "password": password }))
        .await
        .ok();
    let linked = one.ok("organization/administrator", json!({})).await;
    let organization = text(&linked["items"][0]["id"]).to_owned();
    let path = format!("/api/v1/organizations/{organization}/agents");
    server.browser().get(&path).await.problem(401, "unauthenticated");
    sender.browser.get(&path).await.problem(404, "not_found");
    let listed = one.browser.get(&path).await.ok();
    let items = listed["items"].as_array().expect("a list").clone();
    assert_eq!(items.len(), 2);
    let other = items.iter().find(|it| it["is_me"] == false).expect("another agent");
    assert_eq!(
        (&other["name"], &other["role"], &other["proof"]),
        (&json!("陈晓雨"), &json!("agent"), &json!("payment"))
    );
    let revoke = format!("{path}/{}/revoke", text(&other["id"]));
    sender.browser.post(&revoke, json!({ "reason": "dismissed" })).await.problem(404, "not_found");
    one.browser.post(&revoke, json!({ "reason": "renewed" })).await.problem(422, "invalid_request");
    let after = one.browser.post(&revoke, json!({ "reason": "dismissed" })).await.ok();
    let gone =
        after["items"].as_array().expect("a list").iter().find(|it| it["is_me"] == false).expect("it stays");
    assert_eq!((&gone["active"], &gone["revoked_reason"]), (&json!(false), &json!("dismissed")));
    one.browser.post(&revoke, json!({ "reason": "dismissed" })).await.problem(409, "agent_ended");
    assert_eq!(two.browser.get(&two.path).await.ok()["step"], "organization");
    two.checked().await;
    two.post("organization/payment", json!({ "account_number": ACCOUNT }))
        .await
        .problem(403, "agent_revoked");
}

#[tokio::test]
async fn transfers_are_there_for_administrators_alone() {
    let server = TestServer::new().await;
    let path = "/api/v1/transfers";
    server.browser().get(path).await.problem(401, "unauthenticated");
    let someone = Sender::new(&server, "someone@example.com").await;
    someone.browser.get(path).await.problem(404, "not_found");
    let one = format!("{path}/pay_019aae30c00070008000000000000001");
    for (operation, body) in [
        ("view", json!({})),
        ("sent", json!({ "reference": "B1" })),
        ("failed", json!({ "reason": "unavailable" })),
        ("returned", json!({})),
    ] {
        someone.browser.post(&format!("{one}/{operation}"), body).await.problem(404, "not_found");
    }
    authority::add_administrator(&server.service, "someone@example.com").await.expect("an account");
    let list = someone.browser.get(path).await.ok();
    assert_eq!(
        (&list["items"], &list["manual"]),
        (&json!([]), &json!(false)),
        "the sandbox bank pays by itself"
    );
    someone.browser.post(&format!("{one}/view"), json!({})).await.problem(404, "not_found");
    someone
        .browser
        .post(&format!("{one}/failed"), json!({ "reason": "tired" }))
        .await
        .problem(422, "invalid_request");
}
