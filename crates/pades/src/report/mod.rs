//! The verdict on a document: one [`Report`], one [`SignatureReport`] for each signature field.
//!
//! The JSON shape is the one of `vermilion verify --format json`; members beyond it are additions. Indications and
//! sub-indications are those of ETSI EN 319 102-1 §5.1. A verdict is no error: a broken signature is a report.

mod detail;
mod etsi;
mod policy;
mod reason;
mod text;
pub(crate) mod trace;
mod xml;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::detail::{
    ChainCertificate, PolicyReport, RevocationReport, RevocationSource, StampKind, StampReport,
};
pub use self::policy::{PolicySource, PolicyVerdict, Rule, RuleReport};
pub use self::reason::{Code, Lang, Reason};
pub use self::trace::Validation;

/// The verdict on one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The file's name as the caller calls it; empty where it has none.
    pub file: String,
    /// The worst indication among the signatures; [`Indication::Indeterminate`] where there is none.
    pub indication: Indication,
    /// One entry for each signature, in the order in which they were made.
    pub signatures: Vec<SignatureReport>,
    /// What concerns the file as a whole, not one signature.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// The time of judging.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validated_at: Option<Timestamp>,
}

impl Report {
    /// Collects the verdict of a file from those of its signatures.
    #[must_use]
    pub fn new(signatures: Vec<SignatureReport>, mut reasons: Vec<Reason>) -> Self {
        let worst = signatures.iter().map(|s| s.indication).max_by_key(|i| i.severity());
        if signatures.is_empty() && reasons.is_empty() {
            reasons.push(Reason::new(Code::NoSignature));
        }
        Self {
            file: String::new(),
            indication: worst.unwrap_or(Indication::Indeterminate),
            signatures,
            reasons,
            validated_at: None,
        }
    }

    /// The same report under the file's name.
    #[must_use]
    pub fn named(mut self, file: impl Into<String>) -> Self {
        self.file = file.into();
        self
    }

    /// Puts on record that the signature at `index` does not meet what its signing policy asks: it has not passed then
    /// (EN 319 102-1 §5.2.8.4).
    pub fn constrain(&mut self, index: usize, reason: Reason) {
        let Some(one) = self.signatures.get_mut(index) else { return };
        if one.indication == Indication::TotalPassed {
            one.indication = Indication::Indeterminate;
            one.sub_indication = Some(SubIndication::SigConstraintsFailure);
            one.reasons.insert(0, reason);
        } else {
            one.reasons.push(reason);
        }
        if self.indication == Indication::TotalPassed {
            self.indication = Indication::Indeterminate;
        }
    }

    /// The verdict in plain words.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        text::render(self, lang)
    }
}

/// The main status indication (EN 319 102-1 §5.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Indication {
    /// Every check passed under the policy.
    #[serde(rename = "TOTAL-PASSED")]
    TotalPassed,
    /// The checks that could be made passed, but they do not suffice.
    #[serde(rename = "INDETERMINATE")]
    Indeterminate,
    /// A check failed.
    #[serde(rename = "TOTAL-FAILED")]
    TotalFailed,
}

impl Indication {
    /// The standard's spelling.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TotalPassed => "TOTAL-PASSED",
            Self::Indeterminate => "INDETERMINATE",
            Self::TotalFailed => "TOTAL-FAILED",
        }
    }

    fn severity(self) -> u8 {
        match self {
            Self::TotalPassed => 0,
            Self::Indeterminate => 1,
            Self::TotalFailed => 2,
        }
    }
}

/// The sub-indication (EN 319 102-1 table 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum SubIndication {
    /// The signature, or the file around it, does not have the shape that the standard asks for.
    FormatFailure,
    /// The digest of the signed bytes is not the one that was signed.
    HashFailure,
    /// The signature value does not verify under the certificate's key.
    SigCryptoFailure,
    /// The signer's certificate was revoked before the signature.
    Revoked,
    /// The signature constraints of the policy are not met.
    SigConstraintsFailure,
    /// The chain was built but breaks a constraint.
    ChainConstraintsFailure,
    /// The chain could not be checked for another reason.
    CertificateChainGeneralFailure,
    /// An algorithm or key size is too weak.
    CryptoConstraintsFailure,
    /// The certificate was expired before the signature.
    Expired,
    /// The certificate was not valid yet at the signature.
    NotYetValid,
    /// The signer's certificate could not be found.
    NoSigningCertificateFound,
    /// No chain leads to a trust anchor.
    NoCertificateChainFound,
    /// The certificate is revoked now, and nothing proves that the signature came before.
    RevokedNoPoe,
    /// A certificate of an authority is revoked now, and nothing proves that the signature came before.
    RevokedCaNoPoe,
    /// The certificate is out of its validity now, and nothing proves when the signature was made.
    OutOfBoundsNoPoe,
    /// No usable revocation information; more may come later.
    TryLater,
    /// The certificate is out of its validity now; revocation data covers all of its validity.
    OutOfBoundsNotRevoked,
    /// Who signed the revocation data is out of its validity now, and nothing proves that the data came before.
    RevocationOutOfBoundsNoPoe,
    /// An algorithm or key size is accepted no longer, and nothing proves that it was used before.
    CryptoConstraintsFailureNoPoe,
    /// The anchor is trusted no longer, and nothing proves that the signature came before.
    NoCertificateChainFoundNoPoe,
    /// Nothing proves that something existed when it had to. Within past validation, whose outcome then stands for nothing
    /// (§5.6.2.4): no verdict here has it; it is read from the reports of others.
    NoPoe,
    /// The signature policy could not be processed, or is another one than the signer bound.
    PolicyProcessingError,
    /// The signature policy is not at hand.
    SignaturePolicyNotAvailable,
    /// The signed data could not be obtained.
    SignedDataNotFound,
    /// A constraint of the validator's own. Nothing here makes one; it is read from the reports of others.
    Custom,
    /// The time-stamps contradict each other.
    TimestampOrderFailure,
    /// Another reason.
    Generic,
}

