//! The operator's game: with the database, the server key and the authority's keys in hand, and every function that a
//! server has, to make a signature of someone that the offline verifier calls solely controlled.

#![expect(clippy::unwrap_used, reason = "what the operator cannot do fails the test")]

use std::sync::Arc;

use aws_lc_rs::{aead, hkdf};
use domain::Clock as _;
use jiff::Timestamp;
use keys::passkey::RelyingParty;
use keys::{
    Activation, ActivationRecord, Confirmation, Factor, Intent, KeyOwner, KeyStore as _, PasskeyFactor,
    PasskeyRecord, SealedKeyStore, SealingCost, SeenRevision, SentDocument, ServerKey, StoredKey,
};
use pades::{Condition, Indication, Policy, Report, RevocationRule, Rule, SignatureReport, SigningRequest};
use pki::ca::{Issuer, Profile, Subject, Urls, Validity};
use pki::{Certificate, KeyAlgorithm, Serial, Signer as _, SoftwareSigner};
use serde_json::Value;
use vermilion_service::control::{self, Attesting, ControlProof, FileRevisions, Known};
use vermilion_service::policy::AtHand;
use vermilion_service::{ceremony, policy, verify, view};

use crate::authenticator::Authenticator;
use crate::signers::{AGENT, House, PERSON, document, refusal};

const NOW: &str = "2026-11-23T04:00:00Z";

/// An authority that the operator does not run.
pub(crate) struct Authority {
    pub(crate) signer: SoftwareSigner,
    pub(crate) issuer: Issuer,
}

impl Authority {
    pub(crate) fn named(name: &str) -> Self {
        let signer = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap().0;
        let subject = Subject { common_name: name.to_owned(), ..Subject::default() };
        let serial = Serial::from_random([1; 16]);
        let root = pki::ca::prepare_root(&subject, signer.public_key_der(), &serial, for_cas()).unwrap();
        let certificate = root.issue(&signer).unwrap();
        Self { signer, issuer: Issuer { certificate, chain: Vec::new(), urls: Urls::default() } }
    }

    /// Certifies a key for the victim's name.
    fn certify(&self, public_key: &[u8], passkey: Option<&[u8; 32]>) -> Certificate {
        let subject = Subject { common_name: "陈晓雨".to_owned(), ..Subject::default() };
        let serial = Serial::from_random([7; 16]);
        let (issuer, person) = (&self.issuer, Profile::Person);
        let token = match passkey {
            Some(passkey) => {
                issuer.prepare_activated(person, &subject, public_key, &serial, validity(), passkey)
            }
            None => issuer.prepare(person, &subject, public_key, &serial, validity()),
        };
        foreign(&token.unwrap().issue(&self.signer).unwrap(), &self.signer)
    }

    /// A CA under it, whose key may be anyone's, as `profile` says what it may state.
    fn certify_ca(&self, name: &str, profile: Profile) -> Self {
        let signer = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap().0;
        let subject = Subject { common_name: name.to_owned(), ..Subject::default() };
        let serial = Serial::from_random([5; 16]);
        let token = self.issuer.prepare(profile, &subject, signer.public_key_der(), &serial, for_cas());
        let certificate = token.unwrap().issue(&self.signer).unwrap();
        let chain = self.chain().to_vec();
        Self { signer, issuer: Issuer { certificate, chain, urls: Urls::default() } }
    }

    fn chain(&self) -> [Certificate; 1] {
        [self.issuer.certificate.clone()]
    }

    fn judge(&self, file: &[u8]) -> Judged {
        self.judge_with(file, &AtHand::default())
    }

    fn judge_with(&self, file: &[u8], at_hand: &AtHand) -> Judged {
        let document = pdf::Document::open(Arc::new(file.to_vec()), &pdf::Limits::default()).unwrap();
        let mut policy = Policy::new(vec![self.issuer.certificate.clone()], NOW.parse().unwrap());
        policy.signature_policies = at_hand.documents();
        let mut report = pades::validate(&document, &policy.with_revocation(RevocationRule::IfPresent));
        at_hand.name_in(&mut report);
        (report, FileRevisions::of(&document))
    }
}

/// What a file alone shows, and what it was before its signatures.
type Judged = (Report, FileRevisions);

