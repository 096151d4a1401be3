//! The way by the legal representative's signature: they are asked to sign a letter of authorization, which is an envelope of
//! its own. Their face is compared, the registry compares their number, and the letter carries their own signature.

mod letter;
mod settle;
mod unsent;

use domain::organization::{AgentScope, OrganizationState, OrganizationWay};
use domain::{Email, EnvelopeId, Locale, Phone, RecipientId, Refusal, VerificationId, mask};
use evidence::Body;
use jiff::SignedDuration;
use serde::Deserialize;
use store::{Authorization, AuthorizationState, Tx};

use super::check::{require_step, run_at_choice, run_of};
use crate::ceremony::{Scene, Signer, hold, show_ceremony};
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;
use crate::{envelope, view};

pub(crate) use self::settle::{JOB, declined, expire_overdue, expired, settle, signed};
pub(crate) use self::unsent::follow_letters;

/// For how many days the legal representative is asked.
const DAYS: u32 = 7;

/// Whom the agent asks, and for what.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AuthorizationInput {
    /// E-mail address of the legal representative; their mobile phone number too where there is an outbox.
    pub contact: String,
    /// Their language.
    pub locale: Locale,
    /// Whether the agent may administer the organization here, beside putting its seal on documents.
    #[serde(default)]
    pub administer: bool,
}

impl std::fmt::Debug for AuthorizationInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthorizationInput").field("locale", &self.locale).finish_non_exhaustive()
    }
}

/// Asks the legal representative to authorize the signer.
pub(crate) async fn ask(
    service: &Service,
    signer: &Signer,
    input: &AuthorizationInput,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::CODE, &signer.recipient().to_string(), now)?;
    let _one = hold(&signer.recipient().to_string()).await;
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    require_step(&scene)?;
    if scene.verified_organization().is_some() {
        return show_ceremony(service, &mut reader, &scene).await;
    }
    drop(reader);
    let way = OrganizationWay::Authorization;
    if !super::ways::is_offered(service, way, &scene) {
        return Err(Refusal::OrganizationWayUnavailable { way: way.as_str() }.into());
    }
    let run = run_at_choice(&scene)?;
    let contact = contact(&input.contact)?;
    if is_own(&scene, &contact) {
        return Err(Refusal::LeaderIsAgent.into());
    }
    // Carriers bring codes alone: a phone would never hear of it.
    if matches!(contact, LeaderContact::Sms(_)) && !service.has_outbox() {
        return Err(Refusal::LeaderEmailMissing.into());
    }
    service.limiter().take(Rate::MAIL, &input.contact, now)?;
    service.limiter().take(Rate::ORGANIZATION, run.credit_code.as_str(), now)?;
    let mut scope = vec![AgentScope::Seal];
    scope.extend(input.administer.then_some(AgentScope::Administer));
    // 1. The letter, in a draft: where this goes no further, nobody hears of it.
    let letter = letter::draft(service, &scene, &run, &contact, input.locale, &scope).await?;
    // 2. The run waits for it.
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let mut run = tx.organization_verification(run.id).await?.ok_or(Error::NotFound)?;
    if run.state != OrganizationState::RegistryChecked {
        run.state = run.state.to(OrganizationState::RegistryChecked)?;
    }
    run.state = run.state.to(OrganizationState::LeaderAsked)?;
    run.way = Some(way);
    run.refused = None;
    tx.put_organization_verification(&run).await?;
    let it = Authorization {
        envelope_id: letter.envelope,
        verification_id: run.id,
        recipient_id: letter.recipient,
        scope,
        state: AuthorizationState::Asked,
        reason: None,
        leader_verification_id: None,
        created_at: now,
        ends_at: now + SignedDuration::from_hours(24 * i64::from(DAYS)),
        settled_at: None,
    };
    tx.put_authorization(&it).await?;
    let body = Body::new()
        .with("verification", run.id.to_string())
        .with("authorization", it.envelope_id.to_string())
        .with("letter", letter.sha256.as_str())
        .with("contact", contact.masked());
    tx.append_event(scene.event("organization.leader_asked", body)).await?;
    tx.commit().await?;
    // 3. The legal representative is asked; where the server dies before, the next sweep does it.
    unsent::send(service, &letter.actor, &it).await?;
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    show_ceremony(service, &mut reader, &scene).await
}

