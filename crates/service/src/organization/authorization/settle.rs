//! What becomes of an authorization: confirmed, refused, expired or withdrawn, once.

use domain::envelope::Contents;
use domain::organization::{AgentRole, AgentScope, OrganizationState, OrganizationWay};
use domain::recipient::{Recipient, RecipientKind};
use domain::{EnvelopeId, JobId, Refusal};
use evidence::{Actor as By, Body};
use providers::OrganizationVerdict;
use store::{Append, Authorization, AuthorizationState, NewJob, Tx, VerificationState};

use crate::core::Service;
use crate::error::Error;
use crate::jobs::Rows;
use crate::notify::{self, OrganizationNews};
use crate::organization::agents::Grant;
use crate::organization::check::{abandon, created, settle as settle_run};
use crate::organization::leader::{four, is_sure};
use crate::organization::prove;

/// The kind of the job that asks the registry about whoever signed.
pub(crate) const JOB: &str = "authorization";

/// A letter was signed: the registry is to be asked whether the signer leads the organization. In the transaction that
/// records the signature.
pub(crate) async fn signed(service: &Service, tx: &mut Tx, envelope: EnvelopeId) -> Result<(), Error> {
    let Some(it) = tx.authorization(envelope).await? else { return Ok(()) };
    if it.state != AuthorizationState::Asked {
        return Ok(());
    }
    let now = service.now();
    let body = serde_json::to_value(envelope)?;
    let job = NewJob { id: JobId::new(service.clock(), service.rng()), kind: JOB, body, run_at: now };
    Ok(tx.add_job(&job, now).await?)
}

/// The legal representative declined: the run is over.
pub(crate) async fn declined(service: &Service, tx: &mut Tx, envelope: EnvelopeId) -> Result<(), Error> {
    let Some(it) = tx.authorization(envelope).await? else { return Ok(()) };
    close(service, tx, it, AuthorizationState::Refused, "declined").await
}

/// They did not answer in time: another way can be chosen.
pub(crate) async fn expired(service: &Service, tx: &mut Tx, envelope: EnvelopeId) -> Result<(), Error> {
    let Some(it) = tx.authorization(envelope).await? else { return Ok(()) };
    close(service, tx, it, AuthorizationState::Expired, "expired").await
}

/// Ends those that wait though their time is over: whoever signed in time and could not be checked until now has to be asked
/// again.
pub(crate) async fn expire_overdue(service: &Service) -> Result<(), Error> {
    let now = service.now();
    let mut rows = Rows::of("authorizations");
    while let Some(page) = rows.page() {
        let overdue = service.store().read().await?.overdue_authorizations(now, page).await?;
        if overdue.is_empty() {
            break;
        }
        for it in overdue {
            rows.done(it.envelope_id, expire(service, it).await);
        }
    }
    Ok(())
}

async fn expire(service: &Service, it: Authorization) -> Result<(), Error> {
    let mut tx = service.store().begin().await?;
    close(service, &mut tx, it, AuthorizationState::Expired, "expired").await?;
    Ok(tx.commit().await?)
}

