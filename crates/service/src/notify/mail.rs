//! Mails by a relay; what is no mail, and is brought by no carrier, goes where it went before.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{Clock, JobId};
use online::{Mail, MailError, Mailer};
use store::Channel;

use super::{Notifier, OutboxNotifier, Outgoing};
use crate::{Error, Foundation};

/// Hands mails to a relay.
pub(crate) struct MailNotifier {
    mailer: Mailer,
    clock: Arc<dyn Clock>,
    /// Where text messages go that no carrier brings: nowhere while the outbox is closed.
    texts: Option<OutboxNotifier>,
}

impl MailNotifier {
    pub(crate) fn new(mailer: Mailer, foundation: &Foundation, texts: Option<OutboxNotifier>) -> Self {
        Self { mailer, clock: Arc::clone(&foundation.clock), texts }
    }
}

#[async_trait]
impl Notifier for MailNotifier {
    fn brings(&self, channel: Channel) -> bool {
        channel != Channel::Sms || self.texts.is_some()
    }

    async fn deliver(&self, message: &Outgoing, job: JobId) -> Result<(), Error> {
        if message.channel == Channel::Sms {
            return match &self.texts {
                Some(outbox) => outbox.deliver(message, job).await,
                None => Err(Error::internal("nobody brings text messages other than codes")),
            };
        }
        let (mailer, content, at) = (self.mailer.clone(), message.content.clone(), self.clock.now());
        let handed_over = tokio::task::spawn_blocking(move || {
            let id = job.to_string();
            mailer.send(&Mail {
                to: &content.to,
                subject: &content.subject,
                text: &content.body,
                id: &id,
                at,
            })
        });
        match handed_over.await? {
            // Asking again changes nothing.
            Err(error @ (MailError::Address | MailError::Refused(_))) => {
                tracing::warn!(%job, %error, "a mail was refused");
                Ok(())
            }
            Err(error) => {
                tracing::warn!(%job, %error, "a mail was not handed over");
                Err(Error::internal(error))
            }
            Ok(()) => Ok(()),
        }
    }
}

/// Where nobody would see it, a message is not kept: the outbox is closed and nothing sends.
pub(crate) struct NoNotifier;

#[async_trait]
impl Notifier for NoNotifier {
    async fn deliver(&self, _: &Outgoing, job: JobId) -> Result<(), Error> {
        tracing::error!(%job, "a message has no way out: the outbox is closed, and no mail server is configured");
        Err(Error::internal("no way out for messages"))
    }
}
