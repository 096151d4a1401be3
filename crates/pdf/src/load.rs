//! Finding and loading objects.

use std::sync::Arc;

use crate::cache::ObjectStream;
use crate::document::Document;
use crate::parser::Parser;
use crate::revision::Location;
use crate::xref::{Entry, Place, repair, stream_span};
use crate::{Dict, Object, ReadError, Ref, Stream, StreamBody, filter};

/// Deepest chain of objects needed to read one object: a stream's length, its object stream, that one's length.
const MOST_STEPS: usize = 6;

pub(crate) fn resolve(document: &Document, reference: Ref) -> Result<Arc<Object>, ReadError> {
    let Some(place) = locate(document, reference) else {
        return Ok(without_place(document, reference));
    };
    if let Some(object) = document.view.cache.object(reference.number) {
        return Ok(object);
    }
    let (object, size) = load(document, reference, place, 0)?;
    let object = Arc::new(object);
    document.view.cache.keep_object(reference.number, &object, size, document.limits().cache_size);
    Ok(object)
}

/// As [`resolve`], without a trace in the cache: for walks over many objects.
pub(crate) fn resolve_once(document: &Document, reference: Ref) -> Result<Arc<Object>, ReadError> {
    if let Some(object) = document.view.cache.object(reference.number) {
        let is_there = locate(document, reference).is_some();
        return Ok(if is_there { object } else { without_place(document, reference) });
    }
    match locate(document, reference) {
        Some(place) => Ok(Arc::new(load(document, reference, place, 0)?.0)),
        None => Ok(without_place(document, reference)),
    }
}

/// What no cross reference knows: `null` (7.3.10), or a page that is no object of its own.
fn without_place(document: &Document, reference: Ref) -> Arc<Object> {
    let page = document.view.pages.get().and_then(|tree| tree.direct(reference));
    page.map_or_else(|| Arc::new(Object::Null), |page| Arc::clone(&page.dict))
}

pub(crate) fn locate(document: &Document, reference: Ref) -> Option<(usize, Location)> {
    let (index, entry) = find_entry(document, reference.number)?;
    let location = match entry.place {
        Place::Free => return None,
        Place::Offset(offset) => Location::Offset(offset),
        Place::Compressed { stream, index } => Location::Compressed { stream, index },
    };
    (entry.generation == reference.generation).then_some((index, location))
}

/// The newest entry of an object number, and its revision.
fn find_entry(document: &Document, number: u32) -> Option<(usize, Entry)> {
    for (index, revision) in document.revisions().iter().enumerate().rev() {
        for section in &revision.sections {
            if let Ok(at) = section.entries.binary_search_by_key(&number, |entry| entry.number) {
                return section.entries.get(at).map(|entry| (index, *entry));
            }
        }
    }
    None
}

pub(crate) fn size(document: &Document) -> u32 {
    let sections = || document.revisions().iter().flat_map(|revision| &revision.sections);
    let highest = sections().filter_map(|section| section.entries.last()).map(|entry| entry.number).max();
    let used = highest.unwrap_or(0).saturating_add(1);
    let promised = sections().filter_map(|section| section.trailer.value("Size").as_integer());
    let promised =
        promised.filter_map(|size| u32::try_from(size).ok()).filter(|size| *size <= repair::HIGHEST).max();
    used.max(promised.unwrap_or(0))
}

/// Reads an object, and tells how many bytes it took.
fn load(
    document: &Document,
    reference: Ref,
    (revision, location): (usize, Location),
    step: usize,
) -> Result<(Object, usize), ReadError> {
    match location {
        Location::Offset(offset) => load_at(document, reference, (revision, offset), step),
        Location::Compressed { stream, index } => {
            let stream = object_stream(document, stream, step)?;
            load_compressed(document, reference, &stream, index)
        }
    }
}

