//! From a document and a request to the bytes of a revision with a hole for the signature.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use pdf::{
    Dict, Document, Field, FieldKind, FieldLock, Form, LockAction, Object, Placeholder, Ref, Tail, Transform,
    Update, Widget,
};
use pki::DigestAlgorithm;
use pki::cms::SignaturePolicy;
use serde::{Deserialize, Serialize};

use super::hash::Prefix;
use super::look::{fill_text, set_appearance, set_mark};
use super::request::SigningRequest;
use super::seed::SeedValue;
use super::seed_certificate::CertificateWish;
use super::{base64_bytes, hex_digest, mdp};
use crate::fields::{DocumentState, FieldKind as NewKind, FieldSpec, Look, place};
use crate::form_edit::{self, FormEdit};
use crate::{PrepareError, SignError};

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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    policy: Option<StoredPolicy>,
    /// What the field asks of the signature that is still to come.
    #[serde(default)]
    pub(super) wants: Wants,
}

fn sha256() -> DigestAlgorithm {
    DigestAlgorithm::Sha256
}

/// What a seed value asks for that only the later steps can show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Wants {
    pub(super) time_stamp: bool,
    /// Where the field would have it come from.
    pub(super) time_stamp_url: Option<String>,
    pub(super) revocation: bool,
    pub(super) certificate: CertificateWish,
}

/// A signature policy in stored states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredPolicy {
    oid: String,
    digest_algorithm: DigestAlgorithm,
    #[serde(with = "hex_digest")]
    digest: Vec<u8>,
    uri: Option<String>,
}

impl Prepared {
    /// Bytes reserved for the CMS signature.
    #[must_use]
    pub fn reserved(&self) -> usize {
        self.placeholder.reserved
    }

    /// Length of the file with this revision, the base included: where what may follow begins.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.base_len.saturating_add(u64::try_from(self.tail.len()).unwrap_or(u64::MAX))
    }

    /// Whether the field's seed value requires a time-stamp in the signature.
    #[must_use]
    pub fn requires_time_stamp(&self) -> bool {
        self.wants.time_stamp
    }

    /// Fails where the field's seed value requires a time-stamp in the signature.
    pub(crate) fn is_fine_without_time_stamp(&self) -> Result<(), SignError> {
        match self.wants.time_stamp {
            false => Ok(()),
            true => Err(SignError::TimeStampWanted {
                field: self.field.clone(),
                url: self.wants.time_stamp_url.clone(),
            }),
        }
    }

    /// Whether the field's seed value requires revocation data, so that level B-LT is the least.
    #[must_use]
    pub fn requires_revocation_data(&self) -> bool {
        self.wants.revocation
    }

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
        let wants = Wants::default();
        Ok(Self { field, base_len, digest_algorithm, digest, tail, placeholder, policy: None, wants })
    }

    /// Whether `document` is, byte for byte, the file that this was prepared for: hashes all of it.
    pub(crate) fn belongs_to(&self, document: &Document, prefix: &mut Prefix) -> Result<bool, PrepareError> {
        let (source, hole) = (document.source().as_ref(), &self.placeholder);
        let found = prefix.digest(source, self.base_len, &self.tail, hole, self.digest_algorithm)?;
        Ok(found == self.digest)
    }

    /// The bytes to append, with `contents` in the hole.
    pub(crate) fn into_tail(self, contents: &[u8]) -> Result<Vec<u8>, pdf::UpdateError> {
        let Self { base_len, tail: bytes, placeholder, .. } = self;
        let mut tail = Tail { base_len, bytes, signature: Some(placeholder) };
        tail.set_contents(contents)?;
        Ok(tail.bytes)
    }

    /// The policy to sign under.
    pub(super) fn policy(&self) -> Option<SignaturePolicy> {
        self.policy.clone().map(|StoredPolicy { oid, digest_algorithm, digest, uri }| SignaturePolicy {
            oid,
            digest_algorithm,
            digest,
            uri,
        })
    }
}

