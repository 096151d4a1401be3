//! The indications of EN 319 102-1, each from a file that earns it, with the twin that does not.

use std::io;
use std::sync::Arc;

use jiff::SignedDuration;
use pades::{
    Code, Freshness, Indication, Level, Policy, PolicyDocument, PolicyRule, Report, RevocationData,
    RevocationRule, ServiceKind, SignatureReport, SourceError, StampKind, StatusPeriod, SubIndication,
    TrustService, TrustedList, ValidationSource,
};
use pdf::{Document, Limits, Source, XrefKind};
use pki::cms::{SignaturePolicy, SignedAttributes};
use pki::crl::{Reason, Revoked};
use pki::ocsp::{self, Responder, Status};
use pki::tsa::Imprint;
use pki::{Certificate, DigestAlgorithm, KeyAlgorithm, KeyFamily, Signer, SoftwareSigner};
use vermilion_pades as pades;

use crate::support::{Identity, Stamped, joined, open, request, sample, sign};
use crate::world::{
    Tsa, World, YEAR, archived, covered_digest, day, judged, minute, stored, tlv, with_attribute,
    with_contents, with_ocsps,
};

fn first(report: &Report) -> &SignatureReport {
    report.signatures.first().expect("a signature")
}

/// The file's first signature has this verdict.
#[track_caller]
fn assert_is(file: &[u8], policy: &Policy, indication: Indication, sub: Option<SubIndication>) -> Report {
    let report = judged(file, policy);
    let one = first(&report);
    assert_eq!((one.indication, one.sub_indication), (indication, sub), "{}", report.text(pades::Lang::En));
    assert!(!one.reasons.is_empty());
    report
}

#[track_caller]
fn assert_passed(file: &[u8], policy: &Policy) -> Report {
    assert_is(file, policy, Indication::TotalPassed, None)
}

#[track_caller]
fn assert_open(file: &[u8], policy: &Policy, sub: SubIndication) -> Report {
    assert_is(file, policy, Indication::Indeterminate, Some(sub))
}

fn revoked(who: &Certificate, at: jiff::Timestamp, reason: Reason) -> Vec<Revoked> {
    vec![Revoked { serial: who.serial().clone(), at, reason }]
}

/// A world, Alice, an authority of three years, her signature with a time-stamp of five past noon.
fn stamped() -> (World, Identity, Tsa, Vec<u8>) {
    let world = World::new();
    let alice = world.alice();
    let tsa = world.tsa(31, day(-30), day(3 * YEAR));
    let file = world.sign(&alice, Some((&tsa, minute(5))));
    (world, alice, tsa, file)
}

fn unstamped() -> (World, Identity, Vec<u8>) {
    let world = World::new();
    let alice = world.alice();
    let file = world.sign(&alice, None);
    (world, alice, file)
}

#[test]
fn a_time_stamp_carries_a_signature_beyond_its_certificate() {
    let (world, _, _, file) = stamped();
    let file = stored(&file, &[], &world.lists(minute(60)));
    let report = assert_passed(&file, &world.policy(day(2 * YEAR)));
    let one = first(&report);
    assert_eq!((one.level, one.best_time), (Level::BLT, Some(minute(5))));
    assert!(one.reasons.iter().any(|reason| reason.code == Code::ProvedBefore), "{:?}", one.reasons);
    assert!(one.advice.iter().any(|advice| advice.code == Code::AdviceArchive), "{:?}", one.advice);
    // By the letter the lists are stale by then, and nothing proves that they and the time-stamp are older.
    let mut strict = world.policy(day(2 * YEAR));
    strict.freshness = Freshness::Strict;
    assert_is(&file, &strict, Indication::Indeterminate, Some(SubIndication::OutOfBoundsNoPoe));
}

