//! The level that a signature reaches (EN 319 142-1 §6).

use super::certificate::Verdict;
use super::format::SubFilter;
use super::integrity::Body;
use super::material::Material;
use super::signature::Examined;
use crate::report::{Code, Level, Reason};

const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";

/// The level, and why a signature that could be PAdES is none.
pub(crate) fn level(
    examined: &[Examined<'_>],
    one: &Examined<'_>,
    verdict: Option<&Verdict>,
    material: &Material,
) -> (Level, Vec<Reason>) {
    let (Ok(body), Ok(layout)) = (&one.body, &one.layout) else { return (Level::NotEtsi, Vec::new()) };
    if !one.integrity.as_ref().is_some_and(super::integrity::Integrity::is_intact) {
        return (Level::NotEtsi, Vec::new());
    }
    let cms = match body {
        Body::Token(_) => return (Level::BT, Vec::new()),
        Body::Cms(cms) => cms,
    };
    let signature = one.signature;
    let mut obstacles = Vec::new();
    if SubFilter::of(signature) != Ok(SubFilter::Cades) {
        let name = signature.sub_filter.as_deref().unwrap_or_default();
        obstacles.push(Reason::new(Code::NotPadesSubFilter).with("sub_filter", name));
    }
    if cms.signing_time().is_some() {
        obstacles.push(Reason::new(Code::SigningTimeAttribute));
    }
    let attributed = cms.signed_attribute_types().iter().any(|oid| oid == MESSAGE_DIGEST);
    if !cms.has_signing_certificate() || !attributed {
        obstacles.push(Reason::new(Code::NoSigningCertificateAttribute));
    }
    if signature.m.is_none() {
        obstacles.push(Reason::new(Code::NoClaimedTime));
    }
    if !obstacles.is_empty() {
        return (Level::NotEtsi, obstacles);
    }
    let covering = |after: usize| {
        examined.iter().any(|other| {
            matches!(other.body, Ok(Body::Token(_)))
                && other.stamp.as_ref().is_some_and(|stamp| stamp.shown.is_some())
                && other.layout.as_ref().is_ok_and(|layout| layout.revision >= after)
        })
    };
    let stamped = one.stamp.as_ref().is_some_and(|stamp| stamp.shown.is_some()) || covering(layout.revision);
    if !stamped {
        return (Level::BB, Vec::new());
    }
    // Without a path nothing says what is needed; then the store's revocation data speaks for itself.
    let complete = verdict.is_none_or(|verdict| !verdict.anchored || verdict.revocation_complete);
    let Some(store) = material.store_revision.filter(|_| material.has_revocation() && complete) else {
        return (Level::BT, Vec::new());
    };
    if covering(store.max(layout.revision)) {
        return (Level::BLTA, Vec::new());
    }
    (Level::BLT, Vec::new())
}
