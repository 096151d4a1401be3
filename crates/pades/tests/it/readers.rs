//! Files that two programs could read in two ways, prepared before they were signed; each beside a harmless twin.

use std::sync::Arc;

use pades::{Code, Condition, Indication, LevelError, PrepareError, Report, SigningRequest};
use pdf::{Document, Limits};
use vermilion_pades as pades;

use crate::support::{Pki, Stamped, joined, judge, open, request, sign};

/// A file as a text editor would make it: numbered objects, a table, a trailer.
pub(crate) struct Raw {
    bytes: Vec<u8>,
    pub(crate) entries: Vec<(u32, usize)>,
}

impl Raw {
    pub(crate) fn new() -> Self {
        Self { bytes: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), entries: Vec::new() }
    }

    /// What is appended to a file.
    pub(crate) fn after(file: &[u8]) -> Self {
        Self { bytes: file.to_vec(), entries: Vec::new() }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Where the next object begins.
    pub(crate) fn here(&self) -> usize {
        self.bytes.len()
    }

    /// An object that the table lists.
    pub(crate) fn object(&mut self, number: u32, body: &str) -> &mut Self {
        self.entries.push((number, self.bytes.len()));
        self.stray(number, body)
    }

    /// An object that it does not list.
    pub(crate) fn stray(&mut self, number: u32, body: &str) -> &mut Self {
        self.text(&format!("{number} 0 obj\n{body}\nendobj\n"))
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }

    /// The table, one subsection an object, so that an entry may stand twice.
    pub(crate) fn finish(&mut self, trailer: &str) -> Vec<u8> {
        let at = self.bytes.len();
        self.text("xref\n0 1\n0000000000 65535 f \n");
        for (number, offset) in self.entries.clone() {
            self.text(&format!("{number} 1\n{offset:010} 00000 n \n"));
        }
        let size = self.entries.iter().map(|(number, _)| number + 1).max().unwrap_or(1);
        self.text(&format!("trailer\n<< /Size {size} /Root 1 0 R {trailer}>>\nstartxref\n{at}\n%%EOF\n"));
        std::mem::take(&mut self.bytes)
    }
}

pub(crate) const HONEST: &str = "BT /F1 24 Tf 72 700 Td (100) Tj ET";
pub(crate) const FORGED: &str = "BT /F1 24 Tf 72 700 Td (900) Tj ET";
pub(crate) const PAGE: &str = "/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
                    /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>";

pub(crate) fn stream(content: &str) -> String {
    format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len())
}

/// Catalog, page tree and page; the content stream (4) is up to the test.
pub(crate) fn beginning() -> Raw {
    let mut raw = Raw::new();
    raw.object(1, "<< /Type /Catalog /Pages 2 0 R >>")
        .object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
        .object(3, &format!("<< {PAGE} >>"));
    raw
}

fn plain() -> Vec<u8> {
    beginning().object(4, &stream(HONEST)).finish("")
}

fn signed_file(pki: &Pki, base: &[u8]) -> Vec<u8> {
    let request = SigningRequest { place: Some(pades::Place::invisible()), ..request("alice", pki.at) };
    sign(pki, base, &request, &pki.person("Alice", 11), Stamped::No)
}

fn signed(pki: &Pki, base: &[u8]) -> Report {
    judge(pki, &signed_file(pki, base))
}

/// What the paved path says of signing such a file.
fn offered(pki: &Pki, base: &[u8]) -> Result<pades::Prepared, Box<LevelError>> {
    let wanted = SigningRequest { place: Some(pades::Place::invisible()), ..request("alice", pki.at) };
    pades::prepare_for(&open(base), &wanted, &pki.person("Alice", 11).certificate).map_err(Box::new)
}

fn assert_passes(pki: &Pki, base: &[u8]) {
    offered(pki, base).expect("it may be signed");
    let one = signed(pki, base).signatures.remove(0);
    assert_eq!(one.reliability.content_intact, Condition::Met, "{:?}", one.reasons);
}

