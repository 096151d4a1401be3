//! How a sent envelope goes on: invitations, the last signature, expiry.

use domain::account::Account;
use domain::envelope::Contents;
use domain::recipient::{self, Link, Recipient, RecipientStatus};
use domain::{Draw, RecipientId};
use evidence::{Actor as By, Body};
use jiff::{SignedDuration, Timestamp};
use keys::token;
use store::Tx;

use super::{complete, event};
use crate::notify::{self, InvitationKind};
use crate::{Error, Service, organization};

/// How long recipients can fetch the signed document after completion.
const FETCHABLE: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Invites everyone whose turn it is and who was not invited yet.
pub(super) async fn invite(
    service: &Service,
    tx: &mut Tx,
    contents: &mut Contents,
    sender: &Account,
    by: By,
    now: Timestamp,
) -> Result<(), Error> {
    let next: Vec<_> =
        recipient::to_invite(&contents.recipients, contents.envelope.order).map(|r| r.id).collect();
    for id in next {
        let Some(recipient) = contents.recipients.iter_mut().find(|r| r.id == id) else { continue };
        recipient.status = RecipientStatus::Invited;
        recipient.invited_at = Some(now);
        let body = invited(recipient);
        renew_link(service, tx, contents, id, sender, InvitationKind::First, now).await?;
        tx.append_event(event(&contents.envelope, "recipient.invited", by.clone(), body, now)).await?;
    }
    Ok(())
}

/// Gives a recipient a new link and queues the message that carries it. Only its hash is kept.
pub(super) async fn renew_link(
    service: &Service,
    tx: &mut Tx,
    contents: &mut Contents,
    id: RecipientId,
    sender: &Account,
    kind: InvitationKind,
    now: Timestamp,
) -> Result<(), Error> {
    let as_agent = contents.signs_as_agent(id);
    let recipient = contents.recipients.iter_mut().find(|r| r.id == id).ok_or(Error::NotFound)?;
    let envelope = &contents.envelope;
    let secret = token::new(&mut Draw(service.rng()));
    let expires_at = envelope.expires_at.unwrap_or(now);
    recipient.link = Some(Link { hash: *secret.hash().as_bytes(), expires_at });
    tx.save_recipient(recipient).await?;
    let link = service.config().signing_link(recipient.id, secret.as_str());
    let asked = notify::Asked { recipient, as_agent, link, kind };
    notify::invitation(service, tx, envelope, sender, asked).await
}

/// What an invitation's event says.
pub(super) fn invited(recipient: &Recipient) -> Body {
    let channel = if recipient.email.is_some() { "mail" } else { "sms" };
    Body::new().with("recipient", recipient.id.to_string()).with("channel", channel)
}

/// Goes on after a recipient has signed: the envelope is to be completed, or who is next is invited. `contents` holds the
/// recipient as signed; the caller has saved them, and commits and wakes the jobs.
pub(crate) async fn after_signature(
    service: &Service,
    tx: &mut Tx,
    contents: &mut Contents,
    now: Timestamp,
) -> Result<(), Error> {
    if !recipient::all_signed(&contents.recipients) {
        let sender = tx.account(contents.envelope.account_id).await?.ok_or(Error::NotFound)?;
        contents.envelope.updated_at = now;
        tx.save_envelope(&contents.envelope).await?;
        return invite(service, tx, contents, &sender, By::System, now).await;
    }
    contents.envelope.begin_completion(now)?;
    organization::signed(service, tx, contents.envelope.id).await?;
    tx.save_envelope(&contents.envelope).await?;
    for recipient in &mut contents.recipients {
        if let Some(link) = &mut recipient.link {
            link.expires_at = link.expires_at.max(now + FETCHABLE);
            tx.save_recipient(recipient).await?;
        }
    }
    complete::queue(service, tx, contents.envelope.id, now).await
}

/// Ends an envelope whose time has run out, and tells the sender and those who were asked.
pub(crate) async fn expire(
    service: &Service,
    tx: &mut Tx,
    contents: &mut Contents,
    now: Timestamp,
) -> Result<(), Error> {
    if !contents.envelope.expire(now) {
        return Ok(());
    }
    tx.save_envelope(&contents.envelope).await?;
    tx.append_event(event(&contents.envelope, "envelope.expired", By::System, Body::new(), now)).await?;
    organization::expired(service, tx, contents.envelope.id).await?;
    let sender = tx.account(contents.envelope.account_id).await?.ok_or(Error::NotFound)?;
    notify::expired(service, tx, contents, &sender).await
}
