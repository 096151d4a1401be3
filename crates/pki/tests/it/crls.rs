//! CRLs of every kind, made here: limited to reasons, delta, indirect, older than the certificate.
use jiff::{SignedDuration, Timestamp};
use vermilion_pki::crl::{Crl, Reason};
use vermilion_pki::der::{self, context, context_constructed};
use vermilion_pki::path::{
    Budget, Need, PathError, PolicyInputs, Purpose, Revocation, Source, validate, validate_with_policies,
};
use vermilion_pki::{Certificate, Serial, Signer};

use crate::world::*;

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// `2.5.29.n`
fn ce(n: u8) -> Vec<u8> {
    vec![0x55, 0x1d, n]
}

fn utc(at: Timestamp) -> Vec<u8> {
    der::tlv(der::UTC_TIME, &[at.strftime("%y%m%d%H%M%SZ").to_string().as_bytes()])
}

fn extension(kind: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { der::boolean(true) } else { Vec::new() };
    der::sequence(&[&der::oid(kind), &critical, &der::octet_string(value)])
}

/// issuingDistributionPoint with some of its flags.
fn scope(reasons: Option<u16>, indirect: bool) -> Vec<u8> {
    let reasons = reasons.map_or(Vec::new(), |bits| retagged(3, &der::named_bit_string(bits)));
    let indirect = if indirect { retagged(4, &der::boolean(true)) } else { Vec::new() };
    extension(&ce(28), true, &der::sequence(&[&reasons, &indirect]))
}

fn retagged(n: u8, element: &[u8]) -> Vec<u8> {
    let mut out = element.to_vec();
    out[0] = context(n);
    out
}

fn delta_of(base: u64) -> Vec<u8> {
    extension(&ce(27), true, &der::unsigned_integer(base))
}

fn entry(serial: &Serial, at: Timestamp, reason: Option<u8>, issuer: Option<&[u8]>) -> Vec<u8> {
    let reason =
        reason.map_or(Vec::new(), |code| extension(&ce(21), false, &der::tlv(der::ENUMERATED, &[&[code]])));
    let issuer = issuer.map_or(Vec::new(), |name| {
        extension(&ce(29), true, &der::sequence(&[&der::tlv(context_constructed(4), &[name])]))
    });
    let extensions = [reason, issuer].concat();
    let extensions = if extensions.is_empty() { Vec::new() } else { der::sequence(&[&extensions]) };
    der::sequence(&[&der::integer(serial.as_bytes()), &utc(at), &extensions])
}

struct Draft {
    number: u64,
    at: Timestamp,
    entries: Vec<Vec<u8>>,
    extensions: Vec<Vec<u8>>,
}

impl Draft {
    fn new(number: u64) -> Self {
        Self { number, at: now(), entries: vec![], extensions: vec![] }
    }

    fn with(mut self, extension: Vec<u8>) -> Self {
        self.extensions.push(extension);
        self
    }

    fn listing(mut self, entry: Vec<u8>) -> Self {
        self.entries.push(entry);
        self
    }

    fn sign(self, issuer: &Holder) -> Crl {
        let algorithm = ecdsa_sha256();
        let entries =
            if self.entries.is_empty() { Vec::new() } else { der::sequence(&[&self.entries.concat()]) };
        let number = extension(&ce(20), false, &der::unsigned_integer(self.number));
        let extensions = der::sequence(&[&number, &self.extensions.concat()]);
        let tbs = der::sequence(&[
            &der::unsigned_integer(1),
            &algorithm,
            issuer.certificate.subject().der(),
            &utc(self.at),
            &utc(self.at + days(7)),
            &entries,
            &der::tlv(context_constructed(0), &[&extensions]),
        ]);
        let signature = issuer.key.sign(&tbs).unwrap();
        Crl::from_der(&der::sequence(&[&tbs, &algorithm, &der::bit_string(&signature)])).unwrap()
    }
}

fn ecdsa_sha256() -> Vec<u8> {
    der::sequence(&[&der::oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2])])
}

