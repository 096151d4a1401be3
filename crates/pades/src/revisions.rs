//! What was signed: the revisions of a file, which signature closes each, and what each changed.

use jiff::Timestamp;
use pdf::{DocMdp, Document, FieldLock, ReadError, Signature, SignatureField, Transform};
use pki::cms::SignedData;
use serde::{Deserialize, Serialize};

use crate::diff::{self, Permission};
use crate::report::{Change, Kind};
use crate::validate::removed::{Removed, removed};

/// One revision of a file (ISO 32000-2 §7.5.6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionSummary {
    /// Counted from 1.
    pub number: usize,
    /// The first byte that the revision added.
    pub start: u64,
    /// The byte after its last: the file up to here is the document as this revision left it.
    pub end: u64,
    /// The signature that closes it: its digest covers everything up to here.
    pub signature: Option<RevisionSignature>,
    /// What changed against the revision before, judged by the signatures before it; where none is, all is permitted.
    pub changes: Vec<Change>,
}

/// The signature that closes a revision. Nothing in it is verified here: [`crate::validate()`] does that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionSignature {
    /// The full name of the field.
    pub field: String,
    /// What the field holds.
    pub kind: Kind,
    /// The certificate's common name.
    pub signer: Option<String>,
    /// The time that the signer claims (`/M`), or that the time-stamp states.
    pub time: Option<Timestamp>,
}

/// A signature as far as later revisions are concerned.
struct Past {
    revision: usize,
    certification: Option<DocMdp>,
    locks: Vec<FieldLock>,
}

/// The revisions of a document, oldest first.
///
/// ```
/// use std::sync::Arc;
/// let mut builder = pdf::new::Builder::new(pdf::XrefKind::Table);
/// builder.text_page(pdf::Rect::sized(0.0, 0.0, 595.0, 842.0), &["A contract"]);
/// let document = pdf::Document::open(Arc::new(builder.finish()), &pdf::Limits::default())?;
/// let revisions = vermilion_pades::revisions(&document)?;
/// assert_eq!(revisions.len(), 1);
/// assert!(revisions[0].signature.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Damage of the document's form; what cannot be judged is no error but a change that is not permitted.
pub fn revisions(document: &Document) -> Result<Vec<RevisionSummary>, ReadError> {
    let (signatures, past) = signatures(document)?;
    let steps = diff::steps_after(document, 0);
    let count = document.revisions().len();
    let mut summaries = Vec::with_capacity(count);
    for (index, revision) in document.revisions().iter().enumerate() {
        let end = if index + 1 == count { document.len() } else { revision.end };
        let mut changes = Vec::new();
        for step in steps.iter().filter(|step| step.revision == index) {
            let before: Vec<&Past> = past.iter().filter(|one| one.revision < index).collect();
            let steps = std::slice::from_ref(step);
            changes = match before.as_slice() {
                [] => Permission::everything().judge(steps).1,
                [one, rest @ ..] => {
                    let mut changes = one.permission(&before).judge_for(steps, one.revision).1;
                    for other in rest {
                        let more = other.permission(&before).judge_for(steps, other.revision).1;
                        // A change stands if every signature permits it.
                        for (change, verdict) in changes.iter_mut().zip(more) {
                            if change.permitted && !verdict.permitted {
                                *change = verdict;
                            }
                        }
                    }
                    changes
                }
            };
        }
        summaries.push(RevisionSummary {
            number: index + 1,
            start: revision.start,
            end,
            signature: signatures.iter().find(|(closes, _)| *closes == index).map(|(_, one)| one.clone()),
            changes,
        });
    }
    Ok(summaries)
}

impl Past {
    fn of(field: &SignatureField, signature: &Signature) -> Self {
        let locks = crate::sign::locks_of(field);
        Self { revision: signature.revision, certification: certification(signature), locks }
    }

    fn permission(&self, before: &[&Self]) -> Permission {
        // A certification binds whoever signs after it, too.
        let certification = before.iter().filter_map(|one| one.certification).min();
        Permission::new(certification, self.locks.clone())
    }
}

/// Signatures by the revision that each closes, and what each asks of later revisions.
type Found = (Vec<(usize, RevisionSignature)>, Vec<Past>);

/// Collects them, those too that a later revision removed.
fn signatures(document: &Document) -> Result<Found, ReadError> {
    let fields = document.signatures()?;
    let gone = removed(document, &fields)?;
    let mut found = Vec::new();
    let mut past = Vec::new();
    for field in &fields {
        let Some(signature) = &field.signature else { continue };
        past.push(Past::of(field, signature));
        let covers = signature.byte_range.as_deref().and_then(|numbers| match numbers {
            [0, _, start, length] => u64::try_from(start.checked_add(*length)?).ok(),
            _ => None,
        });
        let closes = document.revisions().iter().enumerate().position(|(index, revision)| {
            index == signature.revision
                && covers.is_some_and(|end| (revision.eof..=revision.end).contains(&end))
        });
        found.extend(closes.map(|closes| (closes, shown(field, signature))));
    }
    for Removed { field, signature, revision } in &gone {
        past.push(Past { revision: *revision, ..Past::of(field, signature) });
        found.push((*revision, shown(field, signature)));
    }
    Ok((found, past))
}

fn shown(field: &SignatureField, signature: &Signature) -> RevisionSignature {
    let Stated { kind, signer, time } = stated(signature);
    RevisionSignature { field: field.field.name.clone(), kind, signer, time }
}

/// What a signature says of itself.
pub(crate) struct Stated {
    pub(crate) kind: Kind,
    pub(crate) signer: Option<String>,
    time: Option<Timestamp>,
}

pub(crate) fn stated(signature: &Signature) -> Stated {
    let stamp = signature.kind.as_deref() == Some("DocTimeStamp");
    let contents = signature.contents.as_deref().unwrap_or_default();
    let cms = SignedData::from_contents(contents).ok();
    let signer = cms.as_ref().and_then(|cms| cms.signer_certificate(&[])).map(|one| one.common_name());
    let token = || pki::tsa::Token::from_contents(contents).ok().map(|token| token.gen_time());
    let time = if stamp { token() } else { None };
    Stated {
        kind: match (stamp, certification(signature)) {
            (true, _) => Kind::DocTimestamp,
            (false, Some(_)) => Kind::Certification,
            (false, None) => Kind::Signature,
        },
        signer,
        time: time.or_else(|| signature.m.as_deref().and_then(crate::validate::parse_date)),
    }
}

fn certification(signature: &Signature) -> Option<DocMdp> {
    signature.references.iter().find_map(|one| match one.transform {
        Transform::DocMdp(permission) => Some(permission),
        _ => None,
    })
}
