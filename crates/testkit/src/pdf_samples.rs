//! Sample PDFs: small contracts in every kind of structure, and one that is too long to hold.

mod many;

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use pdf::new::Builder;
use pdf::{Dict, Name, Object, Rect, Source, XrefKind};

pub use many::many_pages;

/// A4 in points.
pub const A4: Rect = Rect { x0: 0.0, y0: 0.0, x1: 595.0, y1: 842.0 };

/// A contract of so many pages with this kind of cross reference.
#[must_use]
pub fn contract(kind: XrefKind, pages: usize) -> Vec<u8> {
    let mut builder = Builder::new(kind);
    for page in 1..=pages {
        let heading = format!("Contract of sale, page {page} of {pages}");
        builder.text_page(
            A4,
            &[&heading, "", "1. The seller sells.", "2. The buyer buys.", "3. Both sign (see below)."],
        );
    }
    builder.title("Contract of sale 买卖合同");
    builder.finish()
}

/// A contract of five pages and about 100 KB, most of it data that do not compress.
#[must_use]
pub fn contract_100_kb() -> Vec<u8> {
    let mut builder = Builder::new(XrefKind::Table);
    for page in 1..=5_u32 {
        builder.text_page(A4, &[&format!("Page {page}")]);
        builder.add_plain_stream(Dict::new(), noise(page, 19 * 1024 + 600));
    }
    builder.finish()
}

/// One page whose media box does not begin at the origin, cropped, and turned by `degrees` for display.
#[must_use]
pub fn turned(degrees: i64) -> Vec<u8> {
    let mut builder = Builder::new(XrefKind::Table);
    let page = builder.text_page(Rect::new(-50.0, 20.0, 500.0, 720.0), &["A turned page"]);
    if let Some(page) = builder.page_mut(page) {
        page.set("Rotate", degrees);
        page.set("CropBox", Object::rect(Rect::new(-20.0, 40.0, 480.0, 700.0)));
    }
    builder.finish()
}

/// A page of A4 whose unit of user space is that many points (/UserUnit, ISO 32000-2 §14.11.2).
#[must_use]
pub fn measured_in(unit: f64) -> Vec<u8> {
    let mut builder = Builder::new(XrefKind::Table);
    let page = builder.text_page(Rect::new(0.0, 0.0, A4.x1 / unit, A4.y1 / unit), &["Measured otherwise"]);
    if let Some(page) = builder.page_mut(page) {
        page.set("UserUnit", unit);
    }
    builder.finish()
}

/// A page with a form: a text field `buyer.name`, a check box `agreed`, an empty signature field `seller`.
#[must_use]
pub fn with_form(kind: XrefKind) -> Vec<u8> {
    let mut builder = Builder::new(kind);
    let page = builder.text_page(A4, &["A form"]);
    let widget = |kind: &'static str, name: &str, rect: Rect| {
        Dict::new()
            .with("Type", Object::name("Annot"))
            .with("Subtype", Object::name("Widget"))
            .with("FT", Object::name(kind))
            .with("T", Object::text(name))
            .with("Rect", Object::rect(rect))
            .with("P", page)
            .with("F", 4)
    };
    let group = builder.allocate();
    let mut text = widget("Tx", "name", Rect::new(100.0, 600.0, 300.0, 620.0));
    text.set("Parent", group).set("V", Object::text("陈 Chen"));
    let text = builder.add(text);
    builder.put(group, Dict::new().with("T", Object::text("buyer")).with("Kids", vec![Object::from(text)]));
    let check = builder.add(widget("Btn", "agreed", Rect::new(100.0, 560.0, 112.0, 572.0)));
    let signature = builder.add(widget("Sig", "seller", Rect::new(100.0, 400.0, 260.0, 460.0)));
    let annotations = [text, check, signature].map(Object::from);
    if let Some(page) = builder.page_mut(page) {
        page.set("Annots", annotations.to_vec());
    }
    let font = builder.add(
        ["Type", "Subtype", "BaseFont"]
            .into_iter()
            .zip(["Font", "Type1", "Helvetica"])
            .map(|(key, value)| (Name::new(key), Object::name(value)))
            .collect::<Dict>(),
    );
    let resources = Dict::new().with("Font", Dict::new().with("Helv", font));
    let form = Dict::new()
        .with("Fields", [group, check, signature].map(Object::from).to_vec())
        .with("DA", Object::string("/Helv 0 Tf 0 g"))
        .with("DR", resources);
    let form = builder.add(form);
    builder.catalog().set("AcroForm", form);
    builder.finish()
}

/// A page with an empty signature field `seller` that demands this hash function (seed value, ISO 32000-2 §12.7.5.5).
#[must_use]
pub fn demanding_digest(method: &'static str) -> Vec<u8> {
    demanding(Dict::new().with("Ff", 1 << 6).with("DigestMethod", vec![Object::name(method)]))
}

