//! Opening: header, cross references, encryption, catalog, page tree; repair where they fail.

use std::sync::{Arc, OnceLock};

use crate::cache::{Reader, find};
use crate::document::{Document, Shared, View};
use crate::xref::Xref;
use crate::{Limits, Object, OpenError, ReadError, Revision, Source, crypt, page, xref};

pub(crate) fn open(source: Arc<dyn Source>, limits: &Limits) -> Result<Document, OpenError> {
    let size = source.len();
    if size > limits.max_file_size {
        return Err(OpenError::TooLarge { size, limit: limits.max_file_size });
    }
    let (header, version) = header(&*source)?;
    let reader = Reader::new(Arc::clone(&source), limits.clone());
    let whole = match xref::load(&reader, header) {
        Ok(Xref { shift, revisions }) => {
            assemble(reader, Found { header, version, shift, revisions, origin: Origin::File })
        }
        Err(error) => Err(damage(error, limits)),
    };
    match whole {
        Err(OpenError::Damaged { .. }) => repair(source, limits, header, version),
        other => other,
    }
}

fn repair(
    source: Arc<dyn Source>,
    limits: &Limits,
    header: u64,
    version: (u8, u8),
) -> Result<Document, OpenError> {
    let reader = Reader::new(source, limits.clone());
    // What a cut-off file lacks cannot be known: pages could be blank that were not. It is not repaired.
    if is_cut_off(&reader)? {
        return Err(OpenError::Truncated);
    }
    let revision = xref::repair::rebuild(&reader).map_err(|error| damage(error, limits))?;
    assemble(reader, Found { header, version, shift: 0, revisions: vec![revision], origin: Origin::Scan })
}

/// Whether neither `startxref` nor `%%EOF` stands near the end of the file.
fn is_cut_off(reader: &Reader) -> Result<bool, OpenError> {
    let start = reader.len().saturating_sub(2048);
    let window = reader.window(start, 2048)?;
    Ok(find(&window, b"%%EOF").is_none() && find(&window, b"startxref").is_none())
}

/// Where the cross references come from.
#[derive(Clone, Copy, PartialEq)]
enum Origin {
    File,
    Scan,
}

/// What was found before the objects.
struct Found {
    header: u64,
    version: (u8, u8),
    shift: u64,
    revisions: Vec<Revision>,
    origin: Origin,
}

fn assemble(reader: Reader, found: Found) -> Result<Document, OpenError> {
    let count = found.revisions.len();
    let shared = Arc::new(Shared {
        reader,
        shift: found.shift,
        header: found.header,
        header_version: found.version,
        is_repaired: found.origin == Origin::Scan,
        revisions: found.revisions,
        encryption: OnceLock::new(),
    });
    let document = Document { view: Arc::new(View::new(Arc::clone(&shared), count)) };
    let limits = document.limits();
    if let Some(encryption) = encryption(&document)? {
        // Set once, before anything but the encryption dictionary was read.
        let _ = shared.encryption.set(encryption);
    }
    document.catalog().map_err(|error| damage(error, limits))?;
    page::tree(&document).map_err(|error| damage(error, limits))?;
    Ok(document)
}

fn encryption(document: &Document) -> Result<Option<crate::Encryption>, OpenError> {
    let trailer = document.trailer();
    let entry = trailer.value("Encrypt");
    if entry.is_null() {
        return Ok(None);
    }
    let limits = document.limits();
    let mut object = (*document.follow(entry).map_err(|error| damage(error, limits))?).clone();
    inline(document, &mut object, 0).map_err(|error| damage(error, limits))?;
    let Some(dict) = object.as_dict() else {
        return Err(OpenError::Damaged { what: "the encryption dictionary is missing".into() });
    };
    let id = document.value(trailer, "ID").map_err(|error| damage(error, limits))?;
    let id = id.as_array().and_then(|parts| parts.first()).and_then(Object::as_string).unwrap_or_default();
    crypt::open(dict, id, entry.as_reference()).map(Some)
}

/// Replaces references in the encryption dictionary by what they refer to.
fn inline(document: &Document, object: &mut Object, depth: usize) -> Result<(), ReadError> {
    if depth > 4 {
        return Ok(());
    }
    if let Object::Reference(_) = object {
        *object = (*document.follow(object)?).clone();
    }
    if let Some(dict) = object.as_dict_mut() {
        for (_, value) in dict.iter_mut() {
            inline(document, value, depth + 1)?;
        }
    }
    Ok(())
}

/// What a failure to read means for the person who brought the file.
fn damage(error: ReadError, limits: &Limits) -> OpenError {
    match error {
        ReadError::Io(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => OpenError::Io(error),
        ReadError::Limit { what: page::PAGES } => OpenError::TooManyPages { limit: limits.max_pages },
        other => OpenError::Damaged { what: other.to_string() },
    }
}

/// Finds `%PDF-n.m` in the first 1024 bytes: its position and the version.
fn header(source: &dyn Source) -> Result<(u64, (u8, u8)), OpenError> {
    let mut buf = [0; 1024];
    let size = usize::try_from(source.len()).unwrap_or(usize::MAX).min(buf.len());
    let head = buf.get_mut(..size).unwrap_or_default();
    source.read_at(0, head)?;
    let at = find(head, b"%PDF-").ok_or(OpenError::NotPdf)?;
    let text = head.get(at + 5..).unwrap_or_default();
    // An odd version number harms nobody: what is in the file counts.
    Ok((u64::try_from(at).unwrap_or(0), version(text).unwrap_or((1, 4))))
}

/// `1.7` as numbers.
pub(crate) fn version(text: &[u8]) -> Option<(u8, u8)> {
    match text {
        [major @ b'0'..=b'9', b'.', minor @ b'0'..=b'9', ..] => Some((major - b'0', minor - b'0')),
        _ => None,
    }
}
