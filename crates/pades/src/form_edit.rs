//! Adding fields to a document's form, whatever shape form and pages have: `/AcroForm`, `/Fields` and `/Annots` may each
//! be direct, indirect or absent (ISO 32000-2 §12.7.3, §12.5.2).

use pdf::{Dict, Object, Ref, Update};

use crate::fields::FieldKind;
use crate::{PrepareError, pdfa, structure};

/// `SignaturesExist` and `AppendOnly` (ISO 32000-2 table 225).
const SIG_FLAGS: i64 = 3;

pub(crate) struct FormEdit<'u> {
    update: &'u mut Update,
    added: Vec<Ref>,
    signature_fields: bool,
    text_fields: bool,
    empty_appearance: Option<Ref>,
    /// Whether a signature is there already.
    signed: bool,
    /// The part of PDF/A that the file claims.
    archival: Option<u8>,
}

impl<'u> FormEdit<'u> {
    /// Begins; `signed` is whether a signature is there already.
    pub(crate) fn new(update: &'u mut Update, signed: bool) -> Result<Self, PrepareError> {
        if update.document().xfa()? == Some(pdf::Xfa::Dynamic) {
            return Err(PrepareError::Xfa);
        }
        let archival = pdfa::part(update.document())?;
        Ok(Self {
            signed,
            archival,
            update,
            added: Vec::new(),
            signature_fields: false,
            text_fields: false,
            empty_appearance: None,
        })
    }

    pub(crate) fn update(&mut self) -> &mut Update {
        self.update
    }

    /// Whether even a field that shows nothing must have an appearance: ISO 19005-1 §6.9 makes no exception.
    pub(crate) fn always_shows(&self) -> bool {
        self.archival == Some(1)
    }

    /// Gives a widget its place in the structure tree, while the tree is not signed; whether there is one.
    pub(crate) fn tag(&mut self, page: Ref, widget: Ref) -> Result<bool, PrepareError> {
        if self.signed {
            return Ok(false);
        }
        structure::tag_widget(self.update, page, widget)
    }

    /// Notes a new field for the form's list.
    pub(crate) fn add_field(&mut self, field: Ref, kind: FieldKind) {
        self.added.push(field);
        match kind {
            FieldKind::Signature => self.signature_fields = true,
            FieldKind::Text | FieldKind::MultilineText => self.text_fields = true,
            FieldKind::Mark => {}
        }
    }

    /// Notes that an existing field is signed.
    pub(crate) fn sign_field(&mut self) {
        self.signature_fields = true;
    }

    /// An appearance that shows nothing, shared by all fields that wait to be filled. PDF/A asks for one.
    pub(crate) fn empty_appearance(&mut self) -> Ref {
        if let Some(empty) = self.empty_appearance {
            return empty;
        }
        let dict = Dict::new()
            .with("Type", Object::name("XObject"))
            .with("Subtype", Object::name("Form"))
            .with("BBox", Object::Array(vec![0.into(), 0.into(), 1.into(), 1.into()]))
            .with("Resources", Dict::new());
        let empty = self.update.add_stream(dict, &[]);
        self.empty_appearance = Some(empty);
        empty
    }

    /// Adds an annotation to a page.
    pub(crate) fn bind_to_page(&mut self, page: Ref, widget: Ref) -> Result<(), PrepareError> {
        let mut dict = self.dict(page, "a page")?;
        match dict.get("Annots") {
            Some(&Object::Reference(annots)) => {
                let mut list = self.array(annots, "/Annots")?;
                list.push(widget.into());
                self.update.put(annots, list);
            }
            direct => {
                let mut list = match direct {
                    Some(Object::Array(list)) => list.clone(),
                    None | Some(Object::Null) => Vec::new(),
                    Some(_) => return Err(structure("/Annots is no array")),
                };
                list.push(widget.into());
                dict.set("Annots", list);
                self.update.put(page, dict);
            }
        }
        Ok(())
    }

