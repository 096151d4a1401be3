//! Key files as OpenSSL writes them.
use pki::der;
use pki::{KeyAlgorithm, SignatureAlgorithm, Signer as _, SoftwareSigner};
use proptest::prelude::*;
use vermilion_keys::file::{Costs, KeyFile, KeyFileError, load, load_within};

use crate::tool::{Folder, marked_pss};

const PASSWORD: &str = "correct horse";
const KEYS: &[(&str, KeyAlgorithm)] = &[
    ("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", KeyAlgorithm::P256),
    ("-algorithm EC -pkeyopt ec_paramgen_curve:P-384", KeyAlgorithm::P384),
    ("-algorithm RSA -pkeyopt rsa_keygen_bits:2048", KeyAlgorithm::Rsa2048),
    ("-algorithm ED25519", KeyAlgorithm::Ed25519),
];

/// Signs with what was loaded, and lets OpenSSL judge with the key it wrote.
fn works(folder: &Folder, file: &KeyFile) {
    let value = file.signer.sign(b"message").unwrap();
    let key = file.signer.public_key_der();
    assert_eq!(pki::verify(key, file.signer.algorithm(), b"message", &value), Ok(()));
    folder.openssl("pkey -in key.pem -pubout -outform DER -out public.der");
    assert_eq!(folder.read("public.der"), key);
}

fn keys(folder: &Folder) -> impl Iterator<Item = KeyAlgorithm> {
    KEYS.iter().map(|(options, algorithm)| {
        folder.openssl(&format!("genpkey {options} -out key.pem"));
        *algorithm
    })
}

#[test]
fn plain_keys_in_every_form() {
    let Some(folder) = Folder::with("openssl") else { return };
    for algorithm in keys(&folder) {
        folder.openssl("pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out key.der");
        let mut files = vec!["key.pem", "key.der"];
        if algorithm != KeyAlgorithm::Ed25519 {
            // SEC1 and PKCS#1.
            folder.openssl("pkey -in key.pem -traditional -out old.pem");
            folder.openssl("pkey -in key.pem -traditional -outform DER -out old.der");
            let text = String::from_utf8(folder.read("old.pem")).unwrap();
            assert!(text.contains("EC PRIVATE") || text.contains("RSA PRIVATE"), "{text}");
            files.extend(["old.pem", "old.der"]);
            if text.contains("EC PRIVATE") {
                folder.openssl("ec -in key.pem -no_public -out lone.pem");
                folder.openssl("pkey -in lone.pem -traditional -out lone-old.pem");
                files.extend(["lone.pem", "lone-old.pem"]);
            }
        }
        for name in files {
            let file = load(&folder.read(name), None).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(file.signer.key_algorithm(), algorithm);
            assert!(file.certificate.is_none() && file.chain.is_empty());
            works(&folder, &file);
        }
    }
}

#[test]
fn encrypted_pkcs8_opens_with_its_password_alone() {
    let Some(folder) = Folder::with("openssl") else { return };
    for (options, _) in KEYS {
        folder.openssl(&format!("genpkey {options} -out key.pem"));
        for scheme in [
            "-v2 aes256 -v2prf hmacWithSHA256 -iter 3000",
            "-v2 aes-192-cbc -v2prf hmacWithSHA1",
            "-v2 aes128 -v2prf hmacWithSHA512 -iter 1000",
            "-v2 aes-256-cbc -v2prf hmacWithSHA384",
            "-v2 des3",
            "-scrypt -scrypt_N 1024",
            "-v1 PBE-SHA1-3DES",
            "-v1 PBE-SHA1-2DES",
        ] {
            for form in ["PEM", "DER"] {
                folder.write("password", PASSWORD);
                folder.openssl(&format!(
                    "pkcs8 -topk8 -in key.pem -passout file:password {scheme} -outform {form} -out encrypted"
                ));
                let bytes = folder.read("encrypted");
                let file = load(&bytes, Some(PASSWORD)).unwrap_or_else(|error| panic!("{scheme}: {error}"));
                works(&folder, &file);
                assert_eq!(load(&bytes, None).unwrap_err(), KeyFileError::PasswordNeeded);
                for wrong in ["", "correct horsf", "马"] {
                    let error = load(&bytes, Some(wrong)).unwrap_err();
                    assert_eq!(error, KeyFileError::WrongPassword, "{scheme} {wrong:?}");
                }
            }
        }
    }
}

