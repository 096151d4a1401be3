//! A small writer of new documents: sample files for tests and blank pages.

use crate::{Dict, Object, Ref, XrefKind};

/// A new document being made.
pub struct Builder {}

impl Builder {
    /// A document with a catalog and no page, to be written with this kind of cross reference.
    pub fn new(kind: XrefKind) -> Self {
        let _ = kind;
        todo!()
    }

    /// A new object number.
    pub fn allocate(&mut self) -> Ref {
        todo!()
    }

    /// Sets an object.
    pub fn put(&mut self, reference: Ref, object: impl Into<Object>) {
        let _ = (reference, object.into());
        todo!()
    }

    /// Adds an object.
    pub fn add(&mut self, object: impl Into<Object>) -> Ref {
        let reference = self.allocate();
        self.put(reference, object);
        reference
    }

    /// Adds a stream.
    pub fn add_stream(&mut self, dict: Dict, data: Vec<u8>) -> Ref {
        let _ = (dict, data);
        todo!()
    }

    /// Adds a page: its dictionary without /Type and /Parent, and its content.
    pub fn page(&mut self, dict: Dict, content: &[u8]) -> Ref {
        let _ = (dict, content);
        todo!()
    }

    /// The catalog, to add entries.
    pub fn catalog(&mut self) -> &mut Dict {
        todo!()
    }

    /// Writes the file.
    pub fn finish(self) -> Vec<u8> {
        todo!()
    }
}
