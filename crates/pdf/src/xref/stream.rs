//! Cross-reference streams (ISO 32000-2, 7.5.8).

use crate::cache::Reader;
use crate::revision::{Section, XrefKind};
use crate::xref::{Entry, Place, sort_entries, stream_span};
use crate::{Dict, Object, ReadError, filter};

/// Reads the cross-reference stream at `offset`. Offsets in it are as written.
pub(super) fn read(reader: &Reader, offset: u64, budget: &mut usize) -> Result<Section, ReadError> {
    let head = reader.indirect(offset)?;
    let at = |pos: usize| offset.saturating_add(u64::try_from(pos).unwrap_or(u64::MAX));
    let (Object::Dictionary(dict), Some(data)) = (head.object, head.stream) else {
        return Err(ReadError::damaged(offset, "a cross-reference stream"));
    };
    if !dict.is_type("XRef") {
        return Err(ReadError::damaged(offset, "a cross-reference stream"));
    }
    let length = dict.value("Length").as_integer().and_then(|n| u64::try_from(n).ok());
    let span = stream_span(reader, at(data), length, reader.len())?;
    let encoded = reader.bytes(span.data)?;
    let data = filter::decode(&dict, encoded, reader)?;
    let mut entries = entries(&dict, &data, offset, budget)?;
    let has_duplicates = sort_entries(&mut entries);
    Ok(Section {
        offset: at(head.start),
        kind: XrefKind::Stream,
        span: at(head.start)..span.end,
        hybrid_span: None,
        trailer: dict,
        stream: Some(head.reference),
        has_duplicates,
        hidden: Vec::new(),
        free_in_table: Vec::new(),
        entries,
    })
}

fn entries(dict: &Dict, data: &[u8], offset: u64, budget: &mut usize) -> Result<Vec<Entry>, ReadError> {
    let bad = |what| ReadError::damaged(offset, what);
    let widths: Vec<usize> = dict
        .value("W")
        .as_array()
        .unwrap_or_default()
        .iter()
        .map(|w| w.as_integer().and_then(|w| usize::try_from(w).ok()).filter(|w| *w <= 8))
        .collect::<Option<_>>()
        .unwrap_or_default();
    let [kind, second, third] = widths[..] else { return Err(bad("three field widths in /W")) };
    let width = kind + second + third;
    if width == 0 {
        return Err(bad("field widths in /W"));
    }
    let mut rows = data.chunks_exact(width);
    let mut entries = Vec::new();
    for (first, count) in subsections(dict).ok_or(bad("subsections in /Index"))? {
        for step in 0..count {
            let Some(row) = rows.next() else { return Ok(entries) };
            *budget = budget.checked_sub(1).ok_or(ReadError::Limit { what: "cross-reference entries" })?;
            let number = first.checked_add(step).ok_or(bad("an object number"))?;
            entries.extend(entry(number, row, kind, second));
        }
    }
    Ok(entries)
}

/// /Index: pairs of first number and count; the whole of /Size where it is missing.
fn subsections(dict: &Dict) -> Option<Vec<(u32, u32)>> {
    let number = |object: &Object| object.as_integer().and_then(|n| u32::try_from(n).ok());
    match dict.get("Index") {
        None => Some(vec![(0, number(dict.value("Size"))?)]),
        Some(index) => index
            .as_array()?
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[first, count]| Some((number(first)?, number(count)?)))
            .collect(),
    }
}

/// One row (Table 18), where it is as long as its fields. An object of an unknown type is `null`, whatever older sections say of it (7.5.8.3).
fn entry(number: u32, row: &[u8], kind: usize, second: usize) -> Option<Entry> {
    let (first, rest) = row.split_at_checked(kind)?;
    let (second, third) = rest.split_at_checked(second)?;
    let (two, three) = (big_endian(second), big_endian(third));
    let (generation, place) = match if kind == 0 { 1 } else { big_endian(first) } {
        0 => (three, Place::Free),
        1 => (three, if two == 0 { Place::Free } else { Place::Offset(two) }),
        2 => match (u32::try_from(two), u32::try_from(three)) {
            (Ok(stream), Ok(index)) => (0, Place::Compressed { stream, index }),
            _ => (0, Place::Free),
        },
        _ => (0, Place::Free),
    };
    Some(Entry { number, generation: u16::try_from(generation).unwrap_or(u16::MAX), place })
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}