#[test]
fn traditional_pem_encryption_opens() {
    let Some(folder) = Folder::with("openssl") else { return };
    folder.write("password", PASSWORD);
    for (options, algorithm) in KEYS.iter().filter(|(_, a)| *a != KeyAlgorithm::Ed25519) {
        folder.openssl(&format!("genpkey {options} -out key.pem"));
        for cipher in ["-aes256", "-aes128", "-aes192", "-des3"] {
            folder.openssl(&format!(
                "pkey -in key.pem -traditional {cipher} -passout file:password -out encrypted"
            ));
            let bytes = folder.read("encrypted");
            assert!(String::from_utf8_lossy(&bytes).contains("DEK-Info"));
            let file = load(&bytes, Some(PASSWORD)).unwrap();
            assert_eq!(file.signer.key_algorithm(), *algorithm);
            works(&folder, &file);
            assert_eq!(load(&bytes, None).unwrap_err(), KeyFileError::PasswordNeeded);
            assert_eq!(load(&bytes, Some("wrong")).unwrap_err(), KeyFileError::WrongPassword);
        }
    }
}

/// A chain of three: root.pem, ca.pem, leaf.pem with key.pem.
fn chain(folder: &Folder, options: &str) {
    folder.write("ca.ext", "basicConstraints=critical,CA:TRUE\n");
    folder.openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -subj /CN=Root -days 30 -out root.pem",
    );
    folder.openssl(
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -subj /CN=CA -out ca.csr",
    );
    folder.openssl(
        "x509 -req -in ca.csr -CA root.pem -CAkey root.key -set_serial 1 -extfile ca.ext -out ca.pem",
    );
    folder.openssl(&format!("genpkey {options} -out key.pem"));
    folder.openssl("req -new -key key.pem -subj /CN=Leaf -out leaf.csr");
    folder.openssl("x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 2 -out leaf.pem");
    // The wrong way round on purpose: the chain is put in order.
    folder.write("others.pem", [folder.read("root.pem"), folder.read("ca.pem")].concat());
}

#[test]
fn pkcs12_old_and_new_brings_its_certificates_in_order() {
    let Some(folder) = Folder::with("openssl") else { return };
    for (options, algorithm) in KEYS {
        chain(&folder, options);
        for scheme in [
            "",
            "-macalg sha512 -iter 5000",
            "-keypbe AES-128-CBC -certpbe NONE -macalg sha1",
            "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
            // Triple DES and RC2-40, as OpenSSL 1 and Windows wrote it.
            "-legacy",
            "-legacy -keypbe PBE-SHA1-RC2-128 -certpbe PBE-SHA1-RC2-128",
            "-nomac",
            "-noiter",
        ] {
            for password in [PASSWORD, "", "密码 пароль"] {
                folder.write("password", format!("{password}\n"));
                folder.openssl(&format!(
                    "pkcs12 -export -inkey key.pem -in leaf.pem -certfile others.pem -name me {scheme} \
                     -passout file:password -out key.p12"
                ));
                let bytes = folder.read("key.p12");
                let file = load(&bytes, Some(password))
                    .unwrap_or_else(|error| panic!("{scheme} {password:?}: {error}"));
                assert_eq!(file.signer.key_algorithm(), *algorithm);
                works(&folder, &file);
                let names: Vec<String> =
                    file.certificate.iter().chain(&file.chain).map(|c| c.subject().to_string()).collect();
                assert_eq!(names, ["CN=Leaf", "CN=CA", "CN=Root"], "{scheme}");
                assert_eq!(load(&bytes, None).unwrap_err(), KeyFileError::PasswordNeeded);
                let error = load(&bytes, Some("wrong")).unwrap_err();
                assert_eq!(error, KeyFileError::WrongPassword, "{scheme}");
            }
        }
    }
}