#[test]
fn archive_time_stamps_carry_it_beyond_the_authority() {
    let (world, _, tsa, file) = stamped();
    let file = archived(&stored(&file, &[], &world.lists(minute(60))), &tsa, minute(120));
    let strict = |at| {
        let mut policy = world.policy(at);
        policy.freshness = Freshness::Strict;
        policy
    };
    assert_passed(&file, &world.policy(day(2 * YEAR)));
    // The authority's certificate ended in the third year, and nothing was added in time.
    let report = assert_open(&file, &world.policy(day(5 * YEAR)), SubIndication::OutOfBoundsNoPoe);
    assert_eq!(report.signatures[1].sub_indication, Some(SubIndication::OutOfBoundsNotRevoked));
    let second = world.tsa(32, day(-30), day(10 * YEAR));
    let lists = [world.crl(day(2 * YEAR), day(2 * YEAR + 7), &[])];
    let renewed = archived(&stored(&file, &[], &lists), &second, day(2 * YEAR));
    let fresh = [
        world.crl(day(5 * YEAR), day(5 * YEAR + 7), &[]),
        world.root_crl(day(5 * YEAR), day(5 * YEAR + 7), &[]),
    ];
    let mut policy = strict(day(5 * YEAR + 1));
    policy.revocation_data.crls = fresh.iter().map(|crl| crl.der().to_vec()).collect();
    let report = assert_passed(&renewed, &policy);
    let one = first(&report);
    assert_eq!((one.level, one.best_time), (Level::BLTA, Some(minute(5))));
    assert!(one.reasons.iter().any(|reason| reason.code == Code::PastValidated), "{:?}", one.reasons);
    assert!(report.signatures.iter().all(|one| one.indication == Indication::TotalPassed), "{report:?}");
}

#[test]
fn a_certificate_without_revocation_data_is_to_be_tried_later() {
    let (world, _, file) = unstamped();
    let report = assert_open(&file, &world.policy(minute(60)), SubIndication::TryLater);
    assert!(first(&report).advice.iter().any(|advice| advice.code == Code::AdviceRevocation));
    assert_passed(&file, &world.policy(minute(60)).with_revocation(RevocationRule::IfPresent));
}

#[test]
fn stale_lists_and_those_older_than_the_certificate_do_not_count() {
    let (world, _, file) = unstamped();
    let with = |lists: Vec<pki::crl::Crl>| stored(&file, &[], &lists);
    let fresh = with(world.lists(minute(-30)));
    assert_passed(&fresh, &world.policy(day(1)));
    let report = assert_open(&fresh, &world.policy(day(8)), SubIndication::TryLater);
    assert_eq!(first(&report).reasons[0].code, Code::RevocationStale);
    let older = with(world.lists(day(-1)));
    let report = assert_open(&older, &world.policy(day(1)), SubIndication::TryLater);
    assert_eq!(first(&report).reasons[0].code, Code::RevocationOlderThanCertificate);
    let mut young = world.policy(day(1));
    young.freshness = Freshness::MaxAge(SignedDuration::from_hours(48));
    assert_passed(&fresh, &young);
    young.freshness = Freshness::MaxAge(SignedDuration::from_hours(1));
    assert_open(&fresh, &young, SubIndication::TryLater);
}

#[test]
fn a_revoked_certificate_needs_a_proof_from_before() {
    let (world, alice, tsa, with_stamp) = stamped();
    let lists = |at| {
        vec![
            world.crl(day(2), day(9), &revoked(&alice.certificate, at, Reason::KeyCompromise)),
            world.root_crl(day(2), day(9), &[]),
        ]
    };
    let without = world.sign(&alice, None);
    assert_open(&stored(&without, &[], &lists(day(1))), &world.policy(day(3)), SubIndication::RevokedNoPoe);
    assert_passed(&stored(&with_stamp, &[], &lists(day(1))), &world.policy(day(3)));
    assert_open(
        &stored(&with_stamp, &[], &lists(minute(2))),
        &world.policy(day(3)),
        SubIndication::RevokedNoPoe,
    );
    // A content time-stamp proves that the signature came after the revocation.
    let made = |stamp_at| content_stamped(&world, &alice, &tsa, stamp_at);
    let report = assert_is(
        &stored(&made(minute(4)), &[], &lists(minute(2))),
        &world.policy(day(3)),
        Indication::TotalFailed,
        Some(SubIndication::Revoked),
    );
    assert!(first(&report).time_stamps.iter().any(|stamp| stamp.kind == StampKind::Content && stamp.trusted));
    assert_open(
        &stored(&made(minute(1)), &[], &lists(minute(2))),
        &world.policy(day(3)),
        SubIndication::RevokedNoPoe,
    );
}

