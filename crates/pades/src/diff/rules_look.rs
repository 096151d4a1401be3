//! How a field looks: whether that changed, and which objects may make the new look (ISO 32000-2 §12.5.5).

use pdf::{Field, FieldKind, Object, ReadError, Ref};

use super::equality::same;
use super::{Comparison, Modification};
use crate::report::Code;

impl Comparison<'_> {
    /// Whether any widget looks otherwise: another appearance, or one whose stream was replaced.
    pub(super) fn look_changed(&self, old: &Field, new: &Field) -> Result<bool, ReadError> {
        for widget in &new.widgets {
            let Some(was) = old.widgets.iter().find(|was| was.reference == widget.reference) else {
                return Ok(true);
            };
            let entry = widget.dict.value("AP");
            if !same(was.dict.value("AP"), entry) {
                return Ok(true);
            }
            // Looks by state stand one dictionary deeper, which is not looked for by who refers to it.
            let concerned = new.kind == FieldKind::Button
                || self.affected.contains(&widget.reference)
                || entry
                    .as_reference()
                    .is_some_and(|looks| self.affected.contains(&looks) || self.is_changed(looks));
            if concerned && self.leads_to_change(entry)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether an appearance dictionary, or a stream that it names, is defined anew.
    fn leads_to_change(&self, entry: &Object) -> Result<bool, ReadError> {
        if entry.is_null() {
            return Ok(false);
        }
        if entry.as_reference().is_some_and(|reference| self.is_changed(reference)) {
            return Ok(true);
        }
        let looks = self.new.document.follow(entry)?;
        let Some(looks) = looks.as_dict() else { return Ok(false) };
        for (_, value) in looks.iter() {
            let changed =
                |value: &Object| value.as_reference().is_some_and(|reference| self.is_changed(reference));
            if changed(value) {
                return Ok(true);
            }
            let is_stream = matches!(value, Object::Reference(_))
                && matches!(&*self.new.document.follow(value)?, Object::Stream(_));
            if !is_stream
                && let Some(states) = self.new.document.follow(value)?.as_dict()
                && states.iter().any(|(_, state)| changed(state))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Accepts the new look of a field: new streams, or its own streams replaced where nothing else uses them.
    pub(super) fn accept_look(&mut self, field: &Field) -> Result<(), ReadError> {
        for widget in &field.widgets {
            let entry = widget.dict.value("AP");
            let looks = self.new.document.follow(entry)?;
            let Object::Dictionary(looks) = &*looks else { continue };
            if looks.iter().any(|(key, _)| !["N", "R", "D"].contains(&key.to_text().as_str())) {
                self.field_finding(Modification::Forbidden, widget.reference, field, Code::ChangeAppearance);
            }
            if let Some(reference) = entry.as_reference() {
                self.explain_own(reference, widget.reference, &["/AP"]);
            }
            let holder = entry.as_reference().unwrap_or(widget.reference);
            for (key, value) in looks.iter() {
                let (in_widget, in_looks) = (format!("/AP/{}", key.to_text()), format!("/{}", key.to_text()));
                if let Some(reference) = value.as_reference() {
                    self.explain_own(reference, holder, &[&in_widget, &in_looks]);
                    let stream = self.new.document.resolve(reference)?;
                    if let Some(dict) = stream.as_dict() {
                        self.explain_new(&Object::Dictionary(dict.clone()))?;
                    }
                }
                self.explain_new(value)?;
            }
        }
        Ok(())
    }

    /// Explains an object that is replaced in place, where only `holder` refers to it, and only there.
    fn explain_own(&mut self, reference: Ref, holder: Ref, paths: &[&str]) {
        let own = self
            .usages
            .of(reference)
            .iter()
            .all(|usage| usage.holder == Some(holder) && paths.contains(&usage.path.as_str()));
        if self.is_changed(reference) && own {
            self.explain(reference);
        }
    }

    /// Whether no widget of the field shows anything: no appearance, or an empty one.
    pub(super) fn shows_nothing(&self, field: &Field) -> Result<bool, ReadError> {
        for widget in &field.widgets {
            let document = if self.is_new(field.reference) { &self.new.document } else { &self.old.document };
            let looks = document.value(&widget.dict, "AP")?;
            let Some(looks) = looks.as_dict() else { continue };
            match &*document.value(looks, "N")? {
                Object::Null => {}
                Object::Stream(stream) => {
                    if !document.decoded(stream)?.iter().all(u8::is_ascii_whitespace) {
                        return Ok(false);
                    }
                }
                _ => return Ok(false),
            }
        }
        Ok(true)
    }
}
