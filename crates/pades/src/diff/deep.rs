//! Whether two objects have the same content, whatever numbers the objects below them have.

use std::collections::HashSet;
use std::sync::Arc;

use pdf::{Document, Object, ReadError, Ref};

/// Most objects compared for one pair; beyond it they count as different.
const MOST_STEPS: usize = 20_000;

/// Compares what two references lead to. Gives the objects of the newer view that stand for others, or `None` where the
/// contents differ.
///
/// A reference to the same number on both sides is taken as equal: what changed under that number is judged by itself.
pub(super) fn renumbered(
    old: (&Document, &Object),
    new: (&Document, &Object),
) -> Result<Option<Vec<Ref>>, ReadError> {
    let (old_view, new_view) = (old.0, new.0);
    let mut assumed: HashSet<(Ref, Ref)> = HashSet::new();
    let mut stack: Vec<(Arc<Object>, Arc<Object>)> = vec![(Arc::new(old.1.clone()), Arc::new(new.1.clone()))];
    let mut stand_ins = Vec::new();
    let mut steps = 0_usize;
    while let Some((was, is)) = stack.pop() {
        steps += 1;
        if steps > MOST_STEPS {
            return Ok(None);
        }
        match (&*was, &*is) {
            (Object::Reference(a), Object::Reference(b)) if a == b => {}
            (Object::Reference(a), Object::Reference(b)) => {
                if assumed.insert((*a, *b)) {
                    stand_ins.push(*b);
                    stack.push((old_view.resolve(*a)?, new_view.resolve(*b)?));
                }
            }
            (Object::Reference(a), _) => stack.push((old_view.resolve(*a)?, is)),
            (_, Object::Reference(b)) => {
                stand_ins.push(*b);
                stack.push((was, new_view.resolve(*b)?));
            }
            (Object::Array(a), Object::Array(b)) => {
                if a.len() != b.len() {
                    return Ok(None);
                }
                stack.extend(a.iter().zip(b).map(|(a, b)| (Arc::new(a.clone()), Arc::new(b.clone()))));
            }
            (Object::Dictionary(a), Object::Dictionary(b)) => {
                if !entries(a, b, &[], &mut stack) {
                    return Ok(None);
                }
            }
            (Object::Stream(a), Object::Stream(b)) => {
                if old_view.encoded(a)? == new_view.encoded(b)? {
                    if !entries(&a.dict, &b.dict, &["Length"], &mut stack) {
                        return Ok(None);
                    }
                } else if !entries(&a.dict, &b.dict, &["Length", "Filter", "DecodeParms"], &mut stack)
                    || old_view.decoded(a)? != new_view.decoded(b)?
                {
                    return Ok(None);
                }
            }
            (a, b) if super::equality::same(a, b) => {}
            _ => return Ok(None),
        }
    }
    Ok(Some(stand_ins))
}

/// Queues the values of two dictionaries; `false` where one has a key that the other lacks.
fn entries(
    old: &pdf::Dict,
    new: &pdf::Dict,
    ignored: &[&str],
    stack: &mut Vec<(Arc<Object>, Arc<Object>)>,
) -> bool {
    if !new.repeated_keys().is_empty() {
        return false;
    }
    let counted = |dict: &pdf::Dict| {
        dict.iter()
            .filter(|(key, value)| !value.is_null() && !ignored.iter().any(|other| **key == **other))
            .count()
    };
    if counted(old) != counted(new) {
        return false;
    }
    for (key, value) in old.iter() {
        if value.is_null() || ignored.iter().any(|other| *key == **other) {
            continue;
        }
        let Some((_, other)) = new.iter().find(|(name, _)| *name == key) else { return false };
        stack.push((Arc::new(value.clone()), Arc::new(other.clone())));
    }
    true
}
