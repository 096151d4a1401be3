//! Programs of others: what they say of a file that we signed, beside what they say of the file as it was.

use std::collections::BTreeMap;
use std::error::Error;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use testkit::{Tool, tool};

use crate::identity::FIELD;

/// The judges that are installed.
pub(crate) struct Judges {
    pdfsig: Option<Tool>,
    qpdf: Option<Tool>,
    mutool: Option<Tool>,
    python: Option<Tool>,
}

impl Judges {
    pub(crate) fn new() -> Self {
        let [pdfsig, qpdf, mutool, python] = ["pdfsig", "qpdf", "mutool", "python3"].map(tool);
        Self { pdfsig, qpdf, mutool, python }
    }

    /// What pdfsig, qpdf and mutool object to, each by its name.
    pub(crate) fn objections(
        &self,
        original: &Path,
        signed: &Path,
        password: &str,
    ) -> Vec<(&'static str, String)> {
        let mut found = Vec::new();
        if let Some(pdfsig) = &self.pdfsig {
            let (_, said) = pdfsig.run(pdfsig_arguments(signed, password));
            let ours = said.split("Signature #").find(|block| block.contains(FIELD));
            if !ours.is_some_and(|block| block.contains("Signature is Valid")) {
                let (_, before) = pdfsig.run(pdfsig_arguments(original, password));
                found.push(("pdfsig", comparison(ours.unwrap_or(&said), &before)));
            }
        }
        if let Some(qpdf) = &self.qpdf {
            let (before, after) = (rank(qpdf, original, password), rank(qpdf, signed, password));
            if after.0 > before.0 {
                found.push(("qpdf", after.1));
            }
        }
        if let Some(mutool) = &self.mutool {
            let (_, said) = mutool.run(mutool_arguments(signed, password));
            let ours =
                said.split("Verifying signature").filter(|block| block.contains("cn=Conformance")).last();
            let is_valid = |block: &str| !block.contains("Digest error") && block.contains("since signing");
            if !ours.is_some_and(is_valid) {
                let (_, before) = mutool.run(mutool_arguments(original, password));
                found.push(("mutool", comparison(ours.unwrap_or(&said), &before)));
            }
        }
        found
    }

    /// What pyHanko objects to, by the file's name; nothing where it is missing.
    pub(crate) fn pyhanko(
        &self,
        root: &Path,
        files: &[PathBuf],
    ) -> Result<Option<BTreeMap<String, String>>, Box<dyn Error>> {
        let Some(python) = &self.python else { return Ok(None) };
        let script = testkit::checkout().join("conformance/pyhanko_judge.py");
        let output = python.command().arg(script).arg(root).arg(FIELD).args(files).output()?;
        if output.status.code() == Some(3) {
            eprintln!("SKIPPED: this Python has no pyHanko (`make deps-test` installs it)");
            return match std::env::var("CI").as_deref() {
                Ok("true") => Err("pyHanko is missing, and CI must not skip".into()),
                _ => Ok(None),
            };
        }
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
        }
        let said = String::from_utf8(output.stdout)?;
        let lines = said.lines().filter_map(|line| line.split_once('\t'));
        Ok(Some(lines.map(|(name, verdict)| (name.to_owned(), verdict.to_owned())).collect()))
    }
}

fn pdfsig_arguments(file: &Path, password: &str) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["-nocert".into()];
    if !password.is_empty() {
        arguments.extend(["-upw".into(), password.into()]);
    }
    arguments.push(file.into());
    arguments
}

fn mutool_arguments(file: &Path, password: &str) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["sign".into(), "-v".into()];
    if !password.is_empty() {
        arguments.extend(["-p".into(), password.into()]);
    }
    arguments.push(file.into());
    arguments
}

/// How bad qpdf finds a file: 0 clean, 1 with warnings, 2 broken; and its words.
fn rank(qpdf: &Tool, path: &Path, password: &str) -> (u8, String) {
    let output = qpdf
        .command()
        .arg("--check")
        .arg(format!("--password={password}"))
        .arg(path)
        .output()
        .expect("a program that was found can be started");
    let rank = match output.status.code() {
        Some(0) => 0,
        Some(3) => 1,
        _ => 2,
    };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (rank, said.lines().next().unwrap_or_default().to_owned())
}

/// The judge's words on the signed file, and whether the file troubled it before.
fn comparison(said: &str, before: &str) -> String {
    let words = |text: &str| -> String {
        let lines = text.lines().map(str::trim).filter(|line| line.contains("rror") || line.contains("alid"));
        lines.take(2).collect::<Vec<_>>().join("; ")
    };
    match (words(said), words(before)) {
        (now, before) if before.is_empty() => format!("says {now:?}"),
        (now, before) => format!("says {now:?}, and of the file before {before:?}"),
    }
}
