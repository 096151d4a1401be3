//! What each revision changed, and whether that is permitted (ISO 32000-2 §12.8.2.2).
//!
//! A whitelist: every byte of an update must belong to its well-formed parts, and every object that the update defines
//! must be explained by a rule (a signature added, a field filled in, validation material added). What no rule explains
//! is forbidden. Each revision is compared with the one before it, so that nothing can be changed and changed back.
//!
//! The rules constrain the *types* of what may change (a field's value is text, never a stream; a page may change in
//! `/Annots` alone), so that an object which serves two purposes gains nothing. Where a stream or an array of streams is
//! replaced in place, and where a new object takes a number, every use of that number in the signed document is looked up.
//!
//! | attack | stopped by |
//! |---|---|
//! | incremental saving: pages, contents, fonts, root | [`rules_page`], [`rules_catalog`], what is left over |
//! | objects or bytes that nobody lists, several ends | [`rules_structure`] with [`pdf::Accounting`] |
//! | shadow: hide, replace, hide-and-replace | deletions ([`rules_page`]), [`rules_form`], [`usages`] of numbers not yet taken |
//! | sneaky appearance: the look of a field swapped | [`rules_field`], [`look`], [`value`], [`reading`], [`frame`], [`typeface`] |
//! | sneaky signature, evil annotation | [`content`], [`cover`], [`ink`], [`blot`], [`picture`], [`rules_comment`], [`rules_free`], [`policy`] |
//! | two programs, two documents | [`readers`] |
//! | resources swapped through inheritance or renumbering | [`deep`], [`reach`] |

mod blot;
mod content;
mod cover;
mod deep;
mod equality;
mod frame;
mod ink;
mod look;
mod picture;
mod policy;
mod reach;
mod readers;
mod reading;
mod rules_catalog;
mod rules_comment;
mod rules_dss;
mod rules_field;
mod rules_form;
mod rules_free;
mod rules_look;
mod rules_page;
mod rules_signature;
mod rules_structure;
mod typeface;
mod undrawn;
mod usages;
mod value;
mod xmp;

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use pdf::{Document, Field, Form, Location, Object, ReadError, Ref};

pub(crate) use self::policy::Permission;
use self::reach::Places;
pub(crate) use self::readers::ambiguities;
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
    /// Comments that cannot be taken for content.
    Commenting,
    /// Anything else.
    Forbidden,
}

/// One change that a revision made.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub(crate) level: Modification,
    pub(crate) object: Option<Ref>,
    /// The pages concerned, from 1.
    pub(crate) pages: Vec<usize>,
    /// The field whose value or look changed: what locks ask for.
    pub(crate) field: Option<String>,
    /// Not to be accepted in a certified document, although it is after an approval signature.
    pub(crate) uncertified_only: bool,
    /// The revision since which it could be foreseen: whoever signed from then on has seen the place that it fills.
    pub(crate) seen_since: Option<usize>,
    pub(crate) what: Reason,
}

impl Finding {
    pub(crate) fn new(level: Modification, object: Option<Ref>, what: Reason) -> Self {
        Self {
            level,
            object,
            pages: Vec::new(),
            field: None,
            uncertified_only: false,
            seen_since: None,
            what,
        }
    }