/// The same certificate, as one states it whose policies are not this product's: of the arc beside it.
fn foreign(certificate: &Certificate, signer: &SoftwareSigner) -> Certificate {
    const OURS: [u8; 9] = [0x2b, 6, 1, 4, 1, 0x86, 0x8d, 0x1f, 1];
    let part = |der: &[u8]| {
        let long = usize::from(der[1].saturating_sub(0x80));
        let length = der[2..2 + long].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        (2 + long, 2 + long + if long == 0 { usize::from(der[1]) } else { length })
    };
    let whole = certificate.der();
    let (inner, _) = part(whole);
    let mut tbs = whole[inner..inner + part(&whole[inner..]).1].to_vec();
    while let Some(at) = tbs.windows(OURS.len()).position(|it| *it == OURS) {
        tbs[at + 7] = 0x1e;
    }
    let value = signer.sign(&tbs).unwrap();
    let ecdsa_sha256 = [0x30, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    let bits = [&[3, u8::try_from(value.len() + 1).unwrap(), 0], value.as_slice()].concat();
    let body = [tbs.as_slice(), &ecdsa_sha256, &bits].concat();
    let length = u16::try_from(body.len()).unwrap().to_be_bytes();
    Certificate::from_der(&[&[0x30, 0x82], length.as_slice(), &body].concat()).unwrap()
}

/// The policies that [`foreign`] makes of those for people.
fn foreign_policies() -> Vec<String> {
    Profile::Person.policy_oids().iter().map(|it| it.replace(".99999.", ".99998.")).collect()
}

/// Of roots and CAs.
pub(crate) fn for_cas() -> Validity {
    Validity { not_after: "2046-01-01T00:00:00Z".parse().unwrap(), ..validity() }
}

fn validity() -> Validity {
    let at = |text: &str| text.parse().unwrap();
    Validity { not_before: at("2026-01-01T00:00:00Z"), not_after: at("2027-01-01T00:00:00Z") }
}

fn server_key() -> ServerKey {
    ServerKey::from_bytes([7; 32])
}

fn store() -> SealedKeyStore {
    SealedKeyStore::new(&server_key(), SealingCost::cheap_for_tests())
}

pub(crate) fn us() -> RelyingParty {
    RelyingParty::new("localhost", ["http://localhost:8080"])
}

/// The victim: a key under their passkey, certified with it by an authority of their own choice.
struct Victim {
    phone: Authenticator,
    passkey: keys::passkey::Passkey,
    registration: keys::passkey::Registration,
    key: StoredKey,
    certificate: Certificate,
}

impl Victim {
    fn enrolled(authority: &Authority) -> Self {
        let mut phone = Authenticator::new(None);
        let (passkey, registration) = phone.enrol();
        let owner = KeyOwner { key: "key_1".to_owned(), owner: "per_1".to_owned() };
        let (passkey_of, assertion, prf) = (passkey.clone(), None, None);
        let factor = PasskeyFactor { relying_party: us(), passkey: passkey_of, assertion, prf };
        let factor = Factor::Passkey(Box::new(factor));
        let mut random = domain_draw();
        let key = store().create(KeyAlgorithm::P256, &owner, &factor, &mut random).unwrap();
        let certificate = authority.certify(&key.public_key, Some(&passkey.fingerprint()));
        Self { phone, passkey, registration, key, certificate }
    }

    fn record(&self, activation: &[u8], assertion: keys::passkey::Assertion) -> ActivationRecord {
        let passkey = PasskeyRecord {
            assertion,
            passkey: self.passkey.clone(),
            registration: self.registration.clone(),
            relying_party: us(),
        };
        record(activation, &self.certificate, "passkey", Some(passkey))
    }
}

fn domain_draw() -> impl rand_core::CryptoRng {
    struct Leaked(testkit::SeededRng);
    impl rand_core::TryRng for Leaked {
        type Error = std::convert::Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            let mut bytes = [0; 4];
            domain::Rng::fill(&self.0, &mut bytes);
            Ok(u32::from_le_bytes(bytes))
        }
        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            let mut bytes = [0; 8];
            domain::Rng::fill(&self.0, &mut bytes);
            Ok(u64::from_le_bytes(bytes))
        }
        fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
            domain::Rng::fill(&self.0, out);
            Ok(())
        }
    }
    impl rand_core::TryCryptoRng for Leaked {}
    Leaked(testkit::SeededRng::new(3))
}

fn standard() -> Vec<u8> {
    domain::policy::SigningPolicy::built_in("standard").unwrap().canonical()
}

pub(crate) fn record(
    activation: &[u8],
    certificate: &Certificate,
    custody: &str,
    passkey: Option<PasskeyRecord>,
) -> ActivationRecord {
    ActivationRecord {
        activation: String::from_utf8(activation.to_vec()).unwrap(),
        certificate: certificate.der().to_vec(),
        custody: custody.to_owned(),
        passkey,
        policy: String::from_utf8(standard()).unwrap(),
    }
}

