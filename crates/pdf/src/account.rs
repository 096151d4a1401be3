//! An account of every byte of a revision.
//!
//! A signature covers a prefix of the file; what follows must be one well-formed update after another. Bytes
//! that no object, cross reference, trailer or comment accounts for may be read by one viewer and not by
//! another, so a validator must not accept them (the incremental saving attacks of pdf-insecurity.org).

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::document::Document;
use crate::lexer::{Fault, is_space};
use crate::revision::{Change, Location, Revision, XrefKind};
use crate::xref::{self, stream_span};
use crate::{ReadError, Ref, load};

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

pub(crate) fn account(document: &Document, index: usize) -> Result<Accounting, ReadError> {
    let revisions = document.revisions();
    let revision = revisions.get(index).ok_or(ReadError::Missing { what: "revision" })?;
    let end = revisions.get(index + 1).map_or(document.len(), |next| next.start);
    let mut scan =
        Scan { document, revision, at: revision.start, end, parts: Vec::new(), anomalies: Vec::new() };
    scan.run()?;
    scan.conclude(index)?;
    Ok(Accounting { parts: scan.parts, anomalies: scan.anomalies })
}

/// A strict walk from the first byte of a revision to its last.
struct Scan<'a> {
    document: &'a Document,
    revision: &'a Revision,
    at: u64,
    end: u64,
    parts: Vec<Part>,
    anomalies: Vec<Anomaly>,
}

