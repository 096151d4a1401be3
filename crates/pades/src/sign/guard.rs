//! What the paved path refuses before a key signs: what the author of a file does not permit, a file of which two programs
//! could show different documents, and a signature that would break an earlier one. Of the certificate, [`may_sign`](super::may_sign) judges.

use std::sync::Arc;

use pdf::{DocMdp, Document, Joined, Source, Transform};

use super::assemble::Signed;
use super::prepare::{Prepared, locks_of};
use super::request::SigningRequest;
use crate::diff::{self, Permission};
use crate::fields::DocumentState;
use crate::report::{Code, Lang};
use crate::{PrepareError, validate};

/// Fails where the author of an encrypted file does not let whoever opened it sign (ISO 32000-2 table 22).
pub(crate) fn author(document: &Document, request: &SigningRequest) -> Result<(), PrepareError> {
    let Some(encryption) = document.encryption() else { return Ok(()) };
    let may = |what| encryption.permits(what);
    let exists = document.form()?.field(&request.field).is_some();
    let (permitted, what) = match exists {
        true => (may(pdf::Permission::FillForms), "signing it"),
        false => {
            let both = may(pdf::Permission::Annotate) && may(pdf::Permission::Modify);
            (both, "adding a signature field to it")
        }
    };
    if !permitted {
        return Err(PrepareError::NotPermitted { what });
    }
    if !request.fills.is_empty() && !may(pdf::Permission::FillForms) {
        return Err(PrepareError::NotPermitted { what: "filling in its fields" });
    }
    Ok(())
}

/// Fails where validation would fail the prepared revision, whoever signs it, or an earlier signature for it.
pub(crate) fn revision(
    document: &Document,
    state: &DocumentState,
    prepared: &Prepared,
) -> Result<(), PrepareError> {
    let tail: Arc<dyn Source> = Arc::new(prepared.tail.clone());
    let whole = Joined::new(Arc::clone(document.source()), [tail]);
    let later = document
        .open_later(Arc::new(whole))
        .map_err(|error| PrepareError::Structure { what: error.to_string() })?;
    readers(&later)?;
    earlier(document, state, &later)
}

/// Fails where two programs could show different documents from a file.
pub(crate) fn readers(document: &Document) -> Result<(), PrepareError> {
    match diff::ambiguities(document).first() {
        Some(reason) => Err(PrepareError::Ambiguous { why: reason.text(Lang::En) }),
        None => Ok(()),
    }
}

fn earlier(document: &Document, state: &DocumentState, later: &Document) -> Result<(), PrepareError> {
    let signatures = state.fields.iter().filter_map(|one| Some((one, one.signature.as_ref()?)));
    // What is broken already cannot be broken again.
    let standing: Vec<_> = signatures
        .filter_map(|(field, signature)| Some((field, validate::closes(document, signature)?)))
        .collect();
    let Some(first) = standing.iter().map(|(.., revision)| *revision).min() else { return Ok(()) };
    let Some(step) = diff::newest_step(later, first) else { return Ok(()) };
    let certification = certification(document, state)?;
    for (field, revision) in standing {
        let permission = Permission::new(certification, locks_of(field));
        let (_, changes) = permission.judge_for(std::slice::from_ref(&step), revision);
        if let Some(change) = changes.into_iter().find(|change| !change.permitted) {
            let (field, why) = (field.field.name.clone(), change.what.text(Lang::En));
            return Err(match change.what.code {
                // A limit, or damage: another place would not help.
                Code::ChangesNotJudged => PrepareError::NotJudged { field, why },
                _ => PrepareError::BreaksSignature { field, why },
            });
        }
    }
    Ok(())
}

/// The same for a signature that is complete.
pub(crate) fn revision_of(document: &Document, signed: &Signed) -> Result<(), PrepareError> {
    revision(document, &DocumentState::of(document)?, signed.prepared())
}

/// The strictest certification, named by the catalog or by a signature.
fn certification(document: &Document, state: &DocumentState) -> Result<Option<DocMdp>, PrepareError> {
    let signatures = state.fields.iter().filter_map(|one| one.signature.as_ref());
    let stated = signatures.flat_map(|one| &one.references).filter_map(|one| match one.transform {
        Transform::DocMdp(permission) => Some(permission),
        _ => None,
    });
    Ok(stated.chain(document.certification()?).min())
}
