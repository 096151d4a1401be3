//! What a signature permits after itself: `DocMDP`, `FieldMDP`, or the usual for an approval signature.

use pdf::{DocMdp, FieldLock};

use super::{Finding, Modification, Step};
use crate::report::{Change, ChangesAfter, Code, Reason};

/// What may follow a signature.
#[derive(Debug, Clone)]
pub(crate) struct Permission {
    /// The changes admitted.
    level: Modification,
    /// Whether the document is certified.
    certified: bool,
    /// Fields that this signature locks.
    locks: Vec<FieldLock>,
}

impl Permission {
    /// From what the document's certification and the signature itself say.
    ///
    /// Annotations (`DocMDP` 3) are judged like form filling: which annotations could change what a reader sees cannot
    /// be told from their form.
    pub(crate) fn new(certification: Option<DocMdp>, locks: Vec<FieldLock>) -> Self {
        let strictest = locks.iter().filter_map(|lock| lock.permission).chain(certification).min();
        let level = match strictest {
            Some(DocMdp::NoChanges) => Modification::Archival,
            _ => Modification::FormFilling,
        };
        Self { level, certified: certification.is_some(), locks }
    }

    /// Judges what followed: the verdict and each change.
    pub(crate) fn judge(&self, steps: &[Step]) -> (ChangesAfter, Vec<Change>) {
        if steps.is_empty() {
            return (ChangesAfter::None, Vec::new());
        }
        let mut verdict = ChangesAfter::Permitted;
        let mut changes = Vec::new();
        for step in steps {
            for finding in &step.findings {
                let refusal = self.refuses(finding);
                let permitted = refusal.is_none();
                if !permitted {
                    verdict = ChangesAfter::Forbidden;
                }
                changes.push(Change {
                    revision: step.revision + 1,
                    object: finding.object.map(|object| object.to_string()),
                    permitted,
                    what: refusal.unwrap_or_else(|| finding.what.clone()),
                });
            }
        }
        (verdict, changes)
    }

    /// Why the change is not permitted; `None` where it is.
    fn refuses(&self, finding: &Finding) -> Option<Reason> {
        if let Some(field) = &finding.field
            && finding.level > Modification::Archival
            && self.locks.iter().any(|lock| lock.locks(field))
        {
            return Some(Reason::new(Code::ChangeFieldLocked).with("field", field));
        }
        if finding.uncertified_only && self.certified {
            let field = finding.field.as_deref().unwrap_or_default();
            return Some(Reason::new(Code::ChangeSignatureOverlay).with("field", field));
        }
        (finding.level > self.level).then(|| finding.what.clone())
    }
}