/// A contract that is to be signed, and the activation that would allow it.
pub(crate) struct Asked {
    contract: Vec<u8>,
    pub(crate) prepared: pades::ToBeSigned,
    pub(crate) activation: Activation,
}

/// `pages` tells one contract from another.
pub(crate) fn asked(certificate: &Certificate, chain: &[Certificate], pages: usize) -> Asked {
    asked_at(certificate, chain, pages, NOW.parse().unwrap())
}

fn asked_at(certificate: &Certificate, chain: &[Certificate], pages: usize, at: Timestamp) -> Asked {
    asked_with(certificate, chain, pages, at, &standard(), |_| {})
}

/// `bend` makes of the activation what it likes: whoever has all keys writes what they like.
fn asked_with(
    certificate: &Certificate,
    chain: &[Certificate],
    pages: usize,
    at: Timestamp,
    policy: &[u8],
    bend: impl FnOnce(&mut Intent),
) -> Asked {
    let bytes = testkit::pdf_samples::contract(pdf::XrefKind::Table, pages);
    let document = pdf::Document::open(Arc::new(bytes.clone()), &pdf::Limits::default()).unwrap();
    let mut request = SigningRequest::new("Signature1", at);
    request.place = Some(pades::Place::invisible());
    let digest = pki::sha256(policy);
    request.policy = Some(pki::cms::SignaturePolicy {
        oid: domain::policy::oid(&digest),
        digest_algorithm: pki::DigestAlgorithm::Sha256,
        digest: digest.to_vec(),
        uri: None,
    });
    let prepared = pades::prepare(&document, &request).unwrap();
    let sha256 = pki::sha256(&bytes);
    let mut intent = Intent {
        signer: "rcp_1".to_owned(),
        documents: vec![SentDocument { document: "doc_1".to_owned(), sha256 }],
        revisions: vec![SeenRevision { document: "doc_1".to_owned(), revision: 0, sha256 }],
        field_values: pki::sha256(b""),
        content: prepared.digest.clone(),
        policy: digest,
        confirmation: Confirmation { words: "I agree".to_owned(), language: "en".to_owned() },
        at,
        nonce: [9; 16],
    };
    bend(&mut intent);
    let activation = Activation::new(intent, certificate);
    let algorithm = pki::SignatureAlgorithm::EcdsaSha256;
    let prepared = prepared.to_be_signed(certificate.clone(), chain.to_vec(), algorithm).unwrap();
    Asked { contract: bytes, prepared, activation }
}

impl Asked {
    /// The file with this signature value.
    pub(crate) fn finished(self, value: Vec<u8>) -> Vec<u8> {
        let tail = self.prepared.signed(value).unwrap().finish().unwrap();
        [self.contract, tail].concat()
    }
}

/// What somebody knows of an [`Authority`]: that it looks itself whose passkey it names.
fn attesting(authority: &Authority) -> Known {
    let authority = authority.issuer.certificate.fingerprint();
    let all = [foreign_policies(), Profile::Person.policy_oids()].concat();
    let attesting = all.into_iter().map(|policy| Attesting { policy, authority });
    Known { attesting: attesting.collect(), ..Known::default() }
}

fn verdict(judged: &Judged, records: Vec<ActivationRecord>, known: &Known) -> SignatureReport {
    let (mut report, revisions) = judged.clone();
    control::apply(&mut report, &revisions, &ControlProof::new(records), known);
    let one = report.signatures[0].clone();
    assert_eq!(
        one.reliability.signature_intact,
        Condition::Met,
        "the operator's signatures are real ones: {one:#?}"
    );
    one
}

/// What anyone can do who has `keys.stored` and the server key: the construction is public.
pub(crate) fn opened_by_the_operator(key: &StoredKey, server_key: &ServerKey) -> SoftwareSigner {
    let stored: Value = serde_json::to_value(key).unwrap();
    let sealed = &stored["protection"]["passkey"];
    let field = |name: &str| hex::decode(sealed[name].as_str().unwrap()).unwrap();
    let label: &[u8] = b"vermilion/passkey-sealed-key/v1";
    let pepper = server_key.derive("signing-key");
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, &field("salt"));
    let mut kek = [0; 32];
    salt.extract(pepper.as_bytes()).expand(&[label], hkdf::HKDF_SHA256).unwrap().fill(&mut kek).unwrap();
    let mut aad = Vec::new();
    let algorithm = key.algorithm.name().as_bytes();
    for part in [label, key.owner.key.as_bytes(), key.owner.owner.as_bytes(), algorithm, &key.public_key] {
        aad.extend_from_slice(&u32::try_from(part.len()).unwrap().to_be_bytes());
        aad.extend_from_slice(part);
    }
    aad.extend_from_slice(&field("passkey"));
    let opening = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, &kek).unwrap());
    let nonce = aead::Nonce::try_assume_unique_for_key(&field("nonce")).unwrap();
    let mut sealed = field("ciphertext");
    let pkcs8 = opening.open_in_place(nonce, aead::Aad::from(aad), &mut sealed).unwrap();
    SoftwareSigner::from_pkcs8(pkcs8).unwrap()
}

