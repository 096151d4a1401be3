//! What activation records show of a file's signatures: the conditions of Art. 13 that a file alone never shows.
//!
//! A record comes with the file and is judged without the server that made it. What stands in it counts as far as the
//! signature, the passkey and the authority's certificate bear it out, and no further; see `docs/sole-control.md`.

mod file;
mod known;
pub(crate) mod rules;

use domain::policy::SigningPolicy;
use jiff::Timestamp;
use keys::{ActivationRecord, Control, RecordError, SignedContent};
use pades::{ChainCertificate, Code, Condition, Kind, Reason, Report, SignatureReport};
use serde::{Deserialize, Serialize};

pub use self::file::FileRevisions;
pub use self::known::{Attesting, Known, KnownError};

/// Common names of the embedded authority's root and CAs begin so where nobody gave them others. Nothing rests on that: what a
/// certificate shows, it shows of an authority that whoever judges named.
const TEST_TRUST: &str = "Vermilion Test ";
/// The most records that are looked at.
const MOST_RECORDS: usize = 200;

/// The activation records that go with a document. JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlProof {
    r#type: ProofType,
    /// From 1.
    pub version: u32,
    /// One for each signature, in the order of signing.
    pub records: Vec<ActivationRecord>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum ProofType {
    #[serde(rename = "vermilion-activation-proof")]
    Activations,
}

impl ControlProof {
    /// A proof of these records.
    #[must_use]
    pub fn new(records: Vec<ActivationRecord>) -> Self {
        Self { r#type: ProofType::Activations, version: 1, records }
    }

    /// Reads what [`ControlProof::to_json`] wrote; none where it is something else.
    #[must_use]
    pub fn from_json(json: &[u8]) -> Option<Self> {
        serde_json::from_slice::<Self>(json)
            .ok()
            .filter(|it| it.version == 1 && it.records.len() <= MOST_RECORDS)
    }

    /// The signing policies that it holds: whether they are those of the signatures, the digests in these tell.
    #[must_use]
    pub fn policies(&self) -> Vec<SigningPolicy> {
        let read = |it: &ActivationRecord| SigningPolicy::from_canonical(it.policy.as_bytes());
        let mut policies: Vec<SigningPolicy> = self.records.iter().filter_map(read).collect();
        policies.dedup();
        policies
    }

    /// The proof as a file.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("strings and lists always serialise")
    }
}

/// Works the records into a report: the conditions (1) and (2) of each signature, and the rules of its signing policy that
/// records show, with their reasons. `file` is the document that the report is about.
pub fn apply(report: &mut Report, file: &FileRevisions, proof: &ControlProof, known: &Known) {
    for index in 0..report.signatures.len() {
        work_in(report, index, file, &proof.records, known, Absent::Said);
    }
}

/// The same for records that nobody brought: a signature that none of them is about stays as the file alone shows it.
pub fn apply_found(report: &mut Report, file: &FileRevisions, records: &[ActivationRecord], known: &Known) {
    for index in 0..report.signatures.len() {
        work_in(report, index, file, records, known, Absent::Left);
    }
}

/// What becomes of a signature of which there is no record.
#[derive(Clone, Copy)]
enum Absent {
    /// The verdict says so.
    Said,
    /// It stays as it is.
    Left,
}

fn work_in(
    report: &mut Report,
    index: usize,
    file: &FileRevisions,
    records: &[ActivationRecord],
    known: &Known,
    absent: Absent,
) {
    let Some(signature) = report.signatures.get_mut(index) else { return };
    // Nobody activates a key for a document time-stamp.
    if signature.kind == Kind::DocTimestamp {
        return;
    }
    let Some(finding) = judge(signature, file, records, known) else {
        if matches!(absent, Absent::Said) {
            signature.reliability.sole_control = Condition::NotShown;
            signature.reliability_reasons.sole_control = Reason::new(Code::SoleControlNoRecord);
        }
        return;
    };
    if let Some(reason) = &finding.exclusive {
        signature.reliability.exclusive = Condition::Met;
        signature.reliability_reasons.exclusive = reason.clone();
    }
    signature.reliability.sole_control = finding.condition;
    signature.reliability_reasons.sole_control = finding.reason.clone();
    if let Some(unmet) = rules::work_in(signature, &finding) {
        report.constrain(index, unmet);
    }
}

/// What a record shows of a signature.
struct Finding<'a> {
    record: &'a ActivationRecord,
    /// Whether it holds.
    held: Result<Control, RecordError>,
    /// Condition (2), and why.
    condition: Condition,
    reason: Reason,
    /// Why condition (1) is met, where it is.
    exclusive: Option<Reason>,
}

/// What the records of this signature show; none where there is none. Of several the one that shows most counts: a record
/// that does not hold takes nothing from one that does.
fn judge<'a>(
    signature: &SignatureReport,
    file: &FileRevisions,
    records: &'a [ActivationRecord],
    known: &Known,
) -> Option<Finding<'a>> {
    let found = Found::of(signature, file)?;
    let content = found.content();
    let own = records.iter().filter(|it| it.belongs_to(&content));
    let findings = own.filter_map(|record| finding(signature, record, &content, known));
    let shows = |it: &Finding<'_>| match it.condition {
        Condition::Met => 0,
        Condition::NotShown => 1,
        Condition::NotMet => 2,
    };
    findings.min_by_key(shows)
}