/// What `crls`, with the root's own on CAs, say of `leaf`.
fn judge(world: &World, leaf: &Certificate, crls: &[Crl]) -> Result<Option<Source>, PathError> {
    let mut crls = crls.to_vec();
    let only_cas = extension(&ce(28), true, &der::sequence(&[&retagged(2, &der::boolean(true))]));
    crls.push(Draft::new(1).with(only_cas).sign(&world.root));
    let revocation = Revocation { crls: &crls, ocsps: &[], need: Need::Required, now: now() };
    let pool = [world.issuing.certificate.clone()];
    let anchors = [world.root.certificate.clone()];
    let path = validate(
        leaf,
        &pool,
        &anchors,
        now(),
        Purpose::DocumentSigning,
        &revocation,
        &mut Budget::default(),
    )?;
    Ok(path.status()[0])
}

fn shows_nothing(verdict: &Result<Option<Source>, PathError>) {
    assert!(matches!(verdict, Err(PathError::NoRevocationData { .. })), "{verdict:?}");
}

fn revoked(verdict: &Result<Option<Source>, PathError>) -> Option<Reason> {
    match verdict {
        Err(PathError::Revoked { reason, .. }) => *reason,
        other => panic!("{other:?}"),
    }
}

/// keyCompromise and cACompromise; all others.
const SOME: u16 = 0b110;
const REST: u16 = 0b1_1111_1000;

#[test]
fn lists_of_some_reasons_count_together() {
    let world = World::new();
    let leaf = &world.person.certificate;
    let list = |reasons| Draft::new(1).with(scope(Some(reasons), false));
    let (some, rest) = (list(SOME).sign(&world.issuing), list(REST).sign(&world.issuing));
    for alone in [&some, &rest] {
        shows_nothing(&judge(&world, leaf, std::slice::from_ref(alone)));
    }
    let both = judge(&world, leaf, &[some.clone(), rest.clone()]).unwrap();
    assert_eq!(both, Some(Source::Crl { index: 0 }));
    // A revocation needs no company.
    let listed =
        list(SOME).listing(entry(leaf.serial(), now() - days(1), Some(1), None)).sign(&world.issuing);
    for crls in [vec![listed.clone()], vec![rest, listed, some]] {
        assert_eq!(revoked(&judge(&world, leaf, &crls)), Some(Reason::KeyCompromise));
    }
}

#[test]
fn a_delta_list_changes_its_base() {
    let world = World::new();
    let leaf = &world.person.certificate;
    let since = now() - days(1);
    let base = || Draft { at: now() - days(1), ..Draft::new(5) };
    let held = base().listing(entry(leaf.serial(), now() - days(1), Some(6), None)).sign(&world.issuing);
    let clean = base().sign(&world.issuing);
    let delta = |base| Draft::new(6).with(delta_of(base));
    let silent = delta(5).sign(&world.issuing);
    let lifted = delta(5).listing(entry(leaf.serial(), since, Some(8), None)).sign(&world.issuing);
    let listed = delta(5).listing(entry(leaf.serial(), since, Some(4), None)).sign(&world.issuing);

    assert_eq!(judge(&world, leaf, &[clean.clone(), silent.clone()]), Ok(Some(Source::Crl { index: 0 })));
    assert_eq!(revoked(&judge(&world, leaf, &[clean.clone(), listed.clone()])), Some(Reason::Superseded));
    assert_eq!(revoked(&judge(&world, leaf, &[held.clone(), silent])), Some(Reason::CertificateHold));
    assert_eq!(judge(&world, leaf, &[held.clone(), lifted.clone()]), Ok(Some(Source::Crl { index: 1 })));
    // Without its base it shows nothing good.
    shows_nothing(&judge(&world, leaf, std::slice::from_ref(&lifted)));
    assert_eq!(revoked(&judge(&world, leaf, &[listed])), Some(Reason::Superseded));
    // That goes on from a later list than the one at hand, or from one of another scope.
    let later = delta(6).listing(entry(leaf.serial(), since, Some(8), None));
    let later = Draft { number: 7, ..later }.sign(&world.issuing);
    assert_eq!(revoked(&judge(&world, leaf, &[held.clone(), later])), Some(Reason::CertificateHold));
    let other = delta(5).with(scope(Some(SOME), false)).listing(entry(leaf.serial(), since, Some(8), None));
    assert_eq!(
        revoked(&judge(&world, leaf, &[held, other.sign(&world.issuing)])),
        Some(Reason::CertificateHold)
    );
}

