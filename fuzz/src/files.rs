//! The readers of `pdf`: each target puts its input where the part under test must read it, and asks through the
//! public interface only.

use std::sync::Arc;

use vermilion_pdf::{Dict, Document, Limits, Object, OpenOptions, Ref, Update};

/// Limits that let one input cost a fraction of a second.
fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.work = 8_000_000;
    limits.max_decoded_size = 1_000_000;
    limits
}

fn open(bytes: Vec<u8>) -> Option<Document> {
    Document::open(Arc::new(bytes), &limits()).ok()
}

fn reference(number: u32) -> Ref {
    Ref { number, generation: 0 }
}

/// Catalog, page tree and one page, each in its place: objects 1 to 3.
const HEAD: &[u8] = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/X 4 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n";

/// A file whose object 4 is what the input says, with a cross-reference table that finds it.
fn with_object(body: &[u8]) -> Vec<u8> {
    let mut bytes = HEAD.to_vec();
    let at = bytes.len();
    bytes.extend_from_slice(b"4 0 obj\n");
    bytes.extend_from_slice(body);
    bytes.extend_from_slice(b"\nendobj\n");
    let offsets = [9, 60, 109, at];
    let xref = bytes.len();
    bytes.extend_from_slice(b"xref\n0 5\n0000000000 65535 f \n");
    for offset in offsets {
        bytes.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    bytes.extend_from_slice(format!("trailer<</Size 5/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n").as_bytes());
    bytes
}

/// Lexer and parser; and what was read is written and read again as the same.
///
/// # Panics
/// Where writing and reading again does not give the same object: that is a finding.
pub fn objects(input: &[u8]) {
    let file = with_object(input);
    let Some(document) = open(file.clone()) else { return };
    let Ok(object) = document.resolve(reference(4)) else { return };
    if let Object::Stream(stream) = object.as_ref() {
        let _ = (document.encoded(stream), document.decoded(stream));
        return;
    }
    let mut update = Update::new(&document);
    update.put(reference(4), object.as_ref().clone());
    let Ok(tail) = update.finish() else { return };
    let again = open([file, tail.bytes].concat()).expect("an update opens");
    let again = again.resolve(reference(4)).expect("what was written is read");
    assert!(is_same(&again, &object), "{object:?} became {again:?}");
}

/// The same value, whether or not its strings are written in hexadecimal.
fn is_same(one: &Object, other: &Object) -> bool {
    match (one, other) {
        (Object::String(one), Object::String(other)) => one.bytes == other.bytes,
        (Object::Array(one), Object::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Object::Dictionary(one), Object::Dictionary(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other.iter())
                    .all(|(one, other)| one.0 == other.0 && is_same(one.1, other.1))
        }
        _ => one == other,
    }
}

/// Cross-reference tables, streams, hybrids and chains: the input begins where `startxref` points.
pub fn xref(input: &[u8]) {
    let mut bytes = with_object(b"[(x)]");
    let at = bytes.len();
    bytes.extend_from_slice(input);
    bytes.extend_from_slice(format!("\nstartxref\n{at}\n%%EOF\n").as_bytes());
    document(&bytes);
}

/// Object streams: two bytes say how many objects and where the first begins, the rest is the stream.
pub fn object_streams(input: &[u8]) {
    let Some(([count, first], data)) = input.split_first_chunk() else { return };
    let mut bytes = HEAD.to_vec();
    let at = bytes.len();
    let head = format!("4 0 obj<</Type/ObjStm/N {count}/First {first}/Length {}>>stream\n", data.len());
    bytes.extend_from_slice(head.as_bytes());
    bytes.extend_from_slice(data);
    bytes.extend_from_slice(b"\nendstream endobj\n");
    let xref = bytes.len();
    let mut rows: Vec<u8> = vec![0, 0, 0, 255];
    for offset in [9, 60, 109, at] {
        let [.., high, low] = offset.to_be_bytes();
        rows.extend([1, high, low, 0]);
    }
    for index in 0..16 {
        rows.extend([2, 0, 4, index]);
    }
    let head = format!(
        "30 0 obj<</Type/XRef/Size 31/Root 1 0 R/W[1 2 1]/Index[0 21]/Length {}>>stream\n",
        rows.len()
    );
    bytes.extend_from_slice(head.as_bytes());
    bytes.extend_from_slice(&rows);
    bytes.extend_from_slice(format!("\nendstream endobj\nstartxref\n{xref}\n%%EOF\n").as_bytes());
    let Some(document) = open(bytes) else { return };
    for number in 5..21 {
        let _ = document.resolve(reference(number));
    }
    walk(&document);
}

/// Filters: the first byte names one or two, the next four their parameters, the rest is the data.
pub fn filters(input: &[u8]) {
    const NAMES: [&str; 6] =
        ["FlateDecode", "LZWDecode", "ASCIIHexDecode", "ASCII85Decode", "RunLengthDecode", "Crypt"];
    let Some(([choice, predictor, colours, bits, columns], data)) = input.split_first_chunk() else { return };
    let name = |at: u8| NAMES[usize::from(at) % NAMES.len()];
    let parameters = format!(
        "<</Predictor {}/Colors {}/BitsPerComponent {}/Columns {}/EarlyChange {}>>",
        predictor % 17,
        colours % 8,
        1 << (bits % 5),
        columns,
        bits >> 7
    );
    let names = match choice / 6 {
        0 => format!("/{}", name(*choice)),
        second => format!("[/{}/{}]", name(*choice), name(second)),
    };
    let mut body =
        format!("<</Length {}/Filter{names}/DecodeParms[{parameters}{parameters}]>>stream\n", data.len())
            .into_bytes();
    body.extend_from_slice(data);
    body.extend_from_slice(b"\nendstream");
    let Some(document) = open(with_object(&body)) else { return };
    let Ok(object) = document.resolve(reference(4)) else { return };
    if let Some(stream) = object.as_stream()
        && let Ok(decoded) = document.decoded(stream)
    {
        assert!(decoded.len() <= limits().max_decoded_size, "the limit of decoded streams holds");
    }
}

/// A whole file: everything that a document offers, and an update of it.
///
/// # Panics
/// Where an update cannot be opened again, or needs repair: that is a finding.
pub fn document(input: &[u8]) {
    let Some(document) = open(input.to_vec()) else { return };
    walk(&document);
    let mut update = Update::new(&document);
    let added = update.add(Dict::new().with("Note", Object::text("附")));
    let Ok(tail) = update.finish() else { return };
    assert_eq!(usize::try_from(tail.base_len).ok(), Some(input.len()));
    // The work of reading twice may exceed what the first reading left.
    let mut limits = limits();
    limits.work *= 4;
    let again = Document::open(Arc::new([input, &tail.bytes].concat()), &limits).expect("an update opens");
    let note = again.resolve(added).expect("what was added is found");
    assert!(
        note.as_dict().is_some_and(|dict| dict.value("Note").as_text().as_deref() == Some("附")),
        "{note:?}"
    );
}

/// A whole file that may be encrypted: with the password of the seeds, and with none.
///
/// # Panics
/// Where what was added to an encrypted file cannot be read again: that is a finding.
pub fn encrypted(input: &[u8]) {
    let options = |limits: Limits| OpenOptions::new().limits(limits).password("secret");
    let Ok(document) = Document::open_with(Arc::new(input.to_vec()), &options(limits())) else { return };
    walk(&document);
    if let Some(encryption) = document.encryption() {
        let _ = format!("{encryption:?}");
    }
    let mut update = Update::new(&document);
    let added = update.add(Dict::new().with("Note", Object::text("附")));
    let Ok(tail) = update.finish() else { return };
    let mut limits = limits();
    limits.work *= 4;
    let again = Document::open_with(Arc::new([input, &tail.bytes].concat()), &options(limits));
    let note = again.expect("an update opens").resolve(added).expect("what was added is found");
    assert!(
        note.as_dict().is_some_and(|dict| dict.value("Note").as_text().as_deref() == Some("附")),
        "{note:?}"
    );
}

fn walk(document: &Document) {
    let _ = (document.form(), document.signatures(), document.certification(), document.catalog());
    for index in 0..document.page_count().unwrap_or(0).min(4) {
        if let Ok(page) = document.page(index) {
            let _ = (page.width(), page.display_matrix(), page.appearance_matrix());
        }
    }
    for index in 0..document.revisions().len().min(16) {
        let _ = document.account(index);
        if let Ok(earlier) = document.at_revision(index) {
            let _ = (earlier.page_count(), earlier.signatures());
        }
    }
    for number in 0..document.size().min(64) {
        if let Ok(object) = document.resolve(reference(number))
            && let Some(stream) = object.as_stream()
        {
            let _ = document.decoded(stream);
        }
    }
}