/// Prepares one signer's revision: fills, marks and the signature's dictionary in a single update.
///
/// Reads what the update needs and passes once over the whole file to hash it. Whether what the signature shows would
/// cover what others signed, and whether the certificate is still good, is asked by [`prepare_for`](crate::prepare_for)
/// and [`sign_to`](crate::sign_to).
///
/// # Errors
/// [`PrepareError`], where the document does not permit the signature or lacks the fields.
pub fn prepare(document: &Document, request: &SigningRequest) -> Result<Prepared, PrepareError> {
    Ok(prepare_on(document, request, &mut Prefix::new(&[request.digest])?)?.0)
}

/// The same, with what is known of the file's digests; and what earlier signatures say.
pub(crate) fn prepare_on(
    document: &Document,
    request: &SigningRequest,
    prefix: &mut Prefix,
) -> Result<(Prepared, DocumentState), PrepareError> {
    let state = DocumentState::of(document)?;
    state.allows_update()?;
    let (request, wants) = honoured(document, &state, request)?;
    let request = request.as_ref();
    if request.certify.is_some() && state.signed {
        return Err(PrepareError::CertificationNotFirst);
    }
    let policy = request.policy.as_ref().map(|policy| checked(policy, request)).transpose()?;
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
    let dict = signature_dictionary(document, &target, request);
    let reserve = request.reserve.saturating_add(request.policy.as_ref().map_or(0, room));
    update.put_signature(value, dict, reserve)?;
    set_value(&mut update, &target, value, request)?;
    if request.certify.is_some() {
        certify(document, &mut update, value, request)?;
    }
    let prepared = Prepared::of(document, update, request.field.clone(), request.digest, prefix)?;
    Ok((Prepared { policy, wants, ..prepared }, state))
}

/// The request with what the field's seed value asks for.
fn honoured<'r>(
    document: &Document,
    state: &DocumentState,
    request: &'r SigningRequest,
) -> Result<(Cow<'r, SigningRequest>, Wants), PrepareError> {
    let field = state.fields.iter().find(|field| field.field.name == request.field);
    let Some(dict) = field.and_then(|field| field.seed_value.as_ref()) else {
        return Ok((Cow::Borrowed(request), Wants::default()));
    };
    let mut request = request.clone();
    let wants = SeedValue::read(document, dict)?.honour(&mut request)?;
    Ok((Cow::Owned(request), wants))
}

fn checked(policy: &SignaturePolicy, request: &SigningRequest) -> Result<StoredPolicy, PrepareError> {
    if !policy.is_well_formed() {
        return Err(PrepareError::Policy { what: "its identifier, digest or address is malformed" });
    }
    // EN 319 142-1 §6.3: under a policy, the commitment is the policy's to express.
    if request.reason.is_some() {
        return Err(PrepareError::Policy { what: "a signature under a policy carries no reason" });
    }
    let SignaturePolicy { oid, digest_algorithm, digest, uri } = policy.clone();
    Ok(StoredPolicy { oid, digest_algorithm, digest, uri })
}

/// What a policy takes of the signature: identifier, digest and address.
fn room(policy: &SignaturePolicy) -> usize {
    let uri = policy.uri.as_ref().map_or(0, String::len);
    (policy.oid.len() + policy.digest.len() + uri + 128).next_multiple_of(64)
}

