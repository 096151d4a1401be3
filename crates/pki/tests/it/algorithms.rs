//! Each algorithm both ways: what OpenSSL signs we check, what we sign OpenSSL checks.
use vermilion_pki::{
    DigestAlgorithm, KeyAlgorithm, PssParameters, SignatureAlgorithm, Signer, SoftwareSigner, VerifyError,
    verify,
};

use crate::world::*;

use SignatureAlgorithm as S;

const MESSAGE: &[u8] = b"what is signed";
const DIGESTS: [(&str, DigestAlgorithm); 7] = [
    ("sha1", DigestAlgorithm::Sha1),
    ("sha256", DigestAlgorithm::Sha256),
    ("sha384", DigestAlgorithm::Sha384),
    ("sha512", DigestAlgorithm::Sha512),
    ("sha3-256", DigestAlgorithm::Sha3_256),
    ("sha3-384", DigestAlgorithm::Sha3_384),
    ("sha3-512", DigestAlgorithm::Sha3_512),
];
const ECDSA: [S; 7] = [
    S::EcdsaSha1,
    S::EcdsaSha256,
    S::EcdsaSha384,
    S::EcdsaSha512,
    S::EcdsaSha3_256,
    S::EcdsaSha3_384,
    S::EcdsaSha3_512,
];
const RSA: [S; 7] =
    [S::RsaSha1, S::RsaSha256, S::RsaSha384, S::RsaSha512, S::RsaSha3_256, S::RsaSha3_384, S::RsaSha3_512];

/// A new key in key.pem; its public key.
fn key(openssl: &OpenSsl, options: &str) -> Vec<u8> {
    openssl.accepts(&format!("genpkey {options} -out key.pem"));
    openssl.accepts("pkey -in key.pem -pubout -outform DER -out public.der");
    openssl.read("public.der")
}

/// Checks signature.bin, also against everything that it is not.
fn check(openssl: &OpenSsl, public: &[u8], algorithm: S, weak: bool) {
    let signature = openssl.read("signature.bin");
    let verdict = verify(public, algorithm, MESSAGE, &signature);
    if weak {
        assert!(matches!(verdict, Err(VerifyError::Weak { .. })), "{algorithm:?}: {verdict:?}");
    } else {
        assert_eq!(verdict, Ok(()), "{algorithm:?}");
    }
    let bad = |message: &[u8], signature: &[u8]| {
        let verdict = verify(public, algorithm, message, signature);
        assert_eq!(verdict, Err(VerifyError::BadSignature), "{algorithm:?}");
    };
    bad(b"what was signed", &signature);
    for at in [0, signature.len() / 2, signature.len() - 1] {
        let mut changed = signature.clone();
        changed[at] ^= 1;
        bad(MESSAGE, &changed);
    }
    bad(MESSAGE, &[]);
    bad(MESSAGE, &signature[1..]);
    let mut longer = signature.clone();
    longer.push(0);
    bad(MESSAGE, &longer);
}

#[test]
fn ecdsa_by_openssl_on_each_curve_with_each_digest() {
    let Some(openssl) = OpenSsl::new() else { return };
    openssl.write("data", MESSAGE);
    for curve in ["P-256", "P-384", "P-521"] {
        let public = key(&openssl, &format!("-algorithm EC -pkeyopt ec_paramgen_curve:{curve}"));
        for ((name, digest), algorithm) in DIGESTS.into_iter().zip(ECDSA) {
            openssl.accepts(&format!("dgst -{name} -sign key.pem -out signature.bin data"));
            check(&openssl, &public, algorithm, digest.is_weak());
            let other = if algorithm == S::EcdsaSha256 { S::EcdsaSha384 } else { S::EcdsaSha256 };
            let signature = openssl.read("signature.bin");
            assert_eq!(verify(&public, other, MESSAGE, &signature), Err(VerifyError::BadSignature));
            assert_eq!(verify(&public, S::RsaSha256, MESSAGE, &signature), Err(VerifyError::WrongKey));
        }
    }
}

#[test]
fn rsa_by_openssl_with_each_digest_and_length() {
    let Some(openssl) = OpenSsl::new() else { return };
    openssl.write("data", MESSAGE);
    for bits in [1024, 2048, 2056, 3072] {
        let public = key(&openssl, &format!("-algorithm RSA -pkeyopt rsa_keygen_bits:{bits}"));
        for ((name, digest), algorithm) in DIGESTS.into_iter().zip(RSA) {
            openssl.accepts(&format!("dgst -{name} -sign key.pem -out signature.bin data"));
            check(&openssl, &public, algorithm, digest.is_weak() || bits < 2048);
        }
    }
}

