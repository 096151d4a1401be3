//! A small writer of new documents: sample files for tests and blank pages.

use std::io::Write;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::{Dict, Name, Object, Rect, Ref, Stream, StreamBody, XrefKind, filter, write};

/// A new document being made. What is written is plain and complete: no linearization, no encryption.
pub struct Builder {
    kind: XrefKind,
    objects: Vec<Object>,
    catalog: Dict,
    pages: Vec<Ref>,
    info: Option<Ref>,
}

const CATALOG: Ref = Ref::new(1, 0);
const PAGES: Ref = Ref::new(2, 0);

impl Builder {
    /// A document without a page, to be written with this kind of cross reference. With
    /// [`XrefKind::Stream`] plain objects go into an object stream; with [`XrefKind::Hybrid`] objects other
    /// than pages and streams are hidden in one from readers that know no cross-reference streams.
    pub fn new(kind: XrefKind) -> Self {
        let catalog = Dict::new().with("Type", Object::name("Catalog")).with("Pages", PAGES);
        Self { kind, objects: vec![Object::Null; 2], catalog, pages: Vec::new(), info: None }
    }

    /// A new object number.
    pub fn allocate(&mut self) -> Ref {
        self.objects.push(Object::Null);
        Ref::new(u32::try_from(self.objects.len()).unwrap_or(u32::MAX), 0)
    }

    /// Sets an object that was allocated.
    pub fn put(&mut self, reference: Ref, object: impl Into<Object>) {
        let at = usize::try_from(reference.number).unwrap_or(0).checked_sub(1);
        if let Some(slot) = at.and_then(|at| self.objects.get_mut(at)) {
            *slot = object.into();
        }
    }

    /// Adds an object.
    pub fn add(&mut self, object: impl Into<Object>) -> Ref {
        let reference = self.allocate();
        self.put(reference, object);
        reference
    }

    /// Adds a stream, compressed where `dict` names no /Filter and it is not small.
    pub fn add_stream(&mut self, mut dict: Dict, data: Vec<u8>) -> Ref {
        let mut data = data;
        if !dict.contains("Filter") && data.len() > 256 {
            data = filter::compress(&data);
            dict.set("Filter", Object::name("FlateDecode"));
        }
        self.add(Stream { dict, body: StreamBody::Owned(Arc::from(data)) })
    }

    /// Adds a stream as it is.
    pub fn add_plain_stream(&mut self, dict: Dict, data: Vec<u8>) -> Ref {
        self.add(Stream { dict, body: StreamBody::Owned(Arc::from(data)) })
    }

    /// Adds a page: its dictionary without /Type and /Parent, and its content.
    pub fn page(&mut self, dict: Dict, content: &[u8]) -> Ref {
        let content = self.add_stream(Dict::new(), content.to_vec());
        let page = dict.with("Type", Object::name("Page")).with("Parent", PAGES).with("Contents", content);
        let reference = self.add(page);
        self.pages.push(reference);
        reference
    }

    /// Adds a page of this size with one of the standard fonts as `/F1`.
    pub fn text_page(&mut self, media_box: Rect, lines: &[&str]) -> Ref {
        let font: Dict = [("Type", "Font"), ("Subtype", "Type1"), ("BaseFont", "Helvetica")]
            .into_iter()
            .map(|(key, value)| (key, Object::name(value)))
            .collect();
        let mut content =
            format!("BT /F1 12 Tf 14 TL {} {} Td\n", media_box.x0 + 56.0, media_box.y1 - 70.0).into_bytes();
        for line in lines {
            // The standard fonts know no Chinese: what is not ASCII is left out.
            let line: String = line.chars().filter(char::is_ascii).collect();
            // A string always has a written form.
            let _ = write::object(&mut content, &Object::string(line));
            content.extend_from_slice(b" Tj T*\n");
        }
        content.extend_from_slice(b"ET");
        let resources = Dict::new().with("Font", Dict::new().with("F1", font));
        let page = Dict::new().with("MediaBox", Object::rect(media_box)).with("Resources", resources);
        self.page(page, &content)
    }

    /// Reads and changes a page added before.
    pub fn page_mut(&mut self, reference: Ref) -> Option<&mut Dict> {
        let at = usize::try_from(reference.number).ok()?.checked_sub(1)?;
        self.objects.get_mut(at)?.as_dict_mut()
    }

    /// The catalog, to add entries.
    pub fn catalog(&mut self) -> &mut Dict {
        &mut self.catalog
    }

    /// Sets the title (14.3.3).
    pub fn title(&mut self, title: &str) {
        let info = Dict::new().with("Title", Object::text(title)).with("Producer", Object::text("Vermilion"));
        self.info = Some(self.add(info));
    }

