//! A document, opened and read lazily.

use std::sync::{Arc, OnceLock};

use crate::cache::{Cache, Reader};
use crate::page::PageTree;
use crate::{
    Accounting, Dict, DocMdp, Encryption, Form, Limits, Location, Object, OpenError, OpenOptions, Page,
    ReadError, Ref, Revision, SignatureField, Source, StrayObject, Stream, Xfa, account, form, load, open,
    page, revision, signature, stray,
};

/// An opened file, or the view of it as it was after one of its revisions. Cheap to clone.
#[derive(Clone)]
pub struct Document {
    pub(crate) view: Arc<View>,
}

/// What all views of a file share.
pub(crate) struct Shared {
    pub(crate) reader: Reader,
    /// Added to offsets as written to get positions in the file.
    pub(crate) shift: u64,
    /// Position of `%PDF-`.
    pub(crate) header: u64,
    pub(crate) header_version: (u8, u8),
    /// What was wrong with the cross reference, where it had to be rebuilt.
    pub(crate) repaired_for: Option<String>,
    pub(crate) revisions: Vec<Revision>,
    pub(crate) encryption: OnceLock<Encryption>,
}

/// The file as it was after its first `count` revisions.
pub(crate) struct View {
    pub(crate) shared: Arc<Shared>,
    pub(crate) count: usize,
    pub(crate) cache: Cache,
    pub(crate) pages: OnceLock<Arc<PageTree>>,
}

impl View {
    pub(crate) fn new(shared: Arc<Shared>, count: usize) -> Self {
        Self { shared, count, cache: Cache::default(), pages: OnceLock::new() }
    }
}

impl Document {
    /// Opens a file: reads its cross references, its catalog and its page tree, nothing else. Where the cross
    /// references are broken they are rebuilt by scanning the file once.
    ///
    /// # Errors
    /// [`OpenError`] says what the person who brought the file can do.
    pub fn open(source: Arc<dyn Source>, limits: &Limits) -> Result<Self, OpenError> {
        open::open(source, &OpenOptions::from(limits))
    }

    /// Opens a file with a password.
    ///
    /// # Errors
    /// As [`Document::open`]; [`OpenError::WrongPassword`] where the password opens nothing.
    pub fn open_with(source: Arc<dyn Source>, options: &OpenOptions) -> Result<Self, OpenError> {
        open::open(source, options)
    }

    /// Opens a later state of this file, one with updates appended, as this one was opened: within the same limits,
    /// and without asking for its password again.
    ///
    /// # Errors
    /// As [`Document::open`].
    pub fn open_later(&self, source: Arc<dyn Source>) -> Result<Self, OpenError> {
        let options = OpenOptions::from(self.limits()).opened(self.encryption().cloned());
        open::open(source, &options)
    }

    /// The file.
    pub fn source(&self) -> &Arc<dyn Source> {
        &self.reader().source
    }

    /// Length of this view in bytes: the whole file for the newest revision.
    pub fn len(&self) -> u64 {
        if self.view.count == self.shared().revisions.len() {
            self.reader().len()
        } else {
            self.revisions().last().map_or(0, |revision| revision.end)
        }
    }

    /// Never: an opened document has bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The limits it was opened with.
    pub fn limits(&self) -> &Limits {
        &self.reader().limits
    }

    /// Whether the cross reference had to be rebuilt by scanning.
    pub fn is_repaired(&self) -> bool {
        self.shared().repaired_for.is_some()
    }

    /// What was wrong, in English, where the cross reference had to be rebuilt.
    pub fn repaired_for(&self) -> Option<&str> {
        self.shared().repaired_for.as_deref()
    }

    /// The version, of the header or of the catalog, whichever is later (7.5.2).
    pub fn version(&self) -> (u8, u8) {
        let header = self.shared().header_version;
        let catalog = self
            .catalog()
            .ok()
            .and_then(|catalog| open::version(catalog.value("Version").as_name()?.as_bytes()));
        catalog.map_or(header, |catalog| catalog.max(header))
    }

    /// Bytes before the header from which offsets in the file do not count; 0 for nearly every file.
    pub fn offset_shift(&self) -> u64 {
        self.shared().shift
    }

