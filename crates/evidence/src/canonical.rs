//! RFC 8785 JSON, restricted to what the module's table allows. Anything else cannot be expressed.

use std::collections::BTreeMap;
use std::fmt::Write;

/// The greatest integer that every JSON reader holds exactly: 2⁵³ − 1.
const SAFE: i64 = 9_007_199_254_740_991;
/// How deep arrays and objects may lie in each other.
const DEPTH: usize = 8;

/// A value in an event's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A string.
    Text(String),
    /// An integer within ±(2⁵³ − 1); others are brought to the nearer bound.
    Integer(i64),
    /// A truth value.
    Bool(bool),
    /// An array.
    List(Vec<Self>),
    /// An object.
    Object(BTreeMap<String, Self>),
}

impl Value {
    /// The canonical bytes, as a string.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// Reads JSON of the restricted kind. `None` for floats, nulls, unsafe integers and deep nesting.
    #[must_use]
    pub fn from_json(json: &serde_json::Value) -> Option<Self> {
        Self::read(json, DEPTH)
    }

    /// The same as JSON.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Integer(number) => safe(*number).into(),
            Self::Bool(truth) => (*truth).into(),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Object(members) => {
                members.iter().map(|(name, value)| (name.clone(), value.to_json())).collect()
            }
        }
    }

    fn read(json: &serde_json::Value, depth: usize) -> Option<Self> {
        use serde_json::Value as Json;
        let below = depth.checked_sub(1)?;
        match json {
            Json::String(text) => Some(Self::Text(text.clone())),
            Json::Bool(truth) => Some(Self::Bool(*truth)),
            Json::Number(number) => number.as_i64().filter(|n| safe(*n) == *n).map(Self::Integer),
            Json::Array(items) => {
                items.iter().map(|item| Self::read(item, below)).collect::<Option<_>>().map(Self::List)
            }
            Json::Object(members) => members
                .iter()
                .map(|(name, value)| Some((name.clone(), Self::read(value, below)?)))
                .collect::<Option<_>>()
                .map(Self::Object),
            Json::Null => None,
        }
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Text(text) => write_string(text, out),
            Self::Integer(number) => {
                let _ = write!(out, "{}", safe(*number));
            }
            Self::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => write_object(members, out),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

macro_rules! integers {
    ($($number:ty),*) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Integer(safe(i64::try_from(number).unwrap_or(i64::MAX)))
            }
        }
    )*};
}
integers!(i64, u8, u32, u64, usize);

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

fn safe(number: i64) -> i64 {
    number.clamp(-SAFE, SAFE)
}

/// RFC 8785 §3.2.3: by UTF-16 code units, which differs from UTF-8 order beyond the Basic Multilingual Plane.
fn write_object(members: &BTreeMap<String, Value>, out: &mut String) {
    let mut sorted: Vec<_> = members.iter().collect();
    sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    out.push('{');
    for (index, (name, value)) in sorted.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(name, out);
        out.push(':');
        value.write(out);
    }
    out.push('}');
}

/// RFC 8785 §3.2.2.2.
fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if control < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn members_are_sorted_by_utf_16_as_rfc_8785_section_3_2_3_shows() {
        let json = serde_json::json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis"
        });
        assert_eq!(
            Value::from_json(&json).unwrap().canonical(),
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\
             \"\u{20ac}\":\"Euro Sign\",\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"
        );
    }

    #[test]
    fn strings_are_escaped_as_rfc_8785_section_3_2_2_says() {
        let text = "\u{20ac}$\u{f}\nA'B\"\\\\\"/";
        assert_eq!(Value::from(text).canonical(), "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
    }

    #[test]
    fn floats_nulls_unsafe_integers_and_deep_nesting_have_no_encoding() {
        let deep = (0..20).fold(serde_json::json!(1), |inner, _| serde_json::json!([inner]));
        for bad in [
            serde_json::json!(1.5),
            serde_json::json!(null),
            serde_json::json!([9_007_199_254_740_992_i64]),
            deep,
        ] {
            assert_eq!(Value::from_json(&bad), None, "{bad}");
        }
        assert_eq!(Value::from(u64::MAX).canonical(), "9007199254740991");
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<String>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
                prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(Value::Object),
            ]
        })
    }

    proptest! {
        #[test]
        fn canonical_json_reads_back_and_stays_the_same(value in values()) {
            let canonical = value.canonical();
            let json: serde_json::Value = serde_json::from_str(&canonical).unwrap();
            let read = Value::from_json(&json).unwrap();
            prop_assert_eq!(&read.canonical(), &canonical);
            prop_assert_eq!(read.to_json(), json);
        }
    }
}
