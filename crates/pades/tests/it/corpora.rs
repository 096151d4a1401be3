//! Third-party files: no attack passes, whatever is trusted; honest files are intact.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pades::{ChangesAfter, Condition, Indication, Policy, Report, RevocationRule};
use pdf::{Document, FileSource, Limits};
use pki::Certificate;
use pki::cms::SignedData;
use vermilion_pades as pades;

use crate::support::noon;

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pdf"))
        .collect();
    files.sort();
    files
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
    let at = anchors.iter().map(Certificate::not_before).max().unwrap_or_else(noon);
    Policy::new(anchors, at).with_revocation(RevocationRule::IfPresent)
}

fn verdict(path: &Path) -> Result<Report, String> {
    let source = FileSource::open(path).map_err(|error| error.to_string())?;
    let document = Document::open(Arc::new(source), &Limits::default()).map_err(|error| error.to_string())?;
    Ok(pades::validate(&document, &trusting(&document)))
}

#[test]
fn no_attack_passes() {
    let Some(folder) = testkit::corpora("attacks") else { return };
    let mut passed = Vec::new();
    for path in files(&folder) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let start = Instant::now();
        match verdict(&path) {
            Err(error) => eprintln!("{name}: not opened: {error}"),
            Ok(report) => {
                for one in &report.signatures {
                    let first = one.reasons.first().map(|reason| reason.code.as_str()).unwrap_or_default();
                    eprintln!("{name}: {} {first} {:?}", one.indication.as_str(), one.changes_after);
                    assert!(!one.reasons.is_empty());
                }
                if report.indication == Indication::TotalPassed {
                    passed.push(name.clone());
                }
            }
        }
        assert!(start.elapsed() < Duration::from_secs(5), "{name} takes too long");
    }
    assert!(passed.is_empty(), "accepted: {passed:?}");
}

/// What pyHanko says of each signature: changes none, or permitted.
fn expected(folder: &Path) -> BTreeMap<(String, String), String> {
    let table = fs::read_to_string(folder.join("pyhanko-0.38.tsv")).expect("the table");
    table
        .lines()
        .filter_map(|line| {
            let (file, rest) = line.split_once('\t')?;
            let (field, facts) = rest.split_once(':')?;
            let changes = facts.split("mods=").nth(1)?.split(',').next()?;
            Some(((file.to_owned(), field.to_owned()), changes.to_owned()))
        })
        .collect()
}

#[test]
fn honest_files_are_intact() {
    let Some(folder) = testkit::corpora("honest") else { return };
    let expected = expected(&folder);
    let mut wrong = Vec::new();
    for path in files(&folder) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let report = match verdict(&path) {
            Ok(report) => report,
            Err(error) => {
                wrong.push(format!("{name}: not opened: {error}"));
                continue;
            }
        };
        assert!(!report.signatures.is_empty(), "{name}");
        for one in &report.signatures {
            let intact = one.reliability.signature_intact == Condition::Met
                && one.reliability.content_intact == Condition::Met;
            if !intact {
                wrong.push(format!("{name} {}: {:?} {:?}", one.field, one.reasons, one.changes));
            }
            let agrees = match expected.get(&(name.clone(), one.field.clone())).map(String::as_str) {
                Some("NONE") => one.changes_after != ChangesAfter::Forbidden,
                Some("FORM_FILLING" | "LTA_UPDATES") => one.changes_after == ChangesAfter::Permitted,
                _ => true,
            };
            if !agrees {
                wrong.push(format!("{name} {}: {:?}", one.field, one.changes_after));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
