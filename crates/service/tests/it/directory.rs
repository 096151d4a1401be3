//! An organization's own directory: who may name it, what it may say, and what of it is believed.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::openid::{Provider, TokenKey};
use vermilion_service::account::Actor;
use vermilion_service::directory::{
    self, Begun, DirectoryInput, StaffCallback, begin_for_account, begin_for_signer,
};
use vermilion_service::{Error, Locale, OrganizationId, Refusal, envelope, view};

use crate::killed::open_records;
use crate::signers::{AGENT, Guest, House, PERSON, refusal, sender};

const SUBJECT: &str = "subject-7f3a-of-the-directory";
const SECRET: &str = "the-secret-of-the-client";

/// A verified agent's ceremony, an account that administers their organization, and its directory.
struct Scene<'a> {
    house: &'a House,
    actor: Actor,
    envelope: vermilion_service::EnvelopeId,
    guest: Guest<'a>,
    organization: OrganizationId,
    provider: Provider,
    key: TokenKey,
}

impl<'a> Scene<'a> {
    async fn new(house: &'a House) -> Self {
        let actor = house.sender().await;
        let (envelope, _) = house.sent(&actor, view::Order::Parallel).await;
        let guest = house.guest(AGENT).await;
        guest.walk_to(view::Step::Document).await;
        let linked = directory::administer(&house.service, &actor, &guest.signer).await.expect("linked");
        let organization = linked.items[0].id.parse().expect("an id");
        let (provider, key) = (Provider::start(), TokenKey::new("ES256", "1"));
        provider.publish(&[&key]);
        let it = Self { house, actor, envelope, guest, organization, provider, key };
        it.configure(it.input()).await.expect("a directory");
        it
    }

    fn input(&self) -> DirectoryInput {
        DirectoryInput {
            issuer: self.provider.issuer(),
            client_id: "vermilion".to_owned(),
            client_secret: Some(SECRET.to_owned()),
            domains: vec!["@Example.com".to_owned()],
            acr_values: Vec::new(),
        }
    }

    async fn configure(&self, input: DirectoryInput) -> Result<view::AccountOrganizations, Error> {
        directory::configure(&self.house.service, &self.actor, self.organization, input).await
    }

    async fn begin(&self) -> Begun {
        begin_for_signer(&self.house.service, &self.guest.signer, Locale::ZhCn).await.expect("begun")
    }

    /// The directory signs the person in: the token answers this request, after `changes`.
    #[expect(clippy::needless_pass_by_value, reason = "what json! makes is given as it is")]
    fn sign_in(&self, begun: &Begun, changes: Value) -> StaffCallback {
        let asked = query(&begun.authorization_url);
        let at = domain::Clock::now(&*self.house.clock).as_second();
        let mut claims = json!({
            "iss": self.provider.issuer(), "sub": SUBJECT, "aud": "vermilion", "nonce": asked["nonce"], "iat": at,
            "exp": at + 600, "auth_time": at - 5, "acr": "silver", "amr": ["pwd", "otp"],
            "email": "wang@example.com", "email_verified": true, "name": "Wang",
        });
        for (name, value) in changes.as_object().expect("an object") {
            claims[name] = value.clone();
        }
        self.provider.trade(&self.key.token(&claims));
        StaffCallback {
            state: asked["state"].clone(),
            code: Some("code".to_owned()),
            iss: Some(self.provider.issuer()),
            error: None,
        }
    }

    async fn finish(&self, begun: &Begun, callback: StaffCallback) -> Result<view::StaffResult, Error> {
        directory::finish(&self.house.service, Some(&begun.browser), None, callback).await
    }

    /// How a sign-in with such a token ends.
    async fn refused(&self, changes: Value) -> Refusal {
        let begun = self.begin().await;
        let callback = self.sign_in(&begun, changes);
        refusal(self.finish(&begun, callback).await)
    }

    async fn events(&self) -> Vec<view::Event> {
        envelope::events(&self.house.service, &self.actor, self.envelope).await.expect("events").items
    }
}

fn query(url: &str) -> BTreeMap<String, String> {
    let (_, query) = url.split_once('?').expect("a query");
    query.split('&').filter_map(|it| it.split_once('=')).map(|(n, v)| (n.to_owned(), v.to_owned())).collect()
}

