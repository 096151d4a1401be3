//! The attributes of CAdES and Adobe's.
use vermilion_pki::cms::{self, SignaturePolicy, SignedAttributes, SignedData, SignerLocation};
use vermilion_pki::der::{self, context_constructed};
use vermilion_pki::{DigestAlgorithm, Signer, VerifyError};

use crate::world::*;

const DATA: &[u8] = b"content";

fn policy() -> SignaturePolicy {
    SignaturePolicy {
        oid: "1.3.6.1.4.1.99999.7.1".to_owned(),
        digest_algorithm: DigestAlgorithm::Sha512,
        digest: DigestAlgorithm::Sha512.digest(b"the policy document"),
        uri: Some("https://example.com/policy.pdf".to_owned()),
    }
}

fn signed(holder: &Holder, attributes: &SignedAttributes) -> Vec<u8> {
    let signature = holder.key.sign(attributes.der()).unwrap();
    cms::build(attributes, holder.key.algorithm(), &signature, &holder.certificate, &[], None)
}

#[test]
fn a_signature_policy_is_read_as_written() {
    let world = World::new();
    let digest = DigestAlgorithm::Sha256;
    for policy in [policy(), SignaturePolicy { uri: None, ..policy() }] {
        assert!(policy.is_well_formed());
        let attributes = SignedAttributes::pades_with(
            digest,
            &digest.digest(DATA),
            &world.person.certificate,
            Some(&policy),
        );
        assert_eq!(SignedAttributes::from_der(attributes.der()).unwrap(), attributes);
        let der = signed(&world.person, &attributes);
        let data = SignedData::from_der(&der).unwrap();
        assert_eq!(data.signature_policy(), Ok(Some(policy)));
        assert_eq!(data.verify(&world.person.certificate, &digest.digest(DATA)), Ok(()));
        if let Some(openssl) = OpenSsl::new() {
            openssl.accepts_cades(&world, &der, DATA);
        }
    }
    let attributes = SignedAttributes::pades(digest, &digest.digest(DATA), &world.person.certificate);
    let data = SignedData::from_der(&signed(&world.person, &attributes)).unwrap();
    assert_eq!(data.signature_policy(), Ok(None));
    assert!(!SignaturePolicy { oid: "one.two".to_owned(), ..policy() }.is_well_formed());
    assert!(!SignaturePolicy { digest: vec![1; 32], ..policy() }.is_well_formed());
}

fn oid(dotted: &[u8]) -> Vec<u8> {
    der::oid(dotted)
}

fn attribute(kind: &[u8], value: &[u8]) -> Vec<u8> {
    der::sequence(&[&oid(kind), &der::tlv(der::SET, &[value])])
}

/// `1.2.840.113549.1.9.16.2.n`
fn id_aa(n: u8) -> Vec<u8> {
    vec![0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 2, n]
}

/// Adds attributes to the usual ones and signs.
fn with(world: &World, extra: Vec<Vec<u8>>) -> SignedData {
    let digest = DigestAlgorithm::Sha256;
    let usual = SignedAttributes::pades(digest, &digest.digest(DATA), &world.person.certificate);
    let set = der::Reader::new(usual.der(), "test").next().unwrap();
    let mut list = set.reader("test");
    let mut elements = extra;
    while !list.is_empty() {
        elements.push(list.next().unwrap().raw.to_vec());
    }
    let attributes = SignedAttributes::from_der(&der::set_of(elements)).unwrap();
    let data = SignedData::from_der(&signed(&world.person, &attributes)).unwrap();
    assert_eq!(data.verify(&world.person.certificate, &digest.digest(DATA)), Ok(()));
    data
}

#[test]
fn what_a_signer_says_besides_is_read() {
    let world = World::new();
    let utf8 = |text: &str| der::tlv(der::UTF8_STRING, &[text.as_bytes()]);
    let explicit = |n, value: &[u8]| der::tlv(context_constructed(n), &[value]);
    let location = der::sequence(&[
        &explicit(0, &utf8("CN")),
        &explicit(1, &utf8("上海")),
        &explicit(2, &der::sequence(&[&utf8("一楼"), &utf8("人民路 1")])),
    ]);
    // proof of approval
    let approval = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 6, 5];
    let token = der::sequence(&[&der::unsigned_integer(7)]);
    let data = with(
        &world,
        vec![
            attribute(&id_aa(17), &location),
            attribute(&id_aa(16), &der::sequence(&[&oid(&approval)])),
            attribute(&id_aa(20), &token),
        ],
    );
    let expected = SignerLocation {
        country: Some("CN".to_owned()),
        locality: Some("上海".to_owned()),
        postal_address: vec!["一楼".to_owned(), "人民路 1".to_owned()],
    };
    assert_eq!(data.signer_location(), Ok(Some(expected)));
    assert_eq!(data.commitment_types(), Ok(vec!["1.2.840.113549.1.9.16.6.5".to_owned()]));
    assert_eq!(data.content_time_stamps(), [token.as_slice()]);
    assert!(!data.has_signing_time() && data.archival_attributes().is_empty());

    let plain = with(&world, vec![]);
    assert_eq!(plain.signer_location(), Ok(None));
    assert_eq!(plain.commitment_types(), Ok(vec![]));
    assert_eq!(plain.revocation_archival(), Ok(None));
}

