//! Every level with every kind of key, extending what is there, renewing, and why a level is out of reach.

use std::sync::atomic::Ordering;

use jiff::ToSpan;
use pades::{ChangesAfter, Credential, Indication, Level, LevelError, Sources};
use pdf::{Dict, DocMdp, XrefKind};
use pki::path::PathError;
use pki::tsa::Token;
use pki::{DigestAlgorithm, KeyAlgorithm, Signer, SoftwareSigner};
use vermilion_pades as pades;

use crate::authorities::{Authorities, Says};
use crate::support::{Identity, Pki, Stamped, joined, judge, keys, open, request, sample, sent, sign};

const LEVELS: [Level; 4] = [Level::BB, Level::BT, Level::BLT, Level::BLTA];

pub(crate) fn credential(who: &Identity) -> Credential<'_> {
    Credential { signer: &who.key, certificate: &who.certificate, chain: &who.chain }
}

fn signed_to(pki: &Pki, authorities: &Authorities<'_>, level: Level) -> Vec<u8> {
    let base = sent(XrefKind::Table);
    let alice = pki.person("Alice", 11);
    let sources = authorities.sources();
    let tail = pades::sign_to(&open(&base), &request("alice", pki.at), credential(&alice), level, &sources);
    joined(&base, &tail.expect("the level is reached"))
}

fn extended(file: &[u8], level: Level, sources: &Sources<'_>) -> Vec<u8> {
    joined(file, &pades::extend_to(&open(file), level, sources).expect("extended"))
}

pub(crate) fn level_of(pki: &Pki, file: &[u8]) -> Level {
    let report = judge(pki, file);
    assert_ne!(
        report.signatures[0].changes_after,
        ChangesAfter::Forbidden,
        "{:?}",
        report.signatures[0].changes
    );
    report.signatures[0].level
}

#[test]
fn a_signature_reaches_the_level_that_is_asked_for() {
    let pki = Pki::new();
    for says in [Says::OcspAndCrl, Says::Crl] {
        let authorities = Authorities::new(&pki, says);
        for level in LEVELS {
            let file = signed_to(&pki, &authorities, level);
            assert_eq!(level_of(&pki, &file), level, "{says:?}");
            if level >= Level::BLT {
                let report = judge(&pki, &file);
                assert_eq!(report.signatures[0].indication, Indication::TotalPassed, "{report:?}");
            }
        }
    }
}

#[test]
fn a_signature_is_extended_step_by_step() {
    let pki = Pki::new();
    let authorities = Authorities::new(&pki, Says::OcspAndCrl);
    let mut file = signed_to(&pki, &authorities, Level::BB);
    for level in [Level::BT, Level::BLT, Level::BLTA] {
        let longer = extended(&file, level, &authorities.sources());
        assert!(longer.starts_with(&file));
        file = longer;
        assert_eq!(level_of(&pki, &file), level);
    }
}

#[test]
fn a_signature_is_extended_in_one_go() {
    let pki = Pki::new();
    let authorities = Authorities::new(&pki, Says::Crl);
    for from in LEVELS {
        let file = signed_to(&pki, &authorities, from);
        let file = extended(&file, Level::BLTA, &authorities.sources());
        assert_eq!(level_of(&pki, &file), Level::BLTA, "from {from:?}");
    }
}

#[test]
fn what_has_the_level_is_left_alone() {
    let pki = Pki::new();
    let authorities = Authorities::new(&pki, Says::OcspAndCrl);
    for level in [Level::BB, Level::BT, Level::BLT] {
        let file = signed_to(&pki, &authorities, level);
        let tail = pades::extend_to(&open(&file), level, &authorities.sources()).expect("nothing to do");
        assert!(tail.is_empty(), "{level:?}");
    }
}

