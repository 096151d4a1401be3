//! What follows when a real name lapses. A certificate says who somebody is because a check showed it; where no check counts
//! any more, the certificate must not go on saying so.
//!
//! | what happened | what follows | reason (RFC 5280 §5.3.1) |
//! |---|---|---|
//! | the person's check, or the agent's, expired and none followed | on hold; after 30 days revoked | certificateHold; privilegeWithdrawn |
//! | the consent to process ID data was withdrawn | revoked | cessationOfOperation |
//! | the person asked to be erased | revoked | cessationOfOperation |
//! | the agent's power ended | revoked | affiliationChanged |
//! | the organization is no more | revoked | cessationOfOperation |
//!
//! The subject is told 30 and 7 days ahead, and afterwards. A hold ends with the check that verifies the person, or their
//! power, again ([`restored`]); what came to count otherwise, the next sweep finds.
//! Certificates of the embedded authority for one ceremony end by themselves. Every step is one transaction with its event, its message and a row
//! that says that it was taken: a sweep that is killed goes on where it was.

use domain::PersonId;
use domain::account::Account;
use evidence::{Actor, Body};
use jiff::{SignedDuration, Timestamp};
use pki::crl::Reason;
use store::{CertificateState, OwnerOf, Standing, StoredCertificate, Tx};

use super::issue::reason_word;
use super::setup::event;
use super::status::{Change, change_in};
use crate::identity::tell_accounts;
use crate::notify::{self, Contact, LapseNews, Notice};
use crate::{Error, Service};

const DAY: SignedDuration = SignedDuration::from_hours(24);
const EVERY: SignedDuration = SignedDuration::from_hours(1);
/// For so long a certificate whose real name expired is on hold before it is revoked.
const HOLD_DAYS: i32 = 30;
/// When the subject is told ahead, in days.
const AHEAD: [(i32, &str); 2] = [(7, "ahead_7"), (30, "ahead_30")];
const BATCH: u32 = 100;

/// Why nobody vouches for a real name any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LapseCause {
    /// The person's check stopped counting, and none followed.
    IdentityExpired,
    /// That the person acts for the organization stopped counting, and was not shown again.
    AgentExpired,
    /// The consent to process ID data was withdrawn.
    ConsentWithdrawn,
    /// The person asked to be erased.
    Erasure,
    /// The person acts for the organization no more.
    AgentEnded,
    /// The organization was struck off, or revoked its own identity.
    OrganizationEnded,
}

impl LapseCause {
    /// The word in events and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IdentityExpired => "identity_expired",
            Self::AgentExpired => "agent_expired",
            Self::ConsentWithdrawn => "consent_withdrawn",
            Self::Erasure => "erasure",
            Self::AgentEnded => "agent_ended",
            Self::OrganizationEnded => "organization_ended",
        }
    }

    /// With what reason a certificate is revoked.
    fn reason(self) -> Reason {
        match self {
            Self::IdentityExpired | Self::AgentExpired => Reason::PrivilegeWithdrawn,
            Self::AgentEnded => Reason::AffiliationChanged,
            Self::ConsentWithdrawn | Self::Erasure | Self::OrganizationEnded => Reason::CessationOfOperation,
        }
    }

    /// Whether it may come back: then the certificate is on hold first.
    fn may_pass(self) -> bool {
        matches!(self, Self::IdentityExpired | Self::AgentExpired)
    }
}

/// Revokes the long-lived certificates of an owner, with events, and tells the subjects. For the transaction of the use case
/// that finds it out. Gives the serial numbers; the caller calls [`super::EmbeddedAuthority::changed`] after its commit.
///
/// # Errors
/// Where the records cannot be written.
pub async fn lapse(
    service: &Service,
    tx: &mut Tx,
    owner: OwnerOf,
    cause: LapseCause,
    at: Timestamp,
) -> Result<Vec<String>, Error> {
    let mut revoked = Vec::new();
    for stored in tx.certificates_of_owner(owner, at).await? {
        let key = match stored.key_id {
            Some(id) => tx.signing_key(id).await?,
            None => None,
        };
        let Some(key) = key else { continue };
        if revoke(service, tx, &stored, key.person_id, cause, at).await? {
            revoked.push(stored.serial);
        }
    }
    Ok(revoked)
}

