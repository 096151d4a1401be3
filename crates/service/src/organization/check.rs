//! Checks of companies with the registry: each is on record before the registry is asked, and settled once.

use domain::ceremony::Step;
use domain::organization::OrganizationState;
use domain::{CreditCode, IdDocument, IdKind, Name, PersonId, RecipientId, Refusal, VerificationId};
use evidence::Body;
use jiff::{SignedDuration, Timestamp};
use providers::{Answer, OrganizationCheck, OrganizationMethod, OrganizationVerdict};
use store::{Attempt, OrganizationVerification, Proof, Reader, ReviewState, Tx};

use super::{agents, pay};
use crate::ceremony::{Scene, Signer, show_ceremony};
use crate::core::Service;
use crate::error::Error;
use crate::identity::{text_of, unavailable};
use crate::limiter::Rate;
use crate::{review, view};

/// Data of companies that do not match are counted for a person, over all ceremonies.
const ATTEMPTS: &str = "registry";
/// How many before a rest, so that nobody finds out by trying who leads a company.
const TRIES: u32 = 5;
const REST: SignedDuration = SignedDuration::from_hours(24);
/// When to try again after an answer that belonged to another check, in seconds.
const AFTER_REPLAY: u64 = 30;

/// Compares three elements with the registry, or four where the legal representative's ID number is given.
pub(crate) async fn check(
    service: &Service,
    signer: &Signer,
    name: &str,
    credit_code: &str,
    legal_representative: &str,
    legal_representative_id: Option<&str>,
) -> Result<view::Ceremony, Error> {
    let now = service.now();
    service.limiter().take(Rate::CODE, &signer.recipient().to_string(), now)?;
    let _one = crate::ceremony::hold(&signer.recipient().to_string()).await;
    let mut reader = service.store().read().await?;
    let scene = Scene::load(&mut reader, &signer.session, now).await?;
    require_step(&scene)?;
    if scene.verified_organization().is_some() {
        return show_ceremony(service, &mut reader, &scene).await;
    }
    let mut check = OrganizationCheck::three(
        VerificationId::new(service.clock(), service.rng()).to_string(),
        Name::parse(name)?,
        CreditCode::parse(credit_code).map_err(Refusal::from)?,
        Name::parse(legal_representative)?,
    );
    if let Some(number) = legal_representative_id {
        let number = IdDocument::parse(IdKind::ResidentId, number, now).map_err(Refusal::from)?;
        check.legal_representative_id = Some(number);
        check.method = OrganizationMethod::FourElements;
    }
    if let Some(expected) = scene.recipient.organization.as_ref().filter(|it| !it.matches(&check.name)) {
        return Err(Refusal::OrganizationNotExpected { expected: expected.as_str().to_owned() }.into());
    }
    service.limiter().take(Rate::ORGANIZATION, check.credit_code.as_str(), now)?;
    // A lock on payments holds for the organization, not for one run of the verification.
    pay::failures(&mut reader, &pay::subject(&scene, &check.credit_code)?, now).await?;
    let person = person(&scene)?;
    require_tries(&mut reader, person, now).await?;
    drop(reader);
    pay::take_back(service, &scene).await?;
    // 1. On record before the registry is asked; what was under way is given up for it.
    let run = begin(service, signer, &check, person).await?;
    // 2. The registry may take its time: no transaction is held meanwhile.
    let answer = match service.providers().organizations.check(&check).await {
        Ok(answer) => answer,
        Err(error) => {
            abandon(service, run.id).await?;
            return Err(unavailable(service, &error).into());
        }
    };
    // 3. What it said.
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let outcome = settle(service, &mut tx, run.id, &answer, now).await?;
    let (kind, body) = outcome.event(run.id, &answer);
    tx.append_event(scene.event(kind, body)).await?;
    if outcome.refusal.is_some() {
        return Err(outcome.refused(service, tx).await?);
    }
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let ceremony = show_ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(ceremony)
}

async fn begin(
    service: &Service,
    signer: &Signer,
    check: &OrganizationCheck,
    person: PersonId,
) -> Result<OrganizationVerification, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    require_step(&scene)?;
    if let Some(mut before) = scene.organization.clone().filter(|it| !it.state.is_final()) {
        super::authorization::withdraw_in(service, &mut tx, before.id, "another_company").await?;
        review::close(&mut tx, before.id, ReviewState::Withdrawn, now).await?;
        before.state = before.state.to(OrganizationState::Abandoned)?;
        tx.put_organization_verification(&before).await?;
    }
    let run = created(service, check, scene.recipient.id, person)?;
    tx.put_organization_verification(&run).await?;
    scene.ceremony.organization_verification_id = Some(run.id);
    tx.put_ceremony(&scene.ceremony).await?;
    tx.commit().await?;
    Ok(run)
}

