//! A field that was there before: its value and its look (ISO 32000-2 §12.7.4).

use pdf::{Dict, Field, FieldKind, FieldValue, Object, ReadError, Widget};

use super::equality::{different_keys, same};
use super::{Comparison, Modification, field_finding, look};
use crate::report::{Code, Reason};

/// Entries that change when a field is filled in.
const FILLING: &[&str] = &["V", "AP", "AS", "F", "DA", "Q", "Ff", "Type", "M"];
/// Flags of annotations that say whether one is seen: Invisible, Hidden, Print, `NoView`, `ToggleNoView`.
const VISIBILITY: i64 = 1 | 2 | 4 | 32 | 256;
const PUSH_BUTTON: i64 = 1 << 16;
impl Comparison<'_> {
    /// A field that was there before.
    pub(super) fn existing_field(&mut self, old: &Field, new: &Field, signs: bool) -> Result<(), ReadError> {
        let look = self.look_changed(old, new)?;
        let touched = self.is_changed(new.reference)
            || new.widgets.iter().any(|widget| self.is_changed(widget.reference));
        if !touched && !look {
            return Ok(());
        }
        let keys = self.changed_beyond_filling(old, new)?;
        if !keys.is_empty() {
            let what = Reason::new(Code::ChangeField).with("field", &new.name).with("keys", keys.join(", "));
            self.findings.push(field_finding(Modification::Forbidden, new.reference, new, what));
            self.explain_field(new);
            return Ok(());
        }
        if new.kind == FieldKind::Signature {
            self.existing_signature_field(old, new, look)
        } else {
            self.filled_field(old, new, look, signs)
        }
    }

    fn existing_signature_field(&mut self, old: &Field, new: &Field, look: bool) -> Result<(), ReadError> {
        if old.raw_value.is_null() && !new.raw_value.is_null() {
            self.signature_value(new)?;
            self.explain_field(new);
            self.shown_over_content(new, self.born(new.reference))?;
            return if look { self.accept_look(new) } else { Ok(()) };
        }
        if look || !same(&old.raw_value, &new.raw_value) {
            let code = if look { Code::ChangeAppearance } else { Code::ChangeSignatureValue };
            self.field_finding(Modification::Forbidden, new.reference, new, code);
        }
        self.explain_field(new);
        Ok(())
    }

    fn filled_field(&mut self, old: &Field, new: &Field, look: bool, signs: bool) -> Result<(), ReadError> {
        let value_changed = !same(&old.raw_value, &new.raw_value);
        let plain = self.is_plain_value(&new.raw_value)?;
        let permitted = match new.kind {
            FieldKind::Button if new.flags & PUSH_BUTTON != 0 => {
                // A mark: set once, by a signer, where nothing was shown before.
                !value_changed && (!look || (signs && new.is_read_only() && self.shows_nothing(old)?))
            }
            // The looks of a check box's states are fixed; choosing one is the value.
            FieldKind::Button => plain && !look && self.states_fit(new)?,
            FieldKind::Text | FieldKind::Choice => plain && (value_changed || !look),
            FieldKind::Signature | FieldKind::Unknown => false,
        };
        let is_written = matches!(new.kind, FieldKind::Text | FieldKind::Choice);
        if permitted
            && is_written
            && (value_changed || look)
            && let Some(what) = self.look_problem_of(old, new)?
        {
            self.findings.push(field_finding(Modification::Forbidden, new.reference, new, what));
            self.accept_look(new)?;
            self.explain_field(new);
            return Ok(());
        }
        let is_mark = new.kind == FieldKind::Button && new.flags & PUSH_BUTTON != 0;
        if permitted
            && !is_mark
            && let Some(what) = self.filled_over_content(old, new)?
        {
            self.findings.push(field_finding(Modification::Forbidden, new.reference, new, what));
        }
        if permitted {
            self.field_finding(Modification::FormFilling, new.reference, new, Code::ChangeFieldFilled);
            self.explain_new(&new.raw_value)?;
            if look {
                self.accept_look(new)?;
            }
        } else {
            let state = new.widgets.iter().find_map(|widget| widget.state.clone()).unwrap_or_default();
            let is_box = new.kind == FieldKind::Button && new.flags & PUSH_BUTTON == 0;
            let what = match (look && !value_changed, is_box && plain && !look) {
                (_, true) => Reason::new(Code::ChangeState).with("state", state),
                (true, _) => Reason::new(Code::ChangeAppearance),
                _ => Reason::new(Code::ChangeField).with("keys", "V, AP"),
            };
            let what = what.with("field", &new.name);
            self.findings.push(field_finding(Modification::Forbidden, new.reference, new, what));
        }
        self.explain_field(new);
        Ok(())
    }

    /// Why the new look of a text or choice field does not show its value.
    fn look_problem_of(&self, old: &Field, new: &Field) -> Result<Option<Reason>, ReadError> {
        let had_look =
            |field: &Field| field.widgets.iter().filter(|widget| !widget.dict.value("AP").is_null()).count();
        if had_look(new) < had_look(old) {
            return Ok(Some(look::unreadable(new, "its look was taken away")));
        }
        self.contradicts(&self.new.document, new, &self.new.resources()?)
    }

    /// Whether each widget of a check box or radio button is off, or in the state that is the field's value and that it
    /// has a look for (§12.7.5.2.3).
    fn states_fit(&self, field: &Field) -> Result<bool, ReadError> {
        let value = match &field.value {
            FieldValue::Name(name) | FieldValue::Text(name) => name.as_str(),
            FieldValue::None => "Off",
            FieldValue::List(_) | FieldValue::Other => return Ok(false),
        };
        let mut is_on = field.widgets.is_empty() || value == "Off";
        for widget in &field.widgets {
            let state = widget.state.as_deref().unwrap_or("Off");
            is_on |= state == value;
            if state == "Off" {
                continue;
            }
            let looks = self.new.document.value(&widget.dict, "AP")?;
            let states = match looks.as_dict() {
                Some(looks) => self.new.document.value(looks, "N")?,
                None => continue,
            };
            let has_look = matches!(&*states, Object::Dictionary(states) if states.contains(state));
            if state != value || !has_look {
                return Ok(false);
            }
        }
        Ok(is_on)
    }

    /// Whether a value is text, a name, or a list of those: nothing that could be drawn by itself.
    fn is_plain_value(&self, value: &Object) -> Result<bool, ReadError> {
        let plain = |object: &Object| matches!(object, Object::Null | Object::String(_) | Object::Name(_));
        Ok(match &*self.new.document.follow(value)? {
            Object::Array(items) => items.iter().all(plain),
            object => plain(object),
        })
    }

    fn changed_beyond_filling(&self, old: &Field, new: &Field) -> Result<Vec<String>, ReadError> {
        let mut keys = different_keys(&old.dict, &new.dict, FILLING);
        let inherited = old.default_appearance.as_deref();
        keys.extend(self.of_other_types((&old.dict, &new.dict), inherited)?);
        for widget in &new.widgets {
            let Some(was) = old.widgets.iter().find(|was| was.reference == widget.reference) else {
                keys.push("Kids".to_owned());
                continue;
            };
            let mut others = different_keys(&was.dict, &widget.dict, FILLING);
            if widget.reference != new.reference {
                others.extend(self.of_other_types((&was.dict, &widget.dict), inherited)?);
                if !self.is_plain_value(widget.dict.value("V"))? {
                    others.push("V".to_owned());
                }
            }
            let is_twice = widget.dict.repeated_keys().iter().any(|key| *key == *"MK");
            if !is_twice && same_style(was.dict.value("MK"), widget.dict.value("MK")) {
                others.retain(|key| key != "MK");
                keys.retain(|key| key != "MK" || widget.reference != new.reference);
            }
            for key in others {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
            if (was.flags ^ widget.flags) & VISIBILITY != 0 {
                keys.push("F".to_owned());
            }
        }
        if new.kind == FieldKind::Choice && self.indices_fit(new)? {
            keys.retain(|key| key != "I");
        }
        // A field may become read-only or required; what kind of field it is stays.
        if (old.flags ^ new.flags) & !3 != 0 {
            keys.push("Ff".to_owned());
        }
        Ok(keys)
    }

    /// Whether the indices of a choice field (`/I`, Table 234) are those of the options that are its value.
    fn indices_fit(&self, field: &Field) -> Result<bool, ReadError> {
        let (indices, options) =
            (self.new.document.value(&field.dict, "I")?, self.new.document.value(&field.dict, "Opt")?);
        let (Some(indices), Some(options)) = (indices.as_array(), options.as_array()) else {
            return Ok(false);
        };
        let mut chosen = Vec::new();
        for index in indices {
            let option = index.as_integer().and_then(|at| options.get(usize::try_from(at).ok()?));
            let Some(option) = option else { return Ok(false) };
            let option = self.new.document.follow(option)?;
            let value = option.as_array().map_or(Some(&*option), <[Object]>::first);
            let Some(value) = value.and_then(Object::as_text) else { return Ok(false) };
            chosen.push(value);
        }
        Ok(match &field.value {
            FieldValue::Text(value) => chosen == [value.as_str()],
            FieldValue::List(values) => chosen == *values,
            FieldValue::None => chosen.is_empty(),
            _ => false,
        })
    }

    /// The entries of [`FILLING`] that changed and are not of their type now: what serves as something else besides, as
    /// the resources of a page, must not gain anything by that. The value is judged by itself.
    fn of_other_types(
        &self,
        (old, new): (&Dict, &Dict),
        inherited: Option<&[u8]>,
    ) -> Result<Vec<String>, ReadError> {
        let mut found = Vec::new();
        for key in FILLING {
            let (was, is) = (old.value(key), new.value(key));
            if same(was, is) {
                continue;
            }
            let fits = match (*key, &*self.new.document.follow(is)?) {
                ("V", _) => true,
                ("Type", Object::Name(name)) => was.is_null() && *name == *"Annot",
                ("Type", _) => false,
                (_, Object::Null)
                | ("AP", Object::Dictionary(_))
                | ("AS", Object::Name(_))
                // When the annotation was changed last (§12.5.2): browsers note it.
                | ("M", Object::String(_))
                | ("F" | "Q" | "Ff", Object::Integer(_)) => true,
                ("DA", Object::String(_)) => {
                    let of_field = was.as_string().or(inherited);
                    legible_style(of_field, is.as_string().unwrap_or_default())
                }
                _ => false,
            };
            if !fits {
                found.push((*key).to_owned());
            }
        }
        Ok(found)
    }

    pub(super) fn explain_field(&mut self, field: &Field) {
        self.explain(field.reference);
        for widget in &field.widgets {
            if self.new_widgets.contains(&widget.reference) || self.is_widget_of_old(widget) {
                self.explain(widget.reference);
            }
        }
    }

    fn is_widget_of_old(&self, widget: &Widget) -> bool {
        self.old
            .form
            .fields
            .iter()
            .flat_map(|field| &field.widgets)
            .any(|was| was.reference == widget.reference)
    }
}

