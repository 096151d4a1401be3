//! The validator: any file gets a report, in bounded time, and each verdict says why.

use std::fmt::Write as _;
use std::sync::Arc;

use pdf::{Document, Limits};
use pki::Certificate;
use pki::cms::SignedData;
use vermilion_pades::{Indication, Lang, Policy, Report, RevocationRule, TrustedList, validate};

/// A whole file, judged with all that it brings trusted: the most that an attacker could hope for.
///
/// # Panics
/// Where a verdict other than passed gives no reason, or the report does not write: that is a finding.
pub fn verify(input: &[u8]) {
    let mut limits = Limits::default();
    limits.work = 16_000_000;
    limits.max_decoded_size = 1_000_000;
    let Ok(document) = Document::open(Arc::new(input.to_vec()), &limits) else { return };
    judged(&document);
}

fn judged(document: &Document) -> Report {
    let report = validate(document, &trusting(document));
    for lang in [Lang::En, Lang::Zh] {
        assert!(!report.text(lang).is_empty());
    }
    let _ = vermilion_pades::revisions(document);
    for one in &report.signatures {
        assert!(
            one.indication == Indication::TotalPassed || !one.reasons.is_empty(),
            "a verdict says why: {one:?}"
        );
    }
    report
}

/// One page with a form, signed by Alice in the field `alice`: with an approval signature, certified at /P 2, at /P 3.
const SIGNED: [&[u8]; 3] = [
    include_bytes!("../bases/approved.pdf"),
    include_bytes!("../bases/certified-2.pdf"),
    include_bytes!("../bases/certified-3.pdf"),
];

/// A signed document and a later change: the first byte says which, the rest is the objects of a well-formed update.
///
/// # Panics
/// Where a signature passes although a page paints something else than it did when it was signed: that is a finding.
pub fn changes(input: &[u8]) {
    let Some((choice, objects)) = input.split_first() else { return };
    let Some(base) = SIGNED.get(usize::from(*choice) % SIGNED.len()) else { return };
    let mut limits = Limits::default();
    limits.work = 16_000_000;
    limits.max_decoded_size = 1_000_000;
    let bytes = [base, &update(base, objects)[..]].concat();
    let Ok(document) = Document::open(Arc::new(bytes), &limits) else { return };
    let report = judged(&document);
    let Some(alice) = report.signatures.iter().find(|one| one.field == "alice") else { return };
    if alice.indication == Indication::TotalPassed {
        let revision = alice.revision.expect("a signature that passed closes a revision");
        let signed = document.at_revision(revision - 1).expect("it can be looked at");
        assert_eq!(painted(&signed), painted(&document), "what was signed is what is shown");
    }
}

/// The objects, a cross-reference table that finds each that begins a line, and a trailer.
fn update(base: &[u8], objects: &[u8]) -> Vec<u8> {
    let mut update = b"\n".to_vec();
    let mut table = String::from("\nxref\n");
    for line in objects.split_inclusive(|byte| *byte == b'\n') {
        let head = std::str::from_utf8(line).ok().and_then(|line| line.split_once(" 0 obj"));
        if let Some(number) = head.and_then(|(number, _)| number.parse::<u8>().ok()) {
            let _ = write!(table, "{number} 1\n{:010} 00000 n \n", base.len() + update.len());
        }
        update.extend_from_slice(line);
    }
    let text = String::from_utf8_lossy(base);
    let id = text.rfind("/ID").and_then(|at| text.get(at..)?.split_inclusive(']').next()).unwrap_or_default();
    let before = text.rsplit("startxref").next().and_then(|rest| rest.split_ascii_whitespace().next());
    let xref = base.len() + update.len() + 1;
    let _ = write!(table, "trailer\n<</Size 256/Root 1 0 R{id}/Prev {}>>\n", before.unwrap_or("0"));
    let _ = write!(table, "startxref\n{xref}\n%%EOF\n");
    update.extend_from_slice(table.as_bytes());
    update
}

/// What the pages paint by themselves.
fn painted(document: &Document) -> Vec<String> {
    let count = document.page_count().expect("the pages of a document that passed can be counted");
    (0..count).map(|page| format!("{:?}", pdf::content::page(document, page))).collect()
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
