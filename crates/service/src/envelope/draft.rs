//! Drafts: made, changed, thrown away.

use std::collections::HashMap;

use domain::envelope::{
    Contents, EXPIRY_DAYS, EXPIRY_DAYS_DEFAULT, Envelope, EnvelopeStatus, MESSAGE_LIMIT, TITLE_LIMIT,
};
use domain::policy::{PolicyRef, SigningPolicy};
use domain::{EnvelopeId, Locale, RecipientId, Refusal, Text};
use evidence::Body;
use serde::Deserialize;
use store::Tx;

use super::{content, event, owned_draft, show};
use crate::account::Actor;
use crate::{Error, Service, policy, view};

/// What to change of a draft; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct EnvelopePatch {
    /// Title.
    pub title: Option<String>,
    /// Message to the recipients.
    pub message: Option<String>,
    /// Who signs when.
    pub order: Option<view::Order>,
    /// The signing policy, as lists of policies refer to it.
    pub policy: Option<String>,
    /// Other policies for single recipients, by their ids; `null` takes one back.
    #[cfg_attr(feature = "schema", schema(value_type = HashMap<String, Option<String>>))]
    pub recipient_policies: HashMap<RecipientId, Option<String>>,
    /// How many days it stays open.
    pub expires_in_days: Option<u32>,
    /// Language.
    pub locale: Option<Locale>,
}

/// Begins a draft.
///
/// # Errors
/// `text_too_long`.
pub async fn create(
    service: &Service,
    actor: &Actor,
    title: Option<&str>,
    locale: Option<Locale>,
) -> Result<view::Envelope, Error> {
    let now = service.now();
    let envelope = Envelope {
        id: EnvelopeId::new(service.clock(), service.rng()),
        account_id: actor.id(),
        title: title_of(title.unwrap_or_default())?,
        message: String::new(),
        status: EnvelopeStatus::Draft,
        order: domain::envelope::Order::default(),
        locale: locale.unwrap_or(actor.account.locale),
        expires_in_days: EXPIRY_DAYS_DEFAULT,
        policy: PolicyRef::new(None, SigningPolicy::DEFAULT),
        policy_digest: None,
        created_at: now,
        updated_at: now,
        sent_at: None,
        completed_at: None,
        expires_at: None,
        decline: None,
        void_reason: None,
    };
    let mut tx = service.store().begin().await?;
    tx.add_envelope(&envelope).await?;
    tx.append_event(event(&envelope, "envelope.created", actor.evidence(), Body::new(), now)).await?;
    tx.commit().await?;
    let empty = Contents { envelope, documents: Vec::new(), recipients: Vec::new(), fields: Vec::new() };
    Ok(show::envelope(service, &empty, &actor.account))
}

/// Changes a draft.
///
/// # Errors
/// `not_draft`, `text_too_long`, `expiry_invalid`, `policy_unknown`, `policy_not_yours`, `policy_unmet`;
/// [`Error::NotFound`] for a policy of somebody who is no recipient.
pub async fn update(
    service: &Service,
    actor: &Actor,
    id: EnvelopeId,
    patch: EnvelopePatch,
) -> Result<view::Envelope, Error> {
    let mut tx = service.store().begin().await?;
    let mut contents = owned_draft(&mut tx, actor, id).await?;
    if let Some(text) = &patch.policy {
        contents.envelope.policy = chosen(service, &mut tx, actor, text).await?;
    }
    for (recipient, text) in &patch.recipient_policies {
        let policy = match text {
            Some(text) => Some(chosen(service, &mut tx, actor, text).await?),
            None => None,
        };
        let recipient =
            contents.recipients.iter_mut().find(|it| it.id == *recipient).ok_or(Error::NotFound)?;
        recipient.policy = policy;
        tx.save_recipient_policy(recipient).await?;
    }
    apply(&mut contents.envelope, patch)?;
    contents.envelope.updated_at = service.now();
    tx.save_envelope(&contents.envelope).await?;
    tx.commit().await?;
    Ok(show::envelope(service, &contents, &actor.account))
}

/// A policy that the sender may choose and that recipients can meet here.
async fn chosen(service: &Service, tx: &mut Tx, actor: &Actor, text: &str) -> Result<PolicyRef, Error> {
    let wanted = PolicyRef::parse(text).ok_or_else(|| Refusal::PolicyUnknown { name: text.to_owned() })?;
    let found = policy::named(service, tx, actor.id(), &wanted).await?;
    policy::can_be_met(service, &found)?;
    Ok(wanted)
}

/// Throws a draft away.
///
/// # Errors
/// `not_draft`.
pub async fn delete(service: &Service, actor: &Actor, id: EnvelopeId) -> Result<(), Error> {
    let mut tx = service.store().begin().await?;
    let contents = owned_draft(&mut tx, actor, id).await?;
    tx.remove_envelope(id).await?;
    let deleted = event(&contents.envelope, "envelope.deleted", actor.evidence(), Body::new(), service.now());
    tx.append_event(deleted).await?;
    tx.commit().await?;
    content::forget(service, &contents.documents).await;
    Ok(())
}

fn apply(envelope: &mut Envelope, patch: EnvelopePatch) -> Result<(), Error> {
    if let Some(title) = patch.title {
        envelope.title = title_of(&title)?;
    }
    if let Some(message) = patch.message {
        envelope.message = Text::parse(&message, MESSAGE_LIMIT)?;
    }
    if let Some(days) = patch.expires_in_days {
        let (min, max) = EXPIRY_DAYS;
        if !(min..=max).contains(&days) {
            return Err(Refusal::ExpiryInvalid { min, max }.into());
        }
        envelope.expires_in_days = days;
    }
    envelope.order = patch.order.map_or(envelope.order, Into::into);
    envelope.locale = patch.locale.unwrap_or(envelope.locale);
    Ok(())
}

/// A title is one line.
fn title_of(text: &str) -> Result<String, Refusal> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Text::parse(&line, TITLE_LIMIT)
}
