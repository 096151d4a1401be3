//! CMS of PDF signatures, judged by OpenSSL.
use vermilion_pki::cms::{self, SignedAttributes, SignedData};
use vermilion_pki::tsa::{Authority, Imprint, Request, Response};
use vermilion_pki::{
    Certificate, DigestAlgorithm, KeyAlgorithm, SignatureAlgorithm, Signer, SoftwareSigner, VerifyError,
    ca::Issuer, ca::Profile,
};

use SignatureAlgorithm as S;

use crate::world::*;

const DATA: &[u8] = b"%PDF-1.7 the bytes of the ByteRange";

fn sign(holder: &Holder, chain: &[Certificate]) -> Vec<u8> {
    let digest = holder.key.algorithm().digest();
    let attributes = SignedAttributes::pades(digest, &digest.digest(DATA), &holder.certificate);
    assert_eq!(SignedAttributes::from_der(attributes.der()).unwrap(), attributes);
    let signature = holder.key.sign(attributes.der()).unwrap();
    cms::build(&attributes, holder.key.algorithm(), &signature, &holder.certificate, chain, None)
}

fn holder(world: &World, key: SoftwareSigner) -> Holder {
    let issuer = Issuer { certificate: world.issuing.certificate.clone(), chain: vec![], urls: urls() };
    issue(&issuer, &world.issuing.key, Profile::Person, &subject("李娜"), 30, key)
}

#[test]
fn openssl_verifies_our_signatures_as_cades() {
    let Some(openssl) = OpenSsl::new() else { return };
    let world = World::new();
    openssl.write("root.pem", world.root.certificate.to_pem());
    openssl.write("data", DATA);
    openssl.write("changed", b"%PDF-1.7 other bytes");
    let chain = [world.issuing.certificate.clone(), world.root.certificate.clone()];
    let generate = |algorithm| SoftwareSigner::generate(algorithm).unwrap().0;
    for (key, algorithm) in [
        (generate(KeyAlgorithm::P256), S::EcdsaSha256),
        (generate(KeyAlgorithm::P256), S::EcdsaSha512),
        (generate(KeyAlgorithm::P384), S::EcdsaSha384),
        (generate(KeyAlgorithm::P384), S::EcdsaSha256),
        (rsa_fixture(2048), S::RsaSha256),
        (rsa_fixture(3072), S::RsaSha384),
        (rsa_fixture(2048), S::RsaSha512),
        (rsa_fixture(2048), S::RsaPssSha256),
        (rsa_fixture(3072), S::RsaPssSha384),
        (generate(KeyAlgorithm::Rsa4096), S::RsaPssSha512),
    ] {
        let holder = holder(&world, key.with_algorithm(algorithm).unwrap());
        openssl.write("signature.der", sign(&holder, &chain));
        let verify = |data: &str| {
            format!(
                "cms -verify -cades -binary -inform DER -in signature.der -content {data} -CAfile root.pem -purpose any \
                 -attime {} -out /dev/null",
                now().as_second()
            )
            .replace("                 -", "-")
        };
        openssl.accepts(&verify("data"));
        openssl.refuses(&verify("changed"));
        openssl.accepts("asn1parse -inform DER -in signature.der");
    }
}

#[test]
fn we_read_what_openssl_signs() {
    let Some(openssl) = OpenSsl::new() else { return };
    let world = World::new();
    // OpenSSL needs the private key as a file: the RSA fixture is one.
    let holder = holder(&world, rsa_fixture(2048));
    let key = testkit::checkout().join("crates/testkit/fixtures/test-only-rsa-2048.pem");
    let key = key.display();
    openssl.write("leaf.pem", holder.certificate.to_pem());
    openssl.write("data", DATA);
    for options in [
        "-cades -md sha256",
        "-cades -md sha384",
        "-cades -md sha512 -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:digest",
        "-cades -md sha256 -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:20 -keyopt rsa_mgf1_md:sha1",
        "-cades -md sha3-256",
        "-cades -md sha3-512",
        "-cades -md sha256 -keyid",
        "-md sha256 -stream",
        "-md sha1",
    ] {
        openssl.accepts(&format!(
            "cms -sign -binary -in data -signer leaf.pem -inkey {key} -outform DER -out signature.der {options}"
        ));
        let signed = SignedData::from_der(&openssl.read("signature.der")).unwrap();
        let signer = signed.signer_certificate(&[]).expect("is inside");
        assert_eq!(signer, holder.certificate);
        let verdict = signed.verify(&signer, &signed.digest_algorithm().digest(DATA));
        if options == "-md sha1" {
            assert!(matches!(verdict, Err(VerifyError::Weak { .. })), "{options}: {verdict:?}");
        } else {
            assert_eq!(verdict, Ok(()), "{options}");
        }
        let other = signed.digest_algorithm().digest(b"other");
        assert_eq!(signed.verify(&signer, &other), Err(VerifyError::DigestMismatch));
    }
    // Opaque with indefinite lengths.
    openssl.accepts(&format!(
        "cms -sign -nodetach -stream -binary -in data -signer leaf.pem -inkey {key} -outform DER -out signature.der"
    ));
    let bytes = openssl.read("signature.der");
    assert_eq!(bytes[1], 0x80, "OpenSSL streams with indefinite lengths");
    let mut padded = bytes.clone();
    padded.extend([0; 64]);
    let signed = SignedData::from_contents(&padded).unwrap();
    assert_eq!(signed.content(), Some(DATA));
    assert_eq!(signed.verify(&holder.certificate, &DigestAlgorithm::Sha256.digest(DATA)), Ok(()));
}

