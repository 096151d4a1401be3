//! `vermilion verify`: the verdict as text or JSON, and as the exit code.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use jiff::Timestamp;
use pades::{Code, Indication, Policy, Report};
use pdf::{Document, FileSource, Limits};
use pki::Certificate;
use serde_json::json;
use service::Clock as _;

use crate::args::{Lang, VerdictFormat, VerifyOptions};
use crate::{explain, say};

/// What the exit code says, the graver the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Passed,
    Unsigned,
    Indeterminate,
    Failed,
    Unreadable,
}

impl Outcome {
    fn code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Indeterminate => 2,
            Self::Unsigned => 3,
            Self::Unreadable => 65,
        }
    }

    fn of(report: &Report) -> Self {
        let says = |code| report.reasons.iter().any(|reason| reason.code == code);
        match report.indication {
            _ if report.signatures.is_empty() && says(Code::Unreadable) => Self::Unreadable,
            _ if report.signatures.is_empty() && says(Code::NoSignature) => Self::Unsigned,
            Indication::TotalPassed => Self::Passed,
            Indication::TotalFailed => Self::Failed,
            Indication::Indeterminate => Self::Indeterminate,
        }
    }
}

pub(crate) fn run(options: &VerifyOptions) -> ExitCode {
    let anchors = match anchors(&options.trust) {
        Ok(anchors) => anchors,
        Err(error) => {
            eprintln!("vermilion: {error}");
            return ExitCode::from(Outcome::Unreadable.code());
        }
    };
    let at = options.at.unwrap_or_else(|| service::SystemClock.now());
    let outcomes = options.files.iter().map(|file| verify(file, &anchors, at, options));
    let gravest = outcomes.max().unwrap_or(Outcome::Unsigned);
    ExitCode::from(gravest.code())
}

fn anchors(files: &[PathBuf]) -> Result<Vec<Certificate>, String> {
    let mut anchors = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let found = Certificate::all_from_pem(&text);
        let found = found.map_err(|error| format!("{}: {}", file.display(), explain(&error)))?;
        if found.is_empty() {
            return Err(format!("{}: holds no certificate in PEM", file.display()));
        }
        anchors.extend(found);
    }
    Ok(anchors)
}

fn verify(file: &Path, anchors: &[Certificate], at: Timestamp, options: &VerifyOptions) -> Outcome {
    let name = file.display().to_string();
    let report = match open(file) {
        Ok(document) => pades::validate(&document, &Policy::new(anchors.to_vec(), at)).named(name),
        Err(error) => {
            eprintln!("vermilion: {name}: {error}");
            if options.format == VerdictFormat::Json {
                say(&json!({ "file": name, "error": error }).to_string());
            }
            return Outcome::Unreadable;
        }
    };
    match options.format {
        VerdictFormat::Json => {
            say(&serde_json::to_string(&report).expect("a report is plain data"));
        }
        VerdictFormat::Text => say(report.text(lang(options.lang)).trim_end()),
    }
    Outcome::of(&report)
}

fn open(file: &Path) -> Result<Document, String> {
    let source = FileSource::open(file).map_err(|error| error.to_string())?;
    Document::open(Arc::new(source), &Limits::default()).map_err(|error| explain(&error))
}

fn lang(lang: Lang) -> pades::Lang {
    match lang {
        Lang::En => pades::Lang::En,
        Lang::ZhCn => pades::Lang::Zh,
    }
}
