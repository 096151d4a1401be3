//! Cross references (ISO 32000-2, 7.5.4, 7.5.8): the chain of sections from `startxref` through /Prev.

pub(crate) mod repair;
mod stream;
mod table;

use std::collections::HashSet;
use std::ops::Range;

use crate::cache::{Reader, find_last};
use crate::lexer::{Fault, Token};
use crate::revision::{Revision, Section, XrefKind};
use crate::{Dict, ReadError};

/// One cross-reference entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) number: u32,
    pub(crate) generation: u16,
    pub(crate) place: Place,
}

/// What an entry says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Free,
    Offset(u64),
    Compressed { stream: u32, index: u32 },
}

/// The cross references of a file.
pub(crate) struct Xref {
    /// Oldest first.
    pub(crate) revisions: Vec<Revision>,
    /// Added to every offset in the file: the number of bytes before the header, where offsets count from it.
    pub(crate) shift: u64,
}

/// Reads the chain of sections, newest first, and orders it into revisions.
pub(crate) fn load(reader: &Reader, header: u64) -> Result<Xref, ReadError> {
    let first = start_xref(reader)?;
    let shift = shift_of(reader, first, header)?;
    let mut sections = Vec::new();
    let mut seen = HashSet::new();
    let mut budget = reader.limits.max_xref_entries;
    let mut next = Some(first);
    while let Some(offset) = next {
        if !seen.insert(offset) {
            return Err(ReadError::damaged(offset, "a /Prev chain without a circle"));
        }
        if sections.len() >= reader.limits.max_sections {
            return Err(ReadError::Limit { what: "cross-reference sections" });
        }
        let section = section(reader, offset.saturating_add(shift), shift, &mut budget)?;
        next = prev(&section.trailer)?;
        sections.push(section);
    }
    Ok(Xref { revisions: group(reader, sections)?, shift })
}

fn prev(trailer: &Dict) -> Result<Option<u64>, ReadError> {
    match trailer.get("Prev") {
        None | Some(crate::Object::Null) => Ok(None),
        Some(value) => {
            let offset = value.as_integer().and_then(|n| u64::try_from(n).ok());
            offset.map(Some).ok_or(ReadError::damaged(0, "an offset as /Prev"))
        }
    }
}

/// The number after the last `startxref` (7.5.5).
fn start_xref(reader: &Reader) -> Result<u64, ReadError> {
    const TAIL: u64 = 2048;
    let len = reader.len();
    let start = len.saturating_sub(TAIL);
    let window = reader.window(start, usize::try_from(TAIL).unwrap_or(2048))?;
    let at = find_last(&window, b"startxref")
        .ok_or(ReadError::damaged(len, "startxref at the end of the file"))?;
    let at = start.saturating_add(u64::try_from(at).unwrap_or(0));
    reader.parse(at, |parser| {
        parser.lexer.keyword(b"startxref")?;
        let offset = parser.lexer.integer()?.and_then(|n| u64::try_from(n).ok());
        offset.ok_or(Fault::Bad("an offset after startxref"))
    })
}

/// Offsets count from the first byte; where something precedes the header, from the header in some files.
fn shift_of(reader: &Reader, first: u64, header: u64) -> Result<u64, ReadError> {
    if header == 0 || looks_like_section(reader, first)? {
        return Ok(0);
    }
    Ok(if looks_like_section(reader, first.saturating_add(header))? { header } else { 0 })
}

fn looks_like_section(reader: &Reader, offset: u64) -> Result<bool, ReadError> {
    let found = reader.parse(offset, |parser| Ok(parser.lexer.keyword(b"xref")? || parser.header().is_ok()));
    match found {
        Err(error @ (ReadError::Io(_) | ReadError::Limit { .. })) => Err(error),
        other => Ok(other.unwrap_or(false)),
    }
}

/// Reads the section at the absolute `offset`.
pub(crate) fn section(
    reader: &Reader,
    offset: u64,
    shift: u64,
    budget: &mut usize,
) -> Result<Section, ReadError> {
    let is_table = reader.parse(offset, |parser| parser.lexer.keyword(b"xref"))?;
    let mut section = if is_table {
        let mut section = table::read(reader, offset, budget)?;
        let hybrid = section.trailer.value("XRefStm");
        if !hybrid.is_null() {
            // Some programs would follow a reference here; to pass over it would show another document than they do.
            let at = hybrid.as_integer().and_then(|n| u64::try_from(n).ok());
            let at = at.ok_or(ReadError::damaged(offset, "an offset as /XRefStm"))?;
            add_hybrid(&mut section, stream::read(reader, at.saturating_add(shift), budget)?);
        }
        section
    } else {
        stream::read(reader, offset, budget)?
    };
    for entry in &mut section.entries {
        if let Place::Offset(at) = &mut entry.place {
            *at = at.saturating_add(shift);
        }
    }
    Ok(section)
}

/// Adds the entries of /XRefStm: they count where the table has none or says free (7.5.8.4).
fn add_hybrid(section: &mut Section, hybrid: Section) {
    section.kind = XrefKind::Hybrid;
    section.hybrid_span = Some(hybrid.span);
    section.has_duplicates |= hybrid.has_duplicates;
    let (mut frees, mut entries): (Vec<_>, Vec<_>) =
        std::mem::take(&mut section.entries).into_iter().partition(|entry| entry.place == Place::Free);
    let in_table = |number: u32| entries.binary_search_by_key(&number, |entry| entry.number).is_ok();
    let used = hybrid.entries.iter().filter(|entry| entry.place != Place::Free);
    section.hidden = used.map(|entry| entry.number).filter(|number| !in_table(*number)).collect();
    let is_hidden = |number: &u32| section.hidden.contains(number);
    section.free_in_table = frees.iter().map(|free| free.number).filter(is_hidden).collect();
    // The table calls hidden objects free: that is no contradiction.
    frees.retain(|free| hybrid.entries.binary_search_by_key(&free.number, |entry| entry.number).is_err());
    entries.extend(hybrid.entries);
    entries.append(&mut frees);
    section.has_duplicates |= sort_entries(&mut entries);
    section.entries = entries;
}

