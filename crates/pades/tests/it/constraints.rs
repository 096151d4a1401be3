//! Chains, signature policies, formats and what a validation policy asks for: the indications of EN 319 102-1 that they
//! decide.

use jiff::SignedDuration;
use pades::{
    Code, Condition, Indication, Level, Policy, PolicyDocument, PolicyRule, Rule, SubIndication, TimeDemand,
};
use pki::cms::{SignaturePolicy, SignedAttributes};
use pki::{DigestAlgorithm, KeyAlgorithm, Signer as _, SoftwareSigner};
use vermilion_pades as pades;

use crate::ades::{assert_is, assert_open, assert_passed, first, stamped, unstamped};
use crate::world::{
    World, YEAR, archived, covered_digest, day, judged, minute, stored, tlv, with_attribute, with_contents,
};

#[test]
fn chains_that_do_not_hold() {
    let (_, _, file) = unstamped();
    let other = World::new();
    assert_open(&file, &Policy::new(vec![], day(1)), SubIndication::NoCertificateChainFound);
    let stranger = World::new();
    let foreign = Policy::new(vec![crate::support::Pki::new().root], day(1));
    assert_open(&file, &foreign, SubIndication::NoCertificateChainFound);
    // A root of the same name with another key.
    let report = assert_open(&file, &other.policy(day(1)), SubIndication::CertificateChainGeneralFailure);
    assert_eq!(first(&report).reasons[0].code, Code::ChainBroken);
    // A key that is certified for time-stamps alone signs a document.
    let who = stranger.tsa(31, day(-30), day(YEAR)).into_identity();
    let as_signer = stranger.sign_anew(
        &stranger.sign(&stranger.alice(), None),
        &who,
        |digest| SignedAttributes::pades(DigestAlgorithm::Sha256, digest, &who.certificate).der().to_vec(),
        None,
    );
    assert_open(&as_signer, &stranger.policy(day(1)), SubIndication::ChainConstraintsFailure);
}

#[test]
fn the_certificate_is_missing_or_another() {
    let world = World::new();
    let (key, pkcs8) = SoftwareSigner::generate(KeyAlgorithm::P256).expect("a key");
    let alice = world.person_with(key, minute(-60), day(YEAR));
    let file = world.sign(&alice, None);
    let encoded = hex::encode(alice.certificate.der());
    let offset = file
        .windows(encoded.len())
        .position(|window| window.eq_ignore_ascii_case(encoded.as_bytes()))
        .expect("the certificate stands in the CMS");
    let serial = encoded.find(&hex::encode(alice.certificate.serial().as_bytes())).expect("its number");
    let digit = offset + serial + 5;
    let mut changed = file.clone();
    changed[digit] = if changed[digit] == b'7' { b'6' } else { b'7' };
    assert_open(&changed, &world.policy(day(1)), SubIndication::NoSigningCertificateFound);
    // Another certificate of the same key and name: the signed attribute names the first.
    let twin =
        world.person_with(SoftwareSigner::from_pkcs8(&pkcs8).expect("the same key"), minute(-50), day(YEAR));
    let swapped = world.sign_anew(
        &file,
        &twin,
        |digest| SignedAttributes::pades(DigestAlgorithm::Sha256, digest, &alice.certificate).der().to_vec(),
        None,
    );
    assert_open(&swapped, &world.policy(day(1)), SubIndication::SigConstraintsFailure);
}

#[test]
fn a_signature_policy_is_compared_with_the_one_at_hand() {
    let (world, alice, file) = unstamped();
    let text = b"Whoever signs under this policy has read it.";
    let named = SignaturePolicy {
        oid: "1.2.3.4.5".to_owned(),
        digest_algorithm: DigestAlgorithm::Sha256,
        digest: DigestAlgorithm::Sha256.digest(text),
        uri: Some("https://example.org/policy".to_owned()),
    };
    let file = world.sign_anew(
        &file,
        &alice,
        |digest| {
            let with = SignedAttributes::pades_with;
            with(DigestAlgorithm::Sha256, digest, &alice.certificate, Some(&named)).der().to_vec()
        },
        None,
    );
    let file = stored(&file, &[], &world.lists(minute(30)));
    let mut policy = world.policy(day(1));
    let report = assert_passed(&file, &policy);
    let one = first(&report);
    assert_eq!(one.level, Level::BB, "EPES stays a baseline signature: {:?}", one.reasons);
    assert_eq!(one.signature_policy.as_ref().map(|policy| policy.oid.as_str()), Some("1.2.3.4.5"));
    policy.signature_policy = PolicyRule::Required;
    assert_open(&file, &policy, SubIndication::SignaturePolicyNotAvailable);
    let document = |bytes: &[u8]| vec![PolicyDocument::new("1.2.3.4.5", bytes.to_vec())];
    policy.signature_policies = document(b"Another text.");
    assert_open(&file, &policy, SubIndication::PolicyProcessingError);
    policy.signature_policies = document(text);
    let report = assert_passed(&file, &policy);
    assert!(first(&report).reasons.iter().any(|reason| reason.code == Code::PolicyMatches));
    assert_eq!(first(&report).policy.as_ref().map(|it| it.rules.len()), Some(0), "it asks for nothing");
    // What it asks for counts: the time that is claimed is there, a level and a trusted time are not.
    policy.signature_policies[0].time = Some(TimeDemand::Claimed);
    assert_passed(&file, &policy);
    policy.signature_policies[0].least_level = Some(Level::BT);
    assert_open(&file, &policy, SubIndication::SigConstraintsFailure);
    policy.signature_policies[0].least_level = None;
    policy.signature_policies[0].time = Some(TimeDemand::Trusted);
    let report = assert_open(&file, &policy, SubIndication::SigConstraintsFailure);
    let rule = &first(&report).policy.as_ref().expect("it is at hand").rules[0];
    assert_eq!((rule.rule, rule.condition), (Rule::Time, Condition::NotMet));
    assert_eq!(rule.reason.code, Code::PolicyTimeMissing);
    let document = pdf::Document::open(std::sync::Arc::new(file), &pdf::Limits::default()).expect("a PDF");
    let xml = pades::examine(&document, &policy, None).etsi_xml().expect("there is a signature");
    assert!(xml.contains("urn:vermilion:policy:time:not-met"), "{xml}");
}

