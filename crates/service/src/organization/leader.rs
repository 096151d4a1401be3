//! The way of the legal representative themself: the registry compares their own number beside their name, and their face was
//! compared. A namesake does not pass, and nothing is paid.

use domain::organization::{AgentRole, AgentScope, OrganizationState, OrganizationWay};
use domain::policy::Assurance;
use domain::{IdKind, Refusal, VerificationId};
use providers::{OrganizationCheck, OrganizationMethod};
use store::IdentityVerification;

use super::agents::Grant;
use super::check::{self, abandon, created, require_step, require_tries, settle};
use super::prove;
use crate::ceremony::{Scene, Signer, hold, show_ceremony};
use crate::core::Service;
use crate::error::Error;
use crate::identity::unavailable;
use crate::limiter::Rate;
use crate::view;

/// The four elements of an organization and of somebody who says to lead it: name and number as an authority compared them.
pub(super) fn four(
    service: &Service,
    organization: &store::OrganizationVerification,
    leader: &IdentityVerification,
) -> Result<OrganizationCheck, Error> {
    let way = OrganizationWay::LegalRepresentative.as_str();
    let document = leader.document.clone().filter(|it| it.kind() == IdKind::ResidentId);
    let document = document.ok_or(Refusal::OrganizationWayUnavailable { way })?;
    let order = VerificationId::new(service.clock(), service.rng()).to_string();
    let mut check = OrganizationCheck::three(
        order,
        organization.name.clone(),
        organization.credit_code.clone(),
        leader.name.clone(),
    );
    check.legal_representative_id = Some(document);
    check.method = OrganizationMethod::FourElements;
    Ok(check)
}

/// Whether somebody's face was compared.
pub(super) fn is_sure(it: &IdentityVerification) -> bool {
    it.assurance.is_some_and(|reached| reached >= Assurance::High)
}

/// Verifies the organization by its legal representative, who is the signer.
pub(crate) async fn lead(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::CODE, &signer.recipient().to_string(), now)?;
    let _one = hold(&signer.recipient().to_string()).await;
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    require_step(&scene)?;
    if scene.verified_organization().is_some() {
        return show_ceremony(service, &mut reader, &scene).await;
    }
    let before = check::run_at_choice(&scene)?;
    let identity = scene.verified_identity().ok_or(Error::NotFound)?;
    if !is_sure(identity) {
        return Err(Refusal::FaceRequired.into());
    }
    let person = check::person(&scene)?;
    require_tries(&mut reader, person, now).await?;
    service.limiter().take(Rate::ORGANIZATION, before.credit_code.as_str(), now)?;
    let four = four(service, &before, identity)?;
    drop(reader);
    // 1. A run of its own, on record before the registry is asked: its answer counts once.
    let run = created(service, &four, signer.recipient(), person)?;
    let mut tx = service.store().begin().await?;
    tx.put_organization_verification(&run).await?;
    tx.commit().await?;
    // 2. The registry.
    let answer = match service.providers().organizations.check(&four).await {
        Ok(answer) => answer,
        Err(error) => {
            abandon(service, run.id).await?;
            return Err(unavailable(service, &error).into());
        }
    };
    // 3. What it said. Where it said no, the run before it stays, and with it the other ways.
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    require_step(&scene)?;
    let outcome = settle(service, &mut tx, run.id, &answer, now).await?;
    let (kind, body) = outcome.event(run.id, &answer);
    tx.append_event(scene.event(kind, body)).await?;
    if outcome.refusal.is_some() {
        return Err(outcome.refused(service, tx).await?);
    }
    let mut run = tx.organization_verification(run.id).await?.ok_or(Error::NotFound)?;
    let mut before = tx.organization_verification(before.id).await?.ok_or(Error::NotFound)?;
    before.state = before.state.to(OrganizationState::Abandoned)?;
    tx.put_organization_verification(&before).await?;
    let grant = Grant {
        role: AgentRole::LegalRepresentative,
        proof: OrganizationWay::LegalRepresentative,
        scope: AgentScope::ALL.to_vec(),
    };
    let agent = prove::verified(service, &mut tx, &mut run, grant, scene.session_actor()).await?;
    scene.ceremony.organization_verification_id = Some(run.id);
    tx.put_ceremony(&scene.ceremony).await?;
    prove::show_in(&mut scene.recipient, &run);
    tx.save_recipient(&scene.recipient).await?;
    tx.append_event(scene.event("organization.verified", prove::body(&run, &agent))).await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    service.authority().changed().await;
    Ok(ceremony)
}
