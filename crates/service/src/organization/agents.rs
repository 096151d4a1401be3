//! Who acts for an organization (经办人). Whoever wants to know whether somebody does (the ceremony, and with it keys and
//! certificates, and the administration of directories) asks [`acting`].

use domain::organization::{Agent, AgentEnd, AgentRole, AgentScope, OrganizationWay, Revocation};
use domain::{AccountId, AgentId, CreditCode, OrganizationId, PersonId, Refusal, VerificationId};
use evidence::{Actor as By, Body};
use jiff::Timestamp;
use serde::Deserialize;
use store::{Append, OrganizationVerification, Reader, Tx};

use crate::account::{Actor, require_confirmed};
use crate::authority::{LapseCause, OwnerOf, lapse, restored};
use crate::core::Service;
use crate::error::Error;
use crate::view::{self, Time};

/// The power by which a person does something for an organization now; none where they may not.
pub(crate) async fn acting(
    reader: &mut Reader,
    person: PersonId,
    organization: OrganizationId,
    scope: AgentScope,
    now: Timestamp,
) -> Result<Option<Agent>, Error> {
    let agents = reader.agents_of_person(person).await?;
    Ok(agents.into_iter().find(|it| it.organization_id == organization && it.may(scope, now)))
}

/// The agent as whom an account administers an organization now.
pub(crate) async fn of_account(
    reader: &mut Reader,
    account: AccountId,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<Option<Agent>, Error> {
    let represented = represented_by(reader, account, now).await?;
    let administers = |it: &Agent| it.organization_id == organization && it.may(AgentScope::Administer, now);
    Ok(represented.into_iter().find(administers))
}

/// The organizations that an account acts for now, whatever for, each with the power that reaches farthest.
pub(crate) async fn represented_by(
    reader: &mut Reader,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<Agent>, Error> {
    let linked = reader.administered_by(account).await?;
    let mut candidates: Vec<_> = linked.iter().map(|it| (it.person_id, it.organization_id)).collect();
    // Whose account it is needs no further link to what they act for.
    if let Some(own) = reader.person_of_account(account).await? {
        let powers = reader.agents_of_person(own.person_id).await?;
        candidates.extend(powers.iter().map(|it| (own.person_id, it.organization_id)));
    }
    let mut found: Vec<Agent> = Vec::new();
    for scope in [AgentScope::Administer, AgentScope::Seal] {
        for (person, organization) in &candidates {
            if found.iter().all(|it| it.organization_id != *organization) {
                found.extend(acting(reader, *person, *organization, scope, now).await?);
            }
        }
    }
    Ok(found)
}

/// Passes unless the organization took this person's power away. Then what anybody at the organization can do, such as
/// reading a statement of its account, brings it back no more.
pub(crate) async fn require_welcome(
    reader: &mut Reader,
    person: PersonId,
    code: &CreditCode,
) -> Result<(), Error> {
    if is_dismissed(reader, person, code).await? { Err(Refusal::AgentRevoked.into()) } else { Ok(()) }
}

/// Whether the organization took this person's power away, and gave none since.
pub(crate) async fn is_dismissed(
    reader: &mut Reader,
    person: PersonId,
    code: &CreditCode,
) -> Result<bool, Error> {
    let Some(organization) = reader.organization_by_code(code).await? else { return Ok(false) };
    let last =
        reader.agents_of_person(person).await?.into_iter().find(|it| it.organization_id == organization.id);
    Ok(last.and_then(|it| it.revoked).is_some_and(|revoked| revoked.reason.is_taken_away()))
}

/// What a verification gives to its person.
pub(crate) struct Grant {
    pub(crate) role: AgentRole,
    pub(crate) proof: OrganizationWay,
    pub(crate) scope: Vec<AgentScope>,
}

/// Makes the verification's person an agent of its organization. What they were to it before is renewed; whoever led it
/// until the registry named somebody else does so no more. The caller calls
/// [`crate::authority::EmbeddedAuthority::changed`] after its commit.
pub(crate) async fn empower(
    service: &Service,
    tx: &mut Tx,
    of: &OrganizationVerification,
    grant: Grant,
    by: By,
) -> Result<Agent, Error> {
    let now = service.now();
    let organization =
        of.organization_id.ok_or_else(|| Error::internal("an agent acts for an organization"))?;
    for before in tx.agents(organization).await?.into_iter().filter(|it| it.revoked.is_none()) {
        if before.person_id == of.person_id {
            end(service, tx, before, AgentEnd::Renewed, None, By::System, now).await?;
        } else if before.role == AgentRole::LegalRepresentative
            && is_replaced(tx, &before, of, &grant).await?
        {
            end(service, tx, before, AgentEnd::Replaced, None, By::System, now).await?;
        }
    }
    let agent = Agent {
        id: AgentId::new(service.clock(), service.rng()),
        organization_id: organization,
        person_id: of.person_id,
        role: grant.role,
        proof: grant.proof,
        verification_id: of.id,
        scope: grant.scope,
        since: now,
        until: of.expires_at,
        revoked: None,
    };
    tx.put_agent(&agent).await?;
    let scope: Vec<&str> = agent.scope.iter().map(|it| it.as_str()).collect();
    let body = Body::new()
        .with("agent", agent.id.to_string())
        .with("person", agent.person_id.to_string())
        .with("role", agent.role.as_str())
        .with("proof", agent.proof.as_str())
        .with("scope", scope.join(" "))
        .with("verification", of.id.to_string())
        .maybe("until", agent.until.map(|it| it.to_string()));
    tx.append_event(about(organization, "agent.empowered", by, body, now)).await?;
    // What was on hold because the power before it had run out counts again.
    restored(service, tx, agent.person_id, now).await?;
    Ok(agent)
}

/// Whether the registry names another legal representative by now: a company has one.
async fn is_replaced(
    reader: &mut Reader,
    leader: &Agent,
    newer: &OrganizationVerification,
    grant: &Grant,
) -> Result<bool, Error> {
    if grant.role == AgentRole::LegalRepresentative {
        return Ok(true);
    }
    let shown = reader.organization_verification(leader.verification_id).await?;
    Ok(shown.is_some_and(|it| !it.legal_representative.matches(&newer.legal_representative)))
}

/// Why an administrator takes an agent's power away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Dismissal {
    /// The agent acts for the organization no more.
    Dismissed,
    /// The agent misused their power.
    Misused,
}

/// Who acts for an organization, for an account that is linked to it.
///
/// # Errors
/// [`Error::NotFound`] for others.
pub async fn list(
    service: &Service,
    actor: &Actor,
    organization: OrganizationId,
) -> Result<view::OrganizationAgents, Error> {
    let mut reader = service.store().read().await?;
    shown(&mut reader, actor, organization, service.now()).await
}

/// Ends an agent's power: the certificates of their seal keys for the organization are revoked, and what they were about to
/// seal stops. The account's own agent resigns so.
///
/// # Errors
/// [`Error::NotFound`] for accounts that are not linked; `confirmation_missing` where the password was not typed a short while
/// ago; `agent_power` where the account's agent may not; `agent_ended` where it has ended already.
pub async fn revoke(
    service: &Service,
    actor: &Actor,
    organization: OrganizationId,
    agent: AgentId,
    reason: Dismissal,
) -> Result<view::OrganizationAgents, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let me = of_account(&mut tx, actor.id(), organization, now).await?.ok_or(Error::NotFound)?;
    let other = tx.agent(agent).await?.filter(|it| it.organization_id == organization);
    let other = other.ok_or(Error::NotFound)?;
    require_confirmed(actor, now)?;
    if other.revoked.is_some() {
        return Err(Refusal::AgentEnded.into());
    }
    if !me.may_revoke(&other, now) {
        return Err(Refusal::AgentPower.into());
    }
    let reason = match reason {
        _ if me.person_id == other.person_id => AgentEnd::Resigned,
        Dismissal::Dismissed => AgentEnd::Dismissed,
        Dismissal::Misused => AgentEnd::Misused,
    };
    let resigned = reason == AgentEnd::Resigned;
    end(service, &mut tx, other, reason, Some(me.id), actor.evidence(), now).await?;
    // Whoever resigned is linked no more, and sees no more of it than this.
    let listed = match resigned {
        false => Some(shown(&mut tx, actor, organization, now).await?),
        true => None,
    };
    tx.commit().await?;
    service.authority().changed().await;
    match listed {
        Some(listed) => Ok(listed),
        None => {
            let mut reader = service.store().read().await?;
            let known = reader.organization(organization).await?.ok_or(Error::NotFound)?;
            Ok(empty(&known))
        }
    }
}

