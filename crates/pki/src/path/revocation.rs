//! Revocation: which data may speak about a certificate, whether it is fresh, and what it says.
use jiff::Timestamp;

use super::scope::{self, Reasons};
use super::search::{Given, find};
use super::{Budget, CLOCK_SKEW, Need, PathError, PolicyInputs, Purpose, Revocation, Source, constraints};
use crate::Certificate;
use crate::crl::{Crl, Reason};
use crate::ocsp::{self, SingleResponse, Status};

/// Validations inside validations that are followed.
const MAX_NESTING: u32 = 2;

pub(super) struct Checker<'a, 'b> {
    pub(super) given: &'a Given<'a>,
    /// The anchor of the path whose certificates are asked about: a CRL signer's path must end there too (RFC 5280
    /// §6.3.3 (f)).
    pub(super) anchor: Option<&'a Certificate>,
    pub(super) nesting: u32,
    pub(super) budget: &'b mut Budget,
}

/// What one CRL or response says of one certificate. Its signature was checked, its age was not.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// Which one.
    pub source: Source,
    /// thisUpdate.
    pub this_update: Timestamp,
    /// nextUpdate.
    pub next_update: Option<Timestamp>,
    /// Since when the certificate is revoked, and why; `None` where it is good. `CertificateHold`: suspended.
    pub revoked: Option<(Timestamp, Option<Reason>)>,
    /// Whose key signed it.
    pub signer: Certificate,
}

/// Everything that the given data says of `certificate`, which `issuer` issued, whatever its age: for judges with rules
/// of their own on freshness and on proofs of existence (ETSI EN 319 102-1 §5.6.2.2). Only what the issuer, or a
/// responder or CRL signer that it authorised, signed. `at` is the time for the path of such a CRL signer.
pub fn evidence(
    certificate: &Certificate,
    issuer: &Certificate,
    pool: Pool<'_>,
    revocation: &Revocation<'_>,
    at: Timestamp,
    budget: &mut Budget,
) -> Result<Vec<Evidence>, PathError> {
    let policies = &PolicyInputs::default();
    let given = Given { intermediates: pool.intermediates, anchors: pool.anchors, at, revocation, policies };
    let mut checker = Checker { given: &given, anchor: None, nesting: 0, budget };
    let mut out = checker.ocsp_evidence(certificate, issuer, |_| true)?;
    out.extend(checker.crl_evidence(certificate, issuer, |_| true)?);
    Ok(out)
}

