//! Log-in and its sessions: a random cookie, kept as a hash, good for 30 days and for 7 without use.

use std::time::Duration;

use domain::account::Account;
use domain::{Draw, Email, Refusal, SessionId};
use jiff::{SignedDuration, Timestamp};
use keys::token;
use store::{Attempt, Session, Tx};

use super::{Actor, password};
use crate::limiter::Rate;
use crate::{Error, Service, view};

/// The purpose under which failed log-ins are counted.
pub(super) const LOG_IN: &str = "log_in";

const LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 30);
const IDLE: SignedDuration = SignedDuration::from_hours(24 * 7);
/// How often a session's use is noted: not with every request.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(10);
/// So many failures within an hour lock an account for a quarter of an hour.
const FAILURES: u32 = 20;
const FAILURES_WITHIN: SignedDuration = SignedDuration::from_hours(1);
const LOCK: SignedDuration = SignedDuration::from_mins(15);

/// A session that has begun.
#[derive(Debug, Clone)]
pub struct LoggedIn {
    /// The account.
    pub account: view::Account,
    /// The cookie's secret.
    pub token: String,
    /// How long the cookie lives.
    pub lives: Duration,
}

/// Logs in. A wrong address and a wrong password are answered alike, and take alike.
///
/// # Errors
/// `credentials_wrong`; `email_unverified` where the password is right; too many tries.
pub async fn log_in(service: &Service, email: &str, password: &str) -> Result<LoggedIn, Error> {
    let email = Email::parse(email).map_err(|_| Refusal::CredentialsWrong)?;
    let now = service.now();
    service.limiter().take(Rate::LOG_IN, email.as_str(), now)?;
    let (known, attempt) = {
        let mut reader = service.store().read().await?;
        (reader.account_by_email(&email).await?, reader.attempt(LOG_IN, email.as_str()).await?)
    };
    require_unlocked(attempt, now)?;
    let hash = known.as_ref().map(|(_, hash)| hash.clone());
    let right = password::verify(service, password, hash).await?;
    let Some((account, _)) = known.filter(|_| right) else {
        record_failure(service, &email, now).await?;
        return Err(Refusal::CredentialsWrong.into());
    };
    if account.verified_at.is_none() {
        return Err(Refusal::EmailUnverified.into());
    }
    let mut tx = service.store().begin().await?;
    // Others may have guessed meanwhile: hashing takes its time.
    require_unlocked(tx.attempt(LOG_IN, email.as_str()).await?, now)?;
    tx.clear_attempt(LOG_IN, email.as_str()).await?;
    let logged_in = begin(service, &mut tx, &account, Some(now), now).await?;
    tx.commit().await?;
    Ok(logged_in)
}

/// Ends the session of a cookie.
///
/// # Errors
/// Where storage fails.
pub async fn log_out(service: &Service, secret: &str) -> Result<(), Error> {
    let mut tx = service.store().begin().await?;
    tx.remove_session(token::hash(secret).as_bytes()).await?;
    Ok(tx.commit().await?)
}

/// The account that a cookie stands for.
///
/// # Errors
/// [`Error::Unauthorised`] where it stands for none.
pub async fn authenticate(service: &Service, secret: &str) -> Result<Actor, Error> {
    let now = service.now();
    let hash = token::hash(secret);
    let mut reader = service.store().read().await?;
    let session = reader.session(hash.as_bytes()).await?.ok_or(Error::Unauthorised)?;
    if session.expires_at <= now || session.last_seen_at + IDLE <= now {
        return Err(Error::Unauthorised);
    }
    let account = reader.account(session.account_id).await?.ok_or(Error::Unauthorised)?;
    drop(reader);
    if session.last_seen_at + TOUCH_EVERY <= now {
        let mut tx = service.store().begin().await?;
        tx.touch_session(session.id, now).await?;
        tx.commit().await?;
    }
    Ok(Actor { account, session: Some(session.id), confirmed_at: session.confirmed_at })
}

pub(super) async fn begin(
    service: &Service,
    tx: &mut Tx,
    account: &Account,
    confirmed_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<LoggedIn, Error> {
    let secret = token::new(&mut Draw(service.rng()));
    let session = Session {
        id: SessionId::new(service.clock(), service.rng()),
        account_id: account.id,
        last_seen_at: now,
        expires_at: now + LIFETIME,
        confirmed_at,
    };
    tx.add_session(secret.hash().as_bytes(), &session).await?;
    Ok(LoggedIn {
        account: account.into(),
        token: secret.as_str().to_owned(),
        lives: LIFETIME.unsigned_abs(),
    })
}

pub(super) fn require_unlocked(attempt: Option<Attempt>, now: Timestamp) -> Result<(), Error> {
    match attempt.and_then(|attempt| attempt.locked_until).filter(|until| *until > now) {
        Some(until) => {
            let seconds = until.duration_since(now).as_secs();
            Err(Error::RateLimited { retry_after: u64::try_from(seconds).unwrap_or(0) + 1 })
        }
        None => Ok(()),
    }
}

/// Counts a failure. What was counted is read here, in the transaction that writes it: of failures at the same time,
/// each counts.
pub(super) async fn record_failure(service: &Service, email: &Email, now: Timestamp) -> Result<(), Error> {
    let mut tx = service.store().begin().await?;
    let before = tx.attempt(LOG_IN, email.as_str()).await?;
    if require_unlocked(before, now).is_err() {
        return Ok(());
    }
    let counting =
        before.filter(|attempt| attempt.first_at + FAILURES_WITHIN > now && attempt.locked_until.is_none());
    let mut attempt = counting.unwrap_or(Attempt { failed: 0, first_at: now, locked_until: None });
    attempt.failed += 1;
    if attempt.failed >= FAILURES {
        attempt.locked_until = Some(now + LOCK);
    }
    tx.save_attempt(LOG_IN, email.as_str(), attempt).await?;
    Ok(tx.commit().await?)
}