#[test]
fn what_the_passkey_agreed_to_is_shown_to_be_the_signers_own() {
    let authority = Authority::named("Example Licensed CA");
    let mut victim = Victim::enrolled(&authority);
    let it = asked(&victim.certificate, &authority.chain(), 1);
    let canonical = it.activation.canonical();
    let assertion = victim.phone.assert(&it.activation.digest());
    let factor = PasskeyFactor {
        relying_party: us(),
        passkey: victim.passkey.clone(),
        assertion: Some(assertion.clone()),
        prf: None,
    };
    let factor = Factor::Passkey(Box::new(factor));
    let spent = asked(&victim.certificate, &authority.chain(), 1).activation;
    assert_eq!(spent, it.activation, "the same work gives the same bytes");
    let opened = store().unlock(&victim.key, &factor, &spent).unwrap();
    let value = opened.sign(spent.spent(), it.prepared.bytes()).unwrap();
    let report = authority.judge(&it.finished(value.bytes));
    let proof = || vec![victim.record(&canonical, assertion.clone())];
    let shown = verdict(&report, proof(), &attesting(&authority));
    assert_eq!(shown.reliability.sole_control, Condition::Met, "{shown:#?}");
    assert_eq!(shown.reliability.exclusive, Condition::Met, "{shown:#?}");
    // A file alone never shows it; nor does the record under an authority that nobody trusts.
    assert_eq!(report.0.signatures[0].reliability.sole_control, Condition::NotShown);
    let elsewhere = Authority::named("Another CA").judge_again(&report);
    let untrusted = verdict(&elsewhere, proof(), &attesting(&authority));
    assert_eq!(untrusted.reliability_reasons.sole_control.code.as_str(), "sole_control_untrusted");
    // Who knows the passkey from the signer needs no authority for it.
    let known = Known { passkeys: vec![victim.passkey.fingerprint()], ..Known::default() };
    assert_eq!(verdict(&elsewhere, proof(), &known).reliability.sole_control, Condition::Met);
    // The proof survives being a file.
    let written = ControlProof::new(proof());
    assert_eq!(ControlProof::from_json(&written.to_json()), Some(written));
}

impl Authority {
    /// The report as one who trusts this authority alone would have it.
    fn judge_again(&self, (report, revisions): &Judged) -> Judged {
        let mut report = report.clone();
        for one in &mut report.signatures {
            one.trusted =
                one.chain.last().is_some_and(|it| it.subject == self.issuer.certificate.common_name());
        }
        (report, revisions.clone())
    }
}

#[test]
fn an_operator_who_opens_the_key_has_nothing_to_show_for_it() {
    let authority = Authority::named("Example Licensed CA");
    let mut victim = Victim::enrolled(&authority);
    // What the operator has: an assertion that the victim once gave for something else.
    let earlier = asked(&victim.certificate, &authority.chain(), 1);
    let old_assertion = victim.phone.assert(&earlier.activation.digest());
    let old_record = victim.record(&earlier.activation.canonical(), old_assertion.clone());
    // The key without its function opens for whoever has database and server key.
    let key = opened_by_the_operator(&victim.key, &server_key());
    let forged = asked(&victim.certificate, &authority.chain(), 3);
    let (canonical, digest) = (forged.activation.canonical(), forged.activation.digest());
    let value = key.sign(forged.prepared.bytes()).unwrap();
    let report = authority.judge(&forged.finished(value));
    let mut own = Authenticator::new(None);
    let (own_passkey, own_registration) = own.enrol();
    let own_record = PasskeyRecord {
        assertion: own.assert(&digest),
        passkey: own_passkey,
        registration: own_registration,
        relying_party: us(),
    };
    let with = |passkey| record(&canonical, &victim.certificate, "passkey", passkey);
    let mut widened = victim.record(&canonical, old_assertion.clone());
    widened.passkey.as_mut().unwrap().relying_party.origins.push("https://operator.example".to_owned());
    let mut renamed = with(Some(own_record.clone()));
    renamed.certificate =
        authority.certify(&victim.key.public_key, Some(&own_record.passkey.fingerprint())).der().to_vec();
    let tries = [
        ("no record", Vec::new()),
        ("a record without the passkey", vec![with(None)]),
        ("as if a PIN had opened it", vec![record(&canonical, &victim.certificate, "pin", None)]),
        ("the old record", vec![old_record]),
        ("the old assertion", vec![victim.record(&canonical, old_assertion)]),
        ("the operator's own passkey", vec![with(Some(own_record))]),
        ("another certificate", vec![renamed]),
        ("another site's origins", vec![widened]),
    ];
    for (what, records) in tries {
        for known in [Known::default(), attesting(&authority)] {
            let shown = verdict(&report, records.clone(), &known);
            assert_ne!(shown.reliability.sole_control, Condition::Met, "{what}: {shown:#?}");
            assert_ne!(shown.reliability.exclusive, Condition::Met, "{what}");
        }
    }
}