/// Certificates at hand.
#[derive(Clone, Copy, Debug)]
pub struct Pool<'a> {
    /// Certificates that may help to build a path.
    pub intermediates: &'a [Certificate],
    /// Roots that are trusted.
    pub anchors: &'a [Certificate],
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
        let given = self.given;
        let usable = |said: &Said| is_usable(given, said);
        let mut evidence = self.ocsp_evidence(certificate, issuer, usable)?;
        evidence.extend(self.crl_evidence(certificate, issuer, usable)?);
        for one in &mut evidence {
            one.revoked = one.revoked.filter(|(at, _)| *at <= given.at);
        }
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

    fn ocsp_evidence(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
        usable: impl Fn(&Said) -> bool,
    ) -> Result<Vec<Evidence>, PathError> {
        let mut out = Vec::new();
        let responses = self.given.revocation.ocsps;
        for (index, response) in responses.iter().enumerate() {
            let about = response.responses().iter().filter(|s| s.certificate.names(certificate, issuer));
            let said: Vec<Said> =
                about.filter_map(|single| said(single, certificate)).filter(|said| usable(said)).collect();
            if said.is_empty() {
                continue;
            }
            if let Some(signer) = self.authorised(response, issuer)? {
                out.extend(said.into_iter().map(|one| one.by(Source::Ocsp { index }, &signer)));
            }
        }
        Ok(out)
    }

    /// RFC 6960 §4.2.2.2: signed by the issuer, or by a responder that the issuer itself certified for it.
    fn authorised(
        &mut self,
        response: &ocsp::Response,
        issuer: &Certificate,
    ) -> Result<Option<Certificate>, PathError> {
        if response.is_by(issuer) {
            self.budget.spend_signature()?;
            if self.budget.weak.holds(&response.verify_signature(issuer)) {
                return Ok(Some(issuer.clone()));
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
                return Ok(Some(responder));
            }
        }
        Ok(None)
    }

    fn is_listed(&mut self, responder: &Certificate, issuer: &Certificate) -> Result<bool, PathError> {
        let given = self.given;
        let listed = self.crl_evidence(responder, issuer, |said| is_usable(given, said))?;
        Ok(listed.iter().any(|e| e.revoked.is_some_and(|(at, _)| at <= given.at)))
    }

    fn crl_evidence(
        &mut self,
        certificate: &Certificate,
        issuer: &Certificate,
        usable: impl Fn(&Said) -> bool,
    ) -> Result<Vec<Evidence>, PathError> {
        let mut statements = Vec::new();
        let crls = self.given.revocation.crls;
        for (index, crl) in crls.iter().enumerate() {
            let reasons = scope::reasons(crl, certificate);
            if reasons.is_empty() {
                continue;
            }
            let dates =
                Said { this_update: crl.this_update(), next_update: crl.next_update(), revoked: None };
            if !usable(&dates) {
                continue;
            }
            // A list may be long, and anyone can write one: it is not looked through before it is known whose it is.
            let Some(signer) = self.crl_signer(crl, certificate, issuer)? else { continue };
            if let Some((said, listed)) = said_by_crl(crl, certificate) {
                statements.push(Statement { index, crl, reasons, said, listed, signer });
            }
        }
        Ok(combine(&statements))
    }

    /// RFC 5280 §6.3.3 (f), (g): signed with the issuer's key, or with that of whoever the CRL is by, whose own path
    /// must be valid and end at the same anchor.
    fn crl_signer(
        &mut self,
        crl: &Crl,
        certificate: &Certificate,
        issuer: &Certificate,
    ) -> Result<Option<Certificate>, PathError> {
        if issuer.subject().matches(crl.issuer()) && self.is_signed_by(crl, issuer)? {
            return Ok(Some(issuer.clone()));
        }
        let pool = self.given.intermediates.iter().chain(self.given.anchors);
        let others: Vec<Certificate> = pool
            .filter(|c| *c != issuer && c.public_key_der() != issuer.public_key_der())
            .filter(|c| c.subject().matches(crl.issuer()))
            .cloned()
            .collect();
        for other in others {
            // A CRL signer that is listed in its own CRL, if anywhere: its path is the one being looked at.
            let itself = other == *certificate;
            if (!itself && self.nesting >= MAX_NESTING) || !self.is_signed_by(crl, &other)? {
                continue;
            }
            if itself || self.leads_to_anchor(&other)? {
                return Ok(Some(other));
            }
        }
        Ok(None)
    }

    fn leads_to_anchor(&mut self, signer: &Certificate) -> Result<bool, PathError> {
        let anchors = self.anchor.map_or(self.given.anchors, std::slice::from_ref);
        let policies = &PolicyInputs::default();
        let given = Given { anchors, policies, ..*self.given };
        match find(&given, signer, Purpose::CrlSigning, self.nesting + 1, self.budget) {
            Ok(_) => Ok(true),
            Err(PathError::BudgetExhausted) => Err(PathError::BudgetExhausted),
            Err(_) => Ok(false),
        }
    }

    fn is_signed_by(&mut self, crl: &Crl, signer: &Certificate) -> Result<bool, PathError> {
        let other_key = match (crl.authority_key_id(), signer.subject_key_id()) {
            (Some(wanted), Some(key)) => wanted != key,
            _ => false,
        };
        if other_key || constraints::fits(signer, Purpose::CrlSigning).is_err() {
            return Ok(false);
        }
        if !crl.is_known_to_be_by(signer) {
            self.budget.spend_signature()?;
        }
        Ok(self.budget.weak.holds(&crl.verify_signature(signer)))
    }
}

/// What one CRL says, by whom, and of which reasons.
struct Statement<'a> {
    index: usize,
    crl: &'a Crl,
    reasons: Reasons,
    said: Said,
    /// With an entry, be it one that lifts a suspension.
    listed: bool,
    signer: Certificate,
}

