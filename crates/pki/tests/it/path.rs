//! Paths of our own making, and each way they fail.
use vermilion_pki::ca::{Issuer, Profile, Validity};
use vermilion_pki::crl::{self, Reason, Revoked};
use vermilion_pki::ocsp::{self, Responder, Response, Status};
use vermilion_pki::path::{
    Budget, CLOCK_SKEW, Need, PathError, Purpose, Revocation, Source, ValidatedPath, validate,
};
use vermilion_pki::{Certificate, KeyAlgorithm, Serial, Signer as _, SoftwareSigner};

use crate::world::*;

fn check(
    world: &World,
    leaf: &Certificate,
    when: jiff::Timestamp,
    purpose: Purpose,
    revocation: &Revocation<'_>,
) -> Result<ValidatedPath, PathError> {
    let pool = [world.tsa.certificate.clone(), world.issuing.certificate.clone()];
    let anchors = [world.root.certificate.clone()];
    validate(leaf, &pool, &anchors, when, purpose, revocation, &mut Budget::default())
}

fn plain(world: &World, leaf: &Certificate, purpose: Purpose) -> Result<ValidatedPath, PathError> {
    check(world, leaf, now(), purpose, &Revocation::none(now()))
}

fn answer(world: &World, certificate: &Certificate, status: Status, when: jiff::Timestamp) -> Response {
    let responder = Responder {
        certificate: world.responder.certificate.clone(),
        issuer: world.issuing.certificate.clone(),
    };
    let request = ocsp::Request::new(certificate, &world.issuing.certificate, None);
    let mut tell = |_: &Serial| status;
    let der =
        ocsp::respond(&responder, &request, when, when + days(1), &mut tell, &world.responder.key).unwrap();
    Response::from_der(&der).unwrap()
}

#[test]
fn a_chain_to_the_root_is_valid_for_its_purpose_alone() {
    let world = World::new();
    let path = plain(&world, &world.person.certificate, Purpose::DocumentSigning).unwrap();
    let expected = [&world.person, &world.issuing, &world.root].map(|h| h.certificate.clone());
    assert_eq!(path.certificates(), expected);
    assert_eq!((path.leaf(), path.anchor()), (&expected[0], &expected[2]));
    plain(&world, &world.tsa.certificate, Purpose::TimeStamping).unwrap();
    plain(&world, &world.responder.certificate, Purpose::OcspSigning).unwrap();
    for (leaf, purpose) in [
        (&world.tsa, Purpose::DocumentSigning),
        (&world.responder, Purpose::DocumentSigning),
        (&world.person, Purpose::TimeStamping),
        (&world.person, Purpose::OcspSigning),
    ] {
        let refused = plain(&world, &leaf.certificate, purpose).unwrap_err();
        assert!(matches!(refused, PathError::Purpose { .. }), "{refused:?}");
    }
}

#[test]
fn validity_is_judged_at_the_time_asked_for() {
    let world = World::new();
    let leaf = &world.person.certificate;
    let late = check(&world, leaf, now() + days(301), Purpose::Any, &Revocation::none(now()));
    assert_eq!(
        late.unwrap_err(),
        PathError::Expired {
            subject: "CN=陈晓明,C=CN".to_owned(),
            not_after: leaf.not_after(),
            at: now() + days(301)
        }
    );
    let early = check(&world, leaf, now() - days(2), Purpose::Any, &Revocation::none(now())).unwrap_err();
    assert!(matches!(early, PathError::NotYetValid { .. }), "{early:?}");
    check(&world, leaf, leaf.not_after(), Purpose::Any, &Revocation::none(now())).unwrap();
    check(&world, leaf, leaf.not_before(), Purpose::Any, &Revocation::none(now())).unwrap();
}

