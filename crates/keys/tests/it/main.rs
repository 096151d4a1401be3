//! Keys that open only with their signer's factor.
#![expect(clippy::unwrap_used, reason = "a panic is how a test says no")]

mod files;
mod hostile;
mod passkey;
mod pkcs11;
mod tool;

use jiff::Timestamp;
use pki::ca::{Subject, Validity, prepare_root};
use pki::{Certificate, KeyAlgorithm, Serial, SignatureAlgorithm};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
use vermilion_keys::*;

const PIN: &str = "730591";

fn store(server: u8) -> SealedKeyStore {
    SealedKeyStore::new(&ServerKey::from_bytes([server; 32]), SealingCost::cheap_for_tests())
}

fn owner() -> KeyOwner {
    KeyOwner { key: "key_1".to_owned(), owner: "per_1".to_owned() }
}

fn create(algorithm: KeyAlgorithm) -> StoredKey {
    let pin = Pin::parse(PIN).unwrap().into_factor();
    store(1).create(algorithm, &owner(), &pin, &mut ChaCha20Rng::from_seed([3; 32])).unwrap()
}

/// A certificate for the key. Only its public key matters here, so a key that nobody seals signs it.
fn certificate(key: &StoredKey) -> Certificate {
    let (root, _) = pki::SoftwareSigner::generate(KeyAlgorithm::P256).unwrap();
    let name = |common_name: &str| Subject { common_name: common_name.to_owned(), ..Subject::default() };
    let validity = |not_after: &str| Validity {
        not_before: "2026-01-01T00:00:00Z".parse().unwrap(),
        not_after: not_after.parse().unwrap(),
    };
    use pki::Signer;
    let spki = root.public_key_der();
    let token =
        prepare_root(&name("Root"), spki, &Serial::from_random([1; 16]), validity("2040-01-01T00:00:00Z"))
            .unwrap();
    let issuer = pki::ca::Issuer {
        certificate: token.issue(&root).unwrap(),
        chain: vec![],
        urls: pki::ca::Urls::default(),
    };
    let serial = Serial::from_random([2; 16]);
    let validity = validity("2027-01-01T00:00:00Z");
    let token = issuer.prepare(pki::ca::Profile::Person, &name("陈"), &key.public_key, &serial, validity);
    token.unwrap().issue(&root).unwrap()
}

fn intent() -> Intent {
    Intent {
        signer: "rcp_1".to_owned(),
        documents: vec![SentDocument { document: "doc_1".to_owned(), sha256: [1; 32] }],
        revisions: vec![SeenRevision { document: "doc_1".to_owned(), revision: 0, sha256: [1; 32] }],
        field_values: [2; 32],
        content: vec![4; 32],
        policy: [5; 32],
        confirmation: Confirmation {
            words: "我确认签署\n\"合同\"".to_owned(), language: "zh-CN".to_owned()
        },
        at: "2026-06-01T08:00:00Z".parse::<Timestamp>().unwrap(),
        nonce: [3; 16],
    }
}

/// Signed attributes with the digest of the content that [`intent`] names, or another.
fn attributes(content: &[u8]) -> Vec<u8> {
    let digest = pki::der::tlv(pki::der::SET, &[&pki::der::octet_string(content)]);
    let message_digest = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
    pki::der::set_of(vec![pki::der::sequence(&[&pki::der::oid(&message_digest), &digest])])
}

fn message() -> Vec<u8> {
    attributes(&[4; 32])
}

/// Opens the key and signs, as a caller does who put on record in between that the activation is spent.
fn sign(
    store: &SealedKeyStore,
    key: &StoredKey,
    factor: &Factor,
    activation: Activation,
    message: &[u8],
) -> Result<SignatureValue, KeyError> {
    store.unlock(key, factor, &activation)?.sign(activation.spent(), message)
}

fn activation(key: &StoredKey) -> Activation {
    Activation::new(intent(), &certificate(key))
}

