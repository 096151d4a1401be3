//! The update itself: its bytes, its cross reference, its trailer (ISO 32000-2 §7.5.6).

use std::collections::HashSet;

use pdf::{Anomaly, Change, Document, Location, Object, ReadError, Ref};

use super::deep::renumbered;
use super::equality::{same, same_indirect};
use super::{Comparison, Modification};
use crate::report::{Code, Reason};

impl Comparison<'_> {
    /// Accounts for every byte and collects what the update defines.
    pub(super) fn structure(&mut self, document: &Document) -> Result<(), ReadError> {
        for anomaly in document.account(self.revision)?.anomalies {
            let (object, what) = anomaly_reason(&anomaly);
            self.finding(Modification::Forbidden, object, what);
        }
        let Some(revision) = document.revisions().get(self.revision) else { return Ok(()) };
        let mut containers: HashSet<u32> = HashSet::new();
        let mut sections: HashSet<Ref> = HashSet::new();
        for section in &revision.sections {
            sections.extend(section.stream);
        }
        for (reference, change) in revision.changes() {
            match change {
                Change::Defined(location) => {
                    if let Location::Compressed { stream, .. } = location {
                        containers.insert(stream);
                    }
                    if self.is_identical(reference)? {
                        self.finding(
                            Modification::None,
                            Some(reference),
                            Reason::new(Code::ChangeIdentical).with("object", reference),
                        );
                    } else {
                        self.changed.insert(reference, Some(location));
                    }
                }
                Change::Freed => self.freed(reference)?,
            }
        }
        self.renumbered()?;
        self.explain_containers(&containers, &sections)
    }

    /// Objects that were written again and now name others of the same content: nothing changed for any reader.
    fn renumbered(&mut self) -> Result<(), ReadError> {
        let candidates: Vec<Ref> = self.changed.keys().copied().collect();
        for reference in candidates {
            if self.old.document.locate(reference).is_none() {
                continue;
            }
            let was = self.old.document.resolve(reference)?;
            let is = self.new.document.resolve(reference)?;
            let Some(others) = renumbered((&self.old.document, &was), (&self.new.document, &is))? else {
                continue;
            };
            let sound = |other: &Ref| !self.is_changed(*other) || self.is_new(*other);
            if others.is_empty() || !others.iter().all(sound) {
                continue;
            }
            for other in others.iter().copied().filter(|other| self.changed.contains_key(other)) {
                self.explained.insert(other);
            }
            self.explain(reference);
            let names: Vec<String> = others.iter().take(8).map(Ref::to_string).collect();
            self.finding(
                Modification::None,
                Some(reference),
                Reason::new(Code::ChangeRewritten).with("object", reference).with("as", names.join(", ")),
            );
            self.changed.remove(&reference);
        }
        Ok(())
    }

    /// Object streams and cross-reference streams of the update, where they take numbers that were free.
    fn explain_containers(
        &mut self,
        containers: &HashSet<u32>,
        sections: &HashSet<Ref>,
    ) -> Result<(), ReadError> {
        let candidates: Vec<Ref> = self.changed.keys().copied().collect();
        for reference in candidates {
            if !self.is_new(reference) {
                continue;
            }
            let is_container = containers.contains(&reference.number) || self.is_object_stream(reference)?;
            if sections.contains(&reference) || is_container {
                self.explain(reference);
            }
        }
        Ok(())
    }

    /// An object stream none of whose objects is in force any more is still the update's own.
    fn is_object_stream(&self, reference: Ref) -> Result<bool, ReadError> {
        Ok(match &*self.new.document.resolve(reference)? {
            Object::Stream(stream) => stream.dict.is_type("ObjStm") || stream.dict.is_type("XRef"),
            _ => false,
        })
    }

    fn is_identical(&self, reference: Ref) -> Result<bool, ReadError> {
        if self.old.document.locate(reference).is_none() {
            return Ok(false);
        }
        let (old, new) = (self.old.document.resolve(reference)?, self.new.document.resolve(reference)?);
        same_indirect((&self.old.document, &old), (&self.new.document, &new))
    }

    /// A free entry names the generation that the number would have next: what counts is the number.
    fn freed(&mut self, freed: Ref) -> Result<(), ReadError> {
        let Some(reference) = self.defined_before(freed.number) else { return Ok(()) };
        if !self.old.document.resolve(reference)?.is_null() {
            let level =
                if self.is_still_used(reference)? { Modification::Forbidden } else { Modification::None };
            self.finding(level, Some(reference), Reason::new(Code::ChangeFreed).with("object", reference));
        }
        Ok(())
    }

    /// Whether an object of the signed document still refers to this one after the revision.
    fn is_still_used(&self, reference: Ref) -> Result<bool, ReadError> {
        let Some(revision) = self.new.document.revisions().get(self.revision) else { return Ok(true) };
        for usage in self.usages.of(reference) {
            let Some(holder) = usage.holder else { return Ok(true) };
            let is_defined_anew = revision.change(holder.number).is_some();
            if !is_defined_anew
                || super::references(&*self.new.document.resolve(holder)?).contains(&reference)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The object that had this number.
    pub(super) fn defined_before(&self, number: u32) -> Option<Ref> {
        let latest = self.old.document.revisions().iter().rev().find_map(|revision| revision.change(number));
        latest.filter(|(_, change)| matches!(change, Change::Defined(_))).map(|(reference, _)| reference)
    }

    /// The file's root and its encryption stay what they were.
    pub(super) fn trailer(&mut self) {
        let (old, new) = (self.old.document.trailer(), self.new.document.trailer());
        if !same(old.value("Root"), new.value("Root")) {
            self.forbid(Reason::new(Code::ChangeRoot));
        }
        if !same(old.value("Encrypt"), new.value("Encrypt")) {
            self.forbid(Reason::new(Code::ChangeEncryption));
        }
    }
}

/// An anomaly of a revision's account in the words of reports.
pub(crate) fn anomaly_reason(anomaly: &Anomaly) -> (Option<Ref>, Reason) {
    let xref = |detail: &str| Reason::new(Code::ChangeXref).with("detail", detail);
    match anomaly {
        Anomaly::UnknownBytes(span) => {
            (None, Reason::new(Code::ChangeBytes).with("from", span.start).with("to", span.end))
        }
        Anomaly::UnreferencedObject { reference, .. } => {
            (Some(*reference), Reason::new(Code::ChangeOrphan).with("object", reference))
        }
        Anomaly::DanglingEntry { reference, offset } => (
            Some(*reference),
            xref(&format!("object {reference} should begin at byte {offset} of the update and does not")),
        ),
        Anomaly::DuplicateObject(reference) => {
            (Some(*reference), xref(&format!("object {reference} stands twice")))
        }
        Anomaly::DuplicateEntry => (None, xref("an object number stands twice")),
        Anomaly::UnlinkedXref(at) => (None, xref(&format!("the section at byte {at} is not linked"))),
        Anomaly::WrongStartXref => (None, xref("startxref does not name the section")),
        Anomaly::MissingEof => (None, xref("%%EOF is missing")),
        Anomaly::SizeTooSmall => (None, xref("/Size is too small")),
        Anomaly::Repaired => (None, xref("it had to be rebuilt")),
        other => (None, xref(&format!("{other:?}"))),
    }
}