/// Alice's signature over a content time-stamp.
fn content_stamped(world: &World, alice: &Identity, tsa: &Tsa, at: jiff::Timestamp) -> Vec<u8> {
    let file = world.sign(alice, None);
    world.sign_anew(
        &file,
        alice,
        |digest| {
            let imprint = Imprint { algorithm: DigestAlgorithm::Sha256, digest: digest.to_vec() };
            let plain = SignedAttributes::pades(DigestAlgorithm::Sha256, digest, &alice.certificate);
            let oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x14];
            with_attribute(plain.der(), &oid, &tsa.stamp(imprint, at))
        },
        None,
    )
}

#[test]
fn a_suspended_certificate_is_to_be_tried_later() {
    let (world, alice, file) = unstamped();
    let held = revoked(&alice.certificate, minute(10), Reason::CertificateHold);
    let lists = vec![world.crl(day(1), day(8), &held), world.root_crl(day(1), day(8), &[])];
    let report = assert_open(&stored(&file, &[], &lists), &world.policy(day(2)), SubIndication::TryLater);
    assert_eq!(first(&report).reasons[0].code, Code::CertificateSuspended);
}

#[test]
fn a_revoked_authority_needs_a_proof_from_before() {
    let (world, _, file) = unstamped();
    let ca = revoked(&world.issuer.certificate, day(1), Reason::CessationOfOperation);
    let lists = vec![world.crl(minute(30), day(9), &[]), world.root_crl(day(2), day(9), &ca)];
    let file = stored(&file, &[], &lists);
    assert_open(&file, &world.policy(day(3)), SubIndication::RevokedCaNoPoe);
    assert_passed(
        &file,
        &world.policy(day(1) - SignedDuration::from_hours(1)).with_revocation(RevocationRule::IfPresent),
    );
}

#[test]
fn an_expired_certificate_needs_a_proof_from_before() {
    let (world, _, file) = unstamped();
    assert_open(&file, &world.policy(day(2 * YEAR)), SubIndication::OutOfBoundsNoPoe);
    let long = [world.crl(day(1), day(3 * YEAR), &[]), world.root_crl(day(1), day(3 * YEAR), &[])];
    let covered = stored(&file, &[], &long);
    assert_open(&covered, &world.policy(day(2 * YEAR)), SubIndication::OutOfBoundsNotRevoked);
    let alice = world.person(minute(-60), day(1));
    let tsa = world.tsa(31, day(-30), day(3 * YEAR));
    let late = content_stamped(&world, &alice, &tsa, day(2));
    let late = stored(&late, &[], &world.lists(minute(30)));
    assert_is(&late, &world.policy(day(3)), Indication::TotalFailed, Some(SubIndication::Expired));
}

#[test]
fn a_certificate_of_later_than_the_signature_fails() {
    let world = World::new();
    let alice = world.alice();
    let tsa = world.tsa(31, day(-30), day(3 * YEAR));
    let file = world.sign(&alice, Some((&tsa, minute(-120))));
    let file = stored(&file, &[], &world.lists(minute(30)));
    // Now it is valid, and nothing contradicts; the time-stamp shows that the signature is older than it.
    let report = judged(&file, &world.policy(day(2 * YEAR)));
    let one = first(&report);
    assert_eq!(one.indication, Indication::TotalFailed, "{}", report.text(pades::Lang::En));
    assert_eq!(one.sub_indication, Some(SubIndication::NotYetValid));
}

#[test]
fn an_algorithm_that_ended_needs_a_proof_from_before() {
    let pem = include_str!("../../../testkit/fixtures/test-only-rsa-2048.pem");
    let world = World::new();
    let rosa = world.person_with(SoftwareSigner::from_pem(pem).expect("a key"), minute(-60), day(YEAR));
    let tsa = world.tsa(31, day(-30), day(3 * YEAR));
    let ended = |at, until| {
        let mut policy = world.policy(at);
        for limit in policy.algorithms.keys.iter_mut().filter(|limit| limit.family == KeyFamily::Rsa) {
            limit.until = Some(until);
        }
        policy
    };
    let lists = world.lists(minute(30));
    let bare = stored(&world.sign(&rosa, None), &[], &lists);
    let proved = stored(&world.sign(&rosa, Some((&tsa, minute(5)))), &[], &lists);
    assert_passed(&bare, &world.policy(day(3)));
    let report = assert_open(&bare, &ended(day(3), day(1)), SubIndication::CryptoConstraintsFailureNoPoe);
    assert!(first(&report).reasons[0].params["algorithm"].contains("RSA 2048"));
    assert_passed(&proved, &ended(day(3), day(1)));
    // The certificate itself is younger than the end of the algorithm.
    assert_open(&proved, &ended(day(3), day(-1)), SubIndication::CryptoConstraintsFailure);
}