impl SubIndication {
    /// The standard's spelling.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FormatFailure => "FORMAT_FAILURE",
            Self::HashFailure => "HASH_FAILURE",
            Self::SigCryptoFailure => "SIG_CRYPTO_FAILURE",
            Self::Revoked => "REVOKED",
            Self::SigConstraintsFailure => "SIG_CONSTRAINTS_FAILURE",
            Self::ChainConstraintsFailure => "CHAIN_CONSTRAINTS_FAILURE",
            Self::CertificateChainGeneralFailure => "CERTIFICATE_CHAIN_GENERAL_FAILURE",
            Self::CryptoConstraintsFailure => "CRYPTO_CONSTRAINTS_FAILURE",
            Self::Expired => "EXPIRED",
            Self::NotYetValid => "NOT_YET_VALID",
            Self::NoSigningCertificateFound => "NO_SIGNING_CERTIFICATE_FOUND",
            Self::NoCertificateChainFound => "NO_CERTIFICATE_CHAIN_FOUND",
            Self::RevokedNoPoe => "REVOKED_NO_POE",
            Self::RevokedCaNoPoe => "REVOKED_CA_NO_POE",
            Self::OutOfBoundsNoPoe => "OUT_OF_BOUNDS_NO_POE",
            Self::TryLater => "TRY_LATER",
            Self::OutOfBoundsNotRevoked => "OUT_OF_BOUNDS_NOT_REVOKED",
            Self::RevocationOutOfBoundsNoPoe => "REVOCATION_OUT_OF_BOUNDS_NO_POE",
            Self::CryptoConstraintsFailureNoPoe => "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
            Self::NoCertificateChainFoundNoPoe => "NO_CERTIFICATE_CHAIN_FOUND_NO_POE",
            Self::NoPoe => "NO_POE",
            Self::PolicyProcessingError => "POLICY_PROCESSING_ERROR",
            Self::SignaturePolicyNotAvailable => "SIGNATURE_POLICY_NOT_AVAILABLE",
            Self::SignedDataNotFound => "SIGNED_DATA_NOT_FOUND",
            Self::Custom => "CUSTOM",
            Self::TimestampOrderFailure => "TIMESTAMP_ORDER_FAILURE",
            Self::Generic => "GENERIC",
        }
    }
}

/// What a signature field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An approval signature.
    Signature,
    /// A document time-stamp (ISO 32000-2 §12.8.5).
    DocTimestamp,
    /// A certification signature, with `DocMDP` (ISO 32000-2 §12.8.2.2).
    Certification,
}

/// The PAdES level (EN 319 142-1 §6), or that the signature is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Level {
    /// A PDF signature that does not follow the PAdES baseline.
    #[serde(rename = "PDF-NOT-ETSI")]
    NotEtsi,
    /// Baseline.
    #[serde(rename = "PAdES-B-B")]
    BB,
    /// With a trusted time.
    #[serde(rename = "PAdES-B-T")]
    BT,
    /// With the material for validation.
    #[serde(rename = "PAdES-B-LT")]
    BLT,
    /// With an archive time-stamp over that material.
    #[serde(rename = "PAdES-B-LTA")]
    BLTA,
}

impl Level {
    /// The spelling in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotEtsi => "PDF-NOT-ETSI",
            Self::BB => "PAdES-B-B",
            Self::BT => "PAdES-B-T",
            Self::BLT => "PAdES-B-LT",
            Self::BLTA => "PAdES-B-LTA",
        }
    }
}

/// How much of the file the signature's digest covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// Everything but the signature's own hole.
    WholeFile,
    /// One complete revision of the file; more follows.
    Revision,
}

