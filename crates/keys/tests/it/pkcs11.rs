//! Keys on a token, tried with SoftHSM.
use std::path::{Path, PathBuf};
use std::process::Command;

use cryptoki::error::{Error, RvError};
use cryptoki::object::Attribute;
use pki::{SignError, SignatureAlgorithm, Signer as _};
use vermilion_keys::pkcs11::{
    KeyChoice, PoolSettings, Token, TokenChoice, TokenError, TokenKeyStore, TokenPool, tokens,
};
use vermilion_keys::{Activation, Factor, Intent, KeyError, KeyStore as _, Protection, SealedKeyStore};

use crate::tool::{Folder, marked_pss};

const PIN: &str = "730591";

fn module() -> PathBuf {
    let known = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];
    known.iter().map(PathBuf::from).find(|path| path.is_file()).expect("SoftHSM has a module")
}

/// SoftHSM finds its tokens by an environment variable, which a test must not set in its own process: so the tests
/// below run in a process of their own.
fn in_a_process(folder: &Folder, test: &str) {
    in_a_process_under(folder, "softhsm2.conf", test);
}

/// The same with settings of its own.
fn in_a_process_under(folder: &Folder, settings: &str, test: &str) {
    let status = Command::new(std::env::current_exe().expect("is a program"))
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env("SOFTHSM2_CONF", folder.path().join(settings))
        .output()
        .expect("runs");
    let text = String::from_utf8_lossy(&status.stdout);
    assert!(
        status.status.success() && text.contains("1 passed"),
        "{text}\n{}",
        String::from_utf8_lossy(&status.stderr)
    );
}

