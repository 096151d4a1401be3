//! What fields show: values typed in, marks, the look of the signature itself.

use pdf::{Appearance, Field, FieldKind, Form, Object, Ref, Update};

use super::prepare::widgets;
use super::request::{Fill, Mark};
use crate::PrepareError;
use crate::form_edit;
use crate::pdfa;

const PUSH_BUTTON: i64 = 1 << 16;

pub(super) fn fill_text(update: &mut Update, form: &Form, fill: &Fill) -> Result<(), PrepareError> {
    let field = named(form, &fill.field)?;
    if field.kind != FieldKind::Text {
        return Err(PrepareError::WrongFieldKind { field: field.name.clone(), expected: "text" });
    }
    let mut dict = form_edit::dict(update, field.reference, "a field")?;
    dict.set("V", Object::text(&fill.text));
    update.put(field.reference, dict);
    set_appearance(update, &widgets(field), &fill.appearance)
}

pub(super) fn set_mark(update: &mut Update, form: &Form, mark: &Mark) -> Result<(), PrepareError> {
    let field = named(form, &mark.field)?;
    if field.kind != FieldKind::Button || field.flags & PUSH_BUTTON == 0 || !field.is_read_only() {
        return Err(PrepareError::WrongFieldKind { field: field.name.clone(), expected: "mark" });
    }
    set_appearance(update, &widgets(field), &mark.appearance)
}

fn named<'f>(form: &'f Form, name: &str) -> Result<&'f Field, PrepareError> {
    form.field(name).ok_or_else(|| PrepareError::NoSuchField { field: name.to_owned() })
}

/// Gives every widget of a field the appearance, upright on its page, in what the file's kind of PDF/A allows.
pub(super) fn set_appearance(
    update: &mut Update,
    widgets: &[(Ref, Option<usize>)],
    appearance: &Appearance,
) -> Result<(), PrepareError> {
    let archival = pdfa::part(update.document())?;
    let transparent = pdfa::allows_transparency(update.document(), archival)?;
    let appearance = pdfa::allowed(appearance, transparent);
    for (widget, page) in widgets {
        let reference = match page {
            Some(page) => {
                let matrix = update.document().page(*page)?.appearance_matrix();
                appearance.write_with(update, matrix)?
            }
            None => appearance.write(update)?,
        };
        if archival.is_some() {
            pdfa::calibrate(update, reference)?;
        }
        let mut dict = form_edit::dict(update, *widget, "a widget")?;
        dict.set("AP", pdf::Dict::new().with("N", reference));
        update.put(*widget, dict);
    }
    Ok(())
}
