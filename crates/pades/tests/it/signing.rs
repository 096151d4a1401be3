//! Signing: levels, fields, states, refusals.

use pades::{ChangesAfter, FieldKind, Indication, Level, Place, PrepareError, SignError};
use pdf::{DocMdp, XrefKind};
use pki::{KeyAlgorithm, SignatureAlgorithm, Signer, SoftwareSigner};
use vermilion_pades as pades;

use crate::support::{
    Pki, Stamped, assert_first_permits, completed, joined, judge, open, rect, request, sample, sent, sign,
    spec,
};

#[test]
fn a_baseline_signature_verifies_and_covers_the_whole_file() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    for kind in [XrefKind::Table, XrefKind::Stream] {
        let file = sign(&pki, &sent(kind), &request("alice", pki.at), &alice, Stamped::No);
        let report = judge(&pki, &file);
        let [one] = report.signatures.as_slice() else { panic!("one signature: {report:?}") };
        assert_eq!(one.level, Level::BB, "{:?}", one.reasons);
        assert_eq!(one.changes_after, ChangesAfter::None);
        assert_eq!(one.signer.as_deref(), Some("Alice"));
        assert_eq!(one.claimed_time, Some(pki.at));
        // Nothing shows that the certificate was not revoked.
        assert_eq!(one.indication, Indication::Indeterminate, "{:?}", one.reasons);
    }
}

#[test]
fn a_finished_envelope_is_passed_at_level_lt() {
    let pki = Pki::new();
    for kind in [XrefKind::Table, XrefKind::Stream] {
        let report = judge(&pki, &completed(&pki, kind));
        assert_eq!(report.signatures.len(), 2);
        for one in &report.signatures {
            assert_eq!(one.indication, Indication::TotalPassed, "{:?} {:?}", one.reasons, one.changes);
            assert_eq!(one.level, Level::BLT);
            assert_eq!(one.changes_after, ChangesAfter::Permitted);
            assert!(one.trusted && one.best_time.is_some());
        }
    }
}

#[test]
fn the_base_is_a_prefix_of_every_revision() {
    let pki = Pki::new();
    let base = sent(XrefKind::Table);
    let file = sign(&pki, &base, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    assert!(file.starts_with(&base));
}

#[test]
fn a_field_may_be_made_with_the_signature() {
    let pki = Pki::new();
    let mut wanted = request("new", pki.at);
    wanted.place = Some(Place { page: 0, rect: rect(72.0, 72.0) });
    let file = sign(&pki, &sample(XrefKind::Table, 1), &wanted, &pki.person("Alice", 11), Stamped::No);
    let mut invisible = request("hidden", pki.at);
    invisible.appearance = None;
    invisible.place = Some(Place::invisible());
    let file = sign(&pki, &file, &invisible, &pki.person("Bob", 12), Stamped::No);
    let report = judge(&pki, &file);
    assert_eq!(report.signatures.len(), 2);
    for one in &report.signatures {
        assert_ne!(one.changes_after, ChangesAfter::Forbidden, "{:?}", one.changes);
    }
}

#[test]
fn a_reserve_that_is_too_small_is_an_error_that_says_so() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    let mut wanted = request("alice", pki.at);
    wanted.reserve = 512;
    let prepared = pades::prepare(&open(&sent(XrefKind::Table)), &wanted).expect("prepared");
    let waiting = prepared
        .to_be_signed(alice.certificate.clone(), alice.chain.clone(), alice.key.algorithm())
        .expect("usable");
    let value = alice.key.sign(waiting.bytes()).expect("signed");
    match waiting.signed(value) {
        Err(SignError::ReserveTooSmall { needed, reserved: 512 }) => assert!(needed > 512),
        other => panic!("{other:?}"),
    }
    let enough = pades::reserve_for(&alice.certificate, &alice.chain, None);
    wanted.reserve = enough;
    sign(&pki, &sent(XrefKind::Table), &wanted, &alice, Stamped::Yes);
}

#[test]
fn a_policy_has_room_of_its_own() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    let mut wanted = request("alice", pki.at);
    wanted.reserve = pades::reserve_for(&alice.certificate, &alice.chain, Some(0));
    wanted.policy = Some(pki::cms::SignaturePolicy {
        oid: "1.2.3.4".to_owned(),
        digest_algorithm: pki::DigestAlgorithm::Sha256,
        digest: vec![7; 32],
        uri: Some(format!("https://example.com/{}", "policy/".repeat(500))),
    });
    let file = sign(&pki, &sent(XrefKind::Table), &wanted, &alice, Stamped::No);
    assert_eq!(judge(&pki, &file).signatures[0].level, Level::BB);
}

#[test]
fn another_keys_value_is_refused() {
    let pki = Pki::new();
    let (alice, bob) = (pki.person("Alice", 11), pki.person("Bob", 12));
    let prepared =
        pades::prepare(&open(&sent(XrefKind::Table)), &request("alice", pki.at)).expect("prepared");
    let waiting = prepared
        .to_be_signed(alice.certificate.clone(), alice.chain.clone(), alice.key.algorithm())
        .expect("usable");
    let value = bob.key.sign(waiting.bytes()).expect("signed");
    assert!(matches!(waiting.signed(value), Err(SignError::ValueDoesNotVerify)));
}

