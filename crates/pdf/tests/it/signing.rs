//! Every file of the corpora that opens is signed, and judged by poppler, pyHanko, qpdf and MuPDF.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use testkit::Tool;
use vermilion_pdf::{Document, Limits, OpenError, OpenOptions};

use crate::signer::{key, sign};

/// The user passwords of files that need one; pyHanko's all have the same.
const PASSWORDS: [(&str, &str); 3] = [
    ("bug1782186.pdf", "Hello"),
    ("issue15893_reduced.pdf", "test"),
    ("minimal-aes256-empty-encrypted-string.pdf", "secret"),
];
const PASSWORD: &str = "usersecret";

/// The password of a file; empty where it needs none.
fn password(name: &str, original: &[u8]) -> &'static str {
    match Document::open(Arc::new(original.to_vec()), &Limits::default()) {
        Err(OpenError::PasswordRequired) => {
            PASSWORDS.iter().find(|(file, _)| *file == name).map_or(PASSWORD, |(_, password)| password)
        }
        _ => "",
    }
}

/// Validates each file of the folder: one line for each, `name<TAB>intact valid whole` of its last signature.
const PYHANKO: &str = r"
import sys, pathlib, logging, warnings
warnings.filterwarnings('ignore')
logging.disable(logging.CRITICAL)
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
root = load_cert_from_pemder('cert.pem')
passwords = dict(line.split('=') for line in sys.argv[2:])
for path in sorted(pathlib.Path(sys.argv[1]).glob('*.pdf')):
    try:
        with open(path, 'rb') as f:
            r = PdfFileReader(f, strict=False)
            if r.encrypted:
                name = path.name
                result = r.decrypt('')
                if result.status.name == 'FAILED':
                    r = PdfFileReader(f, strict=False)
                    r.decrypt(passwords.get(name, passwords['*']))
            s = [s for s in r.embedded_signatures if s.field_name == 'VermilionTest'][-1]
            v = validate_pdf_signature(s, ValidationContext(trust_roots=[root]))
            print(f'{path.name}\t{v.intact} {v.valid} {v.coverage.name}')
    except Exception as e:
        print(f'{path.name}\t{type(e).__name__}: {str(e)[:200]}'.replace('\n', ' '))
";

fn files(part: &str) -> Vec<PathBuf> {
    let Some(folder) = testkit::corpora(part) else { return Vec::new() };
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|e| e == "pdf")).collect();
    files.sort();
    files
}

fn qpdf_rank(qpdf: &Tool, path: &Path, password: &str) -> usize {
    let output = qpdf.command().arg(format!("--password={password}")).arg("--check").arg(path).output();
    // 0 clean, 3 warnings, 2 errors.
    let code = output.expect("qpdf runs").status.code();
    [Some(0), Some(3), Some(2)].iter().position(|known| *known == code).unwrap_or(3)
}

/// What a judge says about a file that it cannot read even unsigned is no verdict on the signature.
fn poppler(pdfsig: &Tool, path: &Path, password: &str) -> Result<(), String> {
    let (_, words) = testkit::run(pdfsig.command().args(["-upw", password]).arg(path));
    let ours = words.split("Signature #").skip(1).find(|part| part.contains("VermilionTest"));
    match ours {
        Some(part) if part.contains("Signature is Valid.") && part.contains("Total document signed") => {
            Ok(())
        }
        Some(part) => Err(part.lines().filter(|line| line.contains("ation:")).collect::<Vec<_>>().join(" ")),
        None => Err(words.lines().last().unwrap_or_default().to_owned()),
    }
}

/// What MuPDF finds wrong with the cross references, if anything.
fn mupdf(mutool: &Tool, path: &Path, password: &str) -> Option<String> {
    let (_, words) = testkit::run(mutool.command().args(["show", "-p", password]).arg(path).arg("trailer"));
    (words.contains("repair") || words.contains("error")).then_some(words)
}

