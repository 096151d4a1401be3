use super::*;
use crate::{CreditCode, Name};

fn account() -> Publisher {
    Publisher::Account("acc_0192f0c1a2b37c4d8e5f60718293a4b5".parse().unwrap())
}

fn organization() -> Publisher {
    let author = Author {
        credit_code: CreditCode::parse("91110105MA01CHEN75").unwrap(),
        name: Name::parse("北京朱砂科技有限公司").unwrap(),
    };
    Publisher::Organization("org_0192f0c1a2b37c4d8e5f60718293a4b5".parse().unwrap(), author)
}

fn draft() -> Draft {
    Draft {
        name: "hr-contracts".to_owned(),
        title: Title { en: "HR  contracts".to_owned(), zh_cn: "人事合同".to_owned() },
        identity: IdentityRule { assurance: Assurance::High, max_age_days: Some(30) },
        custody: vec![Custody::Pkcs11, Custody::Passkey, Custody::Passkey],
        will: WillCheck::Code,
        time: TimeRule::Trusted,
        level: SignatureLevel::Lta,
    }
}

/// Signatures name these bytes for ever: a change is a new version.
#[test]
fn the_standard_policy_is_these_bytes() {
    let standard = SigningPolicy::built_in(SigningPolicy::DEFAULT).unwrap();
    let text = concat!(
        r#"{"identity":{"assurance":"substantial","max_age_days":null},"#,
        r#""key":{"custody":["device","passkey","pin","pkcs11"]},"level":"PAdES-B-LT","name":"standard","#,
        r#""publisher":"vermilion","time":"trusted","title":{"en":"Standard","zh-CN":"标准"},"#,
        r#""type":"vermilion-signing-policy","version":1,"will":"key"}"#
    );
    assert_eq!(String::from_utf8(standard.canonical()).unwrap(), text);
}

#[test]
fn members_are_sorted_and_only_the_canonical_form_reads_back() {
    let own = SigningPolicy::write(draft(), account(), 3).unwrap();
    assert_eq!(own.key.custody, [Custody::Passkey, Custody::Pkcs11]);
    assert_eq!(own.title.en, "HR contracts");
    let of_an_organization = SigningPolicy::write(draft(), organization(), 1).unwrap();
    for policy in SigningPolicy::all_built_in().into_iter().chain([own, of_an_organization]) {
        let bytes = policy.canonical();
        let sorted: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(serde_json::to_vec(&sorted).unwrap(), bytes, "serde_json's maps are sorted");
        assert_eq!(SigningPolicy::from_canonical(&bytes), Some(policy));
        let spaced = String::from_utf8(bytes).unwrap().replace(",\"key\"", ", \"key\"");
        assert_eq!(SigningPolicy::from_canonical(spaced.as_bytes()), None);
    }
}

#[test]
fn what_cannot_be_kept_is_not_written() {
    let refused = |change: fn(&mut Draft)| {
        let mut draft = draft();
        change(&mut draft);
        SigningPolicy::write(draft, account(), 1).unwrap_err()
    };
    let invalid = |what| Refusal::PolicyInvalid { what };
    assert_eq!(refused(|it| it.name = "strict".to_owned()), invalid("name"));
    assert_eq!(refused(|it| it.name = "Own Name".to_owned()), invalid("name"));
    assert_eq!(refused(|it| it.custody.clear()), invalid("custody"));
    assert_eq!(refused(|it| it.identity.max_age_days = Some(0)), invalid("max_age_days"));
    assert_eq!(refused(|it| it.title.zh_cn = " ".to_owned()), invalid("title"));
    // Nobody's policy is called as one that is built in.
    assert_eq!(refused(|it| it.title.en = "Strict".to_owned()), invalid("title"));
    assert_eq!(refused(|it| it.title.en = " « STRICT » ".to_owned()), invalid("title"));
    assert_eq!(refused(|it| it.title.zh_cn = "严格".to_owned()), invalid("title"));
    assert_eq!(refused(|it| it.title.en = "标准".to_owned()), invalid("title"));
}