fn assert_ambiguous(pki: &Pki, base: &[u8], expected: Code) {
    let refused = *offered(pki, base).expect_err("no signature over it would pass");
    assert!(matches!(refused, LevelError::Prepare(PrepareError::Ambiguous { .. })), "{refused:?}");
    let one = signed(pki, base).signatures.remove(0);
    assert_eq!(one.reliability.signature_intact, Condition::Met, "{:?}", one.reasons);
    assert_eq!(one.indication, Indication::TotalFailed);
    assert_eq!(one.reliability.content_intact, Condition::NotMet);
    assert!(one.reasons.iter().any(|reason| reason.code == expected), "{:?}", one.reasons);
}

#[test]
fn a_key_that_stands_twice_is_found() {
    let pki = Pki::new();
    assert_passes(&pki, &plain());
    let twice = |second: &str| {
        let mut raw = Raw::new();
        raw.object(1, "<< /Type /Catalog /Pages 2 0 R >>")
            .object(2, &format!("<< /Type /Pages /Kids [3 0 R] /Count 1 /Kids [{second} 0 R] >>"))
            .object(3, &format!("<< {PAGE} >>"))
            .object(4, &stream(HONEST))
            .object(5, &format!("<< {} >>", PAGE.replace("4 0 R", "6 0 R")))
            .object(6, &stream(FORGED))
            .finish("")
    };
    assert_ambiguous(&pki, &twice("5"), Code::ReaderDuplicateKey);
    assert_passes(&pki, &twice("3"));
}

#[test]
fn an_entry_that_stands_twice_is_found() {
    let pki = Pki::new();
    let mut raw = beginning();
    raw.object(4, &stream(HONEST)).object(4, &stream(FORGED));
    assert_ambiguous(&pki, &raw.finish(""), Code::ReaderDuplicateEntry);
    let mut raw = beginning();
    raw.object(4, &stream(HONEST));
    let entry = raw.entries[3];
    raw.entries.push(entry);
    assert_passes(&pki, &raw.finish(""));
}

#[test]
fn an_object_that_only_a_repair_would_find_is_found() {
    let pki = Pki::new();
    let mut raw = beginning();
    raw.object(4, &stream(HONEST)).stray(4, &stream(FORGED));
    assert_ambiguous(&pki, &raw.finish(""), Code::ReaderOrphan);
    // The same within a comment.
    let mut raw = beginning();
    raw.object(4, &stream(HONEST)).text("% 4 0 obj (nothing) endobj\n");
    assert_ambiguous(&pki, &raw.finish(""), Code::ReaderOrphan);
    // A number that the page names and no table lists.
    let mut raw = Raw::new();
    raw.object(1, "<< /Type /Catalog /Pages 2 0 R >>")
        .object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
        .object(3, &format!("<< {PAGE} /Annots [9 0 R] >>"))
        .object(4, &stream(HONEST))
        .stray(9, "<< /Type /Annot /Subtype /Square /Rect [0 0 500 500] >>");
    assert_ambiguous(&pki, &raw.finish(""), Code::ReaderOrphan);
}

#[test]
fn what_no_program_would_show_is_passed_over() {
    let pki = Pki::new();
    // An object that nothing names, listed or not; an older version before the one in force; white space and comments.
    let mut raw = beginning();
    raw.stray(4, &stream(FORGED)).object(4, &stream(HONEST)).object(7, "(unused)").stray(8, "(unused)");
    raw.text("% nothing here\n\n\n    \n");
    assert_passes(&pki, &raw.finish(""));
    // A file within a file, as an attachment is.
    let inner = String::from_utf8_lossy(&plain()).into_owned();
    let mut raw = beginning();
    raw.object(4, &stream(HONEST)).object(5, &stream(&inner));
    assert_passes(&pki, &raw.finish(""));
    let mut tail = plain();
    tail.extend_from_slice(b"\n\n   \r\n");
    assert_passes(&pki, &tail);
}

#[test]
fn an_entry_that_leads_to_another_object_is_found() {
    let pki = Pki::new();
    let mut raw = Raw::new();
    raw.object(1, "<< /Type /Catalog /Pages 2 0 R /Extra 6 0 R >>")
        .object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
        .object(3, &format!("<< {PAGE} >>"))
        .object(4, &stream(HONEST));
    let offset = raw.entries[3].1;
    raw.entries.push((6, offset));
    assert_ambiguous(&pki, &raw.finish(""), Code::ReaderWrongEntry);
}

