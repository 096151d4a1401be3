//! What `verify` is told beside the file: documents of policies, tables of algorithms, several files.

use pki::DigestAlgorithm;

use crate::support::Desk;

#[test]
fn the_document_of_a_policy_is_compared_with_what_was_signed() {
    let desk = Desk::new();
    desk.put("policy.txt", b"We sign what we read.");
    desk.put("other.txt", b"We read what we sign.");
    let digest = hex::encode(DigestAlgorithm::Sha256.digest(b"We sign what we read."));
    let policy = format!("1.2.3.4:sha256:{digest}");
    let (code, _, said) = desk.sign(&["-o", "signed.pdf", "--policy", &policy]);
    assert_eq!(code, 0, "{said}");
    let codes = |more: &[&str]| {
        let (_, verdict) = desk.verdict("signed.pdf", more);
        verdict["signatures"][0]["reasons"].to_string()
    };
    assert!(codes(&[]).contains("policy_missing"));
    for document in ["1.2.3.4=policy.txt", "policy.txt"] {
        let found = codes(&["--policy-document", document]);
        assert!(found.contains("policy_matches") && !found.contains("policy_missing"), "{document}: {found}");
    }
    let (code, verdict) = desk.verdict("signed.pdf", &["--policy-document", "1.2.3.4=other.txt"]);
    assert!(code != 0 && verdict.to_string().contains("policy_differs"), "{verdict}");
    // Nobody says whose policy the other one is.
    let verify = ["verify", "signed.pdf", "--trust", "root.pem", "--policy-document", "other.txt"];
    let (_, _, said) = desk.run(&verify);
    assert!(said.contains("no signature in signed.pdf binds the policy other.txt"), "{said}");
    assert!(codes(&["--policy-document", "other.txt"]).contains("policy_missing"));
    let (code, _, said) = desk.run(&["verify", "signed.pdf", "--policy-document", "1.2.3.4=missing.txt"]);
    assert_eq!((code, said.contains("missing.txt")), (65, true), "{said}");
}

#[test]
fn a_table_says_until_when_algorithms_are_accepted() {
    let desk = Desk::new();
    assert_eq!(desk.sign(&["-o", "signed.pdf"]).0, 0);
    desk.put("strict.json", br#"{"digests": {"sha256": "2020-01-01T00:00:00Z"}, "keys": []}"#);
    desk.put("lax.json", br#"{"digests": {}, "keys": []}"#);
    let (_, strict) = desk.verdict("signed.pdf", &["--constraints", "strict.json"]);
    let (_, lax) = desk.verdict("signed.pdf", &["--constraints", "lax.json"]);
    assert!(strict.to_string().contains("2020-01-01"), "{strict}");
    assert!(!lax.to_string().contains("2020-01-01"), "{lax}");
    desk.put("none.json", b"[]");
    let (code, _, said) = desk.run(&["verify", "signed.pdf", "--constraints", "none.json"]);
    assert_eq!((code, said.contains("no table of algorithms")), (65, true), "{said}");
}

#[test]
fn many_files_are_judged_at_once_and_told_in_order() {
    let desk = Desk::new();
    assert_eq!(desk.sign(&["-o", "signed.pdf"]).0, 0);
    let names: Vec<String> = (0..24).map(|number| format!("{number:02}.pdf")).collect();
    for (number, name) in names.iter().enumerate().filter(|(number, _)| number % 5 != 4) {
        desk.put(name, &desk.bytes(if number % 2 == 0 { "signed.pdf" } else { "contract.pdf" }));
    }
    let mut verify = vec!["verify", "--format", "json"];
    verify.extend(names.iter().map(String::as_str));
    let (code, out, said) = desk.run(&verify);
    assert_eq!(code, 65, "{said}");
    let lines: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str(line).expect("JSON Lines")).collect();
    let told: Vec<&str> = lines.iter().filter_map(|line| line["file"].as_str()).collect();
    assert_eq!(told, names);
    for (number, line) in lines.iter().enumerate() {
        assert_eq!(line["error"].is_string(), number % 5 == 4, "{line}");
        let signed = line["signatures"].as_array().is_some_and(|all| all.len() == 1);
        assert_eq!(signed, number % 5 != 4 && number % 2 == 0, "{line}");
    }
    let missing: Vec<&str> = said.lines().filter_map(|line| line.split(": ").nth(1)).collect();
    assert_eq!(missing, ["04.pdf", "09.pdf", "14.pdf", "19.pdf"]);
}
