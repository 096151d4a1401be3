//! The sandbox bank's transfers.

use domain::TransferId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::{Row, args, json};
use crate::error::Error;
use crate::sealer::Sealer;
use crate::{Reader, Tx};

const TRANSFER: (&str, &str) = ("sandbox_transfers", "transfer");
/// How many the bank shows.
const SHOWN: u32 = 50;

/// A transfer that arrived at an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The id.
    pub id: TransferId,
    /// When it arrived.
    pub at: Timestamp,
    /// What the statement shows.
    pub statement: Statement,
}

/// A line of an account's statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The payer's order number: it pays once.
    pub order: String,
    /// Account number.
    pub account_number: String,
    /// The account's name.
    pub account_name: String,
    /// Amount in fen.
    pub amount_fen: u32,
    /// Remark.
    pub remark: String,
    /// Who paid.
    pub payer: String,
}

impl Reader {
    /// The newest transfers to an account, or to all.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn transfers(&mut self, account: Option<&str>) -> Result<Vec<Transfer>, Error> {
        let rows = match account {
            Some(account) => {
                let sql =
                    "SELECT id, transfer_sealed, created_at FROM sandbox_transfers WHERE account_index = $1
                    ORDER BY created_at DESC, id DESC LIMIT $2";
                self.connection.all(sql, args![self.sealer.index("account", account), SHOWN]).await?
            }
            None => {
                let sql = "SELECT id, transfer_sealed, created_at FROM sandbox_transfers
                    ORDER BY created_at DESC, id DESC LIMIT $1";
                self.connection.all(sql, args![SHOWN]).await?
            }
        };
        rows.iter().map(|row| read(row, &self.sealer)).collect()
    }
}

impl Tx {
    /// Keeps a transfer.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn insert_transfer(&mut self, it: &Transfer) -> Result<(), Error> {
        let id = it.id.to_string();
        let sealed = self.sealer.seal(TRANSFER, &id, &json(&it.statement));
        let index = self.sealer.index("account", &it.statement.account_number);
        let sql = "INSERT INTO sandbox_transfers (id, account_index, transfer_sealed, created_at) VALUES ($1, $2, $3, $4)";
        self.connection.execute(sql, args![id, index, sealed, it.at]).await.map(drop)
    }
}

fn read(row: &Row, sealer: &Sealer) -> Result<Transfer, Error> {
    let id = row.text("id")?;
    let statement = sealer.open(TRANSFER, &id, &row.text("transfer_sealed")?)?;
    Ok(Transfer {
        id: row.parsed("id")?,
        at: row.time("created_at")?,
        statement: serde_json::from_str(&statement)
            .map_err(|_| Error::Corrupt { column: "transfer_sealed" })?,
    })
}
