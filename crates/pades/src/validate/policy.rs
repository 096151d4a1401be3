//! What a validation trusts and asks for: the constraints of EN 319 102-1 §5.1.4.

use jiff::{SignedDuration, Timestamp};
use pki::Certificate;

use super::algorithms::AlgorithmConstraints;
use super::trusted_list::TrustedList;
use crate::report::Level;
use crate::sources::RevocationData;

/// What a validation trusts and asks for.
///
/// ```
/// use pades::{Freshness, Policy, RevocationRule};
/// # use vermilion_pades as pades;
/// # fn example(roots: Vec<pki::Certificate>, now: jiff::Timestamp) {
/// let mut policy = Policy::new(roots, now).with_revocation(RevocationRule::IfPresent);
/// policy.freshness = Freshness::Strict;
/// policy.algorithms.refuse_after("sha1", "2010-01-01T00:00:00Z".parse().expect("a time"));
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Policy {
    /// The roots that are trusted.
    pub anchors: Vec<Certificate>,
    /// Trusted lists (ETSI TS 119 612): the authorities that they grant are trusted while they are granted.
    pub trusted_lists: Vec<TrustedList>,
    /// Certificates that may help to build a path; nothing is trusted because it is here.
    pub intermediates: Vec<Certificate>,
    /// Revocation data beside what the file holds.
    pub revocation_data: RevocationData,
    /// The time of judging.
    pub at: Timestamp,
    /// What is asked of revocation.
    pub revocation: RevocationRule,
    /// How new revocation data must be.
    pub freshness: Freshness,
    /// Until when algorithms and key sizes are accepted.
    pub algorithms: AlgorithmConstraints,
    /// The signature policies at hand, compared with what a signature names (EPES).
    pub signature_policies: Vec<PolicyDocument>,
    /// Whether a signature policy that is named must be at hand.
    pub signature_policy: PolicyRule,
    /// The lowest level that is accepted.
    pub least_level: Option<Level>,
    /// The longest time that may lie between the claimed time and the first proof of existence.
    pub longest_delay: Option<SignedDuration>,
    /// Most signatures examined in one file.
    pub max_signatures: usize,
    /// Most checks of a signature value spent on certificates and revocation data of one file.
    pub max_certificate_work: u32,
}

impl Policy {
    /// Trusts these roots, judges at that time, and asks for revocation data.
    #[must_use]
    pub fn new(anchors: Vec<Certificate>, at: Timestamp) -> Self {
        Self {
            anchors,
            trusted_lists: Vec::new(),
            intermediates: Vec::new(),
            revocation_data: RevocationData::default(),
            at,
            revocation: RevocationRule::Required,
            freshness: Freshness::InForce,
            algorithms: AlgorithmConstraints::default(),
            signature_policies: Vec::new(),
            signature_policy: PolicyRule::Noted,
            least_level: None,
            longest_delay: None,
            max_signatures: 200,
            max_certificate_work: 5_000,
        }
    }

    /// The same with another rule on revocation.
    #[must_use]
    pub fn with_revocation(mut self, revocation: RevocationRule) -> Self {
        self.revocation = revocation;
        self
    }
}

/// What is asked of revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RevocationRule {
    /// Every certificate must be shown not to be revoked.
    Required,
    /// What is in the file is heeded; what is missing is no obstacle.
    IfPresent,
}

/// How new revocation data must be (EN 319 102-1 §5.2.5). Data from before the certificate was issued never counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Freshness {
    /// Data counts that was issued after the signature is proved to have existed, or was in force then (until its
    /// nextUpdate). For a time-stamp whose own existence nothing older proves, the time that it states stands in.
    InForce,
    /// Data counts that was issued after the signature is proved to have existed, or at most that long before.
    MaxAge(SignedDuration),
    /// The letter of the standard where a policy names no age: data is fresh until its nextUpdate, at the time of
    /// judging; later the time that it can prove slides back to when it was issued (§5.6.2.2).
    Strict,
}

/// A signature policy, by its object identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDocument {
    /// Dotted.
    pub oid: String,
    /// The document whose digest signatures bind.
    pub bytes: Vec<u8>,
    /// The level that it asks for at least.
    pub least_level: Option<Level>,
    /// The time that it asks for.
    pub time: Option<TimeDemand>,
}

impl PolicyDocument {
    /// A document of which the digest alone is compared.
    #[must_use]
    pub fn new(oid: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { oid: oid.into(), bytes, least_level: None, time: None }
    }
}

/// The time of signing that a signature policy asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeDemand {
    /// What the signer claims.
    Claimed,
    /// A time-stamp whose authority is trusted.
    Trusted,
}

/// What becomes of a signature that names a policy which is not at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PolicyRule {
    /// The report says so; the validation goes on under this policy.
    Noted,
    /// `INDETERMINATE` / `SIGNATURE_POLICY_NOT_AVAILABLE`.
    Required,
}
