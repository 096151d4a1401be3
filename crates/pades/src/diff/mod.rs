//! What each revision changed, and whether that is permitted (ISO 32000-2 §12.8.2.2).
//!
//! A whitelist: every byte of an update must belong to its well-formed parts, and every object that the update defines
//! must be explained by a rule (a signature added, a field filled in, validation material added). What no rule explains
//! is forbidden. Each revision is compared with the one before it, so that nothing can be changed and changed back.
//!
//! The rules constrain the *types* of what may change (a field's value is text, never a stream; a page may change in
//! `/Annots` alone), so that an object which serves two purposes gains nothing. Where a stream or an array of streams is
//! replaced in place, and where a new object takes a number, every use of that number in the signed document is looked up.

mod equality;
mod policy;
mod rules_catalog;
mod rules_dss;
mod rules_field;
mod rules_form;
mod rules_page;
mod rules_structure;
mod usages;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use pdf::{Document, Form, Location, Object, ReadError, Ref};

pub(crate) use self::policy::Permission;
use self::usages::Usages;
use crate::report::{Code, Reason};

/// How far a change goes. A permission admits changes up to a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Modification {
    /// Nothing that anybody could see or that any program could act on.
    None,
    /// Validation material and time-stamps.
    Archival,
    /// Fields filled in, signatures added.
    FormFilling,
    /// Anything else.
    Forbidden,
}

/// One change that a revision made.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) level: Modification,
    pub(crate) object: Option<Ref>,
    /// The field whose value or look changed: what locks ask for.
    pub(crate) field: Option<String>,
    /// Not to be accepted in a certified document, although it is after an approval signature.
    pub(crate) uncertified_only: bool,
    pub(crate) what: Reason,
}

impl Finding {
    pub(crate) fn forbidden(what: Reason) -> Self {
        Self { level: Modification::Forbidden, object: None, field: None, uncertified_only: false, what }
    }
}

/// What one revision changed against the one before.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// The revision, counted from 0.
    pub(crate) revision: usize,
    pub(crate) findings: Vec<Finding>,
}

/// A document as it was after one revision.
struct View {
    document: Document,
    form: Form,
}

impl View {
    fn of(document: &Document, revision: usize) -> Result<Self, ReadError> {
        let document = document.at_revision(revision)?;
        let form = document.form()?;
        Ok(Self { document, form })
    }
}

/// Most revisions after a signature that are looked at.
const MAX_STEPS: usize = 400;

/// Compares every revision after `signed` with the one before it.
pub(crate) fn steps_after(document: &Document, signed: usize) -> Vec<Step> {
    let revisions = document.revisions();
    if revisions.len().saturating_sub(signed) > MAX_STEPS {
        let what = Reason::new(Code::ChangesNotJudged).with("detail", "too many revisions");
        return vec![Step { revision: revisions.len() - 1, findings: vec![Finding::forbidden(what)] }];
    }
    let mut targets = BTreeSet::new();
    for revision in revisions.iter().skip(signed + 1) {
        targets.extend(revision.changes().into_iter().map(|(reference, _)| reference));
    }
    let mut steps = Vec::new();
    let mut old = View::of(document, signed);
    let mut usages = match &old {
        Ok(view) => Usages::collect(&view.document, targets),
        Err(_) => Usages::default(),
    };
    for revision in signed + 1..revisions.len() {
        let new = View::of(document, revision);
        let findings = match (&old, &new) {
            (Ok(before), Ok(after)) => {
                let findings = Comparison::new(before, after, revision, &usages).run(document);
                usages.advance(&after.document, revision);
                findings
            }
            (Err(error), _) | (_, Err(error)) => vec![Finding::forbidden(
                Reason::new(Code::ChangesNotJudged).with("detail", error.to_string()),
            )],
        };
        steps.push(Step { revision, findings });
        old = new;
    }
    steps
}

/// One revision against the one before.
struct Comparison<'v> {
    old: &'v View,
    new: &'v View,
    revision: usize,
    usages: &'v Usages,
    /// Objects that the revision defines otherwise than they were.
    changed: BTreeMap<Ref, Option<Location>>,
    explained: HashSet<Ref>,
    /// Objects that refer to something changed.
    affected: HashSet<Ref>,
    /// Widgets of signature fields that this revision adds.
    new_widgets: HashSet<Ref>,
    findings: Vec<Finding>,
}

