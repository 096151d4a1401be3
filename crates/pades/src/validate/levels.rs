//! The level that a signature reaches (EN 319 142-1 §6).

use super::chain::{Chain, Judge};
use super::examined::Examined;
use super::format::SubFilter;
use super::integrity::Body;
use super::judge::Settled;
use super::material::Origins;
use super::time::Stamp;
use crate::report::{Code, Level, Reason};

const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";

/// The level that the signature's structure carries, whether it holds or not; and why a signature that could be PAdES is
/// none. A document time-stamp is a trusted time.
pub(crate) fn level(
    examined: &[Examined<'_>],
    one: &Examined<'_>,
    settled: Option<&Settled>,
    judge: &Judge<'_>,
) -> (Level, Vec<Reason>) {
    let Ok(body) = &one.body else { return (Level::NotEtsi, Vec::new()) };
    if matches!(body, Body::Token(_)) {
        return (Level::BT, Vec::new());
    }
    let obstacles = obstacles(one);
    if !obstacles.is_empty() {
        return (Level::NotEtsi, obstacles);
    }
    let covering = || {
        let stamps = examined.iter().filter(|other| matches!(other.body, Ok(Body::Token(_))));
        let stamps = stamps.filter(|other| other.stamps.iter().any(|stamp| stamp.shown.is_some()));
        let own = one.revision();
        stamps.filter_map(Examined::revision).filter(move |revision| own.is_some_and(|own| *revision >= own))
    };
    let stamped = one.stamps.iter().any(|stamp| stamp.shown.is_some()) || covering().next().is_some();
    if !stamped {
        return (Level::BB, Vec::new());
    }
    if judge.material.store_revision.is_none() || !is_complete(one, settled, judge, usize::MAX) {
        return (Level::BT, Vec::new());
    }
    // A later update of the store, as for the time-stamp's own certificates, takes nothing away.
    if covering().any(|revision| is_complete(one, settled, judge, revision)) {
        return (Level::BLTA, Vec::new());
    }
    (Level::BLT, Vec::new())
}

/// Why a signature of a PDF is no PAdES baseline signature (EN 319 142-1 §6.3).
fn obstacles(one: &Examined<'_>) -> Vec<Reason> {
    let Ok(Body::Cms(cms)) = &one.body else { return Vec::new() };
    let signature = one.signature;
    let mut obstacles = Vec::new();
    if SubFilter::of(signature) != Ok(SubFilter::Cades) {
        let name = signature.sub_filter.as_deref().unwrap_or_default();
        obstacles.push(Reason::new(Code::NotPadesSubFilter).with("sub_filter", name));
    }
    if cms.has_signing_time() {
        obstacles.push(Reason::new(Code::SigningTimeAttribute));
    }
    let types = cms.signed_attribute_types();
    let attributed =
        [CONTENT_TYPE, MESSAGE_DIGEST].iter().all(|wanted| types.iter().any(|oid| oid == wanted));
    if !cms.has_signing_certificate() || !attributed {
        obstacles.push(Reason::new(Code::NoSigningCertificateAttribute));
    }
    if signature.m.is_none() {
        obstacles.push(Reason::new(Code::NoClaimedTime));
    }
    if cms.signer_certificate(&[]).is_none() {
        obstacles.push(Reason::new(Code::SigningCertificateMissing));
    }
    if signature.dict.contains("Cert") {
        obstacles.push(Reason::new(Code::CertEntry));
    }
    let archival = cms.archival_attributes();
    if !archival.is_empty() {
        obstacles.push(Reason::new(Code::ArchivalAttributes).with("names", archival.join(", ")));
    }
    obstacles
}

/// Whether the store of the revision `by` holds what validating the signature and its time-stamps takes. Without a path
/// nothing says what that is; then the store's revocation data speaks for itself.
fn is_complete(one: &Examined<'_>, settled: Option<&Settled>, judge: &Judge<'_>, by: usize) -> bool {
    let is_stored = |origins: Origins| origins.stored().is_some_and(|revision| revision <= by);
    let complete = |chain: &Chain| {
        chain
            .links
            .iter()
            .all(|link| link.evidence.iter().filter_map(|evidence| judge.origins(evidence)).any(is_stored))
    };
    let of_stamps = one.stamps.iter().filter(|stamp| Stamp::proven(stamp).is_some());
    let of_stamps = of_stamps.filter_map(|stamp| stamp.settled.as_ref());
    let material = &judge.material;
    material.crl_origins.iter().chain(&material.ocsp_origins).any(|origins| is_stored(*origins))
        && settled.into_iter().chain(of_stamps).filter_map(Settled::chain).all(complete)
}
