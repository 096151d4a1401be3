//! The form as a whole: its dictionary and its list of fields (ISO 32000-2 §12.7.3).

use std::collections::{HashMap, HashSet};

use pdf::{Dict, Field, FieldKind, Form, Object, ReadError, Ref};

use super::deep::renumbered;
use super::equality::{different_keys, same};
use super::{Comparison, Finding, Modification, field_finding};
use crate::report::{Code, Reason};

/// Entries of the form that may change: the list of fields is judged here, the rest serves viewers that make new looks.
const CHANGEABLE: &[&str] = &["Fields", "DR", "NeedAppearances", "SigFlags"];
const PUSH_BUTTON: i64 = 1 << 16;
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
                self.forbid_form("AcroForm");
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
            self.forbid_form(&keys.join(", "));
        }
        if old.form.sig_flags & new.form.sig_flags != old.form.sig_flags {
            self.forbid_form("SigFlags");
        }
        let resources = new.form.dict.value("DR");
        if !same(old.form.dict.value("DR"), resources) {
            // A dictionary, so that it can be nothing that is drawn.
            match &*new.document.follow(resources)? {
                Object::Dictionary(dict) => self.default_resources(dict)?,
                _ => self.forbid_form("DR"),
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
        self.come_to_resources(old.as_dict(), new)?;
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

    /// Resources that were not there: what a field names already without their being there must be what every program
    /// takes for that name anyway, or the field would look otherwise.
    fn come_to_resources(&mut self, old: Option<&Dict>, new: &Dict) -> Result<(), ReadError> {
        let named = self.named_by_fields()?;
        for (category, entries) in new.iter() {
            let category = category.to_text();
            let was = match old {
                Some(old) => self.old.document.value(old, &category)?,
                None => std::sync::Arc::new(Object::Null),
            };
            let is = self.new.document.follow(entries)?;
            for (name, value) in is.as_dict().into_iter().flat_map(Dict::iter) {
                let name = name.to_text();
                let was_there = was.as_dict().is_some_and(|was| was.contains(&name));
                // A name that is written with an escape may be any.
                let is_named = named.iter().any(|one| *one == name || one.contains('#'));
                if was_there || !is_named {
                    continue;
                }
                let font = self.new.document.follow(value)?;
                let is_usual = category == "Font"
                    && match font.as_dict() {
                        Some(font) => is_usual(&name, font, &*self.new.document.value(font, "Encoding")?),
                        None => false,
                    };
                if !is_usual {
                    self.forbid(Reason::new(Code::ChangeForm).with("keys", format!("DR/{category}/{name}")));
                }
            }
        }
        Ok(())
    }

    /// Every name in the default appearances and the looks of the fields that were there.
    fn named_by_fields(&self) -> Result<HashSet<String>, ReadError> {
        let document = &self.old.document;
        let mut named = HashSet::new();
        let mut note = |content: &[u8]| {
            for part in content.split(|byte| *byte == b'/').skip(1) {
                let ends = |byte: &u8| byte.is_ascii_whitespace() || b"()<>[]{}/%\0".contains(byte);
                let end = part.iter().position(ends).unwrap_or(part.len());
                let name = part.get(..end).unwrap_or_default();
                named.insert(String::from_utf8_lossy(name).into_owned());
            }
        };
        note(self.old.form.dict.value("DA").as_string().unwrap_or_default());
        for field in &self.old.form.fields {
            note(field.default_appearance.as_deref().unwrap_or_default());
            for widget in &field.widgets {
                note(document.value(&widget.dict, "DA")?.as_string().unwrap_or_default());
                let looks = document.value(&widget.dict, "AP")?;
                for (_, look) in looks.as_dict().into_iter().flat_map(Dict::iter) {
                    match &*document.follow(look)? {
                        Object::Stream(look) => note(&document.decoded(look)?),
                        Object::Dictionary(states) => {
                            for (_, look) in states.iter() {
                                if let Object::Stream(look) = &*document.follow(look)? {
                                    note(&document.decoded(look)?);
                                }
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
        Ok(named)
    }

    /// Programs that draw fields anew show their values: where a look says something else, what is seen changes.
    fn need_appearances(&mut self) -> Result<(), ReadError> {
        let reference = self.new.form.reference;
        self.finding(Modification::FormFilling, reference, Reason::new(Code::ChangeNeedAppearances));
        let resources = self.new.resources()?;
        for field in &self.old.form.fields {
            let what = match field.kind {
                FieldKind::Text | FieldKind::Choice => {
                    self.contradicts(&self.old.document, field, &resources)?
                }
                FieldKind::Button if field.flags & PUSH_BUTTON != 0 => self.caption(field)?,
                _ => None,
            };
            let what = match what {
                None if field.kind != FieldKind::Signature => self.drawn_over_content(field)?,
                what => what,
            };
            if let Some(what) = what {
                self.findings.push(field_finding(Modification::Forbidden, field.reference, field, what));
            }
        }
        Ok(())
    }

    /// A button that programs draw anew shows its caption or its icon (`/MK`), whatever its look shows.
    fn caption(&self, field: &Field) -> Result<Option<Reason>, ReadError> {
        for widget in &field.widgets {
            let style = self.old.document.value(&widget.dict, "MK")?;
            let states = |key: &str| style.as_dict().is_some_and(|style| style.contains(key));
            if ["CA", "RC", "AC", "I", "RI", "IX"].into_iter().any(states) {
                let what = Reason::new(Code::ChangeLookUnreadable).with("field", &field.name);
                return Ok(Some(what.with("detail", "it has a caption or an icon")));
            }
        }
        Ok(None)
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

    /// A change of the form's dictionary that nothing permits, with the object that holds it.
    fn forbid_form(&mut self, keys: &str) {
        let what = Reason::new(Code::ChangeForm).with("keys", keys);
        let held = |form: &Form| form.dict.value(keys).as_reference().or(form.reference);
        let holder = held(&self.new.form).or_else(|| held(&self.old.form));
        let holder = holder.unwrap_or(self.new.document.catalog_ref());
        self.findings.push(Finding::new(Modification::Forbidden, Some(holder), what));
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
            self.forbid_form("Fields");
        }
        let entry = new.form.dict.value("Fields");
        if !matches!(&*new.document.follow(entry)?, Object::Array(_) | Object::Null) {
            self.forbid_form("Fields");
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

/// Whether a font is one that every program has, drawn as its name says.
fn is_usual(name: &str, font: &Dict, encoding: &Object) -> bool {
    const TEXT: [&str; 12] = [
        "Helvetica",
        "Helvetica-Bold",
        "Helvetica-Oblique",
        "Helvetica-BoldOblique",
        "Times-Roman",
        "Times-Bold",
        "Times-Italic",
        "Times-BoldItalic",
        "Courier",
        "Courier-Bold",
        "Courier-Oblique",
        "Courier-BoldOblique",
    ];
    let base = font.value("BaseFont").as_name().map(pdf::Name::to_text).unwrap_or_default();
    let is_standard = TEXT.contains(&base.as_str()) || (name == "ZaDb" && base == "ZapfDingbats");
    let has_own = ["FontDescriptor", "ToUnicode", "CharProcs", "Widths", "DescendantFonts"];
    font.value("Subtype").is_name("Type1")
        && is_standard
        && !has_own.iter().any(|key| font.contains(key))
        && is_usual_encoding(encoding)
}

/// Whether an encoding has ASCII where every program has it. Differences are for other letters.
fn is_usual_encoding(encoding: &Object) -> bool {
    let is_known = |name: &Object| {
        ["WinAnsiEncoding", "PDFDocEncoding", "MacRomanEncoding", "StandardEncoding"]
            .iter()
            .any(|known| name.is_name(known))
    };
    let Object::Dictionary(encoding) = encoding else { return encoding.is_null() || is_known(encoding) };
    let base = encoding.value("BaseEncoding");
    let differences = match encoding.value("Differences") {
        Object::Null => &[],
        Object::Array(items) => items.as_slice(),
        _ => return false,
    };
    let mut code = 0_i64;
    let mut is_usual = base.is_null() || is_known(base);
    for item in differences {
        match item {
            Object::Integer(next) => code = *next,
            Object::Name(name) => {
                let is_quote = (code == 39 && *name == *"quotesingle") || (code == 96 && *name == *"grave");
                is_usual &= !(32..=126).contains(&code) || is_quote;
                code = code.saturating_add(1);
            }
            _ => return false,
        }
    }
    is_usual
}

fn list(document: &pdf::Document, form: &Dict) -> Result<Vec<Object>, ReadError> {
    Ok(document.value(form, "Fields")?.as_array().map(<[Object]>::to_vec).unwrap_or_default())
}
