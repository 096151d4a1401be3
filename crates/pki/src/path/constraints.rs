//! RFC 5280 §6.1.3 to §6.1.5, but for signatures (checked while searching) and revocation.
use jiff::Timestamp;

use super::names::NameState;
use super::policy::PolicyState;
use super::{PathError, PolicyInputs, Purpose};
use crate::{Certificate, KeyUsage, oid};

/// Judges `path`, leaf first and anchor last, from the anchor down, and gives the policies that are valid along it.
pub(super) fn check(
    path: &[Certificate],
    at: Timestamp,
    purpose: Purpose,
    policies: &PolicyInputs,
) -> Result<Vec<String>, PathError> {
    let Some((leaf, issuers)) = path.split_first() else {
        return Err(PathError::NoPath { issuer: String::new() });
    };
    let Some((anchor, between)) = issuers.split_last() else {
        // The leaf is an anchor itself.
        valid_at(leaf, at)?;
        return fits(leaf, purpose).map(|()| Vec::new());
    };
    let mut names = NameState::default();
    let mut policies = PolicyState::new(issuers.len(), policies);
    let mut cas_allowed: Option<u64> = None;
    check_anchor(anchor)?;
    narrow(&mut cas_allowed, anchor);
    names.constrain(anchor);

    for ca in between.iter().rev() {
        valid_at(ca, at)?;
        understood(ca)?;
        let self_issued = ca.is_self_issued();
        if !self_issued {
            names.check(ca)?;
        }
        policies.enter(ca, self_issued)?;
        if ca.version() != 2 || !ca.is_ca() {
            return Err(PathError::NotCa { subject: ca.subject().to_string() });
        }
        if ca.key_usage().is_some_and(|usage| !usage.key_cert_sign()) {
            return Err(key_usage(ca, "signing certificates"));
        }
        if !self_issued {
            match cas_allowed {
                Some(0) => return Err(PathError::PathLength { subject: ca.subject().to_string() }),
                Some(left) => cas_allowed = Some(left.saturating_sub(1)),
                None => {}
            }
        }
        narrow(&mut cas_allowed, ca);
        names.constrain(ca);
        policies.leave(ca, self_issued)?;
    }

    valid_at(leaf, at)?;
    understood(leaf)?;
    names.check(leaf)?;
    policies.enter(leaf, false)?;
    policies.finish(leaf)?;
    fits(leaf, purpose)?;
    Ok(policies.unmapped())
}

/// An anchor is a name and a key; but one that says it is no CA is not used as one.
fn check_anchor(anchor: &Certificate) -> Result<(), PathError> {
    if anchor.extensions().basic_constraints.is_some_and(|b| !b.ca) {
        return Err(PathError::NotCa { subject: anchor.subject().to_string() });
    }
    if anchor.key_usage().is_some_and(|usage| !usage.key_cert_sign()) {
        return Err(key_usage(anchor, "signing certificates"));
    }
    Ok(())
}

fn narrow(cas_allowed: &mut Option<u64>, ca: &Certificate) {
    if let Some(length) = ca.extensions().basic_constraints.and_then(|b| b.path_len) {
        *cas_allowed = Some(cas_allowed.map_or(length, |left| left.min(length)));
    }
}

fn valid_at(certificate: &Certificate, at: Timestamp) -> Result<(), PathError> {
    let subject = || certificate.subject().to_string();
    let (not_before, not_after) = (certificate.not_before(), certificate.not_after());
    if at < not_before {
        return Err(PathError::NotYetValid { subject: subject(), not_before, at });
    }
    // notAfter is inclusive and to the second.
    if at.as_second() > not_after.as_second() {
        return Err(PathError::Expired { subject: subject(), not_after, at });
    }
    Ok(())
}

fn understood(certificate: &Certificate) -> Result<(), PathError> {
    match certificate.extensions().unknown_critical.first() {
        Some(extension) => Err(PathError::UnknownCritical {
            subject: certificate.subject().to_string(),
            extension: extension.clone(),
        }),
        None => Ok(()),
    }
}

/// Key usage and purposes of the leaf.
pub(super) fn fits(leaf: &Certificate, purpose: Purpose) -> Result<(), PathError> {
    let wrong = |purpose| Err(PathError::Purpose { subject: leaf.subject().to_string(), purpose });
    let may_sign = |usage: KeyUsage| usage.digital_signature() || usage.non_repudiation();
    let extended = leaf.extended_key_usage();
    match purpose {
        Purpose::Any => Ok(()),
        Purpose::CrlSigning => match leaf.key_usage() {
            Some(usage) if !usage.crl_sign() => Err(key_usage(leaf, "signing CRLs")),
            _ => Ok(()),
        },
        _ if leaf.key_usage().is_some_and(|usage| !may_sign(usage)) => Err(key_usage(leaf, "signing")),
        Purpose::DocumentSigning => {
            let allowed = [
                oid::KP_DOCUMENT_SIGNING,
                oid::KP_ADOBE_AUTHENTIC_DOCUMENTS,
                oid::KP_MS_DOCUMENT_SIGNING,
                oid::KP_EMAIL_PROTECTION,
                oid::KP_ANY,
            ];
            match extended {
                Some(purposes) if !allowed.into_iter().any(|p| purposes.contains(p)) => {
                    wrong("signing documents")
                }
                _ => Ok(()),
            }
        }
        Purpose::TimeStamping => match extended {
            Some(purposes)
                if purposes.is_critical()
                    && purposes.len() == 1
                    && purposes.contains(oid::KP_TIME_STAMPING) =>
            {
                Ok(())
            }
            _ => wrong("time-stamping"),
        },
        Purpose::OcspSigning => match extended {
            Some(purposes) if purposes.contains(oid::KP_OCSP_SIGNING) => Ok(()),
            _ => wrong("signing OCSP responses"),
        },
    }
}

fn key_usage(certificate: &Certificate, usage: &'static str) -> PathError {
    PathError::KeyUsage { subject: certificate.subject().to_string(), usage }
}
