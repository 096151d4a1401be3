//! Signing policies: the built-in ones, those that accounts and organizations write, and what of them this server can give.

mod written;

pub use domain::policy::SigningPolicy;

use domain::Refusal;
use domain::policy::{Custody, PUBLISHER, PolicyRef, SignatureLevel, TimeRule, WillWay, oid};
use domain::recipient::{Recipient, RecipientKind};
use jiff::{SignedDuration, Timestamp};
use pades::{Code, PolicyDocument, PolicySource};
use pki::DigestAlgorithm;
use pki::cms::SignaturePolicy;
use providers::PersonMethod;
use store::{IdentityVerification, OrganizationVerification};

pub use self::written::{PolicyInput, document, list, write};
pub(crate) use self::written::{agreed, keep, named, with_digest};
use crate::control::rules;
use crate::core::Service;
use crate::{identity, view};

/// SHA-256 of the canonical form.
#[must_use]
pub fn digest(policy: &SigningPolicy) -> [u8; 32] {
    pki::sha256(&policy.canonical())
}

/// The built-in policies as a validation compares their digests with what signatures name. What they ask is judged by
/// whoever judges with [`AtHand`].
#[must_use]
pub fn built_in_documents() -> Vec<PolicyDocument> {
    let bare = |it: &SigningPolicy| PolicyDocument::new(oid(&digest(it)), it.canonical());
    SigningPolicy::all_built_in().iter().map(bare).collect()
}

/// The signing policies at hand when a file is judged, and where each is known from. A policy is the one with its digest,
/// whatever it calls itself: one that is built in is never taken from elsewhere.
#[derive(Debug, Clone)]
pub struct AtHand(Vec<(PolicySource, SigningPolicy)>);

impl Default for AtHand {
    /// Those that are built in.
    fn default() -> Self {
        Self(SigningPolicy::all_built_in().into_iter().map(|it| (PolicySource::BuiltIn, it)).collect())
    }
}

impl AtHand {
    /// With those that were written on this server.
    #[must_use]
    pub fn written(self, policies: impl IntoIterator<Item = SigningPolicy>) -> Self {
        self.with(PolicySource::Written, policies)
    }

    /// With those that came with a proof.
    #[must_use]
    pub fn brought(self, policies: impl IntoIterator<Item = SigningPolicy>) -> Self {
        self.with(PolicySource::Brought, policies)
    }

    fn with(mut self, source: PolicySource, policies: impl IntoIterator<Item = SigningPolicy>) -> Self {
        self.0.extend(policies.into_iter().map(|it| (source, it)));
        self
    }

    /// As a validation knows them, with what they ask of level and time.
    #[must_use]
    pub fn documents(&self) -> Vec<PolicyDocument> {
        let document = |(_, it): &(PolicySource, SigningPolicy)| {
            demanding(PolicyDocument::new(oid(&digest(it)), it.canonical()))
        };
        self.0.iter().map(document).collect()
    }

    /// Names the policies that signatures are found to bind, and says what else they ask.
    pub fn name_in(&self, report: &mut pades::Report) {
        for signature in &mut report.signatures {
            let Some(named) = &signature.signature_policy else { continue };
            let Some((source, policy)) = self.of_digest(&named.digest) else { continue };
            let matches = |reason: &&mut pades::Reason| reason.code == Code::PolicyMatches;
            for reason in signature.reasons.iter_mut().filter(matches) {
                *reason = called(source, policy, &named.oid);
            }
            if let Some(verdict) = &mut signature.policy {
                verdict.source = Some(source);
                verdict.name = Some(plain(&policy.name));
                verdict.version = Some(policy.version);
                verdict.publisher = Some(author(policy));
                rules::ask(verdict, policy);
            }
        }
    }

    /// The policy with this digest, hexadecimal.
    #[must_use]
    pub fn of_digest(&self, wanted: &str) -> Option<(PolicySource, &SigningPolicy)> {
        let found = self.0.iter().find(|(_, it)| hex::encode(digest(it)) == wanted);
        found.map(|(source, it)| (*source, it))
    }
}

