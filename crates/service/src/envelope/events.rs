//! The timeline: what happened to an envelope, and whether the log's chain holds.

use std::collections::BTreeMap;

use domain::account::Account;
use domain::envelope::Contents;
use domain::recipient::Recipient;
use domain::{EnvelopeId, mask};
use evidence::{Actor as By, Event, Link, Value};

use super::owned;
use crate::account::Actor;
use crate::{Error, Service, view};

/// The events of an envelope, oldest first. The chain is checked from the first to the last of them, through the events
/// of others that lie between.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn events(service: &Service, actor: &Actor, id: EnvelopeId) -> Result<view::EventPage, Error> {
    let mut reader = service.store().read().await?;
    let contents = owned(&mut reader, actor, id).await?;
    let links = reader.events_of(&id.to_string()).await?;
    let first = links.first().map_or(0, |link| link.event.seq);
    let last = links.last().map_or(0, |link| link.event.seq);
    let verified = reader.verify_events(first, last).await?;
    let head_hash = links.last().map(|link| hex::encode(link.hash)).unwrap_or_default();
    let intact = verified.is_ok_and(|head| hex::encode(head) == head_hash);
    Ok(view::EventPage {
        items: links.iter().map(|link| event(link, &contents, &actor.account)).collect(),
        chain: view::Chain { first, last, head_hash, intact },
    })
}

fn event(link: &Link, contents: &Contents, sender: &Account) -> view::Event {
    view::Event {
        seq: link.event.seq,
        at: link.event.at.into(),
        kind: link.event.kind.clone(),
        actor: actor(&link.event.actor, contents, sender),
        params: params(&link.event, contents),
        hash: hex::encode(link.hash),
        prev_hash: hex::encode(link.prev_hash),
    }
}

fn actor(by: &By, contents: &Contents, sender: &Account) -> view::EventActor {
    match by {
        By::Account(_) => view::EventActor {
            kind: view::EventActorKind::Account,
            name_masked: mask::name(sender.name.as_str()),
        },
        By::Recipient(id) => view::EventActor {
            kind: view::EventActorKind::Recipient,
            name_masked: recipient_name(id, contents).unwrap_or_default(),
        },
        By::System => view::EventActor { kind: view::EventActorKind::System, name_masked: String::new() },
    }
}

/// Plain values as text; a recipient's id becomes their masked name, beside which the id stays as `recipient_id`.
fn params(event: &Event, contents: &Contents) -> BTreeMap<String, String> {
    let mut params = BTreeMap::new();
    for (name, value) in event.body.members() {
        let text = plain(value);
        match (name, recipient_name(&text, contents)) {
            ("recipient", Some(masked)) => {
                params.insert("recipient".to_owned(), masked);
                params.insert("recipient_id".to_owned(), text);
            }
            _ => {
                params.insert(name.to_owned(), text);
            }
        }
    }
    params
}

fn recipient_name(id: &str, contents: &Contents) -> Option<String> {
    contents.recipients.iter().find(|r| r.id.to_string() == id).map(acting)
}

/// Who acts where a recipient does: a person under their masked name; a company, whose name is public, by its agent, who is
/// the one that agrees, is verified and opens the key.
pub(crate) fn acting(recipient: &Recipient) -> String {
    let person = mask::name(recipient.name.as_str());
    match &recipient.organization {
        Some(organization) => format!("{organization} · {person}"),
        None => person,
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::List(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(_) => value.canonical(),
    }
}