#[test]
fn pss_by_openssl_with_any_parameters() {
    let Some(openssl) = OpenSsl::new() else { return };
    openssl.write("data", MESSAGE);
    // 2049 bits: the encoded message is one octet shorter than the modulus.
    for bits in [1024, 2048, 2049] {
        let public = key(&openssl, &format!("-algorithm RSA -pkeyopt rsa_keygen_bits:{bits}"));
        for (name, hash) in DIGESTS {
            for (mgf_name, mgf) in [(name, hash), ("sha1", DigestAlgorithm::Sha1)] {
                for salt_len in [0, 20, hash.output_len()] {
                    if bits == 1024 && hash.output_len() + salt_len > 120 {
                        continue;
                    }
                    openssl.accepts(&format!(
                        "dgst -{name} -sign key.pem -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:{salt_len} \
                         -sigopt rsa_mgf1_md:{mgf_name} -out signature.bin data"
                    ).replace("                         -", "-").replace("  ", " "));
                    let parameters = PssParameters { hash, mgf, salt_len: u16::try_from(salt_len).unwrap() };
                    check(&openssl, &public, S::RsaPss(parameters), hash.is_weak() || bits < 2048);
                    let wrong = PssParameters { salt_len: parameters.salt_len + 1, ..parameters };
                    let signature = openssl.read("signature.bin");
                    let verdict = verify(&public, S::RsaPss(wrong), MESSAGE, &signature);
                    assert_eq!(verdict, Err(VerifyError::BadSignature));
                }
            }
        }
    }
}

/// The named variants of PSS and the same parameters spelt out are checked by two implementations.
#[test]
fn both_ways_of_checking_rsa_agree() {
    for algorithm in [S::RsaPssSha256, S::RsaPssSha384, S::RsaPssSha512] {
        let signer = rsa_fixture(3072).with_algorithm(algorithm).unwrap();
        let hash = algorithm.digest();
        let salt_len = u16::try_from(hash.output_len()).unwrap();
        let spelt = S::RsaPss(PssParameters { hash, mgf: hash, salt_len });
        let signature = signer.sign(MESSAGE).unwrap();
        for algorithm in [algorithm, spelt] {
            assert_eq!(verify(signer.public_key_der(), algorithm, MESSAGE, &signature), Ok(()));
        }
    }
}

#[test]
fn ed25519_by_openssl() {
    let Some(openssl) = OpenSsl::new() else { return };
    openssl.write("data", MESSAGE);
    let public = key(&openssl, "-algorithm ED25519");
    openssl.accepts("pkeyutl -sign -inkey key.pem -rawin -in data -out signature.bin");
    check(&openssl, &public, S::Ed25519, false);
    // Ed448 is known by name, and not checked.
    let public = key(&openssl, "-algorithm ED448");
    let verdict = verify(&public, S::Ed25519, MESSAGE, &[0; 64]);
    assert_eq!(verdict, Err(VerifyError::Unsupported { found: "1.3.101.113".to_owned() }));
    let public = key(&openssl, "-algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1");
    let verdict = verify(&public, S::EcdsaSha256, MESSAGE, &[0; 64]);
    assert_eq!(verdict, Err(VerifyError::Unsupported { found: "1.3.36.3.3.2.8.1.1.7".to_owned() }));
}

/// RFC 4055 §1.2: a key marked for PSS makes nothing else, and with parameters only what they allow.
#[test]
fn keys_marked_for_pss_are_held_to_it() {
    let Some(openssl) = OpenSsl::new() else { return };
    openssl.write("data", MESSAGE);
    let marked = "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048";
    let public = key(&openssl, marked);
    openssl.accepts("dgst -sha256 -sign key.pem -sigopt rsa_pss_saltlen:digest -out signature.bin data");
    check(&openssl, &public, S::RsaPssSha256, false);
    let signature = openssl.read("signature.bin");
    assert_eq!(verify(&public, S::RsaSha256, MESSAGE, &signature), Err(VerifyError::WrongKey));
    let limits = "-pkeyopt rsa_pss_keygen_md:sha384 -pkeyopt rsa_pss_keygen_mgf1_md:sha384 -pkeyopt rsa_pss_keygen_saltlen:48";
    let public = key(&openssl, &format!("{marked} {limits}"));
    openssl.accepts("dgst -sha384 -sign key.pem -sigopt rsa_pss_saltlen:digest -out signature.bin data");
    check(&openssl, &public, S::RsaPssSha384, false);
    let signature = openssl.read("signature.bin");
    assert_eq!(verify(&public, S::RsaPssSha256, MESSAGE, &signature), Err(VerifyError::WrongKey));
}