/// Some programs go by the index that an entry states, some by the numbers that the object stream states.
#[test]
fn an_index_that_leads_to_another_object_of_its_stream_is_found() {
    let pki = Pki::new();
    let file = |index: u8, numbers: [u32; 2]| {
        let head = format!("{} 0 {} 8 ", numbers[0], numbers[1]);
        let body = format!("{head}[4 0 R] [5 0 R]");
        let container = format!("<< /Type /ObjStm /N 2 /First {} /Length {} >>", head.len(), body.len());
        let mut raw = Raw::new();
        raw.object(1, "<< /Type /Catalog /Pages 2 0 R >>")
            .object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
            .object(3, &format!("<< {} >>", PAGE.replace("4 0 R", "8 0 R")))
            .object(4, &stream(HONEST))
            .object(5, &stream(FORGED))
            .object(6, &format!("{container}\nstream\n{body}\nendstream"));
        let at = raw.here();
        raw.entries.push((7, at));
        let row = |number: u32| match raw.entries.iter().find(|(listed, _)| *listed == number) {
            Some((_, offset)) => format!("01{offset:06x}00"),
            None if number == 8 => format!("02{:06x}{index:02x}", 6),
            None => "00000000ff".to_owned(),
        };
        let rows: String = (0..9).map(row).collect();
        let xref = format!(
            "<< /Type /XRef /W [1 3 1] /Size 9 /Root 1 0 R /Filter /ASCIIHexDecode /Length {} >>\nstream\n{rows}>\nendstream",
            rows.len() + 1
        );
        raw.stray(7, &xref).text(&format!("startxref\n{at}\n%%EOF\n"));
        raw.into_bytes()
    };
    assert_passes(&pki, &file(0, [8, 9]));
    assert_ambiguous(&pki, &file(1, [8, 9]), Code::ReaderWrongEntry);
    assert_ambiguous(&pki, &file(0, [8, 8]), Code::ReaderWrongEntry);
}

/// A page that is no object of its own gets a number here, which to other programs leads nowhere.
#[test]
fn a_number_that_only_we_gave_a_page_is_not_used() {
    let pki = Pki::new();
    let file = |extra: &str| {
        let mut raw = Raw::new();
        raw.object(1, &format!("<< /Type /Catalog /Pages 2 0 R {extra} >>"))
            .object(2, &format!("<< /Type /Pages /Kids [3 0 R << {PAGE} >>] /Count 2 >>"))
            .object(3, &format!("<< {PAGE} >>"))
            .object(4, &stream(HONEST))
            .object(90, "(the last one)");
        let file = raw.finish("");
        let pages = open(&file).page_refs().expect("pages");
        assert_eq!(pages[1].number, 91);
        file
    };
    assert_passes(&pki, &file("/Extra 89 0 R"));
    // What signing adds takes the next numbers.
    let document = open(&file(""));
    let signed = signed_file(&pki, &file(""));
    let next = open(&signed).page_refs().expect("pages")[1].number;
    assert!(document.size() <= next, "{next}");
    assert_ambiguous(&pki, &file(&format!("/Extra {next} 0 R")), Code::ReaderWrongEntry);
}

#[test]
fn a_length_that_stops_short_is_found() {
    let pki = Pki::new();
    let long = format!("{HONEST} {FORGED}");
    let short = format!("<< /Length {} >>\nstream\n{long}\nendstream", HONEST.len());
    assert_ambiguous(&pki, &beginning().object(4, &short).finish(""), Code::ReaderLength);
    // A line end more or less is a matter of counting.
    let loose = format!("<< /Length {} >>\nstream\n{HONEST}\nendstream", HONEST.len() + 1);
    assert_passes(&pki, &beginning().object(4, &loose).finish(""));
}