    /// Position of the header `%PDF-`; 0 for nearly every file. Where it is not, programs disagree about what
    /// the offsets of a /ByteRange count from, so that such a file cannot be signed.
    pub fn header_offset(&self) -> u64 {
        self.shared().header
    }

    /// The trailer dictionary in force.
    pub fn trailer(&self) -> &Dict {
        static EMPTY: Dict = Dict::new();
        self.revisions().last().map_or(&EMPTY, Revision::trailer)
    }

    /// The catalog's object (7.7.2); `0 0` where the trailer names none.
    pub fn catalog_ref(&self) -> Ref {
        self.trailer().value("Root").as_reference().unwrap_or(Ref::new(0, 0))
    }

    /// The catalog (7.7.2).
    ///
    /// # Errors
    /// [`ReadError::Unexpected`] where it is no dictionary.
    pub fn catalog(&self) -> Result<Dict, ReadError> {
        let reference = self.catalog_ref();
        let object = self.resolve(reference)?;
        object.as_dict().cloned().ok_or(ReadError::unexpected(reference, "the catalog is no dictionary"))
    }

    /// The object; `null` where it is missing or free (7.3.10).
    ///
    /// # Errors
    /// [`ReadError`] where its bytes are damaged or a limit is reached.
    pub fn resolve(&self, reference: Ref) -> Result<Arc<Object>, ReadError> {
        load::resolve(self, reference)
    }

    /// The object itself, or what it refers to.
    ///
    /// # Errors
    /// As [`Document::resolve`].
    pub fn follow(&self, object: &Object) -> Result<Arc<Object>, ReadError> {
        const MOST_STEPS: usize = 8;
        let Object::Reference(first) = object else { return Ok(Arc::new(object.clone())) };
        let mut reference = *first;
        for _ in 0..MOST_STEPS {
            let object = self.resolve(reference)?;
            match &*object {
                Object::Reference(next) => reference = *next,
                _ => return Ok(object),
            }
        }
        Err(ReadError::unexpected(reference, "a chain of references"))
    }

    /// The value of `key`, followed through a reference; `null` where it is missing.
    ///
    /// # Errors
    /// As [`Document::resolve`].
    pub fn value(&self, dict: &Dict, key: &str) -> Result<Arc<Object>, ReadError> {
        self.follow(dict.value(key))
    }

    /// Where the object is defined, and by which revision; `None` where it is missing or free.
    pub fn locate(&self, reference: Ref) -> Option<(usize, Location)> {
        load::locate(self, reference)
    }

    /// Where a reader that knows no cross-reference streams finds an object number (7.5.8.4). It differs from
    /// [`Document::locate`] in hybrid files alone.
    pub fn locate_in_tables(&self, number: u32) -> Option<Location> {
        revision::in_tables(self, number)
    }

    /// Whether every program would find the same object under this number: the entry of one in an object stream states
    /// its index there, and the number stands once in it (7.5.7, 7.5.8.3).
    ///
    /// # Errors
    /// Damage and limits of the object stream.
    pub fn is_agreed(&self, reference: Ref) -> Result<bool, ReadError> {
        load::is_agreed(self, reference)
    }

    /// Whether this is the number made up here for a page that is no object of its own: to other programs no object.
    pub fn is_made_up(&self, reference: Ref) -> bool {
        let tree = page::tree(self);
        tree.is_ok_and(|tree| tree.direct(reference).is_some())
    }

    /// One more than the highest object number in use or promised by /Size.
    pub fn size(&self) -> u32 {
        load::size(self)
    }

    /// The data of a stream, decrypted, its filters undone.
    ///
    /// # Errors
    /// [`ReadError::UnsupportedFilter`] for image codecs, [`ReadError::Limit`] for a bomb.
    pub fn decoded(&self, stream: &Stream) -> Result<Vec<u8>, ReadError> {
        load::decoded(self, stream)
    }

    /// The data of a stream, decrypted, still encoded.
    ///
    /// # Errors
    /// [`ReadError::Io`].
    pub fn encoded(&self, stream: &Stream) -> Result<Vec<u8>, ReadError> {
        load::encoded(self, stream)
    }