/// Two tokens; the first with a key of each kind, one of them twice under one label.
fn set_up() -> Option<Folder> {
    let folder = Folder::with("softhsm2-util")?;
    std::fs::create_dir(folder.path().join("tokens")).expect("a folder");
    let tokens = folder.path().join("tokens");
    folder
        .write("softhsm2.conf", format!("directories.tokendir = {}\nlog.level = ERROR\n", tokens.display()));
    let util = |line: &str| {
        let output = Command::new("softhsm2-util")
            .args(line.split_ascii_whitespace())
            .env("SOFTHSM2_CONF", folder.path().join("softhsm2.conf"))
            .current_dir(folder.path())
            .output()
            .expect("runs");
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    };
    for label in ["signing", "other"] {
        util(&format!("--init-token --free --label {label} --pin {PIN} --so-pin 12345678"));
    }
    for (id, label, options) in [
        ("01", "p256", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"),
        ("02", "p384", "-algorithm EC -pkeyopt ec_paramgen_curve:P-384"),
        ("03", "rsa", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"),
        ("04", "ed25519", "-algorithm ED25519"),
        ("05", "twice", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"),
        ("06", "twice", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"),
        ("07", "p521", "-algorithm EC -pkeyopt ec_paramgen_curve:P-521"),
    ] {
        folder.openssl(&format!("genpkey {options} -out key.pem"));
        folder.openssl("pkcs8 -topk8 -nocrypt -in key.pem -out key.p8");
        util(&format!("--import key.p8 --token signing --label {label} --id {id} --pin {PIN}"));
        if ["p256", "rsa"].contains(&label) {
            folder.openssl(&format!(
                "req -x509 -key key.pem -subj /CN={label} -days 9 -outform DER -out {label}.der"
            ));
        }
    }
    Some(folder)
}

#[test]
fn keys_on_a_token_sign() {
    if let Some(folder) = set_up() {
        in_a_process(&folder, "pkcs11::inner_keys_sign");
        in_a_process(&folder, "pkcs11::inner_refusals");
        in_a_process(&folder, "pkcs11::inner_threads_sign_at_the_same_time");
        let settings = String::from_utf8(folder.read("softhsm2.conf")).expect("text");
        let lacking = "slots.mechanisms = -CKM_RSA_PKCS,CKM_RSA_PKCS_PSS,CKM_SHA256_RSA_PKCS_PSS,CKM_ECDSA\n";
        folder.write("lacking.conf", settings + lacking);
        in_a_process_under(&folder, "lacking.conf", "pkcs11::inner_a_token_that_lacks_mechanisms");
        in_a_process(&folder, "pkcs11::inner_the_newest_certificate_of_the_key_is_found");
        in_a_process(&folder, "pkcs11::inner_a_key_that_asks_for_the_pin_each_time");
        in_a_process(&folder, "pkcs11::inner_a_token_that_was_away_signs_again");
        in_a_process(&folder, "pkcs11::inner_a_pool_makes_keys_that_stay_and_signs_for_many_at_once");
        in_a_process(&folder, "pkcs11::inner_a_pool_is_patient_for_so_long_and_no_longer");
        in_a_process(&folder, "pkcs11::inner_a_pool_gives_a_wrong_pin_once");
        in_a_process(&folder, "pkcs11::inner_a_key_store_signs_what_a_spent_activation_names");
        in_a_process(&folder, "pkcs11::inner_a_key_that_proves_nothing_does_not_stay");
        in_a_process(&folder, "pkcs11::inner_another_token_in_its_place_is_not_given_the_pin");
    }
}

#[test]
fn what_is_no_module_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("module.so");
    std::fs::write(&text, "no library").expect("writes");
    for path in [text.as_path(), Path::new("/nowhere/module.so")] {
        let error = Token::open(path, &TokenChoice::Only, None).unwrap_err();
        assert!(matches!(error, TokenError::Module { .. }), "{error:?}");
    }
}

fn open() -> Token {
    Token::open(&module(), &TokenChoice::Label("signing".to_owned()), Some(PIN)).unwrap()
}

#[test]
#[ignore = "run by keys_on_a_token_sign with a token of its own"]
fn inner_keys_sign() {
    use SignatureAlgorithm::*;
    let token = open();
    assert_eq!(token.keys().unwrap().len(), 7);
    for (label, algorithms) in [
        ("p256", &[EcdsaSha256, EcdsaSha384, EcdsaSha512][..]),
        ("p384", &[EcdsaSha384, EcdsaSha256, EcdsaSha512]),
        ("rsa", &[RsaSha256, RsaSha384, RsaSha512, RsaPssSha256, RsaPssSha384, RsaPssSha512]),
        ("ed25519", &[Ed25519]),
    ] {
        for (index, algorithm) in algorithms.iter().enumerate() {
            let signer = token.signer(&KeyChoice::Label(label.to_owned())).unwrap();
            if index == 0 {
                assert_eq!(signer.algorithm(), *algorithm, "{label}");
            }
            let signer = signer.with_algorithm(*algorithm).unwrap();
            for message in [&b"message"[..], &[7; 5000]] {
                let value = signer.sign(message).unwrap_or_else(|e| panic!("{label} {algorithm:?}: {e}"));
                assert_eq!(pki::verify(signer.public_key_der(), *algorithm, message, &value), Ok(()));
            }
        }
    }
    let by_id = token.signer(&KeyChoice::Id(vec![3])).unwrap();
    let by_label = token.signer(&KeyChoice::Label("rsa".to_owned())).unwrap();
    assert_eq!(by_id.public_key_der(), by_label.public_key_der());
    // The token outlives the handle that opened it as long as a signer is there.
    drop((token, by_label));
    assert!(by_id.sign(b"message").is_ok());
}

#[test]
#[ignore = "run by keys_on_a_token_sign with a token of its own"]
fn inner_refusals() {
    let module = module();
    let all = tokens(&module).unwrap();
    let mut labels: Vec<&str> = all.iter().map(|t| t.label.as_str()).collect();
    labels.sort_unstable();
    assert_eq!(labels, ["other", "signing"]);
    let choice = TokenChoice::Label("signing".to_owned());
    assert_eq!(Token::open(&module, &choice, Some("999999")).unwrap_err(), TokenError::WrongPin);
    assert_eq!(Token::open(&module, &choice, None).unwrap_err(), TokenError::PinNeeded);
    let error = Token::open(&module, &TokenChoice::Label("absent".to_owned()), Some(PIN)).unwrap_err();
    assert!(error.to_string().contains("\"signing\""), "{error}");
    let error = Token::open(&module, &TokenChoice::Only, Some(PIN)).unwrap_err();
    assert!(matches!(error, TokenError::Ambiguous { count: 2, .. }), "{error:?}");
    let serial = &all.iter().find(|t| t.label == "signing").unwrap().serial;
    let token = Token::open(&module, &TokenChoice::Serial(serial.clone()), Some(PIN)).unwrap();
    assert_eq!(token.description().label, "signing");

    let key = |choice| token.signer(&choice).map(|_| ()).unwrap_err();
    let error = key(KeyChoice::Label("twice".to_owned()));
    assert!(matches!(error, TokenError::Ambiguous { what: "private key", count: 2, .. }), "{error:?}");
    assert!(error.to_string().contains("\"twice\" with id 05, \"twice\" with id 06"), "{error}");
    assert!(matches!(key(KeyChoice::Only), TokenError::Ambiguous { count: 7, .. }));
    let error = key(KeyChoice::Id(vec![9]));
    assert!(matches!(&error, TokenError::NotFound { found, .. } if found.contains("p384")), "{error}");
    assert!(matches!(key(KeyChoice::Label("p521".to_owned())), TokenError::Key(_)));
    let signer = token.signer(&KeyChoice::Label("p256".to_owned())).unwrap();
    for wrong in [SignatureAlgorithm::RsaSha256, SignatureAlgorithm::EcdsaSha1, SignatureAlgorithm::Ed25519] {
        let again = token.signer(&KeyChoice::Label("p256".to_owned())).unwrap();
        assert!(again.with_algorithm(wrong).is_err(), "{wrong:?}");
    }
    // A signer lives on its own: the token's session is not what it signs in.
    drop(token);
    assert_ne!(signer.sign(b"message"), Err(SignError::Failed));
}

#[test]
#[ignore = "run by keys_on_a_token_sign with a token of its own"]
fn inner_threads_sign_at_the_same_time() {
    let token = open();
    let signer = token.signer(&KeyChoice::Label("p256".to_owned())).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8u8 {
            let signer = &signer;
            scope.spawn(move || {
                for round in 0..20u8 {
                    let message = [thread, round];
                    let value = signer.sign(&message).unwrap();
                    assert_eq!(
                        pki::verify(signer.public_key_der(), signer.algorithm(), &message, &value),
                        Ok(())
                    );
                }
            });
        }
    });
}

/// Puts a certificate on the token.
fn add_certificate(id: u8, certificate: &[u8]) {
    use cryptoki::context::Pkcs11;
    use cryptoki::object::{CertificateType, ObjectClass};
    let context = Pkcs11::new(module()).unwrap();
    let slot = tokens(&module()).unwrap().into_iter().find(|token| token.label == "signing").unwrap().slot;
    let slots = context.get_slots_with_token().unwrap();
    let session = context.open_rw_session(*slots.iter().find(|one| one.id() == slot).unwrap()).unwrap();
    let subject = pki::Certificate::from_der(certificate).unwrap().subject().der().to_vec();
    let template = [
        Attribute::Class(ObjectClass::CERTIFICATE),
        Attribute::CertificateType(CertificateType::X_509),
        Attribute::Token(true),
        Attribute::Id(vec![id]),
        Attribute::Subject(subject),
        Attribute::Value(certificate.to_vec()),
    ];
    session.create_object(&template).unwrap();
}

#[test]
#[ignore = "run by keys_on_a_token_sign with a token of its own"]
fn inner_the_newest_certificate_of_the_key_is_found() {
    let folder = PathBuf::from(std::env::var_os("SOFTHSM2_CONF").unwrap()).parent().unwrap().to_owned();
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    let token = open();
    let signer = |label: &str| token.signer(&KeyChoice::Label(label.to_owned())).unwrap();
    assert!(signer("p256").certificate().is_none());
    add_certificate(1, &read("p256.der"));
    let found = signer("p256").certificate().map(|one| one.subject().to_string());
    assert_eq!(found, Some("CN=p256".to_owned()));
    assert_eq!(token.certificates().unwrap().len(), 1);

    add_certificate(3, &marked_pss(&read("rsa.der")));
    let signer = signer("rsa");
    assert_eq!(signer.certificate().unwrap().public_key_der(), signer.public_key_der());
    assert_eq!(signer.algorithm(), SignatureAlgorithm::RsaPssSha256);
    let value = signer.sign(b"message").unwrap();
    assert_eq!(pki::verify(signer.public_key_der(), signer.algorithm(), b"message", &value), Ok(()));
}

/// Makes a key pair on the token whose PIN goes with each signature.
fn make_careful_key(label: &str, mechanism: &cryptoki::mechanism::Mechanism<'_>, public: &[Attribute]) {
    use cryptoki::context::Pkcs11;
    use cryptoki::session::UserType;
    let context = Pkcs11::new(module()).unwrap();
    let slot = tokens(&module()).unwrap().into_iter().find(|token| token.label == "signing").unwrap().slot;
    let slots = context.get_slots_with_token().unwrap();
    let session = context.open_rw_session(*slots.iter().find(|one| one.id() == slot).unwrap()).unwrap();
    match session.login(UserType::User, Some(&PIN.to_owned().into())) {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
        Err(error) => panic!("{error}"),
    }
    let both = [Attribute::Token(true), Attribute::Label(label.into()), Attribute::Id(label.into())];
    let public = [public, &both].concat();
    let private = [Attribute::Sign(true), Attribute::Sensitive(true), Attribute::AlwaysAuthenticate(true)];
    session.generate_key_pair(mechanism, &public, &[&private[..], &both].concat()).unwrap();
}

#[test]
#[ignore = "run by keys_on_a_token_sign with a token of its own"]
fn inner_a_key_that_asks_for_the_pin_each_time() {
    use cryptoki::mechanism::Mechanism;
    let token = open();
    let bits = Attribute::ModulusBits(2048.into());
    let exponent = Attribute::PublicExponent(vec![1, 0, 1]);
    make_careful_key("careful rsa", &Mechanism::RsaPkcsKeyPairGen, &[bits, exponent]);
    let p256 = Attribute::EcParams(vec![0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]);
    make_careful_key("careful ec", &Mechanism::EccKeyPairGen, &[p256]);
    for algorithm in [SignatureAlgorithm::RsaSha256, SignatureAlgorithm::RsaPssSha384] {
        let signer = token.signer(&KeyChoice::Label("careful rsa".to_owned())).unwrap();
        let signer = signer.with_algorithm(algorithm).unwrap();
        for round in 0..3u8 {
            let value = signer.sign(&[round; 1000]).unwrap();
            assert_eq!(pki::verify(signer.public_key_der(), algorithm, &[round; 1000], &value), Ok(()));
        }
    }
    // SoftHSM takes a digest for ECDSA in one call alone, which leaves no room for the PIN.
    let signer = token.signer(&KeyChoice::Label("careful ec".to_owned())).unwrap();
    let error = signer.sign(b"message").unwrap_err().to_string();
    assert!(error.contains("PIN with each signature") && error.contains("SHA256withECDSA"), "{error}");
}

#[test]
#[ignore = "run by keys_on_a_token_sign with a token of its own"]
fn inner_a_token_that_lacks_mechanisms() {
    let token = open();
    let signer = |label: &str| token.signer(&KeyChoice::Label(label.to_owned()));
    // It takes no digest to be signed, but hashes itself.
    let rsa = signer("rsa").unwrap();
    let value = rsa.sign(b"message").unwrap();
    assert_eq!(pki::verify(rsa.public_key_der(), SignatureAlgorithm::RsaSha256, b"message", &value), Ok(()));
    assert!(signer("rsa").unwrap().with_algorithm(SignatureAlgorithm::RsaPssSha384).is_ok());
    let error =
        signer("rsa").unwrap().with_algorithm(SignatureAlgorithm::RsaPssSha256).unwrap_err().to_string();
    assert!(error.contains("the token does not sign SHA256withRSAandMGF1"), "{error}");
    let error = signer("p256").map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("the token does not sign SHA256withECDSA"), "{error}");
}

