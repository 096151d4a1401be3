//! Who is asked to sign.

use domain::envelope::{Contents, RECIPIENT_LIMIT};
use domain::recipient::{Recipient, RecipientKind, RecipientStatus};
use domain::{Email, EnvelopeId, Locale, Name, Phone, RecipientId, Refusal};
use serde::Deserialize;

use super::{owned_draft, show};
use crate::account::Actor;
use crate::{Error, Service, view};

/// A recipient, as the sender types them. With an `id`, what is known of that recipient is kept: their fields, their signing
/// policy, and their phone where none is given, since the sender's browser knows it masked alone.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RecipientInput {
    /// Which, where they are there already.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub id: Option<RecipientId>,
    /// Person or company.
    pub kind: view::RecipientKind,
    /// The person, or the company's agent.
    pub name: String,
    /// Where the invitation goes.
    #[serde(default)]
    pub email: Option<String>,
    /// Where the invitation goes by SMS. An empty text removes a known number.
    #[serde(default)]
    pub phone: Option<String>,
    /// The company that is asked for its seal.
    #[serde(default)]
    pub organization: Option<String>,
    /// Language of the invitation.
    pub locale: Locale,
    /// Place in the sequence, from 1.
    pub order: u32,
}

/// Says who is asked to sign: all of them. The fields of those who are gone go too.
///
/// # Errors
/// `not_draft`, `limit_reached`, `recipient_name_missing`, `recipient_contact_missing`, `email_invalid`,
/// `phone_invalid`, `recipient_organization_missing`.
pub async fn set_recipients(
    service: &Service,
    actor: &Actor,
    id: EnvelopeId,
    inputs: Vec<RecipientInput>,
) -> Result<view::Envelope, Error> {
    if inputs.len() > RECIPIENT_LIMIT as usize {
        return Err(Refusal::LimitReached { what: "recipients", limit: RECIPIENT_LIMIT }.into());
    }
    let mut tx = service.store().begin().await?;
    let mut contents = owned_draft(&mut tx, actor, id).await?;
    let recipients =
        inputs.iter().map(|input| recipient(service, &contents, input)).collect::<Result<Vec<_>, Error>>()?;
    for gone in contents.recipients.iter().filter(|old| !recipients.iter().any(|new| new.id == old.id)) {
        tx.remove_recipient(gone.id).await?;
    }
    for (position, recipient) in recipients.iter().enumerate() {
        tx.put_recipient(recipient, position).await?;
    }
    // A person who became a company has no use for a signature's place.
    contents
        .fields
        .retain(|field| recipients.iter().any(|r| r.id == field.recipient_id && field.kind.suits(r.kind)));
    tx.replace_fields(id, &contents.fields).await?;
    contents.envelope.updated_at = service.now();
    tx.save_envelope(&contents.envelope).await?;
    contents.recipients = tx.recipients(id).await?;
    tx.commit().await?;
    Ok(show::envelope(service, &contents, &actor.account))
}

fn recipient(service: &Service, contents: &Contents, input: &RecipientInput) -> Result<Recipient, Error> {
    let known = match input.id {
        Some(id) => Some(contents.recipients.iter().find(|r| r.id == id).ok_or(Error::NotFound)?),
        None => None,
    };
    let kind = RecipientKind::from(input.kind);
    let name = Name::parse(&input.name).map_err(|refusal| match refusal {
        Refusal::NameRequired => Refusal::RecipientNameMissing,
        other => other,
    })?;
    let shown = || name.to_string();
    let email = given(input.email.as_deref())
        .map(|email| Email::parse(email).map_err(|_| Refusal::RecipientEmailInvalid { name: shown() }))
        .transpose()?;
    let phone = match input.phone.as_deref() {
        None => known.and_then(|known| known.phone.clone()),
        typed => given(typed)
            .map(|phone| Phone::parse(phone).map_err(|_| Refusal::RecipientPhoneInvalid { name: shown() }))
            .transpose()?,
    };
    let organization = match kind {
        RecipientKind::Person => None,
        RecipientKind::Organization => {
            let organization = given(input.organization.as_deref());
            let organization =
                organization.ok_or_else(|| Refusal::RecipientOrganizationMissing { name: shown() })?;
            Some(Name::parse(organization)?)
        }
    };
    if email.is_none() && phone.is_none() {
        return Err(Refusal::RecipientContactMissing { name: shown() }.into());
    }
    Ok(Recipient {
        id: input.id.unwrap_or_else(|| RecipientId::new(service.clock(), service.rng())),
        envelope_id: contents.envelope.id,
        kind,
        name,
        email,
        phone,
        organization,
        locale: input.locale,
        order: input.order.clamp(1, RECIPIENT_LIMIT),
        policy: known.and_then(|known| known.policy.clone()),
        policy_digest: None,
        status: RecipientStatus::Waiting,
        invited_at: None,
        opened_at: None,
        identified_at: None,
        signed_at: None,
        verified: None,
        certificate: None,
        link: None,
    })
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}
