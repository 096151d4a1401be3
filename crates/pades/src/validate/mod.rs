//! Validating signatures (ETSI EN 319 102-1), one clause a module: [`format`] and [`integrity`] (§5.2.2, §5.2.7),
//! [`time`] (§5.4, §5.5), [`certificate`] (§5.2.6), [`levels`] (EN 319 142-1 §6). What came after a signature is judged
//! by `crate::diff`.

mod certificate;
mod format;
mod integrity;
mod levels;
mod material;
mod signature;
mod time;

use jiff::Timestamp;
use pdf::{DocMdp, Document, ReadError, SignatureField, Transform};
use pki::Certificate;

use self::format::Layout;
use self::material::Material;
use self::signature::Examined;
use crate::diff::{self, Step};
use crate::report::{Code, Reason, Report};

/// What a validation trusts and asks for.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Policy {
    /// The roots that are trusted.
    pub anchors: Vec<Certificate>,
    /// Certificates that may help to build a path; nothing is trusted because it is here.
    pub intermediates: Vec<Certificate>,
    /// The time of judging.
    pub at: Timestamp,
    /// What is asked of revocation.
    pub revocation: RevocationRule,
    /// Most signatures examined in one file.
    pub max_signatures: usize,
}

impl Policy {
    /// Trusts these roots, judges at that time, and asks for revocation data.
    #[must_use]
    pub fn new(anchors: Vec<Certificate>, at: Timestamp) -> Self {
        Self {
            anchors,
            intermediates: Vec::new(),
            at,
            revocation: RevocationRule::Required,
            max_signatures: 200,
        }
    }

    /// The same with another rule on revocation.
    #[must_use]
    pub fn with_revocation(mut self, revocation: RevocationRule) -> Self {
        self.revocation = revocation;
        self
    }
}

/// What is asked of revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RevocationRule {
    /// Every certificate must be shown not to be revoked.
    Required,
    /// What is in the file is heeded; what is missing is no obstacle.
    IfPresent,
}

/// Judges every signature of a document.
///
/// Never fails: what cannot be read or does not hold is a report.
#[must_use]
pub fn validate(document: &Document, policy: &Policy) -> Report {
    match judge(document, policy) {
        Ok(report) => report,
        Err(error) => {
            Report::new(Vec::new(), vec![Reason::new(Code::Unreadable).with("detail", error.to_string())])
        }
    }
}

fn judge(document: &Document, policy: &Policy) -> Result<Report, ReadError> {
    let (mut fields, empty): (Vec<SignatureField>, Vec<SignatureField>) =
        document.signatures()?.into_iter().partition(|field| field.signature.is_some());
    // A field that names a value which is no signature: something was signed here, and it is gone.
    let broken: Vec<_> =
        empty.iter().filter(|field| !field.field.raw_value.is_null()).map(signature::broken).collect();
    if fields.is_empty() {
        return Ok(Report::new(broken, Vec::new()));
    }
    let mut reasons = Vec::new();
    fields.sort_by_key(|field| field.signature.as_ref().map(|signature| signature.revision));
    if fields.len() > policy.max_signatures {
        fields.truncate(policy.max_signatures);
        reasons.push(Reason::new(Code::TooManySignatures).with("limit", policy.max_signatures));
    }
    let material = Material::of(document, policy);
    let mut examined: Vec<Examined<'_>> =
        fields.iter().filter_map(|field| Examined::new(document, field, &fields, &material)).collect();
    time::prove_existence(&mut examined, &material, policy);
    let history = History::of(document, &examined);
    let certification = certification(document, &examined)?;
    let mut signatures: Vec<_> = (0..examined.len())
        .filter_map(|index| {
            signature::report(document, &examined, index, &history, certification, &material, policy)
        })
        .collect();
    signatures.extend(broken);
    let mut report = Report::new(signatures, reasons);
    if !report.reasons.is_empty() && report.indication == crate::Indication::TotalPassed {
        // Signatures that were not examined cannot have passed.
        report.indication = crate::Indication::Indeterminate;
    }
    Ok(report)
}

/// What the document is certified for: by its catalog, or by a signature that the catalog does not name. The stricter.
fn certification(document: &Document, examined: &[Examined<'_>]) -> Result<Option<DocMdp>, ReadError> {
    let by_signature =
        examined.iter().flat_map(|one| &one.signature.references).filter_map(|one| match one.transform {
            Transform::DocMdp(permission) => Some(permission),
            _ => None,
        });
    Ok(by_signature.chain(document.certification()?).min())
}

/// What every revision after the first signed one changed.
pub(crate) struct History {
    steps: Vec<Step>,
    /// Bytes after the last revision that belong to none.
    stray: Option<Reason>,
}

impl History {
    fn of(document: &Document, examined: &[Examined<'_>]) -> Self {
        let first = examined
            .iter()
            .filter_map(|one| one.layout.as_ref().ok())
            .map(|Layout { revision, .. }| *revision)
            .min();
        let steps = first.map(|first| diff::steps_after(document, first)).unwrap_or_default();
        let end = document.revisions().last().map_or(0, |revision| revision.end);
        let stray = (document.len() > end)
            .then(|| Reason::new(Code::ChangeBytes).with("from", end).with("to", document.len()));
        Self { steps, stray }
    }

    /// What follows a revision.
    fn after(&self, revision: usize) -> &[Step] {
        let first = self.steps.partition_point(|step| step.revision <= revision);
        self.steps.get(first..).unwrap_or_default()
    }
}
