//! The cross-reference section of an update (ISO 32000-2, 7.5.4, 7.5.8).

use std::collections::BTreeMap;
use std::io::Write;

use sha2::{Digest, Sha256};

use crate::revision::XrefKind;
use crate::xref::Place;
use crate::{Dict, Document, Object, Ref, UpdateError, write};

/// Entries by object number.
type Entries = BTreeMap<u32, (u16, Place)>;

/// The highest offset that the ten digits of a table can tell (7.5.4).
const HIGHEST_OFFSET: u64 = 9_999_999_999;

/// Entries of a trailer that belong to the section it was written with.
const SECTION_KEYS: [&str; 10] =
    ["Prev", "XRefStm", "Type", "W", "Index", "Length", "Filter", "DecodeParms", "DL", "Size"];

/// Appends section, trailer, `startxref` and `%%EOF`. `places` says where the changed objects were written,
/// `next` is the lowest object number not in use, `digest` covers what was written.
pub(super) fn write(
    document: &Document,
    out: &mut Vec<u8>,
    base_len: u64,
    places: Vec<(Ref, u64)>,
    next: u32,
    digest: &Sha256,
) -> Result<(), UpdateError> {
    let here = |out: &Vec<u8>| base_len.saturating_add(super::length(out));
    let kind = document.revisions().last().map_or(XrefKind::Table, crate::Revision::kind);
    let mut entries = if kind == XrefKind::Rebuilt { everything(document) } else { Entries::new() };
    for (reference, offset) in places {
        entries.insert(reference.number, (reference.generation, Place::Offset(offset)));
    }
    let mut trailer = trailer(document, digest)?;
    if kind != XrefKind::Rebuilt {
        let prev = document.revisions().last().and_then(|revision| revision.sections.first());
        let prev = prev.map_or(0, |section| section.offset).saturating_sub(document.offset_shift());
        trailer.set("Prev", i64::try_from(prev).unwrap_or(i64::MAX));
    }
    let start = here(out);
    let has_compressed = entries.values().any(|(_, place)| matches!(place, Place::Compressed { .. }));
    let is_beyond = |(_, place): &(u16, Place)| matches!(place, Place::Offset(at) if at.saturating_sub(document.offset_shift()) > HIGHEST_OFFSET);
    let needs_stream = has_compressed || entries.values().any(is_beyond) || is_sparse(kind, &entries);
    if kind == XrefKind::Stream || needs_stream {
        let own = Ref::new(next, 0);
        entries.insert(own.number, (0, Place::Offset(start)));
        trailer.set("Size", next.saturating_add(1));
        stream(document, out, own, &entries, trailer)?;
    } else {
        trailer.set("Size", next);
        table(document, out, &entries, &trailer)?;
    }
    // Writing to a vector cannot fail.
    let _ = write!(out, "startxref\n{}\n%%EOF\n", start.saturating_sub(document.offset_shift()));
    Ok(())
}

/// Every object of a file whose cross reference was rebuilt, and the free ones between them.
fn everything(document: &Document) -> Entries {
    let mut entries = Entries::new();
    for section in document.revisions().iter().flat_map(|revision| &revision.sections) {
        entries.extend(section.entries.iter().map(|entry| (entry.number, (entry.generation, entry.place))));
    }
    entries.insert(0, (u16::MAX, Place::Free));
    entries
}

/// Whether a complete table would be mostly gaps, which a table must fill and a stream need not.
fn is_sparse(kind: XrefKind, entries: &Entries) -> bool {
    let last = entries.keys().next_back().copied().and_then(|last| usize::try_from(last).ok()).unwrap_or(0);
    kind == XrefKind::Rebuilt && last > entries.len().saturating_mul(4).saturating_add(1000)
}

/// The trailer in force without what belongs to its section. The second part of /ID changes with every update
/// (14.4): it becomes a digest of what is written.
fn trailer(document: &Document, digest: &Sha256) -> Result<Dict, UpdateError> {
    let mut trailer = document.trailer().clone();
    for key in SECTION_KEYS {
        trailer.remove(key);
    }
    let old = document.value(&trailer, "ID")?;
    let part = |at: usize| old.as_array().and_then(|parts| parts.get(at)).and_then(Object::as_string);
    let digest = digest.clone().chain_update(part(1).unwrap_or_default()).finalize();
    let new: Vec<u8> = digest.iter().copied().take(16).collect();
    // The first part goes into the key of an encrypted file (7.6.4.3): where there is none it stays empty.
    let instead = || if document.encryption().is_some() { Vec::new() } else { new.clone() };
    let first = part(0).map_or_else(instead, <[u8]>::to_vec);
    trailer.set("ID", vec![Object::hex_string(first), Object::hex_string(new)]);
    Ok(trailer)
}

