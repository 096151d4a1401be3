//! Document time-stamps (EN 319 142-1 §5.4.3, ISO 32000-2 §12.8.5): proof that the whole file existed, in a signature
//! field of its own that shows nothing.

use std::collections::HashSet;

use pdf::{Dict, Document, Object, Rect, Update};
use pki::DigestAlgorithm;
use pki::cms::SignedData;
use pki::tsa::{Imprint, Token};

use super::LevelError;
use crate::fields::{DocumentState, FieldKind, FieldSpec, Look, place};
use crate::form_edit::{self, FormEdit};
use crate::sign::{Prefix, Prepared};
use crate::{Sources, TimeStampSource};

/// The hash function of the document time-stamps to come: the strongest of the one asked for, that of the signature that
/// is being made, and those of what stands in the file already. What outlasts a signature is not weaker than it.
pub(super) fn digest(
    document: &Document,
    sources: &Sources<'_>,
    own: Option<DigestAlgorithm>,
) -> Result<DigestAlgorithm, LevelError> {
    let fields = document.signatures()?;
    let signatures = fields.iter().filter_map(|field| field.signature.as_ref());
    let there = signatures.filter_map(|signature| {
        let cms = SignedData::from_contents(signature.contents.as_deref()?).ok()?;
        let digest = cms.digest_algorithm();
        Some(Token::from_signed_data(cms).map_or(digest, |token| token.imprint().algorithm))
    });
    let all = there.chain(own).chain([sources.document_digest]).map(sha2);
    Ok(all.max().unwrap_or(DigestAlgorithm::Sha256))
}

/// Of the functions that we stamp with, the one of the same strength.
fn sha2(digest: DigestAlgorithm) -> DigestAlgorithm {
    match digest {
        DigestAlgorithm::Sha384 | DigestAlgorithm::Sha3_384 => DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512 | DigestAlgorithm::Sha3_512 => DigestAlgorithm::Sha512,
        DigestAlgorithm::Sha1 | DigestAlgorithm::Sha256 | DigestAlgorithm::Sha3_256 => {
            DigestAlgorithm::Sha256
        }
    }
}

/// Room for a usual token with its chain.
const RESERVE: usize = 8 * 1024;

/// Appends a document time-stamp over a digest that `prefix` knows; the answer is what to append to the file.
pub(super) fn time_stamp(
    document: &Document,
    source: &dyn TimeStampSource,
    digest: DigestAlgorithm,
    prefix: &mut Prefix,
) -> Result<Vec<u8>, LevelError> {
    let (prepared, token) = stamped(document, source, digest, prefix, RESERVE)?;
    let size = token.der().len();
    if size <= prepared.reserved() {
        return Ok(prepared.into_tail(token.der())?);
    }
    // An authority with a long chain: once more, with room for it.
    let reserve = (size + 1024).next_multiple_of(1024);
    let (prepared, token) = stamped(document, source, digest, prefix, reserve)?;
    Ok(prepared.into_tail(token.der())?)
}

fn stamped(
    document: &Document,
    source: &dyn TimeStampSource,
    digest: DigestAlgorithm,
    prefix: &mut Prefix,
    reserve: usize,
) -> Result<(Prepared, Token), LevelError> {
    let prepared = prepare(document, digest, prefix, reserve)?;
    let imprint = Imprint { algorithm: prepared.digest_algorithm, digest: prepared.digest.clone() };
    let token = source.time_stamp(&imprint).map_err(LevelError::TimeStampSource)?;
    let unusable = |error: &dyn ToString| LevelError::TimeStamp(error.to_string());
    let token = Token::from_der(&token).map_err(|error| unusable(&error))?;
    token.verify_digest(&imprint.digest, &[]).map_err(|error| unusable(&error))?;
    Ok((prepared, token))
}

/// Prepares the revision. It is permitted at every certification level (ISO 32000-2 §12.8.2.2.2).
fn prepare(
    document: &Document,
    digest: DigestAlgorithm,
    prefix: &mut Prefix,
    reserve: usize,
) -> Result<Prepared, LevelError> {
    let state = DocumentState::of(document)?;
    let mut update = Update::new(document);
    let spec = FieldSpec {
        name: free_name(document)?,
        kind: FieldKind::Signature,
        page: 0,
        rect: Rect { x0: 0.0, y0: 0.0, x1: 0.0, y1: 0.0 },
        label: None,
    };
    let mut edit = FormEdit::new(&mut update, state.signed)?;
    let field = place(document, &mut edit, &spec, Look::Empty)?;
    edit.finish()?;
    let value = update.allocate();
    let dict = Dict::new()
        .with("Type", Object::name("DocTimeStamp"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.RFC3161"));
    update.put_signature(value, dict, reserve)?;
    let mut widget = form_edit::dict(&update, field, "the field of the time-stamp")?;
    widget.set("V", value);
    update.put(field, widget);
    Ok(Prepared::of(document, update, spec.name, digest, prefix)?)
}

/// `DocumentTimeStamp1`, or with the first number that no field has.
fn free_name(document: &Document) -> Result<String, LevelError> {
    let fields = document.form()?.fields;
    let taken: HashSet<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    let mut names = (1..=fields.len() + 1).map(|number| format!("DocumentTimeStamp{number}"));
    Ok(names.find(|name| !taken.contains(name.as_str())).unwrap_or_default())
}
