//! The rules against numbers that others made: those kept here, and those of the folder of facts where it is at hand.

use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;

use crate::{
    BankCard, BankCardError, CreditCode, IdDocument, IdKind, is_hong_kong_id, is_taiwan_id, luhn_fits,
};

fn now() -> Timestamp {
    "2026-11-23T04:00:00Z".parse().unwrap()
}

fn texts(vectors: &Value, list: &str) -> Vec<String> {
    let list = &vectors[list];
    let names = list.as_object().map(|object| object.keys().cloned().collect());
    let items = || Some(list.as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    names.or_else(items).unwrap_or_else(|| panic!("no list in the vectors: {list}"))
}

fn judge(vectors: &Value) {
    let all = |list: &str, judge: &dyn Fn(&str) -> bool| {
        let texts = texts(vectors, list);
        assert!(!texts.is_empty(), "{list}");
        for text in texts {
            assert!(judge(&text), "{list}: {text}");
        }
    };
    let reads = |kind| move |text: &str| IdDocument::parse(kind, text, now()).is_ok();
    all("resident_id_valid", &reads(IdKind::ResidentId));
    // Lower-case x is taken for X: the only one of that list which is read.
    all("resident_id_invalid", &|text| reads(IdKind::ResidentId)(text) == text.ends_with('x'));
    all("hk_mo_tw_residence_permit_valid", &|text| {
        reads(IdKind::ResidencePermitHkMo)(text) != reads(IdKind::ResidencePermitTw)(text)
    });
    all("foreign_pr_18_valid", &reads(IdKind::PermanentResident));
    all("uscc_valid", &|text| CreditCode::parse(text).is_ok_and(|code| code.class().is_some()));
    all("uscc_invalid", &|text| CreditCode::parse(text).is_err());
    all("luhn_valid", &luhn_fits);
    all("luhn_invalid", &|text| BankCard::parse(text) == Err(BankCardError::Checksum));
    all("hkid_valid", &is_hong_kong_id);
    all("taiwan_id_valid", &is_taiwan_id);
}

#[test]
fn vectors_of_the_repository_hold() {
    judge(&serde_json::from_str(include_str!("vectors.json")).unwrap());
}

#[test]
fn vectors_of_the_facts_hold() {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let beside = Path::new(&package).join("../../../shared/facts/vectors");
    let folder = std::env::var_os("VERMILION_VECTORS").map_or(beside, Into::into);
    let Ok(text) = std::fs::read_to_string(folder.join("id_numbers.json")) else {
        eprintln!("SKIPPED: no vectors at {} (set VERMILION_VECTORS)", folder.display());
        return;
    };
    judge(&serde_json::from_str(&text).unwrap());
}
