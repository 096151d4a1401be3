//! Whether a signature or time-stamp holds: at the time of judging (EN 319 102-1 §5.3), with the time that a time-stamp
//! proves (§5.5), or with archival data (§5.6: past signature validation and the sliding of the control time).

use std::rc::Rc;

use jiff::{SignedDuration, Timestamp};
use pki::Certificate;
use pki::path::{CLOCK_SKEW, Evidence, Purpose};
use pki::{crl, ocsp};

use super::algorithms::Reliance;
use super::chain::{Built, Chain, Judge, Link};
use super::poe::Object;
use super::trouble::{Kind, Trouble};
use super::{Freshness, RevocationRule};
use crate::report::{Code, Reason, SubIndication};

/// What is judged.
pub(crate) struct Subject<'s> {
    pub(crate) object: Object,
    pub(crate) certificate: &'s Certificate,
    pub(crate) purpose: Purpose,
    /// How long its own algorithms can be relied on.
    pub(crate) reliance: Reliance,
    /// It cannot have been made before: a content time-stamp proves it.
    pub(crate) made_after: Option<Timestamp>,
    /// The time that a time-stamp states, at which its authority's revocation data may have been in force.
    pub(crate) stated: Option<Timestamp>,
}

/// The outcome.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    /// The chain, where there is one.
    pub(crate) chain: Option<Built>,
    /// What no proof removes; nothing: it holds.
    pub(crate) trouble: Option<Trouble>,
    /// How proofs removed what stood against it.
    pub(crate) notes: Vec<Reason>,
}

impl Settled {
    pub(crate) fn holds(&self) -> bool {
        self.trouble.is_none()
    }

    pub(crate) fn chain(&self) -> Option<&Chain> {
        self.chain.as_ref().and_then(|chain| chain.as_ref().as_ref().ok())
    }
}