fn settings() -> PoolSettings {
    PoolSettings {
        module: module(),
        token: TokenChoice::Label("signing".to_owned()),
        pin: Some(zeroize::Zeroizing::new(PIN.to_owned())),
        sessions: 3,
        time_limit: std::time::Duration::from_secs(30),
    }
}

fn key_store(pool: std::sync::Arc<TokenPool>) -> TokenKeyStore {
    let server = vermilion_keys::ServerKey::from_bytes([1; 32]);
    TokenKeyStore::new(pool, SealedKeyStore::new(&server, vermilion_keys::SealingCost::cheap_for_tests()))
}

#[test]
#[ignore = "run by keys_on_a_token_sign with a token of its own"]
fn inner_a_pool_makes_keys_that_stay_and_signs_for_many_at_once() {
    use rand_chacha::rand_core::SeedableRng as _;
    let pool = std::sync::Arc::new(TokenPool::open(settings()).unwrap());
    assert_eq!(pool.describe().unwrap().label, "signing");
    let made = pool.generate("key_1").unwrap();
    assert_eq!(pool.find(&KeyChoice::Label("key_1".to_owned())).unwrap(), made);
    assert_eq!(pki::public_key_algorithm(&made.public_key), Some(pki::KeyAlgorithm::P256));
    // The token gives the private key to nobody: not wrapped, not as a value.
    let context = cryptoki::context::Pkcs11::new(module()).unwrap();
    let slots = context.get_slots_with_token().unwrap();
    let slot = *slots.iter().find(|one| one.id() == pool.describe().unwrap().slot).unwrap();
    let session = context.open_ro_session(slot).unwrap();
    let class = Attribute::Class(cryptoki::object::ObjectClass::PRIVATE_KEY);
    let label = Attribute::Label(b"key_1".to_vec());
    let key = session.iter_objects(&[class, label]).unwrap().next().unwrap().unwrap();
    let value = session.get_attributes(key, &[cryptoki::object::AttributeType::Value]);
    assert!(value.map_or(true, |found| found.is_empty()), "it is sensitive");
    // More at once than there are sessions; with the token away in between.
    let store = key_store(std::sync::Arc::clone(&pool));
    for round in 0..3 {
        std::thread::scope(|scope| {
            for thread in 0..12 {
                let store = &store;
                scope.spawn(move || {
                    let owner = vermilion_keys::KeyOwner {
                        key: format!("key_{round}_{thread}"),
                        owner: "org_1".to_owned(),
                    };
                    let rng = &mut rand_chacha::ChaCha20Rng::from_seed([thread; 32]);
                    let made = store.create(pki::KeyAlgorithm::P256, &owner, &Factor::pin(PIN), rng).unwrap();
                    let message = vermilion_keys::StoredKey::possession(&owner, &made.public_key);
                    pki::verify(&made.public_key, SignatureAlgorithm::EcdsaSha256, &message, &made.proof)
                        .unwrap();
                });
            }
        });
        pull_out_and_put_in(|| {});
        // Whoever comes first finds out that the sessions are gone, for all. (At once is not played: the module that was
        // started anew gives old sessions' numbers to new ones, as no token does that was away.)
        assert_eq!(pool.find(&KeyChoice::Label("key_1".to_owned())).unwrap(), made);
    }
    assert_eq!(
        pool.find(&KeyChoice::Label("absent".to_owned())).map(drop).map_err(|it| it.is_away()),
        Err(false)
    );
}

