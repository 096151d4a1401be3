//! Opening, updating and judging files.

use std::path::Path;
use std::sync::Arc;

use testkit::Tool;
use vermilion_pdf::{Dict, Document, Limits, Object, Tail, Update};

/// Opens bytes with the default limits.
pub(crate) fn open(bytes: &[u8]) -> Document {
    Document::open(Arc::new(bytes.to_vec()), &Limits::default()).expect("a sound file")
}

/// The file with the update appended.
pub(crate) fn joined(bytes: &[u8], tail: &Tail) -> Vec<u8> {
    assert_eq!(tail.base_len, bytes.len() as u64);
    [bytes, &tail.bytes].concat()
}

/// Adds a `/VrmTest` entry to the catalog and a new object that it names, and appends the update.
pub(crate) fn touched(document: &Document, text: &str) -> Vec<u8> {
    let mut update = Update::new(document);
    let note = update.add(Dict::new().with("Note", Object::text(text)));
    let stream = update.add_stream(Dict::new(), &b"some data that compress well ".repeat(50));
    let mut catalog = update.get_dict(document.catalog_ref()).expect("a catalog");
    catalog.set("VrmTest", vec![Object::from(note), Object::from(stream)]);
    update.put(document.catalog_ref(), catalog);
    let tail = update.finish().expect("plain objects");
    let mut bytes = vec![0; document.len() as usize];
    document.source().read_at(0, &mut bytes).expect("the file");
    joined(&bytes, &tail)
}

/// What [`touched`] wrote, read from a file.
pub(crate) fn note(document: &Document) -> String {
    let catalog = document.catalog().expect("a catalog");
    let list = document.value(&catalog, "VrmTest").expect("the entry");
    let [note, stream] = list.as_array().expect("an array") else { panic!("two references") };
    let stream = document.follow(stream).expect("the stream");
    let data = document.decoded(stream.as_stream().expect("a stream")).expect("its data");
    assert_eq!(data, b"some data that compress well ".repeat(50));
    let note = document.follow(note).expect("the note");
    document
        .value(note.as_dict().expect("a dictionary"), "Note")
        .expect("the text")
        .as_text()
        .expect("a text")
}

/// What `qpdf --check` says about a file: its exit code (0 clean, 3 warnings, 2 errors) and its words.
pub(crate) fn qpdf_check(qpdf: &Tool, path: &Path) -> (i32, String) {
    let output = qpdf.command().arg("--check").arg(path).output().expect("qpdf runs");
    let words = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&words).into_owned())
}
