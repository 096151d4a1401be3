//! What a report shows of time-stamps and chains.

use pki::path::Source;

use super::chain::Chain;
use super::examined::Examined;
use super::integrity::Body;
use super::time::Stamp;
use crate::report::{ChainCertificate, RevocationReport, RevocationSource, StampKind, StampReport};

/// The time-stamps of a signature, or the document time-stamp that it is.
pub(crate) fn time_stamps(one: &Examined<'_>) -> Vec<StampReport> {
    let own = match &one.body {
        Ok(Body::Token(_)) => StampKind::Document,
        _ => StampKind::Signature,
    };
    let all = one.stamps.iter().map(|stamp| (own, stamp));
    let all = all.chain(one.content_stamps.iter().map(|stamp| (StampKind::Content, stamp)));
    all.map(|(kind, stamp)| stamp_report(kind, stamp)).collect()
}

fn stamp_report(kind: StampKind, stamp: &Stamp) -> StampReport {
    let trouble = stamp.settled.as_ref().and_then(|settled| settled.trouble.as_ref());
    StampReport {
        kind,
        time: stamp.token.as_ref().map(pki::tsa::Token::gen_time),
        authority: stamp.shown.as_ref().and_then(|shown| shown.authority.clone()),
        trusted: stamp.proven().is_some(),
        sub_indication: trouble.map(super::trouble::Trouble::sub),
        reason: stamp.reason.clone(),
    }
}

/// The chain, with the newest data on each certificate.
pub(crate) fn chain(chain: &Chain) -> Vec<ChainCertificate> {
    let mut out = Vec::new();
    for (index, certificate) in chain.certificates().enumerate() {
        let evidence = chain.links.get(index).map(|link| link.evidence.as_slice()).unwrap_or_default();
        let newest = evidence.iter().max_by_key(|one| (one.revoked.is_some(), one.this_update));
        out.push(ChainCertificate {
            subject: certificate.common_name(),
            fingerprint: hex::encode(certificate.fingerprint()),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            policies: certificate.policies(),
            revocation: newest.map(|one| RevocationReport {
                source: match one.source {
                    Source::Crl { .. } => RevocationSource::Crl,
                    Source::Ocsp { .. } | Source::NoCheck => RevocationSource::Ocsp,
                },
                this_update: one.this_update,
                next_update: one.next_update,
                revoked_at: one.revoked.map(|(at, _)| at),
            }),
        });
    }
    out
}
