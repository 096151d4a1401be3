//! What was signed can be shown again.

use pades::{Code, Indication, Kind, Place, SigningRequest};
use pdf::XrefKind;
use vermilion_pades as pades;

use crate::attacks::{signed_once, updated};
use crate::support::{Pki, Stamped, completed, judge, open, request, sample, sent, sign};

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

/// Takes every field out of the form, as whoever wants a signed file to look like one that nobody signed.
fn stripped(file: &[u8]) -> Vec<u8> {
    updated(file, |document, update| {
        let root = document.catalog_ref();
        let mut catalog = update.get_dict(root).expect("a catalog");
        let mut form =
            document.value(&catalog, "AcroForm").expect("a form").as_dict().expect("a form").clone();
        form.set("Fields", Vec::<pdf::Object>::new());
        catalog.set("AcroForm", form);
        update.put(root, catalog);
    })
}

/// Where the newest cross-reference is.
fn start_xref(file: &[u8]) -> String {
    let text = String::from_utf8_lossy(file).into_owned();
    let (_, end) = text.rsplit_once("startxref").expect("an end");
    end.split_ascii_whitespace().next().expect("a number").to_owned()
}

#[test]
fn a_signature_to_which_no_cross_reference_leads_is_told() {
    let pki = Pki::new();
    for kind in [XrefKind::Table, XrefKind::Stream] {
        let base = sample(kind, 1);
        let wanted = SigningRequest { place: Some(Place::invisible()), ..request("first", pki.at) };
        let once = sign(&pki, &base, &wanted, &pki.person("Alice", 11), Stamped::No);
        let back = format!("startxref\n{}\n%%EOF\n", start_xref(&base));
        let file = [once.as_slice(), back.as_bytes()].concat();
        let report = judge(&pki, &file);
        let [gone] = report.signatures.as_slice() else { panic!("{:?}", report.signatures) };
        assert_eq!((gone.field.as_str(), gone.signer.as_deref()), ("first", Some("Alice")));
        assert_eq!(
            (gone.indication, gone.reasons[0].code),
            (Indication::TotalFailed, Code::SignatureRemoved)
        );
        // A file that nobody signed has none that was taken out.
        let unsigned = [base.as_slice(), back.as_bytes()].concat();
        assert_eq!(judge(&pki, &unsigned).signatures.len(), 0);
    }
}

#[test]
fn a_signature_that_an_update_removed_is_told() {
    let pki = Pki::new();
    for kind in [XrefKind::Table, XrefKind::Stream] {
        let wanted = SigningRequest { place: Some(Place::invisible()), ..request("first", pki.at) };
        let once = sign(&pki, &sample(kind, 1), &wanted, &pki.person("Alice", 11), Stamped::No);
        assert_eq!(judge(&pki, &once).signatures.len(), 1);
        let file = stripped(&once);
        let report = judge(&pki, &file);
        let [gone] = report.signatures.as_slice() else { panic!("{:?}", report.signatures) };
        assert_eq!((gone.field.as_str(), gone.signer.as_deref()), ("first", Some("Alice")));
        assert_eq!((gone.indication, gone.revision), (Indication::TotalFailed, Some(2)));
        assert_eq!(gone.reasons[0].code, Code::SignatureRemoved);
        assert_eq!(report.indication, Indication::TotalFailed);

        // Whoever signs what is left vouches for that alone.
        let wanted = SigningRequest { place: Some(Place::invisible()), ..request("second", pki.at) };
        let again = sign(&pki, &file, &wanted, &pki.person("Bob", 12), Stamped::No);
        let report = judge(&pki, &again);
        let told: Vec<_> = report.signatures.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(told, ["second", "first"]);
        assert_ne!(report.signatures[0].indication, Indication::TotalFailed, "{:?}", report.signatures[0]);
        assert_eq!(report.indication, Indication::TotalFailed);

        let revisions = pades::revisions(&open(&file)).expect("revisions");
        let closing = revisions[1].signature.as_ref().expect("it closes its revision");
        assert_eq!((closing.field.as_str(), closing.signer.as_deref()), ("first", Some("Alice")));
        assert!(revisions[2].changes.iter().any(|change| !change.permitted), "{:?}", revisions[2]);
        let form = revisions[2].changes.iter().find(|change| change.what.code == Code::ChangeForm);
        assert!(form.expect("the form was changed").object.is_some(), "{:?}", revisions[2]);
    }
}

#[test]
fn a_form_that_lost_an_empty_field_lost_no_signature() {
    let pki = Pki::new();
    let file = stripped(&sent(XrefKind::Table));
    let report = judge(&pki, &file);
    assert!(report.signatures.is_empty(), "{:?}", report.signatures);
    assert_eq!(report.reasons[0].code, Code::NoSignature);
    let file = completed(&pki, XrefKind::Table);
    assert!(judge(&pki, &file).signatures.iter().all(|one| one.indication == Indication::TotalPassed));
}
