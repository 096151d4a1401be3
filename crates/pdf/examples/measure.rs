//! Measures opening and updating: `cargo run --release -p vermilion-pdf --example measure`.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use testkit::pdf_samples;
use vermilion_pdf::text::{Style, field_appearance};
use vermilion_pdf::{Dict, Document, FileSource, Limits, Object, Source, Update, XrefKind, hash_ranges};

fn main() {
    let file: Arc<dyn Source> = Arc::new(pdf_samples::contract_100_kb());
    println!("sample of {} bytes", file.len());
    each("open", || Document::open(Arc::clone(&file), &Limits::default()).expect("opened").len());
    each("open and update with a signature placeholder", || {
        let document = Document::open(Arc::clone(&file), &Limits::default()).expect("opened");
        sign(&document)
    });
    let form: Arc<dyn Source> = Arc::new(pdf_samples::with_form(XrefKind::Stream));
    each("open and read a form and its signatures", || {
        let document = Document::open(Arc::clone(&form), &Limits::default()).expect("opened");
        document.signatures().expect("read").len()
    });
    each("open and account for every byte", || {
        let document = Document::open(Arc::clone(&file), &Limits::default()).expect("opened");
        document.account(0).expect("an account").parts.len()
    });
    let document = Document::open(Arc::clone(&file), &Limits::default()).expect("opened");
    each("set and embed a line of Chinese", || {
        let style = Style::default();
        let look = field_appearance("陈晓明 2026年11月23日", 200.0, 24.0, &style, fonts::SANS).expect("set");
        let mut update = Update::new(&document);
        look.write(&mut update).expect("written");
        update.finish().expect("finished").bytes.len()
    });
    long();
}

fn sign(document: &Document) -> usize {
    let mut update = Update::new(document);
    let signature = update.allocate();
    let page = document.page(0).expect("a page");
    let widget = Dict::new()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", Object::text("Signature1"))
        .with("V", signature);
    let widget = update.add(widget);
    let mut dict = page.dict.clone();
    dict.set("Annots", vec![Object::from(widget)]);
    update.put(page.reference, dict);
    let mut catalog = document.catalog().expect("a catalog");
    let form = Dict::new().with("Fields", vec![Object::from(widget)]).with("SigFlags", 3);
    catalog.set("AcroForm", form);
    update.put(document.catalog_ref(), catalog);
    update.put_signature(signature, Dict::new().with("Type", Object::name("Sig")), 8192).expect("the first");
    update.finish().expect("finished").bytes.len()
}

fn each<T>(what: &str, mut run: impl FnMut() -> T) {
    let start = Instant::now();
    let mut count = 0_u32;
    while start.elapsed() < Duration::from_secs(1) {
        black_box(run());
        count += 1;
    }
    println!("{what}: {:?}", start.elapsed() / count);
}

/// 100 MB from disk: time and memory of opening, updating and one pass over all bytes.
fn long() {
    let path = std::env::temp_dir().join("vermilion-measure.pdf");
    pdf_samples::write_long(&path, 100_140_253).expect("written");
    let start = Instant::now();
    let source = Arc::new(FileSource::open(&path).expect("a file"));
    let document = Document::open(source, &Limits::default()).expect("opened");
    sign(&document);
    let update = start.elapsed();
    let mut sum = 0_u64;
    let whole = 0..document.len();
    hash_ranges(&**document.source(), [whole], |bytes| sum += u64::from(bytes[0])).expect("read");
    println!("100 MB: open and update {update:?}, one pass {:?} ({sum})", start.elapsed());
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter(|line| line.starts_with("VmHWM")).for_each(|line| println!("{line}"));
    // Best effort: it is a temporary file.
    let _ = std::fs::remove_file(path);
}
