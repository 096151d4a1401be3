//! Signatures that closed an earlier revision and that the newest one lacks: an update took them out of the form.
//!
//! Programs that read the newest revision alone see nothing of them.

use pdf::{Document, ReadError, Signature, SignatureField};

use super::format;

/// Most revisions that are looked at, the newest.
const MOST_REVISIONS: usize = 400;
/// Most signatures that are told.
const MOST_TOLD: usize = 64;

/// A signature that is there no more.
pub(crate) struct Removed {
    pub(crate) field: SignatureField,
    pub(crate) signature: Signature,
    /// The revision that it closed, counted from 0.
    pub(crate) revision: usize,
}

/// Those that a document had, oldest first; `present` are the fields that it has.
pub(crate) fn removed(document: &Document, present: &[SignatureField]) -> Result<Vec<Removed>, ReadError> {
    let count = document.revisions().len();
    if document.is_repaired() || count < 2 {
        return Ok(Vec::new());
    }
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

fn closes(document: &Document, signature: &Signature) -> Option<usize> {
    // What is no signature at all was never one that could be missed.
    format::value(signature).ok()?;
    format::layout(document, signature).ok().map(|layout| layout.revision)
}
