//! The append-only writer: one incremental update (ISO 32000-2, 7.5.6).
//!
//! The update is written the way the file's last section is: a table after a table, a stream after a stream. After a
//! hybrid section it is a table without /XRefStm: readers of tables and readers of streams both begin with it and go
//! on to the hybrid one through /Prev, so that they see the same changes. Only where an object lies beyond the ten
//! digits of a table does a stream follow a table. A file whose cross reference had to be rebuilt gets a complete new
//! one without /Prev.

mod section;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::xref::repair::HIGHEST;
use crate::{Dict, Document, Object, Ref, Stream, StreamBody, UpdateError, filter, write};

/// Digits kept free for each number of /ByteRange: enough for a terabyte.
const DIGITS: usize = 12;

/// The longest file that the digits can tell of.
const LONGEST: u64 = 999_999_999_999;

/// Streams shorter than this are not compressed.
const WORTH_COMPRESSING: usize = 128;

/// An update being made. Nothing of the original is copied but the objects that change.
pub struct Update {
    document: Document,
    next: u32,
    changed: BTreeMap<u32, (u16, Pending)>,
    has_signature: bool,
    deflate: filter::Deflate,
}

enum Pending {
    Object(Object),
    Signature { dict: Dict, reserve: usize },
}

impl Update {
    /// Begins an update of the document.
    pub fn new(document: &Document) -> Self {
        let pages = document.view.pages.get().map_or(0, |tree| tree.size());
        let next = document.size().max(pages).max(1);
        Self {
            document: document.clone(),
            next,
            changed: BTreeMap::new(),
            has_signature: false,
            deflate: filter::Deflate::default(),
        }
    }

    /// The document being updated.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Whether nothing has been changed yet.
    pub fn is_empty(&self) -> bool {
        self.changed.is_empty()
    }

    /// A new object number.
    pub fn allocate(&mut self) -> Ref {
        let reference = Ref::new(self.next, 0);
        self.next = self.next.saturating_add(1);
        reference
    }

    /// The object as this update leaves it: changed, or as in the original.
    ///
    /// # Errors
    /// As [`Document::resolve`].
    pub fn get(&self, reference: Ref) -> Result<Object, UpdateError> {
        match self.changed.get(&reference.number) {
            Some((generation, pending)) if *generation == reference.generation => Ok(match pending {
                Pending::Object(object) => object.clone(),
                Pending::Signature { dict, .. } => Object::Dictionary(dict.clone()),
            }),
            _ => Ok((*self.document.resolve(reference)?).clone()),
        }
    }

    /// The dictionary of an object as this update leaves it.
    ///
    /// # Errors
    /// As [`Document::resolve`], and [`UpdateError::Read`] where it is no dictionary.
    pub fn get_dict(&self, reference: Ref) -> Result<Dict, UpdateError> {
        let object = self.get(reference)?;
        let dict = object.as_dict().cloned();
        dict.ok_or(crate::ReadError::unexpected(reference, "a dictionary is expected here").into())
    }

    /// Sets an object.
    pub fn put(&mut self, reference: Ref, object: impl Into<Object>) {
        self.changed.insert(reference.number, (reference.generation, Pending::Object(object.into())));
    }

    /// Adds an object under a new number.
    pub fn add(&mut self, object: impl Into<Object>) -> Ref {
        let reference = self.allocate();
        self.put(reference, object);
        reference
    }