#[test]
fn a_digest_that_ended_ends_certificates_too() {
    let (world, _, file) = unstamped();
    let file = stored(&file, &[], &world.lists(minute(30)));
    let mut policy = world.policy(day(3));
    policy.algorithms.refuse_after("sha256", day(1));
    assert_open(&file, &policy, SubIndication::CryptoConstraintsFailureNoPoe);
    policy.algorithms.refuse_after("sha256", day(-2 * YEAR));
    assert_open(&file, &policy, SubIndication::CryptoConstraintsFailure);
}

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
    let document = |bytes: &[u8]| vec![PolicyDocument { oid: "1.2.3.4.5".to_owned(), bytes: bytes.to_vec() }];
    policy.signature_policies = document(b"Another text.");
    assert_open(&file, &policy, SubIndication::PolicyProcessingError);
    policy.signature_policies = document(text);
    let report = assert_passed(&file, &policy);
    assert!(first(&report).reasons.iter().any(|reason| reason.code == Code::PolicyMatches));
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
fn an_answer_by_a_responder_that_expired_needs_a_proof() {
    let (world, alice, file) = unstamped();
    let (certificate, key) = world.responder(minute(-60), day(10));
    let request = ocsp::Request::new(&alice.certificate, &world.issuer.certificate, None);
    let responder = Responder { certificate, issuer: world.issuer.certificate.clone() };
    let answer = ocsp::respond(&responder, &request, minute(20), day(100), &mut |_| Status::Good, &key)
        .expect("answered");
    let file = with_ocsps(&file, vec![answer]);
    let file = stored(&file, &[], &[world.root_crl(minute(20), day(100), &[])]);
    assert_passed(&file, &world.policy(day(5)));
    let policy = world.policy(day(20));
    assert_open(&file, &policy, SubIndication::RevocationOutOfBoundsNoPoe);
    // With an archive time-stamp the answer is proved from when the responder was valid.
    let tsa = world.tsa(31, day(-30), day(3 * YEAR));
    let mut policy = world.policy(day(20));
    let crl = world.crl(day(19), day(26), &[]);
    let archive = archived(&file, &tsa, minute(30));
    policy.revocation_data.crls = vec![];
    let report = judged(&archive, &policy);
    assert_eq!(
        first(&report).sub_indication,
        Some(SubIndication::RevocationOutOfBoundsNoPoe),
        "the authority is unproved"
    );
    policy.revocation_data.crls = vec![crl.der().to_vec()];
    assert_passed(&archive, &policy);
}

/// A list that grants the world's CA until `until`, and a time-stamping authority.
fn list(world: &World, tsa: &Tsa, until: jiff::Timestamp) -> TrustedList {
    let encode = |certificate: &Certificate| {
        let pem = certificate.to_pem();
        pem.lines().filter(|line| !line.starts_with("--")).collect::<String>()
    };
    let service = |kind: &str, certificate: &Certificate, now: (&str, jiff::Timestamp), past: &str| {
        let (status, since) = now;
        format!(
            r#"<TSPService><ServiceInformation>
              <ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/{kind}</ServiceTypeIdentifier>
              <ServiceName><Name xml:lang="en">{kind} of the world</Name></ServiceName>
              <ServiceDigitalIdentity><DigitalId><X509Certificate>{}</X509Certificate></DigitalId></ServiceDigitalIdentity>
              <ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/{status}</ServiceStatus>
              <StatusStartingTime>{since}</StatusStartingTime></ServiceInformation>{past}</TSPService>"#,
            encode(certificate)
        )
    };
    let history = format!(
        r#"<ServiceHistory><ServiceHistoryInstance>
          <ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/CA/QC</ServiceTypeIdentifier>
          <ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted</ServiceStatus>
          <StatusStartingTime>{}</StatusStartingTime></ServiceHistoryInstance></ServiceHistory>"#,
        day(-20)
    );
    let xml = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
        <TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#"><SchemeInformation>
          <SchemeOperatorName><Name xml:lang="en">World Supervisor</Name></SchemeOperatorName>
          <SchemeTerritory>UT</SchemeTerritory><ListIssueDateTime>{}</ListIssueDateTime>
          <NextUpdate><dateTime>{}</dateTime></NextUpdate></SchemeInformation>
        <TrustServiceProviderList><TrustServiceProvider><TSPInformation><TSPName><Name xml:lang="en">World</Name></TSPName></TSPInformation>
        <TSPServices>{}{}</TSPServices></TrustServiceProvider></TrustServiceProviderList></TrustServiceStatusList>"#,
        day(-20),
        day(YEAR),
        service("CA/QC", &world.issuer.certificate, ("withdrawn", until), &history),
        service("TSA/QTST", &tsa.authority.certificate, ("granted", day(-20)), ""),
    );
    TrustedList::from_xml(&xml).expect("a trusted list")
}

