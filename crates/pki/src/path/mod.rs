//! Path validation, RFC 5280 §6, with a result that is a type.
//!
//! [`validate`] looks for a chain of issuers from a certificate to a trust anchor and judges it: signatures, validity
//! at the time asked for, basic constraints, key usage, purposes, name constraints, policies, revocation.
//!
//! # Limits
//!
//! * DSA signatures are not checked: a path with one is refused.
//! * A trust anchor's own validity and revocation are not looked at; its basic and name constraints hold.
//! * A critical extension that is not understood refuses the path.
mod above;
mod budget;
mod constraints;
mod error;
mod names;
mod policy;
mod revocation;
mod scope;
mod search;

use jiff::{SignedDuration, Timestamp};

use crate::crl::Crl;
use crate::{Certificate, ocsp};

pub use above::issuers_above;
pub use budget::{Budget, Weak};
pub use error::PathError;
pub use policy::PolicyInputs;
pub use revocation::{Evidence, Pool, evidence};

/// How far the clocks of those who issue revocation data may be ahead: as much as `openssl ocsp` allows them.
pub const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);

/// What the leaf's key is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing documents: digitalSignature or nonRepudiation where keyUsage is present; where extKeyUsage is, one of
    /// document signing (RFC 9336, Adobe's, Microsoft's), e-mail protection, or any.
    DocumentSigning,
    /// Time-stamping: extKeyUsage is critical and id-kp-timeStamping alone (RFC 3161 §2.3).
    TimeStamping,
    /// Answering OCSP: id-kp-OCSPSigning.
    OcspSigning,
    /// Signing CRLs: cRLSign where keyUsage is present.
    CrlSigning,
    /// Anything: the purposes are not looked at.
    Any,
}

/// How much revocation data is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Each certificate under the anchor must be shown good by fresh data.
    Required,
    /// Data that is there is heeded; what is missing is no error.
    IfPresent,
}

/// CRLs and OCSP responses at hand.
#[derive(Clone, Copy, Debug)]
pub struct Revocation<'a> {
    /// CRLs: full, delta, indirect, limited to some certificates or reasons.
    pub crls: &'a [Crl],
    /// OCSP responses.
    pub ocsps: &'a [ocsp::Response],
    /// Whether every certificate needs some.
    pub need: Need,
    /// The moment of judging: data issued later than this does not exist yet. `at` may lie long before it; data is
    /// fresh if it was not yet stale at `at`, or was issued after it.
    pub now: Timestamp,
}

impl Revocation<'_> {
    /// No data, none needed.
    pub fn none(now: Timestamp) -> Self {
        Self { crls: &[], ocsps: &[], need: Need::IfPresent, now }
    }
}

/// Where a certificate's status came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// `Revocation::crls[index]`.
    Crl {
        /// Index.
        index: usize,
    },
    /// `Revocation::ocsps[index]`.
    Ocsp {
        /// Index.
        index: usize,
    },
    /// id-pkix-ocsp-nocheck.
    NoCheck,
}

/// Whether a certificate's own extensions allow this: key usage and extended key usage (RFC 5280 §4.2.1.3, §4.2.1.12).
#[must_use]
pub fn suits(certificate: &Certificate, purpose: Purpose) -> bool {
    constraints::fits(certificate, purpose).is_ok()
}

/// A path that was found valid. There is no other way to get one than [`validate`].
#[derive(Clone, Debug)]
pub struct ValidatedPath {
    certificates: Vec<Certificate>,
    status: Vec<Option<Source>>,
    policies: Vec<String>,
    at: Timestamp,
}

impl ValidatedPath {
    /// From the leaf to the anchor, both included.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The leaf.
    pub fn leaf(&self) -> &Certificate {
        self.certificates.first().expect("a path has a leaf")
    }

    /// The anchor.
    pub fn anchor(&self) -> &Certificate {
        self.certificates.last().expect("a path has an anchor")
    }

    /// For each certificate of the path, what showed it good; `None` for the anchor and where nothing was at hand.
    pub fn status(&self) -> &[Option<Source>] {
        &self.status
    }

    /// The certificate policies, dotted, that are valid along the whole path (RFC 5280 §6.1.6) under the name that the leaf
    /// gives them. One that a CA mapped from another is not among them, nor is any-policy.
    pub fn policies(&self) -> &[String] {
        &self.policies
    }

    /// The time it was validated for.
    pub fn at(&self) -> Timestamp {
        self.at
    }
}

/// Finds and validates a path from `leaf` through `intermediates` to one of `anchors` at the time `at`.
///
/// `intermediates` and the revocation data may hold anything: what does not fit is not used, and `budget` bounds the
/// work. A leaf that is itself an anchor is a path of one.
///
/// ```
/// use vermilion_pki::{Certificate, path::*};
/// # fn example(leaf: &Certificate, pool: &[Certificate], roots: &[Certificate], now: jiff::Timestamp) {
/// let revocation = Revocation::none(now);
/// match validate(leaf, pool, roots, now, Purpose::DocumentSigning, &revocation, &mut Budget::default()) {
///     Ok(path) => println!("trusted through {}", path.anchor().subject()),
///     Err(PathError::Revoked { revoked_at, .. }) => println!("revoked at {revoked_at}"),
///     Err(other) => println!("{other}"),
/// }
/// # }
/// ```
pub fn validate(
    leaf: &Certificate,
    intermediates: &[Certificate],
    anchors: &[Certificate],
    at: Timestamp,
    purpose: Purpose,
    revocation: &Revocation<'_>,
    budget: &mut Budget,
) -> Result<ValidatedPath, PathError> {
    let policies = &PolicyInputs::default();
    let given = search::Given { intermediates, anchors, at, revocation, policies };
    search::find(&given, leaf, purpose, 0, budget)
}

/// As [`validate`], with demands on certificate policies.
#[expect(clippy::too_many_arguments, reason = "the inputs of RFC 5280 §6.1.1")]
pub fn validate_with_policies(
    leaf: &Certificate,
    intermediates: &[Certificate],
    anchors: &[Certificate],
    at: Timestamp,
    purpose: Purpose,
    revocation: &Revocation<'_>,
    policies: &PolicyInputs,
    budget: &mut Budget,
) -> Result<ValidatedPath, PathError> {
    let given = search::Given { intermediates, anchors, at, revocation, policies };
    search::find(&given, leaf, purpose, 0, budget)
}

/// What revocation data say of one certificate that `issuer` issued, without a path: for whoever fetched the data and
/// asks whether they are worth keeping. The issuer is taken as it is; `others` may hold OCSP responders and further
/// keys of the issuer that sign CRLs.
///
/// `Ok(Some)` is what shows the certificate good at `at`. `Ok(None)`: nothing speaks of it that is fresh, signed and
/// authorised (RFC 6960 §4.2.2.2, RFC 5280 §6.3.3).
///
/// # Errors
/// [`PathError::Revoked`], [`PathError::BudgetExhausted`].
pub fn revocation_status(
    certificate: &Certificate,
    issuer: &Certificate,
    others: &[Certificate],
    at: Timestamp,
    revocation: &Revocation<'_>,
    budget: &mut Budget,
) -> Result<Option<Source>, PathError> {
    let anchors = std::slice::from_ref(issuer);
    let policies = &PolicyInputs::default();
    let given = search::Given { intermediates: others, anchors, at, revocation, policies };
    revocation::Checker { given: &given, anchor: None, nesting: 0, budget }.status(certificate, issuer)
}
