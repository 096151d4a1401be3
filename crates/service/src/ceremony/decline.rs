//! The recipient will not sign: the envelope ends.

use domain::ceremony::Step;
use domain::envelope::{Decline, REASON_LIMIT};
use domain::recipient::RecipientStatus;
use domain::{Refusal, Text};
use evidence::Body;

use super::{Scene, Signer, show};
use crate::core::Service;
use crate::error::Error;
use crate::{notify, organization, view};

/// Declines, with a reason that the sender sees.
///
/// # Errors
/// [`Refusal::ReasonRequired`], or where the ceremony has ended.
pub async fn decline(service: &Service, signer: &Signer, reason: &str) -> Result<view::Ceremony, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let mut scene = Scene::load(&mut tx, &signer.session, now).await?;
    scene.require(Step::Request)?;
    let reason = Text::parse(reason, REASON_LIMIT)?;
    if reason.is_empty() {
        return Err(Refusal::ReasonRequired.into());
    }
    scene.contents.envelope.decline(Decline { recipient_id: scene.recipient.id, reason, at: now })?;
    scene.recipient.status = RecipientStatus::Declined;
    tx.save_envelope(&scene.contents.envelope).await?;
    tx.save_recipient(&scene.recipient).await?;
    tx.append_event(scene.event("recipient.declined", Body::new())).await?;
    organization::declined(service, &mut tx, scene.contents.envelope.id).await?;
    notify::declined(service, &mut tx, &scene.contents, &scene.recipient, &scene.sender).await?;
    let ceremony = show::ceremony(service, &mut tx, &scene).await?;
    tx.commit().await?;
    service.wake_jobs();
    Ok(ceremony)
}