/// Where what a revision defines must end: whatever comes behind was not there when the revision was written, and would
/// change what it said.
fn end_of(document: &Document, revision: usize) -> u64 {
    let revisions = &document.shared().revisions;
    match (revisions.get(revision), revisions.get(revision.saturating_add(1))) {
        (Some(revision), Some(_)) => revision.end,
        _ => document.reader().len(),
    }
}

fn load_at(
    document: &Document,
    reference: Ref,
    (revision, offset): (usize, u64),
    step: usize,
) -> Result<(Object, usize), ReadError> {
    let limit = end_of(document, revision);
    let head = document.reader().indirect(offset)?;
    let end = offset.saturating_add(u64::try_from(head.stream.unwrap_or(head.end)).unwrap_or(u64::MAX));
    if head.reference != reference || end > limit {
        return Err(ReadError::damaged(offset, "the object that the cross reference promises"));
    }
    let size = head.end.saturating_sub(head.start);
    let mut object = match (head.object, head.stream) {
        (Object::Dictionary(dict), Some(data)) => {
            let start = offset.saturating_add(u64::try_from(data).unwrap_or(u64::MAX));
            let length = length(document, &dict, step)?;
            let span = stream_span(document.reader(), start, length, limit)?;
            Object::Stream(Stream { dict, body: StreamBody::InFile { span: span.data, owner: reference } })
        }
        (object, _) => object,
    };
    if let Some(encryption) = document.encryption()
        && !object.as_dict().is_some_and(|dict| dict.is_type("XRef"))
    {
        encryption.decrypt_strings(&mut object, reference);
    }
    Ok((object, size))
}

/// /Length of a stream; `None` where it cannot be told, so that the end must be looked for.
pub(crate) fn length(document: &Document, dict: &Dict, step: usize) -> Result<Option<u64>, ReadError> {
    let value = match dict.value("Length") {
        Object::Reference(reference) => match locate(document, *reference) {
            Some(place) if step < MOST_STEPS => match load(document, *reference, place, step + 1) {
                Ok((object, _)) => object,
                Err(error @ (ReadError::Io(_) | ReadError::Limit { .. })) => return Err(error),
                Err(_) => return Ok(None),
            },
            _ => return Ok(None),
        },
        direct => direct.clone(),
    };
    Ok(value.as_integer().and_then(|length| u64::try_from(length).ok()))
}

/// The decoded object stream of this number.
pub(crate) fn object_stream(
    document: &Document,
    number: u32,
    step: usize,
) -> Result<Arc<ObjectStream>, ReadError> {
    if let Some(stream) = document.view.cache.stream(number) {
        return Ok(stream);
    }
    let reference = Ref::new(number, 0);
    let (revision, offset) = match locate(document, reference) {
        Some((revision, Location::Offset(offset))) if step < MOST_STEPS => (revision, offset),
        _ => return Err(ReadError::unexpected(reference, "an object stream is missing")),
    };
    let (object, _) = load_at(document, reference, (revision, offset), step + 1)?;
    let Object::Stream(stream) = object else {
        return Err(ReadError::unexpected(reference, "an object stream is no stream"));
    };
    if !stream.dict.is_type("ObjStm") {
        return Err(ReadError::unexpected(reference, "an object stream is of another type"));
    }
    let data = decode(document, &stream, Within::ObjectStream)?;
    let stream = Arc::new(repair::object_stream(&stream.dict, data, offset)?);
    document.view.cache.keep_stream(number, &stream, document.limits().cache_size);
    Ok(stream)
}

fn load_compressed(
    document: &Document,
    reference: Ref,
    stream: &ObjectStream,
    index: u32,
) -> Result<(Object, usize), ReadError> {
    let is_it = |at: &usize| stream.index.get(*at).is_some_and(|(number, _)| *number == reference.number);
    let by_index = usize::try_from(index).ok().filter(is_it);
    let at = by_index.or_else(|| stream.index.iter().position(|(number, _)| *number == reference.number));
    let at = at.ok_or(ReadError::unexpected(reference, "not in the object stream that should hold it"))?;
    compressed(document, stream, at)
}