/// Sorts by number, keeping the first of equals; says whether equal numbers had different places.
fn sort_entries(entries: &mut Vec<Entry>) -> bool {
    let mut contradictory = false;
    if !entries.is_sorted_by(|a, b| a.number < b.number) {
        entries.sort_by_key(|entry| entry.number);
        contradictory = entries.windows(2).any(|pair| match pair {
            [a, b] => a.number == b.number && a != b,
            _ => false,
        });
        entries.dedup_by_key(|entry| entry.number);
    }
    entries.shrink_to_fit();
    contradictory
}

/// Orders sections (newest first) into revisions (oldest first). Where the oldest section stands behind the next one, the
/// file is linearized and the next one is of its first page (Annex F): the two are one revision. Anywhere else a section
/// that stands before the one its /Prev names was hidden there: an update that leads to it would give old bytes a meaning
/// that they did not have when they were signed.
fn group(reader: &Reader, sections: Vec<Section>) -> Result<Vec<Revision>, ReadError> {
    let mut revisions: Vec<Revision> = Vec::new();
    let mut furthest = 0;
    for section in sections.into_iter().rev() {
        if section.offset >= furthest {
            furthest = section.offset;
            revisions.push(Revision { start: 0, eof: 0, end: 0, sections: vec![section] });
            continue;
        }
        match revisions.as_mut_slice() {
            [first] if first.sections.len() == 1 => first.sections.insert(0, section),
            _ => {
                return Err(ReadError::damaged(
                    section.offset,
                    "cross references in the order of the updates",
                ));
            }
        }
    }
    let mut start = 0;
    for revision in &mut revisions {
        revision.start = start;
        let spans = revision.sections.iter().flat_map(|s| std::iter::once(&s.span).chain(&s.hybrid_span));
        let after = spans.map(|span| span.end).max().unwrap_or(0);
        (revision.eof, revision.end) = end_of_file(reader, after)?;
        start = revision.end;
    }
    Ok(revisions)
}

/// Where `%%EOF` ends, without and with its end-of-line marker, looked for after a cross reference.
fn end_of_file(reader: &Reader, after: u64) -> Result<(u64, u64), ReadError> {
    const REACH: u64 = 4096;
    let Some(at) = reader.find(b"%%EOF", after, after.saturating_add(REACH))? else {
        return Ok((after, after));
    };
    let eof = at.saturating_add(5);
    let window = reader.window(eof, 2)?;
    let eol = match &*window {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    };
    Ok((eof, eof.saturating_add(eol)))
}

/// Where the data of a stream lies.
pub(crate) struct StreamSpan {
    pub(crate) data: Range<u64>,
    /// After `endobj`, or after `endstream` where there is none.
    pub(crate) end: u64,
    /// Whether /Length led to `endstream`, and `endobj` followed.
    pub(crate) is_exact: bool,
}

/// Finds the data of a stream from `start`: by its length where `endstream` follows, else by looking for it. It ends
/// before `limit`.
pub(crate) fn stream_span(
    reader: &Reader,
    start: u64,
    length: Option<u64>,
    limit: u64,
) -> Result<StreamSpan, ReadError> {
    let by_length = length.and_then(|length| start.checked_add(length)).filter(|end| *end <= limit);
    if let Some(end) = by_length
        && let Some((after, is_closed)) = end_of_stream(reader, end)?
        && after <= limit
    {
        return Ok(StreamSpan { data: start..end, end: after, is_exact: is_closed });
    }
    let Some(found) = reader.find(b"endstream", start, limit)? else {
        return Err(ReadError::damaged(start, "endstream"));
    };
    let before = reader.window(found.saturating_sub(2).max(start), 2)?;
    let room = usize::try_from(found - start).unwrap_or(2).min(2);
    let eol = match before.get(..room).unwrap_or_default() {
        [b'\r', b'\n'] => 2,
        [.., b'\r' | b'\n'] => 1,
        _ => 0,
    };
    let (end, _) = end_of_stream(reader, found)?.unwrap_or((found.saturating_add(9), false));
    Ok(StreamSpan { data: start..found - eol, end, is_exact: false })
}

/// Where `endstream endobj` ends if it stands at `at`, and whether `endobj` is there.
fn end_of_stream(reader: &Reader, at: u64) -> Result<Option<(u64, bool)>, ReadError> {
    let window = reader.window(at, 256)?;
    let piece = window.get(..256.min(window.len())).unwrap_or_default();
    let mut lexer = crate::lexer::Lexer::new(piece, true);
    if lexer.token() != Ok(Token::Keyword(b"endstream")) {
        return Ok(None);
    }
    let mut end = lexer.pos;
    let is_closed = lexer.token() == Ok(Token::Keyword(b"endobj"));
    if is_closed {
        end = lexer.pos;
    }
    Ok(Some((at.saturating_add(u64::try_from(end).unwrap_or(0)), is_closed)))
}
