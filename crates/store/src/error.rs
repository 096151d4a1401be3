//! What goes wrong in storage.

/// A storage error. None of them is the user's fault; what a user may do wrong is a `domain::Refusal`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The database failed.
    #[error("the database failed")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A row breaks a unique constraint: someone else was first.
    #[error("a row of this key is there already")]
    Conflict,
    /// A stored value cannot be what the column holds.
    #[error("the column {column} holds something unreadable")]
    Corrupt {
        /// The column.
        column: &'static str,
    },
    /// A sealed value does not open under this server key.
    #[error("a sealed value does not open: is this the server key it was sealed under?")]
    Sealed,
    /// A value is sealed under a master key that is not here.
    #[error("something is sealed under the master key {id}, which is not here: put its file back")]
    MasterKey {
        /// Its id.
        id: String,
    },
    /// The database was written by a newer version, or its migrations were changed.
    #[error("the database's schema is not one that this version knows: {what}")]
    Schema {
        /// What is not known.
        what: String,
    },
    /// A query was given another number of values than it has places: a mistake in this crate.
    #[error("a query takes {expected} values and was given {given}")]
    Arguments {
        /// How many it takes.
        expected: usize,
        /// How many it was given.
        given: usize,
    },
    /// Reading or writing a file failed.
    #[error("a file could not be read or written")]
    Io(#[from] std::io::Error),
}
