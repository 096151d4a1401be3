use testkit::pdf_samples;
use vermilion_pdf::{Anomaly, PartKind, XrefKind};

use crate::support::{open, touched};

#[test]
fn every_byte_of_a_sound_file_is_accounted_for() {
    for kind in [XrefKind::Table, XrefKind::Stream, XrefKind::Hybrid] {
        let original = pdf_samples::contract(kind, 2);
        let updated = touched(&open(&original), "one");
        let document = open(&updated);
        for index in 0..2 {
            let account = document.account(index).expect("an account");
            assert_eq!(account.anomalies, [], "{kind:?} revision {index}");
            let revision = &document.revisions()[index];
            let mut at = revision.start;
            for part in &account.parts {
                assert_eq!(part.span.start, at, "without gaps");
                at = part.span.end;
            }
            assert_eq!(at, revision.end);
        }
    }
}

#[test]
fn bytes_and_objects_that_nothing_points_to_are_found() {
    let original = pdf_samples::contract(XrefKind::Table, 1);
    let stray = [&original[..], b"99 0 obj\n<</Hidden true>>\nendobj\n"].concat();
    let account = open(&stray).account(0).expect("an account");
    assert!(matches!(account.anomalies[..], [Anomaly::UnreferencedObject { .. }]), "{:?}", account.anomalies);

    let junk = [&original[..], b"\n% a comment is fine\nbut this is not"].concat();
    let account = open(&junk).account(0).expect("an account");
    assert!(
        account.anomalies.iter().all(|a| matches!(a, Anomaly::UnknownBytes(_))),
        "{:?}",
        account.anomalies
    );
    assert!(!account.is_clean());
    assert!(account.parts.iter().any(|part| part.kind == PartKind::Comment));
}

#[test]
fn a_section_outside_the_chain_is_found() {
    let original = pdf_samples::contract(XrefKind::Table, 1);
    let text = "xref\n0 0\ntrailer\n<</Size 1>>\n";
    let document = open(&original);
    let at = document.revisions()[0].sections[0].offset;
    // An update whose startxref names the old section: the new one is not in the chain.
    let forged = [&original[..], text.as_bytes(), format!("startxref\n{at}\n%%EOF\n").as_bytes()].concat();
    let account = open(&forged).account(0).expect("an account");
    assert!(
        account.anomalies.contains(&Anomaly::UnlinkedXref(original.len() as u64)),
        "{:?}",
        account.anomalies
    );
}
