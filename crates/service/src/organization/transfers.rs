//! The clerk's list: transfers that an administrator of the server makes at the bank and records here. The amount is shown to
//! who is to pay it, on request, until it was paid; each view is an event, and nobody who takes part in the verification
//! sees it.

use domain::{PaymentId, Refusal, Text, mask};
use evidence::Body;
use serde::Deserialize;
use store::{Append, Reader, TransferOrder, TransferState};

use super::agents;
use super::follow::follow;
use super::manual::PROVIDER;
use super::payment::Payment;
use crate::account::Actor;
use crate::core::Service;
use crate::error::Error;
use crate::view::{self, Time};

const MOST: u32 = 200;
/// The most characters of a bank's reference.
const REFERENCE: u32 = 100;

/// Why a transfer was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum TransferFailure {
    /// There is no such account.
    AccountUnknown,
    /// The account is in another name.
    AccountName,
    /// It cannot be made.
    Unavailable,
}

impl TransferFailure {
    fn as_str(self) -> &'static str {
        match self {
            Self::AccountUnknown => "account_unknown",
            Self::AccountName => "account_name",
            Self::Unavailable => "unavailable",
        }
    }
}

/// The transfers: those that are to be made first.
///
/// # Errors
/// [`Error::NotFound`] for whoever administers nothing, as all that follows.
pub async fn list(service: &Service, actor: &Actor) -> Result<view::Transfers, Error> {
    let mut reader = office(service, actor).await?;
    let mut items = Vec::new();
    for order in reader.transfer_orders(MOST).await? {
        let takes_part = takes_part(&mut reader, actor, order.id).await?;
        items.push(shown(&order, takes_part));
    }
    let manual = service.providers().payouts.name() == PROVIDER;
    Ok(view::Transfers { items, manual })
}

/// What is to be paid, to whom: for whoever pays it.
///
/// # Errors
/// `transfer_conflict` for who takes part in the verification; `transfer_state` where it is paid, or not wanted.
pub async fn reveal(service: &Service, actor: &Actor, id: PaymentId) -> Result<view::TransferDetail, Error> {
    drop(office(service, actor).await?);
    let mut tx = service.store().begin().await?;
    let order = tx.transfer_order(id).await?.ok_or(Error::NotFound)?;
    if takes_part(&mut tx, actor, id).await? {
        return Err(Refusal::TransferConflict.into());
    }
    let amount = order.detail.amount_fen.filter(|_| order.state == TransferState::Waiting);
    let amount_fen = amount.ok_or(Refusal::TransferState { state: order.state.as_str() })?;
    tx.append_event(event(service, actor, id, "transfer.viewed", Body::new())).await?;
    tx.commit().await?;
    Ok(view::TransferDetail {
        id: id.to_string(),
        account_number: order.detail.account_number,
        account_name: order.detail.account_name,
        bank: order.detail.bank,
        amount_fen,
        remark: order.detail.remark,
    })
}

/// Records that the transfer was made. From now on its amount is known as a keyed hash alone.
///
/// # Errors
/// As [`reveal`]; `reference_required`.
pub async fn sent(
    service: &Service,
    actor: &Actor,
    id: PaymentId,
    reference: &str,
) -> Result<view::Transfers, Error> {
    let reference = Text::parse(reference.trim(), REFERENCE)?;
    if reference.is_empty() {
        return Err(Refusal::ReferenceRequired.into());
    }
    let body = Body::new().with("reference", reference.as_str());
    change(service, actor, id, "transfer.sent", body, |order| {
        require(order, TransferState::Waiting)?;
        order.state = TransferState::Sent;
        order.reference = Some(reference.clone());
        Ok(())
    })
    .await
}

/// Records that it cannot be made.
///
/// # Errors
/// As [`reveal`].
pub async fn failed(
    service: &Service,
    actor: &Actor,
    id: PaymentId,
    why: TransferFailure,
) -> Result<view::Transfers, Error> {
    let body = Body::new().with("reason", why.as_str());
    change(service, actor, id, "transfer.failed", body, |order| {
        require(order, TransferState::Waiting)?;
        order.state = TransferState::Failed;
        order.reason = Some(why.as_str().to_owned());
        Ok(())
    })
    .await
}

