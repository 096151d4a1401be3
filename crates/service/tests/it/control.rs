//! Sole control: signing policies, passkeys, and activations that are used once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::policy::{Custody, WillCheck};
use domain::{ActivationId, EnvelopeId, Locale};
use pki::{KeyAlgorithm, Signer as _, SoftwareSigner};
use vermilion_service::account::Actor;
use vermilion_service::authority::{AuthorityError, TimeStampAuthority};
use vermilion_service::ceremony::{self, Agreement, ShownDocument, WillChoice};
use vermilion_service::control::{ControlProof, Known};
use vermilion_service::policy::{self, PolicyInput};
use vermilion_service::{Error, Refusal, envelope, verify, view};

use crate::authenticator::Authenticator;
use crate::killed::open_records;
use crate::signers::{AGENT, Guest, House, PERSON, PIN, document, refusal, sender};

pub(crate) fn shown(ceremony: &view::Ceremony) -> Vec<ShownDocument> {
    let documents = ceremony.envelope.documents.iter();
    documents
        .map(|it| ShownDocument { id: it.id.parse().expect("an id"), sha256: it.sha256.clone() })
        .collect()
}

impl Guest<'_> {
    pub(crate) async fn passkey(&self, authenticator: &mut Authenticator) -> Result<view::Ceremony, Error> {
        let options = ceremony::passkey_options(self.service, &self.signer).await?;
        let (credential, assertion) = authenticator.register(&options);
        let id = options.id.parse().expect("an id");
        ceremony::passkey_key(self.service, &self.signer, id, &credential, assertion.as_deref()).await
    }

    pub(crate) async fn device(&self, device: &Device) -> Result<view::Ceremony, Error> {
        let options = ceremony::device_options(self.service, &self.signer).await?;
        let [before, behind] =
            [&options.possession, &options.behind].map(|it| STANDARD.decode(it).expect("base64"));
        let public_key = device.0.public_key_der();
        let proof = device.sign(&[&before[..], public_key, &behind].concat());
        let (id, public_key) = (options.id.parse().expect("an id"), STANDARD.encode(public_key));
        ceremony::device_key(self.service, &self.signer, id, &public_key, &proof).await
    }

    pub(crate) async fn offer(&self) -> Result<view::Activation, Error> {
        let shown = shown(&self.show().await);
        ceremony::offer(self.service, &self.signer, Locale::ZhCn, shown, &WillChoice::default()).await
    }

    pub(crate) async fn use_activation(&self, id: &str, credential: &str) -> Result<view::Ceremony, Error> {
        let id: ActivationId = id.parse().expect("an id");
        let opened = Agreement { credential: Some(credential.to_owned()), ..Agreement::default() };
        ceremony::sign_offered(self.service, &self.signer, id, opened).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_signs_with_and_without_its_function() {
    for prf in [Some([9; 32]), None] {
        let house = House::at("http://localhost:8080").await;
        let actor = house.sender().await;
        let (id, _) = house.sent_under(&actor, "strict").await;
        let person = house.guest(PERSON).await;
        person.walk_to(view::Step::Key).await;
        let key = person.show().await.key;
        assert_eq!(key.offered, [Custody::Passkey], "strict asks for a passkey");
        assert_eq!(
            refusal(ceremony::key(&house.service, &person.signer, PIN).await),
            Refusal::CustodyRefused { custody: "pin" }
        );
        let mut phone = Authenticator::new(prf);
        let ready = person.passkey(&mut phone).await.unwrap();
        assert_eq!(ready.step, view::Step::Confirm);
        assert_eq!(refusal(person.sign(PIN).await), Refusal::CustodyRefused { custody: "pin" });
        let activation = person.offer().await.unwrap();
        assert_eq!(activation.passkey.as_ref().unwrap().prf.is_some(), prf.is_some());
        let stated: serde_json::Value = serde_json::from_str(&activation.canonical).unwrap();
        assert_eq!((&stated["version"], &stated["policy"]), (&2.into(), &ready.policy.digest.clone().into()));
        assert_eq!(activation.digest, hex::encode(pki::sha256(activation.canonical.as_bytes())));
        let signed = person.use_activation(&activation.id, &phone.agree(&activation)).await.unwrap();
        assert_eq!(signed.step, view::Step::Done);
        let bytes = document(&house.service, &actor, id).await;
        let verdict = verify::verify_source(&house.service, "", Arc::new(bytes)).await.unwrap();
        // The document is brought to the level that strict asks for when everyone has signed.
        assert_eq!(verdict.indication, "INDETERMINATE", "{verdict:#?}");
        assert_eq!(verdict.signatures[0].sub_indication.as_deref(), Some("SIG_CONSTRAINTS_FAILURE"));
        let named = verdict.signatures[0].policy.as_ref().unwrap();
        assert_eq!(named.title.as_ref().unwrap().en, "Strict");
        assert_eq!(named.source.as_deref(), Some("built-in"));
        assert_eq!(stand(named, "level"), "not met");
        assert_eq!(stand(named, "time"), "met");
        assert_eq!(named.digest, ready.policy.digest);
        let public = policy::document(&house.service, &named.digest).await.unwrap();
        assert_eq!(hex::encode(pki::sha256(&public)), named.digest);
    }
}

/// How the signature stands to a rule.
fn stand(named: &view::VerifiedPolicy, rule: &str) -> String {
    named.rules.iter().find(|it| it.rule == rule).expect("the rule").condition.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_knows_the_signers_passkeys_sees_a_strict_ceremony_meet_every_condition() {
    let house = House::at("http://localhost:8080").await;
    let actor = house.sender().await;
    let (id, _) = house.sent_under(&actor, "strict").await;
    let mut fingerprints = Vec::new();
    for who in [PERSON, AGENT] {
        let guest = house.guest(who).await;
        guest.walk_to(view::Step::Key).await;
        let mut phone = Authenticator::new(None);
        let ready = guest.passkey(&mut phone).await.unwrap();
        let activation = guest.offer().await.unwrap();
        guest.use_activation(&activation.id, &phone.agree(&activation)).await.unwrap();
        fingerprints.push(ready.key.passkey.unwrap());
    }
    let bytes = document(&house.service, &actor, id).await;
    let path = house.file(&bytes);
    let proof = ceremony::proof_for_sender(&house.service, &actor, id).await.unwrap();
    let proof = ControlProof::from_json(&proof).unwrap();
    let known = fingerprints.iter().try_fold(Known::default(), |it, text| it.with_passkey(text)).unwrap();
    for proof in [None, Some(proof)] {
        let verdict = verify::verify_with(&house.service, "", &path, proof.clone(), &known).await.unwrap();
        assert_eq!(verdict.indication, "TOTAL-PASSED", "{verdict:#?}");
        let signed: Vec<_> = verdict.signatures.iter().filter(|it| it.kind != "doc-timestamp").collect();
        assert_eq!(signed.len(), 2);
        for one in signed {
            let it = &one.reliability;
            let four = [&it.exclusive, &it.sole_control, &it.signature_intact, &it.content_intact];
            assert_eq!(four, ["met"; 4], "{one:#?}");
            assert_eq!(one.reliability_reasons.exclusive.code, "exclusive_known");
            let named = one.policy.as_ref().unwrap();
            for rule in ["level", "time", "custody", "will"] {
                assert_eq!(stand(named, rule), "met", "{rule}: {one:#?}");
            }
            assert_eq!(
                stand(named, "identity"),
                "not shown",
                "the file does not say how somebody was identified"
            );
        }
        // Who does not know them is told what is missing.
        let known = Known::default();
        let verdict = verify::verify_with(&house.service, "", &path, proof, &known).await.unwrap();
        assert_eq!(verdict.indication, "TOTAL-PASSED");
        let one = &verdict.signatures[0];
        assert_eq!(one.reliability_reasons.sole_control.code, "sole_control_own_authority");
        assert_eq!((&*one.reliability.sole_control, &*one.reliability.exclusive), ("not shown", "not shown"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_uses_of_one_activation_one_wins() {
    let house = House::at("http://localhost:8080").await;
    let actor = house.sender().await;
    let (id, _) = house.sent_under(&actor, "strict").await;
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Key).await;
    let mut phone = Authenticator::new(Some([1; 32]));
    person.passkey(&mut phone).await.unwrap();
    let activation = person.offer().await.unwrap();
    let credential = phone.agree(&activation);
    let uses = (0..12).map(|_| person.use_activation(&activation.id, &credential));
    let results = futures_join(uses.collect()).await;
    // Whoever came later is refused, or sees that the signer has signed.
    for result in results {
        match result {
            Ok(ceremony) => assert_eq!(ceremony.step, view::Step::Done),
            Err(Error::Refused(refused)) => assert_eq!(refused, Refusal::ActivationUsed),
            Err(other) => panic!("{other:?}"),
        }
    }
    let sent = envelope::show(&house.service, &actor, id).await.unwrap();
    assert_eq!(sent.documents[0].revisions.len(), 4, "original, fields, one signature, its validation data");
    let events = envelope::events(&house.service, &actor, id).await.unwrap();
    let signed = events.items.iter().filter(|it| it.kind == "recipient.signed").count();
    assert_eq!(signed, 1);
}

pub(crate) async fn futures_join<T: Send, F: Future<Output = T> + Send>(futures: Vec<F>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut done = Vec::new();
    std::future::poll_fn(move |context| {
        let mut open = Vec::new();
        for mut future in std::mem::take(&mut waiting) {
            match future.as_mut().poll(context) {
                std::task::Poll::Ready(value) => done.push(value),
                std::task::Poll::Pending => open.push(future),
            }
        }
        waiting = open;
        if waiting.is_empty() {
            std::task::Poll::Ready(std::mem::take(&mut done))
        } else {
            std::task::Poll::Pending
        }
    })
    .await
}

/// A time-stamp authority that can be out of reach.
struct Reachable {
    inner: Arc<dyn TimeStampAuthority>,
    reachable: Arc<AtomicBool>,
}

#[async_trait]
impl TimeStampAuthority for Reachable {
    fn name(&self) -> &'static str {
        "sometimes"
    }

    async fn answer(&self, request: &[u8]) -> Result<Vec<u8>, AuthorityError> {
        if self.reachable.load(Ordering::SeqCst) {
            self.inner.answer(request).await
        } else {
            Err(AuthorityError::Key("out of reach".to_owned()))
        }
    }
}

/// A time-stamp authority that answers nobody for a while.
struct Stuck {
    inner: Arc<dyn TimeStampAuthority>,
    reachable: Arc<AtomicBool>,
}

#[async_trait]
impl TimeStampAuthority for Stuck {
    fn name(&self) -> &'static str {
        "stuck"
    }

    async fn answer(&self, request: &[u8]) -> Result<Vec<u8>, AuthorityError> {
        for _ in 0..100 {
            if self.reachable.load(Ordering::SeqCst) {
                return self.inner.answer(request).await;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        Err(AuthorityError::Key("out of reach".to_owned()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_activation_that_was_spent_in_vain_is_spent() {
    let reachable = Arc::new(AtomicBool::new(true));
    let switch = Arc::clone(&reachable);
    let mut house = House::at_stamped_by("http://localhost:8080", move |embedded| {
        Arc::new(Reachable { inner: Arc::new(embedded.clone()), reachable: Arc::clone(&switch) })
    })
    .await;
    let actor = house.sender().await;
    let (id, _) = house.sent_under(&actor, "strict").await;
    let (recipient, cookie, activation, credential, mut phone) = {
        let person = house.guest(PERSON).await;
        person.walk_to(view::Step::Key).await;
        let mut phone = Authenticator::new(None);
        person.passkey(&mut phone).await.unwrap();
        let activation = person.offer().await.unwrap();
        let credential = phone.agree(&activation);
        reachable.store(false, Ordering::SeqCst);
        let failed = person.use_activation(&activation.id, &credential).await;
        assert_eq!(refusal(failed), Refusal::TimeStampUnavailable { retry_after: 30 });
        (person.recipient, person.cookie.clone(), activation, credential, phone)
    };
    // The signer hears of the use, and that nothing came of it; both are on record.
    assert_eq!(uses(&house, &actor, id).await, (1, 1, 0));
    let told = used_keys(&house).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].body.contains("签署未完成"), "{}", told[0].body);
    // The key may have signed before the server was killed: nothing is on record, and the activation opens it no more.
    reachable.store(true, Ordering::SeqCst);
    house.restart().await;
    let person = Guest::resume(&house.service, PERSON, recipient, cookie).await;
    assert_eq!(person.show().await.step, view::Step::Confirm);
    let again = person.use_activation(&activation.id, &credential).await;
    assert_eq!(refusal(again), Refusal::ActivationUsed);
    // The signer confirms anew.
    let activation = person.offer().await.unwrap();
    let signed = person.use_activation(&activation.id, &phone.agree(&activation)).await.unwrap();
    assert_eq!(signed.step, view::Step::Done);
    assert_eq!(uses(&house, &actor, id).await, (2, 1, 1));
    let told = used_keys(&house).await;
    assert_eq!(told.len(), 2);
    assert!(!told[0].body.contains("签署未完成"), "{}", told[0].body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signer_hears_of_a_use_that_the_server_did_not_survive() {
    let reachable = Arc::new(AtomicBool::new(true));
    let switch = Arc::clone(&reachable);
    let mut house = House::at_stamped_by("http://localhost:8080", move |embedded| {
        Arc::new(Stuck { inner: Arc::new(embedded.clone()), reachable: Arc::clone(&switch) })
    })
    .await;
    let actor = house.sender().await;
    let (id, _) = house.sent_under(&actor, "strict").await;
    {
        let person = house.guest(PERSON).await;
        person.walk_to(view::Step::Key).await;
        let mut phone = Authenticator::new(None);
        person.passkey(&mut phone).await.unwrap();
        let activation = person.offer().await.unwrap();
        let credential = phone.agree(&activation);
        reachable.store(false, Ordering::SeqCst);
        let signing = person.use_activation(&activation.id, &credential);
        let cut = tokio::time::timeout(std::time::Duration::from_secs(3), signing).await;
        assert!(cut.is_err(), "the time-stamp authority takes its time");
    }
    reachable.store(true, Ordering::SeqCst);
    house.restart().await;
    assert_eq!(uses(&house, &actor, id).await, (1, 0, 0));
    assert!(used_keys(&house).await.is_empty(), "how it ends may still be seen");
    house.pass(jiff::SignedDuration::from_mins(6));
    let told = used_keys(&house).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].body.contains("签署未完成"), "{}", told[0].body);
}

/// Uses of keys, those of them whose signing did not finish, and signatures, as events have them.
async fn uses(house: &House, actor: &Actor, id: EnvelopeId) -> (usize, usize, usize) {
    let events = envelope::events(&house.service, actor, id).await.expect("the log");
    let count = |kind: &str| events.items.iter().filter(|it| it.kind == kind).count();
    (count("key.used"), count("key.unfinished"), count("recipient.signed"))
}

/// What signers were told of uses of their keys, the newest first.
async fn used_keys(house: &House) -> Vec<view::OutboxMessage> {
    house.pass(jiff::SignedDuration::from_millis(5));
    vermilion_service::jobs::run_due(&house.service).await.expect("jobs run");
    let page =
        vermilion_service::notify::outbox(&house.service, Some("签名密钥"), None).await.expect("the outbox");
    page.items
}

#[tokio::test(flavor = "multi_thread")]
async fn an_activation_is_for_one_document_one_signer_and_a_while() {
    let house = House::at("http://localhost:8080").await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Parallel).await;
    let (person, agent) = (house.guest(PERSON).await, house.guest(AGENT).await);
    person.walk_to(view::Step::Key).await;
    let mut phone = Authenticator::new(Some([3; 32]));
    person.passkey(&mut phone).await.unwrap();
    let activation = person.offer().await.unwrap();
    // Not another's, and not with another passkey, nor over another challenge.
    agent.walk_to(view::Step::Confirm).await;
    let credential = phone.agree(&activation);
    assert!(matches!(agent.use_activation(&activation.id, &credential).await, Err(Error::NotFound)));
    let mut thief = Authenticator::new(Some([3; 32]));
    let refused = person.use_activation(&activation.id, &thief.agree(&activation)).await;
    assert_eq!(refusal(refused), Refusal::PasskeyRefused { reason: "other_passkey" });
    let other = person.offer().await.unwrap();
    let refused = person.use_activation(&other.id, &credential).await;
    assert_eq!(refusal(refused), Refusal::PasskeyRefused { reason: "other_challenge" });
    // Not without the authenticator having verified its holder.
    phone.flags = 1;
    let refused = person.use_activation(&other.id, &phone.agree(&other)).await;
    assert_eq!(refusal(refused), Refusal::PasskeyRefused { reason: "not_verified" });
    phone.flags = 5;
    // Another signs in between: what would be signed is no more what was agreed to.
    agent.sign(PIN).await.unwrap();
    let refused = person.use_activation(&other.id, &phone.agree(&other)).await;
    assert_eq!(refusal(refused), Refusal::DocumentChanged);
    // Too late.
    let late = person.offer().await.unwrap();
    let credential = phone.agree(&late);
    house.pass(jiff::SignedDuration::from_mins(5));
    assert_eq!(refusal(person.use_activation(&late.id, &credential).await), Refusal::ActivationExpired);
    let fresh = person.offer().await.unwrap();
    let signed = person.use_activation(&fresh.id, &phone.agree(&fresh)).await.unwrap();
    assert_eq!(signed.step, view::Step::Done);
    let events = envelope::events(&house.service, &actor, id).await.unwrap();
    let refused = events.items.iter().filter(|it| it.kind == "key.passkey_refused").count();
    assert_eq!(refused, 3, "each refusal is on record");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_passkey_is_noticed_and_a_lost_one_means_a_new_key() {
    let house = House::at("http://localhost:8080").await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Key).await;
    let mut phone = Authenticator::new(Some([5; 32]));
    let first = person.passkey(&mut phone).await.unwrap();
    let activation = person.offer().await.unwrap();
    // The copy's counter stands where the original's was at registration.
    let mut copy = phone;
    copy.rewind();
    let refused = person.use_activation(&activation.id, &copy.agree(&activation)).await;
    assert_eq!(refusal(refused), Refusal::PasskeyRefused { reason: "cloned" });
    let replaced = ceremony::key_replace(&house.service, &person.signer).await.unwrap();
    assert_eq!(replaced.step, view::Step::Identity, "identity is asked anew");
    person.walk_to(view::Step::Key).await;
    let second = person.passkey(&mut Authenticator::new(None)).await.unwrap();
    assert_ne!(first.certificate.unwrap().serial, second.certificate.unwrap().serial);
}

pub(crate) fn own(name: &str, custody: Vec<Custody>, will: WillCheck) -> PolicyInput {
    PolicyInput {
        organization: None,
        name: name.to_owned(),
        title: domain::policy::Title { en: "Branch".to_owned(), zh_cn: "分公司".to_owned() },
        assurance: domain::policy::Assurance::Low,
        max_age_days: None,
        custody,
        will,
        time: domain::policy::TimeRule::Trusted,
        level: domain::policy::SignatureLevel::Lt,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_signed_often_still_shows_each_signature_its_record() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, [recipient, _]) = house.sent(&actor, view::Order::Parallel).await;
    house.guest(PERSON).await.walk_to(view::Step::Done).await;
    let file = document(&house.service, &actor, id).await;
    let said = async || {
        let bytes = Arc::new(file.clone());
        let verdict = verify::verify_source(&house.service, "", bytes).await.unwrap();
        verdict.signatures[0].reliability_reasons.sole_control.code.clone()
    };
    assert_eq!(said().await, "sole_control_unwitnessed");
    // Two hundred signatures under the same key, all before this one.
    let records = open_records(house.data()).await;
    let mut tx = records.begin().await.unwrap();
    let real = tx.used_activations(recipient).await.unwrap().remove(0);
    let content = keys::Statement::from_canonical(real.canonical.as_bytes()).unwrap().content;
    for number in 0..200_u8 {
        let mut other = real.clone();
        other.id = ActivationId::new(&*house.clock, &vermilion_service::SystemRng);
        other.canonical = real.canonical.replace(&content, &hex::encode([number; 32]));
        other.digest = pki::sha256(other.canonical.as_bytes());
        other.created_at -= jiff::SignedDuration::from_hours(1);
        tx.insert_activation(&other).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(said().await, "sole_control_unwitnessed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_write_hides_no_policy_from_the_verdict() {
    let house = House::new().await;
    let actor = house.sender().await;
    policy::write(&house.service, &actor, own("branch", vec![Custody::Pin], WillCheck::Key)).await.unwrap();
    let (id, _) = house.sent_under(&actor, "branch").await;
    house.guest(PERSON).await.walk_to(view::Step::Done).await;
    for number in 0..5 {
        let other = sender(&house.service, &format!("other{number}@example.com")).await;
        house.pass(jiff::SignedDuration::from_secs(1));
        for name in 0..100 {
            let input = own(&format!("flood-{name}"), vec![Custody::Pin], WillCheck::Key);
            policy::write(&house.service, &other, input).await.unwrap();
        }
    }
    let bytes = document(&house.service, &actor, id).await;
    let verdict = verify::verify_source(&house.service, "", Arc::new(bytes)).await.unwrap();
    let signature = &verdict.signatures[0];
    assert!(signature.policy.as_ref().unwrap().title.is_some(), "{:?}", signature.policy);
    let codes: Vec<_> = signature.reasons.iter().map(|it| it.code.as_str()).collect();
    assert!(codes.contains(&"policy_written") && !codes.contains(&"policy_missing"), "{codes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_of_ones_own_holds_for_the_envelope_as_it_was_when_sent() {
    let house = House::new().await;
    let actor = house.sender().await;
    use domain::policy::Custody::{Passkey, Pin};
    let input = |custody| PolicyInput { max_age_days: Some(30), ..own("branch", custody, WillCheck::Key) };
    let first = policy::write(&house.service, &actor, input(vec![Pin])).await.unwrap();
    let (id, _) = house.sent_under(&actor, "branch").await;
    let second = policy::write(&house.service, &actor, input(vec![Pin, Passkey])).await.unwrap();
    assert_eq!((first.version, second.version), (1, 2));
    let listed = policy::list(&house.service, &actor).await.unwrap();
    let names: Vec<_> = listed.items.iter().map(|it| (it.name.as_str(), it.version, it.available)).collect();
    assert_eq!(
        names,
        [("simple", 1, true), ("standard", 1, true), ("strict", 1, false), ("branch", 2, true)]
    );
    let person = house.guest(PERSON).await;
    let asked = person.show().await;
    assert_eq!((asked.policy.digest.as_str(), asked.policy.version), (first.digest.as_str(), 1));
    person.walk_to(view::Step::Done).await;
    let bytes = document(&house.service, &actor, id).await;
    let verdict = verify::verify_source(&house.service, "", Arc::new(bytes)).await.unwrap();
    let named = verdict.signatures[0].policy.as_ref().unwrap();
    assert_eq!(
        (named.digest.as_str(), named.title.as_ref().unwrap().zh_cn.as_str()),
        (first.digest.as_str(), "分公司")
    );
    // This server is reached at an address in numbers: nobody could have a passkey.
    let draft = envelope::create(&house.service, &actor, Some("x"), None).await.unwrap();
    let patch =
        |policy: &str| envelope::EnvelopePatch { policy: Some(policy.to_owned()), ..Default::default() };
    let update = |policy| envelope::update(&house.service, &actor, draft.id.parse().unwrap(), patch(policy));
    assert_eq!(refusal(update("strict").await), Refusal::PolicyUnmet { what: "key" });
    assert_eq!(refusal(update("none").await), Refusal::PolicyUnknown { name: "none".to_owned() });
}

/// What a browser's WebCrypto does: a key that only it has.
pub(crate) struct Device(pub(crate) SoftwareSigner);

impl Device {
    /// r and s of 32 bytes each, as WebCrypto gives them; ours gives DER.
    pub(crate) fn sign(&self, message: &[u8]) -> String {
        let der = self.0.sign(message).expect("a signature");
        let mut rest = &der[2..];
        let mut raw = Vec::new();
        for _ in 0..2 {
            let length = usize::from(rest[1]);
            let number = &rest[2..2 + length];
            let number = if number.len() > 32 { &number[number.len() - 32..] } else { number };
            raw.resize(raw.len() + 32 - number.len(), 0);
            raw.extend_from_slice(number);
            rest = &rest[2 + length..];
        }
        STANDARD.encode(raw)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_in_the_signers_device_signs_and_is_never_here() {
    let house = House::new().await;
    let actor = house.sender().await;
    let (id, _) = house.sent(&actor, view::Order::Sequential).await;
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Key).await;
    let device = Device(SoftwareSigner::generate(KeyAlgorithm::P256).unwrap().0);
    let public_key = STANDARD.encode(device.0.public_key_der());
    let take = |id: String, proof: String| {
        let (service, signer, public_key) = (&house.service, &person.signer, &public_key);
        async move { ceremony::device_key(service, signer, id.parse().unwrap(), public_key, &proof).await }
    };
    // Without having the key, nobody has it certified.
    let options = ceremony::device_options(&house.service, &person.signer).await.unwrap();
    let refused = take(options.id.clone(), device.sign(b"something else")).await;
    assert_eq!(refusal(refused), Refusal::DeviceKeyRefused { reason: "signature" });
    let again = take(options.id, device.sign(b"x")).await;
    assert_eq!(refusal(again), Refusal::ActivationExpired, "a question is answered once");
    let ready = person.device(&device).await.unwrap();
    assert_eq!((ready.step, ready.key.custody), (view::Step::Confirm, Some(Custody::Device)));
    assert_eq!(refusal(person.sign(PIN).await), Refusal::CustodyRefused { custody: "pin" });
    let activation = person.offer().await.unwrap();
    let to_be_signed = STANDARD.decode(activation.to_be_signed.as_ref().unwrap()).unwrap();
    let with = |signature| Agreement { signature: Some(signature), ..Agreement::default() };
    let sign = |id: &str, opened| {
        ceremony::sign_offered(&house.service, &person.signer, id.parse().unwrap(), opened)
    };
    // A value over anything else, or of another key, spends nothing.
    let other = Device(SoftwareSigner::generate(KeyAlgorithm::P256).unwrap().0);
    for wrong in [device.sign(b"something else"), other.sign(&to_be_signed)] {
        let refused = sign(&activation.id, with(wrong)).await;
        assert_eq!(refusal(refused), Refusal::DeviceKeyRefused { reason: "signature" });
    }
    let signed = sign(&activation.id, with(device.sign(&to_be_signed))).await.unwrap();
    assert_eq!(signed.step, view::Step::Done);
    let events = envelope::events(&house.service, &actor, id).await.unwrap();
    assert_eq!(events.items.iter().filter(|it| it.kind == "key.device_refused").count(), 2);
    let bytes = document(&house.service, &actor, id).await;
    let verdict = verify::verify_source(&house.service, "", Arc::new(bytes)).await.unwrap();
    assert_eq!(verdict.indication, "TOTAL-PASSED", "{verdict:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_their_keys_and_gives_one_up() {
    let house = House::at("http://localhost:8080").await;
    let actor = house.sender().await;
    house.sent(&actor, view::Order::Parallel).await;
    let person = house.guest(PERSON).await;
    let early = ceremony::my_keys(&house.service, &person.signer).await;
    assert_eq!(refusal(early), Refusal::StepNotReady { step: "identity" });
    person.walk_to(view::Step::Key).await;
    let mut phone = Authenticator::new(None);
    let ready = person.passkey(&mut phone).await.unwrap();
    let activation = person.offer().await.unwrap();
    person.use_activation(&activation.id, &phone.agree(&activation)).await.unwrap();
    let keys = ceremony::my_keys(&house.service, &person.signer).await.unwrap().items;
    assert_eq!(keys.len(), 1);
    assert_eq!((keys[0].custody, keys[0].uses, keys[0].usable), (Custody::Passkey, 1, true));
    assert_eq!(keys[0].passkey, ready.key.passkey);
    // Another person's key is nobody's to give up.
    let agent = house.guest(AGENT).await;
    agent.walk_to(view::Step::Document).await;
    let id = keys[0].id.parse().unwrap();
    let others = ceremony::give_up_key(&house.service, &agent.signer, id).await;
    assert!(matches!(others, Err(Error::NotFound)), "{others:?}");
    let left = ceremony::give_up_key(&house.service, &person.signer, id).await.unwrap().items;
    assert!(!left[0].usable && left[0].given_up_at.is_some(), "{left:?}");
    // The next key takes a new identity check, in every session of theirs.
    let again = ceremony::give_up_key(&house.service, &person.signer, id).await;
    assert_eq!(refusal(again), Refusal::StepNotReady { step: "identity" });
}
