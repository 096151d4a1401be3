//! What was signed can be shown again.

use pades::{Code, Kind};
use pdf::XrefKind;
use vermilion_pades as pades;

use crate::attacks::{signed_once, updated};
use crate::support::{Pki, completed, judge, open, sent};

#[test]
fn every_revision_says_what_it_is_and_what_it_changed() {
    let pki = Pki::new();
    for kind in [XrefKind::Table, XrefKind::Stream] {
        let file = completed(&pki, kind);
        let revisions = pades::revisions(&open(&file)).expect("revisions");
        let closed: Vec<_> = revisions
            .iter()
            .map(|it| it.signature.as_ref().map(|it| (it.field.as_str(), it.kind, it.signer.as_deref())))
            .collect();
        let signature = |field, signer| Some((field, Kind::Signature, Some(signer)));
        assert_eq!(
            closed,
            [None, None, signature("alice", "Alice 陈"), None, signature("bob", "Bob 王"), None]
        );
        assert!(revisions.iter().all(|it| it.changes.iter().all(|change| change.permitted)), "{revisions:?}");
        assert_eq!(revisions[2].signature.as_ref().expect("signed").time, Some(pki.at));
        let codes = |number: usize| -> Vec<Code> {
            revisions[number].changes.iter().map(|change| change.what.code).collect()
        };
        assert!(
            codes(2).contains(&Code::ChangeFieldFilled) && codes(2).contains(&Code::ChangeSignatureAdded)
        );
        assert_eq!(codes(3), [Code::ChangeDss]);
        let filled = revisions[2].changes.iter().find(|it| it.what.code == Code::ChangeFieldFilled);
        assert_eq!(filled.expect("a field").pages, [1]);
    }
}

#[test]
fn a_revision_comes_out_as_it_was() {
    let pki = Pki::new();
    let base = sent(XrefKind::Table);
    let file = signed_once(&pki);
    let document = open(&file);
    let mut out = Vec::new();
    document.write_revision(1, &mut out).expect("written");
    assert_eq!(out, file[..base.len()]);
    out.clear();
    let length = document.write_revision(2, &mut out).expect("written");
    assert_eq!((out.as_slice(), length), (file.as_slice(), file.len() as u64));
    assert!(document.write_revision(3, &mut out).is_err());
}

#[test]
fn an_extracted_revision_is_judged_as_it_was_signed() {
    let pki = Pki::new();
    let file = completed(&pki, XrefKind::Stream);
    let mut alice = Vec::new();
    open(&file).write_revision(2, &mut alice).expect("written");
    let report = judge(&pki, &alice);
    assert_eq!(report.signatures.len(), 1);
    assert_eq!(report.signatures[0].changes_after, pades::ChangesAfter::None);
}

#[test]
fn a_forbidden_change_is_told_with_its_page_and_object() {
    let pki = Pki::new();
    let file = updated(&signed_once(&pki), |document, update| {
        let page = document.page_refs().expect("pages")[1];
        let dict = update.get_dict(page).expect("a page").with("Rotate", 180);
        update.put(page, dict);
    });
    let revisions = pades::revisions(&open(&file)).expect("revisions");
    let last = revisions.last().expect("a revision");
    let told = last.changes.iter().find(|it| !it.permitted).expect("a finding");
    assert_eq!((told.what.code, told.pages.as_slice()), (Code::ChangePage, &[2][..]));
    assert!(told.object.is_some());
    let json = serde_json::to_string(&revisions).expect("it serialises");
    let back: Vec<pades::RevisionSummary> = serde_json::from_str(&json).expect("and reads back");
    assert_eq!(back, revisions);
}