/// Records that it came back, however late. Where its amount was told meanwhile, it was guessed: whoever told it acts for the
/// organization no more.
///
/// # Errors
/// As [`reveal`]; `transfer_state` where it was not made.
pub async fn returned(service: &Service, actor: &Actor, id: PaymentId) -> Result<view::Transfers, Error> {
    change(service, actor, id, "transfer.returned", Body::new(), |order| {
        require(order, TransferState::Sent)?;
        order.state = TransferState::Returned;
        order.reason = Some("returned".to_owned());
        Ok(())
    })
    .await
}

async fn change(
    service: &Service,
    actor: &Actor,
    id: PaymentId,
    kind: &'static str,
    body: Body,
    make: impl FnOnce(&mut TransferOrder) -> Result<(), Refusal> + Send,
) -> Result<view::Transfers, Error> {
    let now = service.now();
    drop(office(service, actor).await?);
    let mut tx = service.store().begin().await?;
    if !tx.is_administrator(actor.id()).await? {
        return Err(Error::NotFound);
    }
    let mut order = tx.transfer_order(id).await?.ok_or(Error::NotFound)?;
    if takes_part(&mut tx, actor, id).await? {
        return Err(Refusal::TransferConflict.into());
    }
    make(&mut order)?;
    order.detail.amount_fen = None;
    if order.state == TransferState::Returned {
        (order.returned_at, order.returned_by) = (Some(now), Some(actor.id()));
    } else {
        (order.settled_at, order.settled_by) = (Some(now), Some(actor.id()));
    }
    tx.put_transfer_order(&order).await?;
    tx.append_event(event(service, actor, id, kind, body)).await?;
    let stored = tx.payment(id).await?.ok_or(Error::NotFound)?;
    let payment: Payment = serde_json::from_str(&stored.payment)?;
    let unproven = order.state == TransferState::Returned && payment.verified_at.is_some();
    if unproven {
        agents::unprove(service, &mut tx, stored.verification_id, actor.evidence(), now).await?;
    }
    tx.commit().await?;
    if unproven {
        service.authority().changed().await;
    } else {
        follow(service, &stored).await?;
    }
    list(service, actor).await
}

/// Whether the account takes part in the verification that the payment is for: it sent the envelope, was invited to it, or is
/// the agent's own.
async fn takes_part(reader: &mut Reader, actor: &Actor, id: PaymentId) -> Result<bool, Error> {
    let Some(payment) = reader.payment(id).await? else { return Ok(false) };
    let Some(run) = reader.organization_verification(payment.verification_id).await? else {
        return Ok(false);
    };
    for linked in reader.administered_by(actor.id()).await? {
        if linked.person_id == run.person_id {
            return Ok(true);
        }
    }
    let Some(recipient) = reader.recipient(run.recipient_id).await? else { return Ok(false) };
    let Some(contents) = reader.contents(recipient.envelope_id).await? else { return Ok(false) };
    let invited = contents.recipients.iter().any(|it| it.email.as_ref() == Some(&actor.account.email));
    Ok(invited || contents.envelope.account_id == actor.id())
}

async fn office(service: &Service, actor: &Actor) -> Result<Reader, Error> {
    let mut reader = service.store().read().await?;
    if reader.is_administrator(actor.id()).await? { Ok(reader) } else { Err(Error::NotFound) }
}

fn require(order: &TransferOrder, state: TransferState) -> Result<(), Refusal> {
    if order.state == state { Ok(()) } else { Err(Refusal::TransferState { state: order.state.as_str() }) }
}

fn event(service: &Service, actor: &Actor, id: PaymentId, kind: &'static str, body: Body) -> Append {
    Append {
        at: service.now(),
        kind,
        subject: Some(id.to_string()),
        actor: actor.evidence(),
        body: body.with("payment", id.to_string()),
    }
}

fn shown(it: &TransferOrder, takes_part: bool) -> view::Transfer {
    view::Transfer {
        id: it.id.to_string(),
        organization: it.detail.account_name.clone(),
        bank: it.detail.bank.clone(),
        account_masked: mask::account(&it.detail.account_number),
        state: it.state.as_str().to_owned(),
        reference: it.reference.clone(),
        reason: it.reason.clone(),
        created_at: it.created_at.into(),
        settled_at: Time::maybe(it.settled_at),
        returned_at: Time::maybe(it.returned_at),
        takes_part,
    }
}
