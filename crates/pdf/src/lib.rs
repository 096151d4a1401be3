//! PDF objects, cross references, revisions and append-only updates (ISO 32000-2).
//!
//! [`Document`] reads a file lazily through a [`Source`]: nothing is parsed that is not asked for, and
//! the file is never held in memory as a whole. [`Update`] appends one incremental update and never
//! rewrites an earlier byte (7.5.6). [`Revision`]s and [`Accounting`] say which bytes belong to which
//! update, so that a validator can judge what came after a signature.
//!
//! ```
//! use std::sync::Arc;
//! use vermilion_pdf::{Document, Limits, Update};
//! # use vermilion_pdf::{Rect, XrefKind, new::Builder};
//! # let mut builder = Builder::new(XrefKind::Table);
//! # builder.text_page(Rect::sized(0.0, 0.0, 595.0, 842.0), &["A contract"]);
//! # let mut file = builder.finish();
//! // `file`, the bytes of a PDF; a `FileSource` reads one from disk as it is needed.
//! let document = Document::open(Arc::new(file.clone()), &Limits::default())?;
//! let page = document.page(0)?.reference;
//! let mut update = Update::new(&document);
//! let turned = update.get_dict(page)?.with("Rotate", 90);
//! update.put(page, turned);
//! file.extend(update.finish()?.bytes);
//!
//! let document = Document::open(Arc::new(file), &Limits::default())?;
//! assert_eq!(document.revisions().len(), 2);
//! assert_eq!(document.page_count()?, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! This crate renders nothing and decides nothing about signatures: `pades` does.
#![cfg_attr(not(test), warn(clippy::as_conversions, clippy::indexing_slicing, clippy::unwrap_used))]

mod account;
pub mod appearance;
mod budget;
mod cache;
mod complete;
pub mod content;
mod crypt;
mod document;
mod error;
mod filter;
mod font;
mod form;
pub mod geometry;
mod lexer;
mod limits;
mod load;
pub mod new;
mod object;
mod open;
mod options;
mod page;
mod parser;
mod revision;
mod signature;
mod source;
mod stray;
mod strings;
pub mod text;
mod update;
mod write;
mod xref;

pub use account::{Accounting, Anomaly, Part, PartKind};
pub use appearance::{Appearance, FontUse, Image};
pub use crypt::{Cipher, Encryption, PasswordRole, Permission};
pub use document::Document;
pub use error::{OpenError, ReadError, UpdateError};
pub use form::{Field, FieldKind, FieldLock, FieldValue, Form, LockAction, Widget, Xfa};
pub use geometry::{Matrix, Point, Rect, Rotation};
pub use limits::Limits;
pub use object::{Dict, Name, Object, PdfString, Ref, Stream, StreamBody};
pub use options::OpenOptions;
pub use page::Page;
pub use revision::{Change, Location, Revision, Section, XrefKind};
pub use signature::{DocMdp, Signature, SignatureField, Transform, TransformReference};
pub use source::{FileSource, Joined, Source, hash_ranges, read_range};
pub use stray::StrayObject;
pub use strings::{date, text_string, text_string_value};
pub use update::{Placeholder, Tail, Update};
