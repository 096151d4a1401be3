//! Time and memory of a file of many pages, each in a process of its own:
//! `cargo run --release -p vermilion-pdf --example pages 100000`.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use testkit::pdf_samples;
use vermilion_pdf::{Dict, Document, FileSource, Limits, Object, Update, XrefKind};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [path, what] => measure(Path::new(path), what),
        [count] => all(count.parse().expect("a number of pages")),
        _ => all(100_000),
    }
}

fn all(pages: usize) {
    let program = std::env::current_exe().expect("this program");
    let path = std::env::temp_dir().join(format!("vermilion-pages-{}.pdf", std::process::id()));
    for (name, kind, fan) in [
        ("one flat list", XrefKind::Table, usize::MAX),
        ("a tree", XrefKind::Table, 32),
        ("a tree in object streams", XrefKind::Stream, 32),
    ] {
        let bytes = pdf_samples::many_pages(kind, pages, fan);
        std::fs::write(&path, &bytes).expect("written");
        println!("{pages} pages in {name}, {} bytes", bytes.len());
        drop(bytes);
        for what in ["nothing", "open", "sign", "last page", "every page"] {
            let output = Command::new(&program).arg(&path).arg(what).output().expect("started");
            print!("  {}", String::from_utf8_lossy(&output.stdout));
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
    // Best effort: it is a temporary file.
    let _ = std::fs::remove_file(path);
}

fn measure(path: &Path, what: &str) {
    let start = Instant::now();
    if what != "nothing" {
        let source = Arc::new(FileSource::open(path).expect("a file"));
        let document = Document::open(source, &Limits::default()).expect("opened");
        let pages = document.page_count().expect("counted");
        match what {
            "sign" => drop(sign(&document)),
            "last page" => drop(document.page(pages - 1).expect("the last page")),
            "every page" => (0..pages).for_each(|index| drop(document.page(index).expect("a page"))),
            _ => {}
        }
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line =
        |name| status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("?").trim().to_owned();
    println!("{what}: {:?}, peak {}, left {}", start.elapsed(), line("VmHWM:"), line("VmRSS:"));
}

fn sign(document: &Document) -> usize {
    let mut update = Update::new(document);
    let signature = update.allocate();
    let page = document.page(0).expect("a page");
    let widget =
        Dict::new().with("FT", Object::name("Sig")).with("T", Object::text("S")).with("V", signature);
    let widget = update.add(widget);
    let mut dict = page.dict.clone();
    dict.set("Annots", vec![Object::from(widget)]);
    update.put(page.reference, dict);
    let mut catalog = document.catalog().expect("a catalog");
    let fields = vec![Object::from(widget)];
    catalog.set("AcroForm", Dict::new().with("Fields", fields).with("SigFlags", 3));
    update.put(document.catalog_ref(), catalog);
    update.put_signature(signature, Dict::new().with("Type", Object::name("Sig")), 8192).expect("the first");
    update.finish().expect("finished").bytes.len()
}
