//! Whose account it is. An account is linked to the person who was verified in it, or who was verified in a ceremony in a
//! browser that was logged in to it and then said that the account is theirs. It has at most one; a person may have
//! several. That two share an address links nobody.

use domain::account::Account;
use domain::{PersonId, Refusal, VerificationId, mask};
use evidence::{Actor as By, Body};
use jiff::Timestamp;
use store::{AccountPerson, Append, IdentityVerification, Reader, Tx};

use super::party::Holder;
use crate::account::{self, Actor};
use crate::ceremony::{Scene, Signer};
use crate::core::Service;
use crate::error::Error;
use crate::notify::{self, LinkNews, Notice};
use crate::view;

/// Links the account to the person whom this browser's ceremony verified.
///
/// # Errors
/// [`Refusal::StepNotReady`] where it verified nobody; [`Refusal::AccountLinked`] where the account is another's.
pub async fn link_signer(
    service: &Service,
    actor: &Actor,
    signer: &Signer,
) -> Result<view::MyIdentity, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let scene = Scene::load(&mut tx, &signer.session, now).await?;
    let verified = scene.verified_identity().and_then(|it| Some((it.id, it.person_id?)));
    let (verification, person) = verified.ok_or(Refusal::StepNotReady { step: "identity" })?;
    let account = tx.account(actor.id()).await?.ok_or(Error::Unauthorised)?;
    let known = tx.person_of_account(account.id).await?;
    if known.is_some_and(|it| it.person_id != person) {
        return Err(Refusal::AccountLinked.into());
    }
    let body = Body::new().with("recipient", scene.recipient.id.to_string());
    let is_new = known.is_none();
    link(service, &mut tx, &account, person, verification, is_new.then_some(body), now).await?;
    tx.commit().await?;
    service.wake_jobs();
    super::mine::my_identity(service, actor).await
}

/// Ends the link of an account to its person. Certificates and keys stay as they are, and are seen in it no more.
///
/// # Errors
/// [`Refusal::ConfirmationMissing`]; [`Error::NotFound`] where there is no link.
pub async fn unlink(service: &Service, actor: &Actor) -> Result<view::MyIdentity, Error> {
    let now = service.now();
    account::require_confirmed(actor, now)?;
    let mut tx = service.store().begin().await?;
    let account = tx.account(actor.id()).await?.ok_or(Error::Unauthorised)?;
    if !end(service, &mut tx, &account, actor.evidence(), LinkNews::Unlinked, now).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    service.wake_jobs();
    super::mine::my_identity(service, actor).await
}

/// A new password was set through a mailed link: who has the mailbox is not for that the person.
pub(crate) async fn unlink_after_reset(
    service: &Service,
    tx: &mut Tx,
    account: &Account,
    now: Timestamp,
) -> Result<(), Error> {
    end(service, tx, account, By::Account(account.id.to_string()), LinkNews::PasswordReset, now)
        .await
        .map(drop)
}

/// A check in the account was passed: the account is that person's.
pub(super) async fn of_check(
    service: &Service,
    tx: &mut Tx,
    holder: &Holder,
    it: &IdentityVerification,
    person: PersonId,
) -> Result<(), Error> {
    let body = holder.link.is_none().then(Body::new);
    link(service, tx, &holder.account, person, it.id, body, holder.now).await
}

/// Links, with an event and messages where the link is new.
async fn link(
    service: &Service,
    tx: &mut Tx,
    account: &Account,
    person: PersonId,
    verification: VerificationId,
    news: Option<Body>,
    now: Timestamp,
) -> Result<(), Error> {
    let others = tx.accounts_of_person(person).await?;
    tx.link_person(AccountPerson {
        account_id: account.id,
        person_id: person,
        verification_id: verification,
        linked_at: now,
    })
    .await?;
    let Some(body) = news else { return Ok(()) };
    let body = body.with("person", person.to_string()).with("verification", verification.to_string());
    let actor = By::Account(account.id.to_string());
    tx.append_event(event(account, "account.linked", actor, body, now)).await?;
    let name = masked(tx, person).await?;
    tell(service, tx, account, LinkNews::Linked, &name, now).await?;
    // Whoever links an account in somebody's name does not stay unseen by them.
    for other in others.iter().filter(|it| it.id != account.id) {
        tell(service, tx, other, LinkNews::OtherLinked, &name, now).await?;
    }
    Ok(())
}

/// Ends a link, with its event and message; whether there was one.
pub(super) async fn end(
    service: &Service,
    tx: &mut Tx,
    account: &Account,
    actor: By,
    news: LinkNews,
    now: Timestamp,
) -> Result<bool, Error> {
    let Some(link) = tx.person_of_account(account.id).await? else { return Ok(false) };
    let name = masked(tx, link.person_id).await?;
    tx.unlink_person(account.id).await?;
    let body = Body::new().with("person", link.person_id.to_string()).with("reason", news.as_str());
    tx.append_event(event(account, "account.unlinked", actor, body, now)).await?;
    tell(service, tx, account, news, &name, now).await?;
    Ok(true)
}

/// Tells every account of a person; whether there was any.
pub(crate) async fn tell_accounts(
    service: &Service,
    tx: &mut Tx,
    person: PersonId,
    notice: impl Fn(&Account) -> Notice,
    now: Timestamp,
) -> Result<bool, Error> {
    let accounts = tx.accounts_of_person(person).await?;
    for account in &accounts {
        notify::queue(service, tx, notice(account), now).await?;
    }
    Ok(!accounts.is_empty())
}

async fn tell(
    service: &Service,
    tx: &mut Tx,
    account: &Account,
    news: LinkNews,
    name: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let notice = Notice::Link {
        to: account.email.to_string(),
        locale: account.locale,
        news,
        name: name.to_owned(),
        at: now.into(),
        link: format!("{}/identity", service.config().public_url),
    };
    notify::queue(service, tx, notice, now).await
}

async fn masked(reader: &mut Reader, person: PersonId) -> Result<String, Error> {
    Ok(reader.person(person).await?.map(|it| mask::name(it.name.as_str())).unwrap_or_default())
}

fn event(account: &Account, kind: &'static str, actor: By, body: Body, at: Timestamp) -> Append {
    Append { at, kind, subject: Some(account.id.to_string()), actor, body }
}