#[test]
fn an_operator_who_is_the_authority_too_shows_nothing() {
    // The embedded authority's keys lie under the server key: the operator certifies their own passkey for the victim.
    let authority = Authority::named("Vermilion Test Root CA");
    let mut made_up = Victim::enrolled(&authority);
    let it = asked(&made_up.certificate, &authority.chain(), 3);
    let canonical = it.activation.canonical();
    let assertion = made_up.phone.assert(&it.activation.digest());
    let value = opened_by_the_operator(&made_up.key, &server_key()).sign(it.prepared.bytes()).unwrap();
    let report = authority.judge(&it.finished(value));
    for known in [Known::default(), attesting(&authority)] {
        let shown = verdict(&report, vec![made_up.record(&canonical, assertion.clone())], &known);
        assert_eq!(shown.reliability.sole_control, Condition::NotShown);
        assert_eq!(shown.reliability_reasons.sole_control.code.as_str(), "sole_control_own_authority");
    }
}

#[test]
fn an_operator_who_asks_another_authority_in_the_victims_name_shows_nothing() {
    // The other authority believes whoever has the platform's credential: OpenSSL runs it, and nothing of ours is asked.
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = testkit::EstServer::start(folder.path()) else { return };
    let pem = |name| Certificate::from_pem(std::str::from_utf8(&server.file(name)).unwrap()).unwrap();
    let client = online::EstClient::new(online::EstConfig {
        url: server.url(),
        label: None,
        roots: online::Roots::Only(vec![pem("tls-root.pem")]),
        credentials: Some(online::Credentials::new("vermilion", "enroll me")),
        identity: None,
        time: std::time::Duration::from_secs(20),
    })
    .unwrap();
    // The operator's key, the operator's passkey, the victim's name.
    let key = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap().0;
    let mut own = Authenticator::new(None);
    let (passkey, registration) = own.enrol();
    let victim = Subject { common_name: "陈晓雨".to_owned(), ..Subject::default() };
    let fingerprint = passkey.fingerprint();
    let info = pki::ca::CertificationRequest::info_activated(
        &victim,
        Profile::Person,
        key.public_key_der(),
        Some(&fingerprint),
    );
    let value = key.sign(&info).unwrap();
    let request = pki::ca::CertificationRequest::from_parts(&info, key.algorithm(), &value).unwrap();
    let online::Enrolled::Issued { certificate, .. } = client.enroll(&request).unwrap() else {
        panic!("it issues at once")
    };
    assert_eq!(certificate.subject().common_name(), Some("陈晓雨"));
    assert_eq!(certificate.activated_by(), Some(&fingerprint));
    // A contract, an activation and an assertion, all of the operator's making.
    let at = vermilion_service::SystemClock.now() + jiff::SignedDuration::from_mins(5);
    let it = asked_at(&certificate, &[pem("ca.pem"), pem("root.pem")], 2, at);
    let canonical = it.activation.canonical();
    let passkey = PasskeyRecord {
        assertion: own.assert(&it.activation.digest()),
        passkey,
        registration,
        relying_party: us(),
    };
    let value = key.sign(it.prepared.bytes()).unwrap();
    let file = it.finished(value);
    let document = pdf::Document::open(Arc::new(file), &pdf::Limits::default()).unwrap();
    let policy = Policy::new(vec![pem("root.pem")], at).with_revocation(RevocationRule::IfPresent);
    let report = pades::validate(&document, &policy);
    let judged = (report.clone(), FileRevisions::of(&document));
    assert!(report.signatures[0].trusted, "{:#?}", report.signatures[0]);
    let records = || vec![record(&canonical, &certificate, "passkey", Some(passkey.clone()))];
    let shown = verdict(&judged, records(), &Known::default());
    assert_eq!(shown.reliability.sole_control, Condition::NotShown);
    assert_eq!(shown.reliability.exclusive, Condition::NotShown);
    assert_eq!(shown.reliability_reasons.sole_control.code.as_str(), "sole_control_registration");
    // Nor do the policies of other authorities help. Whoever says of this one's policy that it looks itself is told what
    // follows from that: it is their word, and of this authority it is wrong.
    let said = |policy: &str, of: &'static str| {
        let authority = pem(of).fingerprint();
        let attesting = vec![Attesting { policy: policy.to_owned(), authority }];
        Known { attesting, ..Known::default() }
    };
    let person = Profile::Person.policy_oids();
    for known in [said(&person[0], "ca.pem"), said("1.2.3.4.6", "ca.pem"), said("1.2.3.4.5", "root.pem")] {
        assert_eq!(verdict(&judged, records(), &known).reliability.sole_control, Condition::NotShown);
    }
    let misled = said("1.2.3.4.5", "ca.pem");
    assert_eq!(verdict(&judged, records(), &misled).reliability.sole_control, Condition::Met);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proof_of_a_ceremony_says_what_it_shows_and_no_more() {
    let house = House::at("http://localhost:8080").await;
    let actor = house.sender().await;
    let (id, _) = house.sent_under(&actor, "standard").await;
    // The person signs with a passkey, the company's agent with a PIN.
    let person = house.guest(PERSON).await;
    person.walk_to(view::Step::Key).await;
    let mut phone = Authenticator::new(Some([4; 32]));
    let ready = person.passkey(&mut phone).await.unwrap();
    let activation = person.offer().await.unwrap();
    person.use_activation(&activation.id, &phone.agree(&activation)).await.unwrap();
    // Whoever has a link has neither consented nor shown who they are yet.
    let agent = house.guest(AGENT).await;
    let early = refusal(ceremony::proof_for_signer(&house.service, &agent.signer).await);
    assert_eq!(early.code(), "step_not_ready");
    agent.walk_to(view::Step::Done).await;
    let own = ceremony::proof_for_signer(&house.service, &agent.signer).await.unwrap();
    let proof = ceremony::proof_for_signer(&house.service, &person.signer).await.unwrap();
    assert_eq!(proof, ceremony::proof_for_sender(&house.service, &actor, id).await.unwrap());
    assert_eq!(proof, own);
    let proof = ControlProof::from_json(&proof).unwrap();
    assert_eq!(proof.records.iter().map(|it| it.custody.as_str()).collect::<Vec<_>>(), ["passkey", "pin"]);
    let file = document(&house.service, &actor, id).await;
    let source = pdf::Document::open(Arc::new(file.clone()), &pdf::Limits::default()).unwrap();
    let mut trust = Policy::new(vec![house.service.authority().root().clone()], house.service.now());
    trust.signature_policies = policy::built_in_documents();
    let mut fingerprint = [0; 32];
    hex::decode_to_slice(ready.key.passkey.unwrap(), &mut fingerprint).unwrap();
    for (known, expected) in [
        // Test trust: the operator runs the authority.
        (Known::default(), ["sole_control_own_authority", "sole_control_unwitnessed"]),
        (
            Known { passkeys: vec![fingerprint], ..Known::default() },
            ["sole_control_known", "sole_control_unwitnessed"],
        ),
    ] {
        let mut report = pades::validate(&source, &trust);
        control::apply(&mut report, &FileRevisions::of(&source), &proof, &known);
        let found =
            report.signatures.iter().take(2).map(|it| it.reliability_reasons.sole_control.code.as_str());
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }
    // The server's own page says the same of a file that anyone brings.
    let shown = verify::verify_source(&house.service, "", Arc::new(file)).await.unwrap();
    let said = shown.signatures.iter().take(2).map(|it| it.reliability_reasons.sole_control.code.as_str());
    assert_eq!(said.collect::<Vec<_>>(), ["sole_control_own_authority", "sole_control_unwitnessed"]);
}

