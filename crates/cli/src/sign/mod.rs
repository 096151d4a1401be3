//! `vermilion sign`, `vermilion extend` and `vermilion pdf timestamp`.

mod external;
mod key;
mod look;
mod request;
mod sources;

use std::path::Path;
use std::process::ExitCode;

use jiff::Timestamp;
use pades::{Credential, Level, LevelError, PrepareError, SignError};
use pdf::Document;
use pki::path::PathError;
use service::Clock as _;

use self::key::Key;
use self::sources::Outside;
use crate::args::PdfOptions;
use crate::args::pdf::TimestampOptions;
use crate::args::sign::{ExtendOptions, SignOptions, SignStep, WantedLevel};
use crate::failure::{self, Failure};
use crate::file::{self, Target};
use crate::{explain, say};

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

pub(crate) fn time_stamp(options: &TimestampOptions) -> ExitCode {
    failure::end(stamp(options))
}

fn sign(options: &SignOptions) -> Result<(), Failure> {
    let input = options.input.as_deref().expect("clap asks for it where there is no step");
    Key::is_named(&options.key)?;
    let target = Target::new(&options.output, input)?;
    let outside = Outside::new(options.level.level, &options.level.outside)?;
    let document = file::open(input, &options.pdf)?;
    let mut wanted = options.key.clone();
    if wanted.algorithm.digest.is_none() {
        wanted.algorithm.digest = request::demanded_digest(&document, &options.look)?;
    }
    let key = Key::load(&wanted)?;
    let now = now();
    let request = request::of(&document, &options.look, key.certificate(), now)?;
    let level = level(options.level.level);
    let asked = outside.ask(now);
    let credential = Credential { signer: key.signer(), certificate: key.certificate(), chain: key.chain() };
    let tail = pades::sign_to(&document, &request, credential, level, &outside.sources(&asked, now))
        .map_err(|error| refused(&error))?;
    target.write(Some((input, document.len())), &tail)?;
    let by = key.certificate().common_name();
    let text = format!("{}, field {:?}, signed by {by}", level.as_str(), request.field);
    done(&target, &text, tail.len());
    asked.note();
    Ok(())
}

fn raise(options: &ExtendOptions) -> Result<(), Failure> {
    let wanted = WantedLevel::from(options.level);
    let level = level(wanted);
    let target = Target::new(&options.output, &options.input)?;
    let outside = Outside::new(wanted, &options.outside)?;
    let document = file::open(&options.input, &options.pdf)?;
    let now = now();
    let asked = outside.ask(proved(&document).unwrap_or(now));
    let tail =
        pades::extend_to(&document, level, &outside.sources(&asked, now)).map_err(|error| refused(&error))?;
    target.write(Some((&options.input, document.len())), &tail)?;
    let text = match tail.is_empty() {
        true => format!("nothing to add: all that {} asks for is there", level.as_str()),
        false => format!("what {} asks for is there now", level.as_str()),
    };
    done(&target, &text, tail.len());
    asked.note();
    // A signature that is no PAdES stays what it is, however long it can be validated.
    for one in
        pades::validate(&file::open(target.path(), &options.pdf)?, &pades::Policy::new(Vec::new(), now))
            .signatures
    {
        match one.kind {
            // A time-stamp has no level.
            pades::Kind::DocTimestamp => say(&format!("  {}: document time-stamp", one.field)),
            _ => say(&format!("  {}: {}", one.field, one.level.as_str())),
        }
    }
    Ok(())
}

fn stamp(options: &TimestampOptions) -> Result<(), Failure> {
    if options.outside.tsa.is_empty() {
        return Err(Failure::Usage("name a time-stamp authority with --tsa URL".to_owned()));
    }
    let target = Target::new(&options.output, &options.input)?;
    let outside = Outside::new(WantedLevel::T, &options.outside)?;
    let document = file::open(&options.input, &options.pdf)?;
    let now = now();
    let asked = outside.ask(now);
    let tail = pades::time_stamp_document(&document, &outside.sources(&asked, now))
        .map_err(|error| refused(&error))?;
    target.write(Some((&options.input, document.len())), &tail)?;
    done(&target, "time-stamped as a whole", tail.len());
    asked.note();
    Ok(())
}

/// When the newest of the signatures that are there was time-stamped: what is said of certificates should be newer.
fn proved(document: &Document) -> Option<Timestamp> {
    let report = pades::validate(document, &pades::Policy::new(Vec::new(), now()));
    let stamps = report.signatures.iter().flat_map(|one| &one.time_stamps);
    stamps.filter(|stamp| stamp.kind == pades::StampKind::Signature).filter_map(|stamp| stamp.time).max()
}

/// Why a signature was not made, with what to do about it.
fn refused(error: &LevelError) -> Failure {
    let text = explain(error);
    let hint = match error {
        LevelError::Issuer { .. } | LevelError::Path { error: PathError::NoPath { .. }, .. } => {
            ". Give the certificates above it: when signing with --chain FILE, later with --trust FILE"
        }
        LevelError::Prepare(PrepareError::BreaksSignature { .. }) => ": another --page or --rect, or neither",
        LevelError::Prepare(PrepareError::NotPermitted { .. }) => " (--pdf-password-file FILE)",
        LevelError::Sign(SignError::TimeStampWanted { url, .. }) => {
            &format!(": --level t --tsa {}", url.as_deref().unwrap_or("URL"))
        }
        LevelError::SeedValue { .. } => ": --level lt --tsa URL",
        // `sign` makes the room that it needs by itself.
        LevelError::Sign(SignError::ReserveTooSmall { needed, .. }) => {
            &format!(". Prepare it anew with --reserve {}", needed.next_multiple_of(1024))
        }
        _ => "",
    };
    Failure::Failed(format!("{text}{hint}"))
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
