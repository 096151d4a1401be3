//! Writing objects (ISO 32000-2, 7.3).

use std::io::Write;

use crate::{Dict, Name, Object, PdfString};

/// Deepest nesting that is written.
const MOST_DEPTH: usize = 128;

/// Appends the written form of an object that is no stream; says why where it has none.
pub(crate) fn object(out: &mut Vec<u8>, value: &Object) -> Result<(), &'static str> {
    write(out, value, 0)
}

/// Appends a dictionary.
pub(crate) fn dict(out: &mut Vec<u8>, value: &Dict) -> Result<(), &'static str> {
    write_dict(out, value, 0)
}

fn write(out: &mut Vec<u8>, value: &Object, depth: usize) -> Result<(), &'static str> {
    if depth > MOST_DEPTH {
        return Err("it nests too deep");
    }
    match value {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Bool(true) => out.extend_from_slice(b"true"),
        Object::Bool(false) => out.extend_from_slice(b"false"),
        Object::Integer(number) => integer(out, *number),
        Object::Real(number) => real(out, *number),
        Object::String(value) => string(out, value),
        Object::Name(value) => name(out, value),
        Object::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b' ');
                }
                write(out, item, depth + 1)?;
            }
            out.push(b']');
        }
        Object::Dictionary(value) => write_dict(out, value, depth)?,
        Object::Stream(_) => return Err("a stream must be an object by itself"),
        Object::Reference(reference) => {
            integer(out, i64::from(reference.number));
            out.push(b' ');
            integer(out, i64::from(reference.generation));
            out.extend_from_slice(b" R");
        }
    }
    Ok(())
}

fn write_dict(out: &mut Vec<u8>, value: &Dict, depth: usize) -> Result<(), &'static str> {
    out.extend_from_slice(b"<<");
    for (key, value) in value.iter() {
        name(out, key);
        if !matches!(value, Object::Name(_) | Object::Array(_) | Object::Dictionary(_) | Object::String(_)) {
            out.push(b' ');
        }
        write(out, value, depth + 1)?;
    }
    out.extend_from_slice(b">>");
    Ok(())
}

pub(crate) fn integer(out: &mut Vec<u8>, number: i64) {
    // Writing to a vector cannot fail.
    let _ = write!(out, "{number}");
}

/// Without an exponent, which PDF does not know.
fn real(out: &mut Vec<u8>, number: f64) {
    let number = if number.is_finite() && number != 0.0 { number } else { 0.0 };
    let start = out.len();
    let _ = write!(out, "{number}");
    // So that it is read back as a real number, as it was.
    if !out.get(start..).unwrap_or_default().contains(&b'.') {
        out.push(b'.');
        out.push(b'0');
    }
}

fn name(out: &mut Vec<u8>, name: &Name) {
    out.push(b'/');
    for byte in name.as_bytes() {
        if byte.is_ascii_graphic() && *byte != b'#' && crate::lexer::is_regular(*byte) {
            out.push(*byte);
        } else {
            out.push(b'#');
            out.extend(hex(*byte));
        }
    }
}

fn string(out: &mut Vec<u8>, value: &PdfString) {
    // Control bytes in a literal string would have to be escaped one by one.
    let is_plain = |b: &u8| b.is_ascii_graphic() || *b == b' ' || *b >= 0x80;
    if value.hex || !value.bytes.iter().all(is_plain) {
        out.push(b'<');
        out.extend(value.bytes.iter().flat_map(|byte| hex(*byte)));
        out.push(b'>');
        return;
    }
    out.push(b'(');
    for byte in &value.bytes {
        if matches!(byte, b'(' | b')' | b'\\') {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    out.push(b')');
}

pub(crate) fn hex(byte: u8) -> [u8; 2] {
    [byte >> 4, byte & 15].map(|nibble| nibble + if nibble < 10 { b'0' } else { b'a' - 10 })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::parser::Parser;
    use crate::{Limits, Ref};

    fn objects() -> impl Strategy<Value = Object> {
        let leaf = prop_oneof![
            Just(Object::Null),
            any::<bool>().prop_map(Object::Bool),
            any::<i64>()
                .prop_filter("i64::MIN reads as a real", |n| *n != i64::MIN)
                .prop_map(Object::Integer),
            (-1.0e9..1.0e9_f64).prop_map(Object::Real),
            (any::<Vec<u8>>(), any::<bool>())
                .prop_map(|(bytes, hex)| Object::String(PdfString { bytes, hex })),
            any::<Vec<u8>>().prop_map(|bytes| Object::Name(Name::from_bytes(&bytes))),
            (any::<u32>(), any::<u16>()).prop_map(|(n, g)| Object::Reference(Ref::new(n, g))),
        ];
        leaf.prop_recursive(4, 64, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Object::Array),
                prop::collection::vec((any::<Vec<u8>>(), inner), 0..8).prop_map(|entries| {
                    let entries = entries.into_iter().map(|(key, value)| (Name::from_bytes(&key), value));
                    Object::Dictionary(entries.collect())
                }),
            ]
        })
    }

    /// Strings that cannot stand in a literal come back as hexadecimal: the bytes count.
    fn without_form(object: Object) -> Object {
        match object {
            Object::String(string) => Object::string(string.bytes),
            Object::Array(items) => Object::Array(items.into_iter().map(without_form).collect()),
            Object::Dictionary(dict) => {
                Object::Dictionary(dict.iter().map(|(k, v)| (k.clone(), without_form(v.clone()))).collect())
            }
            other => other,
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(object in objects()) {
            let mut out = Vec::new();
            super::object(&mut out, &object).expect("no streams in it");
            let read = Parser::new(&out, true, &Limits::default()).value().expect("own output");
            prop_assert_eq!(without_form(read), without_form(object));
        }

        #[test]
        fn random_bytes_never_panic(bytes in any::<Vec<u8>>(), is_final in any::<bool>()) {
            let limits = Limits::default();
            let _ = Parser::new(&bytes, is_final, &limits).indirect();
            let _ = Parser::new(&bytes, is_final, &limits).value_spans();
            let mut lexer = crate::lexer::Lexer::new(&bytes, is_final);
            while lexer.token().is_ok() {}
        }

        #[test]
        fn random_syntax_never_panics(text in "[\\[\\]<>(){}/%0-9a-fR \\\\\n.+-]{0,200}") {
            let limits = Limits::default();
            let _ = Parser::new(text.as_bytes(), true, &limits).value();
            let _ = Parser::new(format!("1 0 obj {text}").as_bytes(), false, &limits).indirect();
        }
    }
}