impl Judge<'_> {
    /// Judges a signature or time-stamp with the proofs of existence at hand.
    pub(crate) fn settle(&mut self, subject: &Subject<'_>) -> Settled {
        let chain = self.chain(subject.certificate, subject.purpose);
        let mut settled = Settled { chain: Some(Rc::clone(&chain)), trouble: None, notes: Vec::new() };
        let chain = match &*chain {
            Ok(chain) => chain,
            Err(trouble) => {
                settled.trouble = Some(trouble.clone());
                return settled;
            }
        };
        let mut troubles = self.troubles(chain, subject);
        troubles.sort_by_key(Trouble::rank);
        let best = self.poe.of(subject.object);
        let mut past: Option<Option<Timestamp>> = None;
        for trouble in troubles {
            let answer = match with_time(&trouble, best, subject.made_after) {
                Answer::Unanswered => {
                    let past = *past.get_or_insert_with(|| self.slide(chain, subject));
                    by_past(trouble, past, best)
                }
                answer => answer,
            };
            match answer {
                Answer::Removed => {}
                Answer::RemovedBy(note) => {
                    if !settled.notes.contains(&note) {
                        settled.notes.push(note);
                    }
                }
                Answer::Stands(trouble) => {
                    settled.trouble = Some(trouble);
                    break;
                }
                Answer::Unanswered => {}
            }
        }
        settled
    }

    /// Everything that stands against it at the time of judging.
    fn troubles(&self, chain: &Chain, subject: &Subject<'_>) -> Vec<Trouble> {
        let now = self.policy.at;
        let best = self.poe.of(subject.object);
        let mut out = Vec::new();
        if let Some(service) = &chain.service {
            let reason = |code| Reason::new(code).with("service", &service.name);
            match service.sunset(now) {
                // Trusted then: a proof from before the end may show it. A signature of a time at which the service
                // was not trusted, between two at which it was, none can.
                Some(end) if best >= end || service.is_granted_at(best) => out.push(Trouble {
                    kind: Kind::Sunset,
                    reason: reason(Code::AnchorSunset).with("time", end),
                }),
                None if service.is_granted_at(best) => {}
                _ => out.push(Trouble::fixed(
                    SubIndication::NoCertificateChainFound,
                    reason(Code::AnchorNotGranted).with("time", best),
                )),
            }
        }
        for (index, link) in chain.links.iter().enumerate().rev() {
            self.link_troubles(link, index == 0, self.reference(subject), &mut out);
        }
        if let Some(until) = subject.reliance.until
            && !subject.reliance.holds_at(now)
        {
            let earliest = subject.certificate.not_before().max(subject.made_after.unwrap_or(Timestamp::MIN));
            let reason = expired_algorithm(&subject.reliance.name, until, &subject.certificate.common_name());
            out.push(Trouble { kind: Kind::Algorithm { until, earliest }, reason });
        }
        out
    }

    /// The time at which revocation data has to be fresh.
    fn reference(&self, subject: &Subject<'_>) -> Timestamp {
        if self.policy.freshness == Freshness::Strict {
            return self.policy.at;
        }
        let best = self.poe.of(subject.object);
        subject.stated.map_or(best, |stated| stated.min(best))
    }

    fn link_troubles(&self, link: &Link, is_leaf: bool, reference: Timestamp, out: &mut Vec<Trouble>) {
        let now = self.policy.at;
        let certificate = &link.certificate;
        let subject = certificate.common_name();
        let status = self.status(link, reference);
        if let Status::Revoked { at, suspended } = status {
            let code = if suspended { Code::CertificateSuspended } else { Code::CertificateRevoked };
            let kind = if is_leaf { Kind::Revoked { at, suspended } } else { Kind::CaRevoked };
            out.push(Trouble { kind, reason: Reason::new(code).with("subject", &subject).with("time", at) });
        }
        let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
        let bounds = match now {
            now if now > not_after => Some((Code::CertificateExpired, not_after)),
            now if now < not_before => Some((Code::CertificateNotYetValid, not_before)),
            _ => None,
        };
        if let Some((code, date)) = bounds {
            let covered = matches!(status, Status::Good { .. } | Status::NotAsked);
            let kind = match is_leaf {
                true => Kind::OutOfBounds { not_before, not_after, covered },
                false => Kind::CaOutOfBounds,
            };
            out.push(Trouble { kind, reason: Reason::new(code).with("date", date).with("time", now) });
        }
        if let Some(until) = link.reliance.until
            && !link.reliance.holds_at(now)
        {
            let kind = Kind::ChainAlgorithm { until, earliest: not_before };
            out.push(Trouble { kind, reason: expired_algorithm(&link.reliance.name, until, &subject) });
        }
        match status {
            Status::Missing(code) => {
                let reason = Reason::new(code).with("subject", subject);
                out.push(Trouble::fixed(SubIndication::TryLater, reason));
            }
            Status::Stale { until } => out.push(Trouble {
                kind: Kind::Stale,
                reason: Reason::new(Code::RevocationStale).with("subject", subject).with("time", until),
            }),
            Status::Weak { reliance, issued } => {
                let until = reliance.until.unwrap_or(Timestamp::MIN);
                out.push(Trouble {
                    kind: Kind::ChainAlgorithm { until, earliest: issued },
                    reason: expired_algorithm(&reliance.name, until, &subject),
                });
            }
            Status::Good { signer_ended: Some(end) } => out.push(Trouble {
                kind: Kind::RevocationSigner,
                reason: Reason::new(Code::RevocationSignerExpired).with("subject", subject).with("time", end),
            }),
            Status::Good { .. } | Status::NotAsked | Status::Revoked { .. } => {}
        }
    }

    /// What revocation data says of a certificate that was relied on at `reference`.
    fn status(&self, link: &Link, reference: Timestamp) -> Status {
        let now = self.policy.at;
        if let Some(at) = revoked_at(link, now) {
            return Status::Revoked { at, suspended: false };
        }
        let required = self.policy.revocation == RevocationRule::Required;
        let missing = |status| if required { status } else { Status::NotAsked };
        // What a source answered after the judging began, or by a clock that is ahead of this one.
        let usable = || link.evidence.iter().filter(|one| is_usable(one, link, now, CLOCK_SKEW));
        let Some(newest) = usable().max_by_key(|one| one.this_update) else {
            let code = match self.has_older_data(&link.certificate) {
                true => Code::RevocationOlderThanCertificate,
                false => Code::NoRevocation,
            };
            return missing(Status::Missing(code));
        };
        if let Some((at, _)) = newest.revoked.filter(|(at, _)| *at <= now) {
            return Status::Revoked { at, suspended: true };
        }
        let good = usable().filter(|one| one.revoked.is_none() && self.is_fresh(one, reference));
        let strong = |one: &&Evidence| {
            let reliance = self.reliance(one);
            reliance.holds_at(now) || reliance.holds_at(self.poe_of(one))
        };
        let (strong, weak): (Vec<&Evidence>, Vec<&Evidence>) = good.partition(strong);
        if strong.iter().any(|one| self.is_signer_in_bounds(one)) {
            return Status::Good { signer_ended: None };
        }
        match (strong.first(), weak.first()) {
            (Some(one), _) => Status::Good { signer_ended: Some(one.signer.not_after()) },
            (None, Some(one)) => {
                missing(Status::Weak { reliance: self.reliance(one), issued: one.this_update })
            }
            (None, None) => {
                missing(Status::Stale { until: newest.next_update.unwrap_or(newest.this_update) })
            }
        }
    }

    /// Whether there is data that seems to speak of a certificate but is older than it.
    fn has_older_data(&self, certificate: &Certificate) -> bool {
        let beginning = certificate.not_before();
        let crls = self.material.crls.iter().filter(|crl| crl.issuer().matches(certificate.issuer()));
        let answers = self.material.ocsps.iter().flat_map(ocsp::Response::responses);
        let answers = answers.filter(|answer| answer.certificate.serial() == certificate.serial());
        let issued = crls.map(crl::Crl::this_update).chain(answers.map(|answer| answer.this_update));
        issued.into_iter().any(|issued| issued < beginning)
    }

    /// Whether whoever signed revocation data was within its validity while the data is proved to have existed.
    fn is_signer_in_bounds(&self, evidence: &Evidence) -> bool {
        self.policy.at.min(self.poe_of(evidence)) <= evidence.signer.not_after()
    }

    /// The revocation freshness checker (EN 319 102-1 §5.2.5).
    fn is_fresh(&self, evidence: &Evidence, at: Timestamp) -> bool {
        let issued_after = evidence.this_update >= at;
        let in_force = evidence.next_update.is_some_and(|next| next >= at);
        match self.policy.freshness {
            Freshness::InForce | Freshness::Strict => issued_after || in_force,
            Freshness::MaxAge(age) => evidence.this_update.saturating_add(age).is_ok_and(|end| end >= at),
        }
    }

    /// The sliding of the control time (EN 319 102-1 §5.6.2.2): until when what the chain certifies can be proved. Nothing
    /// where revocation data lack a proof (there NO_POE): then what was found at the time of judging stands (§5.6.2.4).
    pub(crate) fn slide(&self, chain: &Chain, subject: &Subject<'_>) -> Option<Timestamp> {
        let now = self.policy.at;
        let reference = self.reference(subject);
        let mut control = now;
        if let Some(end) = chain.service.as_ref().and_then(|service| service.sunset(now)) {
            control = control.min(end);
        }
        for link in chain.links.iter().rev() {
            if let Some(at) = revoked_at(link, now) {
                control = control.min(at);
            }
            let proved = link.evidence.iter().filter(|one| {
                is_usable(one, link, control, SignedDuration::ZERO)
                    && self.poe_of(one) <= control
                    && self.is_signer_in_bounds(one)
                    && (self.reliance(one).holds_at(now) || self.reliance(one).holds_at(self.poe_of(one)))
            });
            match proved.max_by_key(|one| one.this_update) {
                Some(newest) => {
                    let suspended = newest.revoked.map_or(control, |(at, _)| at);
                    if !self.is_fresh(newest, reference.min(control)) {
                        control = control.min(newest.this_update);
                    }
                    control = control.min(suspended);
                }
                None if self.policy.revocation == RevocationRule::IfPresent => {}
                None => return None,
            }
            // After its end nobody watches over a certificate's key.
            control = control.min(link.certificate.not_after());
            if let Some(until) = link.reliance.until {
                control = control.min(until);
            }
        }
        Some(control)
    }
}

