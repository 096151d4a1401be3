//! What pyHanko signs, at each level and with each kind of key, is called what it is.

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use jiff::Timestamp;
use pades::{Code, Indication, Kind, Policy, PolicyDocument, PolicyRule, StampKind, SubIndication};
use pdf::XrefKind;
use pki::Certificate;
use testkit::tool;
use vermilion_pades as pades;

use crate::support::{open, sample};

#[test]
fn what_pyhanko_signs_is_called_what_it_is() {
    let Some(python) = tool("python3") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let input = folder.path().join("input.pdf");
    fs::write(&input, sample(XrefKind::Table, 2)).expect("written");
    let script = testkit::checkout().join("conformance/pyhanko_signs.py");
    let output =
        python.command().arg(&script).arg(&input).arg(folder.path()).output().expect("Python starts");
    if output.status.code() == Some(3) {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "pyHanko is missing, and CI must not skip");
        eprintln!("SKIPPED: this Python has no pyHanko");
        return;
    }
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let read = |name: &str| fs::read(folder.path().join(name)).expect("a file");
    let root = Certificate::from_pem(&String::from_utf8_lossy(&read("root.pem"))).expect("a root");
    #[expect(clippy::disallowed_methods, reason = "pyHanko signs by the real clock")]
    let now = Timestamp::now() + Duration::from_secs(1);
    let mut policy = Policy::new(vec![root], now);
    policy.signature_policy = PolicyRule::Required;
    policy.signature_policies = vec![PolicyDocument::new("1.2.3.4.5", read("policy.bin"))];
    let mut seen = BTreeMap::new();
    for line in said.lines() {
        let [name, level, expectation] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("an odd line: {line}");
        };
        let file = read(&format!("{name}.pdf"));
        let validation = pades::examine(&open(&file), &policy, None);
        crate::etsi::check(&validation.etsi_xml().expect("a report"));
        let report = validation.into_report();
        let one = report.signatures.first().expect("a signature");
        let text = report.text(pades::Lang::En);
        assert_eq!(one.level.as_str(), level, "{name}: {text}");
        match expectation {
            "passed" => {
                assert_eq!(one.indication, Indication::TotalPassed, "{name}: {text}");
                assert!(report.signatures.iter().all(|one| one.indication == Indication::TotalPassed));
            }
            _ => {
                assert_eq!(one.indication, Indication::Indeterminate, "{name}: {text}");
                assert_eq!(one.sub_indication, Some(SubIndication::TryLater), "{name}: {text}");
            }
        }
        seen.insert(name.to_owned(), report);
    }
    assert_eq!(seen.len(), 12);
    let has = |name: &str, code| seen[name].signatures[0].reasons.iter().any(|it| it.code == code);
    assert!(has("epes", Code::PolicyMatches));
    assert!(has("pkcs7", Code::NotPadesSubFilter) && has("pkcs7", Code::SigningTimeAttribute));
    let stamps = &seen["content-stamp"].signatures[0].time_stamps;
    assert!(stamps.iter().any(|stamp| stamp.kind == StampKind::Content && stamp.trusted), "{stamps:?}");
    assert_eq!(seen["b-lta"].signatures[1].kind, Kind::DocTimestamp);
}
