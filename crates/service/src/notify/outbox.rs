//! The outbox: where messages go while no provider is configured.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{Clock, JobId, OutboxId, Rng};
use store::{Channel, Message, Store};

use super::{Notifier, Outgoing};
use crate::{Error, Foundation, Service, view};

const PAGE: usize = 50;
const BATCH: u32 = 200;
/// How many messages a search looks through at most.
const SEARCHED: usize = 5000;

/// Writes messages to the outbox instead of sending them.
pub struct OutboxNotifier {
    store: Store,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
}

impl OutboxNotifier {
    /// A notifier over the store of this foundation.
    #[must_use]
    pub fn new(foundation: &Foundation) -> Self {
        Self {
            store: foundation.store.clone(),
            clock: Arc::clone(&foundation.clock),
            rng: Arc::clone(&foundation.rng),
        }
    }
}

#[async_trait]
impl Notifier for OutboxNotifier {
    async fn deliver(&self, message: &Outgoing, job: JobId) -> Result<(), Error> {
        let message = Message {
            id: OutboxId::new(&*self.clock, &*self.rng),
            channel: message.channel,
            content: message.content.clone(),
            created_at: self.clock.now(),
        };
        let mut tx = self.store.begin().await?;
        tx.add_message(&message, job).await?;
        Ok(tx.commit().await?)
    }
}

/// The messages, newest first, with these words in their receiver, subject or text. There is none outside test trust, nor
/// where it is closed.
///
/// # Errors
/// [`Error::NotFound`] where there is none.
pub async fn outbox(
    service: &Service,
    words: Option<&str>,
    cursor: Option<&str>,
) -> Result<view::OutboxPage, Error> {
    if !service.has_outbox() {
        return Err(Error::NotFound);
    }
    let words = words.unwrap_or_default().trim().to_lowercase();
    let mut after: Option<OutboxId> = cursor.and_then(|cursor| cursor.parse().ok());
    let mut reader = service.store().read().await?;
    let (mut items, mut looked_at) = (Vec::new(), 0);
    loop {
        let batch = reader.outbox(after, BATCH).await?;
        let last = batch.len() < BATCH as usize;
        looked_at += batch.len();
        for message in batch {
            after = Some(message.id);
            if matches(&message, &words) {
                items.push(show(message));
            }
            if items.len() == PAGE {
                return Ok(view::OutboxPage { next_cursor: after.map(|id| id.to_string()), items });
            }
        }
        if last || looked_at >= SEARCHED {
            return Ok(view::OutboxPage { items, next_cursor: None });
        }
    }
}

fn matches(message: &Message, words: &str) -> bool {
    let content = &message.content;
    words.is_empty()
        || [&content.to, &content.subject, &content.body]
            .iter()
            .any(|text| text.to_lowercase().contains(words))
}

fn show(message: Message) -> view::OutboxMessage {
    let content = message.content;
    view::OutboxMessage {
        id: message.id.to_string(),
        channel: match message.channel {
            Channel::Mail => view::OutboxChannel::Mail,
            Channel::Sms => view::OutboxChannel::Sms,
        },
        to: content.to,
        subject: content.subject,
        body: content.body,
        links: content.links.into_iter().map(|(label, url)| view::OutboxLink { label, url }).collect(),
        code: content.code,
        created_at: message.created_at.into(),
    }
}
