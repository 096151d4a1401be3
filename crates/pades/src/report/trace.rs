//! What a validation worked with, beyond what the JSON report shows: for the report of ETSI TS 119 102-2.

use jiff::Timestamp;
use pki::{Certificate, DigestAlgorithm, SignatureAlgorithm, crl};

use super::{Indication, Report, StampKind, SubIndication};

/// A validation: its report, and what it worked with.
#[derive(Debug, Clone)]
pub struct Validation {
    report: Report,
    pub(super) trace: Trace,
}

impl Validation {
    pub(crate) fn new(report: Report, trace: Trace) -> Self {
        Self { report, trace }
    }

    /// The verdict.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The verdict alone.
    #[must_use]
    pub fn into_report(self) -> Report {
        self.report
    }

    /// The same under the file's name.
    #[must_use]
    pub fn named(mut self, file: impl Into<String>) -> Self {
        self.report = self.report.named(file);
        self
    }

    /// The same with a report in which more was judged: of the same signatures, in the same order.
    #[must_use]
    pub fn with_report(mut self, report: Report) -> Self {
        self.report = report;
        self
    }

    /// The report of ETSI TS 119 102-2 V1.4.1 as XML; `None` where the document carries no signature, for which that
    /// standard has no form.
    ///
    /// The report is not signed. Certificates, revocation data and time-stamps stand in it in full.
    #[must_use]
    pub fn etsi_xml(&self) -> Option<String> {
        super::etsi::render(self)
    }
}

/// What each signature was validated with. The order is that of the report's signatures; those that could not be read
/// at all come last and have none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trace {
    pub(crate) at: Option<Timestamp>,
    pub(crate) signatures: Vec<SignatureTrace>,
    pub(crate) objects: Vec<ObjectTrace>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct SignatureTrace {
    /// The CMS.
    pub(crate) der: Vec<u8>,
    pub(crate) value: Vec<u8>,
    pub(crate) message_digest: Option<Vec<u8>>,
    /// Object: the covered bytes, by their digest.
    pub(crate) document: Option<usize>,
    pub(crate) filter: Option<String>,
    pub(crate) sub_filter: Option<String>,
    pub(crate) byte_range: Vec<i64>,
    pub(crate) name: Option<String>,
    pub(crate) contact: Option<String>,
    pub(crate) signer: Option<Certificate>,
    /// Objects: the chain from the signer to the anchor.
    pub(crate) chain: Vec<usize>,
    /// Objects: the revocation data on the chain.
    pub(crate) revocation: Vec<usize>,
    /// Time-stamps on it, by object.
    pub(crate) stamps: Vec<(StampKind, usize, Timestamp)>,
    pub(crate) algorithm: Option<(SignatureAlgorithm, Option<Timestamp>)>,
    pub(crate) revoked: Option<RevokedTrace>,
    /// The object that proves the best signature time.
    pub(crate) proof: Option<usize>,
}

#[derive(Debug, Clone)]
pub(crate) struct RevokedTrace {
    pub(crate) certificate: usize,
    pub(crate) by: usize,
    pub(crate) at: Timestamp,
    pub(crate) reason: Option<crl::Reason>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ObjectKind {
    Certificate,
    Crl,
    Ocsp,
    TimeStamp,
    /// What a signature covers, by its digest.
    SignedData,
}

#[derive(Debug, Clone)]
pub(crate) struct ObjectTrace {
    pub(crate) kind: ObjectKind,
    pub(crate) der: Vec<u8>,
    /// Instead of the object itself.
    pub(crate) digest: Option<(DigestAlgorithm, Vec<u8>)>,
    /// The earliest time at which it is proved to have existed; `None`: only that it exists now.
    pub(crate) poe: Option<Timestamp>,
    /// Of a time-stamp.
    pub(crate) verdict: Option<(Indication, Option<SubIndication>)>,
}