/// Whether every program takes the same bytes for an object: some go by the index that its entry states, some by the
/// number that the object stream states.
pub(crate) fn is_agreed(document: &Document, reference: Ref) -> Result<bool, ReadError> {
    let Some((_, Location::Compressed { stream, index })) = locate(document, reference) else {
        return Ok(true);
    };
    let stream = object_stream(document, stream, 0)?;
    let entry = usize::try_from(index).ok().and_then(|index| stream.index.get(index));
    let number = reference.number;
    Ok(entry.is_some_and(|(stated, _)| *stated == number) && !stream.repeated.contains(&number))
}

/// The object at `index` of an object stream, whatever its number.
pub(crate) fn nth_compressed(
    document: &Document,
    stream: &ObjectStream,
    index: u32,
) -> Result<(Object, usize), ReadError> {
    compressed(document, stream, usize::try_from(index).unwrap_or(usize::MAX))
}

fn compressed(document: &Document, stream: &ObjectStream, at: usize) -> Result<(Object, usize), ReadError> {
    let (number, start) = *stream.index.get(at).ok_or(ReadError::Missing { what: "object in its stream" })?;
    let data = stream.data.get(start..).unwrap_or_default();
    let mut parser = Parser::new(data, true, document.limits());
    let object = parser.value();
    let size = parser.lexer.pos;
    document.reader().work.spend(size)?;
    let damaged = ReadError::unexpected(Ref::new(number, 0), "damaged within its object stream");
    Ok((object.map_err(|_| damaged)?, size))
}

pub(crate) fn encoded(document: &Document, stream: &Stream) -> Result<Vec<u8>, ReadError> {
    match &stream.body {
        StreamBody::Owned(bytes) => Ok(bytes.to_vec()),
        StreamBody::InFile { span, owner } => {
            let bytes = document.reader().bytes(span.clone())?;
            Ok(match document.encryption() {
                Some(encryption) => encryption
                    .decrypt_stream(&stream.dict, *owner, bytes)
                    .ok_or(ReadError::damaged(span.start, "encrypted data that nobody changed"))?,
                None => bytes,
            })
        }
    }
}

pub(crate) fn decoded(document: &Document, stream: &Stream) -> Result<Vec<u8>, ReadError> {
    decode(document, stream, Within::Document)
}

/// What is being decoded: an object stream must not depend on objects in object streams.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Document,
    ObjectStream,
}

fn decode(document: &Document, stream: &Stream, within: Within) -> Result<Vec<u8>, ReadError> {
    let mut dict = Dict::new();
    for key in ["Filter", "DecodeParms"] {
        if stream.dict.contains(key) {
            dict.set(key, filter_entry(document, stream.dict.value(key), within)?);
        }
    }
    let size_limit = u64::try_from(document.limits().max_decoded_size).unwrap_or(u64::MAX);
    if let StreamBody::InFile { span, .. } = &stream.body
        && span.end.saturating_sub(span.start) > size_limit
    {
        return Err(ReadError::Limit { what: "size of an encoded stream" });
    }
    filter::decode(&dict, encoded(document, stream)?, document.reader())
}

/// /Filter or /DecodeParms with references followed.
fn filter_entry(document: &Document, value: &Object, within: Within) -> Result<Object, ReadError> {
    Ok(match follow(document, value, within)? {
        Object::Array(items) => {
            let items = items.iter().take(8).map(|item| follow(document, item, within));
            Object::Array(items.collect::<Result<_, ReadError>>()?)
        }
        other => other,
    })
}

fn follow(document: &Document, value: &Object, within: Within) -> Result<Object, ReadError> {
    let Object::Reference(reference) = value else { return Ok(value.clone()) };
    if within == Within::Document {
        return Ok((*document.follow(value)?).clone());
    }
    let Some((_, Location::Offset(offset))) = locate(document, *reference) else { return Ok(Object::Null) };
    let head = document.reader().indirect(offset)?;
    Ok(if head.reference == *reference { head.object } else { Object::Null })
}