#[test]
fn without_the_issuer_or_the_anchor_there_is_no_path() {
    let (world, other) = (World::new(), World::new());
    let leaf = &world.person.certificate;
    let none = Revocation::none(now());
    let missing = validate(
        leaf,
        &[],
        std::slice::from_ref(&world.root.certificate),
        now(),
        Purpose::Any,
        &none,
        &mut Budget::default(),
    );
    assert_eq!(missing.unwrap_err(), PathError::NoPath { issuer: "CN=Test Issuing CA,C=CN".to_owned() });
    let pool = [world.issuing.certificate.clone(), world.root.certificate.clone()];
    let untrusted = validate(
        leaf,
        &pool,
        std::slice::from_ref(&other.root.certificate),
        now(),
        Purpose::Any,
        &none,
        &mut Budget::default(),
    );
    // A root of the same name that did not sign it.
    assert!(matches!(untrusted.unwrap_err(), PathError::NoPath { .. } | PathError::BadSignature { .. }));
    let alone = validate(
        leaf,
        &[],
        std::slice::from_ref(leaf),
        now(),
        Purpose::DocumentSigning,
        &none,
        &mut Budget::default(),
    );
    assert_eq!(alone.unwrap().certificates().len(), 1);
}

#[test]
fn revocation_by_crl_holds_from_its_date() {
    let world = World::new();
    let leaf = &world.person.certificate;
    let entry = |reason| Revoked { serial: leaf.serial().clone(), at: now() - SECOND * 3600, reason };
    let judge = |revoked: &[Revoked], when| {
        let crls = world.crls(revoked);
        let revocation = Revocation { crls: &crls, ocsps: &[], need: Need::Required, now: now() };
        check(&world, leaf, when, Purpose::DocumentSigning, &revocation)
    };
    let good = judge(&[], now()).unwrap();
    let crl = |index| Some(Source::Crl { index });
    assert_eq!(good.status(), [crl(1), crl(0), None]);
    let refused = judge(&[entry(Reason::KeyCompromise)], now()).unwrap_err();
    assert_eq!(
        refused,
        PathError::Revoked {
            subject: "CN=陈晓明,C=CN".to_owned(),
            revoked_at: now() - SECOND * 3600,
            reason: Some(Reason::KeyCompromise)
        }
    );
    let held = judge(&[entry(Reason::CertificateHold)], now()).unwrap_err();
    assert!(matches!(held, PathError::Revoked { reason: Some(Reason::CertificateHold), .. }));
    // Signed before the revocation: still good, as the CRL was issued after it.
    judge(&[entry(Reason::KeyCompromise)], now() - SECOND * 7200).unwrap();
}

#[test]
fn a_suspension_ends_with_newer_data_a_revocation_does_not() {
    let world = World::new();
    let leaf = &world.person.certificate;
    for (reason, ends) in [(Reason::CertificateHold, true), (Reason::Superseded, false)] {
        let entry = Revoked { serial: leaf.serial().clone(), at: now() - days(1), reason };
        let [root, old] = world.crls(&[entry]);
        let newer = crl::build(
            &world.issuing.certificate,
            &world.issuing.key,
            8,
            now() + SECOND,
            now() + days(1),
            &[],
        )
        .unwrap();
        let crls = [newer, old, root];
        let later = now() + SECOND * 60;
        let revocation = Revocation { crls: &crls, ocsps: &[], need: Need::Required, now: later };
        assert_eq!(check(&world, leaf, later, Purpose::Any, &revocation).is_ok(), ends, "{reason:?}");
    }
}

#[test]
fn stale_future_and_foreign_crls_show_nothing() {
    let (world, other) = (World::new(), World::new());
    let leaf = &world.person.certificate;
    let crls = world.crls(&[]);
    let judge = |crls: &[crl::Crl], when, now| {
        let revocation = Revocation { crls, ocsps: &[], need: Need::Required, now };
        check(&world, leaf, when, Purpose::Any, &revocation).map(|_| ()).unwrap_err()
    };
    let unknown = |e| assert!(matches!(e, PathError::NoRevocationData { .. }), "{e:?}");
    unknown(judge(&crls, now() + days(8), now() + days(8)));
    let before = now() - CLOCK_SKEW - SECOND;
    unknown(judge(&crls, before, before));
    unknown(judge(&other.crls(&[]), now(), now()));
    unknown(judge(&[], now(), now()));
    // The root's CRL says nothing about what the issuing CA issued.
    unknown(judge(&crls[..1], now(), now()));
}