    /// Number of pages, counted by walking the tree; /Count is not believed.
    ///
    /// # Errors
    /// [`ReadError::Limit`] beyond [`Limits::max_pages`]; damage of a page tree node.
    pub fn page_count(&self) -> Result<usize, ReadError> {
        Ok(page::tree(self)?.pages.len())
    }

    /// The page objects in order.
    ///
    /// # Errors
    /// As [`Document::page_count`].
    pub fn page_refs(&self) -> Result<Vec<Ref>, ReadError> {
        Ok(page::tree(self)?.pages.iter().map(|(reference, _)| *reference).collect())
    }

    /// The page at `index`, from 0.
    ///
    /// # Errors
    /// [`ReadError::Missing`] where there are not so many.
    pub fn page(&self, index: usize) -> Result<Page, ReadError> {
        page::page(self, index)
    }

    /// Revisions of this view, oldest first; at least one.
    pub fn revisions(&self) -> &[Revision] {
        self.shared().revisions.get(..self.view.count).unwrap_or_default()
    }

    /// The file as it was after revision `index`. Its objects are read anew when asked for.
    ///
    /// # Errors
    /// [`ReadError::Missing`] where there are not so many.
    pub fn at_revision(&self, index: usize) -> Result<Self, ReadError> {
        if index >= self.view.count {
            return Err(ReadError::Missing { what: "revision" });
        }
        Ok(Self { view: Arc::new(View::new(Arc::clone(&self.view.shared), index + 1)) })
    }

    /// An account of every byte of revision `index`: for the newest, up to the end of the file.
    ///
    /// # Errors
    /// [`ReadError::Missing`] where there are not so many; what does not add up is no error but an
    /// [`Anomaly`](crate::Anomaly).
    pub fn account(&self, index: usize) -> Result<Accounting, ReadError> {
        account::account(self, index)
    }

    /// Objects that stand in the file where no cross reference leads. Stream data is not looked into.
    ///
    /// # Errors
    /// [`ReadError::Io`] and limits.
    pub fn strays(&self) -> Result<Vec<StrayObject>, ReadError> {
        stray::strays(self)
    }

    /// What stands where such an object begins.
    ///
    /// # Errors
    /// Damage, failures of the source, and limits.
    pub fn stray_object(&self, stray: &StrayObject) -> Result<Object, ReadError> {
        Ok(self.reader().indirect(stray.offset)?.object)
    }

    /// Writes the file as it was after revision `index`, byte for byte, and gives its length.
    ///
    /// # Errors
    /// [`ReadError::Missing`] where there are not so many; failures of source and target.
    pub fn write_revision(&self, index: usize, out: &mut dyn std::io::Write) -> Result<u64, ReadError> {
        revision::write(self, index, out)
    }

    /// The form.
    ///
    /// # Errors
    /// Damage and limits; fields of odd shape are left out and noted in [`Form::is_damaged`].
    pub fn form(&self) -> Result<Form, ReadError> {
        form::form(self)
    }

    /// What kind of XFA form the document holds beside its AcroForm; `None` where it holds none.
    ///
    /// # Errors
    /// Damage of the form's configuration.
    pub fn xfa(&self) -> Result<Option<Xfa>, ReadError> {
        form::xfa(self)
    }

    /// All signature fields, signed or not, in the order of the field tree.
    ///
    /// # Errors
    /// As [`Document::form`].
    pub fn signatures(&self) -> Result<Vec<SignatureField>, ReadError> {
        signature::signatures(self)
    }

    /// What the catalog's /Perms /DocMDP (12.8.6) permits; `None` for a document that is not certified.
    ///
    /// # Errors
    /// Damage of the objects on the way.
    pub fn certification(&self) -> Result<Option<DocMdp>, ReadError> {
        signature::certification(self)
    }

    /// How the file is encrypted; `None` where it is not.
    pub fn encryption(&self) -> Option<&Encryption> {
        self.shared().encryption.get()
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.view.shared
    }

    pub(crate) fn reader(&self) -> &Reader {
        &self.view.shared.reader
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Document({} bytes, {} revisions)", self.len(), self.view.count)
    }
}