/// A run as it is before the registry was heard.
pub(super) fn created(
    service: &Service,
    check: &OrganizationCheck,
    recipient: RecipientId,
    person: PersonId,
) -> Result<OrganizationVerification, Error> {
    let now = service.now();
    Ok(OrganizationVerification {
        id: check.order.parse().map_err(Error::internal)?,
        recipient_id: recipient,
        organization_id: None,
        person_id: person,
        state: OrganizationState::Created,
        way: None,
        refused: None,
        provider: service.providers().organizations.name().to_owned(),
        name: check.name.clone(),
        credit_code: check.credit_code.clone(),
        legal_representative: check.legal_representative.clone().ok_or(Refusal::NameRequired)?,
        method: check.method.as_str().to_owned(),
        transaction: None,
        proof: Proof {
            transaction: String::new(),
            factors: Vec::new(),
            score: None,
            answer_sha256: String::new(),
            at: now,
        },
        answer: String::new(),
        created_at: now,
        verified_at: None,
        expires_at: None,
    })
}

/// What an answer of the registry came to.
pub(super) struct Outcome {
    pub(super) refusal: Option<Refusal>,
    replayed: bool,
    /// Whether what the organization had ended with this answer.
    ended: bool,
}

impl Outcome {
    fn of(refusal: Option<Refusal>) -> Self {
        Self { refusal, replayed: false, ended: false }
    }

    /// Keeps what the registry said, and what ended with it; gives the refusal.
    pub(super) async fn refused(self, service: &Service, tx: Tx) -> Result<Error, Error> {
        tx.commit().await?;
        if self.ended {
            service.authority().changed().await;
            service.wake_jobs();
        }
        let refusal = self.refusal.ok_or_else(|| Error::internal("an answer that refuses says why"))?;
        Ok(refusal.into())
    }

    /// What the log says of it.
    pub(super) fn event(
        &self,
        run: VerificationId,
        answer: &Answer<OrganizationVerdict>,
    ) -> (&'static str, Body) {
        let body = Body::new()
            .with("verification", run.to_string())
            .with("provider", answer.provider)
            .with("transaction", answer.transaction.as_str())
            .with("answer", hex::encode(answer.raw_sha256()));
        match &self.refusal {
            None => ("organization.checked", body),
            Some(_) if self.replayed => ("organization.replayed", body),
            Some(refusal) => {
                let what = match refusal {
                    Refusal::OrganizationMismatch { what } => Some(*what),
                    _ => None,
                };
                ("organization.refused", body.with("reason", refusal.code()).maybe("what", what))
            }
        }
    }
}

/// What the registry calls an organization that is no more: deregistered (注销), its licence revoked (吊销), its registration
/// rescinded (撤销). Another that is not in operation may be so again.
const GONE: [&str; 3] = ["deregistered", "revoked", "rescinded"];

