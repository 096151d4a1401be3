//! Reading answers: leniently where providers vary (numbers as texts), never where it decides.

use std::ops::Range;

use serde_json::Value;

use crate::error::Fault;

/// A text; a number is taken for its digits, `null` and an empty text for nothing.
pub(crate) fn text(value: &Value, name: &str) -> Option<String> {
    match value.get(name)? {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A text that must be there.
pub(crate) fn required(value: &Value, name: &str, missing: &'static str) -> Result<String, Fault> {
    text(value, name).ok_or(Fault::Malformed(missing))
}

pub(crate) fn parse(bytes: &[u8]) -> Result<Value, Fault> {
    serde_json::from_slice(bytes).map_err(|_| Fault::Malformed("it is not JSON"))
}

/// A likeness in percent, rounded down: `87.5`, `"87.50"`, and `0.875` where `whole` says that 1 is all.
pub(crate) fn percent(value: Option<String>, whole: f64) -> Option<u8> {
    let score: f64 = value?.trim().parse().ok()?;
    let percent = (score / whole * 100.0).floor();
    (0..=100u8).rev().find(|n| f64::from(*n) <= percent)
}

/// The members of a JSON object as they stand: name, and where the value's bytes are.
///
/// The signature of an answer is over exactly those bytes, so that they must not be written anew. The text must be JSON;
/// a name that stands twice is refused, since readers differ in which of the two they take.
pub(crate) fn members(json: &[u8]) -> Result<Vec<(String, Range<usize>)>, Fault> {
    if !parse(json)?.is_object() {
        return Err(Fault::Malformed("it is no JSON object"));
    }
    let mut found: Vec<(String, Range<usize>)> = Vec::new();
    let mut scan = Scan { json, at: 0 };
    scan.expect(b'{');
    loop {
        scan.space();
        if scan.peek() == Some(b'}') || scan.peek().is_none() {
            break;
        }
        let name = scan.value();
        let name: String = serde_json::from_slice(json.get(name).unwrap_or_default())
            .map_err(|_| Fault::Malformed("a name is no text"))?;
        scan.expect(b':');
        scan.space();
        let value = scan.value();
        if found.iter().any(|(known, _)| *known == name) {
            return Err(Fault::Malformed("a name stands twice"));
        }
        found.push((name, value));
        scan.space();
        if scan.peek() == Some(b',') {
            scan.at += 1;
        }
    }
    Ok(found)
}

/// Walks over bytes that are known to be JSON.
struct Scan<'a> {
    json: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.json.get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) {
        self.space();
        if self.peek() == Some(byte) {
            self.at += 1;
        }
    }

    /// Goes past one value.
    fn value(&mut self) -> Range<usize> {
        let start = self.at;
        let mut depth = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.string();
                    if depth == 0 {
                        break;
                    }
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 0 => break,
                b'}' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += 1;
                        break;
                    }
                }
                b',' | b':' if depth == 0 => break,
                byte if depth == 0 && byte.is_ascii_whitespace() => break,
                _ => {}
            }
            self.at += 1;
        }
        start..self.at
    }

    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn members_are_cut_as_they_stand() {
        let json = br#" { "a" : {"x":"}\"{", "y":[1,{}]} ,"b":"\\","c": -1.5e3 , "d":null}"#;
        let cut: Vec<_> = members(json)
            .unwrap()
            .into_iter()
            .map(|(name, range)| (name, String::from_utf8_lossy(&json[range]).into_owned()))
            .collect();
        let expected =
            [("a", r#"{"x":"}\"{", "y":[1,{}]}"#), ("b", r#""\\""#), ("c", "-1.5e3"), ("d", "null")];
        assert_eq!(cut, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn what_readers_differ_in_is_refused() {
        for bad in ["", "[]", "{", r#"{"a":1,"a":2}"#, r#"{"a":1,"\u0061":2}"#] {
            assert!(members(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn scores_are_rounded_down() {
        for (score, whole, expected) in [
            ("87.50", 100.0, Some(87)),
            ("100", 100.0, Some(100)),
            ("0.875", 1.0, Some(87)),
            ("-1", 100.0, None),
            ("x", 100.0, None),
        ] {
            assert_eq!(percent(Some(score.to_owned()), whole), expected, "{score}");
        }
        assert_eq!(percent(None, 100.0), None);
    }

    proptest! {
        #[test]
        fn values_are_cut_whole(names in proptest::collection::btree_set("[a-z\"\\\\]{1,4}", 0..5), text in "\\PC{0,12}") {
            let value: Value = names
                .iter()
                .enumerate()
                .map(|(n, name)| (name.clone(), serde_json::json!([{ "n": n, "t": text }, text])))
                .collect::<serde_json::Map<_, _>>()
                .into();
            let json = serde_json::to_vec_pretty(&value).unwrap();
            let cut = members(&json).unwrap();
            prop_assert_eq!(cut.len(), names.len());
            for (name, range) in cut {
                prop_assert_eq!(&parse(&json[range]).unwrap(), &value[&name]);
            }
        }

        #[test]
        fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = members(&bytes);
        }
    }
}