/// What the CRLs say together: a revocation stands alone; that a certificate is good takes all reasons, for which
/// several CRLs may be needed; a delta CRL takes its base (RFC 5280 §6.3.3 (h) to (l)).
fn combine(statements: &[Statement<'_>]) -> Vec<Evidence> {
    let evidence = |one: &Statement<'_>| one.said.clone().by(Source::Crl { index: one.index }, &one.signer);
    let mut out = Vec::new();
    let mut partial: Vec<&Statement<'_>> = Vec::new();
    for one in statements {
        if let Some(base) = one.crl.delta_base() {
            // What a delta CRL does not list stands as its base has it.
            let has_base = statements.iter().any(|other| is_base(other, one, base));
            if one.said.revoked.is_some() || one.listed && has_base {
                out.push(evidence(one));
            }
        } else if one.said.revoked.is_some() || one.reasons.is_all() {
            out.push(evidence(one));
        } else {
            partial.push(one);
        }
    }
    let covered = partial.iter().fold(Reasons::default(), |all, one| all.and(one.reasons));
    if let (true, Some(oldest)) = (covered.is_all(), partial.iter().min_by_key(|one| one.said.this_update)) {
        let mut said = oldest.said.clone();
        said.next_update = partial.iter().filter_map(|one| one.said.next_update).min();
        out.push(said.by(Source::Crl { index: oldest.index }, &oldest.signer));
    }
    out
}

/// RFC 5280 §6.3.3 (c), §5.2.4: a complete CRL of the same scope and key, not older than the base and not newer than
/// the delta.
fn is_base(complete: &Statement<'_>, delta: &Statement<'_>, base: u64) -> bool {
    complete.crl.delta_base().is_none()
        && complete.crl.issuer().matches(delta.crl.issuer())
        && complete.crl.authority_key_id() == delta.crl.authority_key_id()
        && complete.crl.scope().is_same(delta.crl.scope())
        && complete.signer == delta.signer
        && complete
            .crl
            .number()
            .is_some_and(|number| number >= base && delta.crl.number().is_some_and(|newer| number < newer))
}

/// What a CRL says of a certificate, and whether it lists it. Nothing where it is older than the certificate, which it could not know; or so
/// young that the certificate, expired, need no longer be listed.
fn said_by_crl(crl: &Crl, certificate: &Certificate) -> Option<(Said, bool)> {
    let entry = crl.entry(certificate);
    let timely =
        certificate.not_before() <= crl.this_update() && crl.this_update() <= certificate.not_after();
    let listed = entry.is_some();
    if !listed && !timely {
        return None;
    }
    let revoked = entry
        .filter(|e| e.reason != Reason::RemoveFromCrl)
        .map(|e| (e.at, Some(e.reason).filter(|reason| *reason != Reason::Unspecified)));
    Some((Said { this_update: crl.this_update(), next_update: crl.next_update(), revoked }, listed))
}

/// What is said, before it is known who says it.
#[derive(Clone)]
struct Said {
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    revoked: Option<(Timestamp, Option<Reason>)>,
}

impl Said {
    fn by(self, source: Source, signer: &Certificate) -> Evidence {
        let Self { this_update, next_update, revoked } = self;
        Evidence { source, this_update, next_update, revoked, signer: signer.clone() }
    }
}

/// What one answer says, where it says something. Data from after a certificate's end may no longer list it.
fn said(single: &SingleResponse, certificate: &Certificate) -> Option<Said> {
    let revoked = match single.status {
        Status::Good => None,
        Status::Revoked { at, reason } => (reason != Some(Reason::RemoveFromCrl)).then_some((at, reason)),
        Status::Unknown => return None,
    };
    let outlived = revoked.is_none() && single.this_update > certificate.not_after();
    let said = Said { this_update: single.this_update, next_update: single.next_update, revoked };
    (!outlived).then_some(said)
}

/// Issued by now, as far as clocks agree, and not yet stale at the time asked for.
fn is_usable(given: &Given<'_>, said: &Said) -> bool {
    let at = given.at;
    said.this_update.duration_since(given.revocation.now) <= CLOCK_SKEW
        && (said.this_update >= at || said.next_update.is_some_and(|next| at.as_second() <= next.as_second()))
}

fn valid_at(certificate: &Certificate, at: Timestamp) -> bool {
    certificate.not_before() <= at && at.as_second() <= certificate.not_after().as_second()
}