fn finding<'a>(
    signature: &SignatureReport,
    record: &'a ActivationRecord,
    content: &SignedContent<'_>,
    known: &Known,
) -> Option<Finding<'a>> {
    // Whatever a record says, it speaks of a signature that verifies.
    if signature.reliability.signature_intact != Condition::Met {
        return None;
    }
    let held = record.judge(content);
    let (condition, reason, exclusive) = match &held {
        Err(error) => (Condition::NotMet, contradicted(error), None),
        Ok(_) if rules::refuses(record) => {
            let detail = format!("its policy takes no key of the custody {}", record.custody);
            (Condition::NotMet, Reason::new(Code::SoleControlContradicted).with("detail", detail), None)
        }
        Ok(Control::Passkey { fingerprint, certified }) => passkey(signature, fingerprint, *certified, known),
        Ok(Control::Unwitnessed { custody }) => {
            let code = match custody.as_str() {
                "device" => Code::SoleControlDevice,
                "pkcs11" => Code::SoleControlModule,
                _ => Code::SoleControlUnwitnessed,
            };
            (Condition::NotShown, Reason::new(code), None)
        }
        Ok(_) => return None,
    };
    Some(Finding { record, held, condition, reason, exclusive })
}

/// A passkey agreed to exactly this signature. Whose passkey is it?
fn passkey(
    signature: &SignatureReport,
    fingerprint: &[u8; 32],
    certified: bool,
    known: &Known,
) -> (Condition, Reason, Option<Reason>) {
    let reason = |code| Reason::new(code).with("passkey", hex::encode(fingerprint));
    if known.passkeys.contains(fingerprint) {
        // What the key is bound to, the certificate says; that it says so for this signer, its authority.
        let bound = certified && signature.trusted;
        let exclusive = bound.then(|| Reason::new(Code::ExclusiveKnown));
        return (Condition::Met, reason(Code::SoleControlKnown), exclusive);
    }
    let not_shown = |code| (Condition::NotShown, reason(code), None);
    if !certified {
        return not_shown(Code::SoleControlUncertified);
    }
    if !signature.trusted {
        return not_shown(Code::SoleControlUntrusted);
    }
    // Whoever runs the embedded authority could have it certify a passkey of their own in anyone's name.
    let own = signature.chain.iter().any(|it| it.subject.starts_with(TEST_TRUST));
    if own || signature.chain.is_empty() {
        return not_shown(Code::SoleControlOwnAuthority);
    }
    // Whoever may ask another's authority for certificates, as whoever runs the server may, could ask for one that names a
    // passkey of their own: the platform is its registration authority. So does an authority that is the platform's own,
    // whatever it is called and whoever certified it.
    let Some(attesting) = attested(signature, known) else {
        return not_shown(Code::SoleControlRegistration);
    };
    let certified = reason(Code::SoleControlCertified).with("policy", &attesting.policy);
    let certified = certified.with("authority", hex::encode(attesting.authority));
    (Condition::Met, certified, Some(Reason::new(Code::ExclusiveCertified)))
}

/// The policy under which, as whoever judges knows, the authority that they name saw the passkey's registration: it is valid
/// along the path, and every certificate under that authority, down to the signer's, states it. Any-policy states nothing: an
/// authority that lets a CA do as it likes has not said that this CA looks itself.
fn attested<'a>(signature: &SignatureReport, known: &'a Known) -> Option<&'a Attesting> {
    known.attesting.iter().find(|it| {
        let authority = hex::encode(it.authority);
        let under = signature.chain.iter().position(|one| one.fingerprint == authority);
        let states = |one: &ChainCertificate| one.policies.contains(&it.policy);
        Known::may_attest(&it.policy)
            && signature.certificate_policies.contains(&it.policy)
            && under.is_some_and(|count| count > 0 && signature.chain.iter().take(count).all(states))
    })
}

fn contradicted(error: &RecordError) -> Reason {
    Reason::new(Code::SoleControlContradicted).with("detail", error)
}

/// What a record must name, read back from a report.
struct Found {
    certificate: [u8; 32],
    content: Vec<u8>,
    policy: Option<Vec<u8>>,
    revisions: Vec<[u8; 32]>,
    claimed: Option<Timestamp>,
    stamped: Option<Timestamp>,
}

impl Found {
    fn of(signature: &SignatureReport, file: &FileRevisions) -> Option<Self> {
        let mut certificate = [0; 32];
        hex::decode_to_slice(signature.fingerprint.as_deref()?, &mut certificate).ok()?;
        let content = hex::decode(signature.content_digest.as_deref()?).ok()?;
        let policy =
            signature.signature_policy.as_ref().map(|it| hex::decode(&it.digest)).transpose().ok()?;
        let stamp = signature.time_stamp.as_ref().filter(|it| it.trusted);
        Some(Self {
            certificate,
            content,
            policy,
            revisions: file.before(signature),
            claimed: signature.claimed_time,
            stamped: stamp.map(|it| it.time),
        })
    }

    fn content(&self) -> SignedContent<'_> {
        SignedContent {
            certificate: &self.certificate,
            content: &self.content,
            policy: self.policy.as_deref(),
            revisions: &self.revisions,
            claimed: self.claimed,
            stamped: self.stamped,
        }
    }
}
