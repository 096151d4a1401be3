//! Notices: what a provider sends to us without being asked.
//!
//! A notice only says that polling is worth while, signed or not.

use std::collections::BTreeMap;

/// An HTTP request that came to the callback address.
#[derive(Clone, Default)]
pub struct Received {
    /// The query, without `?`.
    pub query: String,
    /// The body of a POST.
    pub body: Vec<u8>,
}

/// A notice that may be acted upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The transaction that is to be polled, by the provider's number.
    pub transaction: Option<String>,
    /// The order, by the number that the provider was given; see [`crate::PersonProvider::order_number`].
    pub order_number: Option<String>,
    /// What the provider waits to hear.
    pub reply: NoticeReply,
}

/// What a provider waits to hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeReply {
    /// The status.
    pub status: u16,
    /// The body, plain text.
    pub body: &'static str,
}

/// The fields of a form or query, decoded; of names that stand twice, the last.
pub(crate) fn fields(form: &str) -> BTreeMap<String, String> {
    form.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// `application/x-www-form-urlencoded`, read: `+` is a space.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let escaped = match (first, after) {
            (b'%', [high, low, ..]) => hex_digit(*high).zip(hex_digit(*low)).map(|(h, l)| h * 16 + l),
            _ => None,
        };
        match escaped {
            Some(byte) => {
                bytes.push(byte);
                rest = rest.get(2..).unwrap_or_default();
            }
            None => bytes.push(if *first == b'+' { b' ' } else { *first }),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// RFC 3986: all but letters, digits, `-`, `.`, `_` and `~` is escaped.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// `a=1&b=2`, escaped.
pub(crate) fn form<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs: Vec<String> =
        fields.into_iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms_are_read_as_browsers_write_them() {
        let read = fields("a=1+2&b=%E5%BC%A0&c&d=%zz%4&a=3");
        let expected = [("a", "3"), ("b", "张"), ("c", ""), ("d", "%zz%4")];
        assert_eq!(read, expected.map(|(n, v)| (n.to_owned(), v.to_owned())).into());
        assert_eq!(encode("张 +~*"), "%E5%BC%A0%20%2B~%2A");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(name in "\\PC{1,8}", value in "\\PC{0,16}") {
            let read = fields(&form([(name.as_str(), value.as_str())]));
            prop_assert_eq!(read.get(&name), Some(&value));
        }
    }
}
