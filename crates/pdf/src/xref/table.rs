//! Cross-reference tables and their trailers (ISO 32000-2, 7.5.4, 7.5.5).

use crate::cache::Reader;
use crate::lexer::{Fault, Lexer, Token};
use crate::revision::{Section, XrefKind};
use crate::xref::{Entry, Place, sort_entries};
use crate::{Dict, ReadError};

/// Bytes of an entry, its end-of-line marker included.
const WIDTH: usize = 20;

enum Step {
    Subsection { first: u32, count: usize },
    Trailer(Dict),
}

/// Reads the table at `offset`. Offsets in it are as written.
pub(super) fn read(reader: &Reader, offset: u64, budget: &mut usize) -> Result<Section, ReadError> {
    let (start, mut at) = reader.parse(offset, |parser| {
        parser.lexer.skip_space();
        let start = parser.lexer.pos;
        if !parser.lexer.keyword(b"xref")? {
            return Err(Fault::Bad("xref"));
        }
        Ok((after(offset, start), after(offset, parser.lexer.pos)))
    })?;
    let mut entries = Vec::new();
    loop {
        let (step, next) = reader.parse(at, |parser| {
            let step = step(parser)?;
            Ok((step, after(at, parser.lexer.pos)))
        })?;
        at = next;
        match step {
            Step::Subsection { first, count } => {
                *budget =
                    budget.checked_sub(count).ok_or(ReadError::Limit { what: "cross-reference entries" })?;
                at = subsection(reader, at, first, count, &mut entries)?;
            }
            Step::Trailer(trailer) => {
                let has_duplicates = sort_entries(&mut entries);
                return Ok(Section {
                    offset: start,
                    kind: XrefKind::Table,
                    span: start..at,
                    hybrid_span: None,
                    trailer,
                    stream: None,
                    has_duplicates,
                    hidden: Vec::new(),
                    free_in_table: Vec::new(),
                    entries,
                });
            }
        }
    }
}

fn after(offset: u64, pos: usize) -> u64 {
    offset.saturating_add(u64::try_from(pos).unwrap_or(u64::MAX))
}

fn step(parser: &mut crate::parser::Parser<'_>) -> Result<Step, Fault> {
    if parser.lexer.keyword(b"trailer")? {
        return parser.dict().map(Step::Trailer);
    }
    let first = parser.lexer.integer()?.and_then(|n| u32::try_from(n).ok());
    let count = parser.lexer.integer()?.and_then(|n| usize::try_from(n).ok());
    match (first, count) {
        (Some(first), Some(count)) => Ok(Step::Subsection { first, count }),
        _ => Err(Fault::Bad("a subsection or trailer")),
    }
}

/// Reads `count` entries from `at` and gives the position after them.
fn subsection(
    reader: &Reader,
    mut at: u64,
    first: u32,
    count: usize,
    entries: &mut Vec<Entry>,
) -> Result<u64, ReadError> {
    const BLOCK: usize = 3000;
    if count > 0 {
        at = skip_line_end(reader, at)?;
    }
    let mut done = 0_usize;
    while done < count {
        let number = u32::try_from(done).ok().and_then(|done| first.checked_add(done));
        let mut number = number.ok_or(ReadError::damaged(at, "an object number"))?;
        let block = (count - done).min(BLOCK);
        let window = reader.window(at, block * WIDTH)?;
        let mut read = 0_usize;
        for line in window.as_chunks::<WIDTH>().0.iter().take(block) {
            let Some(entry) = fixed(line, number) else { break };
            entries.push(entry);
            number = number.checked_add(1).ok_or(ReadError::damaged(at, "an object number"))?;
            read += 1;
        }
        reader.work.spend(read * WIDTH)?;
        at = after(at, read * WIDTH);
        done += read;
        if read == 0 {
            let (entry, next) = loose(reader, at, number)?;
            entries.push(entry);
            at = next;
            done += 1;
        }
    }
    Ok(at)
}

/// Goes to the first digit of the first entry, so that entries of 20 bytes line up.
fn skip_line_end(reader: &Reader, at: u64) -> Result<u64, ReadError> {
    reader.parse(at, |parser| {
        parser.lexer.skip_space();
        Ok(after(at, parser.lexer.pos))
    })
}

/// `nnnnnnnnnn ggggg n` with a two-byte line end, as the standard wants it.
fn fixed(line: &[u8; WIDTH], number: u32) -> Option<Entry> {
    let (offset, rest) = line.split_at_checked(10)?;
    let [b' ', g1, g2, g3, g4, g5, b' ', kind @ (b'n' | b'f'), b' ' | b'\r', b'\r' | b'\n'] = rest else {
        return None;
    };
    let offset = digits(offset)?;
    let generation = digits(&[*g1, *g2, *g3, *g4, *g5])?;
    Some(entry(number, offset, generation, *kind == b'n'))
}

fn digits(bytes: &[u8]) -> Option<u64> {
    bytes.iter().try_fold(0_u64, |value, byte| {
        byte.is_ascii_digit().then(|| value.wrapping_mul(10).wrapping_add(u64::from(byte - b'0')))
    })
}

/// An in-use entry at offset 0 cannot be: writers mean a free one.
fn entry(number: u32, offset: u64, generation: u64, is_used: bool) -> Entry {
    let place = if is_used && offset != 0 { Place::Offset(offset) } else { Place::Free };
    Entry { number, generation: u16::try_from(generation).unwrap_or(u16::MAX), place }
}

/// An entry of another width, as some writers make them.
fn loose(reader: &Reader, at: u64, number: u32) -> Result<(Entry, u64), ReadError> {
    let window = reader.window(at, 64)?;
    let piece = window.get(..64.min(window.len())).unwrap_or_default();
    reader.work.spend(piece.len())?;
    let mut lexer = Lexer::new(piece, true);
    let (offset, generation, kind) = (lexer.token(), lexer.token(), lexer.token());
    let (Ok(Token::Integer(offset)), Ok(Token::Integer(generation)), Ok(Token::Keyword(kind))) =
        (offset, generation, kind)
    else {
        return Err(ReadError::damaged(at, "a cross-reference entry"));
    };
    let (Ok(offset), Ok(generation)) = (u64::try_from(offset), u64::try_from(generation)) else {
        return Err(ReadError::damaged(at, "a cross-reference entry"));
    };
    let is_used = match kind {
        b"n" => true,
        b"f" => false,
        _ => return Err(ReadError::damaged(at, "a cross-reference entry")),
    };
    lexer.skip_space();
    Ok((entry(number, offset, generation, is_used), after(at, lexer.pos)))
}
