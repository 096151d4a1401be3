//! What must not be done with a browser that was left open is done within ten minutes of typing the password.

use domain::Refusal;
use jiff::{SignedDuration, Timestamp};

use super::session::{LOG_IN, record_failure, require_unlocked};
use super::{Actor, password};
use crate::limiter::Rate;
use crate::{Error, Service};

/// For how long a password that was typed counts.
const RECENT: SignedDuration = SignedDuration::from_mins(10);

/// Takes the account's password again. Wrong ones count as failed log-ins do.
///
/// # Errors
/// `credentials_wrong`; too many tries.
pub async fn confirm(service: &Service, actor: &Actor, typed: &str) -> Result<(), Error> {
    let now = service.now();
    let email = &actor.account.email;
    service.limiter().take(Rate::LOG_IN, email.as_str(), now)?;
    let (known, attempt) = {
        let mut reader = service.store().read().await?;
        (reader.account_by_email(email).await?, reader.attempt(LOG_IN, email.as_str()).await?)
    };
    require_unlocked(attempt, now)?;
    let hash = known.map(|(_, hash)| hash);
    if !password::verify(service, typed, hash).await? {
        record_failure(service, email, now).await?;
        return Err(Refusal::CredentialsWrong.into());
    }
    let mut tx = service.store().begin().await?;
    tx.clear_attempt(LOG_IN, email.as_str()).await?;
    tx.confirm_session(actor.session.ok_or(Error::Unauthorised)?, now).await?;
    Ok(tx.commit().await?)
}

/// Passes where the password was typed a short while ago.
///
/// # Errors
/// [`Refusal::ConfirmationMissing`].
pub(crate) fn require_confirmed(actor: &Actor, now: Timestamp) -> Result<(), Refusal> {
    let recent = actor.confirmed_at.is_some_and(|at| at <= now && now.duration_since(at) < RECENT);
    if recent { Ok(()) } else { Err(Refusal::ConfirmationMissing) }
}
