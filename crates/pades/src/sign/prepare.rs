//! From a document and a request to the bytes of a revision with a hole for the signature.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use pdf::{
    Appearance, Dict, DocMdp, Document, Field, FieldKind, Form, Object, Placeholder, Ref, Tail, Transform,
    Update, Widget,
};
use pki::DigestAlgorithm;
use serde::{Deserialize, Serialize};

use super::hash::Prefix;
use super::request::{Fill, Mark, SigningRequest};
use super::{base64_bytes, hex_digest};
use crate::PrepareError;
use crate::fields::{DocumentState, FieldKind as NewKind, FieldSpec, Look, place};
use crate::form_edit::{self, FormEdit};

const PUSH_BUTTON: i64 = 1 << 16;

/// A revision that lacks nothing but the signature value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// The signature field.
    pub field: String,
    /// Length of the file before.
    pub base_len: u64,
    /// The hash function of `digest`; states stored before there was a choice have SHA-256.
    #[serde(default = "sha256")]
    pub digest_algorithm: DigestAlgorithm,
    /// The digest over the two ranges that the signature covers.
    #[serde(with = "hex_digest")]
    pub digest: Vec<u8>,
    #[serde(with = "base64_bytes")]
    pub(super) tail: Vec<u8>,
    pub(super) placeholder: Placeholder,
}

fn sha256() -> DigestAlgorithm {
    DigestAlgorithm::Sha256
}

impl Prepared {
    /// Bytes reserved for the CMS signature.
    #[must_use]
    pub fn reserved(&self) -> usize {
        self.placeholder.reserved
    }
}

/// Prepares one signer's revision: fills, marks and the signature's dictionary in a single update.
///
/// Reads what the update needs and passes once over the whole file to hash it.
///
/// # Errors
/// [`PrepareError`], where the document does not permit the signature or lacks the fields.
pub fn prepare(document: &Document, request: &SigningRequest) -> Result<Prepared, PrepareError> {
    prepare_on(document, request, &mut Prefix::new(&[request.digest])?)
}

/// The same, with what is known of the file's digests.
pub(crate) fn prepare_on(
    document: &Document,
    request: &SigningRequest,
    prefix: &mut Prefix,
) -> Result<Prepared, PrepareError> {
    let state = DocumentState::of(document)?;
    state.allows_update()?;
    if request.certify.is_some() && state.signed {
        return Err(PrepareError::CertificationNotFirst);
    }
    let form = document.form()?;
    let mut update = Update::new(document);
    for fill in &request.fills {
        state.allows_field(&fill.field)?;
        fill_text(&mut update, &form, fill)?;
    }
    for mark in &request.marks {
        state.allows_field(&mark.field)?;
        set_mark(&mut update, &form, mark)?;
    }
    state.allows_field(&request.field)?;
    let target = signature_field(&mut update, &form, &state, request)?;
    let value = update.allocate();
    let dict = signature_dictionary(&target, request);
    update.put_signature(value, dict, request.reserve)?;
    set_value(&mut update, &target, value, request)?;
    if request.certify.is_some() {
        let root = document.catalog_ref();
        let mut catalog = form_edit::dict(&update, root, "the catalog")?;
        catalog.set("Perms", Dict::new().with("DocMDP", value));
        update.put(root, catalog);
    }
    Prepared::of(document, update, request.field.clone(), request.digest, prefix)
}

impl Prepared {
    /// Writes an update that holds a signature dictionary, and hashes the file with it.
    pub(crate) fn of(
        document: &Document,
        update: Update,
        field: String,
        digest_algorithm: DigestAlgorithm,
        prefix: &mut Prefix,
    ) -> Result<Self, PrepareError> {
        let Tail { base_len, bytes: tail, signature } = update.finish()?;
        let placeholder = signature.ok_or_else(|| form_edit::structure("the update holds no signature"))?;
        let source = document.source().as_ref();
        let digest = prefix.digest(source, base_len, &tail, &placeholder, digest_algorithm)?;
        Ok(Self { field, base_len, digest_algorithm, digest, tail, placeholder })
    }

    /// The bytes to append, with `contents` in the hole.
    pub(crate) fn into_tail(self, contents: &[u8]) -> Result<Vec<u8>, pdf::UpdateError> {
        let Self { base_len, tail: bytes, placeholder, .. } = self;
        let mut tail = Tail { base_len, bytes, signature: Some(placeholder) };
        tail.set_contents(contents)?;
        Ok(tail.bytes)
    }
}

/// The signature field as it is when the signature comes.
struct Target {
    field: Ref,
    /// The widget, its page and what the field's lock says.
    widgets: Vec<(Ref, Option<usize>)>,
    lock: Option<Dict>,
}

fn signature_field(
    update: &mut Update,
    form: &Form,
    state: &DocumentState,
    request: &SigningRequest,
) -> Result<Target, PrepareError> {
    if let Some(field) = form.field(&request.field) {
        if field.kind != FieldKind::Signature {
            return Err(PrepareError::WrongFieldKind { field: field.name.clone(), expected: "signature" });
        }
        if !field.raw_value.is_null() {
            return Err(PrepareError::AlreadySigned { field: field.name.clone() });
        }
        let lock = update.document().value(&field.dict, "Lock")?.as_dict().cloned();
        return Ok(Target { field: field.reference, widgets: widgets(field), lock });
    }
    let Some(where_to) = request.place else {
        return Err(PrepareError::NoSuchField { field: request.field.clone() });
    };
    let spec = FieldSpec {
        name: request.field.clone(),
        kind: NewKind::Signature,
        page: where_to.page,
        rect: where_to.rect,
        label: None,
    };
    state.allows_new(&spec)?;
    let look = if request.appearance.is_some() { Look::Follows } else { Look::Empty };
    let document = update.document().clone();
    let mut edit = FormEdit::new(update)?;
    let reference = place(&document, &mut edit, &spec, look)?;
    edit.finish(state.signed)?;
    Ok(Target { field: reference, widgets: vec![(reference, Some(where_to.page))], lock: None })
}

