//! The append-only writer: one incremental update (ISO 32000-2, 7.5.6).

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{Dict, Document, Object, Ref, UpdateError};

/// An update being made. Nothing of the original is copied but the objects that change.
pub struct Update {}

impl Update {
    /// Begins an update of the document.
    pub fn new(document: &Document) -> Self {
        let _ = document;
        todo!()
    }

    /// The document being updated.
    pub fn document(&self) -> &Document {
        todo!()
    }

    /// A new object number.
    pub fn allocate(&mut self) -> Ref {
        todo!()
    }

    /// The object as this update leaves it: changed, or as in the original.
    pub fn get(&self, reference: Ref) -> Result<Object, UpdateError> {
        let _ = reference;
        todo!()
    }

    /// Sets an object.
    pub fn put(&mut self, reference: Ref, object: impl Into<Object>) {
        let _ = (reference, object.into());
        todo!()
    }

    /// Adds an object under a new number.
    pub fn add(&mut self, object: impl Into<Object>) -> Ref {
        let reference = self.allocate();
        self.put(reference, object);
        reference
    }

    /// Sets a stream; `data` is compressed (Flate) where that pays and `dict` names no /Filter.
    pub fn put_stream(&mut self, reference: Ref, dict: Dict, data: &[u8]) {
        let _ = (reference, dict, data);
        todo!()
    }

    /// Adds a stream under a new number.
    pub fn add_stream(&mut self, dict: Dict, data: &[u8]) -> Ref {
        let reference = self.allocate();
        self.put_stream(reference, dict, data);
        reference
    }

    /// Sets the signature dictionary: `dict` without /ByteRange and /Contents, which are written here, the
    /// latter with room for `reserve` bytes (12.8.1).
    ///
    /// # Errors
    /// [`UpdateError::SecondSignature`] where one is there already.
    pub fn put_signature(&mut self, reference: Ref, dict: Dict, reserve: usize) -> Result<(), UpdateError> {
        let _ = (reference, dict, reserve);
        todo!()
    }

    /// Writes the update.
    ///
    /// # Errors
    /// [`UpdateError::Unwritable`] for an object that has no written form.
    pub fn finish(self) -> Result<Tail, UpdateError> {
        todo!()
    }
}

/// The bytes to append to the original. /ByteRange is right already; /Contents holds zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tail {
    /// Length of the original, where `bytes` go.
    pub base_len: u64,
    /// What to append.
    pub bytes: Vec<u8>,
    /// Where the signature goes, if there is one.
    pub signature: Option<Placeholder>,
}

impl Tail {
    /// Writes a signature (DER) into the reserved /Contents; the rest stays zero.
    ///
    /// # Errors
    /// [`UpdateError::ContentsTooLarge`].
    pub fn set_contents(&mut self, der: &[u8]) -> Result<(), UpdateError> {
        let _ = der;
        todo!()
    }
}

/// Where a signature's values stand; offsets are absolute in the resulting file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placeholder {
    /// The signature dictionary's object.
    pub reference: Ref,
    /// The span of the /ByteRange array, brackets and padding included.
    pub byte_range_span: Range<u64>,
    /// The span of the /Contents string, `<` and `>` included.
    pub contents_span: Range<u64>,
    /// The four numbers of /ByteRange.
    pub byte_range: [u64; 4],
    /// Bytes of signature that fit.
    pub reserved: usize,
}

impl Placeholder {
    /// The two ranges that the digest covers.
    pub fn covered(&self) -> [Range<u64>; 2] {
        let [a, b, c, d] = self.byte_range;
        [a..a.saturating_add(b), c..c.saturating_add(d)]
    }
}
