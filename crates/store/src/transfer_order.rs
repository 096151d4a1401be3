//! Transfers that a clerk makes at the bank. What is to be paid is sealed; the amount is in it until the transfer was made.

use domain::{AccountId, PaymentId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::{Row, args, json};
use crate::error::Error;
use crate::sealer::Sealer;
use crate::{Reader, Tx};

const ORDER: (&str, &str) = ("transfer_orders", "order_sealed");

/// How a transfer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransferState {
    /// It is to be made.
    Waiting,
    /// It was made.
    Sent,
    /// It could not be made, or is wanted no more.
    Failed,
    /// It was made, and came back.
    Returned,
}

impl TransferState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Sent, Self::Failed, Self::Returned];

    /// The stored word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Returned => "returned",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// What is to be paid. `Debug` shows none of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferDetail {
    /// Account number.
    pub account_number: String,
    /// In whose name it is.
    pub account_name: String,
    /// The bank that keeps it.
    pub bank: Option<String>,
    /// Amount in fen, until the transfer was made.
    pub amount_fen: Option<u32>,
    /// What the statement shows.
    pub remark: String,
}

impl std::fmt::Debug for TransferDetail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TransferDetail").finish_non_exhaustive()
    }
}

/// A transfer that a clerk makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferOrder {
    /// The payment's id.
    pub id: PaymentId,
    /// What is to be paid.
    pub detail: TransferDetail,
    /// How it stands.
    pub state: TransferState,
    /// The bank's reference.
    pub reference: Option<String>,
    /// Why it failed or came back.
    pub reason: Option<String>,
    /// When it was ordered.
    pub created_at: Timestamp,
    /// When it was made, or found impossible.
    pub settled_at: Option<Timestamp>,
    /// By whom.
    pub settled_by: Option<AccountId>,
    /// When it came back.
    pub returned_at: Option<Timestamp>,
    /// Who recorded that.
    pub returned_by: Option<AccountId>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, order_sealed, state, reference, reason, created_at, settled_at, settled_by, returned_at, ",
            "returned_by FROM transfer_orders ",
            $rest
        )
    };
}

impl Reader {
    /// A transfer.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn transfer_order(&mut self, id: PaymentId) -> Result<Option<TransferOrder>, Error> {
        let row = self.connection.one(select!("WHERE id = $1"), args![id.to_string()]).await?;
        row.map(|row| order(&row, &self.sealer)).transpose()
    }

    /// The transfers: those that are to be made first, then the newest.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn transfer_orders(&mut self, limit: u32) -> Result<Vec<TransferOrder>, Error> {
        let sql = select!(
            "ORDER BY CASE state WHEN 'waiting' THEN 0 ELSE 1 END, created_at DESC, id DESC LIMIT $1"
        );
        let rows = self.connection.all(sql, args![limit]).await?;
        rows.iter().map(|row| order(row, &self.sealer)).collect()
    }
}

impl Tx {
    /// Keeps a transfer, new or changed. One that is there is not ordered twice: its first order stays.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_transfer_order(&mut self, it: &TransferOrder) -> Result<(), Error> {
        let id = it.id.to_string();
        let sealed = self.sealer.seal(ORDER, &id, &json(&it.detail));
        let sql =
            "INSERT INTO transfer_orders (id, order_sealed, state, reference, reason, created_at, settled_at,
                settled_by, returned_at, returned_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (id) DO UPDATE SET order_sealed = excluded.order_sealed, state = excluded.state,
                reference = excluded.reference, reason = excluded.reason, settled_at = excluded.settled_at,
                settled_by = excluded.settled_by, returned_at = excluded.returned_at,
                returned_by = excluded.returned_by";
        let args = args![
            id,
            sealed,
            it.state.as_str(),
            it.reference.clone(),
            it.reason.clone(),
            it.created_at,
            it.settled_at,
            it.settled_by.map(|id| id.to_string()),
            it.returned_at,
            it.returned_by.map(|id| id.to_string()),
        ];
        self.connection.execute(sql, args).await.map(drop)
    }
}

fn order(row: &Row, sealer: &Sealer) -> Result<TransferOrder, Error> {
    let id = row.text("id")?;
    let detail = sealer.open(ORDER, &id, &row.text("order_sealed")?)?;
    Ok(TransferOrder {
        id: row.parsed("id")?,
        detail: serde_json::from_str(&detail)
            .map_err(|_| Error::Schema { what: "a transfer that cannot be read".to_owned() })?,
        state: row.read("state", TransferState::parse)?,
        reference: row.opt_text("reference")?,
        reason: row.opt_text("reason")?,
        created_at: row.time("created_at")?,
        settled_at: row.opt_time("settled_at")?,
        settled_by: row.opt_parsed("settled_by")?,
        returned_at: row.opt_time("returned_at")?,
        returned_by: row.opt_parsed("returned_by")?,
    })
}
