//! The typeset documents, read back by independent programs.

use std::process::Command;

use jiff::Timestamp;
use vermilion_report::{ContractParty, DemoContract, Letter, demo_contract, letter};

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

#[test]
fn the_longest_letter_of_authorization_is_one_page_and_says_who_is_authorized() {
    let long = "上海（浦东）长三角国际供应链管理与信息技术服务股份有限公司";
    let it = Letter {
        number: "0123456789ab".into(),
        at: "2026-11-22T16:14:07Z".parse().expect("a timestamp"),
        organization: long.into(),
        credit_code: "91310000MA1FTRY004".into(),
        legal_representative: "古丽巴哈尔·阿卜杜热合曼".into(),
        agent: "尼玛·扎西次仁·旺堆".into(),
        agent_number: "540***********2624".into(),
        purpose: "设备采购合同 Equipment purchase contract ".repeat(5),
        server: "https://sign.example.com".into(),
    };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("letter.pdf");
    std::fs::write(&path, letter(&it).unwrap()).unwrap();
    let Ok(text) = Command::new("pdftotext").arg("-layout").arg(&path).arg("-").output() else {
        assert!(std::env::var_os("CI").is_none(), "pdftotext is missing");
        eprintln!("SKIPPED: pdftotext is missing");
        return;
    };
    let text = String::from_utf8(text.stdout).unwrap();
    // The day is China's.
    for wanted in ["91310000MA1FTRY004", "540***********2624", "1 / 1", "2026-11-23"] {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
    assert!(!text.contains("2 / 2"), "one page: {text}");
}
