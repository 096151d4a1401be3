//! One signature from its parts to its verdict (EN 319 102-1 §5.3, §5.5, §5.6).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use pdf::{DocMdp, Document, SignatureField};
use pki::Certificate;
use pki::path::Purpose;

use super::History;
use super::advice;
use super::chain::Judge;
use super::constraints;
use super::detail;
use super::examined::Examined;
use super::integrity::{Body, Integrity};
use super::judge::{Settled, Subject};
use super::levels;
use super::poe::Object;
use super::removed::Removed;
use super::time::Stamp;
use super::trouble::Trouble;
use crate::diff::Permission;
use crate::report::{
    Change, ChangesAfter, Code, Condition, Coverage, Indication, Kind, Level, Reason, Reliability,
    ReliabilityReasons, SignatureReport, SubIndication, Subject as Named,
};

/// Judges the signature at `index`, its time-stamps being judged already.
pub(crate) fn settle(examined: &[Examined<'_>], index: usize, judge: &mut Judge<'_>) -> Option<Settled> {
    let one = examined.get(index)?;
    let certificate = one.integrity.as_ref()?.certificate.clone()?;
    let cms = match &one.body {
        Ok(Body::Cms(cms)) => cms,
        // A document time-stamp was judged for what it proves, where it is intact.
        Ok(Body::Token(_)) => return one.settled.clone(),
        Err(_) => return None,
    };
    let table = &judge.policy.algorithms;
    let subject = Subject {
        object: Object::Signature(index),
        certificate: &certificate,
        purpose: Purpose::DocumentSigning,
        reliance: table
            .of_signature(cms.signature_algorithm(), certificate.public_key_der())
            .sooner(table.of_digest(cms.digest_algorithm())),
        made_after: one.content_stamps.iter().filter_map(Stamp::proven).max(),
        stated: None,
    };
    Some(judge.settle(&subject))
}

/// The verdict on the signature at `index`.
pub(crate) fn report(
    document: &Document,
    examined: &[Examined<'_>],
    index: usize,
    settled: Option<&Settled>,
    history: &History,
    certification: Option<DocMdp>,
    judge: &Judge<'_>,
) -> Option<SignatureReport> {
    let one = examined.get(index)?;
    let certificate = one.integrity.as_ref().and_then(|integrity| integrity.certificate.as_ref());
    let (changes_after, changes) = what_followed(document, one, history, certification);
    let (level, obstacles) = levels::level(examined, one, settled, judge);
    let constraints = constraints::check(examined, index, level, judge.policy);
    let mut findings = findings(one, settled, changes_after, constraints.troubles, &history.ambiguities);
    findings.reasons.extend(constraints.notes);
    // What its form lacks is nobody's concern where it fails.
    if findings.indication != Indication::TotalFailed {
        findings.reasons.extend(obstacles);
    }
    let shown = certificate.map(Shown::of).unwrap_or_default();
    let (reliability, reliability_reasons) = reliability(one, changes_after, &history.ambiguities);
    let cms = one.cms();
    let mut report = SignatureReport {
        field: one.field.field.name.clone(),
        kind: one.kind(),
        indication: findings.indication,
        sub_indication: findings.sub,
        level,
        signer: shown.signer,
        claimed_time: claimed(one),
        best_time: one.best_time,
        coverage: one.layout.as_ref().ok().map(|layout| match layout.whole_file {
            true => Coverage::WholeFile,
            false => Coverage::Revision,
        }),
        changes_after,
        reasons: findings.reasons,
        reliability,
        reliability_reasons,
        trusted: settled.is_some_and(Settled::holds),
        revision: one.revision().map(|revision| revision + 1),
        subject: shown.subject,
        issuer: shown.issuer,
        serial: shown.serial,
        fingerprint: shown.fingerprint,
        time_stamp: one.stamps.first().and_then(|stamp| stamp.shown.clone()),
        reason: one.signature.reason.clone(),
        changes,
        digest_algorithm: cms.map(|cms| cms.digest_algorithm().name().to_owned()),
        signature_algorithm: cms.map(|cms| cms.signature_algorithm().name().to_owned()),
        content_digest: cms.and_then(|cms| cms.message_digest()).map(hex::encode),
        signature_policy: constraints::policy_of(one),
        policy: constraints.policy,
        time_stamps: detail::time_stamps(one),
        chain: settled.and_then(Settled::chain).map(detail::chain).unwrap_or_default(),
        certificate_policies: settled
            .and_then(Settled::chain)
            .map(|it| it.policies.clone())
            .unwrap_or_default(),
        advice: Vec::new(),
    };
    report.advice = advice::of(&report, settled, one);
    Some(report)
}

/// The time that the signer claims.
pub(crate) fn claimed(one: &Examined<'_>) -> Option<Timestamp> {
    one.signature.m.as_deref().and_then(parse_date)
}

/// The verdict on a field whose value is no signature dictionary.
pub(crate) fn broken(field: &SignatureField) -> SignatureReport {
    unread(field, Reason::new(Code::ContentsMissing))
}

/// The verdict on a signature that a later revision removed.
pub(crate) fn removed(one: &Removed) -> SignatureReport {
    let Removed { field, signature, revision } = one;
    let stated = crate::revisions::stated(signature);
    SignatureReport {
        kind: stated.kind,
        signer: stated.signer,
        claimed_time: signature.m.as_deref().and_then(parse_date),
        revision: Some(revision + 1),
        ..unread(field, Reason::new(Code::SignatureRemoved).with("revision", revision + 1))
    }
}

/// The verdict on what is not there to be examined.
fn unread(field: &SignatureField, why: Reason) -> SignatureReport {
    let not_met = |reason: Code| (Condition::NotMet, Reason::new(reason));
    let (signature_intact, signature_reason) = not_met(Code::SignatureNotIntact);
    let (content_intact, content_reason) = not_met(Code::ContentNotIntact);
    SignatureReport {
        field: field.field.name.clone(),
        kind: Kind::Signature,
        indication: Indication::TotalFailed,
        sub_indication: Some(SubIndication::FormatFailure),
        level: Level::NotEtsi,
        signer: None,
        claimed_time: None,
        best_time: None,
        coverage: None,
        changes_after: ChangesAfter::Forbidden,
        reasons: vec![why],
        reliability: Reliability {
            exclusive: Condition::NotShown,
            sole_control: Condition::NotShown,
            signature_intact,
            content_intact,
        },
        reliability_reasons: ReliabilityReasons {
            exclusive: Reason::new(Code::ExclusiveNotShown),
            sole_control: Reason::new(Code::SoleControlNotShown),
            signature_intact: signature_reason,
            content_intact: content_reason,
        },
        trusted: false,
        revision: None,
        subject: None,
        issuer: None,
        serial: None,
        fingerprint: None,
        time_stamp: None,
        reason: None,
        changes: Vec::new(),
        digest_algorithm: None,
        signature_algorithm: None,
        content_digest: None,
        signature_policy: None,
        policy: None,
        time_stamps: Vec::new(),
        chain: Vec::new(),
        certificate_policies: Vec::new(),
        advice: vec![Reason::new(Code::AdviceDoNotRely)],
    }
}

/// What later revisions did, judged by what this signature and the certification permit.
fn what_followed(
    document: &Document,
    one: &Examined<'_>,
    history: &History,
    certification: Option<DocMdp>,
) -> (ChangesAfter, Vec<Change>) {
    let Ok(layout) = &one.layout else { return (ChangesAfter::Forbidden, Vec::new()) };
    let permission = Permission::new(certification, crate::sign::locks_of(one.field));
    let (mut verdict, mut changes) = permission.judge(history.after(layout.revision));
    if let Some(stray) = &history.stray {
        verdict = ChangesAfter::Forbidden;
        changes.push(Change {
            revision: document.revisions().len(),
            object: None,
            pages: Vec::new(),
            permitted: false,
            what: stray.clone(),
        });
    }
    (verdict, changes)
}

struct Findings {
    indication: Indication,
    sub: Option<SubIndication>,
    reasons: Vec<Reason>,
}

/// Collects the reasons, the gravest first, and the indication that the first of them gives.
fn findings(
    one: &Examined<'_>,
    settled: Option<&Settled>,
    changes: ChangesAfter,
    constraints: Vec<Trouble>,
    ambiguities: &[Reason],
) -> Findings {
    let mut failures: Vec<(Indication, SubIndication, Reason)> = Vec::new();
    let mut notes = Vec::new();
    let failed = Indication::TotalFailed;
    if let Err(reason) = &one.layout {
        failures.push((failed, SubIndication::FormatFailure, reason.clone()));
    }
    if let Err(reason) = &one.body
        && one.layout.as_ref().err() != Some(reason)
    {
        let (indication, sub) = match one.is_unsupported() {
            true => (Indication::Indeterminate, SubIndication::Generic),
            false => (failed, SubIndication::FormatFailure),
        };
        failures.push((indication, sub, reason.clone()));
    }
    match &one.integrity {
        Some(Integrity { failure: Some((sub, reason)), .. }) => {
            failures.push((indication_of(*sub), *sub, reason.clone()));
        }
        Some(_) => {
            notes.push(Reason::new(Code::DigestMatches));
            notes.push(Reason::new(Code::SignatureVerifies));
        }
        None => {}
    }
    if one.layout.is_ok() {
        let (reason, forbidden) = match changes {
            ChangesAfter::None => (Reason::new(Code::NoChanges), false),
            ChangesAfter::Permitted => (Reason::new(Code::PermittedChanges), false),
            ChangesAfter::Forbidden => (Reason::new(Code::ForbiddenChanges), true),
        };
        if forbidden {
            failures.push((failed, SubIndication::FormatFailure, reason));
        } else {
            notes.push(reason);
        }
    }
    for reason in ambiguities {
        failures.push((failed, SubIndication::FormatFailure, reason.clone()));
    }
    let trouble = settled.and_then(|settled| settled.trouble.clone());
    for trouble in trouble.into_iter().chain(constraints) {
        failures.push((trouble.indication(), trouble.sub(), trouble.reason));
    }
    if let Some(settled) = settled.filter(|settled| settled.holds())
        && let Some(chain) = settled.chain()
    {
        notes.push(Reason::new(Code::Trusted).with("anchor", chain.anchor.common_name()));
        notes.extend(settled.notes.iter().cloned());
    }
    notes.extend(one.stamps.iter().chain(&one.content_stamps).map(|stamp| stamp.reason.clone()));
    if one.stamps.is_empty() && one.best_time.is_none() && one.is_intact() {
        notes.push(Reason::new(Code::NoTimeStamp));
    }
    if let (Some(claimed), Some(time)) = (claimed(one), one.best_time)
        && claimed > time
    {
        notes.push(Reason::new(Code::ClaimedTimeOff).with("claimed", claimed).with("time", time));
    }
    failures.sort_by_key(|(indication, ..)| *indication != failed);
    let (indication, sub) = failures
        .first()
        .map_or((Indication::TotalPassed, None), |(indication, sub, _)| (*indication, Some(*sub)));
    let reasons = failures.into_iter().map(|(.., reason)| reason).chain(notes).collect();
    Findings { indication, sub, reasons }
}

/// The indication under which a sub-indication stands (EN 319 102-1 table 6).
fn indication_of(sub: SubIndication) -> Indication {
    match sub {
        SubIndication::FormatFailure | SubIndication::HashFailure | SubIndication::SigCryptoFailure => {
            Indication::TotalFailed
        }
        _ => Indication::Indeterminate,
    }
}

fn reliability(
    one: &Examined<'_>,
    changes: ChangesAfter,
    ambiguities: &[Reason],
) -> (Reliability, ReliabilityReasons) {
    let intact = one.is_intact();
    let content = one.integrity.as_ref().is_some_and(|integrity| integrity.digest_matches)
        && intact
        && changes != ChangesAfter::Forbidden
        && ambiguities.is_empty();
    let unchecked = one.is_unsupported();
    let stands = |holds: bool| match (holds, unchecked) {
        (true, _) => Condition::Met,
        (false, true) => Condition::NotShown,
        (false, false) => Condition::NotMet,
    };
    let word = |holds: bool, yes: Code, no: Code| match (holds, unchecked) {
        (true, _) => Reason::new(yes),
        (false, true) => Reason::new(Code::NotChecked),
        (false, false) => Reason::new(no),
    };
    let reliability = Reliability {
        exclusive: Condition::NotShown,
        sole_control: Condition::NotShown,
        signature_intact: stands(intact),
        content_intact: stands(content),
    };
    let reasons = ReliabilityReasons {
        exclusive: Reason::new(Code::ExclusiveNotShown),
        sole_control: Reason::new(Code::SoleControlNotShown),
        signature_intact: word(intact, Code::SignatureIntact, Code::SignatureNotIntact),
        content_intact: word(content, Code::ContentIntact, Code::ContentNotIntact),
    };
    (reliability, reasons)
}

/// What a report shows of a certificate.
#[derive(Default)]
struct Shown {
    signer: Option<String>,
    subject: Option<Named>,
    issuer: Option<String>,
    serial: Option<String>,
    fingerprint: Option<String>,
}

impl Shown {
    fn of(certificate: &Certificate) -> Self {
        let name = certificate.subject();
        let owned = |value: Option<&str>| value.map(ToOwned::to_owned);
        Self {
            signer: Some(certificate.common_name()),
            subject: Some(Named {
                common_name: owned(name.common_name()),
                organization: owned(name.organization()),
                organization_identifier: owned(name.organization_identifier()),
                country: owned(name.country()),
            }),
            issuer: Some(certificate.issuer().to_string()),
            serial: Some(certificate.serial_hex()),
            fingerprint: Some(hex::encode(certificate.fingerprint())),
        }
    }
}

/// A date string (ISO 32000-2 §7.9.4): `D:YYYYMMDDHHmmSSOHH'mm`, everything after the year optional.
pub(crate) fn parse_date(text: &str) -> Option<Timestamp> {
    let text = text.strip_prefix("D:").unwrap_or(text);
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let part = |at: usize, missing: i8| match digits.get(at..at + 2) {
        Some(two) => two.parse::<i8>().ok(),
        None => Some(missing),
    };
    let year: i16 = digits.get(..4)?.parse().ok()?;
    let civil =
        DateTime::new(year, part(4, 1)?, part(6, 1)?, part(8, 0)?, part(10, 0)?, part(12, 0)?, 0).ok()?;
    let zone = text.get(digits.len()..)?;
    let offset = match zone.chars().next() {
        Some(sign @ ('+' | '-')) => {
            let numbers: String = zone.chars().filter(char::is_ascii_digit).collect();
            let hours: i32 = numbers.get(..2)?.parse().ok()?;
            let minutes: i32 = numbers.get(2..4).map_or(Some(0), |two| two.parse().ok())?;
            let seconds = hours * 3600 + minutes * 60;
            Offset::from_seconds(if sign == '-' { -seconds } else { seconds }).ok()?
        }
        _ => Offset::UTC,
    };
    civil.to_zoned(TimeZone::fixed(offset)).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_with_and_without_a_zone() {
        let at = |text: &str| parse_date(text).map(|time| time.to_string());
        assert_eq!(at("D:20210111194514+01'00'").as_deref(), Some("2021-01-11T18:45:14Z"));
        assert_eq!(at("D:20261122160000Z").as_deref(), Some("2026-11-22T16:00:00Z"));
        assert_eq!(at("D:2026").as_deref(), Some("2026-01-01T00:00:00Z"));
        assert_eq!(at("yesterday"), None);
    }
}
