//! Path validation, RFC 5280 §6, with a result that is a type.
use jiff::Timestamp;

use crate::crl::{Crl, Reason};
use crate::{Certificate, ocsp};

/// What the leaf's key is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing documents: digitalSignature or nonRepudiation; a document-signing purpose where extKeyUsage is present.
    DocumentSigning,
    /// Time-stamping: extKeyUsage is critical and id-kp-timeStamping alone (RFC 3161 §2.3).
    TimeStamping,
    /// Answering OCSP for its issuer: id-kp-OCSPSigning.
    OcspSigning,
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
    /// Full CRLs.
    pub crls: &'a [Crl],
    /// OCSP responses.
    pub ocsps: &'a [ocsp::Response],
    /// Whether every certificate needs some.
    pub need: Need,
    /// The moment of judging: data issued later than this does not exist yet. `at` may lie long before it.
    pub now: Timestamp,
}

/// What a validation may cost on hostile input.
#[derive(Clone, Debug)]
pub struct Budget {
    /// Signature checks left.
    pub signatures: u32,
    /// Longest path, leaf and anchor included.
    pub depth: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { signatures: 100, depth: 8 }
    }
}

/// Where a certificate's status came from.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// A path that was found valid.
#[derive(Clone, Debug)]
pub struct ValidatedPath {
    certificates: Vec<Certificate>,
    status: Vec<Option<Source>>,
    at: Timestamp,
}

impl ValidatedPath {
    /// From the leaf to the anchor, both included.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }
    /// The leaf.
    pub fn leaf(&self) -> &Certificate {
        todo!()
    }
    /// The anchor.
    pub fn anchor(&self) -> &Certificate {
        todo!()
    }
    /// For each certificate of the path, what showed it good; `None` for the anchor and where nothing was at hand.
    pub fn status(&self) -> &[Option<Source>] {
        &self.status
    }
    /// The time it was validated for.
    pub fn at(&self) -> Timestamp {
        self.at
    }
}

/// Why there is no valid path. Of several candidates, the error of the one that came farthest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// No chain of issuers leads from the certificate to an anchor.
    #[error("no path from {subject} to a trust anchor")]
    NoPath {
        /// The last subject whose issuer was not found.
        subject: String,
    },
    /// A certificate had expired.
    #[error("{subject} expired at {not_after}, before {at}")]
    Expired {
        /// Whose.
        subject: String,
        /// Its end.
        not_after: Timestamp,
        /// The time asked for.
        at: Timestamp,
    },
    /// A certificate was not yet valid.
    #[error("{subject} is not valid before {not_before}, at {at}")]
    NotYetValid {
        /// Whose.
        subject: String,
        /// Its start.
        not_before: Timestamp,
        /// The time asked for.
        at: Timestamp,
    },
    /// A certificate was revoked at the time asked for.
    #[error("{subject} was revoked at {revoked_at}")]
    Revoked {
        /// Whose.
        subject: String,
        /// Since when.
        revoked_at: Timestamp,
        /// Why, where given.
        reason: Option<Reason>,
    },
    /// No fresh revocation data covers a certificate.
    #[error("nothing shows whether {subject} was revoked")]
    NoRevocationData {
        /// Whose.
        subject: String,
    },
}

/// Finds and validates a path from `leaf` through `intermediates` to one of `anchors` at the time `at`.
pub fn validate(
    leaf: &Certificate,
    intermediates: &[Certificate],
    anchors: &[Certificate],
    at: Timestamp,
    purpose: Purpose,
    revocation: &Revocation<'_>,
    budget: &mut Budget,
) -> Result<ValidatedPath, PathError> {
    let _ = (leaf, intermediates, anchors, at, purpose, revocation, budget);
    todo!()
}
