//! Distinguished Encoding Rules (ITU-T X.690 §10): a reader that borrows, and functions that write.
//!
//! Why not the types of an ASN.1 crate: a signature is judged over the bytes that were signed, so those are kept
//! and never encoded anew; dates before 1970 and names in old string types are legal here and not there; and
//! reading without allocation is what makes a signature cost microseconds.
use crate::ParseError;

/// Tag of BOOLEAN.
pub const BOOLEAN: u8 = 0x01;
/// Tag of INTEGER.
pub const INTEGER: u8 = 0x02;
/// Tag of BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// Tag of OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// Tag of NULL.
pub const NULL: u8 = 0x05;
/// Tag of OBJECT IDENTIFIER.
pub const OID: u8 = 0x06;
/// Tag of ENUMERATED.
pub const ENUMERATED: u8 = 0x0a;
/// Tag of UTF8String.
pub const UTF8_STRING: u8 = 0x0c;
/// Tag of PrintableString.
pub const PRINTABLE_STRING: u8 = 0x13;
/// Tag of IA5String.
pub const IA5_STRING: u8 = 0x16;
/// Tag of UTCTime.
pub const UTC_TIME: u8 = 0x17;
/// Tag of GeneralizedTime.
pub const GENERALIZED_TIME: u8 = 0x18;
/// Tag of SEQUENCE, SEQUENCE OF.
pub const SEQUENCE: u8 = 0x30;
/// Tag of SET, SET OF.
pub const SET: u8 = 0x31;

/// `[n]`, primitive (IMPLICIT over a primitive type).
pub const fn context(n: u8) -> u8 {
    0x80 | n
}

/// `[n]`, constructed (EXPLICIT, or IMPLICIT over a constructed type).
pub const fn context_constructed(n: u8) -> u8 {
    0xa0 | n
}

/// One element: tag, content octets, and the whole with its header.
#[derive(Clone, Copy, Debug)]
pub struct Tlv<'a> {
    /// The identifier octet.
    pub tag: u8,
    /// The content octets.
    pub value: &'a [u8],
    /// The whole element.
    pub raw: &'a [u8],
    /// Where `value` starts in the outermost input.
    pub value_start: usize,
    /// Where `raw` starts in the outermost input.
    pub raw_start: usize,
}

impl<'a> Tlv<'a> {
    /// A reader over the content.
    pub fn reader(&self, what: &'static str) -> Reader<'a> {
        Reader { rest: self.value, offset: self.value_start, what }
    }

    /// Where `value` stands in the outermost input.
    pub fn value_range(&self) -> std::ops::Range<usize> {
        self.value_start..self.value_start.saturating_add(self.value.len())
    }

    /// Where `raw` stands in the outermost input.
    pub fn raw_range(&self) -> std::ops::Range<usize> {
        self.raw_start..self.raw_start.saturating_add(self.raw.len())
    }
}

/// Reads one element after another. Lengths must be definite and minimal; tags have one octet.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
    what: &'static str,
}

impl<'a> Reader<'a> {
    /// Reads `bytes`; errors say that `what` is malformed.
    pub fn new(bytes: &'a [u8], what: &'static str) -> Self {
        Self { rest: bytes, offset: 0, what }
    }

    /// The error of what is being read.
    pub fn error(&self) -> ParseError {
        ParseError::malformed(self.what)
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next tag.
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The bytes not yet read.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next element.
    #[expect(clippy::should_implement_trait, reason = "fails, and an iterator would go on after a failure")]
    pub fn next(&mut self) -> Result<Tlv<'a>, ParseError> {
        let (tag, header, length) = header(self.rest).ok_or_else(|| self.error())?;
        let total = header.checked_add(length).ok_or_else(|| self.error())?;
        let (raw, rest) = self.rest.split_at_checked(total).ok_or_else(|| self.error())?;
        let value = raw.get(header..).ok_or_else(|| self.error())?;
        let tlv =
            Tlv { tag, value, raw, value_start: self.offset.saturating_add(header), raw_start: self.offset };
        self.rest = rest;
        self.offset = self.offset.saturating_add(total);
        Ok(tlv)
    }

