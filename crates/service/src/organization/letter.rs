//! The way of a signed letter (授权书): prepared here, sealed or signed by the company, looked at by an administrator.

use domain::ceremony::Step;
use domain::organization::{AgentRole, AgentScope, OrganizationState, OrganizationWay};
use domain::review::{Kind, Reason};
use domain::{Refusal, VerificationId};
use evidence::{Actor as By, Body};
use store::{Append, CheckedFor, Review, ReviewState, Tx};

use super::agents::{self, Grant};
use super::prove;
use crate::ceremony::{Scene, Signer, hold, show_ceremony};
use crate::core::Service;
use crate::error::Error;
use crate::{review, view};

const WAY: OrganizationWay = OrganizationWay::Letter;

/// Chooses this way: the letter is prepared, and may be brought once it is sealed.
pub(crate) async fn begin(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    let now = service.now();
    let _one = hold(&signer.recipient().to_string()).await;
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Organization)?;
    if scene.verified_organization().is_some() || open_letter(&scene).is_some() {
        return show_ceremony(service, &mut tx, &scene).await;
    }
    let mut run = scene.organization.clone().ok_or(Refusal::StepNotReady { step: "organization" })?;
    if !run.state.is_at_choice() {
        return Err(Refusal::OrganizationStep { state: run.state.as_str() }.into());
    }
    if !review::is_offered(service, scene.has_reviewer) {
        return Err(Refusal::OrganizationWayUnavailable { way: WAY.as_str() }.into());
    }
    agents::require_welcome(&mut tx, run.person_id, &run.credit_code).await?;
    review::require_tries(&mut tx, &scene).await?;
    if run.state != OrganizationState::RegistryChecked {
        run.state = run.state.to(OrganizationState::RegistryChecked)?;
    }
    run.refused = None;
    tx.put_organization_verification(&run).await?;
    let opened = review::opened(
        service,
        &mut tx,
        CheckedFor::Recipient(scene.recipient.id),
        now,
        Kind::Letter,
        run.id,
    )
    .await?;
    let body = Body::new()
        .with("verification", run.id.to_string())
        .with("way", WAY.as_str())
        .with("review", opened.id.to_string());
    tx.append_event(scene.event("organization.letter_begun", body)).await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

/// The letter as it is to be sealed.
pub(crate) async fn prepared(service: &Service, signer: &Signer) -> Result<Vec<u8>, Error> {
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, service.now()).await?;
    drop(reader);
    scene.require(Step::Organization)?;
    let not_ready = Refusal::StepNotReady { step: "organization" };
    let (Some(standing), Some(run), Some(agent)) =
        (open_letter(&scene), scene.organization.as_ref(), scene.verified_identity())
    else {
        return Err(not_ready.into());
    };
    let letter = report::Letter {
        number: number(&standing.review),
        at: standing.review.created_at,
        organization: run.name.as_str().to_owned(),
        credit_code: run.credit_code.as_str().to_owned(),
        legal_representative: run.legal_representative.as_str().to_owned(),
        agent: agent.name.as_str().to_owned(),
        agent_number: agent.document.as_ref().map(domain::IdDocument::masked).unwrap_or_default(),
        purpose: scene.contents.envelope.title.clone(),
        server: service.config().public_url.clone(),
    };
    let made = tokio::task::spawn_blocking(move || report::letter(&letter)).await?;
    made.map_err(Error::internal)
}

/// Gives this way up for another.
pub(crate) async fn withdraw(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Organization)?;
    if let Some(run) = scene.organization.as_ref().filter(|_| open_letter(&scene).is_some()) {
        give_up(&mut tx, run.id, ReviewState::Withdrawn, scene.now).await?;
    }
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    service.wake_jobs();
    Ok(ceremony)
}

/// Ends the open letter of a run: another way can be taken.
pub(crate) async fn give_up(
    tx: &mut Tx,
    run: VerificationId,
    state: ReviewState,
    now: jiff::Timestamp,
) -> Result<(), Error> {
    if let Some(mut it) = tx.organization_verification(run).await?
        && it.state == OrganizationState::LetterSubmitted
    {
        it.state = it.state.to(OrganizationState::RegistryChecked)?;
        it.refused = (state == ReviewState::Expired).then(|| "letter_late".to_owned());
        tx.put_organization_verification(&it).await?;
    }
    review::close(tx, run, state, now).await
}

/// The letter was sent in.
pub(crate) async fn submitted(tx: &mut Tx, scene: &Scene) -> Result<(), Error> {
    let Some(mut run) = scene.organization.clone() else { return Ok(()) };
    if run.state != OrganizationState::LetterSubmitted {
        run.state = run.state.to(OrganizationState::LetterSubmitted)?;
        run.way = Some(WAY);
        tx.put_organization_verification(&run).await?;
    }
    Ok(())
}

