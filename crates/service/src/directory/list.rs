//! The organizations of an account: those it administers, and those on whose staff it may prove to be.

use jiff::Timestamp;
use oidc::Issuer;
use store::{Directory, Reader, ShownDirectory, StaffProof};

use super::redirect_uri;
use crate::account::Actor;
use crate::core::Service;
use crate::error::Error;
use crate::organization::agents;
use crate::view::{self, Time};

/// The account's organizations.
///
/// # Errors
/// Where storage fails.
pub async fn list(service: &Service, actor: &Actor) -> Result<view::AccountOrganizations, Error> {
    let mut reader = service.store().read().await?;
    of_account(service, &mut reader, actor, service.now()).await
}

pub(super) async fn of_account(
    service: &Service,
    reader: &mut Reader,
    actor: &Actor,
    now: Timestamp,
) -> Result<view::AccountOrganizations, Error> {
    let proofs = reader.staff_proofs_of_account(actor.id()).await?;
    let mut items = Vec::new();
    let administered = reader.administered_by(actor.id()).await?;
    for it in administered {
        let agent = agents::of_account(reader, actor.id(), it.organization_id, now).await?;
        let Some(agent) = agent else { continue };
        let Some(organization) = reader.organization(it.organization_id).await? else { continue };
        let directory = reader.shown_directory(it.organization_id).await?;
        items.push(view::AccountOrganization {
            id: organization.id.to_string(),
            name: organization.name.as_str().to_owned(),
            credit_code: organization.credit_code.as_str().to_owned(),
            role: view::OrganizationRole::Administrator,
            until: Time::maybe(agent.until),
            directory_host: directory.as_ref().map(|it| host(&it.issuer)),
            directory: directory.as_ref().map(configured),
            staff: current(&proofs, it.organization_id, now),
        });
    }
    let domain = domain_of(actor.account.email.as_str()).unwrap_or_default();
    for directory in reader.directories_for(&domain).await? {
        let id = directory.organization_id;
        if items.iter().any(|it| it.id == id.to_string()) {
            continue;
        }
        let Some(organization) = reader.organization(id).await? else { continue };
        items.push(view::AccountOrganization {
            id: id.to_string(),
            name: organization.name.as_str().to_owned(),
            credit_code: organization.credit_code.as_str().to_owned(),
            role: view::OrganizationRole::Staff,
            until: None,
            directory_host: Some(host(&directory.issuer)),
            directory: None,
            staff: current(&proofs, id, now),
        });
    }
    Ok(view::AccountOrganizations { items, redirect_uri: redirect_uri(service.config()) })
}

/// Whether the account's own address, which was verified, is of the directory's domains.
pub(super) fn is_for(directory: &Directory, actor: &Actor) -> bool {
    is_among(actor.account.email.as_str(), &directory.domains)
}

/// Whether an address is of one of the domains: the very domain, not one under it.
pub(super) fn is_among(email: &str, domains: &[String]) -> bool {
    domain_of(email).is_some_and(|domain| domains.contains(&domain))
}

fn domain_of(email: &str) -> Option<String> {
    email.rsplit_once('@').map(|(_, domain)| domain.to_lowercase())
}

/// The host of an issuer, by which people know their directory.
pub(super) fn host(issuer: &str) -> String {
    Issuer::parse(issuer).map_or_else(|| issuer.to_owned(), |it| it.host().to_owned())
}

pub(super) fn shown(it: &StaffProof) -> view::StaffProof {
    view::StaffProof {
        directory: host(&it.issuer),
        issuer: it.issuer.clone(),
        email_masked: it.email_masked.clone(),
        acr: it.acr.clone(),
        amr: it.amr.clone(),
        authenticated_at: Time::maybe(it.auth_time),
        proved_at: it.created_at.into(),
        expires_at: it.expires_at.into(),
    }
}

fn current(
    proofs: &[StaffProof],
    organization: domain::OrganizationId,
    now: Timestamp,
) -> Option<view::StaffProof> {
    proofs.iter().find(|it| it.organization_id == organization && now < it.expires_at).map(shown)
}

fn configured(it: &ShownDirectory) -> view::Directory {
    view::Directory {
        issuer: it.issuer.clone(),
        client_id: it.client_id.clone(),
        has_secret: it.has_secret,
        domains: it.domains.clone(),
        acr_values: it.acr_values.clone(),
        updated_at: it.updated_at.into(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_domain_is_neither_its_parent_nor_its_look_alike() {
        let domains = ["example.com".to_owned()];
        assert!(super::is_among("Ada@Example.COM", &domains));
        for other in
            ["ada@sub.example.com", "ada@example.com.evil.example", "ada@badexample.com", "example.com", ""]
        {
            assert!(!super::is_among(other, &domains), "{other}");
        }
    }
}
