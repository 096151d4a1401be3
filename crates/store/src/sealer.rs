//! Encryption of single columns, and the keyed hashes by which sealed values are found.

use std::sync::Arc;

use domain::{Draw, Rng};
use keys::field::{self, Place};
use keys::{ServerKey, SubKey};

use crate::error::Error;

/// Seals values for their place (table, column, row): moved elsewhere, they do not open.
pub struct Sealer {
    key: Arc<ServerKey>,
    rng: Arc<dyn Rng>,
}

impl Sealer {
    pub(crate) fn new(key: Arc<ServerKey>, rng: Arc<dyn Rng>) -> Self {
        Self { key, rng }
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
    /// [`Error::Sealed`] where it was changed, moved, or sealed under another key.
    pub fn open(&self, place: (&str, &str), row: &str, sealed: &str) -> Result<String, Error> {
        let place = Place { table: place.0, column: place.1, row };
        let bytes = hex::decode(sealed).map_err(|_| Error::Sealed)?;
        let plaintext = field::open(&self.key, place, &bytes).map_err(|_| Error::Sealed)?;
        String::from_utf8(plaintext.to_vec()).map_err(|_| Error::Sealed)
    }

    /// The keyed hash of a value, in hexadecimal, to look it up by.
    #[must_use]
    pub fn index(&self, purpose: &'static str, value: &str) -> String {
        hex::encode(self.key.index(purpose, value.as_bytes()))
    }

    /// A sub-key of the server key.
    #[must_use]
    pub fn derive(&self, purpose: &'static str) -> SubKey {
        self.key.derive(purpose)
    }
}
