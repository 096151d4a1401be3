//! What can go wrong, said so that a person knows what to do next.

use crate::Ref;

/// Why a file cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// No `%PDF-` header near the beginning.
    #[error("this is not a PDF file")]
    NotPdf,
    /// It begins as a PDF but neither its end nor enough of its objects are there.
    #[error("the file is incomplete: its end is missing; send the whole file")]
    Truncated,
    /// Encrypted, and the empty user password does not open it (7.6.4).
    #[error("the file is protected by a password; save a copy without one")]
    PasswordRequired,
    /// Encrypted, and the password given is neither the user's nor the owner's (7.6.4).
    #[error("the password is wrong")]
    WrongPassword,
    /// Encrypted for the holders of certificates (7.6.5).
    #[error(
        "the file is encrypted with its recipients' certificates ({handler}, {recipients} in all); \
         ask one of them for a copy that is not encrypted"
    )]
    CertificateRequired {
        /// The security handler.
        handler: String,
        /// How many recipients can open it.
        recipients: usize,
    },
    /// Encrypted by a handler or algorithm that this crate does not read.
    #[error("the file is encrypted in a way that is not supported: {what}")]
    UnsupportedEncryption {
        /// Handler or algorithm found.
        what: String,
    },
    /// Larger than [`Limits::max_file_size`](crate::Limits::max_file_size).
    #[error("the file has {size} bytes; at most {limit} are allowed")]
    TooLarge {
        /// Size of the file.
        size: u64,
        /// The limit in force.
        limit: u64,
    },
    /// More pages than [`Limits::max_pages`](crate::Limits::max_pages).
    #[error("the file has more than {limit} pages")]
    TooManyPages {
        /// The limit in force.
        limit: usize,
    },
    /// Broken beyond repair, or built to exhaust the reader.
    #[error("the file is damaged: {what}")]
    Damaged {
        /// What is wrong, in English.
        what: String,
    },
    /// The source could not be read.
    #[error("reading failed")]
    Io(#[from] std::io::Error),
}

/// Why a part of an opened file cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The bytes at `offset` are not what the standard or the cross reference says.
    #[error("damaged at byte {offset}, where {what} should be")]
    Damaged {
        /// Absolute position, or the position within an object stream.
        offset: u64,
        /// What was expected.
        what: &'static str,
    },
    /// An object is of another type than its place demands.
    #[error("object {reference}: {what}")]
    Unexpected {
        /// The object, or `0 0` where it is the trailer or a direct object.
        reference: Ref,
        /// What was expected.
        what: &'static str,
    },
    /// A limit of [`Limits`](crate::Limits) was reached.
    #[error("limit reached: {what}")]
    Limit {
        /// Which limit.
        what: &'static str,
    },
    /// A stream filter that this crate does not decode.
    #[error("stream filter {filter} is not supported")]
    UnsupportedFilter {
        /// Name of the filter.
        filter: String,
    },
    /// There is no such page, revision or field.
    #[error("there is no such {what}")]
    Missing {
        /// What was asked for.
        what: &'static str,
    },
    /// The source could not be read.
    #[error("reading failed")]
    Io(#[from] std::io::Error),
}

impl ReadError {
    pub(crate) fn damaged(offset: u64, what: &'static str) -> Self {
        Self::Damaged { offset, what }
    }

    pub(crate) fn unexpected(reference: Ref, what: &'static str) -> Self {
        Self::Unexpected { reference, what }
    }
}

/// Why an update cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// The original could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A value cannot be written (a stream inside another object, nesting too deep).
    #[error("object {reference} cannot be written: {what}")]
    Unwritable {
        /// The object.
        reference: Ref,
        /// Why.
        what: &'static str,
    },
    /// The file as a whole takes no update, or no signature.
    #[error("{what}")]
    Refused {
        /// Why.
        what: &'static str,
    },
    /// Only one signature fits in an update.
    #[error("an update holds one signature at most")]
    SecondSignature,
    /// The signature does not fit in the reserved space.
    #[error("the signature has {size} bytes; {reserved} are reserved")]
    ContentsTooLarge {
        /// Bytes of the signature.
        size: usize,
        /// Bytes reserved.
        reserved: usize,
    },
    /// The font cannot be subset, or lacks what is needed.
    #[error("font: {what}")]
    Font {
        /// Why.
        what: String,
    },
    /// No object number is left.
    #[error("no object number is left")]
    Full,
}
