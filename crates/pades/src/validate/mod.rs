//! Validating signatures (ETSI EN 319 102-1 V1.3.1), one clause a module:
//!
//! * [`format`] §5.2.2, [`hashing`] and [`integrity`] §5.2.7: the shape and the cryptography of a signature;
//! * [`chain`] §5.2.6: certificates and what revocation data says of them; [`trusted_list`], [`algorithms`] §5.1.4;
//! * [`judge`] §5.3 to §5.6: whether it holds now, with the time that is proved, or with archival data; [`trouble`]
//!   names what stands against it and what would remove that; [`poe`] and [`time`]: proofs of existence;
//! * [`constraints`] §5.2.8, [`levels`] EN 319 142-1 §6, [`signature`]: the verdict; [`removed`]: what is there no more.
//!
//! What came after a signature is judged by `crate::diff`.

mod advice;
mod algorithms;
mod chain;
mod constraints;
mod detail;
mod examined;
mod format;
pub(crate) mod hashing;
mod integrity;
mod judge;
mod levels;
mod material;
mod poe;
mod policy;
pub(crate) mod removed;
mod signature;
mod time;
mod tracing;
mod trouble;
mod trusted_list;

use pdf::{DocMdp, Document, ReadError, SignatureField, Transform};

use self::chain::Judge;
use self::examined::Examined;
use self::format::Layout;
use self::judge::Settled;
use self::material::Material;
pub(crate) use self::signature::parse_date;
use crate::diff::{self, Step};
use crate::report::trace::Trace;
use crate::report::{Code, Reason, Report, Validation};
use crate::sources::ValidationSource;

pub use self::algorithms::{AlgorithmConstraints, KeyLimit};
pub use self::policy::{Freshness, Policy, PolicyDocument, PolicyRule, RevocationRule, TimeDemand};
pub use self::trusted_list::{ServiceKind, StatusPeriod, TrustService, TrustedList, TrustedListError};

/// Judges every signature of a document.
///
/// Never fails: what cannot be read or does not hold is a report.
///
/// ```
/// use vermilion_pades::{Indication, Policy, RevocationRule, validate};
/// # use vermilion_pades::{Credential, Level, Place, SigningRequest, Sources};
/// # use pki::ca::{Issuer, Profile, Subject, Urls, Validity, prepare_root};
/// # use pki::{KeyAlgorithm, Serial, Signer, SoftwareSigner};
/// # let at: jiff::Timestamp = "2026-11-23T04:00:00Z".parse()?;
/// # let validity = Validity {
/// #     not_before: at - jiff::SignedDuration::from_hours(1),
/// #     not_after: at + jiff::SignedDuration::from_hours(24 * 90),
/// # };
/// # let named = |name: &str| Subject {
/// #     common_name: name.to_owned(),
/// #     country: Some("CN".to_owned()),
/// #     ..Subject::default()
/// # };
/// # let serial = |number| Serial::from_random([number; 16]);
/// # let (root_key, _) = SoftwareSigner::generate(KeyAlgorithm::P256)?;
/// # let root = prepare_root(&named("Root"), root_key.public_key_der(), &serial(1), validity)?.issue(&root_key)?;
/// # let issuer = Issuer { certificate: root.clone(), chain: vec![], urls: Urls::default() };
/// # let (key, _) = SoftwareSigner::generate(KeyAlgorithm::P256)?;
/// # let certificate = issuer
/// #     .prepare(Profile::Person, &named("Alice"), key.public_key_der(), &serial(2), validity)?
/// #     .issue(&root_key)?;
/// # let chain = vec![root.clone()];
/// # let mut builder = pdf::new::Builder::new(pdf::XrefKind::Table);
/// # builder.text_page(pdf::Rect::sized(0.0, 0.0, 595.0, 842.0), &["A contract"]);
/// # let mut file = builder.finish();
/// # let request = SigningRequest { place: Some(Place::invisible()), ..SigningRequest::new("Signature1", at) };
/// # let credential = Credential { signer: &key, certificate: &certificate, chain: &chain };
/// # let document = pdf::Document::open(std::sync::Arc::new(file.clone()), &pdf::Limits::default())?;
/// # file.extend(vermilion_pades::sign_to(&document, &request, credential, Level::BB, &Sources::none(at))?);
/// // `file`, a signed PDF; `root`, whom you trust; `at`, the time as of which to judge.
/// let document = pdf::Document::open(std::sync::Arc::new(file), &pdf::Limits::default())?;
/// let policy = Policy::new(vec![root], at).with_revocation(RevocationRule::IfPresent);
/// let report = validate(&document, &policy);
/// assert_eq!(report.indication, Indication::TotalPassed);
/// assert_eq!(report.signatures[0].signer.as_deref(), Some("Alice"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn validate(document: &Document, policy: &Policy) -> Report {
    reported(judge(document, policy, None, |_, _, _| Trace::default())).into_report()
}

/// The same with everything that it worked with, for the report of ETSI TS 119 102-2; `source` is asked for issuers and
/// revocation data that the file lacks.
#[must_use]
pub fn examine(document: &Document, policy: &Policy, source: Option<&dyn ValidationSource>) -> Validation {
    reported(judge(document, policy, source, tracing::trace))
}

