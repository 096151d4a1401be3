//! Encryption of single columns, and the keyed hashes by which sealed values are found.

use std::sync::Arc;

use domain::{Draw, Rng};
use keys::field::{self, FieldError, Place};
use keys::{MasterKeyId, ServerKey, SubKey};

use crate::error::Error;

/// Reads the master keys anew: another process may have made one.
pub type Refresh = Arc<dyn Fn(&ServerKey) + Send + Sync>;

/// Seals values for their place (table, column, row): moved elsewhere, they do not open.
pub struct Sealer {
    key: Arc<ServerKey>,
    rng: Arc<dyn Rng>,
    refresh: Option<Refresh>,
}

impl Sealer {
    pub(crate) fn new(key: Arc<ServerKey>, rng: Arc<dyn Rng>, refresh: Option<Refresh>) -> Self {
        Self { key, rng, refresh }
    }

    /// The sealed value, in hexadecimal. `place` is `("table", "column")`.
    #[must_use]
    pub fn seal(&self, place: (&str, &str), row: &str, plaintext: &str) -> String {
        let place = Place { table: place.0, column: place.1, row };
        hex::encode(field::seal(&self.key, place, plaintext.as_bytes(), &mut Draw(&*self.rng)))
    }

    /// The value again.
    ///
    /// # Errors
    /// [`Error::Sealed`] where it was changed, moved, or sealed under another key; [`Error::MasterKey`] where that key is
    /// missing.
    pub fn open(&self, place: (&str, &str), row: &str, sealed: &str) -> Result<String, Error> {
        let place = Place { table: place.0, column: place.1, row };
        let bytes = hex::decode(sealed).map_err(|_| Error::Sealed)?;
        let opened = match (field::open(&self.key, place, &bytes), &self.refresh) {
            (Err(FieldError::Missing(_)), Some(refresh)) => {
                refresh(&self.key);
                field::open(&self.key, place, &bytes)
            }
            (opened, _) => opened,
        };
        let plaintext = opened.map_err(|error| match error {
            FieldError::Missing(id) => Error::MasterKey { id: id.to_string() },
            _ => Error::Sealed,
        })?;
        String::from_utf8(plaintext.to_vec()).map_err(|_| Error::Sealed)
    }

    /// The same for bytes that are kept outside the database.
    #[must_use]
    pub fn seal_bytes(&self, place: (&str, &str), row: &str, plaintext: &[u8]) -> Vec<u8> {
        let place = Place { table: place.0, column: place.1, row };
        field::seal(&self.key, place, plaintext, &mut Draw(&*self.rng))
    }

    /// The bytes again.
    ///
    /// # Errors
    /// [`Error::Sealed`] where they were changed, moved, or sealed under another key.
    pub fn open_bytes(&self, place: (&str, &str), row: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let place = Place { table: place.0, column: place.1, row };
        field::open(&self.key, place, sealed).map(|bytes| bytes.to_vec()).map_err(|_| Error::Sealed)
    }

    /// The keyed hash of a value, in hexadecimal, to look it up by.
    #[must_use]
    pub fn index(&self, purpose: &'static str, value: &str) -> String {
        hex::encode(self.key.index(purpose, value.as_bytes()))
    }

    /// The same under every master key that is known: the one that seals first.
    #[must_use]
    pub fn indexes(&self, purpose: &'static str, value: &str) -> Vec<String> {
        self.key.indexes(purpose, value.as_bytes()).iter().map(hex::encode).collect()
    }

    /// A sub-key of the server key.
    #[must_use]
    pub fn derive(&self, purpose: &'static str) -> SubKey {
        self.key.derive(purpose)
    }

    /// The master key that seals.
    pub(crate) fn id(&self) -> MasterKeyId {
        self.key.id()
    }

    /// Has the one seal that is said to: another process may have made it.
    pub(crate) fn follow(&self, id: &str) {
        if self.key.id().to_string() != id
            && let Some(refresh) = &self.refresh
        {
            refresh(&self.key);
        }
    }
}
