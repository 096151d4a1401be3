//! Linking an account to an organization: by the organization's verified agent, in the browser that is both.

use domain::organization::AgentScope;
use domain::{OrganizationId, Refusal, VerificationId};
use evidence::Body;
use store::{Append, Reader};

use crate::account::Actor;
use crate::ceremony::{Scene, Signer};
use crate::core::Service;
use crate::error::Error;
use crate::organization::agents;
use crate::view;

/// Has the account administer the organization for which the signer's person was verified as agent. The link is good as
/// long as that agent acts for it.
///
/// # Errors
/// [`Refusal::StepNotReady`] where no organization was verified in this ceremony; `agent_power` where the agent may seal
/// and not administer.
pub async fn administer(
    service: &Service,
    actor: &Actor,
    signer: &Signer,
) -> Result<view::AccountOrganizations, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let (verification, organization) = shown(&mut tx, &scene).await?;
    let person = scene.verified_identity().and_then(|it| it.person_id).ok_or(Error::NotFound)?;
    let agent = agents::acting(&mut tx, person, organization, AgentScope::Administer, now).await?;
    agent.ok_or(Refusal::AgentPower)?;
    tx.put_administrator(organization, actor.id(), verification, now).await?;
    let body = Body::new()
        .with("account", actor.id().to_string())
        .with("recipient", scene.recipient.id.to_string())
        .with("verification", verification.to_string());
    tx.append_event(Append {
        at: now,
        kind: "organization.administrator_added",
        subject: Some(organization.to_string()),
        actor: actor.evidence(),
        body,
    })
    .await?;
    let listed = super::list::of_account(service, &mut tx, actor, now).await?;
    tx.commit().await?;
    Ok(listed)
}

/// For which organization the ceremony showed its signer to act, and by which verification: the one that they seal for, or
/// the one whose letter of authorization they signed as its legal representative.
async fn shown(reader: &mut Reader, scene: &Scene) -> Result<(VerificationId, OrganizationId), Error> {
    let sealed = scene.verified_organization().filter(|_| scene.is_organization()).cloned();
    let verified = match (sealed, reader.authorization(scene.contents.envelope.id).await?) {
        (Some(it), _) => Some(it),
        (None, Some(letter)) => match letter.leader_verification_id {
            Some(id) => reader.organization_verification(id).await?,
            None => None,
        },
        (None, None) => None,
    };
    let person = scene.verified_identity().and_then(|it| it.person_id);
    let own = verified.filter(|it| Some(it.person_id) == person);
    own.and_then(|it| Some((it.id, it.organization_id?)))
        .ok_or_else(|| Refusal::StepNotReady { step: "organization" }.into())
}

/// Passes where the account administers the organization now: as an agent who acts for it.
///
/// # Errors
/// [`Error::NotFound`]: who does not administer it does not learn whether it is there.
pub(super) async fn require(
    reader: &mut Reader,
    actor: &Actor,
    organization: OrganizationId,
    now: jiff::Timestamp,
) -> Result<(), Error> {
    agents::of_account(reader, actor.id(), organization, now).await?.map(drop).ok_or(Error::NotFound)
}
