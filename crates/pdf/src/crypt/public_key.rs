//! Public-key security handlers (ISO 32000-2, 7.6.5): told, not opened.

use crate::{Dict, Object};

/// How many recipients can open the file: of the dictionary (V1 to V3) or of its crypt filters (V4 on).
/// `None` where no entry /Recipients says that this is a public-key handler.
pub(super) fn recipients(dict: &Dict) -> Option<usize> {
    let filters = dict.value("CF").as_dict().into_iter().flat_map(Dict::iter);
    let filters = filters.filter_map(|(_, filter)| filter.as_dict()?.get("Recipients"));
    let mut lists = dict.get("Recipients").into_iter().chain(filters).peekable();
    lists.peek()?;
    Some(
        lists
            .map(|list| match list {
                Object::Array(envelopes) => envelopes.iter().filter_map(Object::as_string).map(count).sum(),
                Object::String(envelope) => count(&envelope.bytes),
                _ => 0,
            })
            .sum(),
    )
}

/// The number of RecipientInfos of a CMS EnvelopedData (RFC 5652 §6.1); one where it cannot be read.
fn count(envelope: &[u8]) -> usize {
    infos(envelope).unwrap_or(1).max(1)
}

fn infos(envelope: &[u8]) -> Option<usize> {
    const SEQUENCE: u8 = 0x30;
    const SET: u8 = 0x31;
    let content_info = element(envelope)?;
    let (_, after_type) = element(content_info.value).map(|oid| (oid.tag, oid.rest))?;
    let enveloped = element(element(after_type)?.value).filter(|data| data.tag == SEQUENCE)?;
    // version, then maybe originatorInfo [0], then the set.
    let mut rest = element(enveloped.value)?.rest;
    let mut set = element(rest)?;
    if set.tag == 0xa0 {
        rest = set.rest;
        set = element(rest)?;
    }
    if set.tag != SET {
        return None;
    }
    let (mut left, mut found) = (set.value, 0);
    while let Some(info) = element(left) {
        found += 1;
        left = info.rest;
    }
    Some(found)
}

struct Element<'a> {
    tag: u8,
    value: &'a [u8],
    rest: &'a [u8],
}

/// The first DER element of `bytes`.
fn element(bytes: &[u8]) -> Option<Element<'_>> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (len, rest) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let (digits, rest) =
            rest.split_at_checked(usize::from(*first & 0x7f)).filter(|(d, _)| d.len() <= 4)?;
        (digits.iter().fold(0, |len, digit| len << 8 | usize::from(*digit)), rest)
    };
    let (value, rest) = rest.split_at_checked(len)?;
    Some(Element { tag: *tag, value, rest })
}