#[test]
fn what_readers_of_tables_do_not_see_is_found_where_a_page_needs_it() {
    let pki = Pki::new();
    let hybrid = |page_uses: &str| {
        let mut raw = Raw::new();
        raw.object(1, "<< /Type /Catalog /Pages 2 0 R /StructTreeRoot 5 0 R >>")
            .object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
            .object(3, &format!("<< {PAGE} {page_uses} >>"))
            .object(4, &stream(HONEST));
        let inner = "5 0 << /Type /StructTreeRoot >>";
        let holder = raw.bytes.len();
        raw.object(
            6,
            &format!("<< /Type /ObjStm /N 1 /First 4 /Length {} >>\nstream\n{inner}\nendstream", inner.len()),
        );
        let section = raw.bytes.len();
        let row = [2_u8, 0, 6, 0];
        let text: String = row.iter().map(|byte| format!("{byte:02x}")).collect();
        raw.stray(7, &format!(
            "<< /Type /XRef /Size 8 /W [1 2 1] /Index [5 1] /Root 1 0 R /Filter /ASCIIHexDecode /Length {} >>\nstream\n{text}>\nendstream",
            text.len() + 1
        ));
        assert!(holder < section);
        raw.finish(&format!("/XRefStm {section} "))
    };
    assert_passes(&pki, &hybrid(""));
    assert_ambiguous(&pki, &hybrid("/Annots [5 0 R]"), Code::ReaderHybrid);
}

#[test]
fn objects_hidden_when_signed_cannot_be_brought_in_by_a_table() {
    let pki = Pki::new();
    // The shadow stands unlisted before the signature; afterwards a table alone makes it count.
    let mut raw = beginning();
    let shadow = raw.bytes.len();
    raw.stray(4, &stream(FORGED)).object(4, &stream(HONEST));
    let base = raw.finish("");
    assert_passes(&pki, &base);
    let request = SigningRequest { place: Some(pades::Place::invisible()), ..request("alice", pki.at) };
    let file = sign(&pki, &base, &request, &pki.person("Alice", 11), Stamped::No);
    let document = open(&file);
    let previous = document.revisions().last().expect("a revision").sections[0].offset;
    let tail = format!(
        "xref\n4 1\n{shadow:010} 00000 n \ntrailer\n<< /Size {} /Root 1 0 R /Prev {previous} >>\nstartxref\n{}\n%%EOF\n",
        document.size(),
        file.len(),
    );
    let report = judge(&pki, &joined(&file, tail.as_bytes()));
    assert_eq!(report.indication, Indication::TotalFailed);
    let codes: Vec<Code> = report.signatures[0].changes.iter().map(|it| it.what.code).collect();
    assert!(codes.contains(&Code::ChangeXref) && codes.contains(&Code::ChangeResource), "{codes:?}");
}

/// What an attacker may append after a signature besides an update.
#[test]
fn nothing_odd_may_follow_a_signature() {
    let pki = Pki::new();
    let request = SigningRequest { place: Some(pades::Place::invisible()), ..request("alice", pki.at) };
    let file = sign(&pki, &plain(), &request, &pki.person("Alice", 11), Stamped::No);
    let document = open(&file);
    let last = document.revisions().last().expect("a revision").sections[0].offset;
    let (size, end) = (document.size(), file.len());
    let table = |entries: &str, trailer: &str, at: usize| {
        format!("xref\n{entries}trailer\n<< /Size {size} /Root 1 0 R {trailer}>>\nstartxref\n{at}\n%%EOF\n")
    };
    let object = format!("4 0 obj\n{}\nendobj\n", stream(FORGED));
    let listed = format!("4 1\n{end:010} 00000 n \n");
    let linked = format!("/Prev {last} ");
    let tails = [
        ("junk", "junk\n".to_owned()),
        ("another startxref", format!("startxref\n{last}\n%%EOF\nstartxref\n0\n%%EOF\n")),
        ("an object alone", object.clone()),
        ("an object in a comment", format!("% {object}")),
        ("an object and an empty table", format!("{object}{}", table("", &linked, end + object.len()))),
        ("a proper update", format!("{object}{}", table(&listed, &linked, end + object.len()))),
        ("a chain in a circle", table("", &format!("/Prev {end} "), end)),
        ("no chain", format!("{object}{}", table(&listed, "", end + object.len()))),
        ("a table over the old objects", table("4 1\n0000000015 00000 n \n", &linked, end)),
        ("a freed object", table("4 1\n0000000000 00001 f \n", &linked, end)),
        (
            "another generation",
            format!(
                "{}{}",
                object.replacen("4 0 obj", "4 1 obj", 1),
                table(&listed.replace("00000 n", "00001 n"), &linked, end + object.len())
            ),
        ),
        ("junk before the end", table("", &linked, end).replace("%%EOF", "junk\n%%EOF")),
        (
            "a repeated entry",
            format!("{object}{}", table(&format!("{listed}{listed}"), "", end + object.len())),
        ),
        ("repeated keys", table("", &format!("{linked}/Root 3 0 R "), end)),
    ];
    for (name, tail) in tails {
        let bytes = joined(&file, tail.as_bytes());
        // A file that does not open shows nothing.
        let Ok(document) = Document::open(Arc::new(bytes), &Limits::default()) else { continue };
        let report = pades::validate(&document, &pki.policy());
        assert_ne!(report.indication, Indication::TotalPassed, "{name}");
        for one in &report.signatures {
            assert_eq!(one.reliability.content_intact, Condition::NotMet, "{name}: {:?}", one.reasons);
            assert!(!one.reasons.is_empty());
        }
    }
    let honest = joined(&file, table("", &linked, end).as_bytes());
    assert_eq!(judge(&pki, &honest).signatures[0].reliability.content_intact, Condition::Met);
}