/// What revocation data says.
enum Status {
    Good { signer_ended: Option<Timestamp> },
    Revoked { at: Timestamp, suspended: bool },
    Missing(Code),
    Stale { until: Timestamp },
    Weak { reliance: Reliance, issued: Timestamp },
    NotAsked,
}

/// Since when a certificate is revoked for good, by any data at hand.
fn revoked_at(link: &Link, now: Timestamp) -> Option<Timestamp> {
    let revocations = link.evidence.iter().filter_map(|one| one.revoked);
    revocations
        .filter(|(at, reason)| *reason != Some(crl::Reason::CertificateHold) && *at <= now)
        .map(|(at, _)| at)
        .min()
}

/// Data from the time between the certificate's beginning and `until`, as far as clocks agree.
fn is_usable(evidence: &Evidence, link: &Link, until: Timestamp, skew: SignedDuration) -> bool {
    evidence.this_update >= link.certificate.not_before()
        && evidence.this_update.duration_since(until) <= skew
}

fn expired_algorithm(name: &str, until: Timestamp, subject: &str) -> Reason {
    let reason = Reason::new(Code::AlgorithmExpired).with("algorithm", name).with("subject", subject);
    if until == Timestamp::MIN { reason.with("until", "–") } else { reason.with("until", until) }
}