/// A document from anywhere, with what it asks of level and time where it is a signing policy of this product.
#[must_use]
pub fn demanding(document: PolicyDocument) -> PolicyDocument {
    let Some(it) = SigningPolicy::from_canonical(&document.bytes) else { return document };
    PolicyDocument {
        least_level: Some(match it.level {
            SignatureLevel::T => pades::Level::BT,
            SignatureLevel::Lt => pades::Level::BLT,
            SignatureLevel::Lta => pades::Level::BLTA,
        }),
        time: Some(match it.time {
            TimeRule::Claimed => pades::TimeDemand::Claimed,
            TimeRule::Trusted => pades::TimeDemand::Trusted,
        }),
        ..document
    }
}

/// What a policy is called, by whom.
fn called(source: PolicySource, policy: &SigningPolicy, oid: &str) -> pades::Reason {
    let with = |code| {
        let reason = pades::Reason::new(code).with("policy", oid).with("name", plain(&policy.name));
        reason.with("version", policy.version).with("publisher", author(policy))
    };
    match source {
        PolicySource::BuiltIn => {
            let named = format!("{} {} ({oid})", policy.name, policy.version);
            pades::Reason::new(Code::PolicyMatches).with("policy", named)
        }
        PolicySource::Written => with(Code::PolicyWritten),
        PolicySource::Brought => with(Code::PolicyBrought),
    }
}

/// Who wrote a policy, as it may stand in a line: of two organizations of one name, the code says which.
fn author(policy: &SigningPolicy) -> String {
    match &policy.organization {
        Some(it) => format!("{} ({})", plain(it.name.as_str()), it.credit_code.as_str()),
        None => plain(&policy.publisher),
    }
}

/// What somebody wrote, as it may stand in a line.
fn plain(text: &str) -> String {
    text.chars().filter(|it| !it.is_control()).take(60).collect()
}

/// What a signature says of its policy.
pub(crate) fn identifier(service: &Service, policy: &SigningPolicy) -> SignaturePolicy {
    let digest = digest(policy);
    let url = service.config().authority_url.as_deref();
    SignaturePolicy {
        oid: oid(&digest),
        digest_algorithm: DigestAlgorithm::Sha256,
        digest: digest.to_vec(),
        uri: url.map(|url| format!("{url}/api/v1/policies/{}", hex::encode(digest))),
    }
}

/// Passes a policy that recipients can meet on this server: nobody is asked for what cannot be had.
pub(crate) fn can_be_met(service: &Service, policy: &SigningPolicy) -> Result<(), Refusal> {
    if policy.identity.assurance > service.providers().best_assurance() {
        return Err(Refusal::PolicyUnmet { what: "identity" });
    }
    if !policy.key.custody.iter().any(|custody| offers(service, *custody)) {
        return Err(Refusal::PolicyUnmet { what: "key" });
    }
    let ways = policy.will.ways();
    if !ways.is_empty() && !ways.iter().any(|way| *way != WillWay::Face && asks_by(service, policy, *way)) {
        return Err(Refusal::PolicyUnmet { what: "will" });
    }
    Ok(())
}

/// Whether the will can be asked for in this way.
fn asks_by(service: &Service, policy: &SigningPolicy, way: WillWay) -> bool {
    match way {
        WillWay::Sms => verifies_phones(service, policy),
        WillWay::Email => true,
        WillWay::Passkey => service.config().relying_party().is_some(),
        WillWay::Face => service.providers().offered().iter().any(|(method, _)| method.is_face()),
    }
}

/// Whether a check that is as sure as the policy asks verifies a phone too.
fn verifies_phones(service: &Service, policy: &SigningPolicy) -> bool {
    let verifies = |method: PersonMethod| {
        method.is_elements() && identity::reached_by(method) >= policy.identity.assurance
    };
    service.providers().offered().into_iter().any(|(method, _)| verifies(method))
}

/// Whether signers can have their key there.
pub(crate) fn offers(service: &Service, custody: Custody) -> bool {
    match custody {
        // A device signs the request for its certificate itself, whoever the authority is.
        Custody::Pin | Custody::Device => true,
        Custody::Passkey => service.config().relying_party().is_some(),
        Custody::Pkcs11 => service.token().is_some(),
    }
}

/// Whether this may confirm the use of a key in a hardware module: a PIN or a passkey, where the policy names one of them as
/// what opens keys; either where it names none.
pub(crate) fn confirms(policy: &SigningPolicy, factor: Custody) -> bool {
    let named = [Custody::Pin, Custody::Passkey].into_iter().any(|it| policy.allows(it));
    policy.allows(factor) || (!named && matches!(factor, Custody::Pin | Custody::Passkey))
}