#[test]
fn an_authority_of_the_operators_own_shows_nothing_whatever_it_is_called_and_whoever_certified_it() {
    let root = Authority::named("Example Licensed Root");
    // Another's root lets a CA of the operator's state a policy of its own, or any; the CA states the root's.
    for profile in [Profile::IssuingPerson, Profile::Issuing] {
        let ours = root.certify_ca("Acme Person CA", profile);
        let mut made_up = Victim::enrolled(&ours);
        let chain = [ours.chain().to_vec(), root.chain().to_vec()].concat();
        let it = asked(&made_up.certificate, &chain, 3);
        let (canonical, digest) = (it.activation.canonical(), it.activation.digest());
        let assertion = made_up.phone.assert(&digest);
        let value = opened_by_the_operator(&made_up.key, &server_key()).sign(it.prepared.bytes()).unwrap();
        let judged = root.judge(&it.finished(value));
        assert!(judged.0.signatures[0].trusted, "{:#?}", judged.0.signatures[0]);
        assert_eq!(made_up.certificate.policies(), foreign_policies());
        for known in [Known::default(), attesting(&root)] {
            let shown = verdict(&judged, vec![made_up.record(&canonical, assertion.clone())], &known);
            assert_eq!(shown.reliability.sole_control, Condition::NotShown, "{profile:?} {shown:#?}");
            assert_eq!(shown.reliability.exclusive, Condition::NotShown, "{profile:?}");
        }
    }
}

