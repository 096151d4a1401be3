//! The sender takes a sent envelope back.

use domain::envelope::REASON_LIMIT;
use domain::{EnvelopeId, Refusal, Text};
use evidence::Body;

use super::{event, owned, show};
use crate::account::Actor;
use crate::{Error, Service, notify, view};

/// Takes a sent envelope back; everyone who was asked is told why.
///
/// # Errors
/// `reason_required`, `not_sent`, `envelope_state`.
pub async fn void(
    service: &Service,
    actor: &Actor,
    id: EnvelopeId,
    reason: &str,
) -> Result<view::Envelope, Error> {
    let now = service.now();
    let reason = Text::parse(reason, REASON_LIMIT)?;
    if reason.is_empty() {
        return Err(Refusal::ReasonRequired.into());
    }
    let mut tx = service.store().begin().await?;
    let mut contents = owned(&mut tx, actor, id).await?;
    contents.envelope.void(reason, now)?;
    tx.save_envelope(&contents.envelope).await?;
    tx.append_event(event(&contents.envelope, "envelope.voided", actor.evidence(), Body::new(), now)).await?;
    notify::voided(service, &mut tx, &contents, &actor.account).await?;
    tx.commit().await?;
    service.wake_jobs();
    Ok(show::envelope(service, &contents, &actor.account))
}
