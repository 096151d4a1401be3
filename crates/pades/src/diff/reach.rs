//! Which pages, and which parts of the document, an object belongs to: for naming what a change concerns.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use pdf::{Dict, Document, Object, Ref};

/// Most objects visited for one answer.
const BUDGET: usize = 300_000;
/// Deepest chain of page tree nodes.
const MOST_ANCESTORS: usize = 64;
/// What pages inherit (ISO 32000-2 table 31).
const INHERITED: [&str; 4] = ["Resources", "MediaBox", "CropBox", "Rotate"];

/// Where objects are used.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Pages, from 1.
    pages: BTreeMap<Ref, BTreeSet<usize>>,
    /// Entries of the catalog.
    parts: BTreeMap<Ref, BTreeSet<String>>,
}

impl Places {
    /// Looks for `targets` below each page, with what it inherits, and below each other entry of the catalog.
    pub(super) fn of(document: &Document, targets: &BTreeSet<Ref>) -> Self {
        Self::except(document, targets, "")
    }

    /// The same, not following one entry of dictionaries.
    pub(super) fn except(document: &Document, targets: &BTreeSet<Ref>, skipped: &str) -> Self {
        let mut places = Self::default();
        if targets.is_empty() {
            return places;
        }
        let mut left = BUDGET;
        let pages = document.page_refs().unwrap_or_default();
        for (index, page) in pages.iter().enumerate() {
            for found in below_page(document, *page, (targets, skipped), &mut left) {
                places.pages.entry(found).or_default().insert(index + 1);
            }
            if left == 0 {
                break;
            }
        }
        let Ok(catalog) = document.catalog() else { return places };
        for (key, value) in catalog.iter().filter(|(key, _)| **key != *"Pages") {
            for found in below(document, std::slice::from_ref(value), (targets, skipped), &mut left) {
                places.parts.entry(found).or_default().insert(key.to_text());
            }
        }
        places
    }

    pub(super) fn pages(&self, reference: Ref) -> Vec<usize> {
        self.pages.get(&reference).map(|pages| pages.iter().copied().collect()).unwrap_or_default()
    }

    /// The entries of the catalog below which the object stands.
    pub(super) fn parts(&self, reference: Ref) -> Vec<String> {
        self.parts.get(&reference).map(|parts| parts.iter().cloned().collect()).unwrap_or_default()
    }
}

fn below_page(
    document: &Document,
    page: Ref,
    (targets, skipped): (&BTreeSet<Ref>, &str),
    left: &mut usize,
) -> Vec<Ref> {
    let mut found = Vec::new();
    let mut roots = Vec::new();
    let mut node = Some(page);
    let mut inherits: Vec<&str> = INHERITED.to_vec();
    for _ in 0..MOST_ANCESTORS {
        let Some(reference) = node else { break };
        if targets.contains(&reference) {
            found.push(reference);
        }
        let Ok(object) = document.resolve(reference) else { break };
        let Some(dict) = object.as_dict() else { break };
        if reference == page {
            roots.push(Object::Dictionary(without_links(dict)));
        } else {
            roots.extend(inherits.iter().map(|key| dict.value(key).clone()));
        }
        inherits.retain(|key| dict.value(key).is_null());
        node = dict.value("Parent").as_reference();
    }
    found.extend(below(document, &roots, (targets, skipped), left));
    found
}

fn without_links(page: &Dict) -> Dict {
    page.iter()
        .filter(|(key, _)| **key != *"Parent" && **key != *"B")
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// The targets below some objects, not passing through other pages.
fn below(
    document: &Document,
    roots: &[Object],
    (targets, skipped): (&BTreeSet<Ref>, &str),
    left: &mut usize,
) -> Vec<Ref> {
    let mut found = Vec::new();
    let mut seen: HashSet<Ref> = HashSet::new();
    let mut queue: Vec<Ref> = roots.iter().flat_map(|root| references(root, skipped)).collect();
    while let Some(reference) = queue.pop() {
        if !seen.insert(reference) {
            continue;
        }
        *left = left.saturating_sub(1);
        if *left == 0 {
            break;
        }
        if targets.contains(&reference) {
            found.push(reference);
        }
        let Ok(object) = document.resolve(reference) else { continue };
        if object.as_dict().is_some_and(|dict| dict.is_type("Page") || dict.is_type("Pages")) {
            continue;
        }
        queue.extend(references(&object, skipped));
    }
    found
}

/// Every reference inside an object but those below entries of one name.
fn references(object: &Object, skipped: &str) -> Vec<Ref> {
    let mut found = Vec::new();
    let mut stack = vec![object];
    while let Some(object) = stack.pop() {
        match object {
            Object::Reference(reference) => found.push(*reference),
            Object::Array(items) => stack.extend(items),
            other => {
                let entries = other.as_dict().into_iter().flat_map(Dict::iter);
                stack.extend(entries.filter(|(key, _)| **key != *skipped).map(|(_, value)| value));
            }
        }
    }
    found
}
