//! Signing policies: the built-in ones, those that accounts write, and what of them this server can give.

pub use domain::policy::SigningPolicy;

use domain::policy::{
    Assurance, Custody, Draft, IdentityRule, PUBLISHER, SignatureLevel, TimeRule, Title, WillCheck, WillWay,
    oid,
};
use domain::recipient::{Recipient, RecipientKind};
use domain::{AccountId, Refusal};
use evidence::Body;
use jiff::{SignedDuration, Timestamp};
use pades::{Code, PolicyDocument, PolicySource};
use pki::DigestAlgorithm;
use pki::cms::SignaturePolicy;
use providers::PersonMethod;
use serde::Deserialize;
use store::{Append, IdentityVerification, OrganizationVerification, Reader, StoredPolicy, Tx};

use crate::account::Actor;
use crate::control::rules;
use crate::core::Service;
use crate::error::Error;
use crate::{identity, view};

/// The most versions of policies that an account may write.
const LIMIT: u32 = 100;

/// What a sender writes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PolicyInput {
    /// Name: lower-case letters, digits and hyphens.
    pub name: String,
    /// What people call it.
    pub title: Title,
    /// How sure the signer's identity must be.
    pub assurance: Assurance,
    /// How many days the check of it may be old.
    #[serde(default)]
    pub max_age_days: Option<u32>,
    /// Where the key may be.
    pub custody: Vec<Custody>,
    /// The checks of the will of which the signer chooses one; none where opening the key is enough.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<WillWay>))]
    pub will: WillCheck,
    /// Which time counts.
    pub time: TimeRule,
    /// The level that signatures reach at least.
    pub level: SignatureLevel,
}

/// The policies that a sender may choose from.
///
/// # Errors
/// Where storage fails.
pub async fn list(service: &Service, actor: &Actor) -> Result<view::PolicyList, Error> {
    let own = service.store().read().await?.policies(actor.id()).await?;
    let mut items: Vec<SigningPolicy> = SigningPolicy::all_built_in().into();
    for stored in own {
        // The newest version of a name comes first.
        if items.iter().all(|it| it.name != stored.policy.name) {
            items.push(stored.policy);
        }
    }
    Ok(view::PolicyList { items: items.iter().map(|it| view_of(service, it)).collect() })
}

/// Writes a policy of the sender's own, or a new version of it. Envelopes that were sent keep theirs.
///
/// # Errors
/// `policy_invalid`, `limit_reached`.
pub async fn write(service: &Service, actor: &Actor, input: PolicyInput) -> Result<view::Policy, Error> {
    let mut tx = service.store().begin().await?;
    let written = tx.policies(actor.id()).await?;
    if written.len() >= LIMIT as usize {
        return Err(Refusal::LimitReached { what: "policies", limit: LIMIT }.into());
    }
    let newest = written.iter().find(|it| it.policy.name == input.name).map_or(0, |it| it.policy.version);
    let draft = Draft {
        name: input.name,
        title: input.title,
        identity: IdentityRule { assurance: input.assurance, max_age_days: input.max_age_days },
        custody: input.custody,
        will: input.will,
        time: input.time,
        level: input.level,
    };
    let policy = SigningPolicy::write(draft, &actor.id().to_string(), newest + 1)?;
    let (digest, now) = (digest(&policy), service.now());
    let stored = StoredPolicy { digest, account_id: Some(actor.id()), policy, created_at: now };
    tx.keep_policy(&stored).await?;
    let body = Body::new()
        .with("name", stored.policy.name.as_str())
        .with("version", stored.policy.version)
        .with("digest", hex::encode(digest));
    let subject = Some(actor.id().to_string());
    tx.append_event(Append { at: now, kind: "policy.written", subject, actor: actor.evidence(), body })
        .await?;
    tx.commit().await?;
    Ok(view_of(service, &stored.policy))
}

/// The canonical bytes of the policy with this digest, for anyone who holds a signature that names it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn document(service: &Service, digest_hex: &str) -> Result<Vec<u8>, Error> {
    let mut wanted = [0; 32];
    hex::decode_to_slice(digest_hex, &mut wanted).map_err(|_| Error::NotFound)?;
    let found = with_digest(&mut service.store().read().await?, &wanted).await?;
    Ok(found.ok_or(Error::NotFound)?.canonical())
}

/// The policy with this digest: one that is built in, or was written here.
pub(crate) async fn with_digest(
    reader: &mut Reader,
    wanted: &[u8; 32],
) -> Result<Option<SigningPolicy>, Error> {
    match SigningPolicy::all_built_in().into_iter().find(|it| digest(it) == *wanted) {
        Some(policy) => Ok(Some(policy)),
        None => Ok(reader.policy(wanted).await?.map(|it| it.policy)),
    }
}

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
                verdict.publisher = Some(plain(&policy.publisher));
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
        reason.with("version", policy.version).with("publisher", plain(&policy.publisher))
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

/// The newest policy of this name that the account may use.
pub(crate) async fn named(
    reader: &mut Reader,
    account: AccountId,
    name: &str,
) -> Result<SigningPolicy, Error> {
    if let Some(policy) = SigningPolicy::built_in(name) {
        return Ok(policy);
    }
    let own = reader.policies(account).await?.into_iter().find(|it| it.policy.name == name);
    Ok(own.map(|it| it.policy).ok_or_else(|| Refusal::PolicyUnknown { name: name.to_owned() })?)
}

/// The policy under which an envelope was sent. One that was sent before there were policies stands under the default.
pub(crate) async fn agreed(reader: &mut Reader, digest: Option<&[u8; 32]>) -> Result<SigningPolicy, Error> {
    match digest {
        Some(digest) => {
            let kept = reader.policy(digest).await?;
            kept.map(|it| it.policy).ok_or_else(|| Error::internal("an envelope's signing policy is missing"))
        }
        None => SigningPolicy::built_in(SigningPolicy::DEFAULT)
            .ok_or_else(|| Error::internal("the default signing policy is built in")),
    }
}

/// Keeps the policy under which an envelope is sent, and gives its digest.
pub(crate) async fn keep(tx: &mut Tx, policy: &SigningPolicy, now: Timestamp) -> Result<[u8; 32], Error> {
    let digest = digest(policy);
    if policy.publisher == PUBLISHER {
        let (policy, created_at) = (policy.clone(), now);
        tx.keep_policy(&StoredPolicy { digest, account_id: None, policy, created_at }).await?;
    }
    Ok(digest)
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
        name: it.name.clone(),
        version: it.version,
        built_in: it.publisher == PUBLISHER,
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
