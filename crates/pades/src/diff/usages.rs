//! Who refers to what: for a few objects of interest, every place in the document that names them.

use std::collections::{BTreeSet, HashMap, HashSet};

use pdf::{Change, Dict, Document, Location, Object, Ref};

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

/// The places that refer to each of the targets. What counts is the number: many programs do not look at generations.
#[derive(Debug, Default)]
pub(super) struct Usages {
    targets: BTreeSet<u32>,
    found: HashMap<u32, Vec<Usage>>,
    /// Targets that a cross reference takes for object streams, be they there or not.
    containers: HashSet<u32>,
    seen: HashSet<Ref>,
    incomplete: bool,
}

impl Usages {
    /// Walks everything that the trailer leads to.
    pub(super) fn collect(document: &Document, targets: BTreeSet<u32>) -> Self {
        let mut usages = Self { targets, ..Self::default() };
        if usages.targets.is_empty() {
            return usages;
        }
        for revision in document.revisions() {
            usages.add_containers(&revision.changes());
        }
        let queue = usages.scan_trailer(document);
        usages.walk(document, queue);
        usages
    }

    /// The places that refer to `reference`.
    pub(super) fn of(&self, reference: Ref) -> &[Usage] {
        self.found.get(&reference.number).map_or(&[], Vec::as_slice)
    }

    /// Whether some object is said to stand in the object stream of that number.
    pub(super) fn is_container(&self, number: u32) -> bool {
        self.containers.contains(&number)
    }

    /// Whether the document was too large to look at completely.
    pub(super) fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// Takes over what `revision` changed, so that the table speaks of the document after it.
    pub(super) fn advance(&mut self, document: &Document, revision: usize) {
        let Some(revision) = document.revisions().get(revision) else { return };
        let changes = revision.changes();
        let stale: HashSet<Option<Ref>> =
            changes.iter().map(|(holder, _)| Some(*holder)).chain(std::iter::once(None)).collect();
        for usages in self.found.values_mut() {
            usages.retain(|usage| !stale.contains(&usage.holder));
        }
        self.add_containers(&changes);
        let mut queue = self.scan_trailer(document);
        for (holder, _) in changes {
            self.seen.insert(holder);
            if let Ok(object) = document.resolve(holder) {
                self.scan(Some(holder), &object, &mut queue);
            }
        }
        // What nothing led to before, and something leads to now.
        self.walk(document, queue);
    }

    fn add_containers(&mut self, changes: &[(Ref, Change)]) {
        for (_, change) in changes {
            if let Change::Defined(Location::Compressed { stream, .. }) = change
                && self.targets.contains(stream)
            {
                self.containers.insert(*stream);
            }
        }
    }

    /// Scans what the queue leads to and was not met before.
    fn walk(&mut self, document: &Document, mut queue: Vec<Ref>) {
        while let Some(reference) = queue.pop() {
            if !self.seen.insert(reference) {
                continue;
            }
            if self.seen.len() > MAX_OBJECTS {
                self.incomplete = true;
                break;
            }
            // What cannot be read shows nothing; a change to it is judged by the rules.
            if let Ok(object) = document.resolve(reference) {
                self.scan(Some(reference), &object, &mut queue);
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
                if self.targets.contains(&reference.number) {
                    let usage = Usage { holder, path: written(path) };
                    self.found.entry(reference.number).or_default().push(usage);
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