/// What cannot be read is a report too.
fn reported(judged: Result<Validation, ReadError>) -> Validation {
    judged.unwrap_or_else(|error| {
        let reason = Reason::new(Code::Unreadable).with("detail", error.to_string());
        Validation::new(Report::new(Vec::new(), vec![reason]), Trace::default())
    })
}

fn judge(
    document: &Document,
    policy: &Policy,
    source: Option<&dyn ValidationSource>,
    trace: impl FnOnce(&[Examined<'_>], &[Option<Settled>], &Judge<'_>) -> Trace,
) -> Result<Validation, ReadError> {
    let (mut fields, empty): (Vec<SignatureField>, Vec<SignatureField>) =
        document.signatures()?.into_iter().partition(|field| field.signature.is_some());
    let gone = removed::removed(document, &fields)?;
    // A field that names a value which is no signature: something was signed here, and it is gone.
    let broken = empty.iter().filter(|field| !field.field.raw_value.is_null()).map(signature::broken);
    let broken: Vec<_> = broken.chain(gone.iter().map(signature::removed)).collect();
    if fields.is_empty() {
        return Ok(Validation::new(Report::new(broken, Vec::new()), Trace::default()));
    }
    let mut reasons = Vec::new();
    fields.sort_by_key(|field| field.signature.as_ref().map(|signature| signature.revision));
    if fields.len() > policy.max_signatures {
        fields.truncate(policy.max_signatures);
        reasons.push(Reason::new(Code::TooManySignatures).with("limit", policy.max_signatures));
    }
    let mut material = Material::of(document, policy);
    let mut examined = Examined::all(document, &fields, &mut material);
    let mut judge = Judge::new(policy, material, source);
    time::prove_existence(&mut examined, &mut judge);
    let settled: Vec<Option<Settled>> =
        (0..examined.len()).map(|index| signature::settle(&examined, index, &mut judge)).collect();
    let history = History::of(document, &examined);
    let certification = certification(document, &examined)?;
    let mut signatures: Vec<_> = settled
        .iter()
        .enumerate()
        .filter_map(|(index, settled)| {
            let settled = settled.as_ref();
            signature::report(document, &examined, index, settled, &history, certification, &judge)
        })
        .collect();
    signatures.extend(broken);
    let mut report = Report::new(signatures, reasons);
    report.validated_at = Some(policy.at);
    if !report.reasons.is_empty() && report.indication == crate::Indication::TotalPassed {
        // Signatures that were not examined cannot have passed.
        report.indication = crate::Indication::Indeterminate;
    }
    report.reasons.extend(notes(&judge, &settled));
    let trace = trace(&examined, &settled, &judge);
    Ok(Validation::new(report, trace))
}

/// The revision that a signature closes, counted from 0; `None` where its shape is not sound.
pub(crate) fn closes(document: &Document, signature: &pdf::Signature) -> Option<usize> {
    format::layout(document, signature).ok().map(|layout| layout.revision)
}

/// What concerns the validation as a whole: what did not answer, and which lists were relied on.
fn notes(judge: &Judge<'_>, settled: &[Option<Settled>]) -> Vec<Reason> {
    let mut notes = judge.unanswered.clone();
    let relied = settled.iter().flatten().filter_map(Settled::chain).any(|chain| chain.service.is_some());
    for list in judge.policy.trusted_lists.iter().filter(|_| relied) {
        let name = Reason::new(Code::ListNotVerified).with("territory", &list.territory);
        let named = [&list.operator, &list.territory].into_iter().find(|name| !name.trim().is_empty());
        notes.push(name.with("operator", named.map_or("?", String::as_str)));
        if let Some(due) = list.next_update.filter(|due| *due < judge.policy.at) {
            notes.push(Reason::new(Code::ListStale).with("territory", &list.territory).with("time", due));
        }
    }
    notes
}

/// What the document is certified for: by its catalog, or by a signature that the catalog does not name. The stricter.
fn certification(document: &Document, examined: &[Examined<'_>]) -> Result<Option<DocMdp>, ReadError> {
    let by_signature =
        examined.iter().flat_map(|one| &one.signature.references).filter_map(|one| match one.transform {
            Transform::DocMdp(permission) => Some(permission),
            _ => None,
        });
    Ok(by_signature.chain(document.certification()?).min())
}

/// What every revision after the first signed one changed.
pub(crate) struct History {
    steps: Vec<Step>,
    /// Bytes after the last revision that belong to none.
    stray: Option<Reason>,
    /// Why two programs could show different documents.
    pub(crate) ambiguities: Vec<Reason>,
}

impl History {
    fn of(document: &Document, examined: &[Examined<'_>]) -> Self {
        let first = examined
            .iter()
            .filter_map(|one| one.layout.as_ref().ok())
            .map(|Layout { revision, .. }| *revision)
            .min();
        let steps = first.map(|first| diff::steps_after(document, first)).unwrap_or_default();
        let end = document.revisions().last().map_or(0, |revision| revision.end);
        let stray = (document.len() > end)
            .then(|| Reason::new(Code::ChangeBytes).with("from", end).with("to", document.len()));
        Self { steps, stray, ambiguities: diff::ambiguities(document) }
    }

    /// What follows a revision.
    fn after(&self, revision: usize) -> &[Step] {
        let first = self.steps.partition_point(|step| step.revision <= revision);
        self.steps.get(first..).unwrap_or_default()
    }
}