/// A leaf of the root whose CRLs are the issuing CA's to give.
fn delegated(world: &World) -> Certificate {
    let algorithm = ecdsa_sha256();
    let signer = der::tlv(context_constructed(4), &[world.issuing.certificate.subject().der()]);
    let name = der::tlv(context_constructed(0), &[&der::tlv(context_constructed(0), &[&signer])]);
    let issuer = der::tlv(context_constructed(2), &[&signer]);
    let points = der::sequence(&[&der::sequence(&[&name, &issuer])]);
    let extensions = der::sequence(&[&extension(&ce(31), false, &points)]);
    let tbs = der::sequence(&[
        &der::tlv(context_constructed(0), &[&der::unsigned_integer(2)]),
        &der::integer(serial(9).as_bytes()),
        &algorithm,
        world.root.certificate.subject().der(),
        &der::sequence(&[&utc(now() - days(1)), &utc(now() + days(300))]),
        world.person.certificate.subject().der(),
        world.person.key.public_key_der(),
        &der::tlv(context_constructed(3), &[&extensions]),
    ]);
    let signature = world.root.key.sign(&tbs).unwrap();
    Certificate::from_der(&der::sequence(&[&tbs, &algorithm, &der::bit_string(&signature)])).unwrap()
}

#[test]
fn an_indirect_list_speaks_of_anothers_certificates() {
    let world = World::new();
    let leaf = delegated(&world);
    let root_name = world.root.certificate.subject().der();
    let since = now() - days(1);
    let indirect = || Draft::new(1).with(scope(None, true));
    let clean = indirect().sign(&world.issuing);
    assert_eq!(judge(&world, &leaf, std::slice::from_ref(&clean)), Ok(Some(Source::Crl { index: 0 })));
    // The same number, of a certificate of the CRL's own issuer.
    let own = indirect().listing(entry(leaf.serial(), since, Some(1), None)).sign(&world.issuing);
    assert_eq!(judge(&world, &leaf, &[own]), Ok(Some(Source::Crl { index: 0 })));
    // The issuer named once holds for the entries that follow.
    let named = indirect()
        .listing(entry(&serial(33), since, None, Some(root_name)))
        .listing(entry(leaf.serial(), since, Some(1), None))
        .sign(&world.issuing);
    assert_eq!(revoked(&judge(&world, &leaf, &[named])), Some(Reason::KeyCompromise));
    // A list that does not say it is indirect speaks of nobody else's, whatever its entries say.
    shows_nothing(&judge(&world, &leaf, &[Draft::new(1).sign(&world.issuing)]));
    let stray = Draft::new(1).listing(entry(leaf.serial(), since, None, Some(root_name)));
    shows_nothing(&judge(&world, &leaf, &[stray.sign(&world.issuing)]));
    // Somebody of the same name whom the root does not know.
    let stranger = World::new();
    shows_nothing(&judge(&world, &leaf, &[indirect().sign(&stranger.issuing)]));
    // And nobody whom the certificate does not name.
    shows_nothing(&judge(&world, &world.person.certificate, &[indirect().sign(&world.root)]));
}

#[test]
fn a_list_older_than_the_certificate_says_nothing_of_it() {
    let world = World::new();
    let leaf = &world.person.certificate;
    let from = leaf.not_before();
    let at = |at| Draft { at, ..Draft::new(1) };
    shows_nothing(&judge(&world, leaf, &[at(from - SECOND).sign(&world.issuing)]));
    assert!(judge(&world, leaf, &[at(from).sign(&world.issuing)]).is_ok());
    // But that it is revoked, it may.
    let listed = at(from - SECOND).listing(entry(leaf.serial(), from - SECOND, None, None));
    assert_eq!(revoked(&judge(&world, leaf, &[listed.sign(&world.issuing)])), None);
}

