//! Certificates and CRLs of our making.
use vermilion_pki::ca::{Issuer, LintError, Profile, Subject, Validity};
use vermilion_pki::crl::{Crl, Reason, Revoked};
use vermilion_pki::{Certificate, KeyAlgorithm, SignError, Signer, SoftwareSigner, VerifyError};

use crate::world::*;

fn judge(world: &World) {
    let Some(openssl) = OpenSsl::new() else { return };
    let revoked = Revoked { serial: serial(9), at: now() - days(1), reason: Reason::KeyCompromise };
    let [root_crl, issuing_crl] = world.crls(&[revoked]);
    openssl.write("root.pem", world.root.certificate.to_pem());
    openssl.write("issuing.pem", world.issuing.certificate.to_pem());
    openssl.write("crls.pem", root_crl.to_pem() + &issuing_crl.to_pem());
    openssl.write("issuing.crl", issuing_crl.to_pem());
    let time = now().as_second();
    for (name, holder) in [("person", &world.person), ("tsa", &world.tsa), ("responder", &world.responder)] {
        openssl.write("leaf.pem", holder.certificate.to_pem());
        let purpose = match name {
            "tsa" => "-purpose timestampsign",
            "responder" => "-purpose ocsphelper",
            _ => "-purpose any",
        };
        openssl.accepts(&format!(
            "verify -x509_strict -policy_check -crl_check_all -attime {time} -CAfile root.pem -CRLfile crls.pem \
             -untrusted issuing.pem {purpose} leaf.pem"
        ).replace("             ", ""));
        openssl.accepts("asn1parse -in leaf.pem");
    }
    openssl.accepts("crl -verify -in issuing.crl -CAfile issuing.pem -noout");
    let text = openssl.accepts("crl -in issuing.crl -noout -text");
    for part in ["Key Compromise", "X509v3 CRL Number", "Authority Key Identifier"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    openssl.write("leaf.pem", world.person.certificate.to_pem());
    let text = openssl.accepts("x509 -in leaf.pem -noout -text -nameopt utf8,sep_comma_plus");
    for part in [
        "陈晓明",
        "Non Repudiation",
        "1.3.6.1.5.5.7.3.36",
        "1.3.6.1.4.1.99999.1.1",
        "OCSP - URI:http://127",
        "CA Issuers - URI",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn openssl_accepts_our_chains_and_crls() {
    judge(&World::new());
}

#[test]
fn openssl_accepts_them_with_p384_too() {
    judge(&World::with_keys(|| SoftwareSigner::generate(KeyAlgorithm::P384).expect("generates").0));
}

#[test]
fn openssl_accepts_them_with_rsa_issuers() {
    // RSA roots and issuing CA over P-256 leaves, and the other way round.
    let Some(openssl) = OpenSsl::new() else { return };
    let root_key = rsa_fixture(3072);
    let validity = Validity { not_before: now() - days(30), not_after: now() + days(8000) };
    let root = vermilion_pki::ca::prepare_root(
        &subject("RSA Root"),
        root_key.public_key_der(),
        &serial(1),
        validity,
    )
    .unwrap()
    .issue(&root_key)
    .unwrap();
    let issuer = Issuer { certificate: root.clone(), chain: vec![], urls: urls() };
    let rsa_leaf = issue(&issuer, &root_key, Profile::Person, &subject("RSA Person"), 2, rsa_fixture(2048));
    openssl.write("root.pem", root.to_pem());
    openssl.write("leaf.pem", rsa_leaf.certificate.to_pem());
    let time = now().as_second();
    openssl.accepts(&format!("verify -x509_strict -attime {time} -CAfile root.pem leaf.pem"));
}

#[test]
fn openssl_sees_a_revoked_certificate() {
    let Some(openssl) = OpenSsl::new() else { return };
    let world = World::new();
    let revoked = Revoked {
        serial: world.person.certificate.serial().clone(),
        at: now() - days(1),
        reason: Reason::CessationOfOperation,
    };
    let [root_crl, issuing_crl] = world.crls(&[revoked]);
    openssl.write("root.pem", world.root.certificate.to_pem());
    openssl.write("issuing.pem", world.issuing.certificate.to_pem());
    openssl.write("crls.pem", root_crl.to_pem() + &issuing_crl.to_pem());
    openssl.write("leaf.pem", world.person.certificate.to_pem());
    let text = openssl.refuses(&format!(
        "verify -crl_check -attime {} -CAfile root.pem -CRLfile crls.pem -untrusted issuing.pem leaf.pem",
        now().as_second()
    ));
    assert!(text.contains("certificate revoked"), "{text}");
}

#[test]
fn certificates_survive_pem_json_and_der() {
    let world = World::new();
    let person = &world.person.certificate;
    assert_eq!(Certificate::from_pem(&person.to_pem()).unwrap(), *person);
    assert_eq!(Certificate::from_der(person.der()).unwrap(), *person);
    let json = serde_json::to_string(person).unwrap();
    assert_eq!(serde_json::from_str::<Certificate>(&json).unwrap(), *person);
    let both = person.to_pem() + &world.root.certificate.to_pem();
    assert_eq!(Certificate::all_from_pem(&both).unwrap().len(), 2);
    assert_eq!(person.common_name(), "陈晓明");
    assert_eq!(person.crl_urls(), urls().crl);
    assert_eq!(person.ocsp_urls(), urls().ocsp);
    assert_eq!(person.subject().to_string(), "CN=陈晓明,C=CN");
    assert!(!person.is_ca() && world.root.certificate.is_self_signed());
}

#[test]
fn a_signature_found_right_under_one_key_is_wrong_under_another() {
    let world = World::new();
    let (person, issuing) = (&world.person.certificate, &world.issuing.certificate);
    for _ in 0..2 {
        person.verify_signature(issuing).unwrap();
        assert_eq!(person.verify_signature(&world.root.certificate), Err(VerifyError::BadSignature));
        assert_eq!(person.clone().verify_signature(person), Err(VerifyError::BadSignature));
    }
}

#[test]
fn crls_are_read_as_written() {
    let world = World::new();
    let revoked: Vec<Revoked> = [Reason::Unspecified, Reason::CertificateHold, Reason::Superseded]
        .into_iter()
        .zip(10..)
        .map(|(reason, n)| Revoked { serial: serial(n), at: now() - days(i64::from(n)), reason })
        .collect();
    let [_, crl] = world.crls(&revoked);
    let crl = Crl::from_pem(&Crl::from_der(crl.der()).unwrap().to_pem()).unwrap();
    assert_eq!((crl.number(), crl.len(), crl.this_update()), (Some(7), 3, now()));
    for entry in &revoked {
        assert_eq!(crl.revoked(&entry.serial).as_ref(), Some(entry));
    }
    assert_eq!(crl.revoked(&serial(1)), None);
    crl.verify_signature(&world.issuing.certificate).unwrap();
    crl.verify_signature(&world.root.certificate).unwrap_err();
}

#[test]
fn the_linter_refuses_what_must_not_be_signed() {
    let world = World::new();
    let issuer = world.issuer();
    let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap();
    let fine = Validity { not_before: now(), not_after: now() + days(100) };
    let prepare = |profile, subject: &Subject, spki: &[u8], validity| {
        issuer.prepare(profile, subject, spki, &serial(20), validity).map(|_| ()).unwrap_err()
    };
    let spki = key.public_key_der();
    let named = |name: &str| subject(name);
    for (who, field) in [
        (named(""), "commonName"),
        (named("陈 11010519491231002X"), "commonName"),
        (named("a\u{0}b"), "commonName"),
        (named("陈\u{202e}明晓"), "commonName"),
        (named(&"长".repeat(65)), "commonName"),
        (Subject { country: Some("cn".to_owned()), ..named("x") }, "countryName"),
        (Subject { serial_number: Some("13800138000".to_owned()), ..named("x") }, "serialNumber"),
    ] {
        match prepare(Profile::Person, &who, spki, fine) {
            LintError::Subject { field: found, .. } => assert_eq!(found, field),
            other => panic!("{other:?}"),
        }
    }
    let missing = prepare(Profile::Organization, &named("某公司"), spki, fine);
    assert!(matches!(missing, LintError::Subject { field: "organizationName", .. }));
    let long = Validity { not_after: now() + days(4000), ..fine };
    assert!(matches!(
        prepare(Profile::Person, &named("x"), spki, long),
        LintError::Validity { max_days: 1830 }
    ));
    let backwards = Validity { not_before: fine.not_after, not_after: fine.not_before };
    assert!(matches!(prepare(Profile::Person, &named("x"), spki, backwards), LintError::Validity { .. }));
    let early = Validity { not_before: now() - days(20), ..fine };
    assert!(matches!(prepare(Profile::Person, &named("x"), spki, early), LintError::BeyondIssuer { .. }));
    assert_eq!(prepare(Profile::Person, &named("x"), b"\x30\x00", fine), LintError::PublicKey);
    let own = world.issuing.key.public_key_der();
    assert_eq!(prepare(Profile::Person, &named("x"), own, fine), LintError::IssuerOwnKey);
    assert!(matches!(prepare(Profile::Issuing, &named("x"), spki, fine), LintError::Issuer { .. }));
    let no_ca = Issuer { certificate: world.person.certificate.clone(), ..world.issuer() };
    let refused = no_ca.prepare(Profile::Person, &named("x"), spki, &serial(20), fine).map(|_| ());
    assert!(matches!(refused.unwrap_err(), LintError::Issuer { .. }));
    let bad_url = Issuer {
        urls: vermilion_pki::ca::Urls { ocsp: vec!["ftp://x".to_owned()], ..urls() },
        ..world.issuer()
    };
    let refused = bad_url.prepare(Profile::Person, &named("x"), spki, &serial(20), fine).map(|_| ());
    assert!(matches!(refused.unwrap_err(), LintError::Url { .. }));
}

#[test]
fn a_token_takes_no_other_key() {
    let world = World::new();
    let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap();
    let validity = Validity { not_before: now(), not_after: now() + days(100) };
    let token = world
        .issuer()
        .prepare(Profile::Person, &subject("x"), key.public_key_der(), &serial(20), validity)
        .unwrap();
    assert_eq!(token.issue(&key).unwrap_err(), SignError::WrongKey);
}
