//! Whether a file whose end is missing lacks anything else.

use std::collections::HashSet;

use crate::{Document, Object, ReadError, Ref, load};

/// Whether every object that can be reached from the trailer is there and reads through.
pub(crate) fn is_complete(document: &Document) -> Result<bool, ReadError> {
    let mut waiting = Vec::new();
    for (_, value) in document.trailer().iter() {
        references(value, &mut waiting);
    }
    let mut seen: HashSet<Ref> = waiting.iter().copied().collect();
    let mut found = Vec::new();
    while let Some(reference) = waiting.pop() {
        if document.locate(reference).is_none() {
            return Ok(false);
        }
        match load::resolve_once(document, reference) {
            Ok(object) => references(&object, &mut found),
            Err(error @ (ReadError::Io(_) | ReadError::Limit { .. })) => return Err(error),
            Err(_) => return Ok(false),
        }
        waiting.extend(found.drain(..).filter(|reference| seen.insert(*reference)));
    }
    Ok(true)
}

/// The references that an object holds; the parser has bounded its depth.
fn references(object: &Object, found: &mut Vec<Ref>) {
    match object {
        Object::Reference(reference) => found.push(*reference),
        Object::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {
            for (_, value) in object.as_dict().into_iter().flat_map(crate::Dict::iter) {
                references(value, found);
            }
        }
    }
}
