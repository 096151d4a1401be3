//! Master keys that follow one another: which seals, what is still sealed under others, and sealing it anew.
//!
//! Everything that a master key seals says so in its first bytes ([`keys::field::mark`]), so that what is left to do is a
//! question to the database, and nothing has to be remembered: killed anywhere, one goes on.

use std::sync::{LazyLock, Mutex};

use jiff::Timestamp;

use crate::blob::BlobId;
use crate::db::{Row, args};
use crate::error::Error;
use crate::{Reader, Tx};

/// How a master key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MasterKeyState {
    /// It seals.
    Current,
    /// It sealed before, and something may be sealed under it still.
    Older,
    /// Nothing is sealed under it but keys of signers, for which a part of it is kept.
    Pepper,
}

impl MasterKeyState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Older => "older",
            Self::Pepper => "pepper",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Current, Self::Older, Self::Pepper].into_iter().find(|state| state.as_str() == word)
    }
}

/// A master key, by its id: the key itself is in no database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MasterKey {
    /// The id.
    pub id: String,
    /// How it stands.
    pub state: MasterKeyState,
    /// Since when it is known.
    pub created_at: Timestamp,
}

/// A column whose values are sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedColumn {
    /// Its table.
    pub table: String,
    /// Its name.
    pub column: String,
    /// The column by which the table's rows are told apart.
    row: String,
}

impl Reader {
    /// The master keys that are in use: the one that seals, older ones, those of which a part is kept.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn master_keys(&mut self) -> Result<Vec<MasterKey>, Error> {
        let sql = "SELECT id, state, created_at FROM server_keys ORDER BY state, created_at DESC, id";
        let rows = self.connection.all(sql, &[]).await?;
        rows.iter()
            .map(|row| {
                Ok(MasterKey {
                    id: row.text("id")?,
                    state: row.read("state", MasterKeyState::parse)?,
                    created_at: row.time("created_at")?,
                })
            })
            .collect()
    }

    /// The columns that end in `_sealed`, in the order of their tables.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sealed_columns(&mut self) -> Result<Vec<SealedColumn>, Error> {
        let sql = "SELECT m.name AS table_name, p.name AS column_name,
                (SELECT k.name FROM pragma_table_info(m.name) k WHERE k.pk = 1) AS row_name
            FROM sqlite_schema m JOIN pragma_table_info(m.name) p
            WHERE m.type = 'table' AND p.name LIKE '%!_sealed' ESCAPE '!' ORDER BY m.name, p.cid";
        let rows = self.connection.all(sql, &[]).await?;
        rows.iter()
            .map(|row| {
                Ok(SealedColumn {
                    table: row.text("table_name")?,
                    column: row.text("column_name")?,
                    row: row.text("row_name")?,
                })
            })
            .collect()
    }

    /// How many values of a column are not sealed under the current master key.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn left_to_reseal(&mut self, of: &SealedColumn) -> Result<u64, Error> {
        let sql = statement(format!("SELECT COUNT(*) AS number FROM {} WHERE {}", of.table, of.left()));
        let mark = keys::field::mark(self.sealer.id());
        let row = self.connection.one(sql, args![mark]).await?;
        row.map_or(Ok(0), |row| row.number("number"))
    }

    /// The contents that rows name, in the order of their names.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn named_blobs(&mut self, after: Option<BlobId>, most: u32) -> Result<Vec<BlobId>, Error> {
        let sql = "SELECT blob FROM (SELECT blob FROM revisions UNION SELECT blob FROM reports) AS named
            WHERE blob > $1 ORDER BY blob LIMIT $2";
        let after = after.map(|id| hex::encode(id.0)).unwrap_or_default();
        let rows = self.connection.all(sql, args![after, most]).await?;
        rows.iter().map(|row| Ok(BlobId(row.hash("blob")?))).collect()
    }

    /// How many keys of signers that are in use were made until `at`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn keys_in_use_until(&mut self, at: Timestamp) -> Result<u64, Error> {
        let sql = "SELECT COUNT(*) AS number FROM keys WHERE retired_at IS NULL AND created_at <= $1";
        let row = self.connection.one(sql, args![at]).await?;
        row.map_or(Ok(0), |row| row.number("number"))
    }
}