/// What showed a run turned out wrong: the power that it gave ends, if it holds still. The caller calls
/// [`crate::authority::EmbeddedAuthority::changed`] after its commit.
pub(crate) async fn unprove(
    service: &Service,
    tx: &mut Tx,
    run: VerificationId,
    by: By,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(it) = tx.organization_verification(run).await? else { return Ok(()) };
    let agents = tx.agents_of_person(it.person_id).await?;
    match agents.into_iter().find(|agent| agent.verification_id == run && agent.revoked.is_none()) {
        Some(agent) => end(service, tx, agent, AgentEnd::Unproven, None, by, now).await,
        None => Ok(()),
    }
}

/// The registry says that an organization is no more: every power ends, every ceremony in which it was about to seal stops, and
/// the certificates of its seal keys are revoked. Whether there was anything to end; then the caller calls
/// [`crate::authority::EmbeddedAuthority::changed`] after its commit.
pub(super) async fn close(
    service: &Service,
    tx: &mut Tx,
    said_of: &OrganizationVerification,
    state: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let known = tx.organization_by_code(&said_of.credit_code).await?;
    // What was said of a code beside another name was said of nobody whom we know.
    let Some(known) = known.filter(|it| it.name.matches(&said_of.name)) else { return Ok(false) };
    let owner = OwnerOf::Organization(known.id);
    let revoked = lapse(service, tx, owner, LapseCause::OrganizationEnded, now).await?;
    let open: Vec<_> = tx.agents(known.id).await?.into_iter().filter(|it| it.revoked.is_none()).collect();
    if open.is_empty() && revoked.is_empty() {
        return Ok(false);
    }
    for agent in open {
        end(service, tx, agent, AgentEnd::Closed, None, By::System, now).await?;
    }
    let body = Body::new()
        .with("verification", said_of.id.to_string())
        .with("state", state)
        .with("certificates", revoked);
    tx.append_event(about(known.id, "organization.ended", By::System, body, now)).await?;
    Ok(true)
}