#[test]
fn adobes_revocation_data_are_read() {
    let world = World::new();
    let [root, issuing] = world.crls(&[]);
    let explicit = |n, value: &[u8]| der::tlv(context_constructed(n), &[value]);
    let ocsp = der::sequence(&[&der::tlv(der::ENUMERATED, &[&[6]])]);
    let value = der::sequence(&[
        &explicit(0, &der::sequence(&[root.der(), issuing.der()])),
        &explicit(1, &der::sequence(&[&ocsp])),
    ]);
    let kind = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x2f, 1, 1, 8];
    let data = with(&world, vec![attribute(&kind, &value)]);
    let read = data.revocation_archival().unwrap().expect("is there");
    assert_eq!(read.crls, [root.der(), issuing.der()]);
    assert_eq!(read.ocsps, [ocsp]);
    // Twice, or broken, is no data.
    let data = with(&world, vec![attribute(&kind, &value), attribute(&kind, &der::sequence(&[]))]);
    assert!(data.revocation_archival().is_err());
    let data = with(&world, vec![attribute(&kind, &der::null())]);
    assert!(data.revocation_archival().is_err());
}

#[test]
fn a_policy_that_is_implied_or_broken_is_told_apart() {
    let world = World::new();
    let data = with(&world, vec![attribute(&id_aa(15), &der::null())]);
    assert_eq!(data.signature_policy(), Ok(None));
    for broken in [der::sequence(&[]), der::sequence(&[&oid(&id_aa(1))]), der::octet_string(b"x")] {
        let data = with(&world, vec![attribute(&id_aa(15), &broken)]);
        assert!(data.signature_policy().is_err());
    }
    let wrong = data.verify(&world.tsa.certificate, &DigestAlgorithm::Sha256.digest(DATA));
    assert!(matches!(wrong, Err(VerifyError::Attribute { .. })));
}

/// RFC 5652 §5.1 and RFC 5940: between the certificates and the SignerInfos.
#[test]
fn revocation_data_beside_the_certificates_are_read() {
    let world = World::new();
    let [root, issuing] = world.crls(&[]);
    let digest = DigestAlgorithm::Sha256;
    let attributes = SignedAttributes::pades(digest, &digest.digest(DATA), &world.person.certificate);
    let plain = signed(&world.person, &attributes);
    assert_eq!(SignedData::from_der(&plain).unwrap().embedded_revocation(), Ok(Default::default()));
    let ocsp = der::sequence(&[&der::tlv(der::ENUMERATED, &[&[6]])]);
    // id-ri-ocsp-response, and a form that nobody knows.
    let other = |last: u8, value: &[u8]| {
        der::tlv(context_constructed(1), &[&oid(&[0x2b, 6, 1, 5, 5, 7, 16, last]), value])
    };
    let crls = der::tlv(
        context_constructed(1),
        &[root.der(), issuing.der(), &other(2, &ocsp), &other(9, &der::null())],
    );
    let mut info = der::Reader::new(&plain, "test").sequence().unwrap();
    let kind = info.next().unwrap().raw;
    let mut fields = info.next().unwrap().reader("test").sequence().unwrap();
    let mut parts: Vec<&[u8]> = Vec::new();
    while !fields.is_empty() {
        parts.push(fields.next().unwrap().raw);
    }
    parts.insert(4, &crls);
    let der = der::sequence(&[kind, &der::tlv(context_constructed(0), &[&der::sequence(&parts)])]);
    let data = SignedData::from_der(&der).unwrap();
    let read = data.embedded_revocation().unwrap();
    assert_eq!(read.crls, [root.der(), issuing.der()]);
    assert_eq!(read.ocsps, [ocsp]);
    assert_eq!(data.verify(&world.person.certificate, &digest.digest(DATA)), Ok(()));
    if let Some(openssl) = OpenSsl::new() {
        openssl.write("signature.der", der);
        let text = openssl.accepts("cms -cmsout -print -noout -inform DER -in signature.der");
        assert!(text.contains("lastUpdate") || text.contains("crl"), "{text}");
    }
}
