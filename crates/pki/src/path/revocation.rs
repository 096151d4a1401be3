//! Revocation: which data may speak about a certificate, whether it is fresh, and what it says.
use jiff::Timestamp;

use super::search::{Given, find};
use super::{Budget, Need, PathError, Purpose, Source, constraints};
use crate::Certificate;
use crate::crl::{Crl, Reason};
use crate::ocsp::{self, SingleResponse, Status};
use crate::x509::extensions::GeneralName;

/// Validations inside validations that are followed.
const MAX_NESTING: u32 = 2;

pub(super) struct Checker<'a, 'b> {
    pub(super) given: &'a Given<'a>,
    pub(super) nesting: u32,
    pub(super) budget: &'b mut Budget,
}

/// What one CRL or response says, and when it was issued.
struct Evidence {
    source: Source,
    this_update: Timestamp,
    /// Revoked at the time asked for.
    revoked: Option<(Timestamp, Option<Reason>)>,
}

impl Checker<'_, '_> {
    /// Checks every certificate of `path` but the anchor, from the top down.
    pub(super) fn path(
        &mut self,
        path: &[Certificate],
        purpose: Purpose,
    ) -> Result<Vec<Option<Source>>, PathError> {
        let mut status = vec![None; path.len()];
        for index in (0..path.len().saturating_sub(1)).rev() {
            let (Some(certificate), Some(issuer)) = (path.get(index), path.get(index + 1)) else { break };
            let no_check = index == 0 && purpose == Purpose::OcspSigning && certificate.has_ocsp_no_check();
            let found = if no_check { Some(Source::NoCheck) } else { self.status(certificate, issuer)? };
            if found.is_none() && self.given.revocation.need == Need::Required {
                return Err(PathError::NoRevocationData { subject: certificate.subject().to_string() });
            }
            if let Some(slot) = status.get_mut(index) {
                *slot = found;
            }
        }
        Ok(status)
    }

