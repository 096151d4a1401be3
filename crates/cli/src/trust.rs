//! What is trusted: root certificates from files and folders, and ETSI trusted lists.

use std::path::{Path, PathBuf};

use pades::TrustedList;
use pki::{Certificate, ParseError};

use crate::failure::Failure;
use crate::{explain, file};

/// Everything that `--trust` names.
#[derive(Debug, Default)]
pub(crate) struct Trust {
    pub(crate) anchors: Vec<Certificate>,
    pub(crate) lists: Vec<TrustedList>,
}

impl Trust {
    pub(crate) fn load(paths: &[PathBuf]) -> Result<Self, Failure> {
        let mut trust = Self::default();
        for path in paths {
            if path.is_dir() {
                trust.folder(path)?;
            } else {
                trust.file(path)?;
            }
        }
        Ok(trust)
    }

    /// Every certificate in the files of a folder; what is none is passed over, but there must be one.
    fn folder(&mut self, folder: &Path) -> Result<(), Failure> {
        let unreadable = |why: String| Failure::Unreadable(format!("{}: {why}", folder.display()));
        let entries = std::fs::read_dir(folder).map_err(|error| unreadable(error.to_string()))?;
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        let before = (self.anchors.len(), self.lists.len());
        for path in paths.iter().filter(|path| is_trust_file(path)) {
            // A folder of roots holds other things, too: links, revocation lists, notes.
            let _ = self.file(path);
        }
        if before == (self.anchors.len(), self.lists.len()) {
            return Err(unreadable(
                "no file in it (.pem, .crt, .cer, .der, .xml) holds a certificate".to_owned(),
            ));
        }
        Ok(())
    }

    fn file(&mut self, path: &Path) -> Result<(), Failure> {
        let unreadable = |why: String| Failure::Unreadable(format!("{}: {why}", path.display()));
        let bytes = file::read(path)?;
        let text =
            std::str::from_utf8(&bytes).ok().map(|text| text.trim_start_matches('\u{feff}').trim_start());
        if let Some(xml) = text.filter(|text| text.starts_with('<')) {
            self.lists.push(TrustedList::from_xml(xml).map_err(|error| unreadable(explain(&error)))?);
            return Ok(());
        }
        self.anchors.extend(certificates(path)?);
        Ok(())
    }
}

fn is_trust_file(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    path.is_file() && ["pem", "crt", "cer", "der", "xml"].contains(&extension.to_ascii_lowercase().as_str())
}

/// The certificates of a file, PEM or DER; at least one. What cannot be read beside them is passed over, and said.
pub(crate) fn certificates(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let read = each(path)?;
    let mut found = Vec::new();
    let mut unread = None;
    for one in read {
        match one {
            Ok(certificate) => found.push(certificate),
            Err(error) if unread.is_none() => unread = Some(error),
            Err(_) => {}
        }
    }
    match (found.is_empty(), unread) {
        (true, Some(error)) => Err(no_certificate(path, &error)),
        (_, unread) => {
            if let Some(error) = unread {
                passed_over(path, &explain(&error));
            }
            Ok(found)
        }
    }
}

/// The same where the first is the one that matters.
pub(crate) fn first_and_others(path: &Path) -> Result<(Certificate, Vec<Certificate>), Failure> {
    if let Some(Err(error)) = each(path)?.first() {
        return Err(no_certificate(path, error));
    }
    let mut found = certificates(path)?;
    let first = found.remove(0);
    Ok((first, found))
}

/// Says that a certificate was passed over: whoever misses it learns why.
pub(crate) fn passed_over(path: &Path, why: &str) {
    eprintln!("vermilion: note: {}: a certificate cannot be read and is passed over ({why})", path.display());
}

fn no_certificate(path: &Path, error: &ParseError) -> Failure {
    unreadable(path, &format!("holds no certificate ({})", explain(error)))
}

fn unreadable(path: &Path, why: &str) -> Failure {
    Failure::Unreadable(format!("{}: {why}; {WANTED}", path.display()))
}

const WANTED: &str =
    "wanted is a file of certificates, PEM (it begins with -----BEGIN CERTIFICATE-----) or DER";

/// Each certificate of a file, or why it cannot be read; at least one.
fn each(path: &Path) -> Result<Vec<Result<Certificate, ParseError>>, Failure> {
    let bytes = file::read(path)?;
    if bytes.windows(5).take(1024).any(|part| part == b"%PDF-") {
        return Err(unreadable(path, "this is a PDF"));
    }
    let found = match std::str::from_utf8(&bytes) {
        Ok(text) => Certificate::each_from_pem(text),
        Err(_) => Ok(vec![Certificate::from_der(&bytes)]),
    };
    let found = found.map_err(|error| no_certificate(path, &error))?;
    if found.is_empty() {
        let has_key = bytes.windows(11).any(|part| part == b"PRIVATE KEY");
        let why = if has_key { "holds a private key, no certificate" } else { "holds no certificate" };
        return Err(unreadable(path, why));
    }
    Ok(found)
}