/// A form whose one signature field, `seller`, has this seed value.
pub fn demanding(seed: Dict) -> Vec<u8> {
    let mut builder = Builder::new(XrefKind::Table);
    let page = builder.text_page(A4, &["A form that demands"]);
    let seed = seed.with("Type", Object::name("SV"));
    let field = Dict::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", Object::text("seller"))
        .with("Rect", Object::rect(Rect::new(100.0, 400.0, 260.0, 460.0)))
        .with("P", page)
        .with("F", 4)
        .with("SV", seed);
    let field = builder.add(field);
    if let Some(page) = builder.page_mut(page) {
        page.set("Annots", vec![Object::from(field)]);
    }
    let form = builder.add(Dict::new().with("Fields", vec![Object::from(field)]));
    builder.catalog().set("AcroForm", form);
    builder.finish()
}

/// A file of more than `size` bytes with one page, written piece by piece.
///
/// # Errors
/// Where the file cannot be written.
pub fn write_long(path: &Path, size: u64) -> io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    let mut at = 0_u64;
    let mut offsets = Vec::new();
    let mut put = |out: &mut BufWriter<std::fs::File>, text: &[u8]| -> io::Result<u64> {
        out.write_all(text)?;
        at += text.len() as u64;
        Ok(at)
    };
    let mut next = put(&mut out, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")?;
    for object in [
        "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n",
        "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>\nendobj\n",
    ] {
        offsets.push(next);
        next = put(&mut out, object.as_bytes())?;
    }
    offsets.push(next);
    let piece = noise(7, 64 * 1024);
    let pieces = size.div_ceil(piece.len() as u64);
    put(&mut out, format!("4 0 obj\n<</Length {}>>\nstream\n", pieces * piece.len() as u64).as_bytes())?;
    for _ in 0..pieces {
        put(&mut out, &piece)?;
    }
    let xref = put(&mut out, b"\nendstream\nendobj\n")?;
    put(&mut out, b"xref\n0 5\n0000000000 65535 f \n")?;
    for offset in offsets {
        put(&mut out, format!("{offset:010} 00000 n \n").as_bytes())?;
    }
    put(&mut out, format!("trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n").as_bytes())?;
    out.flush()
}

/// A page, and before it a stream of `gap` zeros that are nowhere: a file of any length.
pub fn gapped(kind: XrefKind, gap: u64) -> Arc<dyn Source> {
    let mut head = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let stream = head.len() as u64;
    head.extend_from_slice(format!("5 0 obj\n<</Length {gap}>>\nstream\n").as_bytes());
    let before = head.len() as u64 + gap;
    let mut tail = b"\nendstream\nendobj\n".to_vec();
    let mut offsets = vec![0];
    for text in [
        "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
        "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n",
        "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/Contents 4 0 R>>\nendobj\n",
        "4 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\n",
    ] {
        offsets.push(before + tail.len() as u64);
        tail.extend_from_slice(text.as_bytes());
    }
    offsets.push(stream);
    let xref = before + tail.len() as u64;
    if kind == XrefKind::Table {
        tail.extend_from_slice(b"xref\n0 6\n0000000000 65535 f \n");
        offsets
            .iter()
            .skip(1)
            .for_each(|at| tail.extend_from_slice(format!("{at:010} 00000 n \n").as_bytes()));
        tail.extend_from_slice(b"trailer\n<</Size 6/Root 1 0 R>>\n");
    } else {
        offsets.push(xref);
        let rows = offsets.iter().flat_map(|at| {
            let kind = u8::from(*at > 0);
            [[kind].as_slice(), &at.to_be_bytes()].concat()
        });
        let rows: Vec<u8> = rows.collect();
        let dict = format!("/Type/XRef/W[1 8 0]/Size 7/Root 1 0 R/Length {}", rows.len());
        tail.extend_from_slice(format!("6 0 obj\n<<{dict}>>\nstream\n").as_bytes());
        tail.extend_from_slice(&rows);
        tail.extend_from_slice(b"\nendstream\nendobj\n");
    }
    tail.extend_from_slice(format!("startxref\n{xref}\n%%EOF\n").as_bytes());
    Arc::new(Gapped { head, gap, tail })
}

/// A file with a hole full of zeros.
struct Gapped {
    head: Vec<u8>,
    gap: u64,
    tail: Vec<u8>,
}

impl Source for Gapped {
    fn len(&self) -> u64 {
        self.head.len() as u64 + self.gap + self.tail.len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let end = offset + buf.len() as u64;
        if end > self.len() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        buf.fill(0);
        for (start, bytes) in [(0, &self.head), (self.head.len() as u64 + self.gap, &self.tail)] {
            let (from, until) = (offset.max(start), end.min(start + bytes.len() as u64));
            if from < until {
                let (from, until) = ((from - start) as usize, (until - start) as usize);
                let at = (start + from as u64 - offset) as usize;
                buf[at..at + until - from].copy_from_slice(&bytes[from..until]);
            }
        }
        Ok(())
    }
}

/// Bytes that do not compress, the same for the same seed.
fn noise(seed: u32, len: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let step = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 11) as u8
    };
    std::iter::repeat_with(step).take(len).collect()
}
