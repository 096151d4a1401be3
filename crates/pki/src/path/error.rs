//! Why there is no valid path.
use jiff::Timestamp;

use crate::crl::Reason;

/// Why there is no valid path. Where several chains lead to an anchor, the error of the first of them; where none
/// does, of the one that came farthest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// No chain of issuers leads from the certificate to an anchor.
    #[error("no path to a trust anchor: the issuer {issuer} was not found")]
    NoPath {
        /// The name whose certificate was not found or is not trusted.
        issuer: String,
    },
    /// A certificate names an issuer whose key did not sign it.
    #[error("the signature of {subject} does not verify under its issuer's key")]
    BadSignature {
        /// Whose.
        subject: String,
    },
    /// A certificate is signed with an algorithm that proves nothing any more, or one that is not handled.
    #[error("the signature of {subject} uses {algorithm}")]
    Algorithm {
        /// Whose.
        subject: String,
        /// The algorithm.
        algorithm: String,
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
    /// A certificate was revoked, or on hold, at the time asked for.
    #[error("{subject} was revoked at {revoked_at}")]
    Revoked {
        /// Whose.
        subject: String,
        /// Since when.
        revoked_at: Timestamp,
        /// Why, where given. `CertificateHold`: suspended.
        reason: Option<Reason>,
    },
    /// No fresh revocation data covers a certificate.
    #[error("nothing shows whether {subject} was revoked")]
    NoRevocationData {
        /// Whose.
        subject: String,
    },
    /// A certificate in the issuer's place is not that of a CA.
    #[error("{subject} issued a certificate but is no CA")]
    NotCa {
        /// Whose.
        subject: String,
    },
    /// More CAs follow than a path length constraint allows.
    #[error("{subject} exceeds a path length constraint above it")]
    PathLength {
        /// Whose.
        subject: String,
    },
    /// keyUsage does not allow what the key was used for.
    #[error("the key usage of {subject} does not allow {usage}")]
    KeyUsage {
        /// Whose.
        subject: String,
        /// What it was used for.
        usage: &'static str,
    },
    /// extKeyUsage does not hold the purpose asked for, or not as it must.
    #[error("the extended key usage of {subject} does not allow {purpose}")]
    Purpose {
        /// Whose.
        subject: String,
        /// The purpose.
        purpose: &'static str,
    },
    /// A name lies outside the name constraints above it.
    #[error("a name of {subject} violates a name constraint above it")]
    NameConstraint {
        /// Whose.
        subject: String,
    },
    /// A policy was required, and none is valid along the whole path.
    #[error("no certificate policy is valid for {subject}")]
    Policy {
        /// Where none was left.
        subject: String,
    },
    /// A critical extension is not understood.
    #[error("{subject} has a critical extension that is not understood: {extension}")]
    UnknownCritical {
        /// Whose.
        subject: String,
        /// Its dotted object identifier.
        extension: String,
    },
    /// The budget was spent before a verdict was reached.
    #[error("the certificates at hand ask for more work than is allowed")]
    BudgetExhausted,
}
