//! Whom an organization lets in: the accounts that administer it, and what it said of its staff. Both can be taken back.

use domain::{AccountId, OrganizationId, StaffProofId, mask};
use evidence::{Actor as By, Body};
use jiff::{SignedDuration, Timestamp};
use store::{Append, Reader};

use super::{HOW, administer, list};
use crate::account::Actor;
use crate::core::Service;
use crate::error::Error;
use crate::jobs::Rows;
use crate::organization::agents;
use crate::view::{self, Time};

/// Who administers the organization, and what it said of its staff.
///
/// # Errors
/// [`Error::NotFound`] for accounts that do not administer it.
pub async fn people(
    service: &Service,
    actor: &Actor,
    organization: OrganizationId,
) -> Result<view::OrganizationPeople, Error> {
    let mut reader = service.store().read().await?;
    administer::require(&mut reader, actor, organization, service.now()).await?;
    shown(&mut reader, actor, organization, service.now()).await
}

/// Takes the administration from an account. Whoever acts for the organization themselves keeps it through their own account:
/// that power is an agent's, and ends as such.
///
/// # Errors
/// [`Error::NotFound`] for accounts that do not administer it, and where the other does not.
pub async fn remove_administrator(
    service: &Service,
    actor: &Actor,
    organization: OrganizationId,
    account: AccountId,
) -> Result<view::OrganizationPeople, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    administer::require(&mut tx, actor, organization, now).await?;
    if !tx.remove_organization_administrator(organization, account).await? {
        return Err(Error::NotFound);
    }
    let body = Body::new().with("account", account.to_string());
    tx.append_event(event(organization, "organization.administrator_removed", actor.evidence(), body, now))
        .await?;
    let still = administer::require(&mut tx, actor, organization, now).await.is_ok();
    let listed = match still {
        true => shown(&mut tx, actor, organization, now).await?,
        false => view::OrganizationPeople { administrators: Vec::new(), statements: Vec::new() },
    };
    tx.commit().await?;
    Ok(listed)
}

/// Takes a statement back. Where its ceremony is not over, it stands among the means no more.
///
/// # Errors
/// [`Error::NotFound`] for accounts that do not administer the organization, and where no such statement counts.
pub async fn withdraw_statement(
    service: &Service,
    actor: &Actor,
    organization: OrganizationId,
    id: StaffProofId,
) -> Result<view::OrganizationPeople, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    administer::require(&mut tx, actor, organization, now).await?;
    let statements = tx.staff_statements(organization).await?;
    let it = statements.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
    if !tx.withdraw_statement(id, now).await? {
        return Err(Error::NotFound);
    }
    if let Some(recipient) = it.recipient_id
        && let Some(mut recipient) = tx.recipient(recipient).await?
        && recipient.status.is_open()
        && let Some(verified) = &mut recipient.verified
    {
        verified.how.retain(|how| how != HOW);
        tx.save_recipient(&recipient).await?;
    }
    let body = Body::new().with("proof", id.to_string());
    tx.append_event(event(organization, "staff.withdrawn", actor.evidence(), body, now)).await?;
    let listed = shown(&mut tx, actor, organization, now).await?;
    tx.commit().await?;
    Ok(listed)
}

/// Erases whom statements are about once they are as old as checks that are erased.
pub(crate) async fn erase_overdue(service: &Service) -> Result<(), Error> {
    let now = service.now();
    let kept = SignedDuration::from_hours(24 * i64::from(service.config().identity_retention_days));
    let mut rows = Rows::of("statements of directories");
    while let Some(page) = rows.page() {
        let overdue = service.store().read().await?.statements_to_erase(now - kept, page).await?;
        if overdue.is_empty() {
            break;
        }
        for (id, organization) in overdue {
            rows.done(id, erase_statement(service, id, organization, now).await);
        }
    }
    Ok(())
}

async fn erase_statement(
    service: &Service,
    id: StaffProofId,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<(), Error> {
    let mut tx = service.store().begin().await?;
    tx.erase_statement(id, now).await?;
    let body = Body::new().with("proof", id.to_string());
    tx.append_event(event(organization, "staff.erased", By::System, body, now)).await?;
    Ok(tx.commit().await?)
}

async fn shown(
    reader: &mut Reader,
    actor: &Actor,
    organization: OrganizationId,
    now: Timestamp,
) -> Result<view::OrganizationPeople, Error> {
    let mut administrators = Vec::new();
    for (id, since) in reader.administrators_of(organization).await? {
        let Some(account) = reader.account(id).await? else { continue };
        administrators.push(view::OrganizationAdministrator {
            account: id.to_string(),
            email_masked: mask::email(account.email.as_str()),
            since: since.into(),
            active: agents::of_account(reader, id, organization, now).await?.is_some(),
            is_me: id == actor.id(),
        });
    }
    let statements =
        reader.staff_statements(organization).await?.into_iter().map(|it| view::StaffStatement {
            id: it.id.to_string(),
            directory: list::host(&it.issuer),
            email_masked: it.email_masked,
            stated_at: it.created_at.into(),
            expires_at: it.expires_at.into(),
            withdrawn_at: Time::maybe(it.withdrawn_at),
            counts: now < it.expires_at,
        });
    Ok(view::OrganizationPeople { administrators, statements: statements.collect() })
}

fn event(organization: OrganizationId, kind: &'static str, actor: By, body: Body, at: Timestamp) -> Append {
    Append { at, kind, subject: Some(organization.to_string()), actor, body }
}