#[tokio::test]
async fn staff_sign_in_at_their_organizations_directory() {
    let house = House::new().await;
    let it = Scene::new(&house).await;
    let before = it.guest.show().await;
    assert_eq!(
        before.staff.as_ref().and_then(|it| it.directory.clone()),
        Some(it.provider.issuer().replace("http://", ""))
    );
    let begun = it.begin().await;
    let asked = query(&begun.authorization_url);
    assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
    assert_eq!(asked["redirect_uri"], "http%3A%2F%2F127.0.0.1%3A8080%2Foidc%2Fcallback");
    assert_eq!(asked["ui_locales"], "zh-CN");
    let callback = it.sign_in(&begun, json!({}));
    let result = it.finish(&begun, callback).await.expect("proved");
    assert_eq!(result.recipient, Some(it.guest.recipient.to_string()));
    assert_eq!(result.proof.email_masked.as_deref(), Some("w***@example.com"));
    assert_eq!(
        (result.proof.acr.as_deref(), result.proof.amr.join(" ")),
        (Some("silver"), "pwd otp".to_owned())
    );

    // The verifier that was redeemed is the one whose challenge was sent.
    let traded = it.provider.asked("/token").pop().expect("traded");
    let verifier = oidc::Verifier::parse(&traded.form["code_verifier"]).expect("a verifier");
    assert_eq!(verifier.challenge(), asked["code_challenge"]);

    // It stands beside what was proved before, and takes no step away.
    let after = it.guest.show().await;
    assert_eq!((after.step, after.identity.how.clone()), (before.step, before.identity.how));
    assert!(after.staff.expect("a directory").proof.is_some());
    let shown = envelope::show(&house.service, &it.actor, it.envelope).await.expect("the envelope");
    let how = &shown.recipients[1].verified.as_ref().expect("verified").how;
    assert_eq!(how.join(" "), "register phone_code company_register payment organization_directory");

    // The log knows a commitment, and nobody's name.
    let events = it.events().await;
    let event = events.iter().find(|it| it.kind == "staff.proved").expect("an event");
    assert_eq!((event.params["commitment"].len(), event.params["acr"].as_str()), (64, "silver"));
    let log = format!("{events:?}");
    assert!(!log.contains(SUBJECT) && !log.contains("wang@example.com"));

    // A working day later it counts no more.
    it.house.pass(SignedDuration::from_hours(11));
    assert!(it.guest.show().await.staff.expect("a directory").proof.is_some());
    it.house.pass(SignedDuration::from_hours(1));
    let later = it.guest.show().await.staff;
    assert!(later.is_none_or(|it| it.proof.is_none()));
}

#[tokio::test]
async fn a_sign_in_is_good_once_in_its_browser_and_for_ten_minutes() {
    let house = House::new().await;
    let it = Scene::new(&house).await;
    let service = &house.service;
    let begun = it.begin().await;
    let callback = it.sign_in(&begun, json!({}));
    // Another browser, or none, does not use it up.
    let other = it.begin().await;
    for browser in [None, Some(other.browser.as_str()), Some("")] {
        let refused = directory::finish(service, browser, None, callback.clone()).await;
        assert_eq!(refusal(refused), Refusal::StaffLoginInvalid);
    }
    let made_up = StaffCallback { state: "made up".to_owned(), ..callback.clone() };
    assert_eq!(refusal(it.finish(&begun, made_up).await), Refusal::StaffLoginInvalid);
    // Two at once: exactly one goes on.
    let (one, two) = tokio::join!(it.finish(&begun, callback.clone()), it.finish(&begun, callback.clone()));
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1);
    assert_eq!(refusal(if one.is_ok() { two } else { one }), Refusal::StaffLoginInvalid);
    assert_eq!(refusal(it.finish(&begun, callback).await), Refusal::StaffLoginInvalid);
    assert_eq!(it.provider.asked("/token").len(), 1, "the code was traded once");
    // Too late.
    let callback = it.sign_in(&other, json!({}));
    house.pass(SignedDuration::from_mins(10));
    assert_eq!(refusal(it.finish(&other, callback).await), Refusal::StaffLoginExpired);
}

