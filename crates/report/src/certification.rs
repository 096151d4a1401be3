//! The certification report (出证报告): what happened to an envelope, for a reader who was not there.

use jiff::Timestamp;
use serde::Serialize;

use crate::{Error, typeset};

/// Everything the report states. Times are shown in UTC and in Beijing time; names and contacts are printed as
/// given here, so mask what must stay masked before.
#[derive(Clone, Debug, Serialize)]
pub struct Certification {
    /// The report's own number.
    pub number: String,
    /// When the report was made.
    pub issued_at: Timestamp,
    /// Public address of the server that made it.
    pub server: String,
    /// Version of the software that made it.
    pub software: String,
    /// Whether time-stamps are the server's own, and certificates and register where nothing else is said here.
    pub test_trust: bool,
    /// Whether the register is a sandbox.
    pub sandbox: bool,
    /// Whether another's authority certifies signers.
    pub external_authority: bool,
    /// The envelope's id.
    pub envelope: String,
    /// The envelope's title.
    pub title: String,
    /// `draft`, `sent`, `completed`, `declined`, `voided` or `expired`.
    pub status: String,
    /// The sender's name.
    pub sender: String,
    /// The sender's address.
    pub sender_contact: String,
    /// When the envelope was sent.
    pub sent_at: Option<Timestamp>,
    /// When the last party signed.
    pub completed_at: Option<Timestamp>,
    /// The documents.
    pub documents: Vec<Document>,
    /// The parties, in order.
    pub parties: Vec<Party>,
    /// All events of the envelope, in the order of the log.
    pub events: Vec<Event>,
    /// Where the events stand in the server's log.
    pub chain: Chain,
}

/// A document of the envelope.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    /// File name.
    pub name: String,
    /// Number of pages.
    pub pages: u32,
    /// Each state of the file; the first is the file as uploaded.
    pub revisions: Vec<Revision>,
}

/// A state of a document. Every revision holds the one before it unchanged at its beginning.
#[derive(Clone, Debug, Serialize)]
pub struct Revision {
    /// From 1.
    pub number: u32,
    /// `original`, `fields`, `signature`, `validation` or `time_stamp`.
    pub kind: String,
    /// SHA-256 of the whole file in this state, hexadecimal.
    pub sha256: String,
    /// Size in bytes.
    pub size: u64,
    /// When it came to be.
    pub at: Timestamp,
}

/// Who was asked to sign.
#[derive(Clone, Debug, Serialize)]
pub struct Party {
    /// Place in the order, from 1.
    pub order: u32,
    /// `person` or `organization`.
    pub kind: String,
    /// The person's name; for an organization, its agent's.
    pub name: String,
    /// The organization's registered name.
    pub organization: Option<String>,
    /// Masked e-mail address or phone number the invitation went to.
    pub contact: String,
    /// `waiting`, `invited`, `opened`, `identified`, `signed` or `declined`.
    pub status: String,
    /// How the party was verified, each check on its own.
    pub checks: Vec<Check>,
    /// What the party agreed to before signing.
    pub consent: Option<Consent>,
    /// What the signing policy asks for, and what the party brought.
    pub conditions: Option<Conditions>,
    /// The certificate the party signed with.
    pub certificate: Option<Certificate>,
    /// The signature.
    pub signature: Option<Signature>,
}

/// One real-name check.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// What was checked, in English.
    pub what: String,
    /// What was checked, in Chinese.
    pub what_zh: String,
    /// The authority or provider that answered.
    pub provider: String,
    /// The provider's transaction number.
    pub transaction: String,
    /// SHA-256 of the provider's raw answer, hexadecimal.
    pub answer_sha256: String,
    /// When it was answered.
    pub at: Timestamp,
}

/// Consent to signing electronically.
#[derive(Clone, Debug, Serialize)]
pub struct Consent {
    /// Version of the text.
    pub version: String,
    /// SHA-256 of the text, hexadecimal.
    pub sha256: String,
    /// Language it was shown in.
    pub language: String,
    /// When it was given.
    pub at: Timestamp,
}

/// The signing policy, and how it was met. What is none is not known yet.
#[derive(Clone, Debug, Serialize)]
pub struct Conditions {
    /// The policy's name, and the organization whose it is.
    pub policy: String,
    /// What people call it.
    pub title: Words,
    /// Its version.
    pub version: u32,
    /// SHA-256 of the policy's canonical form, hexadecimal: the consent covers it, and the signature names it.
    pub sha256: String,
    /// How sure it is who the party is.
    pub assurance: Option<Words>,
    /// Where the key is, and what opens it.
    pub custody: Option<Words>,
    /// How the will to sign was shown.
    pub will: Option<Words>,
    /// When it was, where that was a check of its own.
    pub will_at: Option<Timestamp>,
}

/// The same in both languages.
#[derive(Clone, Debug, Serialize)]
pub struct Words {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

/// A signing certificate.
#[derive(Clone, Debug, Serialize)]
pub struct Certificate {
    /// Distinguished name of the subject.
    pub subject: String,
    /// Distinguished name of the issuer.
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// SHA-256 of the certificate, hexadecimal.
    pub fingerprint: String,
    /// Key algorithm.
    pub algorithm: String,
    /// Begin of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
}

/// A signature in a document.
#[derive(Clone, Debug, Serialize)]
pub struct Signature {
    /// Name of the signature field.
    pub field: String,
    /// PAdES level, such as `PAdES-B-LTA`.
    pub level: String,
    /// Trusted time, from the time-stamp.
    pub time_stamp: Option<Timestamp>,
    /// Who gave the time.
    pub time_stamp_authority: Option<String>,
    /// Serial number of the time-stamp.
    pub time_stamp_serial: Option<String>,
    /// SHA-256 of the activation record: what the signer released the key for.
    pub activation_sha256: String,
    /// Verdict of validation when the report was made: `TOTAL-PASSED`, `INDETERMINATE` or `TOTAL-FAILED`.
    pub verdict: String,
}

/// One event.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// Place in the server's log.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What happened, in English.
    pub what: String,
    /// What happened, in Chinese.
    pub what_zh: String,
    /// Who did it, masked where it is not a party.
    pub actor: String,
    /// Hash of the event and all before it, hexadecimal.
    pub hash: String,
}

/// The events' place in the hash chain.
#[derive(Clone, Debug, Serialize)]
pub struct Chain {
    /// First event's place.
    pub first: u64,
    /// Last event's place.
    pub last: u64,
    /// Hash of the newest event in the server's log when the report was made, hexadecimal.
    pub head: String,
    /// Whether the whole chain was recomputed and found unbroken.
    pub intact: bool,
}

/// Typesets the report, in Chinese and English side by side, as PDF/A-2b on A4.
///
/// # Errors
/// [`Error`] only for a fault in the template: the data cannot make it fail.
pub fn certification(report: &Certification) -> Result<Vec<u8>, Error> {
    typeset::pdf(include_str!("../templates/certification.typ"), report, &report.number, report.issued_at)
}
