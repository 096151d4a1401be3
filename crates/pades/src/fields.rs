//! Laying out fields before anybody signs: one unsigned update with every field that signers will fill.
//!
//! All fields of an envelope are placed at once, so that each later signature only sets values and appearances:
//! changes which every viewer and validator recognises as filling in (ISO 32000-2 §12.8.2.2.2).

use std::collections::HashSet;

use pdf::{Dict, DocMdp, Document, FieldLock, Object, Rect, Ref, SignatureField, Update};

use crate::PrepareError;
use crate::form_edit::{self, FormEdit};
use crate::sign::locks_of;

/// `Print` and `Locked` (ISO 32000-2 table 167).
pub(crate) const WIDGET_FLAGS: i64 = 132;
const READ_ONLY: i64 = 1;
const MULTILINE: i64 = 1 << 12;
const PUSH_BUTTON: i64 = 1 << 16;

/// A field to place.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldSpec {
    /// Its name, unique in the document, without a period.
    pub name: String,
    /// What it takes.
    pub kind: FieldKind,
    /// The page, counted from 0.
    pub page: usize,
    /// Where on the page, in default user space.
    pub rect: Rect,
    /// What it is, for people and for screen readers (`/TU`).
    pub label: Option<String>,
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// A signature.
    Signature,
    /// One line of text.
    Text,
    /// Text of several lines.
    MultilineText,
    /// A picture set by a signer in the signer's own revision: a second place of the same signature, or a seal across
    /// pages. A read-only push-button, so that no viewer lets anybody type into it.
    Mark,
}

/// Adds empty fields in one unsigned update; the answer is what to append to the file.
///
/// # Errors
/// [`PrepareError::CertifiedAgainstChanges`] where nothing may be added; [`PrepareError::FieldsLocked`] where the
/// document is signed and the field is none for a signature; names, pages and rectangles that cannot be.
pub fn place_fields(document: &Document, fields: &[FieldSpec]) -> Result<Vec<u8>, PrepareError> {
    let state = DocumentState::of(document)?;
    state.allows_update()?;
    let mut names = existing_names(document)?;
    for field in fields {
        state.allows_new(field)?;
        if !names.insert(field.name.clone()) {
            return Err(PrepareError::FieldExists { field: field.name.clone() });
        }
    }
    let mut update = Update::new(document);
    let mut edit = FormEdit::new(&mut update, state.signed)?;
    for field in fields {
        place(document, &mut edit, field, Look::Empty)?;
    }
    edit.finish()?;
    Ok(update.finish()?.bytes)
}

/// What a new field shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// An appearance that shows nothing.
    Empty,
    /// The appearance is set in the same update: nothing unused may be left behind.
    Follows,
}

