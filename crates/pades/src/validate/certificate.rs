//! The certificate's path at the time that counts, with revocation (EN 319 102-1 §5.2.6, §5.5.4).

use jiff::Timestamp;
use pki::Certificate;
use pki::path::{self, Budget, Need, PathError, Purpose, Revocation};

use super::material::Material;
use super::{Policy, RevocationRule};
use crate::report::{Code, Indication, Reason, SubIndication};

/// The outcome.
pub(crate) struct Verdict {
    pub(crate) trust: Trust,
    /// Whether a path leads to an anchor at all, revocation aside.
    pub(crate) anchored: bool,
    /// Whether revocation data covers every certificate under the anchor.
    pub(crate) revocation_complete: bool,
}

/// Whether the certificate is trusted.
pub(crate) enum Trust {
    /// A path to an anchor holds at the time that counts.
    Sound {
        /// The anchor's name.
        anchor: String,
    },
    /// It does not, or that cannot be told.
    Lacking { indication: Indication, sub: SubIndication, reason: Reason },
}

impl Verdict {
    pub(crate) fn is_sound(&self) -> bool {
        matches!(self.trust, Trust::Sound { .. })
    }
}

/// Validates a certificate at `proven`, the time that a time-stamp proves, or else at the policy's time.
pub(crate) fn check(
    leaf: &Certificate,
    inside: &[Certificate],
    proven: Option<Timestamp>,
    purpose: Purpose,
    material: &Material,
    policy: &Policy,
) -> Verdict {
    if policy.anchors.is_empty() {
        return lacking(
            Indication::Indeterminate,
            SubIndication::NoCertificateChainFound,
            Reason::new(Code::NoAnchors),
        );
    }
    let mut intermediates = inside.to_vec();
    intermediates.extend(material.certificates.iter().filter(|one| !inside.contains(one)).cloned());
    let at = proven.unwrap_or(policy.at);
    let revocation =
        Revocation { crls: &material.crls, ocsps: &material.ocsps, need: Need::IfPresent, now: policy.at };
    let budget = &mut Budget::default();
    let path = match path::validate(leaf, &intermediates, &policy.anchors, at, purpose, &revocation, budget) {
        Ok(path) => path,
        Err(error) => return failed(&error, proven),
    };
    // The anchor needs nobody's word; every other certificate needs one.
    let uncovered = path
        .certificates()
        .iter()
        .zip(path.status())
        .take(path.certificates().len().saturating_sub(1))
        .find(|(_, status)| status.is_none());
    match uncovered {
        Some((certificate, _)) if policy.revocation == RevocationRule::Required => {
            let error = PathError::NoRevocationData { subject: certificate.common_name() };
            Verdict { anchored: true, ..failed(&error, proven) }
        }
        uncovered => sound(&path.anchor().common_name(), uncovered.is_none()),
    }
}

fn sound(anchor: &str, revocation_complete: bool) -> Verdict {
    Verdict { trust: Trust::Sound { anchor: anchor.to_owned() }, anchored: true, revocation_complete }
}

fn lacking(indication: Indication, sub: SubIndication, reason: Reason) -> Verdict {
    Verdict { trust: Trust::Lacking { indication, sub, reason }, anchored: false, revocation_complete: false }
}

/// The indication of a path that does not hold (EN 319 102-1 §5.2.6.4, §5.5.4).
fn failed(error: &PathError, proven: Option<Timestamp>) -> Verdict {
    let indeterminate = |sub, reason| lacking(Indication::Indeterminate, sub, reason);
    match error {
        PathError::NoPath { .. } => indeterminate(
            SubIndication::NoCertificateChainFound,
            Reason::new(Code::Untrusted).with("detail", error.to_string()),
        ),
        PathError::Expired { not_after, at, .. } => Verdict {
            anchored: true,
            ..indeterminate(
                SubIndication::OutOfBoundsNoPoe,
                Reason::new(Code::CertificateExpired).with("date", not_after).with("time", at),
            )
        },
        PathError::NotYetValid { not_before, at, .. } => {
            let reason = Reason::new(Code::CertificateNotYetValid).with("date", not_before).with("time", at);
            let verdict = match proven {
                // The signature is proved to have existed before the certificate was valid.
                Some(_) => lacking(Indication::TotalFailed, SubIndication::NotYetValid, reason),
                None => indeterminate(SubIndication::OutOfBoundsNoPoe, reason),
            };
            Verdict { anchored: true, ..verdict }
        }
        PathError::Revoked { subject, revoked_at, .. } => Verdict {
            anchored: true,
            ..indeterminate(
                SubIndication::RevokedNoPoe,
                Reason::new(Code::CertificateRevoked).with("subject", subject).with("time", revoked_at),
            )
        },
        PathError::NoRevocationData { subject } => {
            indeterminate(SubIndication::TryLater, Reason::new(Code::NoRevocation).with("subject", subject))
        }
        other => indeterminate(
            SubIndication::ChainConstraintsFailure,
            Reason::new(Code::ChainConstraint).with("detail", other.to_string()),
        ),
    }
}