#[test]
fn a_signed_document_takes_signature_fields_only() {
    let pki = Pki::new();
    let file =
        sign(&pki, &sent(XrefKind::Table), &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    let text = [spec("late", FieldKind::Text, 0, 300.0, 400.0)];
    assert!(matches!(
        pades::place_fields(&open(&file), &text),
        Err(PrepareError::FieldsLocked { field }) if field == "late"
    ));
    let signature = [spec("late", FieldKind::Signature, 0, 300.0, 400.0)];
    let tail = pades::place_fields(&open(&file), &signature).expect("a signature field may come");
    let report = judge(&pki, &joined(&file, &tail));
    assert_first_permits(&report);
}

#[test]
fn certification_permits_what_it_says() {
    let pki = Pki::new();
    let (alice, bob) = (pki.person("Alice", 11), pki.person("Bob", 12));
    let certified = |level| {
        let mut wanted = request("alice", pki.at);
        wanted.certify = Some(level);
        sign(&pki, &sent(XrefKind::Table), &wanted, &alice, Stamped::No)
    };
    let closed = certified(DocMdp::NoChanges);
    assert!(matches!(
        pades::prepare(&open(&closed), &request("bob", pki.at)),
        Err(PrepareError::CertifiedAgainstChanges)
    ));
    let open_for_forms = certified(DocMdp::FillForms);
    let file = sign(&pki, &open_for_forms, &request("bob", pki.at), &bob, Stamped::No);
    let report = judge(&pki, &file);
    assert_eq!(report.signatures[0].kind, pades::Kind::Certification);
    assert_first_permits(&report);
    let mut again = request("bob", pki.at);
    again.certify = Some(DocMdp::FillForms);
    assert!(matches!(
        pades::prepare(&open(&open_for_forms), &again),
        Err(PrepareError::CertificationNotFirst)
    ));
}

#[test]
fn a_key_signs_with_its_own_hash_function() {
    let pki = Pki::new();
    let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P384).expect("a key");
    let who = pki.person_with("Petra", 13, key);
    let file = sign(&pki, &sent(XrefKind::Table), &request("alice", pki.at), &who, Stamped::Yes);
    let report = judge(&pki, &file);
    assert_eq!(report.signatures[0].level, Level::BT, "{:?}", report.signatures[0].reasons);
    // The revision was hashed for another key.
    let prepared =
        pades::prepare(&open(&sent(XrefKind::Table)), &request("alice", pki.at)).expect("prepared");
    let refused = prepared.to_be_signed(who.certificate, who.chain, SignatureAlgorithm::EcdsaSha384);
    assert!(matches!(refused, Err(SignError::Certificate(_))), "{refused:?}");
}

#[test]
fn a_state_stored_before_there_was_a_choice_of_hash_functions_reads() {
    let pki = Pki::new();
    let prepared =
        pades::prepare(&open(&sent(XrefKind::Table)), &request("alice", pki.at)).expect("prepared");
    let mut json = serde_json::to_value(&prepared).expect("it serialises");
    json.as_object_mut().expect("an object").remove("digest_algorithm").expect("a member");
    let read: pades::Prepared = serde_json::from_value(json).expect("it reads");
    assert_eq!(read, prepared);
}

#[test]
fn what_cannot_be_signed_is_said() {
    let pki = Pki::new();
    let file = sent(XrefKind::Table);
    let refused = |field: &str| pades::prepare(&open(&file), &request(field, pki.at)).expect_err("refused");
    assert!(matches!(refused("nobody"), PrepareError::NoSuchField { .. }));
    assert!(matches!(refused("city"), PrepareError::WrongFieldKind { .. }));
    let signed = sign(&pki, &file, &request("alice", pki.at), &pki.person("Alice", 11), Stamped::No);
    assert!(matches!(
        pades::prepare(&open(&signed), &request("alice", pki.at)),
        Err(PrepareError::AlreadySigned { .. })
    ));
    let twice = [spec("city", FieldKind::Text, 0, 1.0, 1.0)];
    assert!(matches!(pades::place_fields(&open(&file), &twice), Err(PrepareError::FieldExists { .. })));
    let beyond = [spec("far", FieldKind::Text, 9, 1.0, 1.0)];
    assert!(matches!(pades::place_fields(&open(&file), &beyond), Err(PrepareError::NoSuchPage { page: 9 })));
}

#[test]
fn a_second_store_keeps_the_first_and_adds_nothing_twice() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    let file = sign(&pki, &sent(XrefKind::Table), &request("alice", pki.at), &alice, Stamped::Yes);
    let material = pki.dss(&[&alice]);
    let first = joined(&file, &pades::append_dss(&open(&file), &material).expect("a store"));
    let again = pades::append_dss(&open(&first), &material).expect("a store");
    assert!(!again.windows(6).any(|window| window == b"stream"), "nothing new: no new stream");
}
