//! The indications of EN 319 102-1 that time and revocation decide, each from a file that earns it, with the twin that
//! does not.

use jiff::SignedDuration;
use pades::{
    Code, Freshness, Indication, Level, Policy, Report, RevocationRule, SignatureReport, StampKind,
    SubIndication,
};
use pki::cms::SignedAttributes;
use pki::crl::{Reason, Revoked};
use pki::ocsp::{self, Responder, Status};
use pki::tsa::Imprint;
use pki::{Certificate, DigestAlgorithm, KeyFamily, SoftwareSigner};
use vermilion_pades as pades;

use crate::support::Identity;
use crate::world::{Tsa, World, YEAR, archived, day, judged, minute, stored, with_attribute, with_ocsps};

pub(crate) fn first(report: &Report) -> &SignatureReport {
    report.signatures.first().expect("a signature")
}

/// The file's first signature has this verdict.
#[track_caller]
pub(crate) fn assert_is(
    file: &[u8],
    policy: &Policy,
    indication: Indication,
    sub: Option<SubIndication>,
) -> Report {
    let report = judged(file, policy);
    let one = first(&report);
    assert_eq!((one.indication, one.sub_indication), (indication, sub), "{}", report.text(pades::Lang::En));
    assert!(!one.reasons.is_empty());
    report
}

#[track_caller]
pub(crate) fn assert_passed(file: &[u8], policy: &Policy) -> Report {
    assert_is(file, policy, Indication::TotalPassed, None)
}

#[track_caller]
pub(crate) fn assert_open(file: &[u8], policy: &Policy, sub: SubIndication) -> Report {
    assert_is(file, policy, Indication::Indeterminate, Some(sub))
}

fn revoked(who: &Certificate, at: jiff::Timestamp, reason: Reason) -> Vec<Revoked> {
    vec![Revoked { serial: who.serial().clone(), at, reason }]
}

/// A world, Alice, an authority of three years, her signature with a time-stamp of five past noon.
pub(crate) fn stamped() -> (World, Identity, Tsa, Vec<u8>) {
    let world = World::new();
    let alice = world.alice();
    let tsa = world.tsa(31, day(-30), day(3 * YEAR));
    let file = world.sign(&alice, Some((&tsa, minute(5))));
    (world, alice, tsa, file)
}

pub(crate) fn unstamped() -> (World, Identity, Vec<u8>) {
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
    // An authority's clock may be ahead of the verifier's, and its answer may come while the file is being judged.
    assert_passed(&with(world.lists(minute(64))), &world.policy(minute(60)));
    assert_open(&with(world.lists(minute(66))), &world.policy(minute(60)), SubIndication::TryLater);
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
pub(crate) fn content_stamped(world: &World, alice: &Identity, tsa: &Tsa, at: jiff::Timestamp) -> Vec<u8> {
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
fn a_format_that_is_not_known_says_nothing_good_or_bad() {
    let (world, _, file) = unstamped();
    let file = stored(&file, &[], &world.lists(minute(30)));
    let policy = world.policy(day(1));
    assert_passed(&file, &policy);
    let name = b"/ETSI.CAdES.detached";
    let mut other = file.clone();
    let at = other.windows(name.len()).position(|part| part == name).expect("a format");
    other[at..at + name.len()].copy_from_slice(b"/ETSI.CAdES.attached");
    let report = assert_open(&other, &policy, SubIndication::Generic);
    assert_eq!(first(&report).reasons[0].code, Code::SubFilterUnknown);
}

#[test]
fn an_answer_by_a_responder_that_expired_needs_a_proof() {
    let (world, alice, file) = unstamped();
    let (certificate, key) = world.responder(minute(-60), day(10));
    let request = ocsp::Request::new(&alice.certificate, &world.issuer.certificate, None);
    let responder = Responder { certificate, issuer: world.issuer.certificate.clone() };
    let answer = ocsp::respond(&responder, &request, minute(20), day(100), &mut |_| Status::Good, &key)
        .expect("answered");
    let file = with_ocsps(&file, vec![answer.clone()]);
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
    // The same answer given besides takes nothing from what the file proves of it.
    let before = judged(&archive, &policy);
    policy.revocation_data.ocsps = vec![answer];
    let report = assert_passed(&archive, &policy);
    assert_eq!(first(&report).level, first(&before).level);
    assert!(first(&report).level >= Level::BLT, "{:?}", first(&report).level);
}
