//! What stands against a signature, and which proof of existence would remove it.

use jiff::Timestamp;

use crate::report::{Indication, Reason, SubIndication};

/// What stands against a signature or time-stamp at the time of judging.
#[derive(Debug, Clone)]
pub(crate) struct Trouble {
    pub(crate) kind: Kind,
    pub(crate) reason: Reason,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// No proof removes it.
    Fixed(Indication, SubIndication),
    /// The signer's certificate was revoked, or is suspended since.
    Revoked { at: Timestamp, suspended: bool },
    /// A certificate of an authority above it was.
    CaRevoked,
    /// The signer's certificate is out of its validity; `covered`: revocation data speaks for all of it.
    OutOfBounds { not_before: Timestamp, not_after: Timestamp, covered: bool },
    /// A certificate of an authority above it is.
    CaOutOfBounds,
    /// The revocation data is not fresh.
    Stale,
    /// Who signed the revocation data is out of its validity.
    RevocationSigner,
    /// The signature's own algorithm is accepted no longer; it cannot have been made before `earliest`.
    Algorithm { until: Timestamp, earliest: Timestamp },
    /// The algorithm of a certificate or of revocation data is accepted no longer.
    ChainAlgorithm { until: Timestamp, earliest: Timestamp },
    /// The anchor is trusted no longer.
    Sunset,
}

impl Trouble {
    pub(crate) fn fixed(sub: SubIndication, reason: Reason) -> Self {
        Self { kind: Kind::Fixed(Indication::Indeterminate, sub), reason }
    }

    pub(crate) fn failed(sub: SubIndication, reason: Reason) -> Self {
        Self { kind: Kind::Fixed(Indication::TotalFailed, sub), reason }
    }

    pub(crate) fn indication(&self) -> Indication {
        match self.kind {
            Kind::Fixed(indication, _) => indication,
            _ => Indication::Indeterminate,
        }
    }

    /// The sub-indication while no proof removes it (EN 319 102-1 table 6).
    pub(crate) fn sub(&self) -> SubIndication {
        match self.kind {
            Kind::Fixed(_, sub) => sub,
            Kind::Revoked { suspended: true, .. } | Kind::Stale => SubIndication::TryLater,
            Kind::Revoked { .. } => SubIndication::RevokedNoPoe,
            Kind::CaRevoked => SubIndication::RevokedCaNoPoe,
            Kind::OutOfBounds { covered: true, .. } => SubIndication::OutOfBoundsNotRevoked,
            Kind::OutOfBounds { .. } | Kind::CaOutOfBounds => SubIndication::OutOfBoundsNoPoe,
            Kind::RevocationSigner => SubIndication::RevocationOutOfBoundsNoPoe,
            Kind::Algorithm { until, earliest } | Kind::ChainAlgorithm { until, earliest } => {
                if earliest >= until {
                    SubIndication::CryptoConstraintsFailure
                } else {
                    SubIndication::CryptoConstraintsFailureNoPoe
                }
            }
            Kind::Sunset => SubIndication::NoCertificateChainFoundNoPoe,
        }
    }

    /// Order of gravity among what is found at the time of judging.
    pub(crate) fn rank(&self) -> u8 {
        match self.kind {
            Kind::Fixed(Indication::TotalFailed, _) => 0,
            Kind::Sunset => 1,
            Kind::Revoked { .. } => 2,
            Kind::CaRevoked => 3,
            Kind::Algorithm { .. } | Kind::ChainAlgorithm { .. } => 4,
            Kind::OutOfBounds { .. } => 5,
            Kind::CaOutOfBounds => 6,
            Kind::RevocationSigner => 7,
            Kind::Stale | Kind::Fixed(..) => 8,
        }
    }
}