#[test]
fn archives_are_renewed_with_the_material_of_the_last_time_stamp() {
    let pki = Pki::new();
    let authorities = Authorities::new(&pki, Says::OcspAndCrl);
    let mut file = signed_to(&pki, &authorities, Level::BLTA);
    for year in 1..=2_i64 {
        let later = Authorities::at(&pki, Says::OcspAndCrl, pki.at + (24 * 365 * year).hours());
        file = extended(&file, Level::BLTA, &later.sources());
        assert!(later.asked.load(Ordering::SeqCst) > 0, "the last time-stamp's authority was asked about");
    }
    let mut policy = pki.policy();
    policy.at = pki.at + (24 * 365 * 2 + 24).hours();
    let report = pades::validate(&open(&file), &policy);
    let stamps: Vec<_> =
        report.signatures.iter().filter(|one| one.kind == pades::Kind::DocTimestamp).collect();
    assert_eq!(stamps.len(), 3);
    assert_eq!(report.signatures[0].level, Level::BLTA);
    assert_ne!(
        report.signatures[0].changes_after,
        ChangesAfter::Forbidden,
        "{:?}",
        report.signatures[0].changes
    );
}

/// The hash functions of a file's document time-stamps, oldest first.
fn stamp_digests(file: &[u8]) -> Vec<DigestAlgorithm> {
    let mut signatures: Vec<_> =
        open(file).signatures().expect("readable").into_iter().filter_map(|field| field.signature).collect();
    signatures.sort_by_key(|signature| signature.revision);
    let contents = signatures.iter().filter_map(|signature| signature.contents.as_deref());
    let tokens = contents.filter_map(|contents| Token::from_contents(contents).ok());
    tokens.map(|token| token.imprint().algorithm).collect()
}

#[test]
fn a_document_time_stamp_is_never_weaker_than_what_it_outlasts() {
    use DigestAlgorithm::{Sha256, Sha384, Sha512};
    let pki = Pki::new();
    let authorities = Authorities::new(&pki, Says::OcspAndCrl);
    let base = sent(XrefKind::Table);
    let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P384).expect("a key");
    let (alice, petra) = (pki.person("Alice", 11), pki.person_with("Petra", 41, key));
    for (who, first) in [(&alice, Sha256), (&petra, Sha384)] {
        let sources = authorities.sources();
        let tail =
            pades::sign_to(&open(&base), &request("alice", pki.at), credential(who), Level::BLTA, &sources);
        let file = joined(&base, &tail.expect("reached"));
        assert_eq!(stamp_digests(&file), [first]);
        // Renewed before the function ends, and then not with a weaker one again.
        let stronger = Sources { document_digest: Sha512, ..authorities.sources() };
        let file = extended(&file, Level::BLTA, &stronger);
        assert_eq!(stamp_digests(&file), [first, Sha512]);
        let file = extended(&file, Level::BLTA, &authorities.sources());
        assert_eq!(stamp_digests(&file), [first, Sha512, Sha512]);
        assert_eq!(level_of(&pki, &file), Level::BLTA);
        // Nor by the signature of another, whose hash function is weaker.
        let bob = pki.person("Bob", 12);
        let tail =
            pades::sign_to(&open(&file), &request("bob", pki.at), credential(&bob), Level::BLTA, &sources);
        assert_eq!(stamp_digests(&joined(&file, &tail.expect("reached"))).last(), Some(&Sha512));
    }
}

/// EN 319 142-1 §5.4.2, ISO 32000-2 §12.8.4.4: the key is the SHA-1 of /Contents in upper-case hexadecimal.
#[test]
fn the_store_says_what_belongs_to_which_signature_and_holds_nothing_twice() {
    let pki = Pki::new();
    let authorities = Authorities::new(&pki, Says::OcspAndCrl);
    let mut file = signed_to(&pki, &authorities, Level::BLTA);
    for _ in 0..2 {
        file = extended(&file, Level::BLTA, &authorities.sources());
    }
    let document = open(&file);
    let catalog = document.catalog().expect("a catalog");
    let store = document.value(&catalog, "DSS").expect("readable");
    let store = store.as_dict().expect("a store");
    let list = |dict: &Dict, key: &str| -> Vec<pdf::Ref> {
        let list = document.value(dict, key).expect("readable");
        list.as_array()
            .unwrap_or_default()
            .iter()
            .map(|item| item.as_reference().expect("a reference"))
            .collect()
    };
    let bytes = |reference: &pdf::Ref| match &*document.resolve(*reference).expect("readable") {
        pdf::Object::Stream(stream) => document.decoded(stream).expect("readable"),
        other => panic!("{other:?}"),
    };
    let kinds = [("Certs", "Cert"), ("CRLs", "CRL"), ("OCSPs", "OCSP")];
    for (key, _) in kinds {
        let all: Vec<Vec<u8>> = list(store, key).iter().map(bytes).collect();
        assert!(!all.is_empty(), "{key}");
        assert!(all.iter().enumerate().all(|(at, one)| !all[..at].contains(one)), "{key}");
    }
    let entries = document.value(store, "VRI").expect("readable");
    let entries = entries.as_dict().expect("entries");
    let mut signatures: Vec<_> =
        document.signatures().expect("readable").into_iter().filter_map(|field| field.signature).collect();
    signatures.sort_by_key(|signature| signature.revision);
    // The last time-stamp is proved by what is still to come.
    assert_eq!((signatures.len(), entries.iter().count()), (4, 3));
    for signature in &signatures[..3] {
        let contents = signature.contents.as_deref().expect("a value");
        let key = hex::encode_upper(DigestAlgorithm::Sha1.digest(contents));
        let entry = document.value(entries, &key).expect("readable");
        let entry = entry.as_dict().unwrap_or_else(|| panic!("no entry {key}"));
        for (whole, part) in kinds {
            let (whole, part) = (list(store, whole), list(entry, part));
            assert!(!part.is_empty() && part.iter().all(|one| whole.contains(one)), "{key}");
        }
        assert!(
            document
                .value(entry, "TU")
                .expect("readable")
                .as_string()
                .is_some_and(|at| at.starts_with(b"D:"))
        );
    }
}