impl Tx {
    /// Notes a master key, or how it stands from now on.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_master_key(
        &mut self,
        id: &str,
        state: MasterKeyState,
        now: Timestamp,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO server_keys (id, state, created_at) VALUES ($1, $2, $3)
            ON CONFLICT (id) DO UPDATE SET state = excluded.state";
        self.connection.execute(sql, args![id, state.as_str(), now]).await.map(drop)
    }

    /// Forgets a master key: nothing is sealed under it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_master_key(&mut self, id: &str) -> Result<(), Error> {
        self.connection.execute("DELETE FROM server_keys WHERE id = $1", args![id]).await.map(drop)
    }

    /// Seals up to `most` values of a column under the current master key, and gives their number. Keyed hashes of what is
    /// sealed are made anew with it.
    ///
    /// # Errors
    /// [`Error::Sealed`], [`Error::MasterKey`] where a value does not open: then nothing of it is forgotten.
    pub async fn reseal(&mut self, of: &SealedColumn, most: u32) -> Result<usize, Error> {
        let SealedColumn { table, column, row } = of;
        let found = statement(format!(
            "SELECT {row} AS row_id, {column} AS sealed FROM {table} WHERE {} ORDER BY {row} LIMIT $2",
            of.left()
        ));
        let keep = statement(format!("UPDATE {table} SET {column} = $2 WHERE {row} = $1"));
        let mark = keys::field::mark(self.sealer.id());
        let rows = self.connection.all(found, args![mark, most]).await?;
        for row in &rows {
            let (id, sealed) = (row.text("row_id")?, row.text("sealed")?);
            let (place, plain) = self.opened(of, &id, &sealed)?;
            let anew = self.sealer.seal((table.as_str(), place.as_str()), &id, &plain);
            self.connection.execute(keep, args![id.as_str(), anew]).await?;
            self.reindex(of, &id, &plain).await?;
        }
        Ok(rows.len())
    }

    /// The value, and the word for its column under which it was sealed: the whole name, or without its ending.
    fn opened(&self, of: &SealedColumn, id: &str, sealed: &str) -> Result<(String, String), Error> {
        let short = of.column.strip_suffix("_sealed").unwrap_or(&of.column);
        match self.sealer.open((of.table.as_str(), short), id, sealed) {
            Ok(plain) => Ok((short.to_owned(), plain)),
            Err(_) => Ok((
                of.column.clone(),
                self.sealer.open((of.table.as_str(), of.column.as_str()), id, sealed)?,
            )),
        }
    }

    async fn reindex(&mut self, of: &SealedColumn, id: &str, plain: &str) -> Result<(), Error> {
        match (of.table.as_str(), of.column.as_str()) {
            ("persons" | "identity_verifications", "number_sealed") => {
                let sql =
                    statement(format!("SELECT document_kind, created_at FROM {} WHERE id = $1", of.table));
                let Some(row) = self.connection.one(sql, args![id]).await? else { return Ok(()) };
                let document =
                    crate::identity::document(row.parsed("document_kind")?, plain, row.time("created_at")?)?;
                let index = crate::identity::index(&self.sealer, &document);
                let sql = statement(format!("UPDATE {} SET number_index = $2 WHERE id = $1", of.table));
                self.connection.execute(sql, args![id, index]).await.map(drop)
            }
            ("sandbox_transfers", "transfer_sealed") => {
                let statement: crate::sandbox::Statement =
                    serde_json::from_str(plain).map_err(|_| Error::Corrupt { column: "transfer_sealed" })?;
                let index = self.sealer.index("account", &statement.account_number);
                let sql = "UPDATE sandbox_transfers SET account_index = $2 WHERE id = $1";
                self.connection.execute(sql, args![id, index]).await.map(drop)
            }
            _ => Ok(()),
        }
    }
}

impl SealedColumn {
    /// What holds of values that are not sealed under the current master key.
    fn left(&self) -> String {
        let Self { column, .. } = self;
        format!("{column} IS NOT NULL AND {column} <> '' AND substr({column}, 1, 10) <> $1")
    }
}

/// A statement over a table that the schema names. Each text is kept once: there are three for each sealed column.
fn statement(sql: String) -> &'static str {
    static KEPT: LazyLock<Mutex<Vec<&'static str>>> = LazyLock::new(Mutex::default);
    let mut kept = KEPT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(known) = kept.iter().find(|it| **it == sql) {
        return known;
    }
    let leaked: &'static str = sql.leak();
    kept.push(leaked);
    leaked
}

/// The master key that the database says to seal under; none before one was noted.
pub(crate) fn current(row: Option<&Row>) -> Result<Option<String>, Error> {
    row.map(|row| row.text("id")).transpose()
}
