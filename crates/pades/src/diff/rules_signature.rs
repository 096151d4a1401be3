//! Signature fields that come to be, and signatures that are made (ISO 32000-2 §12.7.5.5).

use pdf::{Field, FieldKind, Object, ReadError};

use super::rules_field::is_visible;
use super::{Comparison, Modification, field_finding};
use crate::report::{Code, Reason};

/// What a new signature field and its widgets may state (tables 166, 191, 226, 235). No actions, no optional content: they
/// act on the document, or show and hide.
const SIGNATURE_KEYS: &[&str] = &[
    "Type",
    "Subtype",
    "FT",
    "T",
    "TU",
    "TM",
    "Ff",
    "V",
    "DV",
    "Rect",
    "P",
    "F",
    "AP",
    "AS",
    "MK",
    "BS",
    "Border",
    "C",
    "H",
    "DA",
    "DR",
    "Q",
    "Lock",
    "SV",
    "M",
    "NM",
    "Contents",
    "Lang",
    "StructParent",
    "Kids",
    "Parent",
];

impl Comparison<'_> {
    /// A field that was not there before: only signature fields may come.
    pub(super) fn added_field(&mut self, field: &Field) -> Result<(), ReadError> {
        if field.kind != FieldKind::Signature || !self.is_new(field.reference) || !field.parents.is_empty() {
            self.field_finding(Modification::Forbidden, field.reference, field, Code::ChangeFieldAdded);
            return Ok(());
        }
        self.explain_field(field);
        let keys = self.unknown_entries(field)?;
        if !keys.is_empty() {
            let what =
                Reason::new(Code::ChangeField).with("field", &field.name).with("keys", keys.join(", "));
            self.findings.push(field_finding(Modification::Forbidden, field.reference, field, what));
        }
        for (key, value) in field.dict.iter() {
            if *key != *"V" && *key != *"P" && *key != *"Parent" {
                self.explain_new(value)?;
            }
        }
        let visible = is_visible(field);
        let signed = !field.raw_value.is_null();
        for widget in &field.widgets {
            if self.is_new(widget.reference) {
                self.explain(widget.reference);
                self.new_widgets.insert(widget.reference);
                self.explain_new(widget.dict.value("AP"))?;
                self.explain_new(widget.dict.value("MK"))?;
            }
        }
        if signed {
            self.signature_value(field)?;
        } else if visible && !self.shows_nothing(field)? {
            self.field_finding(Modification::Forbidden, field.reference, field, Code::ChangeSignatureOverlay);
        }
        // Signing is permitted in a certified document (table 257), adding fields is not: a signature that shows nothing
        // may bring its own field, as a time-stamp must.
        let what = Reason::new(Code::ChangeFieldAdded).with("field", &field.name);
        let level = if visible { Modification::FormFilling } else { Modification::Archival };
        let mut finding = field_finding(level, field.reference, field, what);
        finding.uncertified_only = visible || !signed;
        self.findings.push(finding);
        self.shown_over_content(field, self.revision)
    }

    /// Entries of a new signature field that it may not have, and rectangles that programs read differently.
    fn unknown_entries(&self, field: &Field) -> Result<Vec<String>, ReadError> {
        let mut found = Vec::new();
        let widgets = field.widgets.iter().map(|widget| &widget.dict);
        for dict in std::iter::once(&field.dict).chain(widgets) {
            let unknown = |key: &&pdf::Name| !SIGNATURE_KEYS.iter().any(|known| **key == **known);
            found.extend(dict.iter().map(|(key, _)| key).filter(unknown).map(pdf::Name::to_text));
            found.extend(dict.repeated_keys().iter().map(pdf::Name::to_text));
            // It would stand elsewhere as the page is turned, or larger as it is made smaller.
            const FIXED: i64 = 8 | 16;
            let flags = self.new.document.value(dict, "F")?.as_integer().unwrap_or_default();
            if flags & FIXED != 0 && is_visible(field) {
                found.push("F".to_owned());
            }
            let rect = self.new.document.value(dict, "Rect")?;
            let numbers: Option<Vec<f64>> = match rect.as_array() {
                Some(items) => items.iter().map(Object::as_number).collect(),
                None => rect.is_null().then(Vec::new),
            };
            if numbers.is_none_or(|numbers| !matches!(numbers.len(), 0 | 4)) {
                found.push("Rect".to_owned());
            }
        }
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// The value of a field that this revision signs: a new dictionary that is a signature and nothing else.
    pub(super) fn signature_value(&mut self, field: &Field) -> Result<(), ReadError> {
        let refuse = |comparison: &mut Self| {
            comparison.field_finding(
                Modification::Forbidden,
                field.reference,
                field,
                Code::ChangeSignatureValue,
            );
        };
        let Some(value) = field.raw_value.as_reference().filter(|value| self.is_new(*value)) else {
            refuse(self);
            return Ok(());
        };
        let object = self.new.document.resolve(value)?;
        let Object::Dictionary(dict) = &*object else {
            refuse(self);
            return Ok(());
        };
        // A font or a picture is told by its subtype: a signature has none.
        if dict.contains("Subtype") {
            refuse(self);
            return Ok(());
        }
        self.explain_new(&field.raw_value)?;
        let stamp = dict.is_type("DocTimeStamp");
        let (level, code) = if stamp && !is_visible(field) {
            (Modification::Archival, Code::ChangeTimestampAdded)
        } else {
            (Modification::FormFilling, Code::ChangeSignatureAdded)
        };
        self.field_finding(level, value, field, code);
        Ok(())
    }
}
