//! The walk over the field tree (ISO 32000-2, 12.7.4).

use std::collections::HashSet;

use crate::document::Document;
use crate::form::annotations::Placement;
use crate::{
    Dict, DocMdp, Field, FieldKind, FieldLock, FieldValue, Form, LockAction, Object, ReadError, Ref, Widget,
    page,
};

/// What a field inherits from its ancestors.
#[derive(Clone, Default)]
struct Inherited {
    name: Option<String>,
    kind: Option<FieldKind>,
    flags: Option<i64>,
    value: Object,
    default_appearance: Option<Vec<u8>>,
    max_len: Option<i64>,
    parents: Vec<Ref>,
}

struct Walk<'a> {
    document: &'a Document,
    placement: Placement<'a>,
    seen: HashSet<Ref>,
    form: Form,
}

/// Reads the form of a document.
pub(crate) fn form(document: &Document) -> Result<Form, ReadError> {
    let catalog = document.catalog()?;
    let entry = catalog.value("AcroForm");
    let object = document.follow(entry)?;
    let Some(dict) = object.as_dict() else { return Ok(Form::default()) };
    let form = Form {
        reference: entry.as_reference(),
        exists: true,
        dict: dict.clone(),
        fields: Vec::new(),
        sig_flags: document.value(dict, "SigFlags")?.as_integer().unwrap_or(0),
        need_appearances: document.value(dict, "NeedAppearances")?.as_bool().unwrap_or(false),
        has_xfa: dict.contains("XFA"),
        is_damaged: false,
    };
    let root = Inherited {
        default_appearance: document.value(dict, "DA")?.as_string().map(<[u8]>::to_vec),
        ..Inherited::default()
    };
    let fields = document.value(dict, "Fields")?;
    let placement = Placement::new(document);
    let mut walk = Walk { document, placement, seen: HashSet::new(), form };
    for item in fields.as_array().unwrap_or_default() {
        walk.visit(item, &root, 0)?;
    }
    Ok(walk.form)
}

