//! Transfers by hand, for whoever has no bank that programs can tell to pay: a clerk among the server's administrators makes
//! them ([`super::transfers`]) and records what the bank said.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{Clock, PaymentId};
use providers::{Answer, Fault, PayoutFailure, PayoutProvider, PayoutRequest, PayoutState, ProviderError};
use serde_json::json;
use store::{Store, TransferDetail, TransferOrder, TransferState};

use crate::core::Foundation;

/// The name under which such payments are kept.
pub(super) const PROVIDER: &str = "manual";

/// The clerk.
pub struct ManualTransfers {
    store: Store,
    clock: Arc<dyn Clock>,
}

impl ManualTransfers {
    /// A clerk whose orders are in the database.
    #[must_use]
    pub fn new(foundation: &Foundation) -> Self {
        Self { store: foundation.store.clone(), clock: Arc::clone(&foundation.clock) }
    }

    async fn order(&self, id: PaymentId, request: &PayoutRequest) -> Result<TransferOrder, store::Error> {
        let mut tx = self.store.begin().await?;
        if let Some(known) = tx.transfer_order(id).await? {
            return Ok(known);
        }
        let order = TransferOrder {
            id,
            detail: TransferDetail {
                account_number: request.account_number.clone(),
                account_name: request.account_name.clone(),
                bank: request.bank_name.clone(),
                amount_fen: Some(request.amount_fen),
                remark: request.remark.clone(),
            },
            state: TransferState::Waiting,
            reference: None,
            reason: None,
            created_at: self.clock.now(),
            settled_at: None,
            settled_by: None,
            returned_at: None,
            returned_by: None,
        };
        tx.put_transfer_order(&order).await?;
        tx.commit().await?;
        Ok(order)
    }

    async fn take_back(&self, id: PaymentId) -> Result<(), store::Error> {
        let mut tx = self.store.begin().await?;
        let waiting = tx.transfer_order(id).await?.filter(|it| it.state == TransferState::Waiting);
        let Some(mut order) = waiting else { return Ok(()) };
        order.state = TransferState::Failed;
        order.reason = Some("withdrawn".to_owned());
        order.settled_at = Some(self.clock.now());
        order.detail.amount_fen = None;
        tx.put_transfer_order(&order).await?;
        tx.commit().await
    }

    fn answer(&self, id: &str, verdict: PayoutState) -> Answer<PayoutState> {
        let word = match &verdict {
            PayoutState::Queued => "queued",
            PayoutState::Sent => "sent",
            PayoutState::Failed(why) => why.as_str(),
        };
        let raw = json!({ "provider": PROVIDER, "order": id, "state": word }).to_string().into_bytes();
        Answer { provider: PROVIDER, transaction: format!("manual-{id}"), at: self.clock.now(), raw, verdict }
    }
}

/// How an order stands, in the provider interface's words.
fn state_of(order: Option<&TransferOrder>) -> PayoutState {
    match order.map(|it| (it.state, it.reason.as_deref())) {
        Some((TransferState::Waiting, _)) => PayoutState::Queued,
        Some((TransferState::Sent, _)) => PayoutState::Sent,
        Some((TransferState::Returned, _)) => PayoutState::Failed(PayoutFailure::Returned),
        Some((TransferState::Failed, Some("account_unknown"))) => {
            PayoutState::Failed(PayoutFailure::AccountUnknown)
        }
        Some((TransferState::Failed, Some("account_name"))) => {
            PayoutState::Failed(PayoutFailure::AccountName)
        }
        Some((TransferState::Failed, _)) | None => PayoutState::Failed(PayoutFailure::Unavailable),
    }
}

#[async_trait]
impl PayoutProvider for ManualTransfers {
    fn name(&self) -> &'static str {
        PROVIDER
    }

    fn needs_bank(&self) -> bool {
        true
    }

    async fn request(&self, request: &PayoutRequest) -> Result<Answer<PayoutState>, ProviderError> {
        let id = parse(&request.order)?;
        let order = self.order(id, request).await.map_err(|error| books(&error))?;
        Ok(self.answer(&request.order, state_of(Some(&order))))
    }

    async fn status(&self, order: &str) -> Result<Answer<PayoutState>, ProviderError> {
        let id = parse(order)?;
        let known = match self.store.read().await {
            Ok(mut reader) => reader.transfer_order(id).await,
            Err(error) => Err(error),
        };
        let known = known.map_err(|error| books(&error))?;
        Ok(self.answer(order, state_of(known.as_ref())))
    }

    async fn withdraw(&self, order: &str) -> Result<(), ProviderError> {
        let id = parse(order)?;
        self.take_back(id).await.map_err(|error| books(&error))
    }
}

fn parse(order: &str) -> Result<PaymentId, ProviderError> {
    order.parse().map_err(|_| ProviderError::new(PROVIDER, Fault::Unsupported("orders that are no payments")))
}

fn books(error: &store::Error) -> ProviderError {
    tracing::error!(%error, "the list of transfers cannot be read");
    ProviderError::new(PROVIDER, Fault::Failed(error.to_string()))
}
