//! Tagged PDF: a new widget takes its place in the structure tree, so that a screen reader comes upon it
//! (ISO 32000-2 §14.7, §14.8.4.8.4; ISO 14289-1 §7.18).
//!
//! Only while nothing is signed: later, the tree belongs to what was signed.

use pdf::{Dict, Object, Ref, Update};

use crate::PrepareError;
use crate::form_edit;

/// Levels and nodes of a number tree that are looked at for its highest key.
const MAX_NODES: usize = 10_000;

/// Adds a `Form` element for the widget, where the document is tagged; whether it is.
pub(crate) fn tag_widget(update: &mut Update, page: Ref, widget: Ref) -> Result<bool, PrepareError> {
    let catalog = form_edit::dict(update, update.document().catalog_ref(), "the catalog")?;
    let Some(root) = catalog.value("StructTreeRoot").as_reference() else { return Ok(false) };
    let Object::Dictionary(mut tree) = update.get(root)? else { return Ok(false) };
    let key = next_key(update, &tree)?;
    let parent = document_element(update, &tree)?.unwrap_or(root);
    let object = Dict::new().with("Type", Object::name("OBJR")).with("Obj", widget).with("Pg", page);
    let element = Dict::new()
        .with("Type", Object::name("StructElem"))
        .with("S", Object::name("Form"))
        .with("P", parent)
        .with("Pg", page)
        .with("K", object);
    let element = update.add(element);
    enter_in_parent_tree(update, &mut tree, key, element)?;
    tree.set("ParentTreeNextKey", key.saturating_add(1));
    update.put(root, tree);
    append_kid(update, parent, element)?;
    let mut annotation = form_edit::dict(update, widget, "a widget")?;
    annotation.set("StructParent", key);
    update.put(widget, annotation);
    let mut holder = form_edit::dict(update, page, "a page")?;
    if !holder.contains("Tabs") {
        // ISO 14289-1 §7.18.3: the order of tabs is that of the structure.
        holder.set("Tabs", Object::name("S"));
        update.put(page, holder);
    }
    Ok(true)
}

/// The first key that the parent tree does not use.
fn next_key(update: &Update, tree: &Dict) -> Result<i64, PrepareError> {
    let promised = tree.value("ParentTreeNextKey").as_integer().unwrap_or(0).max(0);
    let mut highest = -1;
    let mut waiting = vec![tree.value("ParentTree").clone()];
    let mut seen = 0;
    while let Some(node) = waiting.pop() {
        seen += 1;
        if seen > MAX_NODES {
            return Err(form_edit::structure("the parent tree is too large"));
        }
        let node = followed(update, &node)?;
        let Some(dict) = node.as_dict() else { continue };
        let nums = followed(update, dict.value("Nums"))?;
        let keys = nums.as_array().unwrap_or_default().iter().step_by(2).filter_map(Object::as_integer);
        highest = keys.fold(highest, i64::max);
        let limits = followed(update, dict.value("Limits"))?;
        let last = limits.as_array().and_then(|limits| limits.last()?.as_integer());
        match last {
            Some(last) => highest = highest.max(last),
            None => {
                let kids = followed(update, dict.value("Kids"))?;
                waiting.extend(kids.as_array().unwrap_or_default().iter().cloned());
            }
        }
    }
    Ok(promised.max(highest.saturating_add(1)))
}

/// The only element below the root, where there is one alone: usually `Document`.
fn document_element(update: &Update, tree: &Dict) -> Result<Option<Ref>, PrepareError> {
    let kids = tree.value("K");
    let only = match (kids, followed(update, kids)?) {
        (_, Object::Array(kids)) => match kids.as_slice() {
            [only] => only.as_reference(),
            _ => None,
        },
        (kids, Object::Dictionary(_)) => kids.as_reference(),
        _ => None,
    };
    let Some(only) = only else { return Ok(None) };
    let is_element = update.get(only)?.as_dict().is_some_and(|dict| dict.contains("S"));
    Ok(is_element.then_some(only))
}

fn enter_in_parent_tree(
    update: &mut Update,
    tree: &mut Dict,
    key: i64,
    element: Ref,
) -> Result<(), PrepareError> {
    let entry = tree.value("ParentTree").clone();
    let mut root = followed(update, &entry)?.as_dict().cloned().unwrap_or_default();
    let pair = [Object::from(key), Object::from(element)];
    if root.contains("Kids") {
        let node = Dict::new()
            .with("Limits", vec![Object::from(key), Object::from(key)])
            .with("Nums", pair.to_vec());
        let node = update.add(node);
        extend_array(update, &mut root, "Kids", [node.into()])?;
    } else {
        extend_array(update, &mut root, "Nums", pair)?;
    }
    match entry.as_reference() {
        Some(reference) => update.put(reference, root),
        None => _ = tree.set("ParentTree", update.add(root)),
    }
    Ok(())
}

/// Appends to an array that is an entry of `dict`, be it an object of its own or not.
fn extend_array(
    update: &mut Update,
    dict: &mut Dict,
    key: &'static str,
    items: impl IntoIterator<Item = Object>,
) -> Result<(), PrepareError> {
    let entry = dict.value(key).clone();
    let mut list = followed(update, &entry)?.as_array().map(<[Object]>::to_vec).unwrap_or_default();
    list.extend(items);
    match entry.as_reference() {
        Some(reference) => update.put(reference, list),
        None => _ = dict.set(key, list),
    }
    Ok(())
}

/// Appends to `/K` of an element or of the root, which may be one kid or an array of them.
fn append_kid(update: &mut Update, parent: Ref, kid: Ref) -> Result<(), PrepareError> {
    let mut dict = form_edit::dict(update, parent, "an element of the structure")?;
    let entry = dict.value("K").clone();
    match (followed(update, &entry)?, entry.as_reference()) {
        (Object::Null, _) => _ = dict.set("K", kid),
        (Object::Array(mut kids), Some(reference)) => {
            kids.push(kid.into());
            update.put(reference, kids);
            return Ok(());
        }
        (Object::Array(mut kids), None) => {
            kids.push(kid.into());
            dict.set("K", kids);
        }
        _ => _ = dict.set("K", vec![entry, kid.into()]),
    }
    update.put(parent, dict);
    Ok(())
}

/// The object itself, or what it refers to as the update leaves it.
fn followed(update: &Update, object: &Object) -> Result<Object, PrepareError> {
    match object.as_reference() {
        Some(reference) => Ok(update.get(reference)?),
        None => Ok(object.clone()),
    }
}
