//! The `vermilion` command: the one binary.

mod args;
mod ca;
mod constraints;
mod demo;
mod docs;
mod doctor;
mod est;
mod failure;
mod file;
mod identity;
mod master_keys;
mod network;
mod revisions;
mod secret;
mod serve;
mod sign;
mod token;
mod trust;
mod verify;

use std::io::Write as _;
use std::process::ExitCode;

use args::pdf::PdfCommand;
use args::{Cli, Command};
use clap::Parser as _;
use clap::error::ErrorKind;

/// `EX_USAGE` of sysexits.h.
const USAGE: u8 = 64;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing to do where even this cannot be said.
            let _ = error.print();
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
                _ => ExitCode::from(USAGE),
            };
        }
    };
    match cli.command {
        Command::Serve(options) => serve::run(options),
        Command::Demo(options) => demo::run(&options),
        Command::Sign(options) => sign::run(&options),
        Command::Extend(options) => sign::extend(&options),
        Command::Verify(options) => verify::run(&options),
        Command::Pdf(PdfCommand::Revisions(options)) => revisions::run(&options),
        Command::Pdf(PdfCommand::Timestamp(options)) => sign::time_stamp(&options),
        Command::Ca(command) => ca::run(command),
        Command::Admin(command) => ca::administer(command),
        Command::Keys(command) => master_keys::run(command),
        Command::Hsm(command) => token::run(command),
        Command::Doctor(options) => doctor::run(options),
        Command::Openapi => {
            say(server::openapi().trim_end());
            ExitCode::SUCCESS
        }
        Command::Licences => {
            say(server::LICENCES.trim_end());
            ExitCode::SUCCESS
        }
        Command::Docs { folder } => done(docs::write(&folder)),
    }
}

/// Prints a line. Where nobody reads any more (`vermilion … | head`), that is no failure of ours.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// An error and what caused it, in one line. Some errors end with their cause already.
fn explain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.ends_with(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}

/// The exit code of a command that either works or says why not.
fn done<E: std::fmt::Display>(result: Result<(), E>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("vermilion: {error}");
            ExitCode::FAILURE
        }
    }
}
