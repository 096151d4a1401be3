use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use vermilion_pdf::{Document, FileSource, Limits, OpenError};

use crate::support::{qpdf_check, touched};

fn files(part: &str) -> Vec<PathBuf> {
    let Some(folder) = testkit::corpora(part) else { return Vec::new() };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pdf"))
        .collect();
    files.sort();
    files
}

fn open(path: &Path) -> Result<Document, OpenError> {
    Document::open(Arc::new(FileSource::open(path).expect("a file")), &Limits::default())
}

fn pages_by_lopdf(path: &Path) -> Option<usize> {
    std::panic::catch_unwind(|| lopdf::Document::load(path).ok().map(|document| document.get_pages().len()))
        .ok()
        .flatten()
        .filter(|pages| *pages > 0)
}

/// Every file is opened, or refused with a reason; what is opened reads through and agrees with lopdf on pages.
#[test]
fn odd_and_broken_files_are_opened_or_refused_with_a_reason() {
    for part in ["structure", "general"] {
        let (mut opened, mut repaired, mut disagree) = (0, 0, Vec::new());
        let mut refused = BTreeMap::new();
        for path in files(part) {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let start = Instant::now();
            match open(&path) {
                Ok(document) => {
                    opened += 1;
                    if document.header_offset() > 0 {
                        eprintln!("  {name}: {} bytes before the header", document.header_offset());
                    }
                    if document.is_repaired() {
                        repaired += 1;
                        eprintln!("  {name}: repaired");
                    }
                    let pages = document.page_count().expect("counted when opened");
                    for index in 0..pages {
                        document.page(index).unwrap_or_else(|error| panic!("{name}: {error}"));
                    }
                    if let Err(error) = document.form() {
                        eprintln!("  {name}: form: {error}");
                    }
                    for index in 0..document.revisions().len() {
                        document.account(index).unwrap_or_else(|error| panic!("{name}: {error}"));
                    }
                    if let Some(theirs) = pages_by_lopdf(&path).filter(|theirs| *theirs != pages) {
                        disagree.push(format!("{name}: {pages} here, {theirs} by lopdf"));
                    }
                }
                Err(error) => {
                    refused.insert(name.clone(), error.to_string());
                }
            }
            assert!(start.elapsed().as_secs() < 20, "{name} took {:?}", start.elapsed());
        }
        eprintln!("{part}: {opened} opened ({repaired} repaired), {} refused", refused.len());
        for (name, reason) in &refused {
            eprintln!("  {name}: {reason}");
        }
        for line in &disagree {
            eprintln!("  pages: {line}");
        }
    }
}

/// What is opened can be updated, and qpdf finds the result no worse than the original.
#[test]
fn updates_of_odd_files_are_no_worse_than_the_originals() {
    let Some(qpdf) = testkit::tool("qpdf") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for part in ["structure", "general"] {
        let (mut same, mut better, mut worse) = (0, 0, Vec::new());
        for path in files(part) {
            let Ok(document) = open(&path) else { continue };
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let updated = folder.path().join(&name);
            let bytes = touched(&document, "更新");
            assert!(bytes.starts_with(&std::fs::read(&path).expect("the file")));
            std::fs::write(&updated, &bytes).expect("written");
            let again = open(&updated).unwrap_or_else(|error| panic!("{name} does not open again: {error}"));
            assert!(!again.is_repaired(), "{name} needs repair after an update");
            assert_eq!(crate::support::note(&again), "更新", "{name}");
            let ((before, _), (after, words)) = (qpdf_check(&qpdf, &path), qpdf_check(&qpdf, &updated));
            // 0 clean, 3 warnings, 2 errors.
            let rank = |code: i32| [0, 3, 2].iter().position(|c| *c == code).unwrap_or(3);
            match rank(after).cmp(&rank(before)) {
                std::cmp::Ordering::Less => better += 1,
                std::cmp::Ordering::Equal => same += 1,
                std::cmp::Ordering::Greater => worse.push(format!("{name}: {before} to {after}: {words}")),
            }
        }
        eprintln!("{part}: {same} as before, {better} better, {} worse", worse.len());
        assert!(worse.is_empty(), "{}", worse.join("\n"));
    }
}

/// Signed files of others: every revision of the honest ones is accounted for; what the forged ones show.
#[test]
fn honest_revisions_are_accounted_for() {
    for part in ["honest", "attacks"] {
        for path in files(part) {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let document = match open(&path) {
                Ok(document) => document,
                Err(error) => {
                    eprintln!("  {name}: {error}");
                    continue;
                }
            };
            for index in 0..document.revisions().len() {
                let account = document.account(index).unwrap_or_else(|error| panic!("{name}: {error}"));
                if !account.is_clean() {
                    eprintln!("  {name}: revision {index}: {:?}", account.anomalies);
                    assert!(part == "attacks" || index == 0, "{name}");
                }
            }
            for field in document.signatures().unwrap_or_default() {
                if let Some(signature) = field.signature.filter(|signature| signature.contents_span.is_none())
                {
                    eprintln!(
                        "  {name}: {}: no plain /Contents, {:?}",
                        field.field.name, signature.byte_range
                    );
                    assert_eq!(part, "attacks", "{name}");
                }
            }
        }
    }
}
