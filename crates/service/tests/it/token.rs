//! Organizations' keys in a hardware module, tried with SoftHSM.
//!
//! SoftHSM finds its tokens by an environment variable, which a test must not set in its own process: so the tests below run
//! in a process of their own, each with a token of its own.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail where they stand")]

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, ObjectClass};
use cryptoki::types::AuthPin;
use domain::policy::{Custody, WillCheck};
use keys::passkey::Assertion;
use keys::pkcs11::{KeyChoice, PoolSettings, TokenChoice};
use vermilion_service::ceremony::{self, Agreement, Registered};
use vermilion_service::{Config, Error, Refusal, authority, envelope, policy, token, verify, view};
use zeroize::Zeroizing;

use crate::authenticator::Authenticator;
use crate::control::{futures_join, own};
use crate::cut_down::{Way, every_commit_of};
use crate::external::Abroad;
use crate::functions::{self, every_function};
use crate::killed::open_records;
use crate::signers::{self, AGENT, Guest, House, PERSON, PIN, document, refusal, sender};

pub(crate) const TOKEN_PIN: &str = "913570";

fn module() -> PathBuf {
    let known = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];
    known.iter().map(PathBuf::from).find(|path| path.is_file()).expect("SoftHSM has a module")
}

/// Runs a test in a process of its own, with a fresh token.
fn with_a_token(test: &str) {
    let Some(util) = testkit::tool("softhsm2-util") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (tokens, settings) = (folder.path().join("tokens"), folder.path().join("softhsm2.conf"));
    std::fs::create_dir(&tokens).unwrap();
    let line = format!("directories.tokendir = {}\nlog.level = ERROR\n", tokens.display());
    std::fs::write(&settings, line).unwrap();
    let made = util
        .command()
        .args(["--init-token", "--free", "--label", "seals", "--pin", TOKEN_PIN, "--so-pin", "12345678"])
        .env("SOFTHSM2_CONF", &settings)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("token::{test}"), "--ignored", "--nocapture"])
        .env("SOFTHSM2_CONF", &settings)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&ran.stdout);
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success() && text.contains("1 passed"), "{text}\n{said}");
}

macro_rules! in_a_process {
    ($($test:ident => $inner:ident),* $(,)?) => {$(
        #[test]
        fn $test() {
            with_a_token(stringify!($inner));
        }
    )*};
}

in_a_process! {
    an_organizations_key_in_the_token_signs_after_its_agents_pin => inner_pin,
    a_token_that_is_away_costs_nothing_and_signs_when_it_is_back => inner_away,
    a_passkey_releases_the_key_in_the_token_and_its_certificate_names_it => inner_passkey,
    a_key_that_was_bound_to_a_company_is_given_to_its_first_agent => inner_bound,
    a_bound_key_that_was_not_certified_is_tried_again_and_no_other_is_made => inner_again,
    a_bound_key_that_was_certified_for_nothing_is_not_replaced_in_silence => inner_spent,
    an_agents_own_signature_leaves_the_companys_key_alone => inner_own_signature,
    a_key_that_asks_for_the_pin_with_each_signature_gets_a_refused_one_once => inner_each_time,
    a_key_that_nobody_waited_for_is_not_left_in_the_token => inner_nobody_waits,
    a_key_whose_certificate_is_refused_beforehand_is_not_left_in_the_token => inner_undone,
    a_token_that_is_configured_no_more_is_not_waited_for => inner_no_token,
    of_several_uses_of_one_activation_the_token_signs_once => inner_at_once,
    a_kill_after_any_commit_leaves_a_key_in_the_token_one_signature => inner_cut_down,
    no_function_of_an_administrator_makes_a_seal_in_the_token_solely_controlled => inner_functions,
    a_wrong_pin_of_the_token_stops_the_server_before_it_locks_the_token => inner_wrong_token_pin,
}

pub(crate) fn settings(pin: &str) -> PoolSettings {
    PoolSettings {
        module: module(),
        token: TokenChoice::Label("seals".to_owned()),
        pin: Some(Zeroizing::new(pin.to_owned())),
        sessions: 3,
        time_limit: Duration::from_secs(20),
    }
}

