//! Reminders: a recipient gets a new link, and the old one ends.

use domain::envelope::Contents;
use domain::recipient::{RecipientStatus, is_turn};
use domain::{EnvelopeId, RecipientId, Refusal};

use super::{event, owned, progress, show};
use crate::account::Actor;
use crate::limiter::Rate;
use crate::notify::InvitationKind;
use crate::{Error, Service, view};

/// Sends a recipient a new link.
///
/// # Errors
/// `not_sent`, `envelope_state`, `not_your_turn` where it is not the recipient's turn; too many tries.
pub async fn remind(
    service: &Service,
    actor: &Actor,
    id: EnvelopeId,
    recipient: RecipientId,
) -> Result<view::Envelope, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut contents = owned(&mut tx, actor, id).await?;
    contents.envelope.require_open(now)?;
    check_turn(&contents, recipient)?;
    service.limiter().take(Rate::MAIL, &recipient.to_string(), now)?;
    contents.envelope.updated_at = now;
    tx.save_envelope(&contents.envelope).await?;
    let asked = contents.recipients.iter_mut().find(|r| r.id == recipient).ok_or(Error::NotFound)?;
    if asked.status == RecipientStatus::Waiting {
        asked.status = RecipientStatus::Invited;
        asked.invited_at = Some(now);
    }
    let (body, kind) = (progress::invited(asked), InvitationKind::Reminder);
    progress::renew_link(service, &mut tx, &mut contents, recipient, &actor.account, kind, now).await?;
    tx.append_event(event(&contents.envelope, "recipient.reminded", actor.evidence(), body, now)).await?;
    tx.commit().await?;
    service.wake_jobs();
    Ok(show::envelope(service, &contents, &actor.account))
}

fn check_turn(contents: &Contents, recipient: RecipientId) -> Result<(), Error> {
    if !contents.recipients.iter().any(|r| r.id == recipient) {
        return Err(Error::NotFound);
    }
    let turn = is_turn(&contents.recipients, contents.envelope.order, recipient);
    turn.then_some(()).ok_or_else(|| Refusal::NotYourTurn.into())
}