#[test]
fn every_file_that_opens_is_signed_and_judged() {
    let (Some(openssl), Some(qpdf), Some(pdfsig)) =
        (testkit::tool("openssl"), testkit::tool("qpdf"), testkit::tool("pdfsig"))
    else {
        return;
    };
    let (Some(mutool), Some(python)) = (testkit::tool("mutool"), testkit::tool("python")) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    key(&openssl, folder);
    let mut findings = Vec::new();
    for part in ["structure", "general"] {
        let signed = folder.join(part);
        std::fs::create_dir(&signed).expect("a folder");
        let (mut count, mut refused, mut poppler_accepts) = (0, Vec::new(), 0);
        for path in files(part) {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let original = std::fs::read(&path).expect("a file");
            let password = password(&name, &original);
            let options = OpenOptions::new().password(password);
            let bytes = match sign(&openssl, folder, &original, &options, "VermilionTest") {
                Ok(bytes) => bytes,
                Err(error) => {
                    refused.push(format!("{name}: {error}"));
                    continue;
                }
            };
            count += 1;
            let out = signed.join(&name);
            std::fs::write(&out, bytes).expect("written");
            let (before, after) = (qpdf_rank(&qpdf, &path, password), qpdf_rank(&qpdf, &out, password));
            if after > before {
                findings.push(format!("{name}: qpdf finds it worse: {before} to {after}"));
            }
            let after = mupdf(&mutool, &out, password);
            if after.is_some() && mupdf(&mutool, &path, password).is_none() {
                findings.push(format!("{name}: mutool: {}", after.unwrap_or_default()));
            }
            match poppler(&pdfsig, &out, password) {
                Ok(()) => poppler_accepts += 1,
                Err(words) => findings.push(format!("{name}: pdfsig: {words}")),
            }
        }
        let said = pyhanko(&python, folder, part);
        let accepted = said.values().filter(|verdict| verdict.starts_with("True True")).count();
        let others = said.iter().filter(|(_, verdict)| !verdict.starts_with("True True"));
        findings.extend(others.map(|(name, verdict)| format!("{name}: pyHanko: {verdict}")));
        eprintln!("{part}: {count} signed, {poppler_accepts} valid for pdfsig, {accepted} for pyHanko");
        refused.iter().for_each(|line| eprintln!("  refused {line}"));
    }
    findings.iter().for_each(|line| eprintln!("  {line}"));
    let unexplained: Vec<&String> = findings.iter().filter(|line| !is_explained(line)).collect();
    assert!(unexplained.is_empty(), "{unexplained:#?}");
}

fn pyhanko(python: &Tool, folder: &Path, part: &str) -> BTreeMap<String, String> {
    let mut command = python.command();
    command.current_dir(folder).args(["-c", PYHANKO, part]).arg(format!("*={PASSWORD}"));
    let (_, words) = testkit::run(command.args(PASSWORDS.map(|(name, word)| format!("{name}={word}"))));
    let lines = words.lines().filter_map(|line| line.split_once('\t'));
    lines.map(|(name, verdict)| (name.to_owned(), verdict.to_owned())).collect()
}

/// Verdicts that say nothing about the signature, each with its reason.
fn is_explained(finding: &str) -> bool {
    EXPLAINED.iter().any(|(name, judge, _)| finding.starts_with(name) && finding.contains(judge))
}

const EXPLAINED: [(&str, &str, &str); 7] = [
    ("minimal-aes256-malformed-oe.pdf", "pdfsig", "it reads no such file, signed or not: /OE is no string"),
    ("minimal-aes256-malformed-oe.pdf", "pyHanko", "as pdfsig"),
    (
        "minimal-aes256-malformed-perms.pdf",
        "pdfsig",
        "it reads no such file, signed or not: /Perms is no string",
    ),
    ("minimal-aes256-malformed-perms.pdf", "pyHanko", "as pdfsig"),
    ("form-tree-circular-ref-input.pdf", "pyHanko", "it refuses a circle in the field tree"),
    ("minimal-illegal-header.pdf", "pyHanko", "it refuses the version in the header"),
    ("issue6069.pdf", "pyHanko", "it wants the header first"),
];
