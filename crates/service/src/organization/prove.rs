//! What every way ends in: the organization is on record, and the person is its agent.

use domain::OrganizationId;
use domain::organization::{Agent, AgentScope, OrganizationState, OrganizationWay};
use domain::recipient::{Recipient, Verified};
use domain::{PersonId, mask};
use evidence::{Actor as By, Body};
use jiff::SignedDuration;
use store::{Organization, OrganizationVerification, Tx};

use super::agents::{self, Grant};
use crate::ceremony::Scene;
use crate::core::Service;
use crate::error::Error;
use crate::identity::sandbox::PROVIDER;
use crate::policy;

/// How long a verified agent is recognised.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 365);

/// Verifies the run: the organization is on record, and the run's person its agent. The caller keeps the recipient
/// ([`show_in`]), says so in the log ([`body`]), and calls [`crate::authority::EmbeddedAuthority::changed`] after its commit.
pub(super) async fn verified(
    service: &Service,
    tx: &mut Tx,
    it: &mut OrganizationVerification,
    grant: Grant,
    by: By,
) -> Result<Agent, Error> {
    let now = service.now();
    it.state = it.state.to(OrganizationState::Verified)?;
    let known = tx.organization_by_code(&it.credit_code).await?;
    let organization = Organization {
        id: known
            .as_ref()
            .map_or_else(|| OrganizationId::new(service.clock(), service.rng()), |known| known.id),
        credit_code: it.credit_code.clone(),
        name: it.name.clone(),
        legal_representative: it.legal_representative.clone(),
        created_at: known.as_ref().map_or(now, |known| known.created_at),
        verified_at: now,
    };
    tx.put_organization(&organization).await?;
    it.way = Some(grant.proof);
    it.refused = None;
    it.organization_id = Some(organization.id);
    it.verified_at = Some(now);
    it.expires_at = Some(now + LIFETIME);
    it.proof.factors.push(factor(grant.proof).to_owned());
    tx.put_organization_verification(it).await?;
    agents::empower(service, tx, it, grant, by).await
}

/// What the log says of it.
pub(super) fn body(it: &OrganizationVerification, agent: &Agent) -> Body {
    Body::new()
        .with("verification", it.id.to_string())
        .maybe("organization", it.organization_id.map(|id| id.to_string()))
        .with("credit_code", it.credit_code.as_str())
        .with("agent", it.person_id.to_string())
        .with("power", agent.id.to_string())
        .with("way", agent.proof.as_str())
        .with("role", agent.role.as_str())
        .with("factors", it.proof.factors.join(" "))
}

/// The means, as views and records name them.
fn factor(way: OrganizationWay) -> &'static str {
    match way {
        OrganizationWay::Payment => "payment",
        OrganizationWay::LegalRepresentative => "legal_representative_face",
        OrganizationWay::Authorization => "authorization",
        OrganizationWay::Letter => "letter",
    }
}

/// What the sender sees of it.
pub(super) fn show_in(recipient: &mut Recipient, it: &OrganizationVerification) {
    let name = &recipient.name;
    let verified = recipient.verified.get_or_insert_with(|| Verified {
        name_masked: mask::name(name.as_str()),
        how: Vec::new(),
        organization: None,
    });
    let way = factor(it.way.unwrap_or(OrganizationWay::Payment));
    for means in ["company_register", way] {
        if !verified.how.iter().any(|known| known == means) {
            verified.how.push(means.to_owned());
        }
    }
    verified.organization = Some(it.name.as_str().to_owned());
}

/// Finds for whom the person acts already: an agent need not be verified each time. A check of the company that is older than
/// the signing policy takes is made anew.
///
/// What the sandbox verified counts for as long as there is a sandbox.
pub(crate) async fn recognise(
    service: &Service,
    tx: &mut Tx,
    scene: &mut Scene,
    person: PersonId,
) -> Result<(), Error> {
    let now = scene.now;
    let expected = scene.recipient.organization.clone();
    let mut known = None;
    for agent in tx.agents_of_person(person).await?.into_iter().filter(|it| it.may(AgentScope::Seal, now)) {
        let Some(it) = tx.organization_verification(agent.verification_id).await? else { continue };
        let fits = (it.provider != PROVIDER || service.has_sandbox())
            && it.expires_at.is_none_or(|until| now < until)
            && policy::accepts_company(&scene.policy, &it, now)
            && expected.as_ref().is_none_or(|name| name.matches(&it.name));
        if fits {
            known = Some((agent, it));
            break;
        }
    }
    let Some((agent, known)) = known else { return Ok(()) };
    scene.ceremony.organization_verification_id = Some(known.id);
    show_in(&mut scene.recipient, &known);
    let body = Body::new()
        .with("verification", known.id.to_string())
        .with("credit_code", known.credit_code.as_str())
        .with("power", agent.id.to_string())
        .with("way", agent.proof.as_str())
        .maybe("organization", known.organization_id.map(|id| id.to_string()));
    scene.agent = Some(agent);
    tx.append_event(scene.event("organization.recognised", body)).await?;
    Ok(())
}
