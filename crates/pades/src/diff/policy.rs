//! What a signature permits after itself: `DocMDP`, `FieldMDP`, or the usual for an approval signature.

use pdf::{DocMdp, FieldLock, LockAction};

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
    /// From what the document's certification and the signature itself say (ISO 32000-2 §12.8.2.2, table 257).
    ///
    /// Validation material and document time-stamps are no changes in the sense of `DocMDP` 1 (§12.8.2.2.1). Without a
    /// certification fields may be filled in and signatures added; comments only where the author allowed them.
    pub(crate) fn new(certification: Option<DocMdp>, locks: Vec<FieldLock>) -> Self {
        let strictest = locks.iter().filter_map(|lock| lock.permission).chain(certification).min();
        let level = match strictest {
            Some(DocMdp::NoChanges) => Modification::Archival,
            Some(DocMdp::Annotate) => Modification::Commenting,
            Some(DocMdp::FillForms) | None => Modification::FormFilling,
        };
        Self { level, certified: certification.is_some(), locks }
    }

    /// Where nobody has signed yet.
    pub(crate) fn everything() -> Self {
        Self { level: Modification::Forbidden, certified: false, locks: Vec::new() }
    }

    /// Judges what followed the signature: the verdict and each change.
    pub(crate) fn judge(&self, steps: &[Step]) -> (ChangesAfter, Vec<Change>) {
        // Steps begin with the revision after the signature's own.
        self.judge_for(steps, steps.first().map_or(0, |step| step.revision.saturating_sub(1)))
    }

    /// The same for a signature that closes the revision `signed`, counted from 0.
    pub(crate) fn judge_for(&self, steps: &[Step], signed: usize) -> (ChangesAfter, Vec<Change>) {
        if steps.is_empty() {
            return (ChangesAfter::None, Vec::new());
        }
        let mut verdict = ChangesAfter::Permitted;
        let mut changes = Vec::new();
        for step in steps {
            for finding in &step.findings {
                let refusal = self.refuses(finding, signed);
                let permitted = refusal.is_none();
                if !permitted {
                    verdict = ChangesAfter::Forbidden;
                }
                changes.push(Change {
                    revision: step.revision + 1,
                    object: finding.object.map(|object| object.to_string()),
                    pages: finding.pages.clone(),
                    permitted,
                    what: refusal.unwrap_or_else(|| finding.what.clone()),
                });
            }
        }
        (verdict, changes)
    }

    /// Whether something is locked of which nobody can tell what.
    fn is_unreadable(&self) -> bool {
        self.locks.iter().any(|lock| lock.action == LockAction::Unreadable)
    }

    /// Why the change is not permitted; `None` where it is.
    fn refuses(&self, finding: &Finding, signed: usize) -> Option<Reason> {
        if self.level == Modification::Forbidden {
            return None;
        }
        if self.is_unreadable()
            && matches!(finding.level, Modification::FormFilling | Modification::Commenting)
        {
            return Some(Reason::new(Code::ChangeLockUnreadable));
        }
        if let Some(field) = &finding.field
            && finding.level > Modification::Archival
            && self.locks.iter().any(|lock| lock.locks(field))
        {
            return Some(Reason::new(Code::ChangeFieldLocked).with("field", field));
        }
        if finding.uncertified_only && self.certified {
            return Some(match &finding.field {
                Some(field) => Reason::new(Code::ChangeFieldAddedCertified).with("field", field),
                None => finding.what.clone(),
            });
        }
        let seen = finding.seen_since.is_some_and(|since| since <= signed);
        (finding.level > self.level && !seen).then(|| finding.what.clone())
    }
}