/// The signature field as it is when the signature comes.
struct Target {
    field: Ref,
    /// The widgets with their pages.
    widgets: Vec<(Ref, Option<usize>)>,
    /// The fields that the signature locks.
    lock: Option<FieldLock>,
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
        let own = state.fields.iter().find(|one| one.field.reference == field.reference);
        let own = own.and_then(|one| one.lock.clone());
        if own.as_ref().is_some_and(|lock| lock.action == LockAction::Unreadable) {
            return Err(PrepareError::UnreadableLock { field: field.name.clone() });
        }
        let brings_none = own.is_none();
        let lock = match (own, request.lock.clone()) {
            (Some(own), Some(asked)) if own != asked => {
                return Err(PrepareError::OtherLock { field: field.name.clone() });
            }
            (own, asked) => own.or(asked),
        };
        // Some programs look for /P there alone. To an earlier signature it would change the field.
        if let Some(lock) = lock.as_ref().filter(|_| brings_none && !state.signed) {
            set_lock(update, field.reference, lock)?;
        }
        // The first signature says in the form that there is one (ISO 32000-2 Table 225).
        let mut edit = FormEdit::new(update, state.signed)?;
        edit.sign_field();
        edit.finish()?;
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
    let mut edit = FormEdit::new(update, state.signed)?;
    let reference = place(&document, &mut edit, &spec, look)?;
    edit.finish()?;
    if let Some(lock) = &request.lock {
        set_lock(update, reference, lock)?;
    }
    let widgets = vec![(reference, Some(where_to.page))];
    Ok(Target { field: reference, widgets, lock: request.lock.clone() })
}

fn set_lock(update: &mut Update, field: Ref, lock: &FieldLock) -> Result<(), PrepareError> {
    // Table 235: /Lock is an indirect reference.
    let lock = update.add(mdp::lock_dictionary(lock));
    let mut dict = form_edit::dict(update, field, "the signature field")?;
    dict.set("Lock", lock);
    update.put(field, dict);
    Ok(())
}

pub(super) fn widgets(field: &Field) -> Vec<(Ref, Option<usize>)> {
    field.widgets.iter().map(|Widget { reference, page, .. }| (*reference, *page)).collect()
}

/// The signature dictionary without `/ByteRange` and `/Contents` (EN 319 142-1 §6.3).
fn signature_dictionary(document: &Document, target: &Target, request: &SigningRequest) -> Dict {
    let mut dict = Dict::new()
        .with("Type", Object::name("Sig"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.CAdES.detached"))
        .with("M", date(request.at));
    for (key, text) in [
        ("Name", &request.signer_name),
        ("Reason", &request.reason),
        ("Location", &request.location),
        ("ContactInfo", &request.contact),
    ] {
        if let Some(text) = text {
            dict.set(key, Object::text(text));
        }
    }
    if let Some(references) = mdp::references(request.certify, target.lock.as_ref(), document.catalog_ref()) {
        dict.set("Reference", references);
    }
    dict
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

/// Names the signature as the document's certification (ISO 32000-2 §12.8.6), with the attestation that goes with it.
fn certify(
    document: &Document,
    update: &mut Update,
    value: Ref,
    request: &SigningRequest,
) -> Result<(), PrepareError> {
    let root = document.catalog_ref();
    let mut catalog = form_edit::dict(update, root, "the catalog")?;
    let held = |catalog: &Dict, key| -> Result<Dict, PrepareError> {
        Ok(document.value(catalog, key)?.as_dict().cloned().unwrap_or_default())
    };
    let permissions = held(&catalog, "Perms")?.with("DocMDP", value);
    catalog.set("Perms", permissions);
    if let Some(attestation) = &request.attestation {
        let legal = held(&catalog, "Legal")?.with("Attestation", Object::text(attestation));
        catalog.set("Legal", legal);
    }
    update.put(root, catalog);
    Ok(())
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

/// What a signature locks: by its transforms, and by the lock of its field, which takes effect when that is signed
/// (§12.7.5.5). What may be a lock and cannot be read locks everything.
pub(crate) fn locks_of(field: &pdf::SignatureField) -> Vec<FieldLock> {
    let Some(signature) = &field.signature else { return Vec::new() };
    let stated = signature.references.iter().filter_map(|reference| match &reference.transform {
        Transform::FieldMdp(lock) => Some(lock.clone()),
        Transform::Unreadable => Some(FieldLock::unreadable()),
        // PDF 1.5 had a method of that name, which restricts nothing.
        Transform::Other(method) if method != "Identity" => Some(FieldLock::unreadable()),
        _ => None,
    });
    let mut locks: Vec<FieldLock> = stated.chain(field.lock.clone()).collect();
    locks.dedup();
    locks
}