    /// Writes the file.
    pub fn finish(mut self) -> Vec<u8> {
        let kids: Vec<Object> = self.pages.iter().map(|page| Object::Reference(*page)).collect();
        let count = i64::try_from(kids.len()).unwrap_or(0);
        let pages = Dict::new().with("Type", Object::name("Pages")).with("Kids", kids).with("Count", count);
        self.put(PAGES, pages);
        let catalog = std::mem::take(&mut self.catalog);
        self.put(CATALOG, catalog);
        let mut file = File { out: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), rows: vec![Row::Free] };
        let hidden = self.write_objects(&mut file);
        let mut trailer = Dict::new().with("Root", CATALOG);
        if let Some(info) = self.info {
            trailer.set("Info", info);
        }
        let digest = Sha256::digest(&file.out);
        let id = Object::hex_string(digest.iter().copied().take(16).collect::<Vec<_>>());
        trailer.set("ID", vec![id.clone(), id]);
        match self.kind {
            XrefKind::Stream => {
                let at = file.xref_stream(trailer);
                file.end(at);
            }
            XrefKind::Hybrid if hidden => {
                let at = file.xref_stream(Dict::new());
                trailer.set("XRefStm", i64::try_from(at).unwrap_or(0));
                let at = file.table(trailer);
                file.end(at);
            }
            _ => {
                let at = file.table(trailer);
                file.end(at);
            }
        }
        file.out
    }

    /// Writes all objects, those that may be into an object stream; says whether there is one.
    fn write_objects(&mut self, file: &mut File) -> bool {
        let uses_streams = matches!(self.kind, XrefKind::Stream | XrefKind::Hybrid);
        let stream_number = u32::try_from(self.objects.len()).unwrap_or(0).saturating_add(1);
        let (mut index, mut body, mut count) = (Vec::new(), Vec::new(), 0_u32);
        for (number, object) in (1_u32..).zip(&self.objects) {
            let stays = matches!(object, Object::Stream(_))
                || (self.kind == XrefKind::Hybrid && object.as_dict().is_some_and(is_structure));
            if uses_streams && !stays {
                let _ = write!(index, "{number} {} ", body.len());
                // Objects of a new document have a written form unless they nest a stream, which is a mistake.
                let _ = write::object(&mut body, object);
                body.push(b'\n');
                file.rows.push(Row::Compressed(stream_number, count));
                count += 1;
            } else {
                file.object(number, object);
            }
        }
        if count == 0 {
            return false;
        }
        let first = i64::try_from(index.len()).unwrap_or(0);
        index.append(&mut body);
        let dict = Dict::new().with("Type", Object::name("ObjStm")).with("N", count).with("First", first);
        let dict = dict.with("Filter", Object::name("FlateDecode"));
        let data = filter::compress(&index);
        file.object(stream_number, &Object::Stream(Stream { dict, body: StreamBody::Owned(data.into()) }));
        true
    }
}

fn is_structure(dict: &Dict) -> bool {
    ["Catalog", "Pages", "Page"].iter().any(|name| dict.is_type(name))
}

enum Row {
    Free,
    Offset(usize),
    Compressed(u32, u32),
}

/// The file so far; `rows` are its cross-reference entries by object number.
struct File {
    out: Vec<u8>,
    rows: Vec<Row>,
}

impl File {
    fn object(&mut self, number: u32, object: &Object) {
        self.rows.push(Row::Offset(self.out.len()));
        let _ = writeln!(self.out, "{number} 0 obj");
        if let Object::Stream(Stream { dict, body: StreamBody::Owned(data) }) = object {
            let dict = dict.clone().with("Length", i64::try_from(data.len()).unwrap_or(0));
            let _ = write::dict(&mut self.out, &dict);
            self.out.extend_from_slice(b"\nstream\n");
            self.out.extend_from_slice(data);
            self.out.extend_from_slice(b"\nendstream");
        } else {
            let _ = write::object(&mut self.out, object);
        }
        self.out.extend_from_slice(b"\nendobj\n");
    }

    fn table(&mut self, trailer: Dict) -> usize {
        let at = self.out.len();
        let _ = write!(self.out, "xref\n0 {}\n", self.rows.len());
        for row in &self.rows {
            let _ = match row {
                Row::Offset(offset) => writeln!(self.out, "{offset:010} 00000 n "),
                // Hidden objects are free for readers that know tables only (7.5.8.4).
                _ => writeln!(self.out, "0000000000 65535 f "),
            };
        }
        let trailer = trailer.with("Size", i64::try_from(self.rows.len()).unwrap_or(0));
        self.out.extend_from_slice(b"trailer\n");
        let _ = write::dict(&mut self.out, &trailer);
        self.out.push(b'\n');
        at
    }

    fn xref_stream(&mut self, trailer: Dict) -> usize {
        let at = self.out.len();
        let number = u32::try_from(self.rows.len()).unwrap_or(0);
        self.rows.push(Row::Offset(at));
        let mut data = Vec::new();
        for row in &self.rows {
            let (kind, second, third) = match row {
                Row::Free => (0, 0, u32::from(u16::MAX)),
                Row::Offset(offset) => (1, u32::try_from(*offset).unwrap_or(0), 0),
                Row::Compressed(stream, index) => (2, *stream, *index),
            };
            data.push(kind);
            data.extend(second.to_be_bytes());
            data.extend(third.to_be_bytes());
        }
        let data = filter::compress(&data);
        let widths: Vec<Object> = [1, 4, 4].map(Object::from).into();
        let dict = trailer
            .with(Name::new("Type"), Object::name("XRef"))
            .with("Size", number.saturating_add(1))
            .with("W", widths)
            .with("Filter", Object::name("FlateDecode"));
        let rows = self.rows.len();
        self.object(number, &Object::Stream(Stream { dict, body: StreamBody::Owned(data.into()) }));
        self.rows.truncate(rows);
        at
    }

    fn end(&mut self, at: usize) {
        let _ = write!(self.out, "startxref\n{at}\n%%EOF\n");
    }
}
