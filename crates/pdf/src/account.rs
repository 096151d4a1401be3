//! An account of every byte of a revision.
//!
//! A signature covers a prefix of the file; what follows must be one well-formed update after another. Bytes
//! that no object, cross reference, trailer or comment accounts for may be read by one viewer and not by
//! another, so a validator must not accept them (the incremental saving attacks of pdf-insecurity.org).

use std::ops::Range;

use crate::Ref;

/// What a run of bytes is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartKind {
    /// The header comment `%PDF-n.m`.
    Header,
    /// White space (7.2.3).
    Space,
    /// A comment (7.2.4).
    Comment,
    /// An indirect object from its number to `endobj`.
    Object {
        /// Its number.
        reference: Ref,
        /// Whether the revision's cross reference points exactly here.
        referenced: bool,
    },
    /// A cross-reference table with its trailer dictionary.
    Xref,
    /// `startxref` and its number.
    StartXref {
        /// The number.
        offset: u64,
    },
    /// `%%EOF`.
    EndOfFile,
    /// Anything else.
    Unknown,
}

/// A run of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Absolute span.
    pub span: Range<u64>,
    /// What it is.
    pub kind: PartKind,
}

/// Why a revision is not accounted for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Anomaly {
    /// Bytes that are no PDF syntax.
    UnknownBytes(Range<u64>),
    /// An object that the revision's cross reference does not point to.
    UnreferencedObject {
        /// The object as it calls itself.
        reference: Ref,
        /// Its bytes.
        span: Range<u64>,
    },
    /// A cross-reference entry that points to no object of this revision.
    DanglingEntry {
        /// The entry's object.
        reference: Ref,
        /// Where it points.
        offset: u64,
    },
    /// One object stands twice in the revision.
    DuplicateObject(Ref),
    /// An object number stands twice in a cross-reference section.
    DuplicateEntry,
    /// A cross-reference section that the /Prev chain does not lead to.
    UnlinkedXref(u64),
    /// `startxref` does not name the revision's section, or is missing.
    WrongStartXref,
    /// The revision does not end with `%%EOF`.
    MissingEof,
    /// The /Size of the trailer is too small for an object.
    SizeTooSmall,
    /// The cross reference was rebuilt: the file's own could not be used.
    Repaired,
}

/// The account of one revision.
#[derive(Debug, Clone)]
pub struct Accounting {
    /// Every byte of the revision, in order and without gaps.
    pub parts: Vec<Part>,
    /// What does not add up; empty for a well-formed revision.
    pub anomalies: Vec<Anomaly>,
}

impl Accounting {
    /// Whether every byte is accounted for.
    pub fn is_clean(&self) -> bool {
        self.anomalies.is_empty()
    }
}
