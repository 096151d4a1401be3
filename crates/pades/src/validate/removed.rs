//! Signatures that closed an earlier revision and that the newest one lacks: an update took them out of the form, or no
//! cross-reference leads to them any more.
//!
//! Programs that read the newest revision alone see nothing of them.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use pdf::{Document, Object, ReadError, Signature, SignatureField, Source};

use super::format;

/// Most revisions that are looked at, the newest.
const MOST_REVISIONS: usize = 400;
/// Most signatures that are told.
const MOST_TOLD: usize = 64;

/// Most ends of signed files that are looked at where no cross-reference leads.
const MOST_HIDDEN: usize = 8;

/// A signature that is there no more.
pub(crate) struct Removed {
    pub(crate) field: SignatureField,
    pub(crate) signature: Signature,
    /// The revision that it closed, counted from 0.
    pub(crate) revision: usize,
}

/// Those that a document had, oldest first; `present` are the fields that it has.
pub(crate) fn removed(document: &Document, present: &[SignatureField]) -> Result<Vec<Removed>, ReadError> {
    if document.is_repaired() {
        return Ok(Vec::new());
    }
    let mut found = linked(document, present)?;
    if present.is_empty() && found.is_empty() {
        found = hidden(document)?;
    }
    Ok(found)
}

/// Those of the revisions to which the cross-references lead.
fn linked(document: &Document, present: &[SignatureField]) -> Result<Vec<Removed>, ReadError> {
    let count = document.revisions().len();
    let standing: Vec<&Signature> = present.iter().filter_map(|field| field.signature.as_ref()).collect();
    let closed: Vec<usize> = standing.iter().filter_map(|signature| closes(document, signature)).collect();
    let mut found = Vec::new();
    for revision in count.saturating_sub(MOST_REVISIONS + 1)..count - 1 {
        if closed.contains(&revision) || found.len() >= MOST_TOLD {
            continue;
        }
        let earlier = document.at_revision(revision)?;
        // A revision that cannot be read was none that somebody signed.
        let Ok(fields) = earlier.signatures() else { continue };
        for field in fields {
            let Some(signature) = field.signature.clone() else { continue };
            let stands = standing
                .iter()
                .any(|one| one.contents == signature.contents && one.byte_range == signature.byte_range);
            if !stands && closes(&earlier, &signature) == Some(revision) {
                found.push(Removed { field, signature, revision });
            }
        }
    }
    Ok(found)
}

/// Those to which none leads, where no other is to be seen: each is looked for in the file as it ended when it was signed.
fn hidden(document: &Document) -> Result<Vec<Removed>, ReadError> {
    let strays = match document.strays() {
        Err(ReadError::Limit { .. }) => return Ok(Vec::new()),
        strays => strays?,
    };
    let end = |stray| signed_end(document, &document.stray_object(stray).ok()?);
    let ends: BTreeSet<u64> = strays.iter().filter_map(end).collect();
    let mut found: Vec<Removed> = Vec::new();
    for end in ends.into_iter().take(MOST_HIDDEN) {
        let beginning = Beginning { of: Arc::clone(document.source()), end };
        let Ok(earlier) = document.open_later(Arc::new(beginning)) else { continue };
        let Some(last) = earlier.revisions().len().checked_sub(1) else { continue };
        for field in earlier.signatures().unwrap_or_default() {
            let Some(signature) = field.signature.clone() else { continue };
            if closes(&earlier, &signature) == Some(last) {
                found.push(Removed { field, signature, revision: last });
            }
        }
    }
    Ok(found)
}

/// Where the file ended that a signature dictionary says it signs.
fn signed_end(document: &Document, object: &Object) -> Option<u64> {
    let dict = object.as_dict()?;
    let Object::Array(range) = dict.value("ByteRange") else { return None };
    let [Object::Integer(0), _, Object::Integer(from), Object::Integer(size)] = range.as_slice() else {
        return None;
    };
    let end = u64::try_from(from.checked_add(*size)?).ok()?;
    (dict.contains("Contents") && end <= document.len()).then_some(end)
}

/// A file as far as one of its bytes.
struct Beginning {
    of: Arc<dyn Source>,
    end: u64,
}

impl Source for Beginning {
    fn len(&self) -> u64 {
        self.end
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let size = u64::try_from(buf.len()).unwrap_or(u64::MAX);
        if offset.checked_add(size).is_none_or(|until| until > self.end) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.of.read_at(offset, buf)
    }

    fn bytes_at(&self, offset: u64) -> &[u8] {
        let bytes = self.of.bytes_at(offset);
        let room = usize::try_from(self.end.saturating_sub(offset)).unwrap_or(usize::MAX);
        bytes.get(..room.min(bytes.len())).unwrap_or_default()
    }
}

fn closes(document: &Document, signature: &Signature) -> Option<usize> {
    // What is no signature at all was never one that could be missed.
    format::value(signature).ok()?;
    format::layout(document, signature).ok().map(|layout| layout.revision)
}