#[test]
fn the_three_phase_way_reaches_every_level_too() {
    let pki = Pki::new();
    let authorities = Authorities::new(&pki, Says::OcspAndCrl);
    let (base, alice) = (sent(XrefKind::Stream), pki.person("Alice", 11));
    for level in LEVELS {
        let prepared = pades::prepare(&open(&base), &request("alice", pki.at)).expect("prepared");
        let waiting = prepared
            .to_be_signed(alice.certificate.clone(), alice.chain.clone(), alice.key.algorithm())
            .expect("usable");
        let value = alice.key.sign(waiting.bytes()).expect("signed");
        let signed = waiting.signed(value).expect("it verifies");
        let sources = authorities.sources();
        let tail = pades::finish_to(&open(&base), signed.clone(), level, &sources).expect("reached");
        assert_eq!(level_of(&pki, &joined(&base, &tail)), level);
        let other = sample(XrefKind::Table, 1);
        let refused = pades::finish_to(&open(&other), signed.clone(), level, &sources);
        assert!(matches!(refused, Err(LevelError::OtherFile { .. })), "{refused:?}");
        let mut changed = base.clone();
        let at = changed.windows(6).position(|bytes| bytes == b"stream").expect("a stream");
        changed[at + 10] ^= 1;
        let refused = pades::finish_to(&open(&changed), signed, level, &sources);
        assert!(matches!(refused, Err(LevelError::ChangedFile)), "{level:?}: {refused:?}");
    }
}