/// What happened to the document after the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangesAfter {
    /// Nothing.
    None,
    /// Only what the signature permits.
    Permitted,
    /// Something that the signature does not permit, or that cannot be explained.
    Forbidden,
}

/// The verdict on one signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureReport {
    /// The full name of the signature field.
    pub field: String,
    /// What the field holds.
    pub kind: Kind,
    /// The verdict.
    pub indication: Indication,
    /// Why it is not passed; absent where it is.
    pub sub_indication: Option<SubIndication>,
    /// The level that the signature's form has; where the signature fails it is not reached for that. A document
    /// time-stamp has none of its own: [`Level::BT`] stands for its trusted time.
    pub level: Level,
    /// The signer's common name as certified.
    pub signer: Option<String>,
    /// The time that the signer claims (`/M`).
    pub claimed_time: Option<Timestamp>,
    /// The earliest time at which the signature is proved to have existed.
    pub best_time: Option<Timestamp>,
    /// How much of the file is covered; absent where that is not well defined.
    pub coverage: Option<Coverage>,
    /// What came after.
    pub changes_after: ChangesAfter,
    /// Everything found, the gravest first.
    pub reasons: Vec<Reason>,
    /// The four conditions of a reliable electronic signature.
    pub reliability: Reliability,
    /// Why each condition stands as it does.
    pub reliability_reasons: ReliabilityReasons,
    /// Whether the certificate chains to an anchor of the policy.
    pub trusted: bool,
    /// The revision that the signature closes, counted from 1.
    pub revision: Option<usize>,
    /// The certificate's subject.
    pub subject: Option<Subject>,
    /// The issuer's name.
    pub issuer: Option<String>,
    /// The certificate's serial number, hexadecimal.
    pub serial: Option<String>,
    /// The SHA-256 fingerprint of the certificate, hexadecimal.
    pub fingerprint: Option<String>,
    /// The trusted time on the signature.
    pub time_stamp: Option<TimeStamp>,
    /// The reason for signing that the signer gave.
    pub reason: Option<String>,
    /// The changes after this signature, one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// The digest algorithm over the covered bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest_algorithm: Option<String>,
    /// The signature algorithm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature_algorithm: Option<String>,
    /// The digest over the covered bytes that the signature binds, hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_digest: Option<String>,
    /// The signature policy that the signer bound (EPES).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature_policy: Option<PolicyReport>,
    /// How the signature stands to that policy, where it is at hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyVerdict>,
    /// Every time-stamp on the signature.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub time_stamps: Vec<StampReport>,
    /// The certificates from the signer's to the anchor, where there is a chain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<ChainCertificate>,
    /// The certificate policies that are valid along the chain (RFC 5280 §6.1.6), dotted: what the signer's certificate
    /// states counts only where every authority above it may state it too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificate_policies: Vec<String>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advice: Vec<Reason>,
}

/// The subject of a certificate, as far as reports show it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// `CN`
    pub common_name: Option<String>,
    /// `O`
    pub organization: Option<String>,
    /// `organizationIdentifier`
    pub organization_identifier: Option<String>,
    /// `C`
    pub country: Option<String>,
}

/// A time-stamp on a signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeStamp {
    /// The time it states.
    pub time: Timestamp,
    /// The authority's common name.
    pub authority: Option<String>,
    /// Whether the authority chains to an anchor of the policy.
    pub trusted: bool,
}

/// One change that a later revision made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The revision that made it, counted from 1.
    pub revision: usize,
    /// The object concerned, as `number generation`; absent for changes of the file's structure.
    pub object: Option<String>,
    /// The pages concerned, counted from 1; empty where none is, or where that cannot be told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<usize>,
    /// Whether it is permitted after this signature.
    pub permitted: bool,
    /// What it is.
    pub what: Reason,
}

/// How one condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Condition {
    /// The evidence at hand proves it.
    #[serde(rename = "met")]
    Met,
    /// The evidence at hand disproves it.
    #[serde(rename = "not met")]
    NotMet,
    /// The evidence at hand says nothing of it.
    #[serde(rename = "not shown")]
    NotShown,
}

/// The four conditions of Art. 13 of China's Electronic Signature Law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reliability {
    /// (1) The signing data belongs to the signer alone.
    pub exclusive: Condition,
    /// (2) Only the signer controlled it at signing.
    pub sole_control: Condition,
    /// (3) No change to the signature since.
    pub signature_intact: Condition,
    /// (4) No change to the document since.
    pub content_intact: Condition,
}

/// The reason for each member of [`Reliability`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReliabilityReasons {
    /// Of condition (1).
    pub exclusive: Reason,
    /// Of condition (2).
    pub sole_control: Reason,
    /// Of condition (3).
    pub signature_intact: Reason,
    /// Of condition (4).
    pub content_intact: Reason,
}
