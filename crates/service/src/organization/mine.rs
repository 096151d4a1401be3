//! The organizations for which the person of an account acts, or acted: what the registry said, by which proof they act, who
//! else does, and the certificates of its seals.

use domain::OrganizationId;
use domain::organization::{Agent, AgentScope};
use jiff::Timestamp;
use store::{Organization, Reader};

use super::agents;
use crate::account::Actor;
use crate::authority::issued;
use crate::core::Service;
use crate::error::Error;
use crate::view::{self, Time};

/// The organizations of the account's person: those for which they act first.
///
/// # Errors
/// Where the records cannot be read.
pub async fn my_organizations(service: &Service, actor: &Actor) -> Result<view::MyOrganizations, Error> {
    let now = service.now();
    let mut reader = service.store().read().await?;
    let Some(link) = reader.person_of_account(actor.id()).await? else {
        return Ok(view::MyOrganizations { linked: false, items: Vec::new() });
    };
    let mut powers = reader.agents_of_person(link.person_id).await?;
    // The newest power for each organization says how they stand to it; one that holds says more than one that ended.
    powers.sort_by_key(|it| (!it.holds(now), std::cmp::Reverse(it.since)));
    let mut items: Vec<view::MyOrganization> = Vec::new();
    for power in powers {
        let id = power.organization_id;
        if items.iter().any(|it| it.id == id.to_string()) {
            continue;
        }
        let Some(known) = reader.organization(id).await? else { continue };
        items.push(one(&mut reader, actor, &known, &power, now).await?);
    }
    Ok(view::MyOrganizations { linked: true, items })
}

async fn one(
    reader: &mut Reader,
    actor: &Actor,
    known: &Organization,
    power: &Agent,
    now: Timestamp,
) -> Result<view::MyOrganization, Error> {
    let run = reader.organization_verification(power.verification_id).await?;
    let administers = power.may(AgentScope::Administer, now);
    // Whoever acts for it no more sees what they did for it, and nobody else.
    let agents =
        if administers { agents::shown(reader, actor, known.id, now).await?.items } else { Vec::new() };
    let directory = if administers { reader.directory(known.id).await? } else { None };
    Ok(view::MyOrganization {
        id: known.id.to_string(),
        name: known.name.as_str().to_owned(),
        credit_code: known.credit_code.as_str().to_owned(),
        legal_representative: known.legal_representative.as_str().to_owned(),
        verified_at: known.verified_at.into(),
        provider: run.as_ref().map(|it| it.provider.clone()),
        factors: run.as_ref().map(|it| it.proof.factors.clone()).unwrap_or_default(),
        answer_sha256: run.as_ref().map(|it| it.proof.answer_sha256.clone()),
        checked_at: run.as_ref().map(|it| it.proof.at.into()),
        role: power.role,
        proof: power.proof,
        scope: power.scope.clone(),
        since: power.since.into(),
        until: Time::maybe(power.until),
        active: power.holds(now),
        ended_at: Time::maybe(power.revoked.map(|it| it.at)),
        ended_because: power.revoked.map(|it| it.reason),
        agents,
        certificates: certificates(reader, known.id, power, administers, now).await?,
        has_directory: directory.is_some(),
    })
}

async fn certificates(
    reader: &mut Reader,
    organization: OrganizationId,
    power: &Agent,
    all: bool,
    now: Timestamp,
) -> Result<Vec<view::IssuedCertificate>, Error> {
    let of = (!all).then_some(power.person_id);
    let found = reader.certificates_of_organization(organization, of).await?;
    Ok(found.iter().map(|it| issued(it, now)).collect())
}
