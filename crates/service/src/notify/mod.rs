//! Messages to senders and recipients: queued in the transaction of a use case, delivered by a job.
//!
//! [`Notifier`] is what delivers them: to the outbox, or by mail to a relay. Codes go by a carrier where there is one.

mod carrier;
mod mail;
mod notice;
mod outbox;
mod progress;
mod queue;
mod subject;
mod text;

use async_trait::async_trait;
use domain::{ActivationId, EnvelopeId, JobId, RecipientId};
use evidence::{Actor, Body};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::{ActivationState, Append, Content, NewJob, Tx};

use crate::{Error, Service};

pub(crate) use mail::{MailNotifier, NoNotifier};
pub use notice::{
    Contact, Ending, InvitationKind, KeyUse, LapseNews, LinkNews, NoCertificate, Notice, OrganizationNews,
    ReviewResult,
};
pub use outbox::{OutboxNotifier, outbox};
pub(crate) use queue::{
    Asked, KeyUsed, certificate_ready, certificate_refused, completed, contact, declined, expired,
    invitation, key_used, mail_code, organization, phone_code, review_arrived, reviewed, reviewed_in_account,
    voided,
};
pub use store::Channel;

/// The kind of the job that delivers a notice.
pub(crate) const JOB: &str = "notify";

/// A message ready to travel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// How it travels.
    pub channel: Channel,
    /// What it says, and to whom.
    pub content: Content,
}

/// Delivers messages.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Delivers a message. `job` is the same when it is tried again, so that a provider can leave out what it has sent.
    ///
    /// # Errors
    /// Where it could not be handed over; it is tried again later.
    async fn deliver(&self, message: &Outgoing, job: JobId) -> Result<(), Error>;

    /// Whether messages of this kind have a way at all.
    fn brings(&self, _: Channel) -> bool {
        true
    }
}

/// Queues a notice; it is delivered after the transaction commits. Call [`Service::wake_jobs`] then.
pub(crate) async fn queue(
    service: &Service,
    tx: &mut Tx,
    notice: Notice,
    now: Timestamp,
) -> Result<(), Error> {
    queue_about(service, tx, notice, About::default(), now).await
}

/// The same for a notice about an envelope.
async fn queue_about(
    service: &Service,
    tx: &mut Tx,
    notice: Notice,
    about: About,
    now: Timestamp,
) -> Result<(), Error> {
    queue_for(service, tx, notice, about, now).await.map(drop)
}

/// The same, to be delivered at `due`; it may be hastened under the id.
async fn queue_for(
    service: &Service,
    tx: &mut Tx,
    notice: Notice,
    about: About,
    due: Timestamp,
) -> Result<JobId, Error> {
    let id = JobId::new(service.clock(), service.rng());
    let job = NewJob { id, kind: JOB, body: serde_json::to_value(Queued { notice, about })?, run_at: due };
    tx.add_job(&job, service.now()).await?;
    Ok(id)
}

/// A notice on its way.
#[derive(Serialize, Deserialize)]
struct Queued {
    #[serde(flatten)]
    notice: Notice,
    #[serde(default)]
    about: About,
}

/// Of which envelope a notice is, and for which of its recipients.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct About {
    envelope: Option<EnvelopeId>,
    recipient: Option<RecipientId>,
}

/// Delivers a queued notice.
pub(crate) async fn deliver(service: &Service, job: JobId, body: serde_json::Value) -> Result<(), Error> {
    let Queued { mut notice, about } = serde_json::from_value(body)?;
    if let Notice::Code { until: Some(until), .. } | Notice::MailCode { until: Some(until), .. } = &notice
        && until.0 <= service.now()
    {
        // A code that holds no more would only come after a newer one.
        tracing::warn!(%job, "a code could not be sent in its time");
        return Ok(());
    }
    if let (Notice::Code { to, locale, code, minutes, .. }, Some(carrier)) =
        (&notice, service.providers().carrier())
    {
        let values = [("code", code.clone()), ("minutes", minutes.to_string())];
        let values = values.into_iter().map(|(place, value)| (place.to_owned(), value)).collect();
        return carrier::send_code(service, carrier, job, to, *locale, values).await;
    }
    if let Notice::KeyUsed { activation: Some(activation), ended, .. } = &mut notice {
        *ended = how_ended(service, *activation).await?;
    }
    let message = text::render(&notice);
    if !service.notifier().brings(message.channel) {
        return undeliverable(service, job, about, message.channel).await;
    }
    service.notifier().deliver(&message, job).await
}

async fn how_ended(service: &Service, activation: ActivationId) -> Result<KeyUse, Error> {
    let found = service.store().read().await?.activation(activation).await?;
    let signed = found.is_some_and(|it| it.state == ActivationState::Used);
    Ok(if signed { KeyUse::Signed } else { KeyUse::Unfinished })
}

/// Says at once, and on record, that nobody brings a message, and whose it was: it is not tried again.
async fn undeliverable(service: &Service, job: JobId, about: About, channel: Channel) -> Result<(), Error> {
    tracing::error!(%job, channel = channel.as_str(), "nobody brings messages of this kind");
    let mut body = Body::new().with("job", job.to_string()).with("channel", channel.as_str());
    if let Some(recipient) = about.recipient {
        body = body.with("recipient", recipient.to_string());
    }
    let subject = about.envelope.map(|id| id.to_string());
    let (at, actor) = (service.now(), Actor::System);
    let mut tx = service.store().begin().await?;
    tx.append_event(Append { at, kind: "notice.undeliverable", subject, actor, body }).await?;
    Ok(tx.commit().await?)
}
