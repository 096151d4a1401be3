//! The report's JSON and its words stay what others read.

use pdf::XrefKind;
use serde_json::Value;
use vermilion_pades as pades;

use crate::support::{Pki, completed, judge, open, sample};

/// What differs from run to run: keys are new each time.
fn redacted(mut value: Value) -> Value {
    for one in value["signatures"].as_array_mut().expect("signatures") {
        one["fingerprint"] = "[fingerprint]".into();
        if let Some(digest) = one.get_mut("content_digest") {
            *digest = "[content_digest]".into();
        }
        for link in one["chain"].as_array_mut().into_iter().flatten() {
            link["fingerprint"] = "[fingerprint]".into();
        }
        for change in one["changes"].as_array_mut().into_iter().flatten() {
            change["object"] = "[object]".into();
        }
    }
    value
}

#[test]
fn the_report_of_a_finished_envelope() {
    let pki = Pki::new();
    let report = judge(&pki, &completed(&pki, XrefKind::Table)).named("contract.pdf");
    let json = redacted(serde_json::to_value(&report).expect("it serialises"));
    insta::assert_json_snapshot!("finished", json);
    insta::assert_snapshot!("finished-en", report.text(pades::Lang::En));
    insta::assert_snapshot!("finished-zh", report.text(pades::Lang::Zh));
    let back: pades::Report =
        serde_json::from_str(&serde_json::to_string(&report).expect("json")).expect("read back");
    assert_eq!(back, report);
}

#[test]
fn the_report_of_an_unsigned_document() {
    let pki = Pki::new();
    let report = pades::validate(&open(&sample(XrefKind::Table, 1)), &pki.policy());
    insta::assert_json_snapshot!("unsigned", serde_json::to_value(&report).expect("it serialises"));
}
