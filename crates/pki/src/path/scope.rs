//! Whether a CRL may speak about a certificate, and of which reasons (RFC 5280 §6.3.3 (b), (d), (e)).
use crate::Certificate;
use crate::crl::Crl;
use crate::x509::extensions::{DistributionPoint, GeneralName};

/// A set of ReasonFlags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reasons(u16);

impl Reasons {
    /// keyCompromise (1) to aACompromise (8); bit 0 is not used.
    const ALL: Self = Self(0x1fe);

    pub(super) fn is_all(self) -> bool {
        self == Self::ALL
    }

    pub(super) fn is_empty(self) -> bool {
        self == Self(0)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn limited(self, flags: Option<u16>) -> Self {
        Self(self.0 & flags.unwrap_or(Self::ALL.0))
    }
}

/// The reasons for which `crl` says whether `certificate` is revoked; empty where it says nothing.
pub(super) fn reasons(crl: &Crl, certificate: &Certificate) -> Reasons {
    let scope = crl.scope();
    if scope.unusable || scope.only_users && certificate.is_ca() || scope.only_cas && !certificate.is_ca() {
        return Reasons::default();
    }
    let mut out = Reasons::default();
    for point in &certificate.extensions().distribution_points {
        if is_of(crl, certificate, point) {
            out = out.and(Reasons::ALL.limited(point.reasons).limited(scope.reasons));
        }
    }
    // A CRL by the certificate's own issuer is asked whatever the points say, as if there were one with its name.
    let own = crl.issuer().matches(certificate.issuer());
    if own && (scope.names.is_empty() || names_directory(&scope.names, certificate)) {
        out = out.and(Reasons::ALL.limited(scope.reasons));
    }
    out
}

fn is_of(crl: &Crl, certificate: &Certificate, point: &DistributionPoint) -> bool {
    let scope = crl.scope();
    let by_right_issuer = if point.crl_issuer.is_empty() {
        crl.issuer().matches(certificate.issuer())
    } else {
        let named = |n: &GeneralName| matches!(n, GeneralName::Directory(name) if name.matches(crl.issuer()));
        point.crl_issuer.iter().any(named) && (scope.indirect || crl.issuer().matches(certificate.issuer()))
    };
    if !by_right_issuer {
        return false;
    }
    if scope.names.is_empty() {
        return true;
    }
    let relative = point.relative.as_ref().and_then(|rdn| crl.issuer().child(rdn).ok());
    let relative = relative.map(GeneralName::Directory);
    let named = !point.names.is_empty() || relative.is_some();
    let names = if named { &point.names } else { &point.crl_issuer };
    names.iter().chain(&relative).any(|name| scope.names.iter().any(|other| same_name(name, other)))
}

fn names_directory(names: &[GeneralName], certificate: &Certificate) -> bool {
    certificate.extensions().distribution_points.is_empty()
        && names
            .iter()
            .any(|n| matches!(n, GeneralName::Directory(name) if name.matches(certificate.issuer())))
}

fn same_name(a: &GeneralName, b: &GeneralName) -> bool {
    match (a, b) {
        (GeneralName::Directory(a), GeneralName::Directory(b)) => a.matches(b),
        _ => a == b,
    }
}