/// Ends a power, in the transaction of a use case.
async fn end(
    service: &Service,
    tx: &mut Tx,
    mut agent: Agent,
    reason: AgentEnd,
    ended_by: Option<AgentId>,
    by: By,
    now: Timestamp,
) -> Result<(), Error> {
    agent.revoked = Some(Revocation { at: now, reason, by: ended_by });
    tx.put_agent(&agent).await?;
    let (person, organization) = (agent.person_id, agent.organization_id);
    let mut body = Body::new().with("agent", agent.id.to_string()).with("reason", reason.as_str());
    if reason != AgentEnd::Renewed {
        let revoked =
            lapse(service, tx, OwnerOf::Agent(person, organization), LapseCause::AgentEnded, now).await?;
        body = body.with("certificates", revoked);
        stop(tx, person, organization, &agent, &by, now).await?;
    }
    tx.append_event(about(organization, "agent.revoked", by, body, now)).await?;
    Ok(())
}

/// What they were about to seal goes back to where the organization is to be shown.
async fn stop(
    tx: &mut Tx,
    person: PersonId,
    organization: OrganizationId,
    agent: &Agent,
    by: &By,
    now: Timestamp,
) -> Result<(), Error> {
    for id in tx.sealing_as(person, organization).await? {
        let Some(mut recipient) = tx.recipient(id).await? else { continue };
        let mut ceremony = tx.ceremony(id).await?;
        ceremony.organization_verification_id = None;
        ceremony.impression_id = None;
        ceremony.key_id = None;
        ceremony.certificate_id = None;
        tx.put_ceremony(&ceremony).await?;
        if let Some(verified) = &mut recipient.verified {
            verified.organization = None;
        }
        recipient.certificate = None;
        tx.save_recipient(&recipient).await?;
        let body = Body::new().with("agent", agent.id.to_string()).with("recipient", id.to_string());
        tx.append_event(Append {
            at: now,
            kind: "organization.agent_revoked",
            subject: Some(recipient.envelope_id.to_string()),
            actor: by.clone(),
            body,
        })
        .await?;
    }
    Ok(())
}

pub(super) async fn shown(
    reader: &mut Reader,
    actor: &Actor,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<view::OrganizationAgents, Error> {
    let me = of_account(reader, actor.id(), organization, now).await?.ok_or(Error::NotFound)?;
    let known = reader.organization(organization).await?.ok_or(Error::NotFound)?;
    let mut listed = empty(&known);
    let mut agents = reader.agents(organization).await?;
    agents.sort_by_key(|it| !it.holds(now));
    for it in agents {
        let name = reader.person(it.person_id).await?.map(|person| person.name.as_str().to_owned());
        listed.items.push(view::OrganizationAgent {
            id: it.id.to_string(),
            name,
            role: it.role,
            proof: it.proof,
            scope: it.scope.clone(),
            since: it.since.into(),
            until: Time::maybe(it.until),
            revoked_at: Time::maybe(it.revoked.map(|revoked| revoked.at)),
            revoked_reason: it.revoked.map(|revoked| revoked.reason),
            active: it.holds(now),
            is_me: it.id == me.id,
            can_revoke: it.holds(now) && me.may_revoke(&it, now),
        });
    }
    Ok(listed)
}

fn empty(it: &store::Organization) -> view::OrganizationAgents {
    view::OrganizationAgents {
        organization: it.id.to_string(),
        name: it.name.as_str().to_owned(),
        credit_code: it.credit_code.as_str().to_owned(),
        legal_representative: it.legal_representative.as_str().to_owned(),
        items: Vec::new(),
    }
}

fn about(organization: OrganizationId, kind: &'static str, actor: By, body: Body, at: Timestamp) -> Append {
    Append { at, kind, subject: Some(organization.to_string()), actor, body }
}
