//! What a use case answers where it does not answer with a view.

use domain::Refusal;

/// The ways in which a use case ends early. `server` makes RFC 9457 problems of them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The domain refuses; the caller can do something about it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such thing, or not for this caller: both look the same.
    #[error("not found")]
    NotFound,
    /// The caller is not logged in.
    #[error("not logged in")]
    Unauthorised,
    /// Too many tries.
    #[error("too many tries; again in {retry_after} seconds")]
    RateLimited {
        /// After how many seconds to try again.
        retry_after: u64,
    },
    /// Something is wrong with the server. The detail is for the log, never for the caller.
    #[error("internal error")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// An internal error from any other.
    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }
}

macro_rules! internal {
    ($($kind:ty),* $(,)?) => {$(
        impl From<$kind> for Error {
            fn from(error: $kind) -> Self {
                Self::internal(error)
            }
        }
    )*};
}
internal!(store::Error, std::io::Error, tokio::task::JoinError, pdf::ReadError, serde_json::Error);

/// Why a server does not start. Its text says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The data folder cannot be used.
    #[error("the data folder {path} cannot be used")]
    DataDir {
        /// The folder.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Another server runs on the data folder.
    #[error("another server runs on the data folder {path}")]
    InUse {
        /// The folder.
        path: String,
    },
    /// The master key is not 32 bytes of hexadecimal.
    #[error("the master key in {place} is not 64 hexadecimal digits")]
    MasterKey {
        /// File or variable.
        place: String,
    },
    /// The data are sealed under a master key that is not here.
    #[error(
        "the data are sealed under the master key {id}, which is not here: put its file back as {place}. A backup of the data from before a rotation needs the master key of that time"
    )]
    MasterKeyMissing {
        /// Its id.
        id: String,
        /// Where its file belongs.
        place: String,
    },
    /// The database does not open.
    #[error("the database does not open")]
    Store(#[from] store::Error),
    /// The hardware module cannot be used.
    #[error("the hardware module cannot be used")]
    Token(#[from] keys::pkcs11::TokenError),
    /// The embedded authority does not start.
    #[error("the embedded authority does not start")]
    Authority(#[from] crate::authority::AuthorityError),
}
