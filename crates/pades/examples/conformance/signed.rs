//! Signed files of others: the attacks, and the honest.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use pades::{ChangesAfter, Condition, Indication, Policy, Report, RevocationRule};
use pdf::{Document, FileSource, Limits};
use pki::Certificate;
use pki::cms::SignedData;
use vermilion_pades as pades;

use crate::table::Row;

/// The PDF files of a folder, in order.
pub(crate) fn pdfs(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "pdf") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// No attack passes, whatever is trusted; each verdict says why; none takes long.
pub(crate) fn attacks() -> Result<Option<Row>, Box<dyn Error>> {
    const LONGEST: Duration = Duration::from_secs(5);
    let Some(folder) = testkit::corpora("attacks") else { return Ok(None) };
    let mut row = Row::default();
    row.count("accepted", 0);
    for path in pdfs(&folder)? {
        let start = Instant::now();
        let verdict = verdict(&path);
        let took = start.elapsed();
        match verdict {
            Ok(report) if report.indication == Indication::TotalPassed => {
                row.count("accepted", 1);
                row.diverge(name(&path), "TOTAL-PASSED");
            }
            Ok(report) if report.signatures.iter().any(|one| one.reasons.is_empty()) => {
                row.diverge(name(&path), "a verdict gives no reason");
            }
            _ if took > LONGEST => row.diverge(name(&path), format!("takes {took:?}")),
            Ok(report) => {
                row.count(report.indication.as_str(), 1);
                row.agree();
            }
            Err(_) => {
                row.count("not opened", 1);
                row.agree();
            }
        }
    }
    Ok(Some(row))
}

/// Every signature of the honest files is intact, with the changes that pyHanko finds.
pub(crate) fn honest() -> Result<Option<Row>, Box<dyn Error>> {
    let Some(folder) = testkit::corpora("honest") else { return Ok(None) };
    let expected = by_pyhanko(&folder)?;
    let mut row = Row::default();
    for path in pdfs(&folder)? {
        let name = name(&path);
        let report = match verdict(&path) {
            Ok(report) => report,
            Err(error) => {
                row.diverge(name, format!("not opened: {error}"));
                continue;
            }
        };
        row.count("signatures", report.signatures.len());
        let wrong: Vec<String> = report
            .signatures
            .iter()
            .filter_map(|one| {
                Some(format!(
                    "{}: {}",
                    one.field,
                    disagreement(one, expected.get(&(name.clone(), one.field.clone())))?
                ))
            })
            .collect();
        match wrong.first() {
            None if report.signatures.is_empty() => row.diverge(name, "no signature found"),
            None => row.agree(),
            Some(first) => row.diverge(name, first),
        }
    }
    Ok(Some(row))
}

fn disagreement(one: &pades::SignatureReport, theirs: Option<&String>) -> Option<String> {
    let is_intact = one.reliability.signature_intact == Condition::Met
        && one.reliability.content_intact == Condition::Met;
    if !is_intact {
        let codes: Vec<&str> = one.reasons.iter().map(|reason| reason.code.as_str()).collect();
        return Some(format!("not intact: {}", codes.join(", ")));
    }
    let agrees = match theirs.map(String::as_str) {
        Some("NONE") => one.changes_after != ChangesAfter::Forbidden,
        Some("FORM_FILLING" | "LTA_UPDATES") => one.changes_after == ChangesAfter::Permitted,
        _ => true,
    };
    (!agrees)
        .then(|| format!("changes {:?}, pyHanko: {}", one.changes_after, theirs.map_or("", String::as_str)))
}

/// What pyHanko says changed after each signature.
fn by_pyhanko(folder: &Path) -> Result<BTreeMap<(String, String), String>, Box<dyn Error>> {
    let table = fs::read_to_string(folder.join("pyhanko-0.38.tsv"))?;
    let line = |line: &str| {
        let (file, rest) = line.split_once('\t')?;
        let (field, facts) = rest.split_once(':')?;
        let changes = facts.split("mods=").nth(1)?.split(',').next()?;
        Some(((file.to_owned(), field.to_owned()), changes.to_owned()))
    };
    Ok(table.lines().filter_map(line).collect())
}

fn verdict(path: &Path) -> Result<Report, String> {
    let source = FileSource::open(path).map_err(|error| error.to_string())?;
    let document = Document::open(Arc::new(source), &Limits::default()).map_err(|error| error.to_string())?;
    Ok(pades::validate(&document, &trusting(&document)))
}

/// Trusts every certificate that the file itself brings: the most that an attacker could hope for.
fn trusting(document: &Document) -> Policy {
    let mut anchors: Vec<Certificate> = Vec::new();
    for field in document.signatures().unwrap_or_default() {
        let contents = field.signature.and_then(|signature| signature.contents).unwrap_or_default();
        if let Ok(cms) = SignedData::from_contents(&contents) {
            anchors.extend(cms.certificates().iter().cloned());
        }
    }
    // A moment within the certificates' validity, so that time is no obstacle either.
    let at = anchors.iter().map(Certificate::not_before).max().unwrap_or(Timestamp::UNIX_EPOCH);
    Policy::new(anchors, at).with_revocation(RevocationRule::IfPresent)
}