    /// The next element, which must have `tag`.
    pub fn expect(&mut self, tag: u8) -> Result<Tlv<'a>, ParseError> {
        if self.peek() == Some(tag) { self.next() } else { Err(self.error()) }
    }

    /// The next element if it has `tag`.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Tlv<'a>>, ParseError> {
        if self.peek() == Some(tag) { self.next().map(Some) } else { Ok(None) }
    }

    /// Enters a SEQUENCE.
    pub fn sequence(&mut self) -> Result<Reader<'a>, ParseError> {
        Ok(self.expect(SEQUENCE)?.reader(self.what))
    }

    /// Nothing may be left.
    pub fn finish(&self) -> Result<(), ParseError> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.error()) }
    }

    /// The content octets of an OBJECT IDENTIFIER.
    pub fn oid(&mut self) -> Result<&'a [u8], ParseError> {
        let value = self.expect(OID)?.value;
        // The last octet ends an arc.
        if value.last().is_some_and(|last| last & 0x80 == 0) { Ok(value) } else { Err(self.error()) }
    }

    /// The content octets of an INTEGER, which are minimal.
    pub fn integer(&mut self) -> Result<&'a [u8], ParseError> {
        let value = self.expect(INTEGER)?.value;
        match value {
            [] => Err(self.error()),
            [0, next, ..] if next & 0x80 == 0 => Err(self.error()),
            [0xff, next, ..] if next & 0x80 != 0 => Err(self.error()),
            _ => Ok(value),
        }
    }

    /// A small INTEGER that is not negative.
    pub fn unsigned(&mut self) -> Result<u64, ParseError> {
        let value = self.integer()?;
        unsigned(value).ok_or_else(|| self.error())
    }

    /// BOOLEAN. Any non-zero octet is TRUE, as BER allows and old certificates have.
    pub fn boolean(&mut self) -> Result<bool, ParseError> {
        match self.expect(BOOLEAN)?.value {
            [octet] => Ok(*octet != 0),
            _ => Err(self.error()),
        }
    }

    /// `BOOLEAN DEFAULT FALSE`.
    pub fn boolean_or_false(&mut self) -> Result<bool, ParseError> {
        if self.peek() == Some(BOOLEAN) { self.boolean() } else { Ok(false) }
    }

    /// A BIT STRING of whole octets.
    pub fn bit_string(&mut self) -> Result<Tlv<'a>, ParseError> {
        let mut tlv = self.expect(BIT_STRING)?;
        match tlv.value.split_first() {
            Some((0, octets)) => {
                tlv.value = octets;
                tlv.value_start = tlv.value_start.saturating_add(1);
                Ok(tlv)
            }
            _ => Err(self.error()),
        }
    }
}

/// `bytes`, an element with indefinite or overlong lengths, in DER: the element, and what is behind it. Only lengths and
/// constructed OCTET STRINGs are rewritten.
pub fn from_ber(bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    crate::ber::to_der(bytes)
}

/// Tag, header length and content length of the element that `bytes` start with.
pub fn header(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let (&tag, rest) = bytes.split_first()?;
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (&first, rest) = rest.split_first()?;
    if first < 0x80 {
        return Some((tag, 2, usize::from(first)));
    }
    let octets = usize::from(first & 0x7f);
    if octets == 0 || octets > 4 {
        return None;
    }
    let digits = rest.get(..octets)?;
    let length = digits.iter().fold(0usize, |n, d| n << 8 | usize::from(*d));
    let minimal = digits.first() != Some(&0) && length >= 0x80;
    minimal.then_some((tag, octets + 2, length))
}

/// Content octets of an INTEGER as a number.
pub fn unsigned(value: &[u8]) -> Option<u64> {
    let digits = match value {
        [0, rest @ ..] => rest,
        [first, ..] if first & 0x80 != 0 => return None,
        all => all,
    };
    (digits.len() <= 8).then(|| digits.iter().fold(0, |n, d| n << 8 | u64::from(*d)))
}

/// Named bits of a BIT STRING's content octets: bit n of the result is bit n of the standard's list, 0 to 15.
pub fn named_bits(content: &[u8]) -> Option<u16> {
    let (&unused, octets) = content.split_first()?;
    if unused > 7 || (octets.is_empty() && unused != 0) {
        return None;
    }
    let mut bits = 0;
    for (index, octet) in octets.iter().take(2).enumerate() {
        bits |= u16::from(octet.reverse_bits()) << (8 * index);
    }
    Some(bits)
}

// Writing.

/// An element with `tag` whose content is `parts`, one behind the other.
pub fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(length.saturating_add(6));
    out.push(tag);
    push_length(&mut out, length);
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

