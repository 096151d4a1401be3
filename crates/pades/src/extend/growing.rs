//! A file and what is being appended to it, neither copied nor held.

use std::sync::Arc;

use pdf::{Document, Joined, Source};
use pki::DigestAlgorithm;

use super::{LevelError, stamp};
use crate::TimeStampSource;
use crate::sign::Prefix;

pub(super) struct Growing {
    document: Document,
    base: Arc<dyn Source>,
    tails: Vec<Arc<dyn Source>>,
    tail: Vec<u8>,
    prefix: Prefix,
    /// Of document time-stamps; one that `prefix` knows.
    digest: DigestAlgorithm,
}

impl Growing {
    pub(super) fn new(document: &Document, prefix: Prefix, digest: DigestAlgorithm) -> Self {
        let base = Arc::clone(document.source());
        Self { document: document.clone(), base, tails: Vec::new(), tail: Vec::new(), prefix, digest }
    }

    /// The file as it is by now.
    pub(super) fn document(&self) -> &Document {
        &self.document
    }

    /// Appends one update, and reads the file with it.
    pub(super) fn append(&mut self, tail: Vec<u8>) -> Result<(), LevelError> {
        self.tail.extend_from_slice(&tail);
        self.tails.push(Arc::new(tail));
        let whole = Joined::new(Arc::clone(&self.base), self.tails.iter().cloned());
        self.document = self.document.open_later(Arc::new(whole))?;
        Ok(())
    }

    /// Appends a document time-stamp.
    pub(super) fn time_stamp(&mut self, source: &dyn TimeStampSource) -> Result<(), LevelError> {
        let tail = stamp::time_stamp(&self.document, source, self.digest, &mut self.prefix)?;
        self.append(tail)
    }

    /// All that was appended.
    pub(super) fn into_tail(self) -> Vec<u8> {
        self.tail
    }
}