impl<'v> Comparison<'v> {
    fn new(old: &'v View, new: &'v View, revision: usize, usages: &'v Usages) -> Self {
        Self {
            old,
            new,
            revision,
            usages,
            changed: BTreeMap::new(),
            explained: HashSet::new(),
            affected: HashSet::new(),
            new_widgets: HashSet::new(),
            findings: Vec::new(),
        }
    }

    fn run(mut self, document: &Document) -> Vec<Finding> {
        if let Err(error) = self.apply(document) {
            self.forbid(Reason::new(Code::ChangesNotJudged).with("detail", error.to_string()));
        }
        self.findings
    }

    fn apply(&mut self, document: &Document) -> Result<(), ReadError> {
        if self.usages.is_incomplete() {
            self.forbid(Reason::new(Code::ChangesNotJudged).with("detail", "too many objects"));
        }
        self.structure(document)?;
        self.trailer();
        if self.changed.is_empty() {
            return Ok(());
        }
        self.affected = self
            .changed
            .keys()
            .flat_map(|reference| self.usages.of(*reference))
            .filter_map(|usage| usage.holder)
            .collect();
        self.catalog()?;
        self.form()?;
        self.pages()?;
        self.security_store()?;
        self.leftover()
    }

    /// Whatever no rule explained.
    fn leftover(&mut self) -> Result<(), ReadError> {
        let left: Vec<Ref> =
            self.changed.keys().copied().filter(|reference| !self.explained.contains(reference)).collect();
        for reference in left {
            if self.is_unused_record(reference)? {
                let what = Reason::new(Code::ChangeOrphan).with("object", reference);
                self.finding(Modification::Archival, Some(reference), what);
                continue;
            }
            let was = self.old.document.resolve(reference)?;
            let dict = was.as_dict();
            let code = if self.is_new(reference) {
                Code::ChangeOrphan
            } else if dict.is_some_and(|dict| dict.is_type("Pages")) {
                Code::ChangePages
            } else {
                Code::ChangeResource
            };
            self.finding(
                Modification::Forbidden,
                Some(reference),
                Reason::new(code).with("object", reference),
            );
        }
        Ok(())
    }

    /// Whether a new object is a validation record (`/VRI`) that nothing refers to: some programs leave one behind, and
    /// no reader could take it for anything that is shown.
    fn is_unused_record(&self, reference: Ref) -> Result<bool, ReadError> {
        let object = self.new.document.resolve(reference)?;
        let Object::Dictionary(record) = &*object else { return Ok(false) };
        Ok(record.is_type("VRI") && self.is_new(reference))
    }

    fn finding(&mut self, level: Modification, object: Option<Ref>, what: Reason) {
        self.findings.push(Finding { level, object, field: None, uncertified_only: false, what });
    }

    fn field_finding(&mut self, level: Modification, object: Ref, field: &str, code: Code) {
        self.findings.push(Finding {
            level,
            object: Some(object),
            field: Some(field.to_owned()),
            uncertified_only: false,
            what: Reason::new(code).with("field", field),
        });
    }

    fn forbid(&mut self, what: Reason) {
        self.findings.push(Finding::forbidden(what));
    }

    fn is_changed(&self, reference: Ref) -> bool {
        self.changed.contains_key(&reference)
    }

    /// Whether the number was neither defined nor referred to before: nothing in the older document can see it.
    fn is_new(&self, reference: Ref) -> bool {
        reference.generation == 0
            && self.old.document.locate(reference).is_none()
            && self.usages.of(reference).is_empty()
    }

    fn explain(&mut self, reference: Ref) {
        self.explained.insert(reference);
    }

    /// Explains the new objects that `object` leads to.
    fn explain_new(&mut self, object: &Object) -> Result<(), ReadError> {
        let mut stack = references(object);
        while let Some(reference) = stack.pop() {
            let fresh = self.is_changed(reference) && self.is_new(reference);
            if !fresh || !self.explained.insert(reference) {
                continue;
            }
            stack.extend(references(&*self.new.document.resolve(reference)?));
        }
        Ok(())
    }
}

/// Every reference inside an object, not following any.
fn references(object: &Object) -> Vec<Ref> {
    let mut found = Vec::new();
    let mut stack = vec![object];
    while let Some(object) = stack.pop() {
        match object {
            Object::Reference(reference) => found.push(*reference),
            Object::Array(items) => stack.extend(items),
            Object::Dictionary(dict) => stack.extend(dict.iter().map(|(_, value)| value)),
            Object::Stream(stream) => stack.extend(stream.dict.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
    found
}