#[test]
fn an_authority_whose_cas_may_state_the_policy_is_believed_by_the_name_of_either() {
    let root = Authority::named("Example Licensed Root");
    let mut ca = root.certify_ca("Example Licensed CA", Profile::IssuingPerson);
    let mut signer = Victim::enrolled(&ca);
    ca.issuer.certificate = foreign(&ca.issuer.certificate, &root.signer);
    let chain = [ca.chain().to_vec(), root.chain().to_vec()].concat();
    let it = asked(&signer.certificate, &chain, 1);
    let (canonical, digest) = (it.activation.canonical(), it.activation.digest());
    let assertion = signer.phone.assert(&digest);
    let value = opened_by_the_operator(&signer.key, &server_key()).sign(it.prepared.bytes()).unwrap();
    let judged = root.judge(&it.finished(value));
    let records = || vec![signer.record(&canonical, assertion.clone())];
    for named in [&root, &ca] {
        let shown = verdict(&judged, records(), &attesting(named));
        assert_eq!(shown.reliability.sole_control, Condition::Met, "{shown:#?}");
        assert_eq!(shown.reliability.exclusive, Condition::Met);
    }
    // The same words of somebody else are another policy.
    let other = attesting(&Authority::named("Example Licensed Root"));
    assert_eq!(verdict(&judged, records(), &other).reliability.sole_control, Condition::NotShown);
}

/// A signature of somebody whose passkey is known, with an activation that was bent.
fn bent(bend: impl FnOnce(&mut Intent)) -> (Judged, Victim, ActivationRecord) {
    let authority = Authority::named("Example Licensed CA");
    let mut signer = Victim::enrolled(&authority);
    let at = NOW.parse().unwrap();
    let it = asked_with(&signer.certificate, &authority.chain(), 2, at, &standard(), bend);
    let (canonical, digest) = (it.activation.canonical(), it.activation.digest());
    let assertion = signer.phone.assert(&digest);
    let record = signer.record(&canonical, assertion);
    let value = opened_by_the_operator(&signer.key, &server_key()).sign(it.prepared.bytes()).unwrap();
    (authority.judge(&it.finished(value)), signer, record)
}

type Bend = fn(&mut Intent);

fn knows(signer: &Victim) -> Known {
    Known { passkeys: vec![signer.passkey.fingerprint()], ..Known::default() }
}

#[test]
fn an_activation_of_another_time_or_document_does_not_hold() {
    let (judged, signer, good) = bent(|_| {});
    let shown = verdict(&judged, vec![good.clone()], &knows(&signer));
    assert_eq!(shown.reliability.sole_control, Condition::Met, "{shown:#?}");
    assert_eq!(shown.reliability_reasons.exclusive.code.as_str(), "exclusive_known");
    let bends: [(&str, Bend); 6] = [
        ("before the certificate", |it| it.at = "2020-01-01T00:00:00Z".parse().unwrap()),
        ("an hour before the signature", |it| it.at = "2026-11-23T03:00:00Z".parse().unwrap()),
        ("after the signature", |it| it.at = "2026-11-23T04:30:00Z".parse().unwrap()),
        ("another revision", |it| it.revisions[0].sha256 = [0; 32]),
        ("another document", |it| it.documents[0].sha256 = [0; 32]),
        ("no document", |it| it.documents.clear()),
    ];
    for (what, bend) in bends {
        let (judged, signer, record) = bent(bend);
        let shown = verdict(&judged, vec![record], &knows(&signer));
        assert_eq!(shown.reliability.sole_control, Condition::NotMet, "{what}: {shown:#?}");
        assert_ne!(shown.reliability.exclusive, Condition::Met, "{what}");
    }
    // What a record says of the passkey and the key is judged too.
    let (mut unregistered, mut by_pin) = (good.clone(), good.clone());
    unregistered.passkey.as_mut().unwrap().registration.attestation_object.clear();
    by_pin.custody = "pin".to_owned();
    for record in [unregistered.clone(), by_pin] {
        let shown = verdict(&judged, vec![record], &knows(&signer));
        assert_eq!(shown.reliability.sole_control, Condition::NotMet, "{shown:#?}");
    }
    // One that does not hold hides none that does, wherever it stands.
    for records in [vec![unregistered.clone(), good.clone()], vec![good, unregistered]] {
        assert_eq!(verdict(&judged, records, &knows(&signer)).reliability.sole_control, Condition::Met);
    }
}