#[test]
fn pem_may_hold_the_chain_too() {
    let Some(folder) = Folder::with("openssl") else { return };
    chain(&folder, KEYS[0].0);
    let bytes = [folder.read("others.pem"), folder.read("key.pem"), folder.read("leaf.pem")].concat();
    let file = load(&bytes, None).unwrap();
    let names: Vec<String> =
        file.certificate.iter().chain(&file.chain).map(|c| c.subject().to_string()).collect();
    assert_eq!(names, ["CN=Leaf", "CN=CA", "CN=Root"]);
    assert_eq!(load(&folder.read("others.pem"), None).unwrap_err(), KeyFileError::NoKey);
    let two = [folder.read("key.pem"), folder.read("ca.key")].concat();
    assert_eq!(load(&two, None).unwrap_err(), KeyFileError::SeveralKeys { count: 2 });
    let twice = [folder.read("key.pem"), folder.read("key.pem")].concat();
    assert!(load(&twice, None).is_ok());
    // The same key in two forms is one.
    folder.openssl("pkey -in key.pem -traditional -out old.pem");
    let forms = [folder.read("key.pem"), folder.read("old.pem")].concat();
    assert!(load(&forms, None).is_ok());
}

/// DER under a label.
fn pem(label: &str, der: &[u8]) -> Vec<u8> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der)).into_bytes()
}

#[test]
fn a_certificate_that_cannot_be_read_is_passed_over_with_its_reason() {
    let Some(folder) = Folder::with("openssl") else { return };
    chain(&folder, KEYS[0].0);
    let (key, leaf, others) = (folder.read("key.pem"), folder.read("leaf.pem"), folder.read("others.pem"));
    let garbled = b"-----BEGIN CERTIFICATE-----\nno base64!\n-----END CERTIFICATE-----\n".to_vec();
    for broken in [pem("CERTIFICATE", b"no certificate"), garbled] {
        let file = load(&[key.clone(), broken.clone(), leaf.clone(), others.clone()].concat(), None).unwrap();
        assert_eq!((file.chain.len(), file.passed_over.len()), (2, 1));
        assert_eq!(file.certificate.map(|c| c.subject().to_string()), Some("CN=Leaf".to_owned()));
        assert!(file.passed_over[0].to_string().contains("certificate"), "{}", file.passed_over[0]);
        // The key's own: then there is none, and why is told.
        let file = load(&[key.clone(), broken].concat(), None).unwrap();
        assert_eq!((file.certificate, file.passed_over.len()), (None, 1));
    }
    // Anything else that cannot be read is no key file.
    let broken = b"-----BEGIN PRIVATE KEY-----\nno base64!\n-----END PRIVATE KEY-----\n".to_vec();
    assert!(matches!(load(&[broken, leaf].concat(), None), Err(KeyFileError::Malformed(_))));
}

#[test]
fn a_plain_rsa_key_signs_pss_where_its_certificate_is_for_pss_alone() {
    let Some(folder) = Folder::with("openssl") else { return };
    folder.openssl(
        "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -subj /CN=Leaf -outform DER -out leaf.der",
    );
    let marked = pem("CERTIFICATE", &marked_pss(&folder.read("leaf.der")));
    let file = load(&[folder.read("key.pem"), marked].concat(), None).unwrap();
    let certificate = file.certificate.expect("the key's certificate");
    assert_eq!(certificate.public_key_der(), file.signer.public_key_der());
    assert_eq!(file.signer.algorithm(), SignatureAlgorithm::RsaPssSha256);
    let value = file.signer.sign(b"message").unwrap();
    let verdict = |algorithm| pki::verify(certificate.public_key_der(), algorithm, b"message", &value);
    assert_eq!(verdict(SignatureAlgorithm::RsaPssSha256), Ok(()));
    assert!(file.signer.with_algorithm(SignatureAlgorithm::RsaSha256).is_err());
    // The other way round a key that is for PSS alone stays so.
    folder.openssl("genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.pem");
    let pss = load(&folder.read("pss.pem"), None).unwrap().signer;
    let plain = SoftwareSigner::from_pem(&String::from_utf8(folder.read("key.pem")).unwrap()).unwrap();
    assert!(!pss.is_of(plain.public_key_der()) && pss.with_public_key(plain.public_key_der()).is_err());
}

