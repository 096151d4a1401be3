//! Why a level is not reached.

use pki::path::PathError;
use thiserror::Error;

use crate::{Level, PrepareError, SignError, SourceError};

/// Why a signature was not made, or does not reach the level that was asked for.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LevelError {
    /// The document does not permit it, or cannot be read.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// The signature cannot be completed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The key did not sign.
    #[error("the key did not sign: {0}")]
    Key(#[from] pki::SignError),
    /// What was appended does not open.
    #[error("the file with what was appended does not open: {0}")]
    Open(#[from] pdf::OpenError),
    /// Something that is no level of PAdES was asked for.
    #[error("{} is no level that can be made", .0.as_str())]
    NoLevel(Level),
    /// The document has no signature.
    #[error("the document has no signature to extend")]
    NoSignature,
    /// A signature is broken: no level would make it valid.
    #[error("the signature in field “{field}” does not verify: {why}")]
    Broken {
        /// Its field.
        field: String,
        /// What does not hold.
        why: String,
    },
    /// The prepared signature belongs to another file.
    #[error("the signature was prepared for a file of {expected} bytes, this one has {found}")]
    OtherFile {
        /// The length of the file it was prepared for.
        expected: u64,
        /// The length of this one.
        found: u64,
    },
    /// The prepared signature belongs to a file as long as this one, but with other bytes.
    #[error("the file is not the one that the signature was prepared for, or was changed since")]
    ChangedFile,
    /// The field's seed value asks for a higher level.
    #[error("field “{field}” asks for {what}, which {} does not bring", .level.as_str())]
    SeedValue {
        /// The field.
        field: String,
        /// What it asks for.
        what: &'static str,
        /// The level that was asked for.
        level: Level,
    },
    /// A trusted time is needed, and nobody was named who gives one.
    #[error("{} needs a time-stamp, and no time-stamp authority was given", .0.as_str())]
    NoTimeStampSource(Level),
    /// No authority gave a time-stamp.
    #[error("no time-stamp: {0}")]
    TimeStampSource(SourceError),
    /// What the authority gave is no time-stamp of this file.
    #[error("the time-stamp is not usable: {0}")]
    TimeStamp(String),
    /// The issuer of a certificate was not found.
    #[error("the issuer of “{certificate}” ({issuer}) was not found{}", because(.why.as_ref()))]
    Issuer {
        /// Whose issuer.
        certificate: String,
        /// The issuer's name.
        issuer: String,
        /// What the source said, where it failed.
        why: Option<SourceError>,
    },
    /// Nothing shows whether a certificate was revoked.
    #[error("there is no revocation data for “{certificate}”, issued by “{issuer}”{}", because(.why.as_ref()))]
    Revocation {
        /// The certificate that lacks it.
        certificate: String,
        /// Its issuer.
        issuer: String,
        /// What the source said, where it failed.
        why: Option<SourceError>,
    },
    /// With all that was gathered the certificate still does not hold.
    #[error("the certificate “{certificate}” of {of} is not valid: {error}")]
    Path {
        /// The certificate.
        certificate: String,
        /// What it is needed for.
        of: String,
        /// Why.
        error: PathError,
    },
    /// More was needed than the budget allows.
    #[error("gathering the validation material needs more {0} than the budget allows")]
    Budget(&'static str),
    /// Read back, the file does not show the level.
    #[error("the signature in field “{field}” does not reach {}: {why}", .level.as_str())]
    NotReached {
        /// The field.
        field: String,
        /// The level asked for.
        level: Level,
        /// What is missing.
        why: String,
    },
}

impl From<pdf::ReadError> for LevelError {
    fn from(error: pdf::ReadError) -> Self {
        Self::Prepare(error.into())
    }
}

impl From<pdf::UpdateError> for LevelError {
    fn from(error: pdf::UpdateError) -> Self {
        Self::Prepare(error.into())
    }
}

fn because(error: Option<&SourceError>) -> String {
    error.map(|error| format!(" ({error})")).unwrap_or_default()
}