/// What a proof says to a trouble.
enum Answer {
    Removed,
    RemovedBy(Reason),
    Stands(Trouble),
    Unanswered,
}

/// With the time that is proved (EN 319 102-1 §5.3.4 for content time-stamps, §5.5.4).
fn with_time(trouble: &Trouble, best: Timestamp, made_after: Option<Timestamp>) -> Answer {
    match trouble.kind {
        Kind::Fixed(..) => Answer::Stands(trouble.clone()),
        Kind::Revoked { at, suspended } => match made_after {
            _ if best < at => {
                Answer::RemovedBy(Reason::new(Code::ProvedBefore).with("time", best).with("event", at))
            }
            Some(after) if after >= at && !suspended => {
                Answer::Stands(Trouble::failed(SubIndication::Revoked, trouble.reason.clone()))
            }
            _ => Answer::Unanswered,
        },
        Kind::OutOfBounds { not_before, not_after, covered } => match made_after {
            _ if best < not_before => {
                Answer::Stands(Trouble::failed(SubIndication::NotYetValid, trouble.reason.clone()))
            }
            _ if covered && best <= not_after => {
                Answer::RemovedBy(Reason::new(Code::ProvedBefore).with("time", best).with("event", not_after))
            }
            Some(after) if after > not_after => {
                Answer::Stands(Trouble::failed(SubIndication::Expired, trouble.reason.clone()))
            }
            _ => Answer::Unanswered,
        },
        Kind::Algorithm { until, .. } if best < until => Answer::Removed,
        Kind::Algorithm { .. } => Answer::Stands(trouble.clone()),
        Kind::CaRevoked
        | Kind::CaOutOfBounds
        | Kind::Stale
        | Kind::RevocationSigner
        | Kind::ChainAlgorithm { .. }
        | Kind::Sunset => Answer::Unanswered,
    }
}

/// Past signature validation (EN 319 102-1 §5.6.2.4).
fn by_past(trouble: Trouble, past: Option<Timestamp>, best: Timestamp) -> Answer {
    match past {
        Some(control) if best <= control => {
            Answer::RemovedBy(Reason::new(Code::PastValidated).with("time", best).with("control", control))
        }
        _ => Answer::Stands(trouble),
    }
}
