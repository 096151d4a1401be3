//! Pages: nothing of a page changes but its list of annotations, and that by widgets of new signature fields and by
//! comments, where those are permitted.

use pdf::{Dict, Object, ReadError, Ref};

use super::deep::renumbered;
use super::equality::{different_keys, same};
use super::{Comparison, Modification};
use crate::report::{Code, Reason};

impl Comparison<'_> {
    pub(super) fn pages(&mut self) -> Result<(), ReadError> {
        let candidates: Vec<Ref> = self.changed.keys().copied().collect();
        for reference in candidates {
            if self.explained.contains(&reference) {
                continue;
            }
            let was = self.old.document.resolve(reference)?;
            match &*was {
                Object::Dictionary(dict) if dict.is_type("Page") => self.page(reference, dict)?,
                Object::Array(items) if self.is_annotation_list(reference)? => {
                    self.explain(reference);
                    let is = self.new.document.resolve(reference)?;
                    let Object::Array(new) = &*is else {
                        self.annotations_finding(reference, Code::ChangeAnnotationRemoved)?;
                        continue;
                    };
                    self.annotation_lists(reference, items, new)?;
                }
                Object::Dictionary(dict) if is_annotation(dict) => {
                    self.annotation_changed(reference, dict)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn page(&mut self, reference: Ref, old: &Dict) -> Result<(), ReadError> {
        self.explain(reference);
        let is = self.new.document.resolve(reference)?;
        let mut keys = match &*is {
            Object::Dictionary(new) => different_keys(old, new, &["Annots"]),
            _ => vec!["Type".to_owned()],
        };
        if let Object::Dictionary(new) = &*is {
            self.forget_renumbered(old, new, &mut keys)?;
        }
        if !keys.is_empty() {
            let page = self.page_number(reference);
            self.finding(
                Modification::Forbidden,
                Some(reference),
                Reason::new(Code::ChangePage).with("page", page).with("keys", keys.join(", ")),
            );
        }
        let Object::Dictionary(new) = &*is else { return Ok(()) };
        let (was, entry) = (old.value("Annots"), new.value("Annots"));
        if same(was, entry) {
            return Ok(());
        }
        if let Some(list) = entry.as_reference() {
            if self.is_changed(list) && self.is_new(list) {
                self.explain(list);
            } else {
                // An array that was something else must not become the page's annotations.
                self.annotations_finding(reference, Code::ChangeAnnotation)?;
            }
        }
        let (was, is) = (self.old.document.follow(was)?, self.new.document.follow(entry)?);
        if !matches!(&*is, Object::Array(_) | Object::Null) {
            // Whoever takes the page for a dictionary of resources would paint it.
            self.annotations_finding(reference, Code::ChangeAnnotation)?;
        }
        self.annotation_lists(
            reference,
            was.as_array().unwrap_or_default(),
            is.as_array().unwrap_or_default(),
        )
    }

    /// Strikes the keys whose values are only written under other numbers.
    fn forget_renumbered(&mut self, old: &Dict, new: &Dict, keys: &mut Vec<String>) -> Result<(), ReadError> {
        let mut left = Vec::new();
        for key in keys.drain(..) {
            let old = (&self.old.document, old.value(&key));
            let others = renumbered(old, (&self.new.document, new.value(&key)))?;
            let sound = |other: &Ref| !self.is_changed(*other) || self.is_new(*other);
            match others.filter(|others| others.iter().all(sound)) {
                Some(others) if new.repeated_keys().is_empty() => {
                    self.explained.extend(others.iter().filter(|other| self.changed.contains_key(other)));
                }
                _ => left.push(key),
            }
        }
        *keys = left;
        Ok(())
    }

    /// What was there stays, in its order; what comes are widgets of new signature fields, or comments.
    fn annotation_lists(&mut self, holder: Ref, old: &[Object], new: &[Object]) -> Result<(), ReadError> {
        let (kept, gone): (Vec<&Object>, Vec<&Object>) =
            old.iter().partition(|item| new.iter().any(|other| same(item, other)));
        for item in gone {
            self.annotation_removed(holder, item)?;
        }
        let mut waiting = kept.into_iter().peekable();
        for item in new {
            let widget = item.as_reference().filter(|reference| self.new_widgets.contains(reference));
            if waiting.peek().is_some_and(|next| same(next, item)) {
                waiting.next();
            } else if let Some(widget) = widget {
                // What it covers was looked at on one page.
                if !self.placed.insert(widget) || self.pages_using(holder).len() > 1 {
                    self.annotations_finding(holder, Code::ChangeAnnotationAdded)?;
                }
            } else {
                self.annotation_added(holder, item)?;
            }
        }
        Ok(())
    }

    pub(super) fn annotations_finding(&mut self, holder: Ref, code: Code) -> Result<(), ReadError> {
        let page = self.page_number(holder);
        self.finding(Modification::Forbidden, Some(holder), Reason::new(code).with("page", page));
        Ok(())
    }

    /// Whether pages list their annotations in this array, and nothing else uses it.
    fn is_annotation_list(&self, reference: Ref) -> Result<bool, ReadError> {
        let usages = self.usages.of(reference);
        for usage in usages {
            let Some(holder) = usage.holder.filter(|_| usage.path == "/Annots") else { return Ok(false) };
            if !self.old.document.resolve(holder)?.as_dict().is_some_and(|dict| dict.is_type("Page")) {
                return Ok(false);
            }
        }
        Ok(!usages.is_empty())
    }

    /// The number of the page that is, or that uses, this object, from 1; `?` where it cannot be told.
    fn page_number(&self, reference: Ref) -> String {
        self.pages_using(reference).first().map_or_else(|| "?".to_owned(), usize::to_string)
    }
}

fn is_annotation(dict: &Dict) -> bool {
    dict.is_type("Annot") || (dict.contains("Subtype") && dict.contains("Rect"))
}