#[test]
#[ignore = "run by keys_on_a_token_sign with a token of its own"]
fn inner_a_pool_is_patient_for_so_long_and_no_longer() {
    let nothing = std::time::Duration::ZERO;
    let hasty = TokenPool::open(PoolSettings { time_limit: nothing, sessions: 1, ..settings() }).unwrap();
    let errors: Vec<TokenError> = (0..200).filter_map(|_| hasty.describe().err()).collect();
    assert!(errors.iter().all(TokenError::is_away), "{errors:?}");
    assert!(errors.contains(&TokenError::TimedOut) && errors.contains(&TokenError::Busy), "{errors:?}");
    let absent = TokenChoice::Label("absent".to_owned());
    let early = TokenPool::open(PoolSettings { token: absent, ..settings() }).unwrap();
    assert!(early.describe().unwrap_err().is_away(), "it may come");
}

#[test]
#[ignore = "run by keys_on_a_token_sign with a token of its own"]
fn inner_a_pool_gives_a_wrong_pin_once() {
    let pin = Some(zeroize::Zeroizing::new("000000".to_owned()));
    let wrong = settings();
    assert!(!format!("{wrong:?}").contains(PIN), "a PIN is never printed");
    let pool = TokenPool::open(PoolSettings { pin, ..wrong }).unwrap();
    for _ in 0..20 {
        assert_eq!(pool.describe().unwrap_err(), TokenError::WrongPin);
    }
    // Given as often as it was asked for, it would have locked the token.
    TokenPool::open(settings()).unwrap().describe().unwrap();
}

