//! The sender's envelopes.

use domain::envelope::{Contents, EnvelopeStatus};
use jiff::Timestamp;
use store::EnvelopeFilter;

use crate::account::Actor;
use crate::view::{self, Time};
use crate::{Error, Service};

const PAGE: u32 = 25;
/// Longer searches find nothing that shorter ones would not.
const WORDS: usize = 100;

/// Which envelopes to list.
#[derive(Debug, Clone, Default)]
pub struct ListFilter {
    /// Only those of this status.
    pub status: Option<String>,
    /// Only those whose title or recipients hold these words.
    pub words: Option<String>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
}

/// The sender's envelopes, the last changed first. A status or cursor that means nothing lists nothing or begins anew.
///
/// # Errors
/// Where storage fails.
pub async fn list(
    service: &Service,
    actor: &Actor,
    filter: &ListFilter,
) -> Result<view::EnvelopePage, Error> {
    let now = service.now();
    let mut reader = service.store().read().await?;
    let counts = reader.envelope_counts(actor.id()).await?;
    let status = filter.status.as_deref().filter(|status| !status.is_empty());
    let known = status.map(EnvelopeStatus::parse);
    let wanted = EnvelopeFilter {
        status: known.flatten(),
        search: filter.words.as_deref().unwrap_or_default().chars().take(WORDS).collect(),
        after: filter.cursor.as_deref().and_then(parse_cursor),
        limit: PAGE + 1,
    };
    let mut found = match known {
        Some(None) => Vec::new(),
        _ => reader.envelopes(actor.id(), &wanted).await?,
    };
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let next_cursor = found.last().filter(|_| more).map(cursor);
    let count = |status: EnvelopeStatus| counts.get(status.as_str()).copied().unwrap_or(0);
    Ok(view::EnvelopePage {
        items: found.iter().map(|contents| summary(contents, now)).collect(),
        next_cursor,
        counts: view::Counts {
            draft: count(EnvelopeStatus::Draft),
            sent: count(EnvelopeStatus::Sent),
            completed: count(EnvelopeStatus::Completed),
            declined: count(EnvelopeStatus::Declined),
            voided: count(EnvelopeStatus::Voided),
            expired: count(EnvelopeStatus::Expired),
        },
    })
}

fn summary(contents: &Contents, now: Timestamp) -> view::EnvelopeSummary {
    let envelope = &contents.envelope;
    view::EnvelopeSummary {
        id: envelope.id.to_string(),
        title: envelope.title.clone(),
        status: envelope.status_at(now).into(),
        created_at: envelope.created_at.into(),
        updated_at: envelope.updated_at.into(),
        sent_at: Time::maybe(envelope.sent_at),
        completed_at: Time::maybe(envelope.completed_at),
        expires_at: Time::maybe(envelope.expires_at),
        recipients: contents
            .recipients
            .iter()
            .map(|recipient| view::RecipientSummary {
                name: recipient.shown_name().to_owned(),
                kind: recipient.kind.into(),
                status: recipient.status.into(),
            })
            .collect(),
        waiting_for: contents.waiting_for(),
    }
}

fn cursor(contents: &Contents) -> String {
    format!("{}.{}", contents.envelope.updated_at.as_microsecond(), contents.envelope.id)
}

fn parse_cursor(text: &str) -> Option<(Timestamp, domain::EnvelopeId)> {
    let (micros, id) = text.split_once('.')?;
    Some((Timestamp::from_microsecond(micros.parse().ok()?).ok()?, id.parse().ok()?))
}