async fn house(url: &str) -> House {
    let url = url.to_owned();
    House::configured(move |config| Config { token: Some(settings(TOKEN_PIN)), public_url: url, ..config })
        .await
}

/// An envelope whose agent is about to make a key, under a policy that takes keys in the module and PINs for people.
async fn agent_at_key<'a>(
    house: &'a House,
    custody: &[Custody],
) -> (vermilion_service::account::Actor, domain::EnvelopeId, Guest<'a>) {
    let actor = house.sender().await;
    policy::write(&house.service, &actor, own("hsm", custody.to_vec(), WillCheck::Key)).await.unwrap();
    let (id, _) = house.sent_under(&actor, "hsm").await;
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Key).await;
    assert!(!person.show().await.key.offered.contains(&Custody::Pkcs11), "a person has no key there");
    let refused = ceremony::key_in(&house.service, &person.signer, Custody::Pkcs11, PIN).await;
    assert_eq!(refusal(refused), Refusal::CustodyRefused { custody: "pkcs11" });
    person.walk_to(view::Step::Done).await;
    let agent = house.guest(AGENT).await;
    agent.walk_to(view::Step::Key).await;
    assert!(agent.show().await.key.offered.contains(&Custody::Pkcs11));
    (actor, id, agent)
}

impl Guest<'_> {
    async fn key_in_token(&self) -> Result<view::Ceremony, Error> {
        ceremony::key_in(self.service, &self.signer, Custody::Pkcs11, PIN).await
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by its outer test with a token of its own"]
async fn inner_pin() {
    let house = house("http://127.0.0.1:8080").await;
    let (actor, id, agent) = agent_at_key(&house, &[Custody::Pin, Custody::Pkcs11]).await;
    let ready = agent.key_in_token().await.unwrap();
    assert_eq!((ready.key.custody, ready.key.opened_by), (Some(Custody::Pkcs11), Some(Custody::Pin)));
    // The key is in the token, under the id that it has here.
    let keys = ceremony::my_keys(&house.service, &agent.signer).await.unwrap().items;
    let found = house.service.token().unwrap().pool().find(&KeyChoice::Label(keys[0].id.clone())).unwrap();
    let certificate = ready.certificate.unwrap();
    assert!(certificate.subject.contains(AGENT.company.unwrap().name), "{}", certificate.subject);
    assert_eq!(found.label, keys[0].id);
    for left in [4, 3] {
        assert_eq!(refusal(agent.sign("111222").await), Refusal::PinWrong { tries_left: left });
    }
    assert_eq!(agent.sign(PIN).await.unwrap().step, view::Step::Done);
    let bytes = document(&house.service, &actor, id).await;
    let verdict = verify::verify_source(&house.service, "", std::sync::Arc::new(bytes)).await.unwrap();
    assert_eq!(verdict.indication, "TOTAL-PASSED", "{verdict:#?}");
    let proof = ceremony::proof_for_sender(&house.service, &actor, id).await.unwrap();
    let proof: serde_json::Value = serde_json::from_slice(&proof).unwrap();
    let records = proof["records"].as_array().unwrap();
    let record = records.iter().find(|it| it["custody"] == "pkcs11").expect("a record of the module");
    assert!(record["passkey"].is_null(), "nothing that others could check");
    let events = envelope::events(&house.service, &actor, id).await.unwrap();
    let json = serde_json::to_string(&events).unwrap();
    assert!(!json.contains(TOKEN_PIN) && !json.contains(PIN));
    assert!(!format!("{:?}", house.service.config()).contains(TOKEN_PIN), "the PIN is never printed");
}

/// What pulling the token out does: sessions, login and handles of the whole process are gone.
fn pull_out() {
    Pkcs11::new(module()).unwrap().finalize().unwrap();
}

fn put_in() {
    let context = Pkcs11::new(module()).unwrap();
    context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
}

fn is_away<T: std::fmt::Debug>(result: Result<T, Error>) {
    let refused = refusal(result);
    assert!(matches!(refused, Refusal::TokenAway { .. }), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by its outer test with a token of its own"]
async fn inner_away() {
    let house = house("http://127.0.0.1:8080").await;
    let (actor, id, agent) = agent_at_key(&house, &[Custody::Pin, Custody::Pkcs11]).await;
    pull_out();
    is_away(agent.key_in_token().await);
    put_in();
    agent.key_in_token().await.unwrap();
    let offered = agent.offer().await.unwrap();
    let with = |pin: &str| Agreement { pin: Some(pin.into()), ..Agreement::default() };
    let agree = |pin: &str| {
        ceremony::sign_offered(&house.service, &agent.signer, offered.id.parse().unwrap(), with(pin))
    };
    pull_out();
    is_away(agree(PIN).await);
    // Nor is a wrong PIN counted while nobody can tell what it is for.
    is_away(agree("111222").await);
    assert_eq!(agent.show().await.key.tries_left, 5);
    put_in();
    // The same activation signs: nothing was spent.
    assert_eq!(agree(PIN).await.unwrap().step, view::Step::Done);
    let events = envelope::events(&house.service, &actor, id).await.unwrap();
    assert_eq!(events.items.iter().filter(|it| it.kind == "key.pin_wrong").count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by its outer test with a token of its own"]
async fn inner_passkey() {
    let house = house("http://localhost:8080").await;
    let actor = house.sender().await;
    // Where the policy names the passkey, a PIN does not release the key in the module.
    let custody = vec![Custody::Passkey, Custody::Pkcs11];
    policy::write(&house.service, &actor, own("hsm", custody, WillCheck::Key)).await.unwrap();
    let (id, _) = house.sent_under(&actor, "hsm").await;
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Key).await;
    let mut phone = Authenticator::new(None);
    person.passkey(&mut phone).await.unwrap();
    let offered = person.offer().await.unwrap();
    person.use_activation(&offered.id, &phone.agree(&offered)).await.unwrap();
    let agent = house.guest(AGENT).await;
    agent.walk_to(view::Step::Key).await;
    assert_eq!(agent.show().await.key.confirmed_by, [Custody::Passkey]);
    assert_eq!(refusal(agent.key_in_token().await), Refusal::CustodyRefused { custody: "pkcs11" });
    let mut sensor = Authenticator::new(None);
    let options = ceremony::passkey_options_in(&house.service, &agent.signer, Custody::Pkcs11).await.unwrap();
    let (credential, assertion) = sensor.register(&options);
    let registered = Registered { credential: &credential, assertion: assertion.as_deref() };
    let question = options.id.parse().unwrap();
    let made =
        ceremony::passkey_key_in(&house.service, &agent.signer, question, Custody::Pkcs11, registered).await;
    let ready = made.unwrap();
    assert_eq!((ready.key.custody, ready.key.opened_by), (Some(Custody::Pkcs11), Some(Custody::Passkey)));
    let offered = agent.offer().await.unwrap();
    let mut thief = Authenticator::new(None);
    let refused = agent.use_activation(&offered.id, &thief.agree(&offered)).await;
    assert_eq!(refusal(refused), Refusal::PasskeyRefused { reason: "other_passkey" });
    let signed = agent.use_activation(&offered.id, &sensor.agree(&offered)).await.unwrap();
    assert_eq!(signed.step, view::Step::Done);
    let proof = ceremony::proof_for_sender(&house.service, &actor, id).await.unwrap();
    let proof: serde_json::Value = serde_json::from_slice(&proof).unwrap();
    let records = proof["records"].as_array().unwrap();
    let record = records.iter().find(|it| it["custody"] == "pkcs11").expect("a record of the module");
    let _: Assertion = serde_json::from_value(record["passkey"]["assertion"].clone()).expect("an assertion");
    let der = hex::decode(record["certificate"].as_str().unwrap()).unwrap();
    let certificate = pki::Certificate::from_der(&der).unwrap();
    let named = certificate.activated_by().map(hex::encode);
    assert_eq!(named, ready.key.passkey, "the certificate names the passkey that releases the key");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by its outer test with a token of its own"]
async fn inner_bound() {
    let house = house("http://127.0.0.1:8080").await;
    let made = house.service.token().unwrap().pool().generate("company seal").unwrap();
    let code = AGENT.company.unwrap().credit_code;
    let bind = |administrator: &'static str| {
        token::bind(&house.service, code, KeyChoice::Label("company seal".to_owned()), administrator)
    };
    assert!(matches!(bind("nobody@example.com").await, Err(Error::NotFound)));
    let (actor, _, agent) = agent_at_key(&house, &[Custody::Pin, Custody::Pkcs11]).await;
    authority::add_administrator(&house.service, "sender@example.com").await.unwrap();
    let bound = bind("sender@example.com").await.unwrap();
    assert_eq!(bound.public_key, hex::encode(pki::sha256(&made.public_key)));
    assert!(matches!(bind("sender@example.com").await, Err(Error::Internal(_))), "bound already");
    let ready = agent.key_in_token().await.unwrap();
    assert_eq!(ready.key.custody, Some(Custody::Pkcs11));
    assert_eq!(agent.sign(PIN).await.unwrap().step, view::Step::Done);
    let keys = ceremony::my_keys(&house.service, &agent.signer).await.unwrap().items;
    // No key was made for it: the token has the one that was there.
    let token = house.service.token().unwrap();
    assert!(token.pool().find(&KeyChoice::Label(keys[0].id.clone())).is_err());
    token::release(&house.service, code, "sender@example.com").await.unwrap();
    assert!(token::bound(&house.service).await.unwrap()[0].released);
    drop(actor);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by its outer test with a token of its own"]
async fn inner_again() {
    let Some(mut abroad) = Abroad::new() else { return };
    abroad.token = Some(settings(TOKEN_PIN));
    let service = abroad.open().await;
    let made = service.token().unwrap().pool().generate("company seal").unwrap();
    let code = AGENT.company.unwrap().credit_code;
    let actor = sender(&service, "sender@example.com").await;
    authority::add_administrator(&service, "sender@example.com").await.unwrap();
    let bind =
        || token::bind(&service, code, KeyChoice::Label("company seal".to_owned()), "sender@example.com");
    bind().await.unwrap();
    // What was released, and is nobody's, may be bound again.
    token::release(&service, code, "sender@example.com").await.unwrap();
    bind().await.unwrap();
    policy::write(&service, &actor, own("hsm", vec![Custody::Pin, Custody::Pkcs11], WillCheck::Key))
        .await
        .unwrap();
    let path = abroad.folder.path().join("contract.pdf");
    std::fs::write(&path, testkit::pdf_samples::contract(pdf::XrefKind::Table, 2)).unwrap();
    signers::send_under(&service, &actor, &path, view::Order::Parallel, "hsm").await;
    let link = signers::link(&service, AGENT.email).await;
    let agent = Guest::enter(&service, AGENT, &link).await;
    agent.walk_to(view::Step::Key).await;
    for _ in 0..2 {
        abroad.server.play("refused");
        assert_eq!(refusal(agent.key_in_token().await), Refusal::CertificateRefused);
    }
    // What was tried, not certified and released may be bound again: to the same company.
    token::release(&service, code, "sender@example.com").await.unwrap();
    let other = token::bind(
        &service,
        "91310000MA1FTRY004",
        KeyChoice::Label("company seal".to_owned()),
        "sender@example.com",
    );
    assert!(matches!(other.await, Err(Error::Internal(_))));
    bind().await.unwrap();
    let ready = agent.key_in_token().await.unwrap();
    assert_eq!(ready.key.custody, Some(Custody::Pkcs11));
    let certificate = std::fs::read_to_string(abroad.folder.path().join("issued.pem")).unwrap();
    assert_eq!(pki::Certificate::from_pem(&certificate).unwrap().public_key_der(), made.public_key);
    for key in ceremony::my_keys(&service, &agent.signer).await.unwrap().items {
        let found = service.token().unwrap().pool().find(&KeyChoice::Label(key.id));
        assert!(found.is_err(), "no key was made in its place");
    }
    // It is somebody's now: bound anew it could be given to nobody.
    token::release(&service, code, "sender@example.com").await.unwrap();
    assert!(matches!(bind().await, Err(Error::Internal(_))));
    service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by its outer test with a token of its own"]
async fn inner_spent() {
    let Some(mut abroad) = Abroad::new() else { return };
    abroad.token = Some(settings(TOKEN_PIN));
    // Its clock is far ahead: what it issues cannot sign for a while.
    abroad.clock.advance(jiff::SignedDuration::from_mins(-16));
    let service = abroad.open().await;
    service.token().unwrap().pool().generate("company seal").unwrap();
    let code = AGENT.company.unwrap().credit_code;
    let actor = sender(&service, "sender@example.com").await;
    authority::add_administrator(&service, "sender@example.com").await.unwrap();
    let key = KeyChoice::Label("company seal".to_owned());
    token::bind(&service, code, key, "sender@example.com").await.unwrap();
    policy::write(&service, &actor, own("hsm", vec![Custody::Pin, Custody::Pkcs11], WillCheck::Key))
        .await
        .unwrap();
    let path = abroad.folder.path().join("contract.pdf");
    std::fs::write(&path, testkit::pdf_samples::contract(pdf::XrefKind::Table, 2)).unwrap();
    signers::send_under(&service, &actor, &path, view::Order::Parallel, "hsm").await;
    let link = signers::link(&service, AGENT.email).await;
    let agent = Guest::enter(&service, AGENT, &link).await;
    agent.walk_to(view::Step::Key).await;
    // The certificate comes, and is of no use: the key was certified, and is certified no second time.
    assert_eq!(refusal(agent.key_in_token().await), Refusal::CertificateRefused);
    assert_eq!(refusal(agent.key_in_token().await), Refusal::TokenRefused);
    assert_eq!(keys_in_token(), 1, "no key was made in its place");
    abroad.clock.advance(jiff::SignedDuration::from_mins(16));
    assert_eq!(refusal(agent.key_in_token().await), Refusal::TokenRefused);
    // An administrator releases it: then agents get keys of their own.
    token::release(&service, code, "sender@example.com").await.unwrap();
    agent.key_in_token().await.unwrap();
    assert_eq!(keys_in_token(), 2);
    service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by its outer test with a token of its own"]
async fn inner_own_signature() {
    let house = house("http://127.0.0.1:8080").await;
    let service = &house.service;
    let made = service.token().unwrap().pool().generate("company seal").unwrap();
    let code = AGENT.company.unwrap().credit_code;
    let actor = house.sender().await;
    authority::add_administrator(service, "sender@example.com").await.unwrap();
    token::bind(service, code, KeyChoice::Label("company seal".to_owned()), "sender@example.com")
        .await
        .unwrap();
    policy::write(service, &actor, own("hsm", vec![Custody::Pin, Custody::Pkcs11], WillCheck::Key))
        .await
        .unwrap();
    for (mark, its_own) in [(view::FieldType::Signature, false), (view::FieldType::Seal, true)] {
        signers::send_with(&house, &actor, &AGENT, Some("hsm"), &[mark]).await.unwrap();
        let agent = house.guest(AGENT).await;
        agent.walk_to(view::Step::Impression).await;
        if !its_own {
            let typed = ceremony::ImpressionBody::Typed { text: AGENT.resident.name.to_owned() };
            ceremony::add_impression(service, &agent.signer, typed).await.unwrap();
        }
        agent.walk_to(view::Step::Key).await;
        agent.key_in_token().await.unwrap();
        let records = open_records(house.data()).await;
        let mut reader = records.read().await.unwrap();
        let mut is_given = false;
        for key in ceremony::my_keys(service, &agent.signer).await.unwrap().items {
            let key = reader.signing_key(key.id.parse().unwrap()).await.unwrap().unwrap();
            is_given |= key.stored.public_key == made.public_key;
        }
        assert_eq!(is_given, its_own, "{mark:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by its outer test with a token of its own"]
async fn inner_each_time() {
    let house = house("http://127.0.0.1:8080").await;
    let service = &house.service;
    // A key in the token that asks for the PIN with each signature.
    let context = Pkcs11::new(module()).unwrap();
    let pin = AuthPin::from(TOKEN_PIN.to_owned());
    let slot = context.get_slots_with_initialized_token().unwrap()[0];
    let session = context.open_rw_session(slot).unwrap();
    let both = [Attribute::Token(true), Attribute::Label(b"each time".to_vec()), Attribute::Id(vec![7])];
    let curve = vec![0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    let public = [Attribute::EcParams(curve), Attribute::Verify(true)];
    let private = [
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
        Attribute::AlwaysAuthenticate(true),
    ];
    let pair = session.generate_key_pair(
        &Mechanism::EccKeyPairGen,
        &[&public[..], &both].concat(),
        &[&private[..], &both].concat(),
    );
    pair.unwrap();
    let code = AGENT.company.unwrap().credit_code;
    let (_, _, agent) = agent_at_key(&house, &[Custody::Pin, Custody::Pkcs11]).await;
    authority::add_administrator(service, "sender@example.com").await.unwrap();
    token::bind(service, code, KeyChoice::Label("each time".to_owned()), "sender@example.com").await.unwrap();
    // Somebody changes the token's PIN while the server is logged in.
    session.set_pin(&pin, &AuthPin::from("864209".to_owned())).unwrap();
    for _ in 0..12 {
        let refused = agent.key_in_token().await;
        if matches!(refused, Err(Error::RateLimited { .. })) {
            house.pass(jiff::SignedDuration::from_secs(60));
            continue;
        }
        assert_eq!(refusal(refused), Refusal::TokenRefused);
    }
    // The token counted one wrong PIN, not ten: it is not locked.
    assert!(!context.get_token_info(slot).unwrap().user_pin_locked());
    let door = service.token().unwrap().pool().find(&KeyChoice::Label("each time".to_owned()));
    assert!(matches!(door, Err(keys::pkcs11::TokenError::WrongPin)), "{door:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by its outer test with a token of its own"]
async fn inner_nobody_waits() {
    let hasty = PoolSettings { time_limit: Duration::ZERO, sessions: 1, ..settings(TOKEN_PIN) };
    let hasty = keys::pkcs11::TokenPool::open(hasty).unwrap();
    let patient = keys::pkcs11::TokenPool::open(settings(TOKEN_PIN)).unwrap();
    patient.describe().unwrap();
    for number in 0..20 {
        let label = format!("key {number}");
        if hasty.generate(&label).is_ok() {
            continue;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(patient.find(&KeyChoice::Label(label)).is_err(), "nobody knows of it");
    }
}

/// How many private keys are in the token.
fn keys_in_token() -> usize {
    let context = Pkcs11::new(module()).unwrap();
    let slot = context.get_slots_with_initialized_token().unwrap()[0];
    // The pool is logged in, and with it the whole process.
    let session = context.open_ro_session(slot).unwrap();
    session.find_objects(&[Attribute::Class(ObjectClass::PRIVATE_KEY)]).unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by its outer test with a token of its own"]
async fn inner_undone() {
    let house = house("http://localhost:8080").await;
    let service = &house.service;
    let actor = house.sender().await;
    let custody = vec![Custody::Pin, Custody::Passkey, Custody::Pkcs11];
    policy::write(service, &actor, own("hsm", custody, WillCheck::Key)).await.unwrap();
    house.sent_under(&actor, "hsm").await;
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Key).await;
    let mut phone = Authenticator::new(None);
    person.passkey(&mut phone).await.unwrap();
    let offered = person.offer().await.unwrap();
    person.use_activation(&offered.id, &phone.agree(&offered)).await.unwrap();
    let agent = house.guest(AGENT).await;
    agent.walk_to(view::Step::Key).await;
    // The passkey is somebody else's already: there is no certificate, and nobody's key in the token.
    let options = ceremony::passkey_options_in(service, &agent.signer, Custody::Pkcs11).await.unwrap();
    let (credential, assertion) = phone.register(&options);
    let registered = Registered { credential: &credential, assertion: assertion.as_deref() };
    let question = options.id.parse().unwrap();
    let refused =
        ceremony::passkey_key_in(service, &agent.signer, question, Custody::Pkcs11, registered).await;
    assert_eq!(refusal(refused), Refusal::PasskeyRefused { reason: "other_passkey" });
    assert_eq!(keys_in_token(), 0);
    agent.key_in_token().await.unwrap();
    assert_eq!(keys_in_token(), 1);
    // Whose certificate is on hold is given no other, and no key is made.
    let serial = agent.show().await.certificate.unwrap().serial;
    let mut tx = open_records(house.data()).await.begin().await.unwrap();
    tx.revoke_certificate(&serial, service.now(), "certificate_hold").await.unwrap();
    tx.commit().await.unwrap();
    house.pass(jiff::SignedDuration::from_secs(60));
    assert_eq!(refusal(agent.key_in_token().await), Refusal::CertificateOnHold);
    assert_eq!(keys_in_token(), 1);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by its outer test with a token of its own"]
async fn inner_no_token() {
    let Some(mut abroad) = Abroad::new() else { return };
    abroad.token = Some(settings(TOKEN_PIN));
    let service = abroad.open().await;
    let actor = sender(&service, "sender@example.com").await;
    policy::write(&service, &actor, own("hsm", vec![Custody::Pin, Custody::Pkcs11], WillCheck::Key))
        .await
        .unwrap();
    let path = abroad.folder.path().join("contract.pdf");
    std::fs::write(&path, testkit::pdf_samples::contract(pdf::XrefKind::Table, 2)).unwrap();
    signers::send_under(&service, &actor, &path, view::Order::Parallel, "hsm").await;
    let link = signers::link(&service, AGENT.email).await;
    let agent = Guest::enter(&service, AGENT, &link).await;
    agent.walk_to(view::Step::Key).await;
    agent.key_in_token().await.unwrap();
    let (recipient, cookie) = (agent.recipient, agent.cookie.clone());
    service.close().await;
    abroad.token = None;
    let service = abroad.open().await;
    let agent = Guest::resume(&service, AGENT, recipient, cookie).await;
    // Waiting mends nothing.
    assert_eq!(refusal(agent.sign(PIN).await), Refusal::TokenRefused);
    assert_eq!(agent.show().await.key.tries_left, 5);
    service.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by its outer test with a token of its own"]
async fn inner_at_once() {
    let house = house("http://127.0.0.1:8080").await;
    let (actor, id, agent) = agent_at_key(&house, &[Custody::Pin, Custody::Pkcs11]).await;
    agent.key_in_token().await.unwrap();
    let offered = agent.offer().await.unwrap();
    let agree = || {
        let brought = Agreement { pin: Some(PIN.into()), ..Agreement::default() };
        ceremony::sign_offered(&house.service, &agent.signer, offered.id.parse().unwrap(), brought)
    };
    let results = futures_join((0..8).map(|_| agree()).collect()).await;
    for result in results {
        match result {
            Ok(ceremony) => assert_eq!(ceremony.step, view::Step::Done),
            Err(Error::Refused(why)) => assert_eq!(why, Refusal::ActivationUsed),
            Err(other) => panic!("{other:?}"),
        }
    }
    let events = envelope::events(&house.service, &actor, id).await.unwrap();
    let signed = events.items.iter().filter(|it| it.kind == "recipient.signed").count();
    assert_eq!(signed, 2, "the person's signature and the agent's");
    assert_eq!(agent.show().await.key.tries_left, 5);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by its outer test with a token of its own"]
async fn inner_wrong_token_pin() {
    let folder = tempfile::tempdir().unwrap();
    let at = |pin: &str, label: &str| {
        let token = TokenChoice::Label(label.to_owned());
        let mut config = Config::new(folder.path().join("data"), "http://127.0.0.1:8080").cheap_for_tests();
        config.token = Some(PoolSettings { token, ..settings(pin) });
        vermilion_service::Service::open(config)
    };
    let error = at("000000", "seals").await.err().expect("it does not start");
    assert!(format!("{error:?}").contains("WrongPin"), "{error:?}");
    // One that is not there yet may come.
    let early = at(TOKEN_PIN, "absent").await.expect("it starts without its token");
    early.close().await;
    at(TOKEN_PIN, "seals").await.expect("the PIN still opens the token").close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by its outer test with a token of its own"]
async fn inner_cut_down() {
    Box::pin(every_commit_of(Way::Token, &[10_000])).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by its outer test with a token of its own"]
async fn inner_functions() {
    let with_token = |config| Config {
        token: Some(settings(TOKEN_PIN)),
        public_url: "http://localhost:8080".to_owned(),
        ..config
    };
    Box::pin(every_function(functions::Custody::Module, with_token)).await;
}
