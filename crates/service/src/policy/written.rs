//! Policies that are written here: by an account for itself, or in the name of an organization by someone who administers it.
//! Whoever acts for the organization may choose its policies; a power that ended chooses nothing any more, and takes nothing
//! from envelopes that were sent.

use domain::organization::{Agent, AgentScope};
use domain::policy::{
    Assurance, Author, Custody, Draft, IdentityRule, PUBLISHER, PolicyRef, Publisher, SignatureLevel,
    SigningPolicy, TimeRule, Title, WillCheck,
};
use domain::{AccountId, OrganizationId, Refusal};
use evidence::Body;
use jiff::Timestamp;
use serde::Deserialize;
use store::{Append, PolicyOwner, Reader, StoredPolicy, Tx};

use super::{digest, view_of};
use crate::account::Actor;
use crate::core::Service;
use crate::error::Error;
use crate::identity::sandbox::PROVIDER;
use crate::organization::agents;
use crate::view;

/// The most versions of policies that an account, or an organization, may write.
const LIMIT: u32 = 100;

/// What a sender writes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PolicyInput {
    /// The organization in whose name it is written; left out for the sender's own.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub organization: Option<OrganizationId>,
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
    #[cfg_attr(feature = "schema", schema(value_type = Vec<domain::policy::WillWay>))]
    pub will: WillCheck,
    /// Which time counts.
    pub time: TimeRule,
    /// The level that signatures reach at least.
    pub level: SignatureLevel,
}

impl PolicyInput {
    fn into_draft(self) -> Draft {
        Draft {
            name: self.name,
            title: self.title,
            identity: IdentityRule { assurance: self.assurance, max_age_days: self.max_age_days },
            custody: self.custody,
            will: self.will,
            time: self.time,
            level: self.level,
        }
    }
}

/// The policies that a sender may choose from, and the organizations in whose name they may write some.
///
/// # Errors
/// Where storage fails.
pub async fn list(service: &Service, actor: &Actor) -> Result<view::PolicyList, Error> {
    let now = service.now();
    let mut reader = service.store().read().await?;
    let mut items: Vec<SigningPolicy> = SigningPolicy::all_built_in().into();
    items.extend(newest(reader.policies(PolicyOwner::Account(actor.id())).await?));
    let mut organizations = Vec::new();
    for power in represented(service, &mut reader, actor.id(), now).await? {
        let id = power.organization_id;
        items.extend(newest(reader.policies(PolicyOwner::Organization(id)).await?));
        if !power.may(AgentScope::Administer, now) {
            continue;
        }
        let Some(known) = reader.organization(id).await? else { continue };
        organizations.push(view::PolicyOrganization {
            id: id.to_string(),
            name: known.name.as_str().to_owned(),
            credit_code: known.credit_code.as_str().to_owned(),
        });
    }
    Ok(view::PolicyList { items: items.iter().map(|it| view_of(service, it)).collect(), organizations })
}

/// The newest version of each name, out of one owner's policies with the newest versions first.
fn newest(stored: Vec<StoredPolicy>) -> Vec<SigningPolicy> {
    let mut found: Vec<SigningPolicy> = Vec::new();
    for it in stored {
        if found.iter().all(|known| known.name != it.policy.name) {
            found.push(it.policy);
        }
    }
    found
}

/// Writes a policy of the sender's own or of an organization's, or a new version of it. Envelopes that were sent keep theirs.
///
/// # Errors
/// `policy_invalid`, `limit_reached`; `agent_power` where the sender may act for the organization and not administer it;
/// [`Error::NotFound`] where they do not act for it.
pub async fn write(service: &Service, actor: &Actor, input: PolicyInput) -> Result<view::Policy, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let (owner, publisher) = match input.organization {
        None => (PolicyOwner::Account(actor.id()), Publisher::Account(actor.id())),
        Some(id) => {
            let author = speaking(service, &mut tx, actor, id, now).await?;
            (PolicyOwner::Organization(id), Publisher::Organization(id, author))
        }
    };
    let written = tx.policies(owner).await?;
    if written.len() >= LIMIT as usize {
        return Err(Refusal::LimitReached { what: "policies", limit: LIMIT }.into());
    }
    let newest = written.iter().find(|it| it.policy.name == input.name).map_or(0, |it| it.policy.version);
    let policy = SigningPolicy::write(input.into_draft(), publisher, newest + 1)?;
    let digest = digest(&policy);
    let stored = StoredPolicy { digest, owner: Some(owner), policy, created_at: now };
    tx.keep_policy(&stored).await?;
    let body = Body::new()
        .with("name", stored.policy.name.as_str())
        .with("version", stored.policy.version)
        .with("digest", hex::encode(digest));
    let subject = Some(stored.policy.publisher.clone());
    tx.append_event(Append { at: now, kind: "policy.written", subject, actor: actor.evidence(), body })
        .await?;
    tx.commit().await?;
    Ok(view_of(service, &stored.policy))
}

/// Passes where the account administers the organization now, and says how the organization is named as an author.
async fn speaking(
    service: &Service,
    tx: &mut Tx,
    actor: &Actor,
    id: OrganizationId,
    now: Timestamp,
) -> Result<Author, Error> {
    let represented = represented(service, tx, actor.id(), now).await?;
    let power = represented.into_iter().find(|it| it.organization_id == id).ok_or(Error::NotFound)?;
    if !power.may(AgentScope::Administer, now) {
        return Err(Refusal::AgentPower.into());
    }
    let known = tx.organization(id).await?.ok_or(Error::NotFound)?;
    Ok(Author { credit_code: known.credit_code, name: known.name })
}

/// The organizations that the account acts for now. What the sandbox verified counts for as long as there is a sandbox.
async fn represented(
    service: &Service,
    reader: &mut Reader,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<Agent>, Error> {
    let mut found = Vec::new();
    for power in agents::represented_by(reader, account, now).await? {
        let run = reader.organization_verification(power.verification_id).await?;
        if run.is_some_and(|it| it.provider != PROVIDER || service.has_sandbox()) {
            found.push(power);
        }
    }
    Ok(found)
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

/// The newest policy of this name that the account may choose now.
pub(crate) async fn named(
    service: &Service,
    reader: &mut Reader,
    account: AccountId,
    wanted: &PolicyRef,
) -> Result<SigningPolicy, Error> {
    let owner = match wanted.organization() {
        None => match SigningPolicy::built_in(wanted.name()) {
            Some(policy) => return Ok(policy),
            None => PolicyOwner::Account(account),
        },
        Some(id) => {
            let represented = represented(service, reader, account, service.now()).await?;
            // Who does not act for it does not learn whether it is there.
            if represented.iter().all(|it| it.organization_id != id) {
                return Err(Refusal::PolicyNotYours.into());
            }
            PolicyOwner::Organization(id)
        }
    };
    let found = reader.policies(owner).await?.into_iter().find(|it| it.policy.name == wanted.name());
    let unknown = || Refusal::PolicyUnknown { name: wanted.name().to_owned() };
    Ok(found.map(|it| it.policy).ok_or_else(unknown)?)
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
        tx.keep_policy(&StoredPolicy { digest, owner: None, policy, created_at }).await?;
    }
    Ok(digest)
}