#[test]
#[ignore = "run by keys_on_a_token_sign with a token of its own"]
fn inner_a_key_store_signs_what_a_spent_activation_names() {
    use rand_chacha::rand_core::SeedableRng as _;
    let pool = std::sync::Arc::new(TokenPool::open(settings()).unwrap());
    let store = key_store(std::sync::Arc::clone(&pool));
    let rng = &mut rand_chacha::ChaCha20Rng::from_seed([3; 32]);
    let owner = vermilion_keys::KeyOwner { key: "key_of_store".to_owned(), ..crate::owner() };
    let key = store.create(pki::KeyAlgorithm::P256, &owner, &Factor::pin(PIN), rng).unwrap();
    let again = store.create(pki::KeyAlgorithm::P256, &owner, &Factor::pin(PIN), rng).unwrap_err();
    assert!(matches!(again, KeyError::Failed(_)), "one key for one id: {again:?}");
    let json = serde_json::to_string(&key).unwrap();
    assert_eq!(serde_json::from_str::<vermilion_keys::StoredKey>(&json).unwrap(), key);
    let Protection::Pkcs11(on) = &key.protection else { panic!("it is in the token: {json}") };
    assert_eq!((on.label(), on.passkey()), ("key_of_store", None));
    let certificate = crate::certificate(&key);
    let agreed = || Activation::new(crate::intent(), &certificate);
    let open = |pin: &str| store.unlock(&key, &Factor::pin(pin), &agreed());
    assert_eq!(open("111111").unwrap_err(), KeyError::WrongFactor);
    let other = Activation::new(Intent { nonce: [9; 16], ..crate::intent() }, &certificate);
    assert_eq!(open(PIN).unwrap().sign(other.spent(), &crate::message()), Err(KeyError::WrongActivation));
    let bent = crate::attributes(&[5; 32]);
    assert_eq!(open(PIN).unwrap().sign(agreed().spent(), &bent), Err(KeyError::WrongContent));
    let signed = open(PIN).unwrap().sign(agreed().spent(), &crate::message()).unwrap();
    pki::verify(&key.public_key, signed.algorithm, &crate::message(), &signed.bytes).unwrap();
    // Another key of the token in its place is noticed, and so is one that is in no token.
    let stranger = pool.generate("stranger").unwrap();
    let mut moved = serde_json::to_value(&key).unwrap();
    moved["protection"]["pkcs11"]["id"] = hex::encode(&stranger.id).into();
    let moved: vermilion_keys::StoredKey = serde_json::from_value(moved).unwrap();
    let refused = store.unlock(&moved, &Factor::pin(PIN), &agreed()).unwrap_err();
    assert!(matches!(refused, KeyError::Damaged(_)), "{refused:?}");
    // While it is away, a PIN is neither right nor wrong.
    cryptoki::context::Pkcs11::new(module()).unwrap().finalize().unwrap();
    assert!(matches!(open("111111").unwrap_err(), KeyError::Away(_)));
}