/// A hybrid update that gives one object two places: a table for some programs, a stream for others.
#[test]
fn a_hybrid_update_with_two_faces_is_found() {
    let pki = Pki::new();
    let request = SigningRequest { place: Some(pades::Place::invisible()), ..request("alice", pki.at) };
    let file = sign(&pki, &plain(), &request, &pki.person("Alice", 11), Stamped::No);
    let document = open(&file);
    let previous = document.revisions().last().expect("a revision").sections[0].offset;
    let (size, end) = (document.size(), file.len());
    let object = format!("4 0 obj\n{}\nendobj\n", stream(FORGED));
    let honest = document.locate(pdf::Ref::new(4, 0)).expect("the content").1;
    let pdf::Location::Offset(honest) = honest else { panic!("an offset") };
    let section = end + object.len();
    let row: String = [1, (end >> 16) & 255, (end >> 8) & 255, end & 255, 0]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let hybrid = format!(
        "{size} 0 obj\n<< /Type /XRef /Size {} /W [1 3 1] /Index [4 1] /Root 1 0 R /Filter /ASCIIHexDecode /Length {} >>\nstream\n{row}>\nendstream\nendobj\n",
        size + 1,
        row.len() + 1
    );
    let at = section + hybrid.len();
    let tail = format!(
        "{object}{hybrid}xref\n4 1\n{honest:010} 00000 n \ntrailer\n<< /Size {} /Root 1 0 R /Prev {previous} /XRefStm {section} >>\nstartxref\n{at}\n%%EOF\n",
        size + 1
    );
    let report = judge(&pki, &joined(&file, tail.as_bytes()));
    let one = &report.signatures[0];
    assert_eq!(one.indication, Indication::TotalFailed);
    assert_eq!(one.reliability.content_intact, Condition::NotMet);
    assert!(one.reasons.iter().any(|it| it.code == Code::ReaderDuplicateEntry), "{:?}", one.reasons);
}

#[test]
fn content_that_is_in_another_file_is_found() {
    let pki = Pki::new();
    let length = HONEST.len();
    let page = |entry: &str| {
        let content = format!("<< /Length {length} {entry}>>\nstream\n{HONEST}\nendstream");
        beginning().object(4, &content).finish("")
    };
    assert_passes(&pki, &page(""));
    assert_ambiguous(&pki, &page("/F (other.bin) "), Code::ReaderElsewhere);
    assert_ambiguous(&pki, &page("/F << /Type /Filespec /F (other.bin) >> "), Code::ReaderElsewhere);
    let form = |entry: &str| {
        let dict = format!("<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 1 {entry}>>");
        let page = PAGE.replace("/Font <<", "/XObject << /X 5 0 R >> /Font <<");
        let mut raw = Raw::new();
        raw.object(1, "<< /Type /Catalog /Pages 2 0 R >>")
            .object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
            .object(3, &format!("<< {page} >>"))
            .object(4, &stream(HONEST))
            .object(5, &format!("{dict}\nstream\n \nendstream"))
            .finish("")
    };
    assert_passes(&pki, &form(""));
    assert_ambiguous(&pki, &form("/Ref << /F (other.pdf) /Page 0 >> "), Code::ReaderElsewhere);
}
