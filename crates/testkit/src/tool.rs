//! Programs of others that judge what we make: pdfsig, pyHanko, qpdf, OpenSSL.

use std::env;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Output};

use crate::checkout;

/// A program that was found.
#[derive(Clone, Debug)]
pub struct Tool(PathBuf);

impl Tool {
    /// A command that runs it.
    #[must_use]
    pub fn command(&self) -> Command {
        Command::new(&self.0)
    }

    /// Runs it to its end; see [`run`].
    pub fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> (bool, String) {
        run(self.command().args(arguments))
    }
}

/// Looks up a program on the `PATH` and in the test environment's Python (`VERMILION_PYTHON_BIN`).
///
/// Where it is missing, says so loudly and returns `None`, so that the test can end; with `CI=true` that is a failure.
///
/// # Panics
/// Where it is missing and `CI=true`.
#[must_use]
pub fn tool(name: &str) -> Option<Tool> {
    let found = env::var_os("VERMILION_PYTHON_BIN")
        .map(PathBuf::from)
        .into_iter()
        .chain(env::split_paths(&env::var_os("PATH").unwrap_or_default()))
        .map(|folder| folder.join(name))
        .find(|path| path.is_file());
    missing(name, found.as_ref());
    found.map(Tool)
}

/// A part of the third-party test material, whose folder `VERMILION_CORPORA` names.
///
/// Where it is missing, says so loudly and returns `None`. It is no part of the repository, so that CI may lack it.
#[must_use]
pub fn corpora(part: &str) -> Option<PathBuf> {
    let beside = checkout().join("../shared/corpora");
    let folder = env::var_os("VERMILION_CORPORA").map_or(beside, PathBuf::from).join(part);
    if folder.exists() {
        return Some(folder);
    }
    eprintln!("SKIPPED: no test material {} (set VERMILION_CORPORA)", folder.display());
    None
}

/// Runs a command to its end: whether it succeeded, and all that it said.
///
/// # Panics
/// Where it cannot be started.
pub fn run(command: &mut Command) -> (bool, String) {
    let Output { status, stdout, stderr } =
        command.output().expect("a program that was found can be started");
    let said = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    (status.success(), said)
}

fn missing<T>(name: &str, found: Option<&T>) {
    if found.is_none() {
        eprintln!("SKIPPED: {name} is not installed (`make deps-test` installs it)");
        assert!(env::var("CI").as_deref() != Ok("true"), "{name} is missing, and CI must not skip");
    }
}
