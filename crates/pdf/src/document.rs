//! A document, opened and read lazily.

use std::sync::Arc;

use crate::{
    Accounting, Dict, DocMdp, Encryption, Form, Limits, Location, Object, OpenError, Page, ReadError, Ref, Revision,
    SignatureField, Source, Stream,
};

/// An opened file, or the view of it as it was after one of its revisions. Cheap to clone.
#[derive(Clone)]
pub struct Document {}

impl Document {
    /// Opens a file: reads its cross references, its catalog and its page tree, nothing else.
    ///
    /// # Errors
    /// [`OpenError`] says what the person who brought the file can do.
    pub fn open(source: Arc<dyn Source>, limits: &Limits) -> Result<Self, OpenError> {
        let _ = (source, limits);
        todo!()
    }

    /// The file.
    pub fn source(&self) -> &Arc<dyn Source> {
        todo!()
    }

    /// Length of this view in bytes: the whole file for the newest revision.
    pub fn len(&self) -> u64 {
        todo!()
    }

    /// Never: an opened document has bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The limits it was opened with.
    pub fn limits(&self) -> &Limits {
        todo!()
    }

    /// Whether the cross reference had to be rebuilt by scanning.
    pub fn is_repaired(&self) -> bool {
        todo!()
    }

    /// The version, of the header or of the catalog, whichever is later (7.5.2).
    pub fn version(&self) -> (u8, u8) {
        todo!()
    }

    /// The trailer dictionary in force.
    pub fn trailer(&self) -> &Dict {
        todo!()
    }

    /// The catalog's object (7.7.2).
    pub fn catalog_ref(&self) -> Ref {
        todo!()
    }

    /// The catalog (7.7.2).
    pub fn catalog(&self) -> Result<Dict, ReadError> {
        todo!()
    }

    /// The object; `null` where it is missing or free (7.3.10).
    pub fn resolve(&self, reference: Ref) -> Result<Arc<Object>, ReadError> {
        let _ = reference;
        todo!()
    }

    /// The object itself, or what it refers to.
    pub fn follow(&self, object: &Object) -> Result<Arc<Object>, ReadError> {
        let _ = object;
        todo!()
    }

    /// The value of `key`, followed through a reference; `null` where it is missing.
    pub fn value(&self, dict: &Dict, key: &str) -> Result<Arc<Object>, ReadError> {
        self.follow(dict.value(key))
    }

    /// Where the object is defined, and by which revision; `None` where it is missing or free.
    pub fn locate(&self, reference: Ref) -> Option<(usize, Location)> {
        let _ = reference;
        todo!()
    }

    /// One more than the highest object number in use or promised by /Size.
    pub fn size(&self) -> u32 {
        todo!()
    }

    /// The data of a stream, decrypted, its filters undone.
    pub fn decoded(&self, stream: &Stream) -> Result<Vec<u8>, ReadError> {
        let _ = stream;
        todo!()
    }

    /// The data of a stream, decrypted, still encoded.
    pub fn encoded(&self, stream: &Stream) -> Result<Vec<u8>, ReadError> {
        let _ = stream;
        todo!()
    }

    /// Number of pages, counted by walking the tree.
    pub fn page_count(&self) -> Result<usize, ReadError> {
        todo!()
    }

    /// The page objects in order.
    pub fn page_refs(&self) -> Result<Arc<[Ref]>, ReadError> {
        todo!()
    }

    /// The page at `index`, from 0.
    pub fn page(&self, index: usize) -> Result<Page, ReadError> {
        let _ = index;
        todo!()
    }

    /// Revisions of this view, oldest first.
    pub fn revisions(&self) -> &[Revision] {
        todo!()
    }

    /// The file as it was after revision `index`.
    pub fn at_revision(&self, index: usize) -> Result<Self, ReadError> {
        let _ = index;
        todo!()
    }

    /// An account of every byte of revision `index`.
    pub fn account(&self, index: usize) -> Result<Accounting, ReadError> {
        let _ = index;
        todo!()
    }

    /// The form.
    pub fn form(&self) -> Result<Form, ReadError> {
        todo!()
    }

    /// All signature fields, signed or not, in the order of the field tree.
    pub fn signatures(&self) -> Result<Vec<SignatureField>, ReadError> {
        todo!()
    }

    /// What the catalog's /Perms /DocMDP (12.8.6) permits.
    pub fn certification(&self) -> Result<Option<DocMdp>, ReadError> {
        todo!()
    }

    /// How the file is encrypted; `None` where it is not.
    pub fn encryption(&self) -> Option<&Encryption> {
        todo!()
    }
}