#[test]
fn the_caller_may_ask_for_a_policy() {
    let world = World::new();
    let ask = |acceptable: Option<&str>, require_explicit| {
        let policies = PolicyInputs {
            acceptable: acceptable.map(|policy| vec![policy.to_owned()]),
            require_explicit,
            ..PolicyInputs::default()
        };
        let pool = [world.issuing.certificate.clone()];
        let anchors = [world.root.certificate.clone()];
        let none = Revocation::none(now());
        validate_with_policies(
            &world.person.certificate,
            &pool,
            &anchors,
            now(),
            Purpose::Any,
            &none,
            &policies,
            &mut Budget::default(),
        )
        .map(|_| ())
    };
    let own = world.person.certificate.policies().first().cloned().expect("has a policy");
    assert_eq!(ask(Some(&own), true), Ok(()));
    assert_eq!(ask(None, true), Ok(()));
    assert!(matches!(ask(Some("1.2.3.4"), true), Err(PathError::Policy { .. })));
    // Where none is required, that none is acceptable is no error (RFC 5280 §6.1.5).
    assert_eq!(ask(Some("1.2.3.4"), false), Ok(()));
}

#[test]
fn damaged_lists_do_not_panic() {
    let world = World::new();
    let leaf = delegated(&world);
    let root_name = world.root.certificate.subject().der();
    let crl = Draft::new(6)
        .with(scope(Some(SOME), true))
        .with(delta_of(5))
        .listing(entry(leaf.serial(), now(), Some(8), Some(root_name)))
        .sign(&world.issuing);
    for original in [crl.der(), leaf.der()] {
        for index in 0..original.len() {
            for flip in [1, 0x20, 0x80, 0xff] {
                let mut changed = original.to_vec();
                changed[index] ^= flip;
                if let Ok(crl) = Crl::from_der(&changed) {
                    let _ = (crl.revoked(leaf.serial()), crl.delta_base());
                    let _ = judge(&world, &leaf, &[crl]);
                } else if let Ok(certificate) = Certificate::from_der(&changed) {
                    let _ = judge(&world, &certificate, std::slice::from_ref(&crl));
                }
            }
        }
    }
}

#[test]
fn a_list_is_looked_through_when_its_signature_holds() {
    let world = World::new();
    let leaf = &world.person.certificate;
    let stranger = World::new();
    let older = || Draft { at: leaf.not_before() - SECOND, ..Draft::new(1) };
    // Lists of nobody, which say nothing of the certificate: each costs a check of its signature, and no more.
    let forged: Vec<Crl> = (0..9).map(|_| older().sign(&stranger.issuing)).collect();
    let spent = |crls: &[Crl]| {
        let revocation = Revocation { crls, ocsps: &[], need: Need::IfPresent, now: now() };
        let mut budget = Budget::default();
        let (before, at) = (budget.signatures, leaf.not_before());
        let (pool, anchors) = ([world.issuing.certificate.clone()], [world.root.certificate.clone()]);
        validate(leaf, &pool, &anchors, at, Purpose::Any, &revocation, &mut budget).unwrap();
        before - budget.signatures
    };
    let none = spent(&[]);
    assert_eq!(spent(&forged), none + 9);
    // One that is right is checked once, however often it is asked.
    let right = [Draft::new(1).sign(&world.issuing)];
    assert_eq!((spent(&right), spent(&right)), (none + 1, none));
}

#[test]
fn a_certificate_at_hand_many_times_is_tried_once() {
    let world = World::new();
    let spent = |copies: usize| {
        let pool = vec![world.issuing.certificate.clone(); copies];
        let (anchors, mut budget) = ([world.root.certificate.clone()], Budget::default());
        let none = Revocation::none(now());
        let before = budget.signatures;
        // No path: whichever way is tried, the anchor is another's.
        let others = [World::new().root.certificate];
        validate(&world.person.certificate, &pool, &others, now(), Purpose::Any, &none, &mut budget)
            .unwrap_err();
        validate(&world.person.certificate, &pool, &anchors, now(), Purpose::Any, &none, &mut budget)
            .unwrap();
        before - budget.signatures
    };
    assert_eq!(spent(1), spent(2000));
}