#[test]
#[ignore = "run by keys_on_a_token_sign with a token of its own"]
fn inner_a_key_that_proves_nothing_does_not_stay() {
    use rand_chacha::rand_core::SeedableRng as _;
    let pool = std::sync::Arc::new(TokenPool::open(settings()).unwrap());
    let store = key_store(std::sync::Arc::clone(&pool));
    let rng = &mut rand_chacha::ChaCha20Rng::from_seed([4; 32]);
    let owner = vermilion_keys::KeyOwner { key: "half_made".to_owned(), ..crate::owner() };
    // Another key of the same id is there when it is to sign: it cannot be told which is meant.
    let mechanism = cryptoki::mechanism::Mechanism::EccKeyPairGen;
    let curve = Attribute::EcParams(vec![0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]);
    let disturb = |_: &[u8]| {
        make_careful_key("half_made", &mechanism, &[curve.clone(), Attribute::Verify(true)]);
        Vec::new()
    };
    let failed = store.create_proving(pki::KeyAlgorithm::P256, &owner, &Factor::pin(PIN), rng, &disturb);
    assert!(failed.is_err());
    let found = pool.find(&KeyChoice::Label("half_made".to_owned()));
    assert!(matches!(found, Err(TokenError::NotFound { .. })), "{found:?}");
}

