//! What a signature locks, where that can be read and where it cannot: a lock never permits more than it says.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pades::{ChangesAfter, Code, PrepareError, SigningRequest};
use pdf::{Dict, DocMdp, FieldLock, LockAction, Object, XrefKind};
use vermilion_pades as pades;

use crate::attacks::{assert_forbidden, first_changes};
use crate::forms::with_entry;
use crate::looks::filled;
use crate::support::{Pki, joined, open, request, sent, text_look};

/// Signs as another program might: `from` in what the signature says of later changes becomes `to`, which is as long.
fn signed_saying(pki: &Pki, base: &[u8], request: &SigningRequest, (from, to): (&str, &str)) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let prepared = pades::prepare(&open(base), request).expect("prepared");
    let mut state = serde_json::to_value(&prepared).expect("it serialises");
    let mut tail = STANDARD.decode(state["tail"].as_str().expect("base64")).expect("base64");
    let at = |tail: &[u8], text: &str, from: usize| {
        tail[from..].windows(text.len()).position(|window| window == text.as_bytes()).map(|at| at + from)
    };
    let references = at(&tail, "/Reference", 0).expect("it locks or certifies");
    let place = at(&tail, from, references).unwrap_or_else(|| panic!("no {from}"));
    tail[place..place + to.len()].copy_from_slice(to.as_bytes());
    let whole = joined(base, &tail);
    let hole = &state["placeholder"]["contents_span"];
    let edge = |key: &str| usize::try_from(hole[key].as_u64().expect("a place")).expect("small");
    let covered = [&whole[..edge("start")], &whole[edge("end")..]].concat();
    state["digest"] = hex::encode(pki::sha256(&covered)).into();
    state["tail"] = STANDARD.encode(&tail).into();
    let prepared: pades::Prepared = serde_json::from_value(state).expect("it reads");
    let alice = pki.person("Alice", 11);
    let waiting = prepared
        .to_be_signed(alice.certificate, alice.chain, pki::SignatureAlgorithm::EcdsaSha256)
        .expect("a usable certificate");
    let value = pki::Signer::sign(&alice.key, waiting.bytes()).expect("a value");
    joined(base, &waiting.signed(value).expect("it verifies").finish().expect("a tail"))
}

const AS_IT_IS: (&str, &str) = ("/TransformMethod", "/TransformMethod");

fn locking(pki: &Pki, permission: Option<DocMdp>) -> SigningRequest {
    let lock = FieldLock { action: LockAction::Include, fields: vec!["seal-2".to_owned()], permission };
    SigningRequest { lock: Some(lock), ..request("alice", pki.at) }
}

#[test]
fn a_lock_that_cannot_be_read_locks_everything() {
    let pki = Pki::new();
    let base = sent(XrefKind::Table);
    let fill = |file: &[u8]| filled(file, "1000", &text_look("1000"));
    let file = signed_saying(&pki, &base, &locking(&pki, None), AS_IT_IS);
    assert_eq!(first_changes(&pki, &fill(&file)), (ChangesAfter::Permitted, vec![]));
    for unreadable in [
        ("/Include", "/Inclose"),
        ("/Include", "(nclude)"),
        ("/Fields", "/Fjelds"),
        ("/FieldMDP", "/FieldsDP"),
        ("/FieldMDP", "(ieldMDP)"),
        ("/TransformMethod", "/TransfarmMethod"),
        ("/TransformParams", "/TransfarmParams"),
    ] {
        let file = signed_saying(&pki, &base, &locking(&pki, None), unreadable);
        assert_forbidden(&pki, &fill(&file), Code::ChangeLockUnreadable);
        let error = pades::prepare(&open(&file), &request("bob", pki.at)).expect_err("it is locked");
        assert!(matches!(error, PrepareError::LockedAgainstChanges), "{error}");
        // Proof of what was signed is no change of it.
        let store = pades::append_dss(&open(&file), &pki.dss(&[])).expect("a store");
        assert_eq!(first_changes(&pki, &joined(&file, &store)), (ChangesAfter::Permitted, vec![]));
    }
}

#[test]
fn a_permission_that_does_not_exist_permits_nothing() {
    let pki = Pki::new();
    let base = sent(XrefKind::Table);
    let fill = |file: &[u8]| filled(file, "1000", &text_look("1000"));
    let certifying = SigningRequest { certify: Some(DocMdp::FillForms), ..request("alice", pki.at) };
    for request in [&locking(&pki, Some(DocMdp::FillForms)), &certifying] {
        let file = signed_saying(&pki, &base, request, AS_IT_IS);
        assert_eq!(first_changes(&pki, &fill(&file)), (ChangesAfter::Permitted, vec![]));
        for odd in [("/P 2", "/P 1"), ("/P 2", "/P 9"), ("/P 2", "/P()"), ("/P 2", "/P/2")] {
            let file = signed_saying(&pki, &base, request, odd);
            assert_forbidden(&pki, &fill(&file), Code::ChangeFieldFilled);
        }
    }
    // Where none is stated, it is 2 (table 257).
    let file = signed_saying(&pki, &base, &certifying, ("/P 2", "/Q 2"));
    assert_eq!(first_changes(&pki, &fill(&file)), (ChangesAfter::Permitted, vec![]));
    let file = signed_saying(&pki, &base, &certifying, ("/TransformParams", "/TransfarmParams"));
    assert_eq!(first_changes(&pki, &fill(&file)), (ChangesAfter::Permitted, vec![]));
}

#[test]
fn a_fields_lock_holds_where_the_signature_does_not_repeat_it() {
    let pki = Pki::new();
    let lock = |fields: &[&str]| {
        let names: Vec<Object> = fields.iter().map(|name| Object::text(name)).collect();
        with_entry("Lock", Dict::new().with("Action", Object::name("Include")).with("Fields", names))
    };
    let wanted = SigningRequest { appearance: None, ..request("seller", pki.at) };
    let later = request("buyer", pki.at);
    for (fields, is_locked) in [(["buyer"], true), (["other"], false)] {
        let file = signed_saying(&pki, &lock(&fields), &wanted, ("/Reference", "/Rejerence"));
        match pades::prepare(&open(&file), &later) {
            Err(PrepareError::FieldLocked { field }) if is_locked => assert_eq!(field, "buyer"),
            Ok(_) if !is_locked => {}
            other => panic!("{fields:?}: {other:?}"),
        }
    }
}

#[test]
fn a_field_whose_lock_cannot_be_read_is_not_signed() {
    let pki = Pki::new();
    for lock in [
        Object::from(Dict::new().with("Action", Object::name("Sometimes"))),
        Object::from(Dict::new().with("Action", Object::name("Include"))),
        Object::name("All"),
    ] {
        let file = with_entry("Lock", lock);
        let wanted = SigningRequest { appearance: None, ..request("seller", pki.at) };
        let error = pades::prepare(&open(&file), &wanted).expect_err("its lock cannot be read");
        assert!(matches!(error, PrepareError::UnreadableLock { .. }), "{error}");
    }
}