#[tokio::test]
async fn what_a_directory_says_wrongly_is_refused_with_its_reason() {
    let house = House::new().await;
    let it = Scene::new(&house).await;
    let at = domain::Clock::now(&*house.clock).as_second();
    for (changes, reason) in [
        (json!({"nonce": "of another sign-in"}), "nonce"),
        (json!({"aud": "somebody else"}), "audience"),
        (json!({"iss": "https://evil.example"}), "issuer"),
        (json!({"exp": at - 61}), "expired"),
        (json!({"iat": at + 61}), "future"),
        (json!({"iat": at - 661}), "old"),
        (json!({"sub": null}), "missing"),
        (json!({"email_verified": false}), "email_unverified"),
        (json!({"email": null}), "email_missing"),
        (json!({"email": "wang@sub.example.com"}), "email_domain"),
        (json!({"email": "wang@example.com.evil.example"}), "email_domain"),
    ] {
        assert_eq!(it.refused(changes.clone()).await, Refusal::StaffRefused { reason }, "{changes}");
    }
    let events = it.events().await;
    let refused: Vec<&str> = events
        .iter()
        .filter(|it| it.kind == "staff.refused")
        .map(|it| it.params["reason"].as_str())
        .collect();
    assert_eq!(refused.len(), 11);
    assert!(it.guest.show().await.staff.expect("a directory").proof.is_none());

    // A stronger authentication, where the organization asks for it.
    it.configure(DirectoryInput { acr_values: vec!["gold".to_owned()], ..it.input() })
        .await
        .expect("changed");
    assert_eq!(it.refused(json!({})).await, Refusal::StaffRefused { reason: "acr" });
    let begun = it.begin().await;
    assert_eq!(query(&begun.authorization_url)["acr_values"], "gold");
    let callback = it.sign_in(&begun, json!({"acr": "gold"}));
    it.finish(&begun, callback).await.expect("proved");
}

#[tokio::test]
async fn errors_of_the_way_back_are_told_apart() {
    let house = House::new().await;
    let it = Scene::new(&house).await;
    let end = async |change: fn(&mut StaffCallback)| {
        let begun = it.begin().await;
        let mut callback = it.sign_in(&begun, json!({}));
        change(&mut callback);
        refusal(it.finish(&begun, callback).await)
    };
    assert_eq!(end(|it| it.error = Some("access_denied".to_owned())).await, Refusal::StaffDenied);
    assert_eq!(
        end(|it| it.error = Some("server_error".to_owned())).await,
        Refusal::StaffRefused { reason: "provider" }
    );
    assert_eq!(end(|it| it.code = None).await, Refusal::StaffRefused { reason: "no_code" });
    // RFC 9207: whose answer it is, is checked first; ours always says so.
    assert_eq!(end(|it| it.iss = None).await, Refusal::StaffRefused { reason: "mix_up" });
    let mixed = end(|it| {
        (it.iss, it.error) = (Some("https://evil.example".to_owned()), Some("access_denied".to_owned()));
    });
    assert_eq!(mixed.await, Refusal::StaffRefused { reason: "mix_up" });
    assert!(it.provider.asked("/token").is_empty(), "no code was traded");

    let begun = it.begin().await;
    let callback = it.sign_in(&begun, json!({}));
    it.provider.say("/token", 400, br#"{"error":"invalid_grant"}"#.to_vec());
    assert_eq!(refusal(it.finish(&begun, callback).await), Refusal::StaffRefused { reason: "exchange" });
    let begun = it.begin().await;
    let callback = it.sign_in(&begun, json!({}));
    it.provider.say("/token", 502, b"".to_vec());
    assert_eq!(refusal(it.finish(&begun, callback).await), Refusal::DirectoryUnavailable);
    // A directory that was changed meanwhile is another one.
    let begun = it.begin().await;
    let callback = it.sign_in(&begun, json!({}));
    it.configure(DirectoryInput { client_id: "other".to_owned(), ..it.input() }).await.expect("changed");
    assert_eq!(refusal(it.finish(&begun, callback).await), Refusal::StaffLoginInvalid);
}

#[tokio::test]
async fn the_directory_opens_no_step() {
    let house = House::new().await;
    let it = Scene::new(&house).await;
    let begin =
        async |guest: &Guest<'_>| refusal(begin_for_signer(&house.service, &guest.signer, Locale::En).await);
    // The same organization's next contract, before anybody is identified.
    let (_, _) = house.sent(&it.actor, view::Order::Parallel).await;
    let next = house.guest(AGENT).await;
    assert_eq!(begin(&next).await, Refusal::StepNotReady { step: "request" });
    next.walk_to(view::Step::Identity).await;
    assert_eq!(begin(&next).await, Refusal::StepNotReady { step: "identity" });
    assert!(next.show().await.staff.is_none());
    // A person who signs for themselves has no organization.
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Document).await;
    assert_eq!(begin(&person).await, Refusal::StepNotReady { step: "organization" });
    let refused = directory::administer(&house.service, &it.actor, &person.signer).await;
    assert_eq!(refusal(refused), Refusal::StepNotReady { step: "organization" });
}