fn widgets(field: &Field) -> Vec<(Ref, Option<usize>)> {
    field.widgets.iter().map(|Widget { reference, page, .. }| (*reference, *page)).collect()
}

/// The signature dictionary without `/ByteRange` and `/Contents` (EN 319 142-1 §6.3).
fn signature_dictionary(target: &Target, request: &SigningRequest) -> Dict {
    let mut dict = Dict::new()
        .with("Type", Object::name("Sig"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.CAdES.detached"))
        .with("M", date(request.at));
    for (key, text) in
        [("Name", &request.signer_name), ("Reason", &request.reason), ("Location", &request.location)]
    {
        if let Some(text) = text {
            dict.set(key, Object::text(text));
        }
    }
    let mut references = Vec::new();
    if let Some(permission) = request.certify {
        references.push(transform("DocMDP", doc_mdp_parameters(permission)));
    }
    if let Some(lock) = &target.lock {
        references.push(transform("FieldMDP", field_mdp_parameters(lock)));
    }
    if !references.is_empty() {
        dict.set("Reference", references);
    }
    dict
}

fn transform(method: &'static str, parameters: Dict) -> Object {
    Dict::new()
        .with("Type", Object::name("SigRef"))
        .with("TransformMethod", Object::name(method))
        .with("TransformParams", parameters)
        .into()
}

fn doc_mdp_parameters(permission: DocMdp) -> Dict {
    Dict::new()
        .with("Type", Object::name("TransformParams"))
        .with("P", permission.p())
        .with("V", Object::name("1.2"))
}

/// A signed lock becomes the signature's own transform (ISO 32000-2 §12.7.5.5).
fn field_mdp_parameters(lock: &Dict) -> Dict {
    let mut parameters =
        Dict::new().with("Type", Object::name("TransformParams")).with("V", Object::name("1.2"));
    for key in ["Action", "Fields"] {
        if let Some(value) = lock.get(key) {
            parameters.set(key, value.clone());
        }
    }
    parameters
}

fn set_value(
    update: &mut Update,
    target: &Target,
    value: Ref,
    request: &SigningRequest,
) -> Result<(), PrepareError> {
    let mut field = form_edit::dict(update, target.field, "the signature field")?;
    field.set("V", value);
    update.put(target.field, field);
    if let Some(appearance) = &request.appearance {
        set_appearance(update, &target.widgets, appearance)?;
    }
    Ok(())
}

fn fill_text(update: &mut Update, form: &Form, fill: &Fill) -> Result<(), PrepareError> {
    let field = named(form, &fill.field)?;
    if field.kind != FieldKind::Text {
        return Err(PrepareError::WrongFieldKind { field: field.name.clone(), expected: "text" });
    }
    let mut dict = form_edit::dict(update, field.reference, "a field")?;
    dict.set("V", Object::text(&fill.text));
    update.put(field.reference, dict);
    set_appearance(update, &widgets(field), &fill.appearance)
}

fn set_mark(update: &mut Update, form: &Form, mark: &Mark) -> Result<(), PrepareError> {
    let field = named(form, &mark.field)?;
    if field.kind != FieldKind::Button || field.flags & PUSH_BUTTON == 0 || !field.is_read_only() {
        return Err(PrepareError::WrongFieldKind { field: field.name.clone(), expected: "mark" });
    }
    set_appearance(update, &widgets(field), &mark.appearance)
}

fn named<'f>(form: &'f Form, name: &str) -> Result<&'f Field, PrepareError> {
    form.field(name).ok_or_else(|| PrepareError::NoSuchField { field: name.to_owned() })
}

/// Gives every widget of a field the appearance, upright on its page.
fn set_appearance(
    update: &mut Update,
    widgets: &[(Ref, Option<usize>)],
    appearance: &Appearance,
) -> Result<(), PrepareError> {
    for (widget, page) in widgets {
        let reference = match page {
            Some(page) => {
                let matrix = update.document().page(*page)?.appearance_matrix();
                appearance.write_with(update, matrix)?
            }
            None => appearance.write(update)?,
        };
        let mut dict = form_edit::dict(update, *widget, "a widget")?;
        dict.set("AP", Dict::new().with("N", reference));
        update.put(*widget, dict);
    }
    Ok(())
}

impl DocumentState {
    /// Fails where a signature locks the field.
    fn allows_field(&self, name: &str) -> Result<(), PrepareError> {
        if self.locks.iter().any(|lock| lock.locks(name)) {
            return Err(PrepareError::FieldLocked { field: name.to_owned() });
        }
        Ok(())
    }
}

/// A date in UTC (ISO 32000-2 §7.9.4).
pub(crate) fn date(at: Timestamp) -> Object {
    let at = at.to_zoned(TimeZone::UTC).datetime();
    Object::string(format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}Z",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    ))
}

/// The transforms that lock fields, of every signature made so far.
pub(crate) fn locks_of(signature: &pdf::Signature) -> impl Iterator<Item = pdf::FieldLock> + '_ {
    signature.references.iter().filter_map(|reference| match &reference.transform {
        Transform::FieldMdp(lock) => Some(lock.clone()),
        _ => None,
    })
}
