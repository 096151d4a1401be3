//! BER with indefinite lengths, as some old signers write CMS, brought to definite lengths.
//!
//! Only lengths and constructed OCTET STRINGs are rewritten; the content octets of primitive elements stay as they
//! are, so that what was signed is still what was signed.
use crate::der::{self, OCTET_STRING};

/// Nesting that is followed.
const MAX_DEPTH: u32 = 48;
/// Elements that are brought over.
const MAX_ELEMENTS: u32 = 500_000;
const CONSTRUCTED: u8 = 0x20;

/// The first element of `bytes` with definite lengths, and what is behind it.
pub(crate) fn to_der(bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut left = MAX_ELEMENTS;
    element(bytes, MAX_DEPTH, &mut left)
}

fn element<'a>(bytes: &'a [u8], depth: u32, left: &mut u32) -> Option<(Vec<u8>, &'a [u8])> {
    let depth = depth.checked_sub(1)?;
    *left = left.checked_sub(1)?;
    let [tag, rest @ ..] = bytes else { return None };
    if let [0x80, content @ ..] = rest {
        if tag & CONSTRUCTED == 0 {
            return None;
        }
        let mut children = Vec::new();
        let mut rest = content;
        loop {
            if let [0, 0, after @ ..] = rest {
                return Some((join(*tag, &children)?, after));
            }
            let (child, after) = element(rest, depth, left)?;
            children.push(child);
            rest = after;
        }
    }
    let (tag, header, length) = lenient_header(bytes)?;
    let (raw, after) = bytes.split_at_checked(header.checked_add(length)?)?;
    let mut content = raw.get(header..)?;
    if tag & CONSTRUCTED == 0 {
        return Some((der::tlv(tag, &[content]), after));
    }
    let mut children = Vec::new();
    while !content.is_empty() {
        let (child, rest) = element(content, depth, left)?;
        children.push(child);
        content = rest;
    }
    Some((join(tag, &children)?, after))
}

/// A constructed OCTET STRING becomes a primitive one.
fn join(tag: u8, children: &[Vec<u8>]) -> Option<Vec<u8>> {
    if tag != OCTET_STRING | CONSTRUCTED {
        let parts: Vec<&[u8]> = children.iter().map(Vec::as_slice).collect();
        return Some(der::tlv(tag, &parts));
    }
    let mut parts = Vec::with_capacity(children.len());
    for child in children {
        let (child_tag, header, _) = der::header(child)?;
        if child_tag != OCTET_STRING {
            return None;
        }
        parts.push(child.get(header..)?);
    }
    Some(der::tlv(OCTET_STRING, &parts))
}

/// Like [`der::header`], but a length may have more octets than it needs.
fn lenient_header(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let [tag, first, rest @ ..] = bytes else { return None };
    if tag & 0x1f == 0x1f {
        return None;
    }
    if *first < 0x80 {
        return Some((*tag, 2, usize::from(*first)));
    }
    let octets = usize::from(first & 0x7f);
    if octets == 0 || octets > 4 {
        return None;
    }
    let length = rest.get(..octets)?.iter().fold(0usize, |n, d| n << 8 | usize::from(*d));
    Some((*tag, octets + 2, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_become_definite() {
        let ber = [0x30, 0x80, 0x24, 0x80, 4, 1, b'a', 4, 1, b'b', 0, 0, 2, 1, 5, 0, 0, 0xff];
        let (der, rest) = to_der(&ber).unwrap();
        assert_eq!(der, [0x30, 7, 4, 2, b'a', b'b', 2, 1, 5]);
        assert_eq!(rest, [0xff]);
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = [0x30, 0x80].repeat(10_000);
        assert_eq!(to_der(&deep), None);
    }

    #[test]
    fn elements_are_bounded() {
        let mut many = vec![0x30, 0x80];
        many.extend([5, 0].repeat(600_000));
        many.extend([0, 0]);
        assert_eq!(to_der(&many), None);
    }
}
