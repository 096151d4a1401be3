//! Who refers to what: for a few objects of interest, every place in the document that names them.

use std::collections::{BTreeSet, HashMap, HashSet};

use pdf::{Dict, Document, Object, Ref};

/// Most objects that a traversal visits.
const MAX_OBJECTS: usize = 1_000_000;

/// A place that refers to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Usage {
    /// The indirect object that holds the reference; `None` for the trailer.
    pub(super) holder: Option<Ref>,
    /// The way within the holder: `/AP/N`, `/Annots[]`.
    pub(super) path: String,
}

/// The places that refer to each of the targets.
#[derive(Debug, Default)]
pub(super) struct Usages {
    targets: BTreeSet<Ref>,
    found: HashMap<Ref, Vec<Usage>>,
    incomplete: bool,
}

impl Usages {
    /// Walks everything that the trailer leads to.
    pub(super) fn collect(document: &Document, targets: BTreeSet<Ref>) -> Self {
        let mut usages = Self { targets, ..Self::default() };
        if usages.targets.is_empty() {
            return usages;
        }
        let mut seen: HashSet<Ref> = HashSet::new();
        let mut queue = usages.scan_trailer(document);
        while let Some(reference) = queue.pop() {
            if !seen.insert(reference) {
                continue;
            }
            if seen.len() > MAX_OBJECTS {
                usages.incomplete = true;
                break;
            }
            // What cannot be read shows nothing; a change to it is judged by the rules.
            if let Ok(object) = document.resolve(reference) {
                usages.scan(Some(reference), &object, &mut queue);
            }
        }
        usages
    }

    /// The places that refer to `reference`.
    pub(super) fn of(&self, reference: Ref) -> &[Usage] {
        self.found.get(&reference).map_or(&[], Vec::as_slice)
    }

    /// Whether the document was too large to look at completely.
    pub(super) fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// Takes over what `revision` changed, so that the table speaks of the document after it.
    pub(super) fn advance(&mut self, document: &Document, revision: usize) {
        let Some(changes) = document.revisions().get(revision) else { return };
        let holders: Vec<Ref> = changes.changes().into_iter().map(|(reference, _)| reference).collect();
        let stale: HashSet<Option<Ref>> =
            holders.iter().copied().map(Some).chain(std::iter::once(None)).collect();
        for usages in self.found.values_mut() {
            usages.retain(|usage| !stale.contains(&usage.holder));
        }
        self.scan_trailer(document);
        let mut ignored = Vec::new();
        for holder in holders {
            if let Ok(object) = document.resolve(holder) {
                self.scan(Some(holder), &object, &mut ignored);
                ignored.clear();
            }
        }
    }

    fn scan_trailer(&mut self, document: &Document) -> Vec<Ref> {
        let mut queue = Vec::new();
        let trailer: Dict = ["Root", "Info", "Encrypt", "ID"]
            .into_iter()
            .filter_map(|key| document.trailer().get(key).map(|value| (key, value.clone())))
            .collect();
        self.scan(None, &Object::Dictionary(trailer), &mut queue);
        queue
    }

    fn scan(&mut self, holder: Option<Ref>, object: &Object, queue: &mut Vec<Ref>) {
        let mut path = Vec::new();
        self.scan_value(holder, object, &mut path, queue);
    }

    /// Depth is bounded by the parser's limit on nesting.
    fn scan_value<'o>(
        &mut self,
        holder: Option<Ref>,
        object: &'o Object,
        path: &mut Vec<Option<&'o [u8]>>,
        queue: &mut Vec<Ref>,
    ) {
        match object {
            Object::Reference(reference) => {
                if self.targets.contains(reference) {
                    let usage = Usage { holder, path: written(path) };
                    self.found.entry(*reference).or_default().push(usage);
                }
                queue.push(*reference);
            }
            Object::Array(items) => {
                path.push(None);
                for item in items {
                    self.scan_value(holder, item, path, queue);
                }
                path.pop();
            }
            Object::Dictionary(dict) => self.scan_dict(holder, dict, path, queue),
            Object::Stream(stream) => self.scan_dict(holder, &stream.dict, path, queue),
            _ => {}
        }
    }

    fn scan_dict<'o>(
        &mut self,
        holder: Option<Ref>,
        dict: &'o Dict,
        path: &mut Vec<Option<&'o [u8]>>,
        queue: &mut Vec<Ref>,
    ) {
        for (key, value) in dict.iter() {
            if matches!(value, Object::Reference(_) | Object::Array(_) | Object::Dictionary(_)) {
                path.push(Some(key.as_bytes()));
                self.scan_value(holder, value, path, queue);
                path.pop();
            }
        }
    }
}

fn written(path: &[Option<&[u8]>]) -> String {
    let mut out = String::new();
    for part in path {
        match part {
            Some(key) => {
                out.push('/');
                out.push_str(&String::from_utf8_lossy(key));
            }
            None => out.push_str("[]"),
        }
    }
    out
}
