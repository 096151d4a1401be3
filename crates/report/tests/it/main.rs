//! The typeset documents, read back by independent programs.

use std::path::Path;
use std::process::Command;

use jiff::Timestamp;
use vermilion_report::{
    Certification, Chain, Conditions, ContractParty, DemoContract, Letter, Party, Words, certification,
    demo_contract, letter,
};

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
    let Some(text) = text_of(&path) else { return };
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
    let Some(text) = text_of(&path) else { return };
    // The day is China's.
    for wanted in ["91310000MA1FTRY004", "540***********2624", "1 / 1", "2026-11-23"] {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
    assert!(!text.contains("2 / 2"), "one page: {text}");
}

fn words(en: &str, zh: &str) -> Words {
    Words { en: en.to_owned(), zh: zh.to_owned() }
}

/// A report of one party, who has come as far as `conditions` say.
fn report(conditions: Option<Conditions>) -> Certification {
    let at: Timestamp = "2026-11-23T02:14:07Z".parse().expect("a timestamp");
    let party = Party {
        order: 1,
        kind: "organization".into(),
        name: "王建国".into(),
        organization: Some("深圳远帆贸易有限公司".into()),
        contact: "w***@example.com".into(),
        status: "signed".into(),
        checks: Vec::new(),
        consent: None,
        conditions,
        certificate: None,
        signature: None,
    };
    Certification {
        number: "VM-1".into(),
        issued_at: at,
        server: "https://sign.example.com".into(),
        software: "Vermilion".into(),
        test_trust: false,
        sandbox: false,
        external_authority: false,
        envelope: "env_1".into(),
        title: "Lease".into(),
        status: "completed".into(),
        sender: "Wang Wei".into(),
        sender_contact: "s***@example.com".into(),
        sent_at: Some(at),
        completed_at: Some(at),
        documents: Vec::new(),
        parties: vec![party],
        events: Vec::new(),
        chain: Chain { first: 1, last: 2, head: "ab".repeat(32), intact: true },
    }
}

#[test]
fn the_report_names_policy_assurance_custody_and_will_in_both_languages() {
    let at: Timestamp = "2026-11-23T02:10:00Z".parse().expect("a timestamp");
    let conditions = Conditions {
        policy: "careful".into(),
        title: words("Branch office", "分公司"),
        version: 7,
        sha256: "0123456789abcdef".repeat(4),
        assurance: Some(words("High: compared", "高：经比对")),
        custody: Some(words("In a hardware module", "保存于硬件密码模块")),
        will: None,
        will_at: Some(at),
    };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("report.pdf");
    std::fs::write(&path, certification(&report(Some(conditions))).unwrap()).unwrap();
    assert!(certification(&report(None)).unwrap().starts_with(b"%PDF-"));
    let Some(text) = text_of(&path) else { return };
    for wanted in [
        "签署条件",
        "Conditions of signing",
        "分公司",
        "Branch office",
        "careful",
        "7",
        "0123456789abcdef",
        "高：经比对",
        "High: compared",
        "保存于硬件密码模块",
        "In a hardware module",
        "意愿确认",
        "2026-11-23 02:10:00 UTC",
    ] {
        let text = text.replace('\u{200b}', "");
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
}

/// The words of a PDF, as they stand on its pages; nothing where there is no pdftotext.
fn text_of(path: &Path) -> Option<String> {
    let Ok(text) = Command::new("pdftotext").arg("-layout").arg(path).arg("-").output() else {
        assert!(std::env::var_os("CI").is_none(), "pdftotext is missing");
        eprintln!("SKIPPED: pdftotext is missing");
        return None;
    };
    Some(String::from_utf8(text.stdout).expect("pdftotext writes UTF-8"))
}
