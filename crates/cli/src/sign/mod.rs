//! `vermilion sign` and `vermilion extend`.

mod external;
mod key;
mod look;
mod request;
mod sources;

use std::path::Path;
use std::process::ExitCode;

use jiff::Timestamp;
use pades::{Credential, Level};
use pdf::Document;
use service::Clock as _;

use self::key::Key;
use self::sources::Outside;
use crate::args::PdfOptions;
use crate::args::sign::{ExtendOptions, SignOptions, SignStep, WantedLevel};
use crate::failure::{self, Failure};
use crate::file::{self, Target};
use crate::say;

pub(crate) fn run(options: &SignOptions) -> ExitCode {
    failure::end(match &options.step {
        None => sign(options),
        Some(SignStep::Prepare(options)) => external::prepare(options),
        Some(SignStep::Finish(options)) => external::finish(options),
    })
}

pub(crate) fn extend(options: &ExtendOptions) -> ExitCode {
    failure::end(raise(options))
}

fn sign(options: &SignOptions) -> Result<(), Failure> {
    let input = options.input.as_deref().expect("clap asks for it where there is no step");
    let target = Target::new(&options.output, input)?;
    let outside = Outside::new(&options.level)?;
    let document = file::open(input, &options.pdf)?;
    let key = Key::load(&options.key)?;
    let now = now();
    let request = request::of(&document, &options.look, key.certificate(), now)?;
    let level = level(options.level.level);
    let session = outside.session();
    let sources = outside.sources(&session, now);
    let credential = Credential { signer: key.signer(), certificate: key.certificate(), chain: key.chain() };
    let tail = pades::sign_to(&document, &request, credential, level, &sources)
        .map_err(|error| Failure::because(&error))?;
    target.write(Some((input, document.len())), &tail)?;
    let by = key.certificate().common_name();
    let text = format!("{}, field {:?}, signed by {by}", level.as_str(), request.field);
    done(&target, &text, tail.len());
    Ok(())
}

fn raise(options: &ExtendOptions) -> Result<(), Failure> {
    let level = level(options.level.level);
    if level == Level::BB {
        return Err(Failure::Usage("--level t, lt or lta says how far to extend".to_owned()));
    }
    let target = Target::new(&options.output, &options.input)?;
    let outside = Outside::new(&options.level)?;
    let document = file::open(&options.input, &options.pdf)?;
    let session = outside.session();
    let sources = outside.sources(&session, now());
    let tail = pades::extend_to(&document, level, &sources).map_err(|error| Failure::because(&error))?;
    target.write(Some((&options.input, document.len())), &tail)?;
    let text = match tail.is_empty() {
        true => format!("nothing to add: all that {} asks for is there", level.as_str()),
        false => format!("what {} asks for is there now", level.as_str()),
    };
    done(&target, &text, tail.len());
    // A signature that is no PAdES stays what it is, however long it can be validated.
    for one in
        pades::validate(&file::open(target.path(), &options.pdf)?, &pades::Policy::new(Vec::new(), now()))
            .signatures
    {
        say(&format!("  {}: {}", one.field, one.level.as_str()));
    }
    Ok(())
}

/// Whether a signature that was just made covers the file and holds: a file that changed meanwhile shows here.
fn check(path: &Path, options: &PdfOptions, field: &str) -> Result<(), Failure> {
    use pades::Condition::Met;
    let document = file::open(path, options)?;
    let report = pades::validate(&document, &pades::Policy::new(Vec::new(), now()));
    let holds = report.signatures.iter().any(|one| {
        one.field == field && one.reliability.signature_intact == Met && one.reliability.content_intact == Met
    });
    match holds {
        true => Ok(()),
        false => Err(Failure::Failed(
            "the signature does not fit the file: it changed after it was prepared. Prepare it anew."
                .to_owned(),
        )),
    }
}

fn done(target: &Target, text: &str, added: usize) {
    say(&format!("{}: {text} ({added} bytes added)", target.path().display()));
}

fn level(wanted: WantedLevel) -> Level {
    match wanted {
        WantedLevel::B => Level::BB,
        WantedLevel::T => Level::BT,
        WantedLevel::Lt => Level::BLT,
        WantedLevel::Lta => Level::BLTA,
    }
}

/// The claimed time of signing has whole seconds, as a PDF date has.
fn now() -> Timestamp {
    let now = service::SystemClock.now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// The first name of the form `Signature1`, `Signature2`, … that the document's form does not have.
fn free_name(document: &Document) -> Result<String, Failure> {
    let form = document.form().map_err(|error| Failure::because(&error))?;
    let name = (1_u32..).map(|number| format!("Signature{number}")).find(|name| form.field(name).is_none());
    Ok(name.expect("a form has fewer fields than there are numbers"))
}