    /// What shows `certificate` good; `Err` where it was revoked.
    pub(super) fn status(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<Option<Source>, PathError> {
        let mut evidence = self.ocsp_evidence(certificate, issuer)?;
        evidence.extend(self.crl_evidence(certificate, issuer)?);
        // What is newest counts, so that a suspension may end; a revocation does not.
        let is_final =
            |e: &&Evidence| e.revoked.is_some_and(|(_, reason)| reason != Some(Reason::CertificateHold));
        let deciding =
            evidence.iter().find(is_final).or_else(|| evidence.iter().max_by_key(|e| e.this_update));
        match deciding {
            Some(Evidence { revoked: Some((revoked_at, reason)), .. }) => Err(PathError::Revoked {
                subject: certificate.subject().to_string(),
                revoked_at: *revoked_at,
                reason: *reason,
            }),
            Some(good) => Ok(Some(good.source)),
            None => Ok(None),
        }
    }

    /// Issued by now, and not yet stale at the time asked for. Data from after a certificate's end may no longer list it.
    fn is_fresh(&self, this_update: Timestamp, next_update: Option<Timestamp>) -> bool {
        let at = self.given.at;
        this_update <= self.given.revocation.now
            && (this_update >= at || next_update.is_some_and(|next| at.as_second() <= next.as_second()))
    }

    fn revoked_at(&self, at: Timestamp, reason: Option<Reason>) -> Option<(Timestamp, Option<Reason>)> {
        (at <= self.given.at && reason != Some(Reason::RemoveFromCrl)).then_some((at, reason))
    }

    fn ocsp_evidence(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<Vec<Evidence>, PathError> {
        let mut out = Vec::new();
        let responses = self.given.revocation.ocsps;
        for (index, response) in responses.iter().enumerate() {
            let about = response.responses().iter().filter(|s| s.certificate.names(certificate, issuer));
            let said: Vec<Evidence> =
                about.filter_map(|single| self.said(single, certificate, Source::Ocsp { index })).collect();
            if !said.is_empty() && self.is_authorised(response, issuer)? {
                out.extend(said);
            }
        }
        Ok(out)
    }

    /// What one answer says, where it is fresh and says something.
    fn said(&self, single: &SingleResponse, certificate: &Certificate, source: Source) -> Option<Evidence> {
        let revoked = match single.status {
            Status::Good => None,
            Status::Revoked { at, reason } => self.revoked_at(at, reason),
            Status::Unknown => return None,
        };
        let outlived = revoked.is_none() && single.this_update > certificate.not_after();
        let usable = !outlived && self.is_fresh(single.this_update, single.next_update);
        usable.then_some(Evidence { source, this_update: single.this_update, revoked })
    }

    /// RFC 6960 §4.2.2.2: signed by the issuer, or by a responder that the issuer itself certified for it.
    fn is_authorised(&mut self, response: &ocsp::Response, issuer: &Certificate) -> Result<bool, PathError> {
        if response.is_by(issuer) {
            self.budget.spend_signature()?;
            if self.budget.weak.holds(&response.verify_signature(issuer)) {
                return Ok(true);
            }
        }
        let inside = response.certificates().iter().chain(self.given.intermediates);
        let candidates: Vec<Certificate> =
            inside.filter(|c| *c != issuer && response.is_by(c)).cloned().collect();
        for responder in candidates {
            if !responder.issuer().matches(issuer.subject())
                || constraints::fits(&responder, Purpose::OcspSigning).is_err()
                || !responder.extensions().unknown_critical.is_empty()
                || !valid_at(&responder, response.produced_at())
            {
                continue;
            }
            self.budget.spend_signature()?;
            self.budget.spend_signature()?;
            let weak = self.budget.weak;
            if !weak.holds(&responder.verify_signature(issuer))
                || !weak.holds(&response.verify_signature(&responder))
            {
                continue;
            }
            // Without nocheck the responder's own status is asked of CRLs, where there are some.
            if responder.has_ocsp_no_check() || !self.is_listed(&responder, issuer)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_listed(&mut self, responder: &Certificate, issuer: &Certificate) -> Result<bool, PathError> {
        Ok(self.crl_evidence(responder, issuer)?.iter().any(|e| e.revoked.is_some()))
    }

    fn crl_evidence(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<Vec<Evidence>, PathError> {
        let mut out = Vec::new();
        let crls = self.given.revocation.crls;
        for (index, crl) in crls.iter().enumerate() {
            if !crl.issuer().matches(certificate.issuer()) || !covers(crl, certificate) {
                continue;
            }
            let entry = crl.revoked(certificate.serial());
            let revoked = entry.as_ref().and_then(|e| self.revoked_at(e.at, Some(e.reason)));
            let outlived = entry.is_none() && crl.this_update() > certificate.not_after();
            if outlived || !self.is_fresh(crl.this_update(), crl.next_update()) {
                continue;
            }
            if self.is_signed(crl, issuer)? {
                let revoked = revoked.map(|(at, reason)| (at, reason.filter(|r| *r != Reason::Unspecified)));
                out.push(Evidence { source: Source::Crl { index }, this_update: crl.this_update(), revoked });
            }
        }
        Ok(out)
    }

    /// RFC 5280 §6.3.3 (f), (g): signed with the issuer's key, or with another key of the same CA whose own path is
    /// valid.
    fn is_signed(&mut self, crl: &Crl, issuer: &Certificate) -> Result<bool, PathError> {
        if self.is_signed_by(crl, issuer)? {
            return Ok(true);
        }
        if self.nesting >= MAX_NESTING {
            return Ok(false);
        }
        let pool = self.given.intermediates.iter().chain(self.given.anchors);
        let others: Vec<Certificate> = pool
            .filter(|c| *c != issuer && c.public_key_der() != issuer.public_key_der())
            .filter(|c| c.subject().matches(crl.issuer()))
            .cloned()
            .collect();
        for other in others {
            if self.is_signed_by(crl, &other)? {
                match find(self.given, &other, Purpose::CrlSigning, self.nesting + 1, self.budget) {
                    Ok(_) => return Ok(true),
                    Err(PathError::BudgetExhausted) => return Err(PathError::BudgetExhausted),
                    Err(_) => {}
                }
            }
        }
        Ok(false)
    }

    fn is_signed_by(&mut self, crl: &Crl, signer: &Certificate) -> Result<bool, PathError> {
        let other_key = match (crl.authority_key_id(), signer.subject_key_id()) {
            (Some(wanted), Some(key)) => wanted != key,
            _ => false,
        };
        if other_key || constraints::fits(signer, Purpose::CrlSigning).is_err() {
            return Ok(false);
        }
        self.budget.spend_signature()?;
        Ok(self.budget.weak.holds(&crl.verify_signature(signer)))
    }
}

fn valid_at(certificate: &Certificate, at: Timestamp) -> bool {
    certificate.not_before() <= at && at.as_second() <= certificate.not_after().as_second()
}

/// RFC 5280 §6.3.3 (b), for full CRLs by the certificate's issuer.
fn covers(crl: &Crl, certificate: &Certificate) -> bool {
    let scope = crl.scope();
    if scope.unusable || scope.only_users && certificate.is_ca() || scope.only_cas && !certificate.is_ca() {
        return false;
    }
    if scope.names.is_empty() {
        return true;
    }
    let points = &certificate.extensions().distribution_points;
    let own_issuer = |names: &[GeneralName]| {
        names.iter().any(|n| matches!(n, GeneralName::Directory(name) if name.matches(certificate.issuer())))
    };
    if points.is_empty() {
        return own_issuer(&scope.names);
    }
    points.iter().filter(|point| !point.partial).any(|point| {
        let by_issuer = point.crl_issuer.is_empty() || own_issuer(&point.crl_issuer);
        let relative = point.relative.as_ref().and_then(|rdn| certificate.issuer().child(rdn).ok());
        let relative = relative.map(GeneralName::Directory);
        let named = !point.names.is_empty() || relative.is_some();
        let names = if named { &point.names } else { &point.crl_issuer };
        let mut names = names.iter().chain(&relative);
        by_issuer && names.any(|name| scope.names.iter().any(|other| same_name(name, other)))
    })
}

fn same_name(a: &GeneralName, b: &GeneralName) -> bool {
    match (a, b) {
        (GeneralName::Directory(a), GeneralName::Directory(b)) => a.matches(b),
        _ => a == b,
    }
}