/// What pulling a token out and putting it in again does: sessions, login and handles of the whole process are gone.
fn pull_out_and_put_in(meanwhile: impl FnOnce()) {
    use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
    Pkcs11::new(module()).unwrap().finalize().unwrap();
    meanwhile();
    let again = Pkcs11::new(module()).unwrap();
    again.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
}

#[test]
#[ignore = "run by keys_on_a_token_sign with a token of its own"]
fn inner_a_token_that_was_away_signs_again() {
    let token = open();
    let signer = token.signer(&KeyChoice::Label("p256".to_owned())).unwrap();
    for round in 0..3u8 {
        std::thread::scope(|scope| {
            for thread in 0..4u8 {
                let signer = &signer;
                scope.spawn(move || {
                    let message = [round, thread];
                    let value = signer.sign(&message).unwrap();
                    let key = signer.public_key_der();
                    assert_eq!(pki::verify(key, signer.algorithm(), &message, &value), Ok(()));
                });
            }
        });
        pull_out_and_put_in(|| {});
    }
}

#[test]
#[ignore = "run by keys_on_a_token_sign with a token of its own; it ends the token"]
fn inner_another_token_in_its_place_is_not_given_the_pin() {
    let token = open();
    let signer = token.signer(&KeyChoice::Label("p256".to_owned())).unwrap();
    pull_out_and_put_in(|| {
        let output = Command::new("softhsm2-util").args(["--delete-token", "--token", "signing"]).output();
        assert!(output.unwrap().status.success());
    });
    let error = signer.sign(b"message").unwrap_err();
    assert!(matches!(error, SignError::Device(_)), "{error:?}");
    // As one of the other token's, the PIN (the same here) would have opened it.
    let other = tokens(&module()).unwrap();
    assert_eq!(other.len(), 1);
    let choice = TokenChoice::Serial(other[0].serial.clone());
    assert_eq!(Token::open(&module(), &choice, Some("999999")).unwrap_err(), TokenError::WrongPin);
}
