//! The typeset documents, read back by independent programs.

use std::process::Command;

use jiff::Timestamp;
use vermilion_report::{ContractParty, DemoContract, demo_contract};

fn contract() -> DemoContract {
    let at: Timestamp = "2026-11-23T02:14:07Z".parse().expect("a timestamp");
    let party = |name: &str| ContractParty { name: name.into() };
    DemoContract {
        number: "VM-1".into(),
        at,
        person: party("古丽·买买提"),
        company: party("Müller & Söhne 公司"),
    }
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    assert_eq!(demo_contract(&contract()).unwrap().pdf, demo_contract(&contract()).unwrap().pdf);
}

#[test]
fn names_in_any_script_can_be_read_out_of_the_contract() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("contract.pdf");
    std::fs::write(&path, demo_contract(&contract()).unwrap().pdf).unwrap();
    let Ok(text) = Command::new("pdftotext").arg(&path).arg("-").output() else {
        assert!(std::env::var_os("CI").is_none(), "pdftotext is missing");
        eprintln!("SKIPPED: pdftotext is missing");
        return;
    };
    let text = String::from_utf8(text.stdout).unwrap();
    for wanted in ["古丽·买买提", "Müller & Söhne 公司", "捌拾陆万元整", "VM-1 · 2 / 2"] {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
}
