//! Rebuilding a cross reference by scanning the file for objects and trailers.
//!
//! The last definition of a number counts, as with incremental updates. Object streams are opened for what they
//! hold. The file streams past in windows.

use std::collections::BTreeMap;

use crate::cache::{ObjectStream, Reader};
use crate::lexer::{Fault, Lexer, Token, is_regular, is_space};
use crate::revision::{Revision, Section, XrefKind};
use crate::source::CHUNK;
use crate::xref::{Entry, Place};
use crate::{Dict, Document, ReadError, Ref, load};

/// Highest object number that readers must accept (Annex C.2).
pub(crate) const HIGHEST: u32 = 8_388_607;

/// What a scan found.
struct Scan {
    objects: BTreeMap<u32, (u16, u64)>,
    /// Objects that look like object streams, in the order of the file.
    streams: Vec<(Ref, u64)>,
    trailer: Dict,
    catalog: Option<Ref>,
}

/// What the scan of a file gives.
pub(crate) struct Rebuilt {
    /// One revision over the whole file, with the objects that stand plainly in it.
    pub(crate) revision: Revision,
    /// Object streams, in the order of the file: what they hold is known once they can be decrypted.
    pub(crate) streams: Vec<(Ref, u64)>,
    /// Whether `startxref` stands somewhere after the last object.
    pub(crate) has_end_after_objects: bool,
}

/// Rebuilds the cross reference as one revision over the whole file.
pub(crate) fn rebuild(reader: &Reader) -> Result<Rebuilt, ReadError> {
    let mut scan =
        Scan { objects: BTreeMap::new(), streams: Vec::new(), trailer: Dict::new(), catalog: None };
    scan_file(reader, &mut scan)?;
    if !scan.trailer.contains("Root")
        && let Some(catalog) = scan.catalog
    {
        scan.trailer.set("Root", catalog);
    }
    for key in ["Prev", "XRefStm", "Type", "W", "Index", "Length", "Filter", "DecodeParms"] {
        scan.trailer.remove(key);
    }
    // A stream that was defined anew later does not count any more.
    let is_current = |number, at| scan.objects.get(&number).is_some_and(|(_, current)| *current == at);
    scan.streams.retain(|(reference, at)| is_current(reference.number, *at));
    let entries = scan.objects.iter().map(|(number, (generation, at))| Entry {
        number: *number,
        generation: *generation,
        place: Place::Offset(*at),
    });
    let last = scan.objects.values().map(|(_, at)| *at).max().unwrap_or(0);
    let has_end_after_objects = reader.find(b"startxref", last, reader.len())?.is_some();
    let revision = whole(reader.len(), scan.trailer, entries.collect());
    Ok(Rebuilt { revision, streams: scan.streams, has_end_after_objects })
}

/// The revision of `document`, the plain part of a rebuilt one, with what its object streams hold: of each number
/// the definition that comes last in the file.
pub(crate) fn with_compressed(document: &Document, streams: &[(Ref, u64)]) -> Result<Revision, ReadError> {
    let section = document.revisions().first().and_then(|revision| revision.sections.first());
    let plain = section.map(|section| section.entries.as_slice()).unwrap_or_default();
    let own_place = |number: u32| {
        let at = plain.binary_search_by_key(&number, |entry| entry.number).ok()?;
        plain.get(at).map(|entry| entry.place)
    };
    let mut compressed: BTreeMap<u32, Entry> = BTreeMap::new();
    let mut trailer = document.trailer().clone();
    for (reference, at) in streams {
        let held = match load::object_stream(document, reference.number, 0) {
            Ok(held) => held,
            Err(error @ (ReadError::Io(_) | ReadError::Limit { .. })) => return Err(error),
            Err(_) => continue,
        };
        for (index, (number, _)) in (0_u32..).zip(&held.index) {
            let is_sound = *number > 0 && *number <= HIGHEST;
            let is_older = !matches!(own_place(*number), Some(Place::Offset(own)) if own >= *at);
            let room = document.limits().max_xref_entries.saturating_sub(plain.len());
            if is_sound && is_older && compressed.len() < room {
                let place = Place::Compressed { stream: reference.number, index };
                compressed.insert(*number, Entry { number: *number, generation: 0, place });
                if !document.trailer().contains("Root") && holds_catalog(document, &held, index) {
                    trailer.set("Root", Ref::new(*number, 0));
                }
            }
        }
    }
    let stays = plain.iter().filter(|entry| !compressed.contains_key(&entry.number));
    let mut entries: Vec<Entry> = stays.chain(compressed.values()).copied().collect();
    entries.sort_by_key(|entry| entry.number);
    Ok(whole(document.len(), trailer, entries))
}