/// Runs of consecutive object numbers: first number and count.
fn runs(entries: &Entries) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in entries.keys() {
        match runs.last_mut() {
            Some((first, count)) if first.checked_add(*count) == Some(*number) => *count += 1,
            _ => runs.push((*number, 1)),
        }
    }
    runs
}

fn table(
    document: &Document,
    out: &mut Vec<u8>,
    entries: &Entries,
    trailer: &Dict,
) -> Result<(), UpdateError> {
    out.extend_from_slice(b"xref\n");
    // A complete table has no gaps (7.5.4): it must account for every number from 0 on.
    let filled;
    let entries = if trailer.contains("Prev") {
        entries
    } else {
        filled = without_gaps(entries);
        &filled
    };
    for (first, count) in runs(entries) {
        let _ = writeln!(out, "{first} {count}");
        for (number, (generation, place)) in entries.range(first..first.saturating_add(count)) {
            match place {
                Place::Offset(offset) => {
                    let offset = offset.saturating_sub(document.offset_shift());
                    let _ = writeln!(out, "{offset:010} {generation:05} n ");
                }
                _ => {
                    let next = next_free(entries, *number);
                    let _ = writeln!(out, "{next:010} {generation:05} f ");
                }
            }
        }
    }
    out.extend_from_slice(b"trailer\n");
    let reference = Ref::new(0, 0);
    write::dict(out, trailer).map_err(|what| UpdateError::Unwritable { reference, what })?;
    out.push(b'\n');
    Ok(())
}

fn without_gaps(entries: &Entries) -> Entries {
    let last = entries.keys().next_back().copied().unwrap_or(0);
    let mut filled: Entries = (0..=last).map(|number| (number, (0, Place::Free))).collect();
    filled.extend(entries.iter().map(|(number, entry)| (*number, *entry)));
    filled
}

/// The next free object, 0 after the last: free entries form a ring (7.5.4).
fn next_free(entries: &Entries, number: u32) -> u32 {
    let after = entries.range(number.saturating_add(1)..);
    after.filter(|(_, (_, place))| *place == Place::Free).map(|(number, _)| *number).next().unwrap_or(0)
}

fn stream(
    document: &Document,
    out: &mut Vec<u8>,
    own: Ref,
    entries: &Entries,
    mut dict: Dict,
) -> Result<(), UpdateError> {
    let second = |place: &Place| match place {
        Place::Free => 0,
        Place::Offset(offset) => offset.saturating_sub(document.offset_shift()),
        Place::Compressed { stream, .. } => u64::from(*stream),
    };
    let third = |generation: u16, place: &Place| match place {
        Place::Compressed { index, .. } => *index,
        _ => u32::from(generation),
    };
    let widest = entries.values().map(|(_, place)| second(place)).max().unwrap_or(0);
    let width = (1..=8).find(|bytes| widest < 1_u64.checked_shl(bytes * 8).unwrap_or(u64::MAX)).unwrap_or(8);
    let mut data = Vec::with_capacity(entries.len() * 12);
    for (generation, place) in entries.values() {
        data.push(match place {
            Place::Free => 0,
            Place::Offset(_) => 1,
            Place::Compressed { .. } => 2,
        });
        let bytes = second(place).to_be_bytes();
        let skip = bytes.len().saturating_sub(usize::try_from(width).unwrap_or(8));
        data.extend_from_slice(bytes.get(skip..).unwrap_or_default());
        data.extend_from_slice(&third(*generation, place).to_be_bytes());
    }
    let index =
        runs(entries).into_iter().flat_map(|(first, count)| [Object::from(first), Object::from(count)]);
    dict.set("Type", Object::name("XRef"));
    dict.set("W", vec![Object::from(1), Object::from(width), Object::from(4)]);
    dict.set("Index", index.collect::<Vec<_>>());
    if data.len() > 1024 {
        data = crate::filter::compress(&data);
        dict.set("Filter", Object::name("FlateDecode"));
    }
    dict.set("Length", i64::try_from(data.len()).unwrap_or(i64::MAX));
    let _ = writeln!(out, "{own} obj");
    write::dict(out, &dict).map_err(|what| UpdateError::Unwritable { reference: own, what })?;
    out.extend_from_slice(b"\nstream\n");
    out.extend_from_slice(&data);
    out.extend_from_slice(b"\nendstream\nendobj\n");
    Ok(())
}