#[test]
fn time_stamps_in_an_impossible_order_are_told() {
    let (world, _, tsa, file) = stamped();
    let file = stored(&file, &[], &world.lists(minute(30)));
    let report = assert_open(
        &archived(&file, &tsa, minute(1)),
        &world.policy(day(1)),
        SubIndication::TimestampOrderFailure,
    );
    assert!(first(&report).reasons[0].params.contains_key("outer"));
    assert_passed(&archived(&file, &tsa, minute(6)), &world.policy(day(1)));
    // A second archive time-stamp from before the first proves nothing.
    let twice = archived(&archived(&file, &tsa, minute(40)), &tsa, minute(30));
    let report = judged(&twice, &world.policy(day(1)));
    let last = report.signatures.last().expect("the second");
    assert_eq!(last.sub_indication, Some(SubIndication::TimestampOrderFailure), "{:?}", last.reasons);
}

#[test]
fn the_policy_may_ask_for_a_level_and_for_a_prompt_time_stamp() {
    let (world, _, _, file) = stamped();
    let file = stored(&file, &[], &world.lists(minute(30)));
    let mut policy = world.policy(day(1));
    policy.least_level = Some(Level::BLT);
    assert_passed(&file, &policy);
    policy.least_level = Some(Level::BLTA);
    assert_open(&file, &policy, SubIndication::SigConstraintsFailure);
    policy.least_level = None;
    policy.longest_delay = Some(SignedDuration::from_mins(10));
    assert_passed(&file, &policy);
    policy.longest_delay = Some(SignedDuration::from_mins(1));
    assert_open(&file, &policy, SubIndication::SigConstraintsFailure);
}

#[test]
fn what_is_no_baseline_signature_is_told_with_the_reason() {
    let (world, alice, file) = unstamped();
    let timed = world.sign_anew(
        &file,
        &alice,
        |digest| {
            let plain = SignedAttributes::pades(DigestAlgorithm::Sha256, digest, &alice.certificate);
            let oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05];
            with_attribute(plain.der(), &oid, &tlv(0x17, b"261123040000Z"))
        },
        None,
    );
    let timed = stored(&timed, &[], &world.lists(minute(30)));
    let report = assert_passed(&timed, &world.policy(day(1)));
    assert_eq!(first(&report).level, Level::NotEtsi);
    assert!(first(&report).reasons.iter().any(|reason| reason.code == Code::SigningTimeAttribute));
    let legacy = String::from_utf8_lossy(&file).contains("ETSI.CAdES.detached");
    assert!(legacy, "the name stands plainly in the file");
    let place = file.windows(19).position(|window| window == b"ETSI.CAdES.detached").expect("found");
    let mut renamed = file.clone();
    renamed[place..place + 19].copy_from_slice(b"adbe.pkcs7.detached");
    let renamed = world.sign_anew(
        &renamed,
        &alice,
        |digest| SignedAttributes::pades(DigestAlgorithm::Sha256, digest, &alice.certificate).der().to_vec(),
        None,
    );
    let renamed = stored(&renamed, &[], &world.lists(minute(30)));
    let report = assert_passed(&renamed, &world.policy(day(1)));
    assert_eq!(first(&report).level, Level::NotEtsi);
    assert!(first(&report).reasons.iter().any(|reason| reason.code == Code::NotPadesSubFilter));
}

#[test]
fn bytes_that_are_not_what_was_signed_fail() {
    let (world, alice, file) = unstamped();
    let wrong = world.sign_anew(
        &file,
        &alice,
        |_| SignedAttributes::pades(DigestAlgorithm::Sha256, &[7; 32], &alice.certificate).der().to_vec(),
        None,
    );
    let failed = |file: &[u8], sub| {
        assert_is(file, &world.policy(day(1)), Indication::TotalFailed, Some(sub));
    };
    failed(&wrong, SubIndication::HashFailure);
    let digest = covered_digest(&file);
    let attributes = SignedAttributes::pades(DigestAlgorithm::Sha256, &digest, &alice.certificate);
    let other = alice.key.sign(b"something else").expect("signed");
    let algorithm = alice.key.algorithm();
    let made = pki::cms::build(&attributes, algorithm, &other, &alice.certificate, &alice.chain, None);
    failed(&with_contents(&file, &made), SubIndication::SigCryptoFailure);
    failed(&with_contents(&file, &[0x30, 0x03, 0x02, 0x01, 0x01]), SubIndication::FormatFailure);
}
