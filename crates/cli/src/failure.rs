//! Why a command ends without its result, and with which exit code.

use std::fmt;
use std::process::ExitCode;

use crate::{USAGE, explain};

/// Why a command ends without its result.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What was asked for makes no sense: `EX_USAGE`.
    Usage(String),
    /// A file that was named cannot be read: `EX_DATAERR`.
    Unreadable(String),
    /// It could not be done.
    Failed(String),
}

impl Failure {
    /// It could not be done, for this error and what caused it.
    pub(crate) fn because(error: &dyn std::error::Error) -> Self {
        Self::Failed(explain(error))
    }

    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(USAGE),
            Self::Unreadable(_) => ExitCode::from(65),
            Self::Failed(_) => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Usage(text) | Self::Unreadable(text) | Self::Failed(text)) = self;
        f.write_str(text)
    }
}

/// Ends a command: says on standard error why it failed, where it did.
pub(crate) fn end(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("vermilion: {failure}");
            failure.code()
        }
    }
}
