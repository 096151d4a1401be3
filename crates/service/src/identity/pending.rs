//! Checks at a provider's page: asked about while the person is away, when a notice comes, and once more when their time
//! has run out.

use domain::{Refusal, VerificationId};
use evidence::Body;
use jiff::SignedDuration;
use providers::{Notice, NoticeReply, Pending, Received};
use store::{IdentityVerification, VerificationState};

use super::party::{Asker, Party};
use super::settle::settle;
use super::start::{check_of, unavailable};
use crate::ceremony::will_face;
use crate::core::Service;
use crate::error::Error;
use crate::jobs::{Rows, shuffled};
use crate::limiter::Rate;
use crate::review;

/// A provider that was being asked when the server stopped is not waited for longer than this.
const ASKING: SignedDuration = SignedDuration::from_mins(10);
/// A provider that does not tell how an overdue check ended is asked for this long.
const GRACE: SignedDuration = SignedDuration::from_mins(30);
/// All there are, as far as anybody can tell: those that wait hold back none behind them.
const BATCH: u32 = 1000;

/// Asks the provider how a check stands. Asked too often, it leaves it at what is known.
pub(crate) async fn poll(service: &Service, asker: &Asker<'_>) -> Result<(), Error> {
    let now = service.now();
    let party = Party::load(&mut service.store().read().await?, asker, now).await?;
    party.require()?;
    let open = party.identity().filter(|it| it.state == VerificationState::Pending);
    let allowed = service.limiter().take(Rate::POLL, &asker.id(), now).is_ok();
    match open.filter(|_| allowed) {
        Some(it) => ask(service, it).await,
        None => Ok(()),
    }
}

/// Takes what a provider sent unasked. It is no answer: where it may be believed it has us poll.
///
/// # Errors
/// [`Error::NotFound`] where no such provider is configured, or the notice cannot be believed.
pub async fn notice(service: &Service, provider: &str, received: &Received) -> Result<NoticeReply, Error> {
    let provider = service.providers().named(provider).ok_or(Error::NotFound)?;
    let notice = provider.notice(received).map_err(|error| {
        tracing::warn!(provider = error.provider, fault = %error.fault, "a notice is not believed");
        Error::NotFound
    })?;
    if will_face(service, provider.name(), &notice).await? {
        return Ok(notice.reply);
    }
    if let Some(it) = meant(service, provider.name(), &notice).await?
        && it.state == VerificationState::Pending
    {
        match ask(service, &it).await {
            // The signer's own poll, or the last one, comes again.
            Err(Error::Refused(why)) => {
                tracing::info!(verification = %it.id, why = why.code(), "a notice came, and no answer");
            }
            asked => asked?,
        }
    }
    Ok(notice.reply)
}

async fn meant(
    service: &Service,
    provider: &str,
    notice: &Notice,
) -> Result<Option<IdentityVerification>, Error> {
    let mut reader = service.store().read().await?;
    if let Some(transaction) = &notice.transaction {
        return Ok(reader.identity_of_transaction(provider, transaction).await?);
    }
    match &notice.order_number {
        Some(order) => Ok(reader.identity_of_order(provider, order).await?),
        None => Ok(None),
    }
}

/// Asks the provider about a pending check and settles it by the answer.
async fn ask(service: &Service, it: &IdentityVerification) -> Result<(), Error> {
    if it.provider == review::PROVIDER {
        // Nobody is asked: an administrator decides.
        return Ok(());
    }
    let provider = service.providers().named(&it.provider).ok_or(Refusal::MethodUnavailable)?;
    let (Some(check), Some(pending)) = (check_of(it), &it.pending) else { return Ok(()) };
    let pending: Pending = serde_json::from_str(pending)?;
    match provider.poll(&check, &pending).await {
        // A refusal stands in the ceremony that is shown next.
        Ok(answer) => settle(service, it.id, &answer).await.map(drop),
        Err(error) => Err(unavailable(service, &error).into()),
    }
}

/// Ends checks whose time has run out, after asking once more: an answer may have come late.
pub(crate) async fn finish_overdue(service: &Service) -> Result<(), Error> {
    let now = service.now();
    let overdue = service.store().read().await?.overdue_identities(now, now - ASKING, BATCH).await?;
    let mut rows = Rows::of("identity checks");
    for id in shuffled(service.rng(), overdue) {
        rows.done(id, finish(service, id).await);
    }
    Ok(())
}

async fn finish(service: &Service, id: VerificationId) -> Result<(), Error> {
    let now = service.now();
    let Some(it) = service.store().read().await?.identity_verification(id).await? else { return Ok(()) };
    if it.state == VerificationState::Pending {
        let asked = ask(service, &it).await;
        let waits = it.pending_until.is_some_and(|until| now < until + GRACE);
        if asked.is_err() && waits {
            return Ok(());
        }
    }
    expire(service, id).await
}

/// Ends a check that was asked for, or waits, and got no answer in its time.
pub(crate) async fn expire(service: &Service, id: VerificationId) -> Result<(), Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let Some(mut it) = tx.identity_verification(id).await? else { return Ok(()) };
    if !matches!(it.state, VerificationState::Asked | VerificationState::Pending) {
        return Ok(());
    }
    it.refused = Some("expired".to_owned());
    super::give_up(&mut tx, &mut it, VerificationState::Expired, now).await?;
    if let Some(party) = Party::of_check(&mut tx, &it, now).await? {
        let body = Body::new().with("verification", id.to_string()).with("provider", it.provider.as_str());
        tx.append_event(party.event("identity.expired", body)).await?;
    }
    Ok(tx.commit().await?)
}