/// OpenSSL signs with elliptic curves too, one of which we only check.
#[test]
fn we_read_what_openssl_signs_on_curves() {
    let Some(openssl) = OpenSsl::new() else { return };
    openssl.write("data", DATA);
    for (curve, digest) in
        [("P-256", "sha256"), ("P-256", "sha512"), ("P-384", "sha384"), ("P-521", "sha512")]
    {
        openssl.accepts(&format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:{curve} -nodes -keyout key.pem -subj /CN=x -out leaf.pem"
        ));
        openssl.accepts(&format!(
            "cms -sign -cades -md {digest} -binary -in data -signer leaf.pem -inkey key.pem -outform DER -out signature.der"
        ));
        let signed = SignedData::from_der(&openssl.read("signature.der")).unwrap();
        let signer = signed.signer_certificate(&[]).expect("is inside");
        assert_eq!(signed.verify(&signer, &signed.digest_algorithm().digest(DATA)), Ok(()), "{curve}");
        let other = signed.digest_algorithm().digest(b"other");
        assert_eq!(signed.verify(&signer, &other), Err(VerifyError::DigestMismatch));
    }
}

/// RFC 8419. OpenSSL 3.0 cannot judge such CMS, so it judges the value over the signed attributes.
#[test]
fn ed25519_signs_cms() {
    let world = World::new();
    let holder = holder(&world, SoftwareSigner::generate(KeyAlgorithm::Ed25519).unwrap().0);
    let signed = SignedData::from_der(&sign(&holder, &[])).unwrap();
    assert_eq!(
        (signed.digest_algorithm(), signed.signature_algorithm()),
        (DigestAlgorithm::Sha512, S::Ed25519)
    );
    assert_eq!(signed.verify(&holder.certificate, &DigestAlgorithm::Sha512.digest(DATA)), Ok(()));
    let other = DigestAlgorithm::Sha512.digest(b"other");
    assert_eq!(signed.verify(&holder.certificate, &other), Err(VerifyError::DigestMismatch));
    let Some(openssl) = OpenSsl::new() else { return };
    let digest = DigestAlgorithm::Sha512;
    let attributes = SignedAttributes::pades(digest, &digest.digest(DATA), &holder.certificate);
    openssl.write("attributes", attributes.der());
    openssl.write("value", signed.signature());
    openssl.write("leaf.pem", holder.certificate.to_pem());
    openssl.accepts("x509 -in leaf.pem -noout -pubkey -out public.pem");
    openssl.accepts("pkeyutl -verify -pubin -inkey public.pem -rawin -in attributes -sigfile value");
}

#[test]
fn a_signature_says_what_pades_asks_and_no_more() {
    let world = World::new();
    let der = sign(&world.person, std::slice::from_ref(&world.issuing.certificate));
    let mut contents = der.clone();
    contents.extend([0; 512]);
    let signed = SignedData::from_contents(&contents).unwrap();
    assert_eq!(signed.der(), der);
    let mut types = signed.signed_attribute_types();
    types.sort();
    assert_eq!(types, ["1.2.840.113549.1.9.16.2.47", "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"]);
    assert_eq!((signed.signing_time(), signed.content()), (None, None));
    assert!(signed.has_signing_certificate() && signed.signature_time_stamps().is_empty());
    assert_eq!(signed.signer_certificate(&[]), Some(world.person.certificate.clone()));
    assert_eq!(signed.certificates().len(), 2);
    assert_eq!(signed.signer_id().unwrap().1, world.person.certificate.serial());
    let digest = DigestAlgorithm::Sha256.digest(DATA);
    assert_eq!(signed.verify(&world.person.certificate, &digest), Ok(()));
    let other = signed.verify(&world.tsa.certificate, &digest);
    assert_eq!(other, Err(VerifyError::Attribute { attribute: "sid" }));
    // Another certificate of the same issuer and serial number: only the hash in the attribute tells.
    let key = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap().0;
    let twin = issue(&world.issuer(), &world.issuing.key, Profile::Person, &subject("陈晓明"), 3, key);
    let other = signed.verify(&twin.certificate, &digest);
    assert_eq!(other, Err(VerifyError::Attribute { attribute: "signing-certificate-v2" }));
    // Padding that is not zero hides something.
    contents.push(1);
    assert!(SignedData::from_contents(&contents).is_err());
}