#[test]
fn a_level_out_of_reach_is_an_error_that_names_the_certificate() {
    let pki = Pki::new();
    let alice = pki.person("Alice", 11);
    let base = sent(XrefKind::Table);
    let wanted = request("alice", pki.at);
    let attempt = |level, sources: &Sources<'_>| {
        pades::sign_to(&open(&base), &wanted, credential(&alice), level, sources).expect_err("out of reach")
    };
    let nobody = Sources::none(pki.at);
    assert!(matches!(attempt(Level::BT, &nobody), LevelError::NoTimeStampSource(Level::BT)));
    assert!(matches!(attempt(Level::NotEtsi, &nobody), LevelError::NoLevel(_)));
    let silent = Authorities::new(&pki, Says::Nothing);
    match attempt(Level::BLT, &silent.sources()) {
        LevelError::Revocation { certificate, issuer, why: None } => {
            assert_eq!((certificate.as_str(), issuer.as_str()), ("Alice", "Vermilion Test CA"));
        }
        other => panic!("{other:?}"),
    }
    let broken = Authorities::new(&pki, Says::Fails);
    let error = attempt(Level::BLTA, &broken.sources());
    assert!(
        error.to_string().contains("“Alice”") && error.to_string().contains("connection refused"),
        "{error}"
    );
    let revoking = Authorities::new(&pki, Says::OcspAndCrl);
    revoking.revoke(&alice.certificate);
    match attempt(Level::BLT, &revoking.sources()) {
        LevelError::Path { certificate, error: PathError::Revoked { .. }, .. } => {
            assert_eq!(certificate, "Alice");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_revocation_after_the_trusted_time_is_no_obstacle() {
    let pki = Pki::new();
    let early = Authorities::new(&pki, Says::OcspAndCrl);
    let file = signed_to(&pki, &early, Level::BT);
    let late = Authorities::at(&pki, Says::OcspAndCrl, pki.at + 48.hours());
    late.revoke(&pki.person("Alice", 11).certificate);
    let file = extended(&file, Level::BLT, &late.sources());
    let mut policy = pki.policy();
    policy.at = pki.at + 72.hours();
    let report = pades::validate(&open(&file), &policy);
    assert_eq!(report.signatures[0].level, Level::BLT, "{:?}", report.signatures[0].reasons);
    assert_eq!(
        report.signatures[0].indication,
        Indication::TotalPassed,
        "{:?}",
        report.signatures[0].reasons
    );
}

#[test]
fn a_broken_signature_is_not_extended() {
    let pki = Pki::new();
    let authorities = Authorities::new(&pki, Says::OcspAndCrl);
    let mut file = signed_to(&pki, &authorities, Level::BB);
    let at = file.windows(8).position(|bytes| bytes == b"Contract").unwrap_or(20);
    file[at] ^= 1;
    let refused = pades::extend_to(&open(&file), Level::BT, &authorities.sources());
    assert!(matches!(refused, Err(LevelError::Broken { .. })), "{refused:?}");
    let unsigned = sample(XrefKind::Table, 1);
    let refused = pades::extend_to(&open(&unsigned), Level::BT, &authorities.sources());
    assert!(matches!(refused, Err(LevelError::NoSignature)), "{refused:?}");
}

#[test]
fn a_certificate_that_makes_no_valid_signature_is_refused_before_the_key_signs() {
    let pki = Pki::new();
    let base = sent(XrefKind::Table);
    let alice = pki.person("Alice", 11);
    let authority = Credential { signer: &pki.issuer_key, certificate: &pki.issuer.certificate, chain: &[] };
    let stamping =
        Credential { signer: pki.authority_key(), certificate: &pki.authority.certificate, chain: &[] };
    for (who, at, said) in [
        (credential(&alice), pki.at + (24 * 366).hours(), "expired"),
        (credential(&alice), pki.at - 2.hours(), "not valid before"),
        (authority, pki.at, "authority"),
        (stamping, pki.at, "extended key usage"),
    ] {
        for level in LEVELS {
            let refused = pades::sign_to(&open(&base), &request("alice", at), who, level, &Sources::none(at))
                .unwrap_err();
            assert!(
                matches!(&refused, LevelError::Sign(pades::SignError::Certificate(why)) if why.contains(said)),
                "{refused:?}"
            );
        }
    }
    assert_eq!(pades::may_sign(&alice.certificate, pki.at).ok(), Some(()));
}

/// In the middle of the value of the file's first signature.
fn break_signature(file: &mut [u8]) {
    let contents = file.windows(11).position(|bytes| bytes == b"/Contents<0" || bytes == b"/Contents <");
    let start = contents.expect("a signature") + 11;
    let cms = file[start..].windows(64).position(|bytes| bytes == [b'0'; 64]).expect("the padding");
    // The last octet but some of the unpadded CMS: of the signature value, which stands at its end.
    let at = start + cms - 9;
    file[at] = if file[at] == b'1' { b'2' } else { b'1' };
}

#[test]
fn a_broken_signature_of_another_is_no_obstacle_to_a_new_one() {
    let pki = Pki::new();
    let authorities = Authorities::new(&pki, Says::OcspAndCrl);
    let mut file = signed_to(&pki, &authorities, Level::BB);
    break_signature(&mut file);
    assert_eq!(judge(&pki, &file).signatures[0].indication, Indication::TotalFailed);
    let bob = pki.person("Bob", 12);
    for level in LEVELS {
        let sources = authorities.sources();
        let tail = pades::sign_to(&open(&file), &request("bob", pki.at), credential(&bob), level, &sources);
        let report = judge(&pki, &joined(&file, &tail.expect("the new one is sound")));
        let new = report.signatures.iter().find(|one| one.field == "bob").expect("is there");
        assert_eq!(new.level, level, "{:?}", new.reasons);
    }
}

#[test]
fn signatures_are_extended_apart_from_broken_ones_and_strangers() {
    let (pki, stranger) = (Pki::new(), Pki::new());
    let ours = Authorities::new(&pki, Says::OcspAndCrl);
    let theirs = Authorities::new(&stranger, Says::Nothing);
    for broken in [false, true] {
        let mut file = signed_to(&stranger, &theirs, Level::BB);
        if broken {
            break_signature(&mut file);
        }
        let bob = pki.person("Bob", 12);
        let request = request("bob", pki.at);
        let tail = pades::sign_to(&open(&file), &request, credential(&bob), Level::BLT, &ours.sources());
        let file = joined(&file, &tail.expect("ours is sound"));
        if broken {
            let all = pades::extend_to(&open(&file), Level::BLTA, &ours.sources());
            assert!(matches!(all, Err(LevelError::Broken { .. })), "{all:?}");
        }
        let tail = pades::extend_fields_to(&open(&file), &["bob"], Level::BLTA, &ours.sources());
        let report = judge(&pki, &joined(&file, &tail.expect("ours is extended")));
        let own = report.signatures.iter().find(|one| one.field == "bob").expect("is there");
        assert_eq!((own.level, own.indication), (Level::BLTA, Indication::TotalPassed), "{:?}", own.reasons);
    }
    let file = signed_to(&pki, &ours, Level::BT);
    for fields in [&["alice", "nobody"][..], &["nobody"], &[]] {
        let refused = pades::extend_fields_to(&open(&file), fields, Level::BLTA, &ours.sources());
        assert!(
            matches!(refused, Err(LevelError::NoSignature | LevelError::NotReached { .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn a_document_certified_against_changes_is_still_extended() {
    let pki = Pki::new();
    let authorities = Authorities::new(&pki, Says::OcspAndCrl);
    let (base, alice) = (sent(XrefKind::Table), pki.person("Alice", 11));
    let mut wanted = request("alice", pki.at);
    wanted.certify = Some(DocMdp::NoChanges);
    let file = sign(&pki, &base, &wanted, &alice, Stamped::No);
    let file = extended(&file, Level::BLTA, &authorities.sources());
    assert_eq!(level_of(&pki, &file), Level::BLTA);
    let file = extended(&file, Level::BLTA, &authorities.sources());
    assert_eq!(level_of(&pki, &file), Level::BLTA);
}

#[test]
fn an_unsigned_document_is_time_stamped() {
    let pki = Pki::new();
    let authorities = Authorities::new(&pki, Says::Crl);
    for kind in [XrefKind::Table, XrefKind::Stream] {
        let base = sample(kind, 1);
        let tail = pades::time_stamp_document(&open(&base), &authorities.sources()).expect("stamped");
        let report = judge(&pki, &joined(&base, &tail));
        assert_eq!(report.signatures[0].kind, pades::Kind::DocTimestamp);
        assert_eq!(report.signatures[0].changes_after, ChangesAfter::None);
    }
}

#[test]
fn documents_are_signed_in_parallel() {
    let pki = Pki::new();
    let authorities = Authorities::new(&pki, Says::OcspAndCrl);
    let alice = pki.person("Alice", 11);
    let base = sent(XrefKind::Table);
    std::thread::scope(|scope| {
        let work = |_| {
            let (base, alice, authorities, wanted) = (&base, &alice, &authorities, request("alice", pki.at));
            scope.spawn(move || {
                let sources = authorities.sources();
                pades::sign_to(&open(base), &wanted, credential(alice), Level::BLTA, &sources)
                    .expect("signed")
            })
        };
        for tail in (0..8).map(work).collect::<Vec<_>>() {
            let file = joined(&base, &tail.join().expect("no panic"));
            assert_eq!(level_of(&pki, &file), Level::BLTA);
        }
    });
}

#[test]
fn every_state_of_every_algorithm_survives_a_restart() {
    let pki = Pki::new();
    for (number, (name, key)) in (40..).zip(keys()) {
        let who = pki.person_with("Restarted", number, key);
        // Each state is written as JSON and read back between the phases.
        let file = sign(&pki, &sent(XrefKind::Table), &request("alice", pki.at), &who, Stamped::Yes);
        let report = judge(&pki, &file);
        assert_eq!(report.signatures[0].level, Level::BT, "{name}: {:?}", report.signatures[0].reasons);
    }
}