fn holds_catalog(document: &Document, held: &ObjectStream, index: u32) -> bool {
    let object = load::nth_compressed(document, held, index);
    object.is_ok_and(|(object, _)| object.as_dict().is_some_and(|dict| dict.is_type("Catalog")))
}

fn whole(len: u64, trailer: Dict, entries: Vec<Entry>) -> Revision {
    let section = Section {
        offset: len,
        kind: XrefKind::Rebuilt,
        span: len..len,
        hybrid_span: None,
        trailer,
        stream: None,
        has_duplicates: false,
        hidden: Vec::new(),
        free_in_table: Vec::new(),
        entries,
    };
    Revision { start: 0, eof: len, end: len, sections: vec![section] }
}

/// Looks at every line start, and at every `obj` within lines, for objects and trailers.
fn scan_file(reader: &Reader, scan: &mut Scan) -> Result<(), ReadError> {
    const OVERLAP: usize = 64;
    let mut at = 0_u64;
    while at < reader.len() {
        let window = reader.window(at, CHUNK)?;
        let piece = window.get(..CHUNK.min(window.len())).unwrap_or_default();
        reader.work.spend(piece.len())?;
        let is_last = at.saturating_add(u64::try_from(piece.len()).unwrap_or(0)) >= reader.len();
        let until = if is_last { piece.len() } else { piece.len().saturating_sub(OVERLAP) };
        let mut from = 0;
        while let Some(found) = next_word(piece, from, until) {
            let here = at.saturating_add(u64::try_from(found.at).unwrap_or(0));
            match found.word {
                Word::Object(reference) => object(reader, scan, reference, here)?,
                Word::Trailer => trailer(reader, scan, here)?,
            }
            from = found.next;
        }
        at = at.saturating_add(u64::try_from(until.max(1)).unwrap_or(1));
    }
    Ok(())
}

enum Word {
    Object(Ref),
    Trailer,
}

struct Found {
    word: Word,
    at: usize,
    next: usize,
}

/// The next `N G obj` or `trailer` that begins in `from..until`.
fn next_word(piece: &[u8], mut from: usize, until: usize) -> Option<Found> {
    while from < until {
        let rest = piece.get(from..until)?;
        let step = rest.iter().position(|b| b.is_ascii_digit() || *b == b't')?;
        let at = from + step;
        let starts = at == 0 || piece.get(at - 1).is_some_and(|b| !is_regular(*b) || glued(piece, at));
        let tail = piece.get(at..)?;
        if starts && tail.starts_with(b"trailer") {
            return Some(Found { word: Word::Trailer, at, next: at + 7 });
        }
        if starts && let Some((reference, len)) = object_header(tail) {
            return Some(Found { word: Word::Object(reference), at, next: at + len });
        }
        let digits = tail.iter().take_while(|b| b.is_ascii_digit()).count();
        from = at + digits.max(1);
    }
    None
}

/// `endobj` or `endstream` directly before, without white space.
fn glued(piece: &[u8], at: usize) -> bool {
    piece.get(..at).is_some_and(|before| before.ends_with(b"endobj") || before.ends_with(b"endstream"))
}

fn object_header(tail: &[u8]) -> Option<(Ref, usize)> {
    let (number, rest) = digits(tail, 10)?;
    let rest = spaces(rest)?;
    let (generation, rest) = digits(rest, 5)?;
    let rest = spaces(rest)?;
    let rest = rest.strip_prefix(b"obj")?;
    let reference = Ref::new(u32::try_from(number).ok()?, u16::try_from(generation).ok()?);
    Some((reference, tail.len() - rest.len()))
}

fn digits(bytes: &[u8], most: usize) -> Option<(u64, &[u8])> {
    let len = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    if len == 0 || len > most {
        return None;
    }
    let (number, rest) = bytes.split_at_checked(len)?;
    Some((number.iter().fold(0, |value, digit| value * 10 + u64::from(digit - b'0')), rest))
}

