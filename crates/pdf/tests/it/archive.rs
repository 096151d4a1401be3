//! What an update adds keeps PDF/A: the rules of ISO 19005-1, 6.1 on file structure (those of 19005-2 and -3 are
//! weaker or the same), held against the bytes that are appended.

use testkit::pdf_samples;
use vermilion_pdf::new::Builder;
use vermilion_pdf::{Dict, Object, PartKind, XrefKind};

use crate::support::{joined, open, touched};

/// A file as PDF/A-1b wants it: identified metadata, an output intent, an /ID, a comment of high bytes.
fn archive() -> Vec<u8> {
    const METADATA: &[u8] = b"<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>\
        <rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' \
        xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/' pdfaid:part='1' pdfaid:conformance='B'/></rdf:RDF></x:xmpmeta>\
        <?xpacket end='w'?>";
    let mut builder = Builder::new(XrefKind::Table);
    builder.page(Dict::new().with("MediaBox", Object::rect(pdf_samples::A4)), b"0 0 10 10 re f");
    let kind = Dict::new().with("Type", Object::name("Metadata")).with("Subtype", Object::name("XML"));
    let metadata = builder.add_plain_stream(kind, METADATA.to_vec());
    let intent = Dict::new()
        .with("Type", Object::name("OutputIntent"))
        .with("S", Object::name("GTS_PDFA1"))
        .with("OutputConditionIdentifier", Object::text("sRGB"));
    let intent = builder.add(intent);
    builder.catalog().set("Metadata", metadata);
    builder.catalog().set("OutputIntents", vec![Object::from(intent)]);
    builder.finish()
}

#[test]
fn an_update_of_an_archive_file_keeps_its_rules() {
    let original = archive();
    let before = open(&original);
    let updated = touched(&before, "更新");
    let after = open(&updated);
    let tail = &updated[original.len()..];
    let has = |needle: &[u8]| tail.windows(needle.len()).any(|window| window == needle);

    // 6.1.2: header and comment are where they were, as every byte.
    assert!(updated.starts_with(&original));
    // 6.1.3: an /ID, whose first part stays; no encryption; nothing but a line end after the last %%EOF.
    let id = |trailer: &Dict| trailer.value("ID").as_array().expect("an /ID").to_vec();
    assert_eq!(id(after.trailer()).len(), 2);
    assert_eq!(id(after.trailer())[0], id(before.trailer())[0]);
    assert!(!after.trailer().contains("Encrypt"));
    assert!(updated.ends_with(b"%%EOF\n"));
    // 6.1.4: a table, whose keyword and subsection header each end with one line end and whose rows have 20 bytes.
    assert_eq!(after.revisions()[1].kind(), XrefKind::Table);
    assert!(!has(b"/XRef") && !has(b"/ObjStm") && !has(b"/XRefStm"));
    let text = String::from_utf8_lossy(tail);
    let table = text.split("\nxref\n").nth(1).expect("a table").split("trailer\n").next().expect("rows");
    for line in table.split_inclusive('\n') {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert!(words.len() == 2 && !line.contains("  ") || words.len() == 3 && line.len() == 20, "{line:?}");
    }
    // 6.1.7: a stream's length is exact, `stream` and `endstream` stand on lines of their own; no LZW, no file
    // specifications; 6.1.8: objects begin and end on lines of their own.
    for part in after.account(1).expect("an account").parts {
        if let PartKind::Object { reference, .. } = part.kind {
            let (start, end) = (part.span.start as usize, part.span.end as usize);
            let object = &updated[start..end];
            assert!(
                object.starts_with(format!("{} {} obj\n", reference.number, reference.generation).as_bytes())
            );
            assert!(object.ends_with(b"\nendobj") && updated[end] == b'\n' && updated[start - 1] == b'\n');
            if let Some(stream) = after.resolve(reference).expect("read").as_stream() {
                assert!(!stream.dict.contains("F") && !stream.dict.value("Filter").is_name("LZWDecode"));
                let length = stream.dict.value("Length").as_integer().expect("a length") as usize;
                let at = object.windows(8).position(|w| w == b"\nstream\n").expect("stream") + 8;
                assert!(object[at + length..].starts_with(b"\nendstream\n"));
            }
        }
    }
    // 6.1.6: hexadecimal strings have an even number of digits.
    for piece in text.split('<').skip(1).filter(|piece| !piece.is_empty() && !text.starts_with("<<")) {
        let digits = piece.split('>').next().unwrap_or_default();
        if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            assert_eq!(digits.len() % 2, 0, "{digits}");
        }
    }
    // 6.7: the metadata and the output intent are what they were.
    for key in ["Metadata", "OutputIntents"] {
        let value =
            |document: &vermilion_pdf::Document| document.catalog().expect("a catalog").value(key).clone();
        assert_eq!(value(&after), value(&before));
    }
    let metadata = after.catalog().expect("a catalog").value("Metadata").as_reference().expect("a reference");
    assert_eq!(after.locate(metadata).expect("there").0, 0, "untouched");
}

/// A version that knows no cross-reference streams keeps its tables through many updates.
#[test]
fn no_update_brings_streams_into_a_file_of_tables() {
    let mut bytes = archive();
    for round in 0..5 {
        let document = open(&bytes);
        let mut update = vermilion_pdf::Update::new(&document);
        update.add(Dict::new().with("Round", round));
        bytes = joined(&bytes, &update.finish().expect("an update"));
    }
    let document = open(&bytes);
    assert!(document.revisions().iter().all(|revision| revision.kind() == XrefKind::Table));
}