/// Asks the registry whether whoever signed the letter leads the organization: name alone says nothing, the number does.
/// A job: it may run twice, and settles once.
pub(crate) async fn settle(service: &Service, envelope: EnvelopeId) -> Result<(), Error> {
    let now = service.now();
    let mut reader = service.store().read().await?;
    let asked = reader.authorization(envelope).await?.filter(|it| it.state == AuthorizationState::Asked);
    let Some(asked) = asked else { return Ok(()) };
    let run = reader.organization_verification(asked.verification_id).await?.ok_or(Error::NotFound)?;
    let ceremony = reader.ceremony(asked.recipient_id).await?;
    let identity = match ceremony.identity_id {
        Some(id) => reader.identity_verification(id).await?,
        None => None,
    };
    drop(reader);
    let sure = |it: &store::IdentityVerification| it.state == VerificationState::Verified && is_sure(it);
    let identity = identity.filter(sure);
    let person = identity.as_ref().and_then(|it| it.person_id);
    let (Some(identity), Some(person)) = (identity, person) else {
        // The letter's policy asks for a face: this is not reached, and would show nobody.
        return refuse(service, asked, "face").await;
    };
    let check = match four(service, &run, &identity) {
        Ok(check) => check,
        Err(Error::Refused(_)) => return refuse(service, asked, "document").await,
        Err(error) => return Err(error),
    };
    // 1. On record before the registry is asked.
    let leader = created(service, &check, asked.recipient_id, person)?;
    let mut tx = service.store().begin().await?;
    tx.put_organization_verification(&leader).await?;
    tx.commit().await?;
    // 2. The registry; where it does not answer, the job comes again.
    let answer = match service.providers().organizations.check(&check).await {
        Ok(answer) => answer,
        Err(error) => {
            abandon(service, leader.id).await?;
            return Err(Error::internal(error));
        }
    };
    // 3. Both powers at once: the legal representative's own, and the agent's.
    let mut tx = service.store().begin().await?;
    let outcome = settle_run(service, &mut tx, leader.id, &answer, now).await?;
    let (kind, body) = outcome.event(leader.id, &answer);
    tx.append_event(about(envelope, kind, By::System, body, now)).await?;
    let asked = tx.authorization(envelope).await?.filter(|it| it.state == AuthorizationState::Asked);
    let Some(mut asked) = asked else { return Ok(tx.commit().await?) };
    if let Some(refusal) = outcome.refusal {
        if matches!(refusal, Refusal::ProviderUnavailable { .. }) {
            tx.commit().await?;
            return Err(Error::internal("the registry's answer belongs to another check"));
        }
        let reason = match &answer.verdict {
            OrganizationVerdict::Inactive { .. } => "organization_inactive",
            _ => "wrong_person",
        };
        close(service, &mut tx, asked, AuthorizationState::Refused, reason).await?;
        tx.commit().await?;
        service.authority().changed().await;
        service.wake_jobs();
        return Ok(());
    }
    let by = By::Recipient(asked.recipient_id.to_string());
    let mut leader = tx.organization_verification(leader.id).await?.ok_or(Error::NotFound)?;
    let grant = Grant {
        role: AgentRole::LegalRepresentative,
        proof: OrganizationWay::LegalRepresentative,
        scope: AgentScope::ALL.to_vec(),
    };
    let led = prove::verified(service, &mut tx, &mut leader, grant, by.clone()).await?;
    tx.append_event(about(envelope, "organization.verified", by.clone(), prove::body(&leader, &led), now))
        .await?;
    let mut run = tx.organization_verification(asked.verification_id).await?.ok_or(Error::NotFound)?;
    // Whoever authorizes themself is the legal representative already.
    let agent = if person == run.person_id {
        let grant = Grant { role: led.role, proof: led.proof, scope: led.scope };
        prove::verified(service, &mut tx, &mut run, grant, by.clone()).await?
    } else {
        let grant = Grant {
            role: AgentRole::Agent,
            proof: OrganizationWay::Authorization,
            scope: AgentScope::ALL.into_iter().filter(|it| asked.scope.contains(it)).collect(),
        };
        prove::verified(service, &mut tx, &mut run, grant, by.clone()).await?
    };
    asked.state = AuthorizationState::Confirmed;
    asked.leader_verification_id = Some(leader.id);
    asked.settled_at = Some(now);
    tx.put_authorization(&asked).await?;
    if let Some(mut recipient) = tx.recipient(run.recipient_id).await? {
        if recipient.kind == RecipientKind::Organization && recipient.status.is_open() {
            prove::show_in(&mut recipient, &run);
            tx.save_recipient(&recipient).await?;
        }
        let body = prove::body(&run, &agent).with("authorization", envelope.to_string());
        let of = recipient.envelope_id;
        tx.append_event(about(of, "organization.verified", by, body, now)).await?;
        tell(service, &mut tx, &recipient, &run, OrganizationNews::Authorized).await?;
    }
    tx.commit().await?;
    service.authority().changed().await;
    service.wake_jobs();
    Ok(())
}

async fn refuse(service: &Service, asked: Authorization, reason: &'static str) -> Result<(), Error> {
    let mut tx = service.store().begin().await?;
    close(service, &mut tx, asked, AuthorizationState::Refused, reason).await?;
    tx.commit().await?;
    service.wake_jobs();
    Ok(())
}

/// Ends an authorization that came to nothing, and has the run go on from there. Only a refusal by the legal representative
/// themself ends the run.
pub(super) async fn close(
    service: &Service,
    tx: &mut Tx,
    mut it: Authorization,
    state: AuthorizationState,
    reason: &'static str,
) -> Result<(), Error> {
    let now = service.now();
    if it.state != AuthorizationState::Asked {
        return Ok(());
    }
    it.state = state;
    it.reason = Some(reason.to_owned());
    it.settled_at = Some(now);
    tx.put_authorization(&it).await?;
    let Some(mut run) = tx.organization_verification(it.verification_id).await? else { return Ok(()) };
    if run.state == OrganizationState::LeaderAsked {
        run.state = run.state.to(match (state, reason) {
            (AuthorizationState::Refused, "declined") => OrganizationState::Refused,
            (AuthorizationState::Expired, _) => OrganizationState::Expired,
            _ => OrganizationState::RegistryChecked,
        })?;
        run.refused = (state != AuthorizationState::Withdrawn).then(|| reason.to_owned());
        tx.put_organization_verification(&run).await?;
    }
    if state == AuthorizationState::Withdrawn {
        return Ok(());
    }
    if let Some(recipient) = tx.recipient(run.recipient_id).await? {
        let body = Body::new()
            .with("verification", run.id.to_string())
            .with("authorization", it.envelope_id.to_string())
            .with("reason", reason);
        let of = recipient.envelope_id;
        tx.append_event(about(of, "organization.authorization_refused", By::System, body, now)).await?;
        let news = match state {
            AuthorizationState::Expired => OrganizationNews::AuthorizationExpired,
            _ => OrganizationNews::AuthorizationRefused,
        };
        tell(service, tx, &recipient, &run, news).await?;
    }
    Ok(())
}

/// Tells the agent, where their envelope still waits for them.
async fn tell(
    service: &Service,
    tx: &mut Tx,
    recipient: &Recipient,
    run: &store::OrganizationVerification,
    news: OrganizationNews,
) -> Result<(), Error> {
    let contents: Option<Contents> = tx.contents(recipient.envelope_id).await?;
    let Some(contents) = contents.filter(|_| recipient.status.is_open()) else { return Ok(()) };
    notify::organization(service, tx, recipient, &contents.envelope.title, run.name.as_str(), news).await
}

fn about(of: EnvelopeId, kind: &'static str, actor: By, body: Body, at: jiff::Timestamp) -> Append {
    Append { at, kind, subject: Some(of.to_string()), actor, body }
}
