//! Whether two objects are the same, whatever the order of dictionary entries and wherever stream data stands.

use pdf::{Dict, Document, Object, ReadError};

/// Whether two objects are equal as values. References are equal where they name the same object.
pub(super) fn same(old: &Object, new: &Object) -> bool {
    match (old, new) {
        (Object::Array(a), Object::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Object::Dictionary(a), Object::Dictionary(b)) => different_keys(a, b, &[]).is_empty(),
        (Object::String(a), Object::String(b)) => a.bytes == b.bytes,
        (Object::Integer(_), Object::Real(_)) | (Object::Real(_), Object::Integer(_)) => {
            old.as_number() == new.as_number()
        }
        (Object::Stream(_), _) | (_, Object::Stream(_)) => false,
        _ => old == new,
    }
}

/// Whether an indirect object is the same in two views, stream data included.
pub(super) fn same_indirect(old: (&Document, &Object), new: (&Document, &Object)) -> Result<bool, ReadError> {
    if let (Object::Stream(a), Object::Stream(b)) = (old.1, new.1) {
        return Ok(different_keys(&a.dict, &b.dict, &[]).is_empty() && old.0.encoded(a)? == new.0.encoded(b)?);
    }
    Ok(same(old.1, new.1))
}

/// The keys, apart from `ignored`, whose values differ. A missing key is `null` (ISO 32000-2 §7.3.7).
/// A key that comes to stand twice differs: programs would disagree about it.
pub(super) fn different_keys(old: &Dict, new: &Dict, ignored: &[&str]) -> Vec<String> {
    let mut keys: Vec<String> = new
        .repeated_keys()
        .iter()
        .filter(|key| !old.repeated_keys().contains(key))
        .map(pdf::Name::to_text)
        .collect();
    for (key, value) in old.iter() {
        let name = key.to_text();
        if !ignored.contains(&name.as_str()) && !same(value, lookup(new, key.as_bytes())) {
            keys.push(name);
        }
    }
    for (key, value) in new.iter() {
        let name = key.to_text();
        let known = old.iter().any(|(other, _)| other == key);
        if !known && !value.is_null() && !ignored.contains(&name.as_str()) {
            keys.push(name);
        }
    }
    keys
}

fn lookup<'d>(dict: &'d Dict, key: &[u8]) -> &'d Object {
    dict.iter().find(|(name, _)| name.as_bytes() == key).map_or(&Object::Null, |(_, value)| value)
}
