//! The driver: SQLite through sqlx. PostgreSQL takes its place beside it here, and nowhere else.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Row as _, Sqlite, Transaction};

use crate::error::Error;

/// How many connections read at once.
const READERS: u32 = 8;

/// One connection that writes, and a pool of those that read.
pub(crate) struct Db {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Db {
    pub(crate) async fn open(path: &Path) -> Result<Self, Error> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // Evidence must be on the disk when a use case answers, not only safe against a crash of the process.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(15))
            .pragma("secure_delete", "ON");
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .min_connections(1)
                .idle_timeout(None)
                .max_lifetime(None)
                .acquire_timeout(Duration::from_secs(30))
        };
        let writer = pool(1).connect_with(options.clone()).await?;
        let readers = pool(READERS).connect_with(options.pragma("query_only", "ON")).await?;
        Ok(Self { writer, readers })
    }

    pub(crate) async fn write(&self) -> Result<Connection, Error> {
        Ok(Connection(self.writer.begin_with("BEGIN IMMEDIATE").await?))
    }

    pub(crate) async fn read(&self) -> Result<Connection, Error> {
        Ok(Connection(self.readers.begin().await?))
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// A transaction, rolled back where it is dropped.
pub(crate) struct Connection(Transaction<'static, Sqlite>);

impl Connection {
    /// Runs a statement and gives the number of rows it touched.
    pub(crate) async fn execute(&mut self, sql: &'static str, args: &[Value]) -> Result<u64, Error> {
        Ok(query(sql, args)?.execute(&mut *self.0).await?.rows_affected())
    }

    /// Runs several statements without values.
    pub(crate) async fn script(&mut self, sql: &'static str) -> Result<(), Error> {
        sqlx::raw_sql(sql).execute(&mut *self.0).await?;
        Ok(())
    }

    /// All rows of a query.
    pub(crate) async fn all(&mut self, sql: &'static str, args: &[Value]) -> Result<Vec<Row>, Error> {
        Ok(query(sql, args)?.fetch_all(&mut *self.0).await?.into_iter().map(Row).collect())
    }

    /// The row of a query that has one or none.
    pub(crate) async fn one(&mut self, sql: &'static str, args: &[Value]) -> Result<Option<Row>, Error> {
        Ok(query(sql, args)?.fetch_optional(&mut *self.0).await?.map(Row))
    }

    pub(crate) async fn commit(self) -> Result<(), Error> {
        self.0.commit().await?;
        // Tests kill a server at each of these.
        tracing::trace!("committed");
        Ok(())
    }
}

/// A value for a place (`$1`) of a query.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Null,
    Text(String),
    Integer(i64),
    Real(f64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Integer(truth.into())
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl From<jiff::Timestamp> for Value {
    fn from(at: jiff::Timestamp) -> Self {
        Self::Integer(at.as_microsecond())
    }
}

impl From<&[u8; 32]> for Value {
    fn from(hash: &[u8; 32]) -> Self {
        Self::Text(hex::encode(hash))
    }
}

impl From<[u8; 32]> for Value {
    fn from(hash: [u8; 32]) -> Self {
        Self::from(&hash)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// The values of a query, in the order of its places. Ids are given as text: `args![id.to_string()]`.
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$(crate::db::Value::from($value)),*] };
}
pub(crate) use args;

/// A row, read by the names of its columns.
pub(crate) struct Row(SqliteRow);

impl Row {
    pub(crate) fn text(&self, column: &'static str) -> Result<String, Error> {
        self.opt_text(column)?.ok_or(Error::Corrupt { column })
    }

    pub(crate) fn opt_text(&self, column: &'static str) -> Result<Option<String>, Error> {
        self.0.try_get(column).map_err(|_| Error::Corrupt { column })
    }

    pub(crate) fn integer(&self, column: &'static str) -> Result<i64, Error> {
        self.opt_integer(column)?.ok_or(Error::Corrupt { column })
    }

    pub(crate) fn opt_integer(&self, column: &'static str) -> Result<Option<i64>, Error> {
        self.0.try_get(column).map_err(|_| Error::Corrupt { column })
    }

    pub(crate) fn real(&self, column: &'static str) -> Result<f64, Error> {
        self.0.try_get(column).map_err(|_| Error::Corrupt { column })
    }

    /// A count, size or number that fits the type.
    pub(crate) fn number<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, Error> {
        T::try_from(self.integer(column)?).map_err(|_| Error::Corrupt { column })
    }

    pub(crate) fn boolean(&self, column: &'static str) -> Result<bool, Error> {
        Ok(self.integer(column)? != 0)
    }

    pub(crate) fn time(&self, column: &'static str) -> Result<jiff::Timestamp, Error> {
        self.opt_time(column)?.ok_or(Error::Corrupt { column })
    }

    pub(crate) fn opt_time(&self, column: &'static str) -> Result<Option<jiff::Timestamp>, Error> {
        let micros = self.opt_integer(column)?;
        micros
            .map(|m| jiff::Timestamp::from_microsecond(m).map_err(|_| Error::Corrupt { column }))
            .transpose()
    }

    /// A 32-byte hash.
    pub(crate) fn hash(&self, column: &'static str) -> Result<[u8; 32], Error> {
        self.opt_hash(column)?.ok_or(Error::Corrupt { column })
    }

    pub(crate) fn opt_hash(&self, column: &'static str) -> Result<Option<[u8; 32]>, Error> {
        let read = |text: String| {
            let mut hash = [0; 32];
            hex::decode_to_slice(text, &mut hash).map_err(|_| Error::Corrupt { column })?;
            Ok(hash)
        };
        self.opt_text(column)?.map(read).transpose()
    }

    /// Something that reads itself from text: an id, an e-mail address, a credit code.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, column: &'static str) -> Result<T, Error> {
        self.text(column)?.parse().map_err(|_| Error::Corrupt { column })
    }

    pub(crate) fn opt_parsed<T: std::str::FromStr>(&self, column: &'static str) -> Result<Option<T>, Error> {
        self.opt_text(column)?.map(|text| text.parse().map_err(|_| Error::Corrupt { column })).transpose()
    }

    /// Something that a function reads from text.
    pub(crate) fn read<T>(
        &self,
        column: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Error> {
        read(&self.text(column)?).ok_or(Error::Corrupt { column })
    }

    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self, column: &'static str) -> Result<T, Error> {
        serde_json::from_str(&self.text(column)?).map_err(|_| Error::Corrupt { column })
    }

    pub(crate) fn opt_json<T: serde::de::DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, Error> {
        let text = self.opt_text(column)?;
        text.map(|text| serde_json::from_str(&text).map_err(|_| Error::Corrupt { column })).transpose()
    }
}

/// A value as JSON text, for a column that [`Row::json`] reads.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("stored types have string keys and finite numbers")
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(database) if database.is_unique_violation() => Self::Conflict,
            _ => Self::Database(Box::new(error)),
        }
    }
}

type Query = sqlx::query::Query<'static, Sqlite, SqliteArguments>;

/// SQLite takes an unbound place for NULL without a word; so the places are counted.
fn query(sql: &'static str, args: &[Value]) -> Result<Query, Error> {
    let expected = places(sql);
    if expected != args.len() {
        return Err(Error::Arguments { expected, given: args.len() });
    }
    Ok(args.iter().cloned().fold(sqlx::query(sql), |query, value| match value {
        Value::Null => query.bind(None::<String>),
        Value::Text(text) => query.bind(text),
        Value::Integer(number) => query.bind(number),
        Value::Real(number) => query.bind(number),
    }))
}

fn places(sql: &str) -> usize {
    sql.split('$')
        .skip(1)
        .filter_map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            rest[..end].parse::<usize>().ok()
        })
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn places_are_counted() {
        assert_eq!(super::places("SELECT a FROM t WHERE b = $2 AND c = $1 OR d = $12"), 12);
        assert_eq!(super::places("SELECT 1"), 0);
    }
}
