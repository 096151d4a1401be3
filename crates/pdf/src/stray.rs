//! Objects that stand in the file where no cross reference leads.
//!
//! A program that follows the cross reference never sees them; one that repairs a file by scanning it does. Which of
//! them matter is for a validator to say: a stray object whose number the document uses lets two programs show two
//! documents.

use crate::cache::Reader;
use crate::document::Document;
use crate::lexer::is_space;
use crate::source::CHUNK;
use crate::xref::{Place, stream_span};
use crate::{ReadError, Ref, load};

/// An object where no cross reference of any revision leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StrayObject {
    /// What it calls itself.
    pub reference: Ref,
    /// Where it begins.
    pub offset: u64,
}

/// Streams longer than this are passed over by their length, not looked through.
const LONG: u64 = 16 * 1024;
/// Most stray objects that are listed.
const MOST: usize = 10_000;

/// Looks between the objects that the cross references of all revisions lead to.
pub(crate) fn strays(document: &Document) -> Result<Vec<StrayObject>, ReadError> {
    let reader = document.reader();
    let mut starts = vec![0];
    for section in document.revisions().iter().flat_map(|revision| &revision.sections) {
        starts.push(section.offset);
        starts.extend(section.hybrid_span.as_ref().map(|span| span.start));
        starts.extend(section.entries.iter().filter_map(|entry| match entry.place {
            Place::Offset(offset) => Some(offset),
            _ => None,
        }));
    }
    starts.sort_unstable();
    starts.dedup();
    let mut found = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let until = starts.get(index + 1).copied().unwrap_or(reader.len()).min(reader.len());
        gap(document, *start, until, &mut found)?;
        if found.len() > MOST {
            return Err(ReadError::Limit { what: "objects outside the cross reference" });
        }
    }
    Ok(found)
}

/// Looks from the object at `start` to where the next one is.
fn gap(document: &Document, start: u64, until: u64, found: &mut Vec<StrayObject>) -> Result<(), ReadError> {
    let reader = document.reader();
    let is_long = until.saturating_sub(start) > LONG;
    let mut end = if is_long { Some(end_of_object(document, start)?) } else { None };
    let mut at = end.unwrap_or(start);
    while let Some(word) = next_obj(reader, at, until)? {
        at = word.saturating_add(3);
        let Some((reference, offset)) = header_before(reader, word, start)? else { continue };
        if offset == start {
            continue;
        }
        // Only now is it worth knowing how far the object at `start` reaches.
        let end = match end {
            Some(end) => end,
            None => *end.insert(end_of_object(document, start)?),
        };
        if offset >= end {
            found.push(StrayObject { reference, offset });
        }
        at = at.max(end);
    }
    Ok(())
}

/// Where the object at `start` ends; `start` itself where none is there.
fn end_of_object(document: &Document, start: u64) -> Result<u64, ReadError> {
    let reader = document.reader();
    let after = |pos: usize| start.saturating_add(u64::try_from(pos).unwrap_or(u64::MAX));
    let head = match reader.indirect(start) {
        Ok(head) => head,
        Err(error @ (ReadError::Io(_) | ReadError::Limit { .. })) => return Err(error),
        Err(_) => return Ok(start),
    };
    let (Some(data), Some(dict)) = (head.stream, head.object.as_dict()) else { return Ok(after(head.end)) };
    let length = load::length(document, dict, 0)?;
    match stream_span(reader, after(data), length, reader.len()) {
        Ok(span) => Ok(span.end),
        Err(error @ (ReadError::Io(_) | ReadError::Limit { .. })) => Err(error),
        Err(_) => Ok(after(data)),
    }
}

/// The next `obj` in `from..until` that a blank and a digit precede.
fn next_obj(reader: &Reader, from: u64, until: u64) -> Result<Option<u64>, ReadError> {
    const OVERLAP: u64 = 2;
    let mut at = from;
    while at < until {
        let room = usize::try_from(until - at).unwrap_or(usize::MAX).min(CHUNK);
        let window = reader.window(at, room)?;
        let piece = window.get(..room.min(window.len())).unwrap_or_default();
        if piece.is_empty() {
            return Ok(None);
        }
        reader.work.spend(piece.len() / 16)?;
        let mut rest = piece;
        let mut base = 0_usize;
        while let Some(j) = rest.iter().position(|byte| *byte == b'j') {
            let here = base + j;
            let before = piece.get(here.saturating_sub(3)..here).unwrap_or_default();
            if matches!(before, [blank, b'o', b'b'] if is_space(*blank)) {
                return Ok(Some(at.saturating_add(u64::try_from(here - 2).unwrap_or(0))));
            }
            base = here + 1;
            rest = piece.get(base..).unwrap_or_default();
        }
        let step = u64::try_from(piece.len()).unwrap_or(0);
        // A word across the border of two pieces is met again; the blank before it is read by its own look-back.
        at = at.saturating_add(step.saturating_sub(OVERLAP + 1).max(1));
        if at.saturating_add(OVERLAP + 1) >= until {
            return Ok(None);
        }
    }
    Ok(None)
}

/// The `N G` before the `obj` at `word`, not looking before `floor`.
fn header_before(reader: &Reader, word: u64, floor: u64) -> Result<Option<(Ref, u64)>, ReadError> {
    const REACH: u64 = 40;
    let from = word.saturating_sub(REACH).max(floor);
    let size = usize::try_from(word - from).unwrap_or(0);
    let window = reader.window(from, size)?;
    let text = window.get(..size.min(window.len())).unwrap_or_default();
    let digits = |end: usize| {
        let blanks = text.get(..end)?.iter().rev().take_while(|byte| is_space(**byte)).count();
        let end = end.checked_sub(blanks).filter(|_| blanks > 0)?;
        let count = text.get(..end)?.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let start = end.checked_sub(count).filter(|_| (1..=10).contains(&count))?;
        let number: u64 = std::str::from_utf8(text.get(start..end)?).ok()?.parse().ok()?;
        Some((number, start))
    };
    let header = digits(text.len()).and_then(|(generation, at)| {
        let (number, start) = digits(at)?;
        let reference = Ref::new(u32::try_from(number).ok()?, u16::try_from(generation).ok()?);
        Some((reference, from.saturating_add(u64::try_from(start).ok()?)))
    });
    Ok(header)
}