    /// Writes the form's list of fields and its flags.
    pub(crate) fn finish(self) -> Result<(), PrepareError> {
        if self.added.is_empty() && !self.signature_fields {
            return Ok(());
        }
        let root = self.update.document().catalog_ref();
        let mut catalog = self.dict(root, "the catalog")?;
        let indirect = catalog.value("AcroForm").as_reference();
        let mut form = match (indirect, catalog.get("AcroForm")) {
            (Some(reference), _) => self.dict_or_empty(reference)?,
            (None, Some(Object::Dictionary(form))) => form.clone(),
            (None, None | Some(Object::Null)) => Dict::new(),
            _ => return Err(structure("/AcroForm is no dictionary")),
        };
        // Once signed, a form without the flags stays so: the earlier signature covers it.
        let old = form.value("SigFlags").as_integer().unwrap_or(0);
        let flags = if self.signature_fields && !self.signed { old | SIG_FLAGS } else { old };
        if self.added.is_empty() && flags == old {
            return Ok(());
        }
        if flags != old {
            form.set("SigFlags", flags);
        }
        match form.get("Fields") {
            _ if self.added.is_empty() => {}
            Some(&Object::Reference(fields)) => {
                let mut list = self.array(fields, "/Fields")?;
                list.extend(self.added.iter().map(|field| Object::from(*field)));
                self.update.put(fields, list);
            }
            direct => {
                let mut list = direct.and_then(Object::as_array).map(<[Object]>::to_vec).unwrap_or_default();
                list.extend(self.added.iter().map(|field| Object::from(*field)));
                form.set("Fields", list);
            }
        }
        if self.text_fields {
            self.default_resources(&mut form)?;
        }
        match indirect {
            Some(reference) => self.update.put(reference, form),
            None => {
                let reference = self.update.add(form);
                catalog.set("AcroForm", reference);
                self.update.put(root, catalog);
            }
        }
        Ok(())
    }

    /// The font that the default appearance of text fields names (`/DR`).
    fn default_resources(&self, form: &mut Dict) -> Result<(), PrepareError> {
        let document = self.update.document();
        let mut resources = document.value(form, "DR")?.as_dict().cloned().unwrap_or_default();
        let mut fonts = document.value(&resources, "Font")?.as_dict().cloned().unwrap_or_default();
        if fonts.contains("Helv") {
            return Ok(());
        }
        let helvetica = Dict::new()
            .with("Type", Object::name("Font"))
            .with("Subtype", Object::name("Type1"))
            .with("BaseFont", Object::name("Helvetica"))
            .with("Encoding", Object::name("WinAnsiEncoding"));
        fonts.set("Helv", helvetica);
        resources.set("Font", fonts);
        form.set("DR", resources);
        Ok(())
    }

    fn dict(&self, reference: Ref, what: &'static str) -> Result<Dict, PrepareError> {
        dict(self.update, reference, what)
    }

    fn dict_or_empty(&self, reference: Ref) -> Result<Dict, PrepareError> {
        let object = self.update.get(reference)?;
        if object.is_null() { Ok(Dict::new()) } else { dict(self.update, reference, "/AcroForm") }
    }

    fn array(&self, reference: Ref, what: &'static str) -> Result<Vec<Object>, PrepareError> {
        let object = self.update.get(reference)?;
        if object.is_null() {
            return Ok(Vec::new());
        }
        object.as_array().map(<[Object]>::to_vec).ok_or_else(|| structure(&format!("{what} is no array")))
    }
}

/// The dictionary at `reference` as the update would leave it.
pub(crate) fn dict(update: &Update, reference: Ref, what: &str) -> Result<Dict, PrepareError> {
    match update.get(reference)? {
        Object::Dictionary(dict) => Ok(dict),
        _ => Err(structure(&format!("{what} is no dictionary"))),
    }
}

pub(crate) fn structure(what: &str) -> PrepareError {
    PrepareError::Structure { what: what.to_owned() }
}
