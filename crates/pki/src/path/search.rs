//! Finding a chain: depth first from the leaf, nearest candidates first.
use std::collections::HashSet;

use jiff::Timestamp;

use super::revocation::Checker;
use super::{Budget, PathError, PolicyInputs, Purpose, Revocation, ValidatedPath, constraints};
use crate::{Certificate, VerifyError};

/// What a validation is given.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) intermediates: &'a [Certificate],
    pub(super) anchors: &'a [Certificate],
    pub(super) at: Timestamp,
    pub(super) revocation: &'a Revocation<'a>,
    /// Asked of the leaf's path, not of those of CRL signers.
    pub(super) policies: &'a PolicyInputs,
}

/// Finds and judges a path. `nesting` counts validations inside validations (of the signers of CRLs).
pub(super) fn find(
    given: &Given<'_>,
    leaf: &Certificate,
    purpose: Purpose,
    nesting: u32,
    budget: &mut Budget,
) -> Result<ValidatedPath, PathError> {
    let mut search = Search { given, purpose, nesting, budget, judged: None, failed: None };
    let mut path = vec![leaf.clone()];
    if let Some(found) = search.extend(&mut path)? {
        return Ok(found);
    }
    Err(search
        .judged
        .or(search.failed.map(|(_, error)| error))
        .unwrap_or(PathError::NoPath { issuer: leaf.issuer().to_string() }))
}

struct Search<'a, 'b> {
    given: &'a Given<'a>,
    purpose: Purpose,
    nesting: u32,
    budget: &'b mut Budget,
    /// Error of the first chain that reached an anchor.
    judged: Option<PathError>,
    /// Length and error of the longest chain that did not.
    failed: Option<(usize, PathError)>,
}

impl Search<'_, '_> {
    /// Tries every way on from the end of `path`. `Err` only where the budget is spent.
    fn extend(&mut self, path: &mut Vec<Certificate>) -> Result<Option<ValidatedPath>, PathError> {
        let last = path.last().expect("a path has a leaf").clone();
        if self.given.anchors.contains(&last) {
            return match self.judge(path) {
                Ok(valid) => Ok(Some(valid)),
                Err(PathError::BudgetExhausted) => Err(PathError::BudgetExhausted),
                Err(error) => {
                    self.judged.get_or_insert(error);
                    Ok(None)
                }
            };
        }
        let candidates = self.candidates(path, &last);
        if candidates.is_empty() || path.len() >= self.budget.depth.min(Budget::MAX_DEPTH) {
            self.fail(path.len(), PathError::NoPath { issuer: last.issuer().to_string() });
            return Ok(None);
        }
        for candidate in candidates {
            self.budget.spend_signature()?;
            let verdict = last.verify_signature(&candidate);
            if !self.budget.weak.holds(&verdict) {
                let subject = last.subject().to_string();
                self.fail(
                    path.len(),
                    match verdict {
                        Err(VerifyError::Weak { algorithm }) => {
                            PathError::Algorithm { subject, algorithm: algorithm.to_owned() }
                        }
                        Err(VerifyError::Unsupported { found }) => {
                            PathError::Algorithm { subject, algorithm: found }
                        }
                        _ => PathError::BadSignature { subject },
                    },
                );
                continue;
            }
            path.push(candidate);
            let found = self.extend(path)?;
            path.pop();
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn fail(&mut self, length: usize, error: PathError) {
        if self.failed.as_ref().is_none_or(|(longest, _)| length > *longest) {
            self.failed = Some((length, error));
        }
    }

    /// Certificates that may have issued `last`: anchors before others, those with the right key identifier first.
    /// None that would close a loop.
    fn candidates(&self, path: &[Certificate], last: &Certificate) -> Vec<Certificate> {
        let looping = |c: &Certificate| {
            path.iter().any(|p| {
                p == c || p.public_key_der() == c.public_key_der() && p.subject().matches(c.subject())
            })
        };
        let mut out: Vec<Certificate> = Vec::new();
        let mut seen = HashSet::new();
        for candidate in self.given.anchors.iter().chain(self.given.intermediates) {
            if candidate.subject().matches(last.issuer())
                && !looping(candidate)
                && seen.insert(candidate.fingerprint())
            {
                out.push(candidate.clone());
            }
        }
        out.sort_by_key(|c| match (c.subject_key_id(), last.authority_key_id()) {
            (Some(key), Some(wanted)) if key == wanted => 0,
            (Some(_), Some(_)) => 2,
            _ => 1,
        });
        out
    }

    fn judge(&mut self, path: &[Certificate]) -> Result<ValidatedPath, PathError> {
        let at = self.given.at;
        let policies = constraints::check(path, at, self.purpose, self.given.policies)?;
        let anchor = path.last();
        let mut checker = Checker { given: self.given, anchor, nesting: self.nesting, budget: self.budget };
        let status = checker.path(path, self.purpose)?;
        Ok(ValidatedPath { certificates: path.to_vec(), status, policies, at })
    }
}
