//! The verdict on a PDF. Nothing of it is kept.

use std::collections::BTreeMap;

use domain::policy::Title;
use serde::Serialize;

use super::{PolicyAuthor, Time};
use crate::config::Trust;

/// The verdict on a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Verification {
    /// File name.
    pub file: String,
    /// Size.
    pub size: u64,
    /// Digest, hexadecimal.
    pub sha256: String,
    /// How many pages.
    pub pages: u32,
    /// `TOTAL-PASSED`, `INDETERMINATE` or `TOTAL-FAILED`.
    pub indication: String,
    /// Every signature.
    pub signatures: Vec<VerifiedSignature>,
    /// Which trust is in force.
    pub trust: Trust,
    /// What is to say of the file as a whole.
    pub reasons: Vec<VerificationReason>,
    /// The verdict in words.
    pub summary: Summary,
}

/// The verdict in words.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Summary {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    pub zh_cn: String,
}

/// A reason.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VerificationReason {
    /// Stable code.
    pub code: String,
    /// Values for the sentence.
    pub params: BTreeMap<String, String>,
    /// English.
    pub text: String,
    /// Simplified Chinese.
    pub text_zh: String,
}

/// The verdict on a signature.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VerifiedSignature {
    /// Field name.
    pub field: String,
    /// `signature`, `doc-timestamp` or `certification`.
    pub kind: String,
    /// Indication of EN 319 102-1.
    pub indication: String,
    /// Sub-indication.
    pub sub_indication: Option<String>,
    /// Level.
    pub level: String,
    /// Who signed.
    pub signer: Option<String>,
    /// Time that the signer's computer claimed.
    pub claimed_time: Option<Time>,
    /// Earliest proved time.
    pub best_time: Option<Time>,
    /// `whole-file` or `revision`.
    pub coverage: Option<String>,
    /// `none`, `permitted` or `forbidden`.
    pub changes_after: String,
    /// Reasons.
    pub reasons: Vec<VerificationReason>,
    /// What to do about it.
    pub advice: Vec<VerificationReason>,
    /// The four conditions of Art. 13.
    pub reliability: Reliability,
    /// Their reasons.
    pub reliability_reasons: ReliabilityReasons,
    /// Whether the certificate leads to a trusted root.
    pub trusted: bool,
    /// Number of the revision it signs.
    pub revision: Option<u32>,
    /// Subject of the certificate.
    pub signer_subject: Option<VerificationSubject>,
    /// Issuer of the certificate.
    pub issuer: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// SHA-256 of the certificate.
    pub fingerprint: Option<String>,
    /// Trusted time.
    pub time_stamp: Option<VerificationTimeStamp>,
    /// Who gave it.
    pub time_stamp_authority: Option<String>,
    /// Reason in the signature.
    pub reason: Option<String>,
    /// The signing policy that it names.
    pub policy: Option<VerifiedPolicy>,
    /// What came after it.
    pub changes: Vec<VerifiedChange>,
}

/// The signing policy that a signature names.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VerifiedPolicy {
    /// Its object identifier.
    pub oid: String,
    /// Its digest, hexadecimal.
    pub digest: String,
    /// Where it is known from, where it is at hand: `built-in`, `written` (on this server), `brought` (with the proof).
    pub source: Option<String>,
    /// Who wrote it, as it says itself.
    pub publisher: Option<String>,
    /// The organization that it names as who wrote it.
    pub organization: Option<PolicyAuthor>,
    /// What it calls itself, where it is at hand.
    pub title: Option<Title>,
    /// Its version, where it is at hand.
    pub version: Option<u32>,
    /// How the signature stands to each of its rules.
    pub rules: Vec<VerifiedRule>,
}

/// How a signature stands to a rule of its signing policy.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VerifiedRule {
    /// `level`, `time`, `custody`, `will`, `identity` or `identity-age`.
    pub rule: String,
    /// `met`, `not met` or `not shown`.
    pub condition: String,
    /// Why, and what it asks.
    pub reason: VerificationReason,
}

/// The subject of a certificate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VerificationSubject {
    /// Name.
    pub common_name: Option<String>,
    /// Organization.
    pub organization: Option<String>,
    /// Its identifier.
    pub organization_identifier: Option<String>,
    /// Country.
    pub country: Option<String>,
}

/// A trusted time.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VerificationTimeStamp {
    /// Time.
    pub time: Time,
    /// Who gave it.
    pub authority: Option<String>,
    /// Whether they are trusted.
    pub trusted: bool,
}

/// A change after a signature.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct VerifiedChange {
    /// Revision that made it.
    pub revision: u32,
    /// Object.
    pub object: Option<String>,
    /// Whether it is permitted.
    pub permitted: bool,
    /// What changed.
    pub what: VerificationReason,
}

/// `met`, `not met` or `not shown`, for each condition.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reliability {
    /// The signing data belonged to the signer alone.
    pub exclusive: String,
    /// Only the signer controlled it.
    pub sole_control: String,
    /// The signature is unchanged.
    pub signature_intact: String,
    /// The content is unchanged.
    pub content_intact: String,
}

/// Why.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReliabilityReasons {
    /// Of the first.
    pub exclusive: VerificationReason,
    /// Of the second.
    pub sole_control: VerificationReason,
    /// Of the third.
    pub signature_intact: VerificationReason,
    /// Of the fourth.
    pub content_intact: VerificationReason,
}