fn spaces(bytes: &[u8]) -> Option<&[u8]> {
    let len = bytes.iter().take_while(|b| is_space(**b)).count();
    if (1..=16).contains(&len) { bytes.get(len..) } else { None }
}

fn object(reader: &Reader, scan: &mut Scan, reference: Ref, at: u64) -> Result<(), ReadError> {
    if scan.objects.len() >= reader.limits.max_xref_entries {
        return Err(ReadError::Limit { what: "objects found by scanning" });
    }
    if reference.number == 0 || reference.number > HIGHEST {
        return Ok(());
    }
    scan.objects.insert(reference.number, (reference.generation, at));
    // Only the beginning of the object is looked at: enough to tell what it is.
    reader.work.spend(2048)?;
    let window = reader.window(at, 2048)?;
    let piece = window.get(..2048.min(window.len())).unwrap_or_default();
    let end = crate::cache::find(piece, b"endobj").unwrap_or(piece.len());
    let head = piece.get(..end).unwrap_or_default();
    let has = |name: &[u8]| crate::cache::find(head, name).is_some();
    if has(b"/ObjStm") {
        scan.streams.push((reference, at));
    } else if has(b"/XRef") && has(b"/Root") {
        if let Ok(parsed) = reader.indirect(at)
            && let Some(dict) = parsed.object.as_dict()
            && dict.is_type("XRef")
        {
            merge_trailer(scan, dict);
        }
    } else if has(b"/Catalog") {
        let parsed = reader.indirect(at);
        if parsed.is_ok_and(|parsed| parsed.object.as_dict().is_some_and(|dict| dict.is_type("Catalog"))) {
            scan.catalog = Some(reference);
        }
    }
    Ok(())
}

fn trailer(reader: &Reader, scan: &mut Scan, at: u64) -> Result<(), ReadError> {
    let dict = reader.parse(at, |parser| {
        if parser.lexer.keyword(b"trailer")? { parser.dict() } else { Err(Fault::Bad("a trailer")) }
    });
    match dict {
        Ok(dict) => merge_trailer(scan, &dict),
        Err(error @ (ReadError::Io(_) | ReadError::Limit { .. })) => return Err(error),
        Err(_) => {}
    }
    Ok(())
}

/// Later trailers win, entry by entry.
fn merge_trailer(scan: &mut Scan, dict: &Dict) {
    for (key, value) in dict.iter() {
        scan.trailer.set(key.clone(), value.clone());
    }
}

/// Reads the index of a decoded object stream (7.5.7).
pub(crate) fn object_stream(dict: &Dict, data: Vec<u8>, at: u64) -> Result<ObjectStream, ReadError> {
    let number = |key| dict.value(key).as_integer().and_then(|n| usize::try_from(n).ok());
    let (Some(count), Some(first)) = (number("N"), number("First")) else {
        return Err(ReadError::damaged(at, "/N and /First of an object stream"));
    };
    let head = data.get(..first).ok_or(ReadError::damaged(at, "an object stream as long as /First"))?;
    // Each object takes at least four bytes of the index: `1 0 `.
    if count > head.len() / 2 {
        return Err(ReadError::damaged(at, "an index of /N objects"));
    }
    let mut lexer = Lexer::new(head, true);
    let mut index = Vec::with_capacity(count);
    for _ in 0..count {
        let (Ok(Token::Integer(number)), Ok(Token::Integer(offset))) = (lexer.token(), lexer.token()) else {
            return Err(ReadError::damaged(at, "the index of an object stream"));
        };
        let place = usize::try_from(offset).ok().and_then(|offset| first.checked_add(offset));
        match (u32::try_from(number), place) {
            (Ok(number), Some(place)) if place <= data.len() => index.push((number, place)),
            _ => return Err(ReadError::damaged(at, "the index of an object stream")),
        }
    }
    let mut numbers: Vec<u32> = index.iter().map(|(number, _)| *number).collect();
    numbers.sort_unstable();
    let repeated = numbers.windows(2).filter_map(|pair| match pair {
        [one, other] if one == other => Some(*one),
        _ => None,
    });
    let repeated = repeated.collect();
    Ok(ObjectStream { data, index, repeated })
}