/// Whether two styles (/MK, table 192) are the same but for how their colours are written: a grey as red, green and blue.
fn same_style(was: &Object, is: &Object) -> bool {
    let (Object::Dictionary(was), Object::Dictionary(is)) = (was, is) else { return false };
    let colour = |style: &Dict, key: &str| -> Option<Vec<f64>> {
        let numbers: Option<Vec<f64>> = style.value(key).as_array()?.iter().map(Object::as_number).collect();
        Some(match numbers?.as_slice() {
            [grey] => vec![*grey; 3],
            numbers => numbers.to_vec(),
        })
    };
    let is_alike = |key: &String| {
        let was = colour(was, key);
        (key == "BC" || key == "BG") && was.is_some() && was == colour(is, key)
    };
    is.repeated_keys().is_empty() && different_keys(was, is, &[]).iter().all(is_alike)
}

/// Whether a default appearance (§12.7.4.3) writes in the same font as before, if any was stated, in a colour that is seen
/// on paper and in a size that is read: programs that draw fields by themselves go by it.
fn legible_style(was: Option<&[u8]>, is: &[u8]) -> bool {
    let words = |style: &[u8]| -> Vec<String> {
        String::from_utf8_lossy(style).split_ascii_whitespace().map(str::to_owned).collect()
    };
    let font = |words: &[String]| -> Option<(String, f64)> {
        let at = words.iter().rposition(|word| word == "Tf")?;
        let size = words.get(at.checked_sub(1)?)?.parse().ok()?;
        Some((words.get(at.checked_sub(2)?)?.clone(), size))
    };
    let (was, is) = (words(was.unwrap_or_default()), words(is));
    let known = ["Tf", "g", "rg", "k", "Tc", "Tw", "TL"];
    let is_plain = is
        .iter()
        .all(|word| known.contains(&word.as_str()) || word.starts_with('/') || word.parse::<f64>().is_ok());
    let numbers = |count: usize, at: usize| -> Vec<f64> {
        let from = at.saturating_sub(count);
        is.get(from..at).unwrap_or_default().iter().filter_map(|word| word.parse().ok()).collect()
    };
    let is_dark = is.iter().enumerate().all(|(at, word)| match word.as_str() {
        "g" => numbers(1, at).first().is_some_and(|grey| *grey <= 0.6),
        "rg" => matches!(numbers(3, at).as_slice(), [r, g, b] if 0.3 * r + 0.59 * g + 0.11 * b <= 0.6),
        "k" => matches!(numbers(4, at).as_slice(), [c, m, y, k] if c + m + y + 3.0 * k >= 0.9),
        _ => true,
    });
    let same_font = match (font(&was), font(&is)) {
        (Some((was, _)), Some((is, size))) => was == is && (size == 0.0 || size >= 4.0),
        (None, Some((_, size))) => size == 0.0 || size >= 4.0,
        (None, None) => true,
        (Some(_), None) => false,
    };
    is_plain && is_dark && same_font
}

pub(super) fn is_visible(field: &Field) -> bool {
    field.widgets.iter().any(|widget| widget.rect.is_some_and(|rect| rect.is_proper()))
}