/// Asks them again, with a new link.
pub(crate) async fn remind(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    let now = service.now();
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    require_step(&scene)?;
    let run = run_of(&scene)?;
    let asked =
        reader.authorizations(run.id).await?.into_iter().find(|it| it.state == AuthorizationState::Asked);
    let asked = asked.ok_or(Refusal::OrganizationStep { state: run.state.as_str() })?;
    drop(reader);
    let actor = letter::author(service).await?;
    match envelope::remind(service, &actor, asked.envelope_id, asked.recipient_id).await {
        // The server died before it was sent.
        Err(Error::Refused(Refusal::NotSent)) => unsent::send(service, &actor, &asked).await?,
        reminded => drop(reminded?),
    }
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    show_ceremony(service, &mut reader, &scene).await
}

/// Takes the question back: another way can be chosen.
pub(crate) async fn withdraw(service: &Service, signer: &Signer) -> Result<view::Ceremony, Error> {
    let now = service.now();
    let _one = hold(&signer.recipient().to_string()).await;
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    require_step(&scene)?;
    let run = run_of(&scene)?;
    if let Some(it) = withdraw_in(service, &mut tx, run.id, "withdrawn").await? {
        let body = Body::new().with("verification", run.id.to_string()).with("authorization", it.to_string());
        tx.append_event(scene.event("organization.authorization_withdrawn", body)).await?;
    }
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    service.wake_jobs();
    Ok(ceremony)
}

/// The same in the transaction of a use case; the letter that was waited for, where one was.
pub(super) async fn withdraw_in(
    service: &Service,
    tx: &mut Tx,
    run: VerificationId,
    reason: &'static str,
) -> Result<Option<EnvelopeId>, Error> {
    let asked = tx.authorizations(run).await?.into_iter().find(|it| it.state == AuthorizationState::Asked);
    let Some(asked) = asked else { return Ok(None) };
    let envelope = asked.envelope_id;
    settle::close(service, tx, asked, AuthorizationState::Withdrawn, reason).await?;
    letter::take_back(service, tx, envelope).await?;
    Ok(Some(envelope))
}

/// How the legal representative is reached.
pub(super) enum LeaderContact {
    Mail(Email),
    Sms(Phone),
}

impl LeaderContact {
    fn masked(&self) -> String {
        match self {
            Self::Mail(email) => mask::email(email.as_str()),
            Self::Sms(phone) => phone.masked(),
        }
    }
}

fn contact(text: &str) -> Result<LeaderContact, Refusal> {
    let text = text.trim();
    if text.contains('@') {
        return Email::parse(text).map(LeaderContact::Mail).map_err(|_| Refusal::LeaderContactInvalid);
    }
    Phone::parse(text).map(LeaderContact::Sms).map_err(|_| Refusal::LeaderContactInvalid)
}

/// Whether the agent names a contact of their own.
fn is_own(scene: &Scene, contact: &LeaderContact) -> bool {
    match contact {
        LeaderContact::Mail(email) => scene.recipient.email.as_ref() == Some(email),
        LeaderContact::Sms(phone) => {
            scene.recipient.phone.as_ref() == Some(phone)
                || scene.identity.as_ref().and_then(|it| it.phone.as_ref()) == Some(phone)
        }
    }
}

/// What a letter is, once it is drafted.
struct Draft {
    actor: crate::account::Actor,
    envelope: EnvelopeId,
    recipient: RecipientId,
    sha256: String,
}