#[test]
fn the_right_pin_signs_what_the_public_key_verifies() {
    for (algorithm, expected) in [
        (KeyAlgorithm::P256, SignatureAlgorithm::EcdsaSha256),
        (KeyAlgorithm::P384, SignatureAlgorithm::EcdsaSha384),
        (KeyAlgorithm::Rsa2048, SignatureAlgorithm::RsaSha256),
    ] {
        let key = create(algorithm);
        let activation = activation(&key);
        let digest = activation.digest();
        let signature = sign(&store(1), &key, &Factor::pin(PIN), activation, &message()).unwrap();
        assert_eq!((signature.algorithm, signature.activation), (expected, digest));
        pki::verify(&key.public_key, signature.algorithm, &message(), &signature.bytes).unwrap();
        pki::verify(&key.public_key, signature.algorithm, &attributes(&[5; 32]), &signature.bytes)
            .unwrap_err();
    }
}

#[test]
fn a_stored_key_survives_json_and_shows_no_secret() {
    let key = create(KeyAlgorithm::P256);
    let json = serde_json::to_string(&key).unwrap();
    assert_eq!(serde_json::from_str::<StoredKey>(&json).unwrap(), key);
    // Two keys under one PIN share nothing that could be compared.
    let pin = Factor::pin(PIN);
    let other =
        store(1).create(KeyAlgorithm::P256, &owner(), &pin, &mut ChaCha20Rng::from_seed([4; 32])).unwrap();
    assert_ne!(key.protection, other.protection);
    assert_eq!(format!("{pin:?}"), "Pin(..)");
}

#[test]
fn nothing_else_opens_a_key() {
    let key = create(KeyAlgorithm::P256);
    let sign = |store: &SealedKeyStore, key: &StoredKey, pin: &str| {
        store.unlock(key, &Factor::pin(pin), &activation(key)).map(|_| ()).unwrap_err()
    };
    for pin in ["730592", "", "7305911", " 73059"] {
        assert_eq!(sign(&store(1), &key, pin), KeyError::WrongFactor);
    }
    assert_eq!(sign(&store(2), &key, PIN), KeyError::WrongFactor, "another server key");
    let moved = StoredKey { owner: KeyOwner { owner: "per_2".to_owned(), ..owner() }, ..key.clone() };
    assert_eq!(sign(&store(1), &moved, PIN), KeyError::WrongFactor, "moved to another owner");
    let renamed = StoredKey { owner: KeyOwner { key: "key_2".to_owned(), ..owner() }, ..key.clone() };
    assert_eq!(sign(&store(1), &renamed, PIN), KeyError::WrongFactor, "moved to another id");
    let other = StoredKey { public_key: create(KeyAlgorithm::P256).public_key, ..key.clone() };
    assert_eq!(sign(&store(1), &other, PIN), KeyError::WrongFactor, "under another public key");
    // Full-width digits are the same PIN.
    _ = store(1).unlock(&key, &Factor::pin("７３０５９１"), &activation(&key)).unwrap();
}

#[test]
fn every_changed_byte_of_the_sealed_form_is_noticed() {
    let key = create(KeyAlgorithm::P256);
    let json = serde_json::to_value(&key).unwrap();
    for part in ["salt", "nonce", "ciphertext"] {
        let hex = json["protection"]["sealed"][part].as_str().unwrap();
        for at in (0..hex.len()).step_by(11) {
            let mut changed = json.clone();
            let digit = if hex.as_bytes()[at] == b'0' { "1" } else { "0" };
            let mut text = hex.to_owned();
            text.replace_range(at..=at, digit);
            changed["protection"]["sealed"][part] = text.into();
            let changed: StoredKey = serde_json::from_value(changed).unwrap();
            let refused = store(1).unlock(&changed, &Factor::pin(PIN), &activation(&key)).unwrap_err();
            assert_eq!(refused, KeyError::WrongFactor, "{part} {at}");
        }
    }
    let mut greedy = json;
    greedy["protection"]["sealed"]["memory_kib"] = 4_000_000_000u32.into();
    let greedy: StoredKey = serde_json::from_value(greedy).unwrap();
    let refused = store(1).unlock(&greedy, &Factor::pin(PIN), &activation(&key)).unwrap_err();
    assert!(matches!(refused, KeyError::Damaged(_)), "{refused:?}");
}