#[tokio::test]
async fn only_its_administrators_name_an_organizations_directory() {
    let house = House::new().await;
    let it = Scene::new(&house).await;
    let service = &house.service;
    let stranger = sender(service, "eve@other.example").await;
    let named = directory::configure(service, &stranger, it.organization, it.input()).await;
    assert!(matches!(named, Err(Error::NotFound)));
    assert!(matches!(directory::remove(service, &stranger, it.organization).await, Err(Error::NotFound)));
    assert!(matches!(begin_for_account(service, &stranger, it.organization).await, Err(Error::NotFound)));
    assert!(directory::list(service, &stranger).await.expect("a list").items.is_empty());

    let with = |change: fn(&mut DirectoryInput)| {
        let mut input = it.input();
        change(&mut input);
        it.configure(input)
    };
    assert_eq!(
        refusal(with(|it| it.issuer = "login.example.com".to_owned()).await),
        Refusal::DirectoryIssuerInvalid
    );
    assert_eq!(refusal(with(|it| it.client_id = " ".to_owned()).await), Refusal::DirectoryClientInvalid);
    assert_eq!(refusal(with(|it| it.domains = vec![" ".to_owned()]).await), Refusal::DirectoryDomainsMissing);
    let wrong = Refusal::DirectoryDomainInvalid { domain: "example".to_owned() };
    assert_eq!(refusal(with(|it| it.domains = vec!["example".to_owned()]).await), wrong);
    let private = Refusal::DirectoryUnusable { reason: "private" };
    assert_eq!(refusal(with(|it| it.issuer = "https://10.0.0.1".to_owned()).await), private);
    assert_eq!(refusal(with(|it| it.issuer = "https://169.254.169.254".to_owned()).await), private);
    let elsewhere = refusal(with(|it| it.issuer.push_str("/tenant")).await);
    assert_eq!(elsewhere, Refusal::DirectoryUnusable { reason: "not_found" });

    // Left out, the secret stays; at another provider it is not sent.
    let listed = with(|it| it.client_secret = None).await.expect("changed");
    assert!(listed.items[0].directory.as_ref().expect("a directory").has_secret);
    let other = Provider::start();
    let input = DirectoryInput { issuer: other.issuer(), client_secret: None, ..it.input() };
    let listed = it.configure(input).await.expect("changed");
    assert!(!listed.items[0].directory.as_ref().expect("a directory").has_secret);

    // As long as the agent's verification counts, and no longer.
    house.pass(SignedDuration::from_hours(24 * 365));
    assert!(matches!(it.configure(it.input()).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn an_account_proves_that_it_is_staff() {
    let house = House::new().await;
    let it = Scene::new(&house).await;
    let service = &house.service;
    let colleague = sender(service, "ada@example.com").await;
    let listed = directory::list(service, &colleague).await.expect("a list");
    assert_eq!((listed.items.len(), listed.items[0].role), (1, view::OrganizationRole::Staff));
    assert!(listed.items[0].directory.is_none(), "what is configured is for administrators");
    let begun = begin_for_account(service, &colleague, it.organization).await.expect("begun");
    let callback = it.sign_in(&begun, json!({}));
    let finish = |actor| directory::finish(service, Some(&begun.browser), actor, callback.clone());
    assert!(matches!(finish(None).await, Err(Error::Unauthorised)));
    assert_eq!(refusal(finish(Some(&it.actor)).await), Refusal::StaffLoginInvalid);
    let result = finish(Some(&colleague)).await.expect("proved");
    assert_eq!(result.recipient, None);
    let listed = directory::list(service, &colleague).await.expect("a list");
    assert_eq!(listed.items[0].staff, Some(result.proof));
    // Nothing of it in another's ceremony.
    assert!(it.guest.show().await.staff.expect("a directory").proof.is_none());
}

#[tokio::test]
async fn what_must_not_be_read_is_sealed() {
    let house = House::new().await;
    let it = Scene::new(&house).await;
    let begun = it.begin().await;
    let asked = query(&begun.authorization_url);
    let callback = it.sign_in(&begun, json!({}));
    it.finish(&begun, callback).await.expect("proved");
    let verifier = it.provider.asked("/token").pop().expect("traded").form["code_verifier"].clone();
    let mut bytes = Vec::new();
    for file in ["vermilion.db", "vermilion.db-wal"] {
        bytes.extend(std::fs::read(house.data().join(file)).unwrap_or_default());
    }
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("staff_proofs") && holds(&it.provider.issuer()));
    for secret in
        [SECRET, SUBJECT, "wang@example.com", &verifier, &asked["nonce"], &asked["state"], &begun.browser]
    {
        assert!(!holds(secret), "{secret}");
    }
}

#[tokio::test]
async fn an_organization_takes_back_what_it_said_and_whom_it_let_in() {
    let house = House::new().await;
    let service = &house.service;
    let it = Scene::new(&house).await;
    let begun = it.begin().await;
    let callback = it.sign_in(&begun, json!({}));
    it.finish(&begun, callback).await.expect("proved");
    let people = directory::people(service, &it.actor, it.organization).await.expect("people");
    assert_eq!((people.administrators.len(), people.statements.len()), (1, 1));
    assert!(people.administrators[0].is_me && people.statements[0].counts);
    let id = people.statements[0].id.parse().expect("an id");
    // Who does not administer it takes nothing back, and learns nothing.
    let other = sender(service, "other@example.com").await;
    let refused = directory::withdraw_statement(service, &other, it.organization, id).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    assert!(matches!(directory::people(service, &other, it.organization).await, Err(Error::NotFound)));

    let after =
        directory::withdraw_statement(service, &it.actor, it.organization, id).await.expect("taken back");
    assert!(!after.statements[0].counts && after.statements[0].withdrawn_at.is_some());
    let again = directory::withdraw_statement(service, &it.actor, it.organization, id).await;
    assert!(matches!(again, Err(Error::NotFound)), "once");
    assert!(it.guest.show().await.staff.expect("a directory").proof.is_none());
    let shown = envelope::show(service, &it.actor, it.envelope).await.expect("the envelope");
    let how = &shown.recipients[1].verified.as_ref().expect("verified").how;
    assert!(!how.iter().any(|word| word == "organization_directory"), "{how:?}");

    let me = it.actor.id();
    let left =
        directory::remove_administrator(service, &it.actor, it.organization, me).await.expect("removed");
    assert!(left.administrators.is_empty(), "who is out sees no more");
    let listed = directory::list(service, &it.actor).await.expect("a list").items;
    assert!(listed.iter().all(|it| it.role != view::OrganizationRole::Administrator));

    // As long after its end as checks are, nothing says whom it was about.
    house.pass(SignedDuration::from_hours(24 * (5 * 366 + 1)));
    vermilion_service::jobs::sweep(service).await.expect("a sweep");
    let mut reader = open_records(house.data()).await.read().await.expect("a reader");
    let kept = reader.staff_proofs_of_recipient(it.guest.recipient).await.expect("proofs").remove(0);
    assert!(
        kept.subject.subject.is_empty() && kept.subject.id_token.is_empty() && kept.email_masked.is_none()
    );
    assert_ne!(kept.commitment, [0; 32]);
}

#[tokio::test]
async fn a_secret_that_cannot_be_read_hides_no_organization_from_anybody() {
    let house = House::new().await;
    let it = Scene::new(&house).await;
    // As a row of another server's data is read, or one that was damaged.
    let rng = std::sync::Arc::new(vermilion_service::SystemRng);
    let other = std::sync::Arc::new(keys::ServerKey::from_bytes([7; 32]));
    let records = open_records(house.data()).await;
    let mut known =
        records.read().await.unwrap().directory(it.organization).await.unwrap().expect("it was configured");
    known.client_secret = Some("sealed under another key".to_owned());
    let strange =
        store::Store::open(&house.data().join("vermilion.db"), other, rng).await.expect("the same file");
    let mut tx = strange.begin().await.unwrap();
    tx.put_directory(&known).await.unwrap();
    tx.commit().await.unwrap();
    let staff = sender(&house.service, "staff@example.com").await;
    let stranger = sender(&house.service, "staff@elsewhere.example").await;
    let listed = async |actor| directory::list(&house.service, actor).await.expect("a page").items;
    assert_eq!(listed(&staff).await.len(), 1, "whose domain it is sees it");
    assert!(listed(&stranger).await.is_empty());
    let own = listed(&it.actor).await;
    assert!(own[0].directory.as_ref().expect("configured").has_secret);
}
