//! Small payments to a company's own account (对公打款).

use async_trait::async_trait;

use crate::answer::Answer;
use crate::error::ProviderError;

/// A small payment to a company's own account. `Debug` shows no name and a masked account.
#[derive(Clone)]
pub struct PayoutRequest {
    /// Our order number: the same number never pays twice.
    pub order: String,
    /// Account to pay to.
    pub account_number: String,
    /// Name that the account must be in.
    pub account_name: String,
    /// Name of the bank and branch that keep it, where the driver needs it.
    pub bank_name: Option<String>,
    /// Number of the bank in the clearing system, where the driver needs it.
    pub bank_union_number: Option<String>,
    /// Amount in fen (0.01 CNY).
    pub amount_fen: u32,
    /// Remark that the account holder sees.
    pub remark: String,
}

impl std::fmt::Debug for PayoutRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PayoutRequest")
            .field("order", &self.order)
            .field("account", &domain::mask::account(&self.account_number))
            .finish_non_exhaustive()
    }
}

/// How a payment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayoutState {
    /// Taken, and not paid yet: a person pays it.
    Queued,
    /// Accepted by the bank. Banks tell of a later failure late or never: the amount expires instead.
    Sent,
    /// Refused.
    Failed(PayoutFailure),
}

/// Why a payment was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayoutFailure {
    /// No such account.
    AccountUnknown,
    /// The account is in another name.
    AccountName,
    /// The bank does not pay at the moment.
    Unavailable,
    /// The bank of the account sent the payment back, after it had been taken.
    Returned,
    /// Nobody paid it in time.
    NotSent,
}

impl PayoutFailure {
    /// The stable word of the refusal.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccountUnknown => "account_unknown",
            Self::AccountName => "account_name",
            Self::Unavailable => "unavailable",
            Self::Returned => "returned",
            Self::NotSent => "not_sent",
        }
    }
}

/// Pays small amounts (对公打款).
#[async_trait]
pub trait PayoutProvider: Send + Sync {
    /// Stable name, kept with each payment.
    fn name(&self) -> &'static str;

    /// Whether anything is paid at all.
    fn pays(&self) -> bool {
        true
    }

    /// Whether the name of the account's bank is needed.
    fn needs_bank(&self) -> bool {
        false
    }

    /// Pays, once for each order number.
    async fn request(&self, request: &PayoutRequest) -> Result<Answer<PayoutState>, ProviderError>;

    /// How a payment stands now.
    async fn status(&self, order: &str) -> Result<Answer<PayoutState>, ProviderError>;

    /// Takes back an order that was not paid yet; one that was paid stays.
    async fn withdraw(&self, _order: &str) -> Result<(), ProviderError> {
        Ok(())
    }
}