#[test]
fn a_trusted_list_trusts_while_it_grants() {
    let (world, _, tsa, with_stamp) = stamped();
    let list = list(&world, &tsa, day(10));
    assert_eq!((list.territory.as_str(), list.services.len()), ("UT", 2));
    assert_eq!(list.services[0].sunset(day(20)), Some(day(10)));
    assert_eq!(list.services[0].sunset(day(5)), None);
    assert!(!list.services[0].is_granted_at(day(-30)));
    let policy = |at| {
        let mut policy = Policy::new(vec![], at);
        policy.trusted_lists = vec![list.clone()];
        policy
    };
    let lists = [world.crl(minute(30), day(100), &[])];
    let file = stored(&world.sign(&world.alice(), None), &[], &lists);
    let report = assert_passed(&file, &policy(day(5)));
    assert!(report.reasons.iter().any(|reason| reason.code == Code::ListNotVerified), "{:?}", report.reasons);
    assert_open(&file, &policy(day(20)), SubIndication::NoCertificateChainFoundNoPoe);
    let archive = archived(&stored(&with_stamp, &[], &lists), &tsa, minute(60));
    let report = assert_passed(&archive, &policy(day(20)));
    assert!(first(&report).reasons.iter().any(|reason| reason.code == Code::PastValidated));
}

#[test]
fn a_trusted_list_may_be_built_in_code_and_refuses_what_is_none() {
    let (world, _, file) = unstamped();
    let service = TrustService {
        provider: "World".to_owned(),
        name: "World CA".to_owned(),
        kind: ServiceKind::TimeStampAuthority,
        certificates: vec![world.root.clone()],
        history: vec![StatusPeriod { status: "granted".to_owned(), since: day(-100) }],
    };
    let mut list = TrustedList {
        operator: "World".to_owned(),
        territory: "UT".to_owned(),
        issued: None,
        next_update: Some(day(-1)),
        services: vec![service],
    };
    let file = stored(&file, &[], &world.lists(minute(30)));
    let mut policy = Policy::new(vec![], day(1));
    policy.trusted_lists = vec![list.clone()];
    // A time-stamping authority vouches for no signer.
    assert_open(&file, &policy, SubIndication::NoCertificateChainFound);
    list.services[0].kind = ServiceKind::CertificateAuthority;
    policy.trusted_lists = vec![list];
    let report = assert_passed(&file, &policy);
    assert!(report.reasons.iter().any(|reason| reason.code == Code::ListStale));
    assert!(TrustedList::from_xml("<a/>").is_err());
    assert!(TrustedList::from_xml("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").is_err());
}

/// Answers from a world.
struct Online<'w>(&'w World);

impl ValidationSource for Online<'_> {
    fn issuers(&self, _: &Certificate) -> Result<Vec<Certificate>, SourceError> {
        Ok(vec![self.0.issuer.certificate.clone()])
    }

    fn revocation(&self, _: &Certificate, issuer: &Certificate) -> Result<RevocationData, SourceError> {
        if *issuer == self.0.root {
            let crls = vec![self.0.root_crl(day(1), day(8), &[]).der().to_vec()];
            return Ok(RevocationData { crls, ocsps: vec![] });
        }
        Err(SourceError::new("revocation", "http://world.example/crl", "it is down"))
    }
}