#[test]
fn of_several_keys_the_one_with_a_certificate_that_may_sign_is_taken() {
    let Some(folder) = Folder::with("openssl") else { return };
    chain(&folder, KEYS[0].0);
    folder.write("decryption.ext", "keyUsage=critical,keyEncipherment\n");
    folder.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out decryption.key");
    folder.openssl("req -new -key decryption.key -subj /CN=Leaf -out decryption.csr");
    folder.openssl(
        "x509 -req -in decryption.csr -CA ca.pem -CAkey ca.key -set_serial 3 -extfile decryption.ext -out decryption.pem",
    );
    let of = |names: &[&str]| {
        let all: Vec<u8> = names.iter().flat_map(|name| folder.read(name)).collect();
        load(&all, None)
    };
    // A key without certificate, one for decryption, that of an authority: none of them is meant.
    for other in [&["ca.key"][..], &["decryption.key", "decryption.pem"], &["ca.key", "ca.pem"]] {
        let file = of(&[&["key.pem", "leaf.pem"], other].concat()).unwrap();
        assert_eq!(file.certificate.as_ref().map(|c| c.subject().to_string()), Some("CN=Leaf".to_owned()));
        works(&folder, &file);
    }
    folder.openssl("req -new -key ca.key -subj /CN=Second -out second.csr");
    folder.openssl("x509 -req -in second.csr -CA ca.pem -CAkey ca.key -set_serial 4 -out second.pem");
    let error = of(&["key.pem", "leaf.pem", "ca.key", "second.pem"]).unwrap_err();
    assert_eq!(error, KeyFileError::SeveralKeys { count: 2 });
    assert!(error.to_string().contains("a file of its own"), "{error}");
}

#[test]
fn of_several_certificates_of_the_key_the_newest_issued_one_is_taken() {
    let Some(folder) = Folder::with("openssl") else { return };
    chain(&folder, KEYS[0].0);
    folder.openssl("req -x509 -key key.pem -subj /CN=Leaf -days 3000 -out own.pem");
    // OpenSSL counts the days from now; the root is not older, so that times are told apart by a second.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    folder.openssl("x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 9 -out renewed.pem");
    for order in [["own.pem", "leaf.pem", "renewed.pem"], ["renewed.pem", "leaf.pem", "own.pem"]] {
        let names = [&["key.pem"], &order[..]].concat();
        let all: Vec<u8> = names.iter().flat_map(|name| folder.read(name)).collect();
        let file = load(&all, None).unwrap();
        let renewed = pki::Certificate::from_pem(&String::from_utf8(folder.read("renewed.pem")).unwrap());
        assert_eq!(file.certificate, renewed.ok(), "{order:?}");
    }
}

#[test]
fn text_around_pem_blocks_may_be_in_any_encoding_and_foreign_formats_are_named() {
    let Some(folder) = Folder::with("openssl") else { return };
    folder.openssl(&format!("genpkey {} -out key.pem", KEYS[0].0));
    // As `openssl pkcs12 -nodes` writes a name in Latin-1.
    let named = [&b"Bag Attributes\n    friendlyName: M\xfcller\n"[..], &folder.read("key.pem")].concat();
    works(&folder, &load(&named, None).unwrap());
    let inside =
        String::from_utf8(folder.read("key.pem")).unwrap().replace("KEY-----\nM", "KEY-----\n\u{fc}");
    assert!(matches!(load(inside.as_bytes(), None), Err(KeyFileError::Malformed(_))));
    for label in ["OPENSSH PRIVATE KEY", "DSA PRIVATE KEY"] {
        let text = format!("-----BEGIN {label}-----\nAAAA\n-----END {label}-----\n");
        let error = load(text.as_bytes(), None).unwrap_err();
        assert!(error.to_string().contains(label) && error.to_string().contains("openssl"), "{error}");
    }
}