#[test]
fn an_activation_for_another_certificate_is_refused_before_the_pin_is_tried() {
    let (key, other) = (create(KeyAlgorithm::P256), create(KeyAlgorithm::P256));
    for pin in [PIN, "wrong"] {
        let refused = store(1).unlock(&key, &Factor::pin(pin), &activation(&other)).unwrap_err();
        assert_eq!(refused, KeyError::WrongActivation);
    }
}

#[test]
fn an_opened_key_signs_what_its_spent_activation_names_and_nothing_else() {
    let key = create(KeyAlgorithm::P256);
    let certificate = certificate(&key);
    let agreed = || Activation::new(intent(), &certificate);
    let another = || Activation::new(Intent { nonce: [9; 16], ..intent() }, &certificate);
    let open = || store(1).unlock(&key, &Factor::pin(PIN), &agreed()).unwrap();
    let refused = |spent: Spent, message: &[u8]| open().sign(spent, message).unwrap_err();
    assert_eq!(refused(another().spent(), &message()), KeyError::WrongActivation);
    for other in [attributes(&[5; 32]), attributes(&[]), b"message".to_vec(), Vec::new()] {
        assert_eq!(refused(agreed().spent(), &other), KeyError::WrongContent);
    }
    assert!(open().sign(agreed().spent(), &message()).is_ok());
}

#[test]
fn the_canonical_activation_is_rfc_8785_json() {
    let key = create(KeyAlgorithm::P256);
    let certificate = certificate(&key);
    let activation = Activation::new(intent(), &certificate);
    let text = String::from_utf8(activation.canonical()).unwrap();
    let expected = format!(
        concat!(
            r#"{{"at":"2026-06-01T08:00:00Z","certificate":"{}","confirmation":{{"language":"zh-CN","words":"我确认签署\n\"合同\""}},"#,
            r#""content":"{}","documents":[{{"document":"doc_1","sha256":"{}"}}],"field_values":"{}","nonce":"{}","policy":"{}","public_key":"{}","#,
            r#""revisions":[{{"document":"doc_1","revision":0,"sha256":"{}"}}],"signer":"rcp_1","version":2}}"#
        ),
        hex::encode(certificate.fingerprint()),
        "04".repeat(32),
        "01".repeat(32),
        "02".repeat(32),
        "03".repeat(16),
        "05".repeat(32),
        hex::encode(pki::sha256(&key.public_key)),
        "01".repeat(32),
    );
    assert_eq!(text, expected);
    assert_eq!(activation.digest(), pki::sha256(text.as_bytes()));
    // Every part is covered.
    let differ = |change: fn(&mut Intent)| {
        let mut changed = intent();
        change(&mut changed);
        assert_ne!(Activation::new(changed, &certificate).digest(), activation.digest());
    };
    differ(|i| i.signer.push('x'));
    differ(|i| i.documents[0].sha256[0] ^= 1);
    differ(|i| i.revisions[0].revision += 1);
    differ(|i| i.field_values[31] ^= 1);
    differ(|i| i.confirmation.words.push('。'));
    differ(|i| i.confirmation.language = "en".to_owned());
    differ(|i| i.nonce[0] ^= 1);
    differ(|i| i.at = Timestamp::UNIX_EPOCH);
}

#[test]
fn the_default_cost_is_felt_by_who_guesses() {
    let cost = SealingCost::default();
    assert_eq!((cost.memory_kib, cost.iterations, cost.parallelism), (65_536, 3, 1));
    let store = SealedKeyStore::new(&ServerKey::from_bytes([1; 32]), cost);
    let start = std::time::Instant::now();
    let key = store
        .create(KeyAlgorithm::P256, &owner(), &Factor::pin(PIN), &mut ChaCha20Rng::from_seed([3; 32]))
        .unwrap();
    println!("sealing at the default cost: {:?}", start.elapsed());
    _ = store.unlock(&key, &Factor::pin(PIN), &activation(&key)).unwrap();
}
