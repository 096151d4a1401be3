//! Naming an organization's directory.

use domain::{Email, OrganizationId, Refusal};
use evidence::Body;
use oidc::Issuer;
use serde::Deserialize;
use store::{Append, Directory, Tx};

use super::{administer, list, refusal};
use crate::account::Actor;
use crate::core::Service;
use crate::error::Error;
use crate::limiter::Rate;
use crate::view;

const DOMAINS: usize = 20;
const ACR_VALUES: usize = 8;

/// A directory, as its organization's administrator gives it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DirectoryInput {
    /// Issuer identifier: the address of the OpenID provider.
    pub issuer: String,
    /// Our client id there.
    pub client_id: String,
    /// Our client secret there. Left out: the one that is kept, where issuer and client id stay the same; empty: none.
    pub client_secret: Option<String>,
    /// Domains of staff's e-mail addresses.
    pub domains: Vec<String>,
    /// How strongly staff must be authenticated, in the directory's words (`acr`); empty: as the directory likes.
    pub acr_values: Vec<String>,
}

impl std::fmt::Debug for DirectoryInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DirectoryInput").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// Names the directory, once it described itself as what is needed.
///
/// # Errors
/// What is not well formed; `directory_unusable`, `directory_unavailable`; [`Error::NotFound`] for others than the
/// organization's administrators.
pub async fn configure(
    service: &Service,
    actor: &Actor,
    organization: OrganizationId,
    input: DirectoryInput,
) -> Result<view::AccountOrganizations, Error> {
    let now = service.now();
    service.limiter().take(Rate::CODE, &actor.id().to_string(), now)?;
    let mut reader = service.store().read().await?;
    administer::require(&mut reader, actor, organization, now).await?;
    let before = reader.directory(organization).await?;
    drop(reader);
    let issuer = Issuer::parse(&input.issuer).ok_or(Refusal::DirectoryIssuerInvalid)?;
    let client_id = client_id(&input.client_id)?;
    // A secret goes to the provider that it was given for, and to no other.
    let same = before.as_ref().filter(|it| it.issuer == issuer.as_str() && it.client_id == client_id);
    let client_secret = match input.client_secret.as_deref().map(str::trim) {
        Some("") => None,
        Some(secret) if secret.len() > 512 => return Err(Refusal::TextTooLong { limit: 512 }.into()),
        Some(secret) => Some(secret.to_owned()),
        None => same.and_then(|it| it.client_secret.clone()),
    };
    let it = Directory {
        organization_id: organization,
        issuer: issuer.as_str().to_owned(),
        client_id,
        client_secret,
        domains: domains(&input.domains)?,
        acr_values: acr_values(&input.acr_values)?,
        account_id: actor.id(),
        created_at: before.as_ref().map_or(now, |it| it.created_at),
        updated_at: now,
    };
    let has_secret = it.client_secret.is_some();
    let asked = service.clone();
    tokio::task::spawn_blocking(move || {
        let metadata = asked.relying_party().describe(&issuer, now)?;
        metadata.authentication(has_secret)?;
        Ok(())
    })
    .await?
    .map_err(|error: online::OpenIdError| {
        tracing::info!(%error, "a directory cannot be used");
        refusal(&error)
    })?;
    let mut tx = service.store().begin().await?;
    administer::require(&mut tx, actor, organization, now).await?;
    tx.put_directory(&it).await?;
    let body = Body::new()
        .with("issuer", it.issuer.as_str())
        .with("client_id", it.client_id.as_str())
        .with("domains", it.domains.join(" "))
        .with("acr_values", it.acr_values.join(" "));
    append(&mut tx, actor, organization, "directory.configured", body, now).await?;
    let listed = list::of_account(service, &mut tx, actor, now).await?;
    tx.commit().await?;
    Ok(listed)
}

/// Takes the directory away. What it said before stays on record.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or not for this account.
pub async fn remove(
    service: &Service,
    actor: &Actor,
    organization: OrganizationId,
) -> Result<view::AccountOrganizations, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    administer::require(&mut tx, actor, organization, now).await?;
    let it = tx.directory(organization).await?.ok_or(Error::NotFound)?;
    tx.remove_directory(organization).await?;
    let body = Body::new().with("issuer", it.issuer.as_str());
    append(&mut tx, actor, organization, "directory.removed", body, now).await?;
    let listed = list::of_account(service, &mut tx, actor, now).await?;
    tx.commit().await?;
    Ok(listed)
}

async fn append(
    tx: &mut Tx,
    actor: &Actor,
    organization: OrganizationId,
    kind: &'static str,
    body: Body,
    at: jiff::Timestamp,
) -> Result<(), Error> {
    let subject = Some(organization.to_string());
    tx.append_event(Append { at, kind, subject, actor: actor.evidence(), body }).await?;
    Ok(())
}

fn client_id(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let sound = (1..=255).contains(&text.len()) && text.chars().all(|c| c == ' ' || c.is_ascii_graphic());
    sound.then(|| text.to_owned()).ok_or(Refusal::DirectoryClientInvalid)
}

fn domains(list: &[String]) -> Result<Vec<String>, Refusal> {
    let mut domains = Vec::new();
    for typed in list.iter().map(|it| it.trim().trim_start_matches('@')).filter(|it| !it.is_empty()) {
        // What can stand behind the @ of an address.
        let address = Email::parse(&format!("x@{typed}"))
            .map_err(|_| Refusal::DirectoryDomainInvalid { domain: typed.chars().take(100).collect() })?;
        let domain = address.as_str().trim_start_matches("x@").to_owned();
        if !domains.contains(&domain) {
            domains.push(domain);
        }
    }
    match domains.len() {
        0 => Err(Refusal::DirectoryDomainsMissing),
        1..=DOMAINS => Ok(domains),
        _ => Err(Refusal::LimitReached { what: "domains", limit: 20 }),
    }
}

fn acr_values(list: &[String]) -> Result<Vec<String>, Refusal> {
    let values: Vec<String> = list.iter().flat_map(|it| it.split_whitespace()).map(str::to_owned).collect();
    if values.len() > ACR_VALUES {
        return Err(Refusal::LimitReached { what: "acr_values", limit: 8 });
    }
    match values.iter().any(|it| it.len() > 200 || !it.bytes().all(|b| b.is_ascii_graphic())) {
        true => Err(Refusal::TextTooLong { limit: 200 }),
        false => Ok(values),
    }
}