    /// Sets a stream; `data` is compressed (Flate) where that pays and `dict` names no /Filter.
    pub fn put_stream(&mut self, reference: Ref, mut dict: Dict, data: &[u8]) {
        let mut body = data.to_vec();
        if !dict.contains("Filter") && data.len() >= WORTH_COMPRESSING {
            let compressed = self.deflate.compress(data);
            if compressed.len() < data.len() {
                dict.set("Filter", Object::name("FlateDecode"));
                body = compressed;
            }
        }
        self.put(reference, Stream { dict, body: StreamBody::Owned(body.into()) });
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
    /// [`UpdateError::SecondSignature`] where one is there already; [`UpdateError::Refused`] where something
    /// stands before the file's header ([`Document::header_offset`]).
    pub fn put_signature(
        &mut self,
        reference: Ref,
        mut dict: Dict,
        reserve: usize,
    ) -> Result<(), UpdateError> {
        if self.document.header_offset() != 0 {
            let what = "bytes before the header: programs disagree whether such a file is one, and about what its \
                        offsets count from; remove them first";
            return Err(UpdateError::Refused { what });
        }
        if self.has_signature {
            return Err(UpdateError::SecondSignature);
        }
        dict.remove("ByteRange");
        dict.remove("Contents");
        self.has_signature = true;
        self.changed.insert(reference.number, (reference.generation, Pending::Signature { dict, reserve }));
        Ok(())
    }

    /// Writes the update.
    ///
    /// # Errors
    /// [`UpdateError::Unwritable`] for an object that has no written form; [`UpdateError::Refused`] where a code protects
    /// the whole file.
    pub fn finish(mut self) -> Result<Tail, UpdateError> {
        if self.next > HIGHEST {
            return Err(UpdateError::Full);
        }
        if self.document.trailer().contains("AuthCode") {
            let what = "a code protects the whole file (ISO/TS 32004), which any update would break";
            return Err(UpdateError::Refused { what });
        }
        self.name_direct_pages()?;
        let base_len = self.document.len();
        let mut writer = Writer { base_len, bytes: Vec::with_capacity(self.room()), signature: None };
        if !ends_with_line_end(&self.document)? {
            writer.bytes.push(b'\n');
        }
        let mut places = Vec::with_capacity(self.changed.len() + 1);
        for (number, (generation, pending)) in std::mem::take(&mut self.changed) {
            let reference = Ref::new(number, generation);
            places.push((reference, writer.position()));
            writer
                .object(&self.document, reference, pending)?
                .map_err(|what| UpdateError::Unwritable { reference, what })?;
        }
        let digest = writer.digest();
        section::write(&self.document, &mut writer.bytes, base_len, places, self.next, &digest)?;
        if self.has_signature && writer.position() > LONGEST {
            return Err(UpdateError::Refused { what: "the file is too long for a signature" });
        }
        Ok(writer.finish())
    }

    /// A page that stands in /Kids itself and has been changed became an object: its node names it from now on.
    fn name_direct_pages(&mut self) -> Result<(), UpdateError> {
        let Some(tree) = self.document.view.pages.get().filter(|tree| tree.has_direct()).map(Arc::clone)
        else {
            return Ok(());
        };
        let changed: Vec<Ref> = self.changed.keys().map(|number| Ref::new(*number, 0)).collect();
        for reference in changed {
            let Some(page) = tree.direct(reference) else { continue };
            let mut node = self.get_dict(page.node)?;
            let holder = node.value("Kids").as_reference();
            let mut kids = match holder {
                Some(holder) => self.get(holder)?,
                None => node.value("Kids").clone(),
            };
            if let Object::Array(kids) = &mut kids
                && let Some(kid) = kids.get_mut(page.at)
            {
                *kid = Object::Reference(reference);
            }
            match holder {
                Some(holder) => self.put(holder, kids),
                None => {
                    node.set("Kids", kids);
                    self.put(page.node, node);
                }
            }
        }
        Ok(())
    }

    /// An estimate of the bytes to come, to allocate once.
    fn room(&self) -> usize {
        let size = |(_, pending): &(u16, Pending)| match pending {
            Pending::Signature { reserve, .. } => reserve.saturating_mul(2).saturating_add(512),
            Pending::Object(Object::Stream(Stream { body: StreamBody::Owned(body), .. })) => body.len() + 512,
            Pending::Object(_) => 512,
        };
        self.changed.values().map(size).sum::<usize>().saturating_add(1024)
    }
}

fn ends_with_line_end(document: &Document) -> Result<bool, UpdateError> {
    let mut last = [0];
    let at = document.len().saturating_sub(1);
    document.source().read_at(at, &mut last).map_err(crate::ReadError::from)?;
    Ok(matches!(last, [b'\n' | b'\r']))
}

/// The bytes so far and where the signature's values stand in them.
struct Writer {
    base_len: u64,
    bytes: Vec<u8>,
    signature: Option<Spans>,
}

struct Spans {
    reference: Ref,
    byte_range: Range<usize>,
    contents: Range<usize>,
    reserved: usize,
}

impl Writer {
    fn position(&self) -> u64 {
        self.base_len.saturating_add(length(&self.bytes))
    }

    /// A digest of what is written so far, without the room for the signature.
    fn digest(&self) -> Sha256 {
        let mut digest = Sha256::new();
        digest.update(self.base_len.to_be_bytes());
        let hole = self.signature.as_ref().map_or(0..0, |spans| spans.contents.clone());
        digest.update(self.bytes.get(..hole.start).unwrap_or_default());
        digest.update(self.bytes.get(hole.end..).unwrap_or_default());
        digest
    }