#[test]
fn ocsp_answers_count_when_their_responder_may_give_them() {
    let world = World::new();
    let leaf = &world.person.certificate;
    let [root_crl, _] = world.crls(&[]);
    let crls = [root_crl];
    let judge = |response: Response, when| {
        let ocsps = [response];
        let revocation = Revocation { crls: &crls, ocsps: &ocsps, need: Need::Required, now: now() };
        check(&world, leaf, when, Purpose::DocumentSigning, &revocation)
    };
    let good = judge(answer(&world, leaf, Status::Good, now()), now()).unwrap();
    assert_eq!(good.status(), [Some(Source::Ocsp { index: 0 }), Some(Source::Crl { index: 0 }), None]);
    let revoked = Status::Revoked { at: now() - days(1), reason: None };
    let refused = judge(answer(&world, leaf, revoked, now()), now()).unwrap_err();
    assert!(matches!(refused, PathError::Revoked { reason: None, .. }));
    let nothing = |result: Result<ValidatedPath, PathError>| {
        assert!(matches!(result, Err(PathError::NoRevocationData { .. })), "{result:?}");
    };
    nothing(judge(answer(&world, leaf, Status::Unknown, now()), now()));
    nothing(judge(answer(&world, leaf, Status::Good, now() - days(3)), now()));
    nothing(judge(answer(&world, &world.tsa.certificate, Status::Good, now()), now()));
    // Good at the time of signing, though it is older than today.
    judge(answer(&world, leaf, Status::Good, now() - days(1)), now() - days(1)).unwrap();

    // A responder of another world, and a person who plays one.
    let other = World::new();
    let foreign = Responder {
        certificate: other.responder.certificate.clone(),
        issuer: world.issuing.certificate.clone(),
    };
    let person = Responder {
        certificate: world.person.certificate.clone(),
        issuer: world.issuing.certificate.clone(),
    };
    let request = ocsp::Request::new(leaf, &world.issuing.certificate, None);
    for (responder, key) in [(foreign, &other.responder.key), (person, &world.person.key)] {
        let mut tell = |_: &Serial| Status::Good;
        let der = ocsp::respond(&responder, &request, now(), now() + days(1), &mut tell, key).unwrap();
        nothing(judge(Response::from_der(&der).unwrap(), now()));
    }
    // The issuer itself may answer.
    let itself = Responder {
        certificate: world.issuing.certificate.clone(),
        issuer: world.issuing.certificate.clone(),
    };
    let mut tell = |_: &Serial| Status::Good;
    let der =
        ocsp::respond(&itself, &request, now(), now() + days(1), &mut tell, &world.issuing.key).unwrap();
    judge(Response::from_der(&der).unwrap(), now()).unwrap();
}

const SECOND: jiff::SignedDuration = jiff::SignedDuration::from_secs(1);

#[test]
fn a_policy_is_valid_where_every_authority_may_state_it() {
    let world = World::new();
    let policies = |path: &ValidatedPath| path.policies().to_vec();
    let path = plain(&world, &world.person.certificate, Purpose::DocumentSigning).unwrap();
    assert_eq!(policies(&path), Profile::Person.policy_oids(), "the CA may state any");
    // A CA that may state others states this one in a certificate: nothing is valid along that path. (Our own issuing side
    // would not: it is told that the CA may state any.)
    let key = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap().0;
    let under_root = Issuer { certificate: world.root.certificate.clone(), chain: vec![], urls: urls() };
    let validity = Validity { not_before: now() - days(1), not_after: now() + days(5000) };
    let ca = |profile, n| {
        let name = subject("Acme Person CA");
        let token = under_root.prepare(profile, &name, key.public_key_der(), &serial(n), validity);
        token.unwrap().issue(&world.root.key).unwrap()
    };
    let (wide, narrow) = (ca(Profile::Issuing, 20), ca(Profile::IssuingOrganization, 21));
    let chain = vec![world.root.certificate.clone()];
    let issuer = Issuer { certificate: wide, chain, urls: urls() };
    let own = SoftwareSigner::generate(KeyAlgorithm::P256).unwrap().0;
    let leaf = issue(&issuer, &key, Profile::Person, &subject("陈晓明"), 22, own).certificate;
    assert_eq!(leaf.policies(), Profile::Person.policy_oids());
    let (pool, anchors) = ([narrow], [world.root.certificate.clone()]);
    let none = Revocation::none(now());
    let purpose = Purpose::DocumentSigning;
    let path = validate(&leaf, &pool, &anchors, now(), purpose, &none, &mut Budget::default()).unwrap();
    assert!(policies(&path).is_empty(), "{:?}", path.policies());
}