#[test]
fn a_time_stamp_is_carried_as_an_unsigned_attribute() {
    let world = World::new();
    let digest = DigestAlgorithm::Sha256;
    let attributes = SignedAttributes::pades(digest, &digest.digest(DATA), &world.person.certificate);
    let signature = world.person.key.sign(attributes.der()).unwrap();
    let authority = Authority {
        certificate: world.tsa.certificate.clone(),
        chain: vec![],
        policy: "1.3.6.1.4.1.99999.1.3".to_owned(),
        accuracy_ms: 1000,
    };
    let imprint = Imprint { algorithm: digest, digest: digest.digest(&signature) };
    let reply =
        authority.respond(&Request::new(imprint, None).to_der(), [1; 16], now(), &world.tsa.key).unwrap();
    let Response::Granted(token) = Response::from_der(&reply.der).unwrap() else { panic!("rejected") };
    let algorithm = world.person.key.algorithm();
    let der = cms::build(&attributes, algorithm, &signature, &world.person.certificate, &[], Some(&token));
    let signed = SignedData::from_der(&der).unwrap();
    assert_eq!(signed.signature_time_stamps(), [token.der()]);
    assert_eq!(signed.verify(&world.person.certificate, &digest.digest(DATA)), Ok(()));
    token.verify(signed.signature(), &[]).unwrap();
    if let Some(openssl) = OpenSsl::new() {
        openssl.accepts_cades(&world, &der, DATA);
    }
}

/// The signature's own cost must not drown the private operation: printed, and bounded loosely.
#[test]
fn building_costs_little_beside_signing() {
    let world = World::new();
    let chain = [world.issuing.certificate.clone(), world.root.certificate.clone()];
    let digest = DigestAlgorithm::Sha256.digest(DATA);
    let signature = world.person.key.sign(b"x").unwrap();
    let algorithm = world.person.key.algorithm();
    let start = std::time::Instant::now();
    const ROUNDS: u32 = 2000;
    for _ in 0..ROUNDS {
        let attributes = SignedAttributes::pades(DigestAlgorithm::Sha256, &digest, &world.person.certificate);
        let built = cms::build(&attributes, algorithm, &signature, &world.person.certificate, &chain, None);
        assert!(built.len() > 1000);
    }
    let each = start.elapsed() / ROUNDS;
    println!("CMS without the private operation: {each:?} each (debug build)");
    assert!(each.as_millis() < 2);
}

#[test]
fn certificates_are_read_in_every_form_in_which_they_are_handed_out() {
    let world = World::new();
    let (issuing, root) = (&world.issuing.certificate, &world.root.certificate);
    let both = issuing.to_pem() + &root.to_pem();
    assert_eq!(cms::certificates(issuing.der()).unwrap(), std::slice::from_ref(issuing));
    assert_eq!(cms::certificates(both.as_bytes()).unwrap(), [issuing.clone(), root.clone()]);
    for nonsense in [&b""[..], b"<html>", b"-----BEGIN NOTHING-----", &issuing.der()[..200]] {
        assert!(cms::certificates(nonsense).is_err());
    }
    let Some(openssl) = OpenSsl::new() else { return };
    openssl.write("both.pem", both);
    for form in ["DER", "PEM"] {
        openssl.accepts(&format!("crl2pkcs7 -nocrl -certfile both.pem -out bag.{form} -outform {form}"));
        let mut found = cms::certificates(&openssl.read(&format!("bag.{form}"))).unwrap();
        found.sort_by_key(Certificate::is_self_issued);
        assert_eq!(found, [issuing.clone(), root.clone()], "{form}");
    }
    let cut = openssl.read("bag.DER");
    assert!(cms::certificates(&cut[..cut.len() - 9]).is_err());
}
