//! The form as a whole: its dictionary and its list of fields (ISO 32000-2 §12.7.3).

use std::collections::HashMap;

use pdf::{Dict, Field, FieldKind, Object, ReadError, Ref};

use super::deep::renumbered;
use super::equality::{different_keys, same};
use super::{Comparison, Modification, field_finding, look};
use crate::report::{Code, Reason};

/// Entries of the form that may change: the list of fields is judged here, the rest serves viewers that make new looks.
const CHANGEABLE: &[&str] = &["Fields", "DR", "NeedAppearances", "SigFlags"];
/// What may come where it was not: it says how fields without a look of their own are drawn.
const ADDABLE: [&str; 2] = ["DA", "Q"];

impl Comparison<'_> {
    pub(super) fn form(&mut self) -> Result<(), ReadError> {
        let (old, new) = (self.old, self.new);
        if new.form.is_damaged && !old.form.is_damaged {
            self.forbid(Reason::new(Code::StructureDamaged).with("detail", "form"));
        }
        if !new.form.exists {
            if old.form.exists {
                self.forbid(Reason::new(Code::ChangeForm).with("keys", "AcroForm"));
            }
            return Ok(());
        }
        self.form_dictionary()?;
        let added = self.compare_fields()?;
        self.field_list(&added)
    }

    fn form_dictionary(&mut self) -> Result<(), ReadError> {
        let (old, new) = (self.old, self.new);
        let changeable = |ignored: &[&str]| different_keys(&old.form.dict, &new.form.dict, ignored);
        let mut keys = changeable(CHANGEABLE);
        keys.retain(|key| !ADDABLE.contains(&key.as_str()) || !old.form.dict.value(key).is_null());
        if !keys.is_empty() {
            self.forbid(Reason::new(Code::ChangeForm).with("keys", keys.join(", ")));
        }
        if old.form.sig_flags & new.form.sig_flags != old.form.sig_flags {
            self.forbid(Reason::new(Code::ChangeForm).with("keys", "SigFlags"));
        }
        let resources = new.form.dict.value("DR");
        if !same(old.form.dict.value("DR"), resources) {
            // A dictionary, so that it can be nothing that is drawn.
            match &*new.document.follow(resources)? {
                Object::Dictionary(dict) => self.default_resources(dict)?,
                _ => self.forbid(Reason::new(Code::ChangeForm).with("keys", "DR")),
            }
        }
        if new.form.need_appearances != old.form.need_appearances {
            self.need_appearances()?;
        }
        self.explain_new(resources)?;
        // What the form gains must not be painted: by whoever takes its dictionary for resources.
        let root = Some(new.document.catalog_ref());
        if let Some(reference) = new.form.reference
            && self.is_changed(reference)
            && (old.form.reference == Some(reference) || self.is_new(reference))
            && self.is_only(reference, root, &["/AcroForm"])
        {
            self.explain(reference);
        }
        Ok(())
    }

    /// `/DR`: what was there stays, or is written under another number; more may come.
    fn default_resources(&mut self, new: &Dict) -> Result<(), ReadError> {
        let old = self.old.document.value(&self.old.form.dict, "DR")?;
        for (category, entries) in old.as_dict().into_iter().flat_map(Dict::iter) {
            let category = category.to_text();
            let was = self.old.document.follow(entries)?;
            let is = self.new.document.value(new, &category)?;
            let (Some(was), Some(is)) = (was.as_dict(), is.as_dict()) else {
                if !same(&was, &is) {
                    self.forbid(Reason::new(Code::ChangeForm).with("keys", format!("DR/{category}")));
                }
                continue;
            };
            for (name, value) in was.iter() {
                let name = name.to_text();
                let other = is.value(&name);
                let equal = same(value, other)
                    || renumbered((&self.old.document, value), (&self.new.document, other))?.is_some();
                if !equal {
                    let keys = format!("DR/{category}/{name}");
                    self.forbid(Reason::new(Code::ChangeForm).with("keys", keys));
                }
            }
        }
        Ok(())
    }

    /// Programs that draw fields anew show their values: where a look says something else, what is seen changes.
    fn need_appearances(&mut self) -> Result<(), ReadError> {
        let reference = self.new.form.reference;
        self.finding(Modification::FormFilling, reference, Reason::new(Code::ChangeNeedAppearances));
        let resources = self.new.resources()?;
        for field in &self.old.form.fields {
            if !matches!(field.kind, FieldKind::Text | FieldKind::Choice) {
                continue;
            }
            if let Some(what) = look::contradicts(&self.old.document, field, &resources)? {
                self.findings.push(field_finding(Modification::Forbidden, field.reference, field, what));
            }
        }
        Ok(())
    }

    /// Judges every field that the revision touched. Gives the top of each new field's tree.
    fn compare_fields(&mut self) -> Result<Vec<Ref>, ReadError> {
        let (old, new) = (self.old, self.new);
        let before: HashMap<Ref, &Field> =
            old.form.fields.iter().map(|field| (field.reference, field)).collect();
        let after: HashMap<Ref, &Field> =
            new.form.fields.iter().map(|field| (field.reference, field)).collect();
        for field in &old.form.fields {
            if !after.contains_key(&field.reference) {
                self.field_finding(Modification::Forbidden, field.reference, field, Code::ChangeFieldRemoved);
            }
        }
        let signs = new.form.fields.iter().any(|field| {
            field.kind == FieldKind::Signature
                && !field.raw_value.is_null()
                && before.get(&field.reference).is_none_or(|old| old.raw_value.is_null())
        });
        let mut added = Vec::new();
        for field in &new.form.fields {
            match before.get(&field.reference) {
                Some(was) => self.existing_field(was, field, signs)?,
                None => {
                    added.push(field.parents.last().copied().unwrap_or(field.reference));
                    self.added_field(field)?;
                }
            }
        }
        Ok(added)
    }

    /// `/Fields`: nothing is taken away, and what is added are the new signature fields.
    fn field_list(&mut self, added: &[Ref]) -> Result<(), ReadError> {
        let (old, new) = (self.old, self.new);
        let was = list(&old.document, &old.form.dict)?;
        let is = list(&new.document, &new.form.dict)?;
        let removed = was.iter().any(|item| !is.iter().any(|other| same(item, other)));
        let foreign = is.iter().any(|item| {
            let known = was.iter().any(|other| same(item, other));
            !known && !item.as_reference().is_some_and(|reference| added.contains(&reference))
        });
        if removed || foreign {
            self.forbid(Reason::new(Code::ChangeForm).with("keys", "Fields"));
        }
        let entry = new.form.dict.value("Fields");
        if !matches!(&*new.document.follow(entry)?, Object::Array(_) | Object::Null) {
            self.forbid(Reason::new(Code::ChangeForm).with("keys", "Fields"));
        }
        if let Some(reference) = entry.as_reference()
            && self.is_changed(reference)
        {
            let own = old.form.dict.value("Fields").as_reference() == Some(reference);
            let (holder, path) = match old.form.reference {
                Some(form) => (form, "/Fields"),
                None => (old.document.catalog_ref(), "/AcroForm/Fields"),
            };
            if (own || self.is_new(reference)) && self.is_only(reference, Some(holder), &[path]) {
                self.explain(reference);
            }
        }
        Ok(())
    }
}

fn list(document: &pdf::Document, form: &Dict) -> Result<Vec<Object>, ReadError> {
    Ok(document.value(form, "Fields")?.as_array().map(<[Object]>::to_vec).unwrap_or_default())
}