impl Walk<'_> {
    fn visit(&mut self, item: &Object, above: &Inherited, depth: usize) -> Result<(), ReadError> {
        let limits = self.document.limits();
        if depth > limits.max_tree_depth || self.seen.len() >= limits.max_fields {
            return Err(ReadError::Limit { what: "fields of the form" });
        }
        let Some(reference) = item.as_reference().filter(|reference| self.seen.insert(*reference)) else {
            self.form.is_damaged = true;
            return Ok(());
        };
        let object = self.document.resolve(reference)?;
        let Some(dict) = object.as_dict() else {
            self.form.is_damaged |= !object.is_null();
            return Ok(());
        };
        let mut inherited = self.inherit(dict, above)?;
        let kids = self.document.value(dict, "Kids")?;
        let kids = kids.as_array().unwrap_or_default();
        if self.has_fields(kids)? {
            inherited.parents.insert(0, reference);
            for kid in kids {
                self.visit(kid, &inherited, depth + 1)?;
            }
            return Ok(());
        }
        let widgets = self.widgets(reference, dict, kids)?;
        let field = self.field(reference, dict, inherited, widgets)?;
        self.form.fields.push(field);
        Ok(())
    }

    /// Whether one of the kids is a field: it has a partial name. Kids without are widgets.
    fn has_fields(&self, kids: &[Object]) -> Result<bool, ReadError> {
        for kid in kids {
            if self.document.follow(kid)?.as_dict().is_some_and(|dict| dict.contains("T")) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn inherit(&self, dict: &Dict, above: &Inherited) -> Result<Inherited, ReadError> {
        let value = |key| self.document.value(dict, key);
        let partial = value("T")?.as_text();
        let name = match (&above.name, partial) {
            (Some(above), Some(partial)) => Some(format!("{above}.{partial}")),
            (above, partial) => partial.or_else(|| above.clone()),
        };
        let kind = value("FT")?.as_name().map(|name| match name.as_bytes() {
            b"Btn" => FieldKind::Button,
            b"Tx" => FieldKind::Text,
            b"Ch" => FieldKind::Choice,
            b"Sig" => FieldKind::Signature,
            _ => FieldKind::Unknown,
        });
        let own = dict.value("V");
        Ok(Inherited {
            name,
            kind: kind.or(above.kind),
            flags: value("Ff")?.as_integer().or(above.flags),
            value: if own.is_null() { above.value.clone() } else { own.clone() },
            default_appearance: value("DA")?
                .as_string()
                .map(<[u8]>::to_vec)
                .or_else(|| above.default_appearance.clone()),
            max_len: value("MaxLen")?.as_integer().or(above.max_len),
            parents: above.parents.clone(),
        })
    }

    fn field(
        &self,
        reference: Ref,
        dict: &Dict,
        inherited: Inherited,
        widgets: Vec<Widget>,
    ) -> Result<Field, ReadError> {
        let value = self.document.follow(&inherited.value)?;
        Ok(Field {
            reference,
            name: inherited.name.unwrap_or_default(),
            label: self.document.value(dict, "TU")?.as_text(),
            kind: inherited.kind.unwrap_or(FieldKind::Unknown),
            flags: inherited.flags.unwrap_or(0),
            value: self.field_value(&value)?,
            raw_value: inherited.value,
            default_appearance: inherited.default_appearance,
            max_len: inherited.max_len,
            widgets,
            dict: dict.clone(),
            parents: inherited.parents,
        })
    }

    fn field_value(&self, value: &Object) -> Result<FieldValue, ReadError> {
        Ok(match value {
            Object::Null => FieldValue::None,
            Object::String(_) => FieldValue::Text(value.as_text().unwrap_or_default()),
            Object::Name(name) => FieldValue::Name(name.to_text()),
            Object::Stream(stream) => {
                FieldValue::Text(crate::text_string_value(&self.document.decoded(stream)?))
            }
            Object::Array(items) => {
                let texts = items.iter().take(self.document.limits().max_fields);
                let texts = texts.map(|item| Ok(self.document.follow(item)?.as_text().unwrap_or_default()));
                FieldValue::List(texts.collect::<Result<_, ReadError>>()?)
            }
            _ => FieldValue::Other,
        })
    }

    /// The field itself where it is a widget too, or its kids.
    fn widgets(&mut self, reference: Ref, dict: &Dict, kids: &[Object]) -> Result<Vec<Widget>, ReadError> {
        if kids.is_empty() {
            let is_widget = dict.value("Subtype").is_name("Widget") || dict.contains("Rect");
            return if is_widget { Ok(vec![self.widget(reference, dict)?]) } else { Ok(Vec::new()) };
        }
        let mut widgets = Vec::new();
        for kid in kids {
            let known = kid.as_reference().filter(|kid| self.seen.insert(*kid));
            let object = self.document.follow(kid)?;
            match (known, object.as_dict()) {
                (Some(kid), Some(dict)) => widgets.push(self.widget(kid, dict)?),
                _ => self.form.is_damaged = true,
            }
        }
        Ok(widgets)
    }

    fn widget(&mut self, reference: Ref, dict: &Dict) -> Result<Widget, ReadError> {
        let rect = self.document.value(dict, "Rect")?;
        Ok(Widget {
            reference,
            page: self.placement.page_of(reference, dict.value("P").as_reference())?,
            rect: page::rect(self.document, &rect)?,
            flags: self.document.value(dict, "F")?.as_integer().unwrap_or(0),
            state: self.document.value(dict, "AS")?.as_name().map(crate::Name::to_text),
            dict: dict.clone(),
        })
    }
}

/// A lock dictionary (Table 236) or the parameters of FieldMDP (Table 258), which have the same entries. What cannot be
/// read locks everything.
pub(crate) fn lock(document: &Document, stated: &Object) -> Result<FieldLock, ReadError> {
    let lock = match stated.as_dict() {
        Some(dict) => readable_lock(document, dict)?,
        None => None,
    };
    Ok(lock.unwrap_or_else(FieldLock::unreadable))
}

fn readable_lock(document: &Document, dict: &Dict) -> Result<Option<FieldLock>, ReadError> {
    let action = document.value(dict, "Action")?;
    let action = match action.as_name().map(crate::Name::as_bytes) {
        Some(b"All") => LockAction::All,
        Some(b"Include") => LockAction::Include,
        Some(b"Exclude") => LockAction::Exclude,
        _ => return Ok(None),
    };
    let names = document.value(dict, "Fields")?;
    let mut fields = Vec::new();
    match names.as_array() {
        Some(names) if names.len() <= document.limits().max_fields => {
            for name in names {
                let Some(name) = document.follow(name)?.as_text() else { return Ok(None) };
                fields.push(name);
            }
        }
        None if action == LockAction::All => {}
        _ => return Ok(None),
    }
    let permission = match &*document.value(dict, "P")? {
        Object::Null => None,
        // A value that does not exist permits nothing.
        stated => Some(stated.as_integer().and_then(DocMdp::from_p).unwrap_or(DocMdp::NoChanges)),
    };
    Ok(Some(FieldLock { action, fields, permission }))
}