/// Settles a run by the registry's answer, once: an answer that comes again changes nothing, and one that verified another
/// run verifies none. What a known organization has ends where the registry says that it is no more.
pub(super) async fn settle(
    service: &Service,
    tx: &mut Tx,
    run: VerificationId,
    answer: &Answer<OrganizationVerdict>,
    now: Timestamp,
) -> Result<Outcome, Error> {
    let mut it = tx.organization_verification(run).await?.ok_or(Error::NotFound)?;
    if it.state != OrganizationState::Created {
        return Ok(Outcome::of(None));
    }
    it.provider = answer.provider.to_owned();
    it.transaction = Some(answer.transaction.clone());
    it.proof.transaction.clone_from(&answer.transaction);
    it.proof.answer_sha256 = hex::encode(answer.raw_sha256());
    it.proof.at = answer.at;
    it.answer = text_of(&answer.raw);
    let refusal = match answer.verdict.clone() {
        OrganizationVerdict::Passed { name, factors } => {
            it.name = Name::parse(&name)?;
            it.proof.factors = std::iter::once("company_register")
                .chain(factors.iter().map(|factor| factor.as_str()))
                .map(str::to_owned)
                .collect();
            None
        }
        OrganizationVerdict::Refused(mismatch) => {
            Some(Refusal::OrganizationMismatch { what: mismatch.as_str() })
        }
        OrganizationVerdict::Inactive { state } => Some(Refusal::OrganizationInactive { state }),
    };
    it.state = it.state.to(match refusal {
        None => OrganizationState::RegistryChecked,
        Some(_) => OrganizationState::Refused,
    })?;
    it.refused = refusal.as_ref().map(|refusal| match refusal {
        Refusal::OrganizationMismatch { what } => (*what).to_owned(),
        other => other.code().to_owned(),
    });
    match tx.put_organization_verification(&it).await {
        Err(store::Error::Conflict) => {
            tracing::warn!(provider = answer.provider, %run, "an answer of the registry belongs to another run");
            it.transaction = None;
            it.state = OrganizationState::Abandoned;
            tx.put_organization_verification(&it).await?;
            let refusal = Some(Refusal::ProviderUnavailable { retry_after: AFTER_REPLAY });
            return Ok(Outcome { refusal, replayed: true, ended: false });
        }
        kept => kept?,
    }
    if matches!(refusal, Some(Refusal::OrganizationMismatch { .. })) {
        count(tx, it.person_id, now).await?;
    }
    let ended = match &refusal {
        Some(Refusal::OrganizationInactive { state }) if GONE.contains(&state.as_str()) => {
            agents::close(service, tx, &it, state, now).await?
        }
        _ => false,
    };
    Ok(Outcome { ended, ..Outcome::of(refusal) })
}

/// The registry gave no answer: the run is given up, and the signer begins anew.
pub(super) async fn abandon(service: &Service, run: VerificationId) -> Result<(), Error> {
    let mut tx = service.store().begin().await?;
    if let Some(mut it) = tx.organization_verification(run).await?
        && it.state == OrganizationState::Created
    {
        it.state = it.state.to(OrganizationState::Abandoned)?;
        tx.put_organization_verification(&it).await?;
    }
    Ok(tx.commit().await?)
}

async fn count(tx: &mut Tx, person: PersonId, now: Timestamp) -> Result<(), Error> {
    let subject = person.to_string();
    let counted = tx.attempt(ATTEMPTS, &subject).await?;
    let counted = counted.filter(|it| now.duration_since(it.first_at) < REST);
    let mut attempt = counted.unwrap_or(Attempt { failed: 0, first_at: now, locked_until: None });
    attempt.failed += 1;
    if attempt.failed >= TRIES {
        attempt.locked_until = Some(now + REST);
    }
    Ok(tx.save_attempt(ATTEMPTS, &subject, attempt).await?)
}

/// Passes where the person has not tried too often.
pub(super) async fn require_tries(
    reader: &mut Reader,
    person: PersonId,
    now: Timestamp,
) -> Result<(), Error> {
    let attempt = reader.attempt(ATTEMPTS, &person.to_string()).await?;
    match attempt.and_then(|attempt| attempt.locked_until) {
        Some(until) if now < until => {
            let seconds = u64::try_from(until.duration_since(now).as_secs()).unwrap_or(0) + 1;
            Err(Refusal::OrganizationTries { retry_after: seconds }.into())
        }
        _ => Ok(()),
    }
}

/// The run that the registry agreed to and that is not over: before, and after, the registry is to be asked.
pub(super) fn run_of(scene: &Scene) -> Result<OrganizationVerification, Refusal> {
    let begun =
        |it: &&OrganizationVerification| it.state != OrganizationState::Created && !it.state.is_final();
    scene.organization.as_ref().filter(begun).cloned().ok_or(Refusal::StepNotReady { step: "organization" })
}

/// The same, where no way is under way.
pub(super) fn run_at_choice(scene: &Scene) -> Result<OrganizationVerification, Refusal> {
    let run = run_of(scene)?;
    match run.state.is_at_choice() {
        true => Ok(run),
        false => Err(Refusal::OrganizationStep { state: run.state.as_str() }),
    }
}

/// The verified person of a ceremony.
pub(super) fn person(scene: &Scene) -> Result<PersonId, Error> {
    scene.verified_identity().and_then(|it| it.person_id).ok_or(Error::NotFound)
}

pub(super) fn require_step(scene: &Scene) -> Result<(), Refusal> {
    if !scene.is_organization() {
        return Err(Refusal::StepNotReady { step: scene.step().as_str() });
    }
    scene.require(Step::Organization)
}