    pub(crate) fn forbidden(what: Reason) -> Self {
        Self::new(Modification::Forbidden, None, what)
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

    /// What looks of fields fall back upon (`/DR`).
    fn resources(&self) -> Result<pdf::Dict, ReadError> {
        let resources = self.document.value(&self.form.dict, "DR")?;
        Ok(resources.as_dict().cloned().unwrap_or_default())
    }
}

/// Most revisions after a signature that are looked at.
const MAX_STEPS: usize = 400;

/// Compares every revision after `signed` with the one before it.
pub(crate) fn steps_after(document: &Document, signed: usize) -> Vec<Step> {
    let revisions = document.revisions();
    if revisions.len() <= signed + 1 {
        return Vec::new();
    }
    if revisions.len().saturating_sub(signed) > MAX_STEPS {
        let what = Reason::new(Code::ChangesNotJudged).with("detail", "too many revisions");
        return vec![Step { revision: revisions.len() - 1, findings: vec![Finding::forbidden(what)] }];
    }
    let mut steps = Vec::new();
    let mut old = View::of(document, signed);
    let mut usages = match &old {
        Ok(view) => Usages::collect(&view.document, targets(view, revisions.iter().skip(signed + 1))),
        Err(_) => Usages::default(),
    };
    for revision in signed + 1..revisions.len() {
        let new = View::of(document, revision);
        let findings = match (&old, &new) {
            (Ok(before), Ok(after)) => {
                let findings = Comparison::new((before, after), signed, revision, &usages).run(document);
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

/// Compares the newest revision with the one before it, for whoever signed from revision `signed` on.
pub(crate) fn newest_step(document: &Document, signed: usize) -> Option<Step> {
    let revision = document.revisions().len().checked_sub(1).filter(|newest| *newest > signed)?;
    let (old, new) = (View::of(document, revision - 1), View::of(document, revision));
    let findings = match (&old, &new) {
        (Ok(before), Ok(after)) => {
            let targets = targets(before, document.revisions().iter().skip(revision));
            let usages = Usages::collect(&before.document, targets);
            Comparison::new((before, after), signed, revision, &usages).run(document)
        }
        (Err(error), _) | (_, Err(error)) => {
            let what = Reason::new(Code::ChangesNotJudged).with("detail", error.to_string());
            vec![Finding::forbidden(what)]
        }
    };
    Some(Step { revision, findings })
}

/// The numbers of the objects whose uses the rules ask for: those that change, and those that the rules let change in
/// part, which must serve for nothing else.
fn targets<'r>(view: &View, revisions: impl Iterator<Item = &'r pdf::Revision>) -> BTreeSet<u32> {
    let changed = revisions.flat_map(pdf::Revision::changes);
    let mut targets: BTreeSet<u32> = changed.map(|(reference, _)| reference.number).collect();
    targets.insert(view.document.catalog_ref().number);
    targets.extend(view.form.reference.map(|form| form.number));
    targets
}

/// One revision against the one before.
struct Comparison<'v> {
    old: &'v View,
    new: &'v View,
    /// The first signed revision.
    signed: usize,
    revision: usize,
    usages: &'v Usages,
    /// Objects that the revision defines otherwise than they were.
    changed: BTreeMap<Ref, Option<Location>>,
    explained: HashSet<Ref>,
    /// Objects that refer to something changed.
    affected: HashSet<Ref>,
    /// Widgets of signature fields that this revision adds.
    new_widgets: HashSet<Ref>,
    /// Those of them that a page lists.
    placed: HashSet<Ref>,
    /// Pages (from 0) to which it brings marks.
    crowded: BTreeSet<usize>,
    /// Pages of the older view by their objects, from 1.
    page_numbers: OnceCell<HashMap<Ref, usize>>,
    /// What can be read on pages of the older view.
    contents: RefCell<HashMap<usize, Rc<Vec<content::Content>>>>,
    /// What else they show, and which annotation shows it.
    drawn: RefCell<HashMap<usize, Rc<Vec<content::Drawn>>>>,
    findings: Vec<Finding>,
}

impl<'v> Comparison<'v> {
    fn new((old, new): (&'v View, &'v View), signed: usize, revision: usize, usages: &'v Usages) -> Self {
        Self {
            old,
            new,
            signed,
            revision,
            usages,
            changed: BTreeMap::new(),
            explained: HashSet::new(),
            affected: HashSet::new(),
            new_widgets: HashSet::new(),
            placed: HashSet::new(),
            crowded: BTreeSet::new(),
            page_numbers: OnceCell::new(),
            contents: RefCell::default(),
            drawn: RefCell::default(),
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
        self.stacked()?;
        self.security_store()?;
        self.leftover()
    }

    /// Whatever no rule explained.
    fn leftover(&mut self) -> Result<(), ReadError> {
        let left: BTreeSet<Ref> =
            self.changed.keys().copied().filter(|reference| !self.explained.contains(reference)).collect();
        let mut unknown = BTreeSet::new();
        for reference in left {
            if self.is_unused_record(reference)? {
                let what = Reason::new(Code::ChangeOrphan).with("object", reference);
                self.finding(Modification::Archival, Some(reference), what);
            } else {
                unknown.insert(reference);
            }
        }
        let places = Places::of(&self.old.document, &unknown);
        for reference in unknown {
            // A rule that forbade the object has said what it is.
            let said = |it: &Finding| it.object == Some(reference) && it.level == Modification::Forbidden;
            if self.is_new(reference) && self.findings.iter().any(said) {
                continue;
            }
            let was = self.old.document.resolve(reference)?;
            let dict = was.as_dict();
            let pages = places.pages(reference);
            let parts = places.parts(reference);
            let what = if self.is_new(reference) {
                Reason::new(Code::ChangeOrphan)
            } else if dict.is_some_and(|dict| dict.is_type("Pages")) {
                Reason::new(Code::ChangePages)
            } else if pages.is_empty() && !parts.is_empty() {
                Reason::new(Code::ChangeDocumentPart).with("keys", parts.join(", "))
            } else {
                Reason::new(Code::ChangeResource)
            };
            let mut finding =
                Finding::new(Modification::Forbidden, Some(reference), what.with("object", reference));
            finding.pages = pages;
            self.findings.push(finding);
        }
        Ok(())
    }

    /// Whether a new object that nothing refers to is a validation record (`/VRI`) or a look that shows nothing: some
    /// programs leave one behind, and no reader could take it for anything that is shown.
    fn is_unused_record(&self, reference: Ref) -> Result<bool, ReadError> {
        if !self.is_new(reference) {
            return Ok(false);
        }
        Ok(match &*self.new.document.resolve(reference)? {
            Object::Dictionary(record) => record.is_type("VRI"),
            Object::Stream(look) => {
                look.dict.is_type("XObject")
                    && look.dict.value("Subtype").is_name("Form")
                    && self.new.document.decoded(look)?.is_empty()
            }
            _ => false,
        })
    }

    fn finding(&mut self, level: Modification, object: Option<Ref>, what: Reason) {
        let mut finding = Finding::new(level, object, what);
        finding.pages = object.map(|object| self.pages_using(object)).unwrap_or_default();
        self.findings.push(finding);
    }

    fn field_finding(&mut self, level: Modification, object: Ref, field: &Field, code: Code) {
        let what = Reason::new(code).with("field", &field.name);
        self.findings.push(field_finding(level, object, field, what));
    }

    /// The page that is, or the pages that directly use, an object.
    fn pages_using(&self, reference: Ref) -> Vec<usize> {
        let numbers = self
            .page_numbers
            .get_or_init(|| self.old.document.page_refs().unwrap_or_default().into_iter().zip(1..).collect());
        if let Some(number) = numbers.get(&reference) {
            return vec![*number];
        }
        let holders = self.usages.of(reference).iter().filter_map(|usage| usage.holder);
        let pages: BTreeSet<usize> = holders.filter_map(|holder| numbers.get(&holder).copied()).collect();
        pages.into_iter().collect()
    }

    fn forbid(&mut self, what: Reason) {
        self.findings.push(Finding::forbidden(what));
    }

    fn is_changed(&self, reference: Ref) -> bool {
        self.changed.contains_key(&reference)
    }

    /// Whether the number was neither defined nor referred to before: nothing in the older document can see it. Nor does
    /// the older cross reference look for objects in a stream of that number.
    fn is_new(&self, reference: Ref) -> bool {
        reference.generation == 0
            && self.defined_before(reference.number).is_none()
            && self.usages.of(reference).is_empty()
            && !self.usages.is_container(reference.number)
    }

    /// Whether nothing but `holder` refers to an object, and only there: it can be nothing else besides.
    fn is_only(&self, reference: Ref, holder: Option<Ref>, paths: &[&str]) -> bool {
        let usages = self.usages.of(reference);
        usages.iter().all(|usage| usage.holder == holder && paths.contains(&usage.path.as_str()))
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

/// A finding on a field, on the pages where it shows.
fn field_finding(level: Modification, object: Ref, field: &Field, what: Reason) -> Finding {
    let pages: BTreeSet<usize> =
        field.widgets.iter().filter_map(|widget| widget.page).map(|page| page + 1).collect();
    let mut finding = Finding::new(level, Some(object), what);
    finding.pages = pages.into_iter().collect();
    finding.field = Some(field.name.clone());
    finding
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