/// Passes a policy that each of these recipients can meet, where there are any: people have no keys in the hardware module.
pub(crate) fn can_be_met_by(
    service: &Service,
    policy: &SigningPolicy,
    recipients: &[&Recipient],
) -> Result<(), Refusal> {
    if recipients.is_empty() {
        return Ok(());
    }
    can_be_met(service, policy)?;
    let for_people = |it: &Custody| *it != Custody::Pkcs11 && offers(service, *it);
    let a_person = recipients.iter().any(|it| it.kind == RecipientKind::Person);
    if a_person && !policy.key.custody.iter().any(for_people) {
        return Err(Refusal::PolicyUnmet { what: "key" });
    }
    recipients.iter().try_for_each(|it| can_confirm(service, policy, it))
}

/// Passes a recipient whose will can be asked for: who has what one of the ways needs, or is verified with a phone.
fn can_confirm(service: &Service, policy: &SigningPolicy, recipient: &Recipient) -> Result<(), Refusal> {
    let ways = policy.will.ways();
    if ways.is_empty() || ways.iter().any(|way| confirms_by(service, recipient, *way)) {
        return Ok(());
    }
    if ways.contains(&WillWay::Sms) && verifies_phones(service, policy) {
        return Ok(());
    }
    // This server can ask by one of them, so that it is the address that lacks.
    Err(Refusal::WillEmailMissing { name: recipient.name.to_string() })
}

/// Whether the recipient has, as the envelope is sent, what this check of the will needs. A face is none: it may be refused;
/// nor is a phone, which counts once it was verified.
fn confirms_by(service: &Service, recipient: &Recipient, way: WillWay) -> bool {
    match way {
        WillWay::Email => recipient.email.is_some(),
        WillWay::Passkey => service.config().relying_party().is_some(),
        WillWay::Sms | WillWay::Face => false,
    }
}

/// Whether the recipient is to be verified with a phone: without one they could confirm their will in no way.
pub(crate) fn needs_phone(service: &Service, policy: &SigningPolicy, recipient: &Recipient) -> bool {
    let ways = policy.will.ways();
    ways.contains(&WillWay::Sms) && !ways.iter().any(|way| confirms_by(service, recipient, *way))
}

/// Whether a check of a person's identity is as sure and as fresh as the policy asks.
pub(crate) fn accepts(policy: &SigningPolicy, it: &IdentityVerification, now: Timestamp) -> bool {
    is_fresh(policy, it.verified_at, now)
        && it.assurance.is_some_and(|reached| reached >= policy.identity.assurance)
}

/// Whether a check of a company, and of who acts for it, is as fresh as the policy asks.
pub(crate) fn accepts_company(policy: &SigningPolicy, it: &OrganizationVerification, now: Timestamp) -> bool {
    is_fresh(policy, it.verified_at, now)
}

fn is_fresh(policy: &SigningPolicy, verified_at: Option<Timestamp>, now: Timestamp) -> bool {
    policy.identity.max_age_days.is_none_or(|days| {
        let age = SignedDuration::from_hours(24 * i64::from(days));
        verified_at.is_some_and(|at| now < at + age)
    })
}

pub(crate) fn view_of(service: &Service, it: &SigningPolicy) -> view::Policy {
    let digest = digest(it);
    view::Policy {
        reference: reference(it).to_string(),
        name: it.name.clone(),
        version: it.version,
        built_in: it.publisher == PUBLISHER,
        organization: it.organization.as_ref().map(view::PolicyAuthor::of),
        title: it.title.clone(),
        digest: hex::encode(digest),
        oid: oid(&digest),
        assurance: it.identity.assurance,
        max_age_days: it.identity.max_age_days,
        custody: it.key.custody.clone(),
        will: it.will.ways().to_vec(),
        time: it.time,
        level: it.level,
        available: can_be_met(service, it).is_ok(),
    }
}

/// How envelopes name a policy that was written here.
fn reference(it: &SigningPolicy) -> PolicyRef {
    let organization = it.organization.as_ref().and_then(|_| it.publisher.parse().ok());
    PolicyRef::new(organization, &it.name)
}
