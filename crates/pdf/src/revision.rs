//! Revisions: the file as first written and each incremental update (ISO 32000-2, 7.5.6).

use std::ops::Range;

use crate::{Dict, Ref};

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
    /// An object number stands twice in the section: readers may disagree about it.
    pub has_duplicates: bool,
    pub(crate) entries: Vec<crate::xref::Entry>,
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
    pub fn changes(&self) -> impl Iterator<Item = (Ref, Change)> + '_ {
        self.merged().into_iter()
    }

    fn merged(&self) -> Vec<(Ref, Change)> {
        todo!()
    }
}
