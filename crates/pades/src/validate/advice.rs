//! What to do about a verdict, in plain words.

use super::examined::Examined;
use super::judge::Settled;
use super::time::Stamp;
use crate::report::{Code, Indication, Kind, Level, Reason, SignatureReport, SubIndication};

/// What whoever reads the report should do.
pub(crate) fn of(report: &SignatureReport, settled: Option<&Settled>, one: &Examined<'_>) -> Vec<Reason> {
    match (report.indication, report.sub_indication) {
        (Indication::TotalFailed, _) => vec![Reason::new(Code::AdviceDoNotRely)],
        (Indication::TotalPassed, _) => keep(report, settled, one).into_iter().collect(),
        (Indication::Indeterminate, sub) => {
            sub.and_then(|sub| remedy(sub, report)).map(Reason::new).into_iter().collect()
        }
    }
}

fn remedy(sub: SubIndication, report: &SignatureReport) -> Option<Code> {
    use SubIndication as S;
    let no_anchors = report.reasons.iter().any(|reason| reason.code == Code::NoAnchors);
    Some(match sub {
        S::NoCertificateChainFound if no_anchors => Code::AdviceGiveRoots,
        S::NoCertificateChainFound | S::CertificateChainGeneralFailure => Code::AdviceCheckIssuer,
        S::TryLater | S::RevocationOutOfBoundsNoPoe => Code::AdviceRevocation,
        S::OutOfBoundsNoPoe
        | S::OutOfBoundsNotRevoked
        | S::RevokedNoPoe
        | S::RevokedCaNoPoe
        | S::NoPoe
        | S::NoCertificateChainFoundNoPoe
        | S::CryptoConstraintsFailureNoPoe => Code::AdviceProveTime,
        S::CryptoConstraintsFailure | S::SigConstraintsFailure | S::ChainConstraintsFailure => {
            Code::AdviceSignAgain
        }
        S::SignaturePolicyNotAvailable | S::PolicyProcessingError => Code::AdviceGivePolicy,
        S::TimestampOrderFailure => Code::AdviceAskAuthority,
        S::NoSigningCertificateFound => Code::AdviceGiveCertificate,
        _ => return None,
    })
}

/// What keeps a signature provable, and until when there is time for it.
fn keep(report: &SignatureReport, settled: Option<&Settled>, one: &Examined<'_>) -> Option<Reason> {
    let own = report.kind == Kind::DocTimestamp;
    let stamps = one.stamps.iter().filter(|stamp| Stamp::proven(stamp).is_some());
    let of_stamps: Vec<&Settled> = stamps.filter_map(|stamp| stamp.settled.as_ref()).collect();
    // A time-stamp carries the proof as long as its own authority's certificates do.
    let carriers = if of_stamps.is_empty() { settled.into_iter().collect() } else { of_stamps };
    let chains = carriers.into_iter().filter_map(Settled::chain);
    let end = chains.flat_map(|chain| chain.links.iter().map(|link| link.certificate.not_after())).min()?;
    let code = match report.level {
        _ if own => return None,
        Level::NotEtsi => return None,
        Level::BB => Code::AdviceStamp,
        Level::BT | Level::BLT => Code::AdviceArchive,
        Level::BLTA => return None,
    };
    Some(Reason::new(code).with("time", end))
}