#[test]
fn keys_of_other_kinds_are_named() {
    let Some(folder) = Folder::with("openssl") else { return };
    for (options, word) in [
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-521", "1.3.132.0.35"),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1", "1.3.132.0.10"),
        (
            "-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
            "by its parameters",
        ),
        ("-algorithm ED448", "1.3.101.113"),
        ("-algorithm RSA -pkeyopt rsa_keygen_bits:1024", "1024 bits is too short: at least 2048"),
    ] {
        folder.openssl(&format!("genpkey {options} -out key.pem"));
        let error = load(&folder.read("key.pem"), None).unwrap_err();
        assert!(matches!(error, KeyFileError::Key(_)), "{options}: {error:?}");
        assert!(error.to_string().contains(word), "{error}");
    }
}

/// A key marked id-RSASSA-PSS signs PSS, with the hash function it names.
#[test]
fn pss_keys_sign_pss() {
    let Some(folder) = Folder::with("openssl") else { return };
    for (options, algorithm) in [
        ("", SignatureAlgorithm::RsaPssSha256),
        (
            "-pkeyopt rsa_pss_keygen_md:sha384 -pkeyopt rsa_pss_keygen_mgf1_md:sha384 -pkeyopt rsa_pss_keygen_saltlen:48",
            SignatureAlgorithm::RsaPssSha384,
        ),
    ] {
        folder.openssl(&format!(
            "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 {options} -out key.pem"
        ));
        let file = load(&folder.read("key.pem"), None).unwrap();
        assert_eq!(file.signer.algorithm(), algorithm);
        works(&folder, &file);
        assert!(file.signer.with_algorithm(SignatureAlgorithm::RsaSha256).is_err());
    }
}

/// EncryptedPrivateKeyInfo with PBES2 around a key derivation function.
fn pbes2(function: &[u8], parameters: &[&[u8]]) -> Vec<u8> {
    let pbes2 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13];
    let aes256 = [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2a];
    let scheme = der::sequence(&[&der::oid(&aes256), &der::octet_string(&[0; 16])]);
    let kdf = der::sequence(&[&der::oid(function), &der::sequence(parameters)]);
    let algorithm = der::sequence(&[&der::oid(&pbes2), &der::sequence(&[&kdf, &scheme])]);
    der::sequence(&[&algorithm, &der::octet_string(&[0; 64])])
}

#[test]
fn costs_are_bounded() {
    let pbkdf2 = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 12];
    let scrypt = [0x2b, 6, 1, 4, 1, 0xda, 0x47, 4, 11];
    let salt = der::octet_string(b"saltsalt");
    let number = der::unsigned_integer;
    let start = std::time::Instant::now();
    for (file, expected) in [
        (pbes2(&pbkdf2, &[&salt, &number(10_000_001)]), 10_000_001),
        (pbes2(&pbkdf2, &[&salt, &number(u64::MAX)]), u64::MAX),
        // 2^22 blocks of 8: 4 GiB.
        (pbes2(&scrypt, &[&salt, &number(1 << 22), &number(8), &number(1)]), 1 << 32),
        // Little memory, but again and again.
        (pbes2(&scrypt, &[&salt, &number(1 << 14), &number(8), &number(1 << 20)]), 1 << 24),
        (pbes2(&scrypt, &[&salt, &number(1 << 62), &number(u64::MAX), &number(1)]), u64::MAX),
    ] {
        let error = load(&file, Some(PASSWORD)).unwrap_err();
        assert!(matches!(error, KeyFileError::TooCostly { found, .. } if found == expected), "{error:?}");
    }
    for file in [
        pbes2(&pbkdf2, &[&salt, &number(0)]),
        pbes2(&scrypt, &[&salt, &number(3), &number(8), &number(1)]),
        pbes2(&scrypt, &[&salt, &number(16), &number(0), &number(1)]),
    ] {
        assert!(matches!(load(&file, Some(PASSWORD)), Err(KeyFileError::Malformed(_))));
    }
    assert!(start.elapsed().as_secs() < 5);
}