impl Scan<'_> {
    fn run(&mut self) -> Result<(), ReadError> {
        while self.at < self.end {
            let window = self.document.reader().window(self.at, 32)?;
            let piece = window.get(..32.min(window.len())).unwrap_or_default();
            self.document.reader().work.spend(16)?;
            match piece {
                [byte, ..] if is_space(*byte) => {
                    let len = piece.iter().take_while(|b| is_space(**b)).count();
                    self.push(self.after(len), PartKind::Space);
                }
                [b'%', ..] => self.comment(piece)?,
                [b'0'..=b'9', ..] => self.object()?,
                [b'x', ..] if piece.starts_with(b"xref") => self.xref()?,
                [b's', ..] if piece.starts_with(b"startxref") => self.start_xref()?,
                _ => self.skip_run()?,
            }
            if self.parts.len() > self.document.limits().max_xref_entries {
                return Err(ReadError::Limit { what: "parts of one revision" });
            }
        }
        Ok(())
    }

    fn after(&self, len: usize) -> u64 {
        self.at.saturating_add(u64::try_from(len).unwrap_or(u64::MAX))
    }

    /// Adds a part from here to `end`, joining runs of the same unstructured kind.
    fn push(&mut self, end: u64, kind: PartKind) {
        let end = end.min(self.end);
        let span = self.at..end;
        self.at = end;
        let joins = matches!(kind, PartKind::Space | PartKind::Unknown);
        // White space between unknown bytes is unknown too: one part says it all.
        if kind == PartKind::Unknown
            && let [.., Part { kind: PartKind::Unknown, .. }, Part { kind: PartKind::Space, .. }] =
                self.parts.as_slice()
        {
            self.parts.pop();
        }
        match self.parts.last_mut() {
            Some(last) if joins && last.kind == kind => last.span.end = end,
            _ => self.parts.push(Part { span, kind }),
        }
    }

    fn comment(&mut self, piece: &[u8]) -> Result<(), ReadError> {
        let limit = self.end;
        let reader = self.document.reader();
        let by_cr = reader.find(b"\r", self.at, limit.min(self.at.saturating_add(4096)))?;
        let by_lf = reader.find(b"\n", self.at, limit.min(self.at.saturating_add(4096)))?;
        let end = match (by_cr, by_lf) {
            (Some(a), Some(b)) => a.min(b),
            (one, other) => one.or(other).unwrap_or(limit),
        };
        let kind = if piece.starts_with(b"%%EOF") {
            // What follows the mark on its line is no part of it.
            let mark = self.after(5);
            self.push(mark, PartKind::EndOfFile);
            if end <= mark {
                return Ok(());
            }
            PartKind::Comment
        } else if piece.starts_with(b"%PDF-") {
            PartKind::Header
        } else {
            PartKind::Comment
        };
        self.push(end, kind);
        Ok(())
    }

    fn object(&mut self) -> Result<(), ReadError> {
        let start = self.at;
        let head = match self.document.reader().indirect(start) {
            Ok(head) if head.is_closed && head.start == 0 => head,
            Ok(_) => return self.skip_run(),
            Err(error @ (ReadError::Io(_) | ReadError::Limit { .. })) => return Err(error),
            Err(_) => return self.skip_run(),
        };
        let end = match (head.stream, head.object.as_dict()) {
            (Some(data), Some(dict)) => {
                let length = load::length(self.document, dict, 0)?;
                match stream_span(self.document.reader(), self.after(data), length, self.end) {
                    Ok(span) if span.is_exact => span.end,
                    Ok(_) | Err(ReadError::Damaged { .. }) => return self.skip_run(),
                    Err(error) => return Err(error),
                }
            }
            _ => self.after(head.end),
        };
        if end > self.end {
            return self.skip_run();
        }
        let reference = head.reference;
        let location = Change::Defined(Location::Offset(start));
        let is_section = |section: &crate::Section| {
            section.offset == start || section.hybrid_span.as_ref().is_some_and(|span| span.start == start)
        };
        let referenced = self.revision.change(reference.number) == Some((reference, location))
            || self.revision.sections.iter().any(is_section);
        self.push(end, PartKind::Object { reference, referenced });
        Ok(())
    }

    /// Passes over a run of characters that begins no object.
    fn skip_run(&mut self) -> Result<(), ReadError> {
        let window = self.document.reader().window(self.at, 32)?;
        let len = window.iter().take(32).take_while(|b| !is_space(**b)).count();
        self.push(self.after(len.max(1)), PartKind::Unknown);
        Ok(())
    }

    fn xref(&mut self) -> Result<(), ReadError> {
        if let Some(section) = self.revision.sections.iter().find(|section| section.offset == self.at) {
            self.push(section.span.end, PartKind::Xref);
            return Ok(());
        }
        let mut budget = self.document.limits().max_xref_entries;
        match xref::section(self.document.reader(), self.at, self.document.offset_shift(), &mut budget) {
            Ok(section) if section.span.end <= self.end => {
                self.anomalies.push(Anomaly::UnlinkedXref(self.at));
                self.push(section.span.end, PartKind::Xref);
            }
            Err(error @ (ReadError::Io(_) | ReadError::Limit { .. })) => return Err(error),
            _ => self.skip_run()?,
        }
        Ok(())
    }

    fn start_xref(&mut self) -> Result<(), ReadError> {
        let parsed = self.document.reader().parse(self.at, |parser| {
            parser.lexer.keyword(b"startxref")?;
            let offset = parser.lexer.integer()?.and_then(|n| u64::try_from(n).ok());
            Ok((offset.ok_or(Fault::Bad("an offset"))?, parser.lexer.pos))
        });
        match parsed {
            Ok((offset, len)) => self.push(self.after(len), PartKind::StartXref { offset }),
            Err(error @ (ReadError::Io(_) | ReadError::Limit { .. })) => return Err(error),
            Err(_) => self.skip_run()?,
        }
        Ok(())
    }

    /// Compares what was found with what the cross references say.
    fn conclude(&mut self, index: usize) -> Result<(), ReadError> {
        let mut starts = HashMap::new();
        let mut numbers = HashSet::new();
        for part in &self.parts {
            match &part.kind {
                PartKind::Unknown => self.anomalies.push(Anomaly::UnknownBytes(part.span.clone())),
                PartKind::Object { reference, referenced } => {
                    starts.insert(part.span.start, *reference);
                    if !referenced {
                        let (reference, span) = (*reference, part.span.clone());
                        self.anomalies.push(Anomaly::UnreferencedObject { reference, span });
                    }
                    if !numbers.insert(reference.number) {
                        self.anomalies.push(Anomaly::DuplicateObject(*reference));
                    }
                }
                _ => {}
            }
        }
        self.check_entries(index, &starts)?;
        self.check_end();
        Ok(())
    }

    fn check_entries(&mut self, index: usize, starts: &HashMap<u64, Ref>) -> Result<(), ReadError> {
        let revision = self.revision;
        if revision.kind() == XrefKind::Rebuilt {
            self.anomalies.push(Anomaly::Repaired);
        }
        if revision.sections.iter().any(|section| section.has_duplicates) {
            self.anomalies.push(Anomaly::DuplicateEntry);
        }
        let before = index.checked_sub(1).map(|before| self.document.at_revision(before)).transpose()?;
        let size = revision.trailer().value("Size").as_integer().unwrap_or(0);
        for (reference, change) in revision.changes() {
            let Change::Defined(location) = change else { continue };
            if i64::from(reference.number) >= size {
                self.anomalies.push(Anomaly::SizeTooSmall);
            }
            let Location::Offset(offset) = location else { continue };
            // An entry repeated from an earlier revision says nothing new.
            let is_old = || before.as_ref().and_then(|before| before.locate(reference)).map(|(_, l)| l);
            if starts.get(&offset) != Some(&reference) && is_old() != Some(location) {
                self.anomalies.push(Anomaly::DanglingEntry { reference, offset });
            }
        }
        Ok(())
    }

    fn check_end(&mut self) {
        let shift = self.document.offset_shift();
        let mut marks = self.parts.iter().filter(|part| matches!(part.kind, PartKind::EndOfFile));
        if marks.next_back().map(|part| part.span.end) != Some(self.revision.eof) {
            self.anomalies.push(Anomaly::MissingEof);
        }
        let last = self.parts.iter().rev().find_map(|part| match part.kind {
            PartKind::StartXref { offset } => Some(offset.saturating_add(shift)),
            _ => None,
        });
        let named = self.revision.sections.first().map(|section| section.offset);
        // The last startxref of a linearized file names its first section, as any other does.
        if last.is_none() || last != named {
            self.anomalies.push(Anomaly::WrongStartXref);
        }
    }
}