#[test]
fn a_signature_that_falls_short_of_its_policy_has_not_passed() {
    let strict = domain::policy::SigningPolicy::built_in("strict").unwrap().canonical();
    let authority = Authority::named("Example Licensed CA");
    let signer = Victim::enrolled(&authority);
    let certificate = authority.certify(&signer.key.public_key, None);
    let at = NOW.parse().unwrap();
    let it = asked_with(&certificate, &authority.chain(), 2, at, &strict, |_| {});
    let mut by_pin = record(&it.activation.canonical(), &certificate, "pin", None);
    by_pin.policy = String::from_utf8(strict).unwrap();
    let value = opened_by_the_operator(&signer.key, &server_key()).sign(it.prepared.bytes()).unwrap();
    let file = it.finished(value);
    let judged = authority.judge(&file);
    let one = &judged.0.signatures[0];
    assert_eq!((judged.0.indication, one.indication), (Indication::Indeterminate, Indication::Indeterminate));
    assert_eq!(one.sub_indication, Some(pades::SubIndication::SigConstraintsFailure));
    let stands = |one: &SignatureReport| -> Vec<(Rule, Condition)> {
        one.policy.iter().flat_map(|it| &it.rules).map(|it| (it.rule, it.condition)).collect()
    };
    use Condition::{NotMet, NotShown};
    let rest = [(Rule::Will, NotShown), (Rule::Identity, NotShown), (Rule::IdentityAge, NotShown)];
    let form = [(Rule::Level, NotMet), (Rule::Time, NotMet)];
    let all = |custody| [&form[..], &[(Rule::Custody, custody)], &rest].concat();
    assert_eq!(stands(one), all(NotShown));
    assert!(
        judged.0.text(pades::Lang::Zh).contains("签署策略·签名级别：不符合"),
        "{}",
        judged.0.text(pades::Lang::Zh)
    );
    // The record says that a PIN opened the key: the policy takes a passkey alone.
    let shown = verdict(&judged, vec![by_pin], &Known::default());
    assert_eq!(stands(&shown), all(NotMet));
    assert_eq!(shown.reliability.sole_control, NotMet);
    assert!(shown.reasons.iter().any(|it| it.code.as_str() == "policy_custody_refused"), "{shown:#?}");
}

#[test]
fn a_policy_is_the_one_with_its_digest_whatever_it_calls_itself() {
    let strict = domain::policy::SigningPolicy::built_in("strict").unwrap();
    let text = String::from_utf8(strict.canonical()).unwrap();
    let weak = text.replace(r#"["passkey"]"#, r#"["device","passkey","pin","pkcs11"]"#);
    let weak = weak.replace("PAdES-B-LTA", "PAdES-B-T").replace("trusted", "claimed");
    let brought = domain::policy::SigningPolicy::from_canonical(weak.as_bytes()).unwrap();
    let authority = Authority::named("Example Licensed CA");
    let signer = Victim::enrolled(&authority);
    let at = NOW.parse().unwrap();
    let it = asked_with(&signer.certificate, &authority.chain(), 2, at, weak.as_bytes(), |_| {});
    let value = opened_by_the_operator(&signer.key, &server_key()).sign(it.prepared.bytes()).unwrap();
    let (report, _) = authority.judge_with(&it.finished(value), &AtHand::default().brought([brought]));
    let one = &report.signatures[0];
    let said: Vec<&str> = one.reasons.iter().map(|it| it.code.as_str()).collect();
    assert!(said.contains(&"policy_brought") && !said.contains(&"policy_matches"), "{said:?}");
    assert!(!report.text(pades::Lang::En).contains("strict 1"), "{}", report.text(pades::Lang::En));
    let verdict = one.policy.as_ref().unwrap();
    assert_eq!(verdict.source, Some(pades::PolicySource::Brought));
    // The one that is built in is taken from nowhere else.
    let own = AtHand::default().brought([strict.clone()]);
    let digest = hex::encode(policy::digest(&strict));
    assert_eq!(own.of_digest(&digest).map(|it| it.0), Some(pades::PolicySource::BuiltIn));
}
