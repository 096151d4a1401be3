//! Whom an answer says it is about. Most answers of face checks name nobody (docs/identity-providers.md): then the question
//! that it answers, by the transaction in our signed request, is all that binds it to a person.

use domain::Name;
use serde_json::Value;

use crate::error::Fault;
use crate::json::{parse, text};
use crate::person::PersonCheck;

/// Passes an answer that names nobody, or the person who was asked about: number and name, as far as they are not masked.
/// `told` is an object, or text with one in it.
pub(crate) fn same_person(check: &PersonCheck, told: Option<&Value>) -> Result<(), Fault> {
    let inner;
    let told = match told {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::String(it)) if it.trim().is_empty() || it == "null" => return Ok(()),
        Some(Value::String(it)) => {
            inner = parse(it.as_bytes())?;
            &inner
        }
        Some(it) => it,
    };
    if !told.is_object() {
        return Err(Fault::Malformed("whom it is about cannot be read"));
    }
    let find =
        |names: [&str; 3]| names.into_iter().find_map(|name| text(told, name)).filter(|it| !it.is_empty());
    if let Some(number) = find(["cert_no", "certNo", "CertNo"])
        && !same_text(&number, check.document.reveal())
    {
        return Err(Fault::Replayed("it is about another document"));
    }
    if let Some(name) = find(["cert_name", "certName", "CertName"]) {
        let whole = Name::parse(&name).is_ok_and(|name| name == check.name);
        if !(whole || name.contains('*') && same_text(&name, check.name.as_str())) {
            return Err(Fault::Replayed("it is about somebody else"));
        }
    }
    Ok(())
}

/// Asterisks stand for one character each; where they stand for several, nothing can be compared.
fn same_text(told: &str, known: &str) -> bool {
    let masked = told.contains('*');
    if told.chars().count() != known.chars().count() {
        return masked;
    }
    told.chars()
        .zip(known.chars())
        .all(|(told, known)| (masked && told == '*') || told.eq_ignore_ascii_case(&known))
}

#[cfg(test)]
mod tests {
    use domain::{IdDocument, IdKind};
    use serde_json::json;

    use super::*;
    use crate::person::PersonMethod;

    #[test]
    fn an_answer_about_somebody_else_is_no_answer() {
        let at = "2026-11-23T04:00:00Z".parse().expect("a time");
        let document = IdDocument::parse(IdKind::ResidentId, "11010519860214102X", at).expect("a number");
        let name = Name::parse("陈晓雨").expect("a name");
        let check = PersonCheck::new("1", PersonMethod::FaceAlipay, name, document);
        let ask = |told: Value| same_person(&check, Some(&told));
        for nobody in
            [json!(null), json!(""), json!("null"), json!("{}"), json!({}), json!({ "user_id": "2088" })]
        {
            assert_eq!(ask(nobody.clone()), Ok(()), "{nobody}");
        }
        for them in [
            json!({ "cert_no": "11010519860214102x", "cert_name": "陈晓雨" }),
            json!(r#"{"certNo":"1****************X","certName":"*晓雨"}"#),
            json!({ "cert_no": "1101**02X", "cert_name": "陈**" }),
        ] {
            assert_eq!(ask(them.clone()), Ok(()), "{them}");
        }
        let another = Err(Fault::Replayed("it is about another document"));
        assert_eq!(ask(json!({ "cert_no": "310101199007265411", "cert_name": "陈晓雨" })), another);
        assert_eq!(ask(json!({ "certNo": "3****************1" })), another);
        let else_ = Err(Fault::Replayed("it is about somebody else"));
        assert_eq!(ask(json!({ "cert_no": "11010519860214102X", "cert_name": "王建国" })), else_);
        assert_eq!(ask(json!(r#"{"CertName":"王**"}"#)), else_);
        for unread in [json!("somebody"), json!("[1]"), json!(7)] {
            assert!(matches!(ask(unread.clone()), Err(Fault::Malformed(_))), "{unread}");
        }
    }
}
