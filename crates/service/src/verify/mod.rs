//! Judging a PDF that anyone brings. Nothing of it is kept.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use pades::{Condition, Indication, Kind, Lang, Policy, Reason, Report, SignatureReport};
use pdf::{Document, FileSource, Limits, Source};

use pki::cms::SignedData;

use crate::ceremony;
use crate::control::{self, ControlProof, FileRevisions, Known};
use crate::core::Service;
use crate::envelope;
use crate::error::Error;
use crate::policy::AtHand;
use crate::proof::sha256;
use crate::view;

/// Pages that a document to be judged may have: far beyond what may be sent for signing.
const MOST_PAGES: usize = 100_000;
/// The most policies that a file's signatures name which are looked up.
const POLICIES: usize = 200;
/// The most characters of a file name in the answer.
const NAME: usize = 200;

/// Judges every signature of the file at `path`, under this server's trust.
///
/// # Errors
/// The upload's refusals, where the file is no PDF that can be read.
pub async fn verify(service: &Service, name: &str, path: &Path) -> Result<view::Verification, Error> {
    verify_with(service, name, path, None, &Known::default()).await
}

/// The same with the activation proof that came with the file, and with what whoever asks knows besides.
///
/// # Errors
/// As [`verify`].
pub async fn verify_with(
    service: &Service,
    name: &str,
    path: &Path,
    proof: Option<ControlProof>,
    known: &Known,
) -> Result<view::Verification, Error> {
    let source = FileSource::open(path)?;
    verdict(service, name, Arc::new(source), proof, known).await
}

/// The same for bytes from anywhere, without a proof.
///
/// # Errors
/// As [`verify`].
pub async fn verify_source(
    service: &Service,
    name: &str,
    source: Arc<dyn Source>,
) -> Result<view::Verification, Error> {
    verdict(service, name, source, None, &Known::default()).await
}

async fn verdict(
    service: &Service,
    name: &str,
    source: Arc<dyn Source>,
    proof: Option<ControlProof>,
    known: &Known,
) -> Result<view::Verification, Error> {
    let name: String = name.chars().filter(|c| !c.is_control()).take(NAME).collect();
    // Reading, hashing and checking signatures takes a while: off the reactor.
    let limits = service.config().limits;
    let opened = Arc::clone(&source);
    let (document, named) = tokio::task::spawn_blocking(move || open(opened, limits)).await??;
    // The signing policies that senders wrote on this server, beside those that are built in.
    let mut written = Vec::new();
    for digest in &named {
        written.extend(service.store().read().await?.policy(digest).await?.map(|it| it.policy));
    }
    let brought = proof.as_ref().map(ControlProof::policies).unwrap_or_default();
    let policies = AtHand::default().written(written).brought(brought);
    let mut judged = {
        let service = service.clone();
        tokio::task::spawn_blocking(move || judge(&service, name, &source, &document, policies)).await??
    };
    judged.policies.name_in(&mut judged.report);
    match proof {
        // As `vermilion verify --proof` judges, whatever this server remembers.
        Some(proof) => control::apply(&mut judged.report, &judged.revisions, &proof, known),
        None => {
            // What this server itself knows of the signatures: the records of their activations.
            let records = ceremony::records_of(&mut service.store().read().await?, &judged.report).await?;
            control::apply_found(&mut judged.report, &judged.revisions, &records, known);
        }
    }
    Ok(shown(service, &judged))
}

/// A verdict, before it is shown.
struct Judged {
    name: String,
    size: u64,
    sha256: [u8; 32],
    pages: u32,
    report: Report,
    revisions: FileRevisions,
    policies: AtHand,
}