/// Writes one field and binds it to its page; the form's own list is written by [`FormEdit::finish`].
pub(crate) fn place(
    document: &Document,
    edit: &mut FormEdit<'_>,
    field: &FieldSpec,
    look: Look,
) -> Result<Ref, PrepareError> {
    check_name(&field.name)?;
    let Rect { x0, y0, x1, y1 } = field.rect;
    let finite = [x0, y0, x1, y1].iter().all(|n| n.is_finite() && n.abs() < 1.0e6);
    let empty = x0 >= x1 || y0 >= y1;
    let invisible = field.kind == FieldKind::Signature && [x0, y0, x1, y1] == [0.0; 4];
    if !finite || (empty && !invisible) {
        return Err(PrepareError::BadRectangle { field: field.name.clone() });
    }
    let Some(&page) = document.page_refs()?.get(field.page) else {
        return Err(PrepareError::NoSuchPage { page: field.page });
    };
    let widget = edit.update().allocate();
    let mut dict = Dict::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with(
            "FT",
            Object::name(match field.kind {
                FieldKind::Signature => "Sig",
                FieldKind::Text | FieldKind::MultilineText => "Tx",
                FieldKind::Mark => "Btn",
            }),
        )
        .with("T", Object::text(&field.name))
        .with("F", WIDGET_FLAGS)
        .with("P", page)
        .with("Rect", Object::rect(field.rect));
    match field.kind {
        FieldKind::Signature => {}
        FieldKind::Text => _ = dict.set("DA", Object::string("/Helv 11 Tf 0 g")),
        FieldKind::MultilineText => {
            dict.set("Ff", MULTILINE).set("DA", Object::string("/Helv 11 Tf 0 g"));
        }
        FieldKind::Mark => _ = dict.set("Ff", PUSH_BUTTON | READ_ONLY),
    }
    if let Some(label) = &field.label {
        dict.set("TU", Object::text(label));
    }
    if look == Look::Empty && (!invisible || edit.always_shows()) {
        let empty = edit.empty_appearance();
        dict.set("AP", Dict::new().with("N", empty));
    }
    edit.update().put(widget, dict);
    edit.bind_to_page(page, widget)?;
    if !invisible && edit.tag(page, widget)? && field.label.is_none() {
        // ISO 14289-1 §7.18.4: a field of a tagged document has a name for people.
        let mut dict = form_edit::dict(edit.update(), widget, "a widget")?;
        dict.set("TU", Object::text(&field.name));
        edit.update().put(widget, dict);
    }
    edit.add_field(widget, field.kind);
    Ok(widget)
}

/// What signatures say about further changes.
pub(crate) struct DocumentState {
    /// Whether the document carries any signature.
    pub(crate) signed: bool,
    /// The fields that signatures lock.
    pub(crate) locks: Vec<FieldLock>,
    /// Every signature field.
    pub(crate) fields: Vec<SignatureField>,
    certification: Option<DocMdp>,
}

impl DocumentState {
    pub(crate) fn of(document: &Document) -> Result<Self, PrepareError> {
        let fields = document.signatures()?;
        let signatures = || fields.iter().filter_map(|field| field.signature.as_ref());
        Ok(Self {
            signed: signatures().next().is_some(),
            locks: fields.iter().flat_map(locks_of).collect(),
            certification: document.certification()?,
            fields,
        })
    }

    /// Fails where a field may not come any more: only signature fields may come to a signed document, and only
    /// invisible ones to a certified one.
    pub(crate) fn allows_new(&self, field: &FieldSpec) -> Result<(), PrepareError> {
        let name = || field.name.clone();
        if self.signed && field.kind != FieldKind::Signature {
            return Err(PrepareError::FieldsLocked { field: name() });
        }
        if self.certification.is_some() && field.rect.is_proper() {
            return Err(PrepareError::CertifiedAgainstFields { field: name() });
        }
        Ok(())
    }

    /// Fails where the document is certified against any change.
    pub(crate) fn allows_update(&self) -> Result<(), PrepareError> {
        if self.certification == Some(DocMdp::NoChanges) {
            return Err(PrepareError::CertifiedAgainstChanges);
        }
        if self.locks.iter().any(|lock| lock.permission == Some(DocMdp::NoChanges)) {
            return Err(PrepareError::LockedAgainstChanges);
        }
        Ok(())
    }

    /// Fails where a signature locks the field.
    pub(crate) fn allows_field(&self, name: &str) -> Result<(), PrepareError> {
        if self.locks.iter().any(|lock| lock.locks(name)) {
            return Err(PrepareError::FieldLocked { field: name.to_owned() });
        }
        Ok(())
    }
}

fn existing_names(document: &Document) -> Result<HashSet<String>, PrepareError> {
    Ok(document.form()?.fields.iter().map(|field| field.name.clone()).collect())
}

fn check_name(name: &str) -> Result<(), PrepareError> {
    if name.is_empty() || name.contains('.') || name.chars().any(char::is_control) {
        return Err(PrepareError::BadFieldName { field: name.to_owned() });
    }
    Ok(())
}