#[test]
fn openssl_checks_whatever_we_sign() {
    let Some(openssl) = OpenSsl::new() else { return };
    openssl.write("data", MESSAGE);
    openssl.write("other", b"something else");
    let generate = |algorithm| SoftwareSigner::generate(algorithm).unwrap().0;
    let ecdsa = [S::EcdsaSha256, S::EcdsaSha384, S::EcdsaSha512];
    let rsa = [S::RsaSha256, S::RsaSha384, S::RsaSha512, S::RsaPssSha256, S::RsaPssSha384, S::RsaPssSha512];
    let mut made = 0;
    let mut judge = |signer: SoftwareSigner, algorithm: S| {
        let signer = signer.with_algorithm(algorithm).unwrap();
        let signature = signer.sign(MESSAGE).unwrap();
        assert_eq!(verify(signer.public_key_der(), algorithm, MESSAGE, &signature), Ok(()));
        openssl.write("signature.bin", &signature);
        openssl.write("public.der", signer.public_key_der());
        openssl.accepts("pkey -pubin -inform DER -in public.der -out public.pem");
        let line = |data: &str| match algorithm {
            S::Ed25519 => {
                format!("pkeyutl -verify -pubin -inkey public.pem -rawin -in {data} -sigfile signature.bin")
            }
            _ => {
                let digest = algorithm.digest().name().replace('-', "").to_lowercase();
                let pss = match algorithm.name().ends_with("MGF1") {
                    true => " -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest",
                    false => "",
                };
                format!("dgst -{digest} -verify public.pem -signature signature.bin{pss} {data}")
            }
        };
        openssl.accepts(&line("data"));
        openssl.refuses(&line("other"));
        made += 1;
    };
    for algorithm in ecdsa {
        judge(generate(KeyAlgorithm::P256), algorithm);
        judge(generate(KeyAlgorithm::P384), algorithm);
    }
    for algorithm in rsa {
        judge(rsa_fixture(2048), algorithm);
        judge(rsa_fixture(3072), algorithm);
    }
    judge(generate(KeyAlgorithm::Rsa4096), S::RsaSha512);
    judge(generate(KeyAlgorithm::Ed25519), S::Ed25519);
    assert_eq!(made, 20);
}

#[test]
fn keys_refuse_algorithms_that_are_not_theirs() {
    let p256 = || SoftwareSigner::generate(KeyAlgorithm::P256).unwrap().0;
    let refused =
        |signer: SoftwareSigner, algorithm| signer.with_algorithm(algorithm).unwrap_err().to_string();
    for algorithm in [S::RsaSha256, S::Ed25519, S::RsaPssSha256] {
        assert!(refused(p256(), algorithm).contains("p256 key cannot sign"));
    }
    for algorithm in [
        S::EcdsaSha1,
        S::EcdsaSha3_256,
        S::RsaPss(PssParameters { hash: DigestAlgorithm::Sha256, mgf: DigestAlgorithm::Sha1, salt_len: 32 }),
    ] {
        assert!(refused(p256(), algorithm).contains("never signed with"));
    }
    assert!(refused(rsa_fixture(2048), S::EcdsaSha256).contains("rsa2048 key cannot sign"));
}

/// FIPS 202 and FIPS 180-4: digests of the empty message.
#[test]
fn digests_of_nothing() {
    for (algorithm, start) in [
        (DigestAlgorithm::Sha1, "da39a3ee5e6b4b0d"),
        (DigestAlgorithm::Sha256, "e3b0c44298fc1c14"),
        (DigestAlgorithm::Sha3_256, "a7ffc6f8bf1ed766"),
        (DigestAlgorithm::Sha3_384, "0c63a75b845e4f7d"),
        (DigestAlgorithm::Sha3_512, "a69f73cca23a9ac5"),
    ] {
        let digest: String = algorithm.digest(b"").iter().map(|b| format!("{b:02x}")).collect();
        assert!(digest.starts_with(start), "{algorithm:?} {digest}");
    }
}