/// The document, and the digests of the signing policies that its signatures name.
fn open(source: Arc<dyn Source>, limits: crate::Limits) -> Result<(Document, BTreeSet<[u8; 32]>), Error> {
    let document = Document::open(source, &Limits::default().with_max_pages(MOST_PAGES))
        .map_err(|error| envelope::open_error(error, limits))?;
    // What cannot be read is for the verdict to tell.
    let fields = document.signatures().unwrap_or_default();
    let named = |field: &pdf::SignatureField| -> Option<[u8; 32]> {
        let contents = field.signature.as_ref()?.contents.as_deref()?;
        let policy = SignedData::from_contents(contents).ok()?.signature_policy().ok()??;
        policy.digest.try_into().ok()
    };
    let mut digests = BTreeSet::new();
    for digest in fields.iter().filter_map(named) {
        if digests.len() < POLICIES {
            digests.insert(digest);
        }
    }
    Ok((document, digests))
}

fn judge(
    service: &Service,
    name: String,
    source: &Arc<dyn Source>,
    document: &Document,
    policies: AtHand,
) -> Result<Judged, Error> {
    let mut policy = Policy::new(service.certificates().anchors(), service.now());
    policy.signature_policies = policies.documents();
    Ok(Judged {
        size: source.len(),
        sha256: sha256(&**source)?,
        pages: u32::try_from(document.page_count()?).unwrap_or(u32::MAX),
        report: pades::validate(document, &policy).named(name.as_str()),
        revisions: FileRevisions::of(document),
        name,
        policies,
    })
}

fn shown(service: &Service, it: &Judged) -> view::Verification {
    let report = &it.report;
    view::Verification {
        file: it.name.clone(),
        size: it.size,
        sha256: hex::encode(it.sha256),
        pages: it.pages,
        indication: report.indication.as_str().to_owned(),
        signatures: report.signatures.iter().map(|one| signature(one, &it.policies)).collect(),
        trust: service.config().trust,
        reasons: report.reasons.iter().map(reason).collect(),
        summary: summary(report),
    }
}

/// The verdict in a sentence or two; the whole report says the rest.
fn summary(report: &Report) -> view::Summary {
    // A document time-stamp is nobody's signature.
    let signed = || report.signatures.iter().filter(|it| it.kind != Kind::DocTimestamp);
    let who: Vec<&str> = signed().filter_map(|it| it.signer.as_deref()).collect();
    let (en_who, zh_who) = (who.join(", "), who.join("、"));
    let broken = report.signatures.iter().any(|it| {
        it.reliability.content_intact == Condition::NotMet
            || it.reliability.signature_intact == Condition::NotMet
    });
    let (en, zh) = match report.indication {
        _ if report.signatures.is_empty() => (
            "This document carries no signature, so that nothing about it can be proved.".to_owned(),
            "文件中没有签名，无法证明其内容。".to_owned(),
        ),
        Indication::TotalPassed if signed().next().is_none() => (
            "Nobody has signed this document. A trusted time-stamp proves that it has not changed since.".to_owned(),
            "文件没有人签署。可信时间戳证明其内容此后未被改动。".to_owned(),
        ),
        Indication::TotalPassed => (
            format!("Signed by {en_who}. Nothing has changed since, and every certificate leads to a root that this server trusts."),
            format!("由{zh_who}签署。签署后内容未被改动，全部证书均可追溯至本服务器信任的根证书。"),
        ),
        Indication::TotalFailed if broken => (
            "The document was changed after it was signed, or a signature is broken. Do not rely on it.".to_owned(),
            "文件在签署后被改动，或签名已损坏，请勿信赖。".to_owned(),
        ),
        Indication::TotalFailed => (
            "A signature does not hold. Do not rely on this document before the reasons below are understood.".to_owned(),
            "有签名不成立。在弄清下列原因之前，请勿信赖本文件。".to_owned(),
        ),
        Indication::Indeterminate => (
            format!("Signed by {en_who}. What was checked holds, but not everything could be checked: see the reasons below."),
            format!("由{zh_who}签署。已检查的部分成立，但并非全部都能检查，详见下列原因。"),
        ),
    };
    view::Summary { en, zh_cn: zh }
}