#[test]
fn the_will_is_a_word_or_a_choice_and_a_face_is_never_the_only_way() {
    let write = |will| SigningPolicy::write(Draft { will, ..draft() }, account(), 1);
    use WillWay::{Email, Face, Sms};
    let own = write(WillCheck::AnyOf(vec![Sms, Face, Sms, Email])).unwrap();
    let text = String::from_utf8(own.canonical()).unwrap();
    assert!(text.ends_with(r#""version":1,"will":["email","face","sms"]}"#), "{text}");
    assert_eq!(SigningPolicy::from_canonical(text.as_bytes()), Some(own));
    assert_eq!(write(WillCheck::AnyOf(vec![Face])), Err(Refusal::PolicyInvalid { what: "will" }));
    assert_eq!(write(WillCheck::AnyOf(Vec::new())).unwrap().will, WillCheck::Key);
    // The word of before reads back as it was, and means a code to the phone.
    let old = write(WillCheck::Code).unwrap();
    assert!(String::from_utf8(old.canonical()).unwrap().ends_with(r#""will":"code"}"#));
    assert_eq!(SigningPolicy::from_canonical(&old.canonical()).unwrap().will.ways(), [Sms]);
    let unknown = text.replace("\"face\"", "\"fax\"");
    assert_eq!(SigningPolicy::from_canonical(unknown.as_bytes()), None);
}

#[test]
fn a_digest_makes_an_object_identifier() {
    assert_eq!(oid(&[0xff; 32]), format!("{ARC}.2147483647.2147483647.2147483647.2147483647"));
    let mut digest = [0; 32];
    digest[3] = 7;
    digest[16] = 1;
    assert_eq!(oid(&digest), format!("{ARC}.7.0.0.0"));
}

/// Who wrote it is in the document, and so under its digest; what accounts wrote before keeps theirs.
#[test]
fn an_organizations_policy_names_it_and_another_organizations_is_another() {
    let own = SigningPolicy::write(draft(), organization(), 1).unwrap();
    let text = String::from_utf8(own.canonical()).unwrap();
    let named = concat!(
        r#""name":"hr-contracts","organization":{"credit_code":"91110105MA01CHEN75","name":"北京朱砂科技有限公司"},"#,
        r#""publisher":"org_0192f0c1a2b37c4d8e5f60718293a4b5","#
    );
    assert!(text.contains(named), "{text}");
    assert_eq!(own.written_by(), "北京朱砂科技有限公司 (91110105MA01CHEN75)");
    let of_account = SigningPolicy::write(draft(), account(), 1).unwrap();
    assert!(!String::from_utf8(of_account.canonical()).unwrap().contains("organization"));
    assert_eq!(of_account.written_by(), "acc_0192f0c1a2b37c4d8e5f60718293a4b5");
    // Neither a code that is none nor a name that hides something reads as a policy.
    for (from, to) in [
        ("91110105MA01CHEN75", "91110105MA01CHEN76"),
        ("北京朱砂科技有限公司", "北京朱砂科技\\u0007有限公司"),
        ("北京朱砂科技有限公司", " 北京朱砂科技有限公司"),
        (r#""name":"北京"#, r#""motto":"x","name":"北京"#),
    ] {
        assert_eq!(SigningPolicy::from_canonical(text.replace(from, to).as_bytes()), None, "{to}");
    }
}

#[test]
fn a_reference_reads_back_and_names_nothing_that_there_cannot_be() {
    let id = "org_0192f0c1a2b37c4d8e5f60718293a4b5";
    for text in ["standard", &format!("{id}/standard"), &format!("{id}/hr-contracts")] {
        assert_eq!(PolicyRef::parse(text).unwrap().to_string(), text);
    }
    assert_eq!(PolicyRef::parse("hr").unwrap().organization(), None);
    assert_eq!(PolicyRef::parse(&format!("{id}/hr")).unwrap().organization(), id.parse().ok());
    for text in
        ["", "Own Name", "/hr", "org_1/hr", &format!("{id}/"), &format!("{id}/a/b"), &format!("acc{id}/a")]
    {
        assert_eq!(PolicyRef::parse(text), None, "{text}");
    }
}