fn push_length(out: &mut Vec<u8>, length: usize) {
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let bytes = length.to_be_bytes();
            let digits: &[u8] = match bytes.iter().position(|b| *b != 0) {
                Some(first) => bytes.get(first..).unwrap_or_default(),
                None => &[],
            };
            out.push(0x80 | u8::try_from(digits.len()).unwrap_or(0));
            out.extend_from_slice(digits);
        }
    }
}

/// A SEQUENCE of encoded parts.
pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    tlv(SEQUENCE, parts)
}

/// SET OF: the elements are put in DER order.
pub fn set_of(mut elements: Vec<Vec<u8>>) -> Vec<u8> {
    elements.sort();
    let parts: Vec<&[u8]> = elements.iter().map(Vec::as_slice).collect();
    tlv(SET, &parts)
}

/// An OBJECT IDENTIFIER from its content octets.
pub fn oid(content: &[u8]) -> Vec<u8> {
    tlv(OID, &[content])
}

/// An OCTET STRING.
pub fn octet_string(content: &[u8]) -> Vec<u8> {
    tlv(OCTET_STRING, &[content])
}

/// A BIT STRING of whole octets.
pub fn bit_string(octets: &[u8]) -> Vec<u8> {
    tlv(BIT_STRING, &[&[0], octets])
}

/// A BIT STRING of named bits, trailing zero bits removed (X.690 §11.2.2).
pub fn named_bit_string(bits: u16) -> Vec<u8> {
    let octets = bits.to_le_bytes().map(u8::reverse_bits);
    let used = match &octets {
        [0, 0] => &[][..],
        [first, 0] => std::slice::from_ref(first),
        both => both,
    };
    let unused = used.last().map_or(0, |last| u8::try_from(last.trailing_zeros()).unwrap_or(0));
    tlv(BIT_STRING, &[&[unused], used])
}

/// A BOOLEAN.
pub fn boolean(value: bool) -> Vec<u8> {
    tlv(BOOLEAN, &[&[if value { 0xff } else { 0 }]])
}

/// An INTEGER that is not negative, from big-endian digits.
pub fn integer(digits: &[u8]) -> Vec<u8> {
    let first = digits.iter().position(|d| *d != 0);
    match first.and_then(|first| digits.get(first..)) {
        None => tlv(INTEGER, &[&[0]]),
        Some(digits) if digits.first().is_some_and(|d| d & 0x80 != 0) => tlv(INTEGER, &[&[0], digits]),
        Some(digits) => tlv(INTEGER, &[digits]),
    }
}

/// An INTEGER.
pub fn unsigned_integer(value: u64) -> Vec<u8> {
    integer(&value.to_be_bytes())
}

/// NULL.
pub fn null() -> Vec<u8> {
    tlv(NULL, &[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_must_be_minimal_and_definite() {
        for bad in
            [&[0x30, 0x80, 0, 0][..], &[4, 0x81, 1, 7], &[4, 0x82, 0, 0x80], &[4], &[4, 2, 1], &[0x1f, 1, 0]]
        {
            assert!(Reader::new(bad, "test").next().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn named_bits_follow_the_standards_numbering() {
        assert_eq!(named_bit_string(0b11), [3, 2, 6, 0b1100_0000]);
        assert_eq!(named_bit_string(0), [3, 1, 0]);
        assert_eq!(named_bits(&[7, 0, 0x80]), Some(1 << 8));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(content in proptest::collection::vec(any::<u8>(), 0..400), tag in 0u8..0x1f) {
            let written = tlv(tag, &[&content]);
            let mut reader = Reader::new(&written, "test");
            let read = reader.next().unwrap();
            prop_assert_eq!((read.tag, read.value, read.raw), (tag, content.as_slice(), written.as_slice()));
            prop_assert!(reader.is_empty());
        }

        #[test]
        fn integers_and_bits_round_trip(number in any::<u64>(), bits in any::<u16>()) {
            prop_assert_eq!(Reader::new(&unsigned_integer(number), "test").unsigned().unwrap(), number);
            let written = named_bit_string(bits);
            prop_assert_eq!(named_bits(&written[2..]), Some(bits));
        }

        #[test]
        fn no_input_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut reader = Reader::new(&bytes, "test");
            while reader.next().is_ok() {}
        }
    }
}
