//! Opening: header, cross references, encryption, catalog, page tree; repair where they fail.

use std::sync::{Arc, OnceLock};

use crate::cache::{Reader, find};
use crate::document::{Document, Shared, View};
use crate::xref::Xref;
use crate::xref::repair::{self, Rebuilt};
use crate::{
    Limits, Object, OpenError, OpenOptions, ReadError, Revision, Source, complete, crypt, page, xref,
};

pub(crate) fn open(source: Arc<dyn Source>, options: &OpenOptions) -> Result<Document, OpenError> {
    let limits = options.bounds();
    let size = source.len();
    if size > limits.max_file_size {
        return Err(OpenError::TooLarge { size, limit: limits.max_file_size });
    }
    let (header, version) = header(&*source)?;
    let reader = Reader::new(Arc::clone(&source), limits.clone());
    let whole = match xref::load(&reader, header) {
        Ok(Xref { shift, revisions }) => {
            let found = Found { header, version, shift, revisions, origin: Origin::File };
            Document::unlocked(reader, found, options).and_then(checked)
        }
        Err(error) => Err(damage(error, limits)),
    };
    match whole {
        Err(OpenError::Damaged { what }) => repair(source, options, header, version, what),
        other => other,
    }
}

/// Rebuilds the cross references of a file that has its end, in two steps: what stands plainly in the file, then, with the file's key at
/// hand, what its object streams hold.
fn repair(
    source: Arc<dyn Source>,
    options: &OpenOptions,
    header: u64,
    version: (u8, u8),
    why: String,
) -> Result<Document, OpenError> {
    let limits = options.bounds();
    let reader = Reader::new(source, limits.clone());
    let has_end = has_end_mark(&reader)?;
    let Rebuilt { revision, streams, has_end_after_objects } =
        repair::rebuild(&reader).map_err(|error| damage(error, limits))?;
    if !has_end && !has_end_after_objects {
        return Err(OpenError::Truncated);
    }
    let revisions = vec![revision];
    let plain = Document::unlocked(
        reader,
        Found { header, version, shift: 0, revisions, origin: Origin::Scan(why) },
        options,
    )?;
    let revision = repair::with_compressed(&plain, &streams).map_err(|error| damage(error, limits))?;
    let document = plain.with_revision(revision)?;
    let document = checked(document)?;
    // What a cut-off file lacks cannot be known: pages could be blank that were not. Where the end stands far from
    // the end, before bytes that are no objects, nothing that the file speaks of may be missing.
    if !has_end && !complete::is_complete(&document).map_err(|error| damage(error, limits))? {
        return Err(OpenError::Truncated);
    }
    Ok(document)
}

/// Whether `startxref` or `%%EOF` stands near the end of the file.
fn has_end_mark(reader: &Reader) -> Result<bool, OpenError> {
    let start = reader.len().saturating_sub(2048);
    let window = reader.window(start, 2048)?;
    Ok(find(&window, b"%%EOF").is_some() || find(&window, b"startxref").is_some())
}

/// Where the cross references come from.
enum Origin {
    File,
    /// A scan, and what was wrong with those of the file.
    Scan(String),
}

/// What was found before the objects.
struct Found {
    header: u64,
    version: (u8, u8),
    shift: u64,
    revisions: Vec<Revision>,
    origin: Origin,
}

impl Document {
    /// A document whose strings and streams can be read; nothing of it has been looked at yet.
    fn unlocked(reader: Reader, found: Found, options: &OpenOptions) -> Result<Self, OpenError> {
        let count = found.revisions.len();
        let shared = Arc::new(Shared {
            reader,
            shift: found.shift,
            header: found.header,
            header_version: found.version,
            repaired_for: match found.origin {
                Origin::File => None,
                Origin::Scan(why) => Some(why),
            },
            revisions: found.revisions,
            encryption: OnceLock::new(),
        });
        let document = Self { view: Arc::new(View::new(Arc::clone(&shared), count)) };
        if let Some(encryption) = encryption(&document, options)? {
            // Set once, before anything but the encryption dictionary was read.
            let _ = shared.encryption.set(encryption);
        }
        Ok(document)
    }

    /// The same with another revision in place of the only one.
    fn with_revision(self, revision: Revision) -> Result<Self, OpenError> {
        let shared = Arc::into_inner(self.view).and_then(|view| Arc::into_inner(view.shared));
        let mut shared = shared.ok_or(OpenError::Damaged { what: "it is being read elsewhere".into() })?;
        shared.revisions = vec![revision];
        Ok(Self { view: Arc::new(View::new(Arc::new(shared), 1)) })
    }
}

/// The document, once its catalog and page tree could be read.
fn checked(document: Document) -> Result<Document, OpenError> {
    let limits = document.limits();
    document.catalog().map_err(|error| damage(error, limits))?;
    page::tree(&document).map_err(|error| damage(error, limits))?;
    Ok(document)
}

fn encryption(document: &Document, options: &OpenOptions) -> Result<Option<crate::Encryption>, OpenError> {
    let trailer = document.trailer();
    let entry = trailer.value("Encrypt");
    if entry.is_null() {
        return Ok(None);
    }
    if let Some(key) = options.key() {
        return Ok(Some(key.clone()));
    }
    let limits = document.limits();
    let object = document.follow(entry).map_err(|error| match damage(error, limits) {
        OpenError::Damaged { what } => {
            OpenError::Damaged { what: format!("its encryption dictionary cannot be read: {what}") }
        }
        other => other,
    })?;
    let mut object = (*object).clone();
    inline(document, &mut object, 0).map_err(|error| damage(error, limits))?;
    let Some(dict) = object.as_dict() else {
        return Err(OpenError::Damaged { what: "the encryption dictionary is missing".into() });
    };
    let id = document.value(trailer, "ID").map_err(|error| damage(error, limits))?;
    let id = id.as_array().and_then(|parts| parts.first()).and_then(Object::as_string).unwrap_or_default();
    crypt::open(dict, id, entry.as_reference(), options.secret()).map(Some)
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