/// Looks through all long-lived certificates whose real name lapses or lapsed, and takes the steps that are due; nothing,
/// where that was done within the hour.
///
/// # Errors
/// Where the records cannot be written.
pub async fn lapse_due(service: &Service) -> Result<(), Error> {
    let now = service.now();
    let mut lapsed = service.authority().lapsed().lock().await;
    if lapsed.is_some_and(|at| now.duration_since(at) < EVERY) {
        return Ok(());
    }
    let until = now + DAY * AHEAD[1].0;
    let (mut after, mut changed) = (None, false);
    loop {
        let batch = service.store().read().await?.lapsing(now, until, after, BATCH).await?;
        let Some(last) = batch.last() else { break };
        after = Some(last.certificate_id);
        for found in &batch {
            match step(service, found, now).await {
                Ok(took) => changed |= took,
                // One that cannot be read holds back none of the others.
                Err(error) => {
                    let why = std::error::Error::source(&error).map(ToString::to_string);
                    tracing::error!(certificate = %found.certificate_id, %error, ?why, "a lapse is not seen to");
                }
            }
        }
    }
    if changed {
        service.authority().changed().await;
        service.wake_jobs();
    }
    *lapsed = Some(now);
    Ok(())
}

/// Takes the step that is due about one certificate, in one transaction; whether its status changed.
async fn step(service: &Service, found: &Standing, now: Timestamp) -> Result<bool, Error> {
    let mut tx = service.store().begin().await?;
    // Read anew: what happened since the list was made counts.
    let Some(standing) = tx.standing(found.certificate_id, now).await? else { return Ok(false) };
    let Some(stored) = tx.certificate(found.certificate_id).await? else { return Ok(false) };
    let changed = match due(&standing) {
        Some((due, cause)) if due <= now => {
            ended(service, &mut tx, &stored, &standing, due, cause, now).await?
        }
        due => {
            let released = release(service, &mut tx, &stored, &standing, now).await?;
            if let Some((due, cause)) = due {
                ahead(service, &mut tx, &stored, &standing, due, cause, now).await?;
            }
            released
        }
    };
    tx.commit().await?;
    Ok(changed)
}

/// When what a certificate rests on ends, and what that is.
fn due(it: &Standing) -> Option<(Timestamp, LapseCause)> {
    let identity = it.identity_until.map(|at| {
        let cause = match it.ended.as_deref() {
            Some("consent_withdrawn") => LapseCause::ConsentWithdrawn,
            Some("erasure") => LapseCause::Erasure,
            _ => LapseCause::IdentityExpired,
        };
        (at, cause)
    });
    let power = it.power_until.map(|at| (at, LapseCause::AgentExpired));
    [identity, power].into_iter().flatten().min_by_key(|(at, _)| *at)
}

async fn ended(
    service: &Service,
    tx: &mut Tx,
    stored: &StoredCertificate,
    standing: &Standing,
    due: Timestamp,
    cause: LapseCause,
    now: Timestamp,
) -> Result<bool, Error> {
    if !cause.may_pass() || due + DAY * HOLD_DAYS <= now {
        return revoke(service, tx, stored, standing.person_id, cause, now).await;
    }
    // Who is on hold already stays so: by their own will, an administrator's, or the step before.
    let held = change_in(tx, stored, Change::Suspend, Actor::System, now).await?;
    if held && tx.take_lapse_step(stored.id, "held", due, now).await? {
        lapsed(tx, stored, "certificate.lapse_held", cause, now).await?;
        tell(service, tx, stored, standing.person_id, LapseNews::Held, cause, due + DAY * HOLD_DAYS, now)
            .await?;
    }
    Ok(held)
}

async fn revoke(
    service: &Service,
    tx: &mut Tx,
    stored: &StoredCertificate,
    person: PersonId,
    cause: LapseCause,
    now: Timestamp,
) -> Result<bool, Error> {
    let reason = cause.reason();
    if !change_in(tx, stored, Change::Revoke(reason), Actor::System, now).await? {
        return Ok(false);
    }
    lapsed(tx, stored, "certificate.lapsed", cause, now).await?;
    tell(service, tx, stored, person, LapseNews::Revoked, cause, now, now).await?;
    Ok(true)
}

/// Releases a person's certificates that a lapse put on hold, where all that they rest on counts again; whether there were any.
/// For the transaction of the use case in which the person, or their power to act for an organization, was verified anew; the
/// caller calls [`super::EmbeddedAuthority::changed`] after its commit.
///
/// # Errors
/// Where the records cannot be written.
pub(crate) async fn restored(
    service: &Service,
    tx: &mut Tx,
    person: PersonId,
    now: Timestamp,
) -> Result<bool, Error> {
    let mut any = false;
    for stored in tx.held_certificates(person).await? {
        let Some(standing) = tx.standing(stored.id, now).await? else { continue };
        if due(&standing).is_none_or(|(at, _)| now < at) {
            any |= release(service, tx, &stored, &standing, now).await?;
        }
    }
    Ok(any)
}

