//! The validator: any file gets a report, in bounded time, and each verdict says why.

use std::sync::Arc;

use pdf::{Document, Limits};
use pki::Certificate;
use pki::cms::SignedData;
use vermilion_pades::{Indication, Lang, Policy, RevocationRule, TrustedList, validate};

/// A whole file, judged with all that it brings trusted: the most that an attacker could hope for.
///
/// # Panics
/// Where a verdict other than passed gives no reason, or the report does not write: that is a finding.
pub fn verify(input: &[u8]) {
    let mut limits = Limits::default();
    limits.work = 16_000_000;
    limits.max_decoded_size = 1_000_000;
    let Ok(document) = Document::open(Arc::new(input.to_vec()), &limits) else { return };
    let report = validate(&document, &trusting(&document));
    for lang in [Lang::En, Lang::Zh] {
        assert!(!report.text(lang).is_empty());
    }
    let _ = vermilion_pades::revisions(&document);
    for one in &report.signatures {
        assert!(
            one.indication == Indication::TotalPassed || !one.reasons.is_empty(),
            "a verdict says why: {one:?}"
        );
    }
}

/// A trusted list (TS 119 612).
pub fn trusted_list(input: &[u8]) {
    let Ok(xml) = std::str::from_utf8(input) else { return };
    let Ok(list) = TrustedList::from_xml(xml) else { return };
    for service in &list.services {
        let _ =
            (service.is_granted_at(jiff::Timestamp::UNIX_EPOCH), service.sunset(jiff::Timestamp::UNIX_EPOCH));
    }
}

fn trusting(document: &Document) -> Policy {
    let mut anchors: Vec<Certificate> = Vec::new();
    for field in document.signatures().unwrap_or_default() {
        let contents = field.signature.and_then(|signature| signature.contents).unwrap_or_default();
        if let Ok(cms) = SignedData::from_contents(&contents) {
            anchors.extend(cms.certificates().iter().cloned());
        }
    }
    let at = anchors.iter().map(Certificate::not_before).max().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    Policy::new(anchors, at).with_revocation(RevocationRule::IfPresent)
}