/// Each part of a file may be cheap enough, and the whole be hostile.
#[test]
fn costs_of_the_parts_add_up() {
    let Some(folder) = Folder::with("openssl") else { return };
    chain(&folder, KEYS[0].0);
    folder.write("password", PASSWORD);
    folder.openssl(
        "pkcs12 -export -inkey key.pem -in leaf.pem -nomac -iter 3000 -passout file:password -out a.p12",
    );
    folder.openssl("pkcs8 -topk8 -in key.pem -passout file:password -iter 3000 -out once.pem");
    folder.write("twice.pem", [folder.read("once.pem"), folder.read("once.pem")].concat());
    folder.openssl("pkcs8 -topk8 -in key.pem -passout file:password -scrypt -scrypt_N 1024 -out once.scrypt");
    folder.write("twice.scrypt", [folder.read("once.scrypt"), folder.read("once.scrypt")].concat());
    // OpenSSL's scrypt has blocks of 1 KiB: 1 MiB each time.
    for (name, expected) in [("a.p12", 3000), ("twice.pem", 3000), ("twice.scrypt", 1 << 20)] {
        let mut costs = Costs::default();
        (costs.rounds, costs.scrypt_work) = (6000, 2 << 20);
        load_within(&folder.read(name), Some(PASSWORD), &costs)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        (costs.rounds, costs.scrypt_work) = (5999, (2 << 20) - 1);
        let error = load_within(&folder.read(name), Some(PASSWORD), &costs).unwrap_err();
        assert!(matches!(error, KeyFileError::TooCostly { found, .. } if found == expected), "{error:?}");
    }
    let mut costs = Costs::default();
    costs.scrypt_memory = (1 << 20) - 1;
    let error = load_within(&folder.read("once.scrypt"), Some(PASSWORD), &costs).unwrap_err();
    assert!(matches!(error, KeyFileError::TooCostly { .. }), "{error:?}");
}

fn samples() -> Vec<Vec<u8>> {
    let Some(folder) = Folder::with("openssl") else { return Vec::new() };
    chain(&folder, KEYS[0].0);
    folder.write("password", PASSWORD);
    folder.openssl("pkcs12 -export -inkey key.pem -in leaf.pem -certfile others.pem -iter 1 -passout file:password -out a.p12");
    folder.openssl(
        "pkcs12 -export -legacy -nomac -iter 1 -inkey key.pem -in leaf.pem -passout file:password -out b.p12",
    );
    folder.openssl("pkcs8 -topk8 -in key.pem -passout file:password -iter 1 -outform DER -out c.der");
    folder.openssl("pkey -in key.pem -traditional -aes256 -passout file:password -out d.pem");
    folder.openssl(
        "pkcs8 -topk8 -in key.pem -passout file:password -scrypt -scrypt_N 2 -outform DER -out e.der",
    );
    ["a.p12", "b.p12", "c.der", "d.pem", "e.der", "key.pem"].iter().map(|name| folder.read(name)).collect()
}

#[test]
fn damaged_files_do_not_panic() {
    let samples = samples();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(600));
    let changes = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6);
    runner
        .run(
            &(any::<prop::sample::Index>(), changes, any::<prop::sample::Index>()),
            |(which, changes, cut)| {
                if samples.is_empty() {
                    return Ok(());
                }
                let mut bytes = which.get(&samples).clone();
                for (at, value) in changes {
                    let at = at.index(bytes.len());
                    bytes[at] = value;
                }
                // A mutated iteration count costs seconds, which is the bound and not what is tried here.
                if !bytes.windows(2).any(|w| w[0] == 2 && (3..=8).contains(&w[1])) {
                    let _ = load(&bytes, Some(PASSWORD));
                    let _ = load(&bytes, None);
                    bytes.truncate(cut.index(bytes.len()));
                    let _ = load(&bytes, Some(PASSWORD));
                }
                Ok(())
            },
        )
        .unwrap();
}

proptest! {
    #[test]
    fn random_bytes_do_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = load(&bytes, Some(PASSWORD));
    }
}

#[test]
fn a_generated_key_is_a_file() {
    for algorithm in [KeyAlgorithm::P256, KeyAlgorithm::P384, KeyAlgorithm::Ed25519] {
        let (signer, pkcs8) = SoftwareSigner::generate(algorithm).unwrap();
        assert_eq!(load(&pkcs8, None).unwrap().signer.public_key_der(), signer.public_key_der());
    }
}