/// The person was verified again: a hold that a lapse caused ends.
async fn release(
    service: &Service,
    tx: &mut Tx,
    stored: &StoredCertificate,
    standing: &Standing,
    now: Timestamp,
) -> Result<bool, Error> {
    if !matches!(&stored.state, CertificateState::Revoked(_)) {
        return Ok(false);
    }
    let events = tx.events_of(&stored.id.to_string()).await?;
    let last = events.iter().rev().find(|link| link.event.kind == "certificate.suspended");
    // Whom the platform did not suspend, it does not release.
    if last.is_none_or(|link| link.event.actor != Actor::System) {
        return Ok(false);
    }
    let released = change_in(tx, stored, Change::Release, Actor::System, now).await?;
    if released {
        tell(
            service,
            tx,
            stored,
            standing.person_id,
            LapseNews::Released,
            LapseCause::IdentityExpired,
            now,
            now,
        )
        .await?;
    }
    Ok(released)
}

/// Tells the subject of what will happen: once 30 days ahead, once 7.
async fn ahead(
    service: &Service,
    tx: &mut Tx,
    stored: &StoredCertificate,
    standing: &Standing,
    due: Timestamp,
    cause: LapseCause,
    now: Timestamp,
) -> Result<(), Error> {
    // A certificate that ends before its real name does needs no word.
    if stored.not_after <= due || stored.state != CertificateState::Issued {
        return Ok(());
    }
    let Some((_, word)) = AHEAD.iter().find(|(days, _)| due <= now + DAY * *days) else { return Ok(()) };
    if tx.take_lapse_step(stored.id, word, due, now).await? {
        let body = Body::new()
            .with("serial", stored.serial.as_str())
            .with("cause", cause.as_str())
            .with("due", due.to_string());
        tx.append_event(event(stored.id, "certificate.lapse_announced", body, now)).await?;
        tell(service, tx, stored, standing.person_id, LapseNews::Ahead, cause, due, now).await?;
    }
    Ok(())
}

async fn lapsed(
    tx: &mut Tx,
    stored: &StoredCertificate,
    kind: &'static str,
    cause: LapseCause,
    now: Timestamp,
) -> Result<(), Error> {
    let reason = reason_word(cause.reason());
    let body = Body::new()
        .with("serial", stored.serial.as_str())
        .with("cause", cause.as_str())
        .with("reason", reason);
    tx.append_event(event(stored.id, kind, body, now)).await?;
    Ok(())
}

/// Tells every account of the person; where there is none, whom the ceremony reached; else the phone that was verified.
#[expect(clippy::too_many_arguments, reason = "what is told, to whom, and when")]
async fn tell(
    service: &Service,
    tx: &mut Tx,
    stored: &StoredCertificate,
    person: PersonId,
    news: LapseNews,
    cause: LapseCause,
    at: Timestamp,
    now: Timestamp,
) -> Result<(), Error> {
    let name = serde_json::from_str::<pki::ca::Subject>(&stored.subject).map(|it| it.common_name)?;
    let link = format!("{}/identity", service.config().public_url);
    let notice = |to, locale| Notice::Lapse {
        to,
        locale,
        news,
        cause: cause.as_str().to_owned(),
        name: name.clone(),
        serial: stored.serial.clone(),
        at: at.into(),
        link: link.clone(),
    };
    let to_account = |it: &Account| notice(Contact::Mail(it.email.to_string()), it.locale);
    if tell_accounts(service, tx, person, to_account, now).await? {
        return Ok(());
    }
    if let Some((to, locale)) = reached(tx, stored, person).await? {
        notify::queue(service, tx, notice(to, locale), now).await?;
    }
    Ok(())
}

async fn reached(
    tx: &mut Tx,
    stored: &StoredCertificate,
    person: PersonId,
) -> Result<Option<(Contact, domain::Locale)>, Error> {
    let recipient = match tx.recipient_of_certificate(stored.id).await? {
        Some(id) => tx.recipient(id).await?,
        None => None,
    };
    let locale = recipient.as_ref().map_or(domain::Locale::ZhCn, |it| it.locale);
    if let Some(contact) = recipient.as_ref().and_then(notify::contact) {
        return Ok(Some((contact, locale)));
    }
    let phone = tx.person(person).await?.and_then(|it| it.phone);
    Ok(phone.map(|it| (Contact::Sms(it.reveal().to_owned()), locale)))
}