    /// Writes one indirect object; the inner error is why it has no written form.
    fn object(
        &mut self,
        document: &Document,
        reference: Ref,
        pending: Pending,
    ) -> Result<Result<(), &'static str>, UpdateError> {
        write::integer(&mut self.bytes, i64::from(reference.number));
        self.bytes.push(b' ');
        write::integer(&mut self.bytes, i64::from(reference.generation));
        self.bytes.extend_from_slice(b" obj\n");
        let written = match pending {
            Pending::Object(Object::Stream(stream)) => self.stream(document, reference, stream)?,
            Pending::Object(mut object) => {
                if let Some(encryption) = document.encryption() {
                    encryption.encrypt_strings(&mut object, reference);
                }
                write::object(&mut self.bytes, &object)
            }
            Pending::Signature { dict, reserve } => self.signature(document, reference, dict, reserve),
        };
        self.bytes.extend_from_slice(b"\nendobj\n");
        Ok(written)
    }

    fn stream(
        &mut self,
        document: &Document,
        reference: Ref,
        stream: Stream,
    ) -> Result<Result<(), &'static str>, UpdateError> {
        let mut data = document.encoded(&stream)?;
        let mut dict = Object::Dictionary(stream.dict);
        if let Some(encryption) = document.encryption() {
            encryption.encrypt_strings(&mut dict, reference);
            if let Some(dict) = dict.as_dict() {
                data = encryption.encrypt_stream(dict, reference, &data);
            }
        }
        if let Some(dict) = dict.as_dict_mut() {
            dict.set("Length", i64::try_from(data.len()).unwrap_or(i64::MAX));
        }
        let written = write::object(&mut self.bytes, &dict);
        self.bytes.extend_from_slice(b"\nstream\n");
        self.bytes.extend_from_slice(&data);
        self.bytes.extend_from_slice(b"\nendstream");
        Ok(written)
    }

    fn signature(
        &mut self,
        document: &Document,
        reference: Ref,
        dict: Dict,
        reserve: usize,
    ) -> Result<(), &'static str> {
        let mut dict = Object::Dictionary(dict);
        if let Some(encryption) = document.encryption() {
            encryption.encrypt_strings(&mut dict, reference);
        }
        write::object(&mut self.bytes, &dict)?;
        // The closing brackets come again after the two values.
        self.bytes.truncate(self.bytes.len().saturating_sub(2));
        self.bytes.extend_from_slice(b"/ByteRange ");
        let start = self.bytes.len();
        self.bytes.extend(std::iter::repeat_n(b' ', "[0]".len() + 3 * (1 + DIGITS)));
        let byte_range = start..self.bytes.len();
        self.bytes.extend_from_slice(b"/Contents ");
        let start = self.bytes.len();
        self.bytes.push(b'<');
        self.bytes.resize(self.bytes.len().saturating_add(reserve.saturating_mul(2)), b'0');
        self.bytes.push(b'>');
        let contents = start..self.bytes.len();
        self.bytes.extend_from_slice(b">>");
        self.signature = Some(Spans { reference, byte_range, contents, reserved: reserve });
        Ok(())
    }

    /// Fills in /ByteRange, now that the length is known.
    fn finish(mut self) -> Tail {
        let absolute = |at: usize| self.base_len.saturating_add(u64::try_from(at).unwrap_or(u64::MAX));
        let signature = self.signature.take().map(|spans| {
            let contents_span = absolute(spans.contents.start)..absolute(spans.contents.end);
            let rest = absolute(self.bytes.len()).saturating_sub(contents_span.end);
            let byte_range = [0, contents_span.start, contents_span.end, rest];
            let mut text = format!("[0 {} {} {rest}", contents_span.start, contents_span.end).into_bytes();
            text.resize(spans.byte_range.len().saturating_sub(1), b' ');
            text.push(b']');
            let byte_range_span = absolute(spans.byte_range.start)..absolute(spans.byte_range.end);
            if let Some(slot) = self.bytes.get_mut(spans.byte_range) {
                slot.copy_from_slice(&text);
            }
            let (reference, reserved) = (spans.reference, spans.reserved);
            Placeholder { reference, byte_range_span, contents_span, byte_range, reserved }
        });
        Tail { base_len: self.base_len, bytes: self.bytes, signature }
    }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
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
        let reserved = self.signature.as_ref().map_or(0, |placeholder| placeholder.reserved);
        let too_large = UpdateError::ContentsTooLarge { size: der.len(), reserved };
        let Some(placeholder) = self.signature.as_ref().filter(|_| der.len() <= reserved) else {
            return Err(too_large);
        };
        let start = placeholder.contents_span.start.saturating_sub(self.base_len).saturating_add(1);
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let slot = self.bytes.get_mut(start..start.saturating_add(reserved.saturating_mul(2)));
        let (pairs, _) = slot.ok_or(too_large)?.as_chunks_mut::<2>();
        let (written, rest) = pairs.split_at_mut(der.len());
        written.iter_mut().zip(der).for_each(|(pair, byte)| *pair = write::hex(*byte));
        rest.fill([b'0'; 2]);
        Ok(())
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