#[test]
fn a_source_is_asked_for_what_the_file_lacks() {
    let world = World::new();
    let mut alice = world.alice();
    alice.chain.clear();
    let file = world.sign(&alice, None);
    let policy = world.policy(day(2));
    assert_open(&file, &policy, SubIndication::NoCertificateChainFound);
    let validation = pades::examine(&open(&file), &policy, Some(&Online(&world)));
    let report = validation.report();
    assert_eq!(first(report).sub_indication, Some(SubIndication::TryLater), "{report:?}");
    assert!(report.reasons.iter().any(|reason| reason.text(pades::Lang::En).contains("it is down")));
    let stored = stored(&file, &[], &[world.crl(day(1), day(8), &[])]);
    let validation = pades::examine(&open(&stored), &policy, Some(&Online(&world)));
    assert_eq!(first(validation.report()).indication, Indication::TotalPassed, "{:?}", validation.report());
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

/// Counts what is read; may fail where much is asked for at once.
struct Counted {
    bytes: Vec<u8>,
    read: std::sync::atomic::AtomicU64,
    broken: std::sync::atomic::AtomicBool,
}

impl Counted {
    fn of(bytes: Vec<u8>) -> Arc<Self> {
        Arc::new(Self { bytes, read: 0.into(), broken: false.into() })
    }
}

impl Source for Counted {
    fn len(&self) -> u64 {
        self.bytes.len().try_into().expect("small")
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        use std::sync::atomic::Ordering::Relaxed;
        if self.broken.load(Relaxed) && buf.len() >= 60_000 {
            return Err(io::Error::other("the disk is gone"));
        }
        self.read.fetch_add(buf.len().try_into().expect("small"), Relaxed);
        let start = usize::try_from(offset).expect("small");
        buf.copy_from_slice(self.bytes.get(start..start + buf.len()).ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

/// A document of eight megabytes with three signatures.
fn large(pki: &crate::support::Pki) -> Vec<u8> {
    let mut file = sample(XrefKind::Table, 2);
    let document = open(&file);
    let mut update = pdf::Update::new(&document);
    let mut state = 1_u64;
    let noise: Vec<u8> = (0..1_000_000)
        .flat_map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()
        })
        .collect();
    let stream = update.add_stream(pdf::Dict::new(), &noise);
    let mut catalog = document.catalog().expect("a catalog").clone();
    catalog.set("Noise", stream);
    update.put(document.catalog_ref(), catalog);
    let tail = update.finish().expect("an update").bytes;
    file = joined(&file, &tail);
    for (number, name) in [(11, "one"), (12, "two"), (13, "three")] {
        let mut wanted = request(name, pki.at);
        wanted.place = Some(pades::Place::invisible());
        wanted.appearance = None;
        file = sign(pki, &file, &wanted, &pki.person(name, number), Stamped::No);
    }
    file
}

#[test]
fn every_byte_is_hashed_once_for_all_signatures() {
    let pki = crate::support::Pki::new();
    let source = Counted::of(large(&pki));
    let document = Document::open(Arc::<Counted>::clone(&source), &Limits::default()).expect("it opens");
    let before = source.read.load(std::sync::atomic::Ordering::Relaxed);
    let policy = pki.policy().with_revocation(RevocationRule::IfPresent);
    let report = pades::validate(&document, &policy);
    assert_eq!(report.signatures.len(), 3);
    assert_eq!(report.indication, Indication::TotalPassed, "{}", report.text(pades::Lang::En));
    let read = source.read.load(std::sync::atomic::Ordering::Relaxed) - before;
    assert!(read < source.len() * 5 / 4, "{read} bytes were read of {}", source.len());
}

#[test]
fn bytes_that_cannot_be_had_are_told() {
    let pki = crate::support::Pki::new();
    let source = Counted::of(large(&pki));
    let document = Document::open(Arc::<Counted>::clone(&source), &Limits::default()).expect("it opens");
    source.broken.store(true, std::sync::atomic::Ordering::Relaxed);
    let report = pades::validate(&document, &pki.policy());
    for one in &report.signatures {
        assert_eq!(one.sub_indication, Some(SubIndication::SignedDataNotFound), "{:?}", one.reasons);
        assert_eq!(one.indication, Indication::Indeterminate);
    }
}

#[test]
fn certificate_work_is_bounded() {
    let (world, _, tsa, file) = stamped();
    let file = archived(&stored(&file, &[], &world.lists(minute(60))), &tsa, minute(120));
    let mut policy = world.policy(day(1));
    policy.max_certificate_work = 2;
    let report = judged(&file, &policy);
    assert_ne!(report.indication, Indication::TotalPassed);
    assert_eq!(first(&report).sub_indication, Some(SubIndication::CertificateChainGeneralFailure));
}
