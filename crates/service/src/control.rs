//! What activation records show of a file's signatures: the conditions of Art. 13 that a file alone never shows.
//!
//! A record comes with the file and is judged without the server that made it. What stands in it counts as far as the
//! signature, the passkey and the authority's certificate bear it out, and no further; see `docs/sole-control.md`.

use domain::policy::SigningPolicy;
use keys::{ActivationRecord, Control, RecordError, SignedContent};
use pades::{Code, Condition, Kind, Reason, Report, SignatureReport};
use pki::Certificate;
use serde::{Deserialize, Serialize};

/// Common names of the embedded authority's root and CAs begin so: they are run by whoever runs the server.
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

/// What whoever judges knows besides the file and the proof.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Fingerprints of passkeys that they know to be the signers', from the signers themselves.
    pub passkeys: Vec<[u8; 32]>,
    /// Certificate policies, dotted, of which they know that an authority whose root they trust certifies under them only what
    /// it saw itself: that the person whom the certificate names registered the passkey that it names. A request asks for
    /// name and passkey alike, so that without this both are the word of whoever asked.
    pub attesting: Vec<String>,
}

/// Works the records into a report: the conditions (1) and (2) of each signature, with their reasons.
pub fn apply(report: &mut Report, proof: &ControlProof, known: &Known) {
    for signature in signatures(report) {
        let judged = judge(signature, &proof.records, known);
        put(signature, judged.unwrap_or((Condition::NotShown, Reason::new(Code::SoleControlNoRecord))));
    }
}

/// The same for records that nobody brought: a signature that none of them is about stays as the file alone shows it.
pub fn apply_found(report: &mut Report, records: &[ActivationRecord]) {
    for signature in signatures(report) {
        if let Some(judged) = judge(signature, records, &Known::default()) {
            put(signature, judged);
        }
    }
}

/// Nobody activates a key for a document time-stamp.
fn signatures(report: &mut Report) -> impl Iterator<Item = &mut SignatureReport> {
    report.signatures.iter_mut().filter(|it| it.kind != Kind::DocTimestamp)
}

/// What the record of this signature shows; none where there is none.
fn judge(
    signature: &SignatureReport,
    records: &[ActivationRecord],
    known: &Known,
) -> Option<(Condition, Reason)> {
    let found = Found::of(signature)?;
    let content = found.content();
    let record = records.iter().find(|it| it.belongs_to(&content))?;
    Some(match record.judge(&content) {
        Err(error) => (Condition::NotMet, contradicted(&error)),
        // Whatever a record says, it speaks of a signature that verifies.
        Ok(_) if signature.reliability.signature_intact != Condition::Met => return None,
        Ok(Control::Passkey { fingerprint, certified }) => {
            let attested = attested(record, known);
            let (condition, code) = passkey(signature, &fingerprint, certified, attested.is_some(), known);
            let reason = Reason::new(code).with("passkey", hex::encode(fingerprint));
            match attested.filter(|_| code == Code::SoleControlCertified) {
                Some(policy) => (condition, reason.with("policy", policy)),
                None => (condition, reason),
            }
        }
        Ok(Control::Unwitnessed { custody }) => {
            let code = match custody.as_str() {
                "device" => Code::SoleControlDevice,
                "pkcs11" => Code::SoleControlModule,
                _ => Code::SoleControlUnwitnessed,
            };
            (Condition::NotShown, Reason::new(code))
        }
        Ok(_) => return None,
    })
}

fn put(signature: &mut SignatureReport, (condition, reason): (Condition, Reason)) {
    if condition == Condition::Met && reason.code == Code::SoleControlCertified {
        signature.reliability.exclusive = Condition::Met;
        signature.reliability_reasons.exclusive = Reason::new(Code::ExclusiveCertified);
    }
    signature.reliability.sole_control = condition;
    signature.reliability_reasons.sole_control = reason;
}

/// A passkey agreed to exactly this signature. Whose passkey is it?
fn passkey(
    signature: &SignatureReport,
    fingerprint: &[u8; 32],
    certified: bool,
    attested: bool,
    known: &Known,
) -> (Condition, Code) {
    if known.passkeys.contains(fingerprint) {
        return (Condition::Met, Code::SoleControlKnown);
    }
    if !certified {
        return (Condition::NotShown, Code::SoleControlUncertified);
    }
    if !signature.trusted {
        return (Condition::NotShown, Code::SoleControlUntrusted);
    }
    // Whoever runs the embedded authority could have it certify a passkey of their own in anyone's name: also where its CA
    // was certified by somebody else's root.
    let own = signature.chain.iter().any(|it| it.subject.starts_with(TEST_TRUST));
    if own || signature.chain.is_empty() {
        return (Condition::NotShown, Code::SoleControlOwnAuthority);
    }
    // Whoever may ask another's authority for certificates, as whoever runs the server may, could ask for one that names a
    // passkey of their own: the platform is its registration authority.
    if !attested {
        return (Condition::NotShown, Code::SoleControlRegistration);
    }
    (Condition::Met, Code::SoleControlCertified)
}

/// The policy of the certificate under which its authority, as whoever judges knows, saw the passkey's registration. The
/// record's certificate is the signature's: its judge saw to that.
fn attested(record: &ActivationRecord, known: &Known) -> Option<String> {
    let certificate = Certificate::from_der(&record.certificate).ok()?;
    certificate.policies().into_iter().find(|policy| known.attesting.contains(policy))
}

fn contradicted(error: &RecordError) -> Reason {
    Reason::new(Code::SoleControlContradicted).with("detail", error)
}

/// What a record must name, read back from a report.
struct Found {
    certificate: [u8; 32],
    content: Vec<u8>,
    policy: Option<Vec<u8>>,
}

impl Found {
    fn of(signature: &SignatureReport) -> Option<Self> {
        let mut certificate = [0; 32];
        hex::decode_to_slice(signature.fingerprint.as_deref()?, &mut certificate).ok()?;
        let content = hex::decode(signature.content_digest.as_deref()?).ok()?;
        let policy =
            signature.signature_policy.as_ref().map(|it| hex::decode(&it.digest)).transpose().ok()?;
        Some(Self { certificate, content, policy })
    }

    fn content(&self) -> SignedContent<'_> {
        SignedContent {
            certificate: &self.certificate,
            content: &self.content,
            policy: self.policy.as_deref(),
        }
    }
}
