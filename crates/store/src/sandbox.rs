//! The sandbox bank's transfers, and faces before the sandbox's camera.

use domain::TransferId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::{Row, args, json};
use crate::error::Error;
use crate::sealer::Sealer;
use crate::{Reader, Tx};

const TRANSFER: (&str, &str) = ("sandbox_transfers", "transfer");
const FACE: (&str, &str) = ("sandbox_faces", "face_sealed");
/// How many the bank shows.
const SHOWN: u32 = 50;

/// A transfer that arrived at an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The id.
    pub id: TransferId,
    /// When it arrived.
    pub at: Timestamp,
    /// When the bank sent it back, where it did.
    pub returned_at: Option<Timestamp>,
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

/// A face check that waits for somebody before the camera, or what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFace {
    /// The check's number.
    pub transaction: String,
    /// Who is expected, and where they go on from there.
    pub face: Face,
    /// What was played, in the service's word.
    pub outcome: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// Until when it is open.
    pub until: Timestamp,
}

/// Who is expected before the camera.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Face {
    /// Name as given; masked once the check is erased.
    pub name: String,
    /// Whether name and number belong to somebody of the register.
    pub known: bool,
    /// The method that is played.
    pub method: String,
    /// Where the person goes on afterwards.
    pub return_url: Option<String>,
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
                    "SELECT id, transfer_sealed, created_at, returned_at FROM sandbox_transfers WHERE account_index = $1
                    ORDER BY created_at DESC, id DESC LIMIT $2";
                let mut rows = Vec::new();
                for index in self.sealer.indexes("account", account) {
                    rows.extend(self.connection.all(sql, args![index, SHOWN]).await?);
                }
                rows
            }
            None => {
                let sql = "SELECT id, transfer_sealed, created_at, returned_at FROM sandbox_transfers
                    ORDER BY created_at DESC, id DESC LIMIT $1";
                self.connection.all(sql, args![SHOWN]).await?
            }
        };
        rows.iter().map(|row| read(row, &self.sealer)).collect()
    }
}

impl Reader {
    /// A face check.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sandbox_face(&mut self, transaction: &str) -> Result<Option<StoredFace>, Error> {
        let sql = "SELECT transaction_number, face_sealed, outcome, created_at, until FROM sandbox_faces
            WHERE transaction_number = $1";
        let row = self.connection.one(sql, args![transaction]).await?;
        row.map(|row| {
            let transaction = row.text("transaction_number")?;
            let face = self.sealer.open(FACE, &transaction, &row.text("face_sealed")?)?;
            Ok(StoredFace {
                face: serde_json::from_str(&face).map_err(|_| Error::Corrupt { column: "face_sealed" })?,
                transaction,
                outcome: row.opt_text("outcome")?,
                created_at: row.time("created_at")?,
                until: row.time("until")?,
            })
        })
        .transpose()
    }
}

impl Tx {
    /// Keeps a face check that begins; one of the same number stays as it is.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_sandbox_face(&mut self, it: &StoredFace) -> Result<(), Error> {
        let sealed = self.sealer.seal(FACE, &it.transaction, &json(&it.face));
        let sql = "INSERT INTO sandbox_faces (transaction_number, face_sealed, outcome, created_at, until)
            VALUES ($1, $2, NULL, $3, $4) ON CONFLICT (transaction_number) DO NOTHING";
        let args = args![it.transaction.as_str(), sealed, it.created_at, it.until];
        self.connection.execute(sql, args).await.map(drop)
    }

    /// Changes who is expected.
    pub(crate) async fn put_sandbox_face(&mut self, it: &StoredFace) -> Result<(), Error> {
        let sealed = self.sealer.seal(FACE, &it.transaction, &json(&it.face));
        let sql = "UPDATE sandbox_faces SET face_sealed = $2 WHERE transaction_number = $1";
        self.connection.execute(sql, args![it.transaction.as_str(), sealed]).await.map(drop)
    }

    /// Says what was played; what was said first stays. Gives whether it was the first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn decide_sandbox_face(&mut self, transaction: &str, outcome: &str) -> Result<bool, Error> {
        let sql = "UPDATE sandbox_faces SET outcome = $2 WHERE transaction_number = $1 AND outcome IS NULL";
        Ok(self.connection.execute(sql, args![transaction, outcome]).await? == 1)
    }

    /// Sends a transfer back, once.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn return_transfer(&mut self, id: TransferId, now: Timestamp) -> Result<bool, Error> {
        let sql = "UPDATE sandbox_transfers SET returned_at = $2 WHERE id = $1 AND returned_at IS NULL";
        Ok(self.connection.execute(sql, args![id.to_string(), now]).await? == 1)
    }

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
        returned_at: row.opt_time("returned_at")?,
        statement: serde_json::from_str(&statement)
            .map_err(|_| Error::Corrupt { column: "transfer_sealed" })?,
    })
}
