//! Revisions: the file as first written and each incremental update (ISO 32000-2, 7.5.6).

use std::ops::Range;

use crate::document::Document;
use crate::xref::{Entry, Place};
use crate::{Dict, ReadError, Ref, hash_ranges};

/// How a cross reference is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum XrefKind {
    /// A table (7.5.4).
    Table,
    /// A stream (7.5.8).
    Stream,
    /// A table with /XRefStm (7.5.8.4).
    Hybrid,
    /// Rebuilt by scanning, because the file's own could not be used.
    Rebuilt,
}

/// Where an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Location {
    /// At a byte of the file.
    Offset(u64),
    /// In an object stream (7.5.7).
    Compressed {
        /// Object number of the stream.
        stream: u32,
        /// Index within it.
        index: u32,
    },
}

/// What a cross-reference section does to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Defines it, or defines it anew.
    Defined(Location),
    /// Marks it free.
    Freed,
}

/// One cross-reference section with its trailer.
#[derive(Debug, Clone)]
pub struct Section {
    /// Where `xref`, or the cross-reference stream object, begins.
    pub offset: u64,
    /// Table, stream or hybrid.
    pub kind: XrefKind,
    /// The span of the table with its trailer, or of the stream object.
    pub span: Range<u64>,
    /// For a hybrid section, the span of the stream that /XRefStm points to.
    pub hybrid_span: Option<Range<u64>>,
    /// The trailer dictionary, or the dictionary of the cross-reference stream.
    pub trailer: Dict,
    /// The cross-reference stream object itself.
    pub stream: Option<Ref>,
    /// An object number stands twice in the section, with different places: readers may disagree about it.
    pub has_duplicates: bool,
    /// For a hybrid section, the objects that only /XRefStm leads to: readers of tables alone do not see them here.
    pub hidden: Vec<u32>,
    /// Those of them that the table calls free: such readers do not look for them in older sections either.
    pub(crate) free_in_table: Vec<u32>,
    pub(crate) entries: Vec<Entry>,
}

/// A revision: one section, or the two of a linearized file (Annex F).
#[derive(Debug, Clone)]
pub struct Revision {
    /// The first byte after the revision before; 0 for the first.
    pub start: u64,
    /// The byte after `%%EOF`.
    pub eof: u64,
    /// The byte after `%%EOF` and the end-of-line marker that follows it, if one does.
    pub end: u64,
    /// Its sections, the one that counts first in front.
    pub sections: Vec<Section>,
}

impl Revision {
    /// How its main cross reference is written.
    pub fn kind(&self) -> XrefKind {
        self.sections.first().map_or(XrefKind::Rebuilt, |section| section.kind)
    }

    /// Its trailer dictionary: of the main section.
    pub fn trailer(&self) -> &Dict {
        static EMPTY: Dict = Dict::new();
        self.sections.first().map_or(&EMPTY, |section| &section.trailer)
    }

    /// What the revision does to which objects, by object number.
    pub fn changes(&self) -> Vec<(Ref, Change)> {
        let mut merged: Vec<Entry> = Vec::new();
        for section in &self.sections {
            merged.extend(&section.entries);
        }
        // Stable: of equal numbers the section in front comes first and counts.
        merged.sort_by_key(|entry| entry.number);
        merged.dedup_by_key(|entry| entry.number);
        merged
            .iter()
            .map(|entry| (Ref::new(entry.number, entry.generation), Change::from(entry.place)))
            .collect()
    }

    /// What the revision does to one object number, if it does anything.
    pub fn change(&self, number: u32) -> Option<(Ref, Change)> {
        self.sections.iter().find_map(|section| {
            let at = section.entries.binary_search_by_key(&number, |entry| entry.number).ok()?;
            let entry = section.entries.get(at)?;
            Some((Ref::new(number, entry.generation), Change::from(entry.place)))
        })
    }
}

impl From<Place> for Change {
    fn from(place: Place) -> Self {
        match place {
            Place::Free => Self::Freed,
            Place::Offset(offset) => Self::Defined(Location::Offset(offset)),
            Place::Compressed { stream, index } => Self::Defined(Location::Compressed { stream, index }),
        }
    }
}

/// Where a reader that knows no cross-reference streams finds an object (7.5.8.4); `None` where it sees none.
pub(crate) fn in_tables(document: &Document, number: u32) -> Option<Location> {
    let sections = document.revisions().iter().rev().flat_map(|revision| &revision.sections);
    for section in sections.filter(|section| matches!(section.kind, XrefKind::Table | XrefKind::Hybrid)) {
        if section.hidden.contains(&number) {
            if section.free_in_table.contains(&number) {
                return None;
            }
            continue;
        }
        if let Ok(at) = section.entries.binary_search_by_key(&number, |entry| entry.number) {
            return match Change::from(section.entries.get(at)?.place) {
                Change::Defined(location) => Some(location),
                Change::Freed => None,
            };
        }
    }
    None
}

/// Writes the file up to the end of a revision.
pub(crate) fn write(
    document: &Document,
    index: usize,
    out: &mut dyn std::io::Write,
) -> Result<u64, ReadError> {
    let revision = document.revisions().get(index).ok_or(ReadError::Missing { what: "revision" })?;
    let is_last = index + 1 == document.revisions().len();
    let end = if is_last { document.len() } else { revision.end };
    let mut outcome = Ok(());
    hash_ranges(document.source().as_ref(), std::iter::once(0..end), |bytes| {
        if outcome.is_ok() {
            outcome = out.write_all(bytes);
        }
    })?;
    outcome?;
    Ok(end)
}
