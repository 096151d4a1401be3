//! Opening a ceremony with the secret of the link, and going on with the secret of the cookie.

use domain::recipient::RecipientStatus;
use domain::{Draw, RecipientId, Refusal, SigningSessionId};
use evidence::Body;
use jiff::SignedDuration;
use keys::token;
use store::SigningSession;
use subtle::ConstantTimeEq;

use super::{NewSession, Opened, Scene, Signer, show};
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;

/// A session outlives reading a long contract, not the day.
const LIFETIME: SignedDuration = SignedDuration::from_hours(12);

/// Opens the ceremony of a recipient with the secret of their link. A browser that holds a session already keeps it.
///
/// # Errors
/// [`Refusal::LinkInvalid`], [`Refusal::LinkExpired`], [`Error::RateLimited`].
pub async fn open(
    service: &Service,
    recipient: RecipientId,
    secret: &str,
    cookie: Option<&str>,
) -> Result<Opened, Error> {
    let now = service.now();
    service.limiter().take(Rate::LINK, &recipient.to_string(), now)?;
    let mut tx = service.store().begin().await?;
    let mut it = tx.recipient(recipient).await?.ok_or(Refusal::LinkInvalid)?;
    let link = it.link.clone().ok_or(Refusal::LinkInvalid)?;
    // The hash of 256 random bits; compared in constant time all the same.
    if !bool::from(digest(secret).ct_eq(&link.hash)) {
        return Err(Refusal::LinkInvalid.into());
    }
    if now >= link.expires_at && it.status.is_open() {
        return Err(Refusal::LinkExpired.into());
    }
    let held = match cookie {
        Some(cookie) => tx.signing_session(&digest(cookie)).await?,
        None => None,
    };
    let held = held.filter(|session| session.recipient_id == recipient && now < session.expires_at);
    let (session, new) = match held {
        Some(session) => (session, None),
        None => {
            let secret = token::new(&mut Draw(service.rng()));
            let session = SigningSession {
                id: SigningSessionId::new(service.clock(), service.rng()),
                recipient_id: recipient,
                token_hash: digest(secret.as_str()),
                identity_id: None,
                created_at: now,
                expires_at: now + LIFETIME,
            };
            let lives = LIFETIME.unsigned_abs();
            (session, Some(NewSession { token: secret.as_str().to_owned(), lives }))
        }
    };
    tx.put_signing_session(&session, now).await?;
    let first = it.opened_at.is_none();
    if first {
        it.opened_at = Some(now);
    }
    if it.status == RecipientStatus::Invited {
        it.status = RecipientStatus::Opened;
    }
    tx.save_recipient(&it).await?;
    let scene = Scene::load(&mut tx, &session, now).await?;
    if first {
        tx.append_event(scene.event("recipient.opened", Body::new())).await?;
    }
    let ceremony = show::ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    Ok(Opened { session: new, ceremony })
}

/// Goes on with the session of a cookie.
///
/// # Errors
/// [`Refusal::SessionMissing`] where there is none, or it is another recipient's, or it is over.
pub async fn resume(service: &Service, recipient: RecipientId, cookie: &str) -> Result<Signer, Error> {
    let found = service.store().read().await?.signing_session(&digest(cookie)).await?;
    let now = service.now();
    let session = found
        .filter(|session| session.recipient_id == recipient && now < session.expires_at)
        .ok_or(Refusal::SessionMissing)?;
    Ok(Signer { session })
}

fn digest(secret: &str) -> [u8; 32] {
    *token::hash(secret).as_bytes()
}