fn signature(it: &SignatureReport, policies: &AtHand) -> view::VerifiedSignature {
    view::VerifiedSignature {
        field: it.field.clone(),
        kind: word(&it.kind),
        indication: it.indication.as_str().to_owned(),
        sub_indication: it.sub_indication.map(|sub| sub.as_str().to_owned()),
        level: it.level.as_str().to_owned(),
        signer: it.signer.clone(),
        claimed_time: it.claimed_time.map(view::Time),
        best_time: it.best_time.map(view::Time),
        coverage: it.coverage.as_ref().map(word),
        changes_after: word(&it.changes_after),
        reasons: it.reasons.iter().map(reason).collect(),
        advice: it.advice.iter().map(reason).collect(),
        reliability: view::Reliability {
            exclusive: word(&it.reliability.exclusive),
            sole_control: word(&it.reliability.sole_control),
            signature_intact: word(&it.reliability.signature_intact),
            content_intact: word(&it.reliability.content_intact),
        },
        reliability_reasons: view::ReliabilityReasons {
            exclusive: reason(&it.reliability_reasons.exclusive),
            sole_control: reason(&it.reliability_reasons.sole_control),
            signature_intact: reason(&it.reliability_reasons.signature_intact),
            content_intact: reason(&it.reliability_reasons.content_intact),
        },
        trusted: it.trusted,
        revision: it.revision.and_then(|number| u32::try_from(number).ok()),
        signer_subject: it.subject.as_ref().map(|subject| view::VerificationSubject {
            common_name: subject.common_name.clone(),
            organization: subject.organization.clone(),
            organization_identifier: subject.organization_identifier.clone(),
            country: subject.country.clone(),
        }),
        issuer: it.issuer.clone(),
        serial: it.serial.clone(),
        fingerprint: it.fingerprint.clone(),
        time_stamp: it.time_stamp.as_ref().map(|stamp| view::VerificationTimeStamp {
            time: stamp.time.into(),
            authority: stamp.authority.clone(),
            trusted: stamp.trusted,
        }),
        time_stamp_authority: it.time_stamp.as_ref().and_then(|stamp| stamp.authority.clone()),
        reason: it.reason.clone(),
        policy: it.signature_policy.as_ref().map(|named| named_policy(it, named, policies)),
        changes: it.changes.iter().map(change).collect(),
    }
}

/// The signing policy that a signature names, with what it is called where it is at hand, and how the signature stands to it.
fn named_policy(
    signature: &SignatureReport,
    named: &pades::PolicyReport,
    policies: &AtHand,
) -> view::VerifiedPolicy {
    let known = policies.of_digest(&named.digest);
    let rules = signature.policy.iter().flat_map(|it| &it.rules);
    view::VerifiedPolicy {
        oid: named.oid.clone(),
        digest: named.digest.clone(),
        source: known.map(|(source, _)| word(&source)),
        publisher: known.map(|(_, it)| it.publisher.clone()),
        organization: known.and_then(|(_, it)| it.organization.as_ref()).map(view::PolicyAuthor::of),
        title: known.map(|(_, it)| it.title.clone()),
        version: known.map(|(_, it)| it.version),
        rules: rules
            .map(|it| view::VerifiedRule {
                rule: word(&it.rule),
                condition: word(&it.condition),
                reason: reason(&it.reason),
            })
            .collect(),
    }
}

fn change(it: &pades::Change) -> view::VerifiedChange {
    view::VerifiedChange {
        revision: u32::try_from(it.revision).unwrap_or(u32::MAX),
        object: it.object.clone(),
        permitted: it.permitted,
        what: reason(&it.what),
    }
}

fn reason(it: &Reason) -> view::VerificationReason {
    view::VerificationReason {
        code: it.code.as_str().to_owned(),
        params: it.params.clone(),
        text: it.text(Lang::En),
        text_zh: it.text(Lang::Zh),
    }
}

/// The word that a unit variant serialises to.
fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
