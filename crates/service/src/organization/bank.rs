//! The sandbox bank: transfers arrive at once, and its statements are open to everyone (`GET /sandbox/bank`).

use std::sync::Arc;

use async_trait::async_trait;
use domain::{Clock, Name, Rng, TransferId};
use providers::{Answer, PayoutFailure, PayoutProvider, PayoutRequest, PayoutState, ProviderError};
use store::{Statement, Store, Transfer};

use crate::core::Foundation;
use crate::identity::sandbox::{PROVIDER, answer, books};
use crate::sandbox::register;

/// What the bank's statements call the platform.
const PAYER: &str = "Vermilion";

/// The bank.
pub struct SandboxBank {
    store: Store,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
}

impl SandboxBank {
    /// A bank whose books are in the database.
    #[must_use]
    pub fn new(foundation: &Foundation) -> Self {
        Self {
            store: foundation.store.clone(),
            clock: Arc::clone(&foundation.clock),
            rng: Arc::clone(&foundation.rng),
        }
    }

    async fn paid(&self, request: &PayoutRequest) -> Result<bool, store::Error> {
        let transfers = self.store.read().await?.transfers(Some(&request.account_number)).await?;
        Ok(transfers.iter().any(|transfer| transfer.statement.order == request.order))
    }

    async fn pay(&self, request: &PayoutRequest) -> Result<(), store::Error> {
        let transfer = Transfer {
            id: TransferId::new(&*self.clock, &*self.rng),
            at: self.clock.now(),
            returned_at: None,
            statement: Statement {
                order: request.order.clone(),
                account_number: request.account_number.clone(),
                account_name: request.account_name.clone(),
                amount_fen: request.amount_fen,
                remark: request.remark.clone(),
                payer: PAYER.to_owned(),
            },
        };
        let mut tx = self.store.begin().await?;
        tx.insert_transfer(&transfer).await?;
        tx.commit().await
    }

    fn answer(&self, order: &str, verdict: PayoutState) -> Answer<PayoutState> {
        let word = match &verdict {
            PayoutState::Queued => "queued",
            PayoutState::Sent => "sent",
            PayoutState::Failed(why) => why.as_str(),
        };
        answer(&*self.clock, format!("sandbox-bank-{order}"), word, verdict)
    }
}

#[async_trait]
impl PayoutProvider for SandboxBank {
    fn name(&self) -> &'static str {
        PROVIDER
    }

    async fn request(&self, request: &PayoutRequest) -> Result<Answer<PayoutState>, ProviderError> {
        let Some(owner) = register::account_owner(&request.account_number) else {
            return Ok(self.answer(&request.order, PayoutState::Failed(PayoutFailure::AccountUnknown)));
        };
        let same = Name::parse(owner.name).ok().zip(Name::parse(&request.account_name).ok());
        if !same.is_some_and(|(owner, given)| owner.matches(&given)) {
            return Ok(self.answer(&request.order, PayoutState::Failed(PayoutFailure::AccountName)));
        }
        if !self.paid(request).await.map_err(|error| books(&error))? {
            self.pay(request).await.map_err(|error| books(&error))?;
        }
        Ok(self.answer(&request.order, PayoutState::Sent))
    }

    async fn status(&self, order: &str) -> Result<Answer<PayoutState>, ProviderError> {
        let transfers = match self.store.read().await {
            Ok(mut reader) => reader.transfers(None).await,
            Err(error) => Err(error),
        };
        let transfers = transfers.map_err(|error| books(&error))?;
        let known = transfers.iter().find(|transfer| transfer.statement.order == order);
        let state = match known.map(|transfer| transfer.returned_at) {
            Some(None) => PayoutState::Sent,
            Some(Some(_)) => PayoutState::Failed(PayoutFailure::Returned),
            None => PayoutState::Failed(PayoutFailure::Unavailable),
        };
        Ok(self.answer(order, state))
    }
}