/// A reviewer says yes: the person is the company's agent. Whether they are still waited for.
pub(crate) async fn approved(
    service: &Service,
    tx: &mut Tx,
    decided: &Review,
    reviewer: By,
) -> Result<bool, Error> {
    let now = service.now();
    let run = tx.organization_verification(decided.verification_id).await?;
    let recipient = recipient(tx, decided).await?;
    let (Some(mut run), Some(mut recipient)) = (run, recipient) else { return Ok(false) };
    let contents = tx.contents(recipient.envelope_id).await?.ok_or(Error::NotFound)?;
    let waited = run.state == OrganizationState::LetterSubmitted
        && recipient.status.is_open()
        && contents.envelope.status_at(now) == domain::envelope::EnvelopeStatus::Sent;
    // Whom the company dismissed meanwhile does not come back by a letter of before.
    let welcome = agents::require_welcome(tx, run.person_id, &run.credit_code).await;
    if !waited || welcome.is_err() {
        give_up(tx, run.id, ReviewState::Expired, now).await?;
        return Ok(false);
    }
    let grant = Grant { role: AgentRole::Agent, proof: WAY, scope: AgentScope::ALL.to_vec() };
    let agent = prove::verified(service, tx, &mut run, grant, reviewer).await?;
    prove::show_in(&mut recipient, &run);
    tx.save_recipient(&recipient).await?;
    let body = prove::body(&run, &agent).with("review", decided.id.to_string());
    tx.append_event(about(&recipient, "organization.verified", body, now)).await?;
    Ok(true)
}

/// A reviewer says no: another way can be taken, or another letter brought.
pub(crate) async fn refused(
    tx: &mut Tx,
    decided: &Review,
    reason: Reason,
    now: jiff::Timestamp,
) -> Result<(), Error> {
    let run = tx.organization_verification(decided.verification_id).await?;
    let recipient = recipient(tx, decided).await?;
    let (Some(mut run), Some(recipient)) = (run, recipient) else { return Ok(()) };
    if run.state != OrganizationState::LetterSubmitted {
        return Err(Refusal::ReviewDecided.into());
    }
    run.state = run.state.to(OrganizationState::RegistryChecked)?;
    run.refused = Some(format!("letter_{}", reason.as_str()));
    tx.put_organization_verification(&run).await?;
    let body = Body::new()
        .with("verification", run.id.to_string())
        .with("review", decided.id.to_string())
        .with("reason", reason.as_str());
    tx.append_event(about(&recipient, "organization.letter_refused", body, now)).await?;
    Ok(())
}

/// What a letter has to say, for the reviewer to compare.
pub(crate) async fn typed(
    reader: &mut store::Reader,
    review: &Review,
) -> Result<Option<view::ReviewTyped>, Error> {
    let Some(run) = reader.organization_verification(review.verification_id).await? else { return Ok(None) };
    let recipient = recipient(reader, review).await?.ok_or(Error::NotFound)?;
    let ceremony = reader.ceremony(recipient.id).await?;
    let agent = match ceremony.identity_id {
        Some(id) => reader.identity_verification(id).await?,
        None => None,
    };
    let envelope = reader.envelope(recipient.envelope_id).await?.ok_or(Error::NotFound)?;
    Ok(Some(view::ReviewTyped {
        name: agent.as_ref().map(|it| it.name.as_str().to_owned()).unwrap_or_default(),
        document: None,
        // As the letter has it: masked.
        number: agent.as_ref().and_then(|it| it.document.as_ref()).map(domain::IdDocument::masked),
        organization: Some(run.name.as_str().to_owned()),
        credit_code: Some(run.credit_code.as_str().to_owned()),
        legal_representative: Some(run.legal_representative.as_str().to_owned()),
        letter: Some(number(review)),
        scope: Some(envelope.title),
    }))
}

/// In whose ceremony a letter was brought.
async fn recipient(
    reader: &mut store::Reader,
    review: &Review,
) -> Result<Option<domain::recipient::Recipient>, Error> {
    match review.recipient() {
        Some(id) => Ok(reader.recipient(id).await?),
        None => Ok(None),
    }
}

/// The number that stands in the letter.
fn number(review: &Review) -> String {
    review.id.short()
}

fn open_letter(scene: &Scene) -> Option<&review::Standing> {
    scene.letter.as_deref().filter(|it| it.review.state.is_open())
}

fn about(
    recipient: &domain::recipient::Recipient,
    kind: &'static str,
    body: Body,
    at: jiff::Timestamp,
) -> Append {
    let actor = By::Recipient(recipient.id.to_string());
    Append { at, kind, subject: Some(recipient.envelope_id.to_string()), actor, body }
}
