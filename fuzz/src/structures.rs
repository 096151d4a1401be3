//! The readers of `pki`: what parses keeps its bytes, and everything that it offers can be asked.

use jiff::Timestamp;
use vermilion_pki::cms::SignedData;
use vermilion_pki::crl::Crl;
use vermilion_pki::path::{Budget, Need, Purpose, Revocation, Weak, validate};
use vermilion_pki::{Certificate, DigestAlgorithm, ExtendedKeyUsage, Name, ocsp, tsa};

/// A certificate, as leaf and as its own anchor.
pub fn certificate(input: &[u8]) {
    let Ok(certificate) = Certificate::from_der(input) else { return };
    assert_eq!(certificate.der(), input, "a certificate is the bytes that were signed");
    let again = Certificate::from_pem(&certificate.to_pem()).expect("PEM of a certificate is one");
    assert_eq!(again.der(), input);
    ask(&certificate);
    let revocation = Revocation::none(certificate.not_before());
    let anchors = [certificate.clone()];
    for weak in [Weak::Refused, Weak::Accepted] {
        let mut budget = Budget { weak, ..Budget::default() };
        let at = certificate.not_before();
        let _ = validate(&certificate, &anchors, &[], at, Purpose::DocumentSigning, &revocation, &mut budget);
        let _ = validate(&certificate, &[], &anchors, at, Purpose::Any, &revocation, &mut budget);
    }
}

fn ask(certificate: &Certificate) {
    name(certificate.subject());
    name(certificate.issuer());
    let _ = (certificate.common_name(), certificate.serial_hex(), certificate.fingerprint());
    let _ = (certificate.key_usage(), certificate.extended_key_usage().map(ExtendedKeyUsage::purposes));
    let _ = (
        certificate.crl_urls(),
        certificate.ocsp_urls(),
        certificate.ca_issuers_urls(),
        certificate.policies(),
    );
    let _ = (certificate.is_ca(), certificate.is_self_issued(), certificate.signature_algorithm());
    let _ = certificate.verify_signature(certificate);
    let _ = vermilion_pki::public_key_algorithm(certificate.public_key_der());
}

fn name(name: &Name) {
    let _ = (name.to_string(), name.organization(), name.country(), name.attribute("2.5.4.5"));
    assert!(name.matches(name), "a name is its own");
}

/// A CRL.
pub fn crl(input: &[u8]) {
    let Ok(crl) = Crl::from_der(input) else { return };
    assert_eq!(crl.der(), input);
    name(crl.issuer());
    let _ = (crl.number(), crl.this_update(), crl.next_update(), crl.len(), crl.delta_base());
    if let Ok(serial) = vermilion_pki::Serial::from_hex("01") {
        let _ = crl.revoked(&serial);
    }
}

/// An OCSP response, and the request that the same bytes may be.
pub fn ocsp(input: &[u8]) {
    if let Ok(request) = ocsp::Request::from_der(input) {
        let _ = (request.certificates().len(), request.nonce());
        assert!(ocsp::Request::from_der(&request.to_der()).is_ok(), "a request that is written can be read");
    }
    let Ok(response) = ocsp::Response::from_der(input) else { return };
    // A BasicOCSPResponse alone is read too, and completed.
    let again = ocsp::Response::from_der(response.der()).expect("what was read is DER");
    assert_eq!(again.der(), response.der());
    let _ = (response.produced_at(), response.responses().len(), response.nonce());
    for certificate in response.certificates().to_vec() {
        ask(&certificate);
        let _ = (response.is_by(&certificate), response.verify_signature(&certificate));
        let ocsps = [response.clone()];
        let revocation =
            Revocation { crls: &[], ocsps: &ocsps, need: Need::Required, now: response.produced_at() };
        let at = response.produced_at();
        let anchors = response.certificates();
        let mut budget = Budget::default();
        let _ = validate(&certificate, anchors, anchors, at, Purpose::Any, &revocation, &mut budget);
    }
}

/// A time-stamp: reply, token or request.
pub fn tsp(input: &[u8]) {
    if let Ok(request) = tsa::Request::from_der(input) {
        let _ = (request.policy(), request.wants_certificates());
        let again = tsa::Request::from_der(&request.to_der()).expect("a request that is written can be read");
        assert_eq!((again.imprint(), again.nonce()), (request.imprint(), request.nonce()));
    }
    let _ = tsa::Response::from_der(input);
    let Ok(token) = tsa::Token::from_contents(input) else { return };
    let _ = (token.gen_time(), token.serial_hex(), token.policy(), token.nonce());
    let digest = token.imprint().digest.clone();
    let _ = token.verify_digest(&digest, &[]);
    signed(token.signed_data());
}

/// A SignedData as it stands in `/Contents`, with the zeros behind it.
pub fn cms(input: &[u8]) {
    let _ = SignedData::from_der(input);
    if let Ok(data) = SignedData::from_contents(input) {
        let again = SignedData::from_der(data.der()).expect("what was read is DER");
        assert_eq!(again.der(), data.der());
        signed(&data);
    }
}

fn signed(data: &SignedData) {
    let _ =
        (data.content_type(), data.content().map(<[u8]>::len), data.message_digest(), data.signing_time());
    let _ = (
        data.signer_id(),
        data.has_signing_certificate(),
        data.digest_algorithm(),
        data.signature_algorithm(),
    );
    for oid in data.signed_attribute_types() {
        let _ = data.signed_attribute(&oid);
    }
    for token in data.signature_time_stamps() {
        let _ = tsa::Token::from_der(token).map(|token| token.gen_time());
    }
    let _ = (data.signature_policy(), data.commitment_types(), data.signer_location());
    let _ = data.embedded_revocation();
    let _ = (data.revocation_archival(), data.archival_attributes(), data.content_time_stamps().len());
    if let Some(certificate) = data.signer_certificate(&[]) {
        let digest = DigestAlgorithm::Sha256.digest(b"x");
        let _ = data.verify(&certificate, data.message_digest().unwrap_or(&digest));
    }
    for certificate in data.certificates() {
        ask(certificate);
        let revocation = Revocation::none(Timestamp::UNIX_EPOCH);
        let (pool, at) = (data.certificates(), certificate.not_before());
        let _ = validate(
            certificate,
            pool,
            pool,
            at,
            Purpose::DocumentSigning,
            &revocation,
            &mut Budget::default(),
        );
    }
}
