//! `vermilion pdf revisions`: what was signed, and what came after.

use std::process::ExitCode;

use pades::{Kind, RevisionSummary};

use crate::args::pdf::{ListFormat, RevisionsOptions};
use crate::failure::{self, Failure};
use crate::file::{self, Target};
use crate::say;

pub(crate) fn run(options: &RevisionsOptions) -> ExitCode {
    failure::end(revisions(options))
}

fn revisions(options: &RevisionsOptions) -> Result<(), Failure> {
    let document = file::open(&options.file, &options.pdf)?;
    let found = pades::revisions(&document)
        .map_err(|error| Failure::Unreadable(format!("{}: {error}", options.file.display())))?;
    if let Some(number) = options.extract {
        return extract(options, &found, number);
    }
    match options.format {
        ListFormat::Json => say(&serde_json::to_string(&found).expect("a list of plain data")),
        ListFormat::Text => found.iter().for_each(|one| show(one, options)),
    }
    Ok(())
}

fn extract(options: &RevisionsOptions, found: &[RevisionSummary], number: usize) -> Result<(), Failure> {
    let one = found.iter().find(|one| one.number == number).ok_or_else(|| {
        Failure::Usage(format!(
            "there is no revision {number}: {} has {}",
            options.file.display(),
            found.len()
        ))
    })?;
    let target = Target::new(&options.output(), &options.file)?;
    target.write(Some((&options.file, one.end)), &[])?;
    say(&format!("{}: revision {number}, {} bytes", target.path().display(), one.end));
    Ok(())
}

fn show(one: &RevisionSummary, options: &RevisionsOptions) {
    let lang = options.lang.into();
    let is_english = matches!(lang, pades::Lang::En);
    let RevisionSummary { number, start, end, .. } = one;
    say(&match is_english {
        true => format!("Revision {number}, bytes {start} to {end}"),
        false => format!("修订版 {number}，第 {start} 至 {end} 字节"),
    });
    if let Some(signature) = &one.signature {
        let what = match (signature.kind, is_english) {
            (Kind::Signature, true) => "signature",
            (Kind::Certification, true) => "certification",
            (Kind::DocTimestamp, true) => "document time-stamp",
            (Kind::Signature, false) => "签名",
            (Kind::Certification, false) => "认证签名",
            (Kind::DocTimestamp, false) => "文件时间戳",
        };
        let signer = signature.signer.as_deref().unwrap_or("?");
        let time = signature.time.map(|time| format!(", {time}")).unwrap_or_default();
        say(&match is_english {
            true => format!("  closed by the {what} in field {:?}, {signer}{time}", signature.field),
            false => format!("  由域“{}”中的{what}封存，{signer}{time}", signature.field),
        });
    }
    for change in &one.changes {
        let mark = if change.permitted { "+" } else { "!" };
        let pages: Vec<String> = change.pages.iter().map(ToString::to_string).collect();
        let place = match (&change.object, pages.is_empty(), is_english) {
            (None, true, _) => String::new(),
            (Some(object), true, true) => format!(" (object {object})"),
            (Some(object), true, false) => format!("（对象 {object}）"),
            (None, false, true) => format!(" (page {})", pages.join(", ")),
            (None, false, false) => format!("（第 {} 页）", pages.join("、")),
            (Some(object), false, true) => format!(" (page {}, object {object})", pages.join(", ")),
            (Some(object), false, false) => format!("（第 {} 页，对象 {object}）", pages.join("、")),
        };
        say(&format!("  {mark} {}{place}", change.what.text(lang)));
    }
}
