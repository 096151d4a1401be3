//! A typst world with one template, one data file and our typefaces.

use std::sync::LazyLock;

use jiff::Timestamp;
use serde::Serialize;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::Error;

/// Compilations that a cached typesetting result survives unused.
const CACHE_AGE: usize = 2;

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    [fonts::SANS, fonts::SERIF].into_iter().filter_map(|data| Font::new(Bytes::new(data), 0)).collect()
});

/// Typesets a template with its data as a PDF/A-2b file.
pub(crate) fn pdf(
    template: &str,
    data: &impl Serialize,
    ident: &str,
    at: Timestamp,
) -> Result<Vec<u8>, Error> {
    let world = OnePage::new(template, serde_json::to_vec(data)?);
    let document = typst::compile::<PagedDocument>(&world).output.map_err(|e| messages(&e))?;
    let standards =
        PdfStandards::new(&[PdfStandard::A_2b]).map_err(|e| Error::Typesetting(e.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(ident.to_owned()),
        creator: Smart::Custom(Some("Vermilion".into())),
        timestamp: datetime(at).map(typst_pdf::Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    };
    let pdf = typst_pdf::pdf(&document, &options).map_err(|e| messages(&e))?;
    comemo::evict(CACHE_AGE);
    Ok(pdf)
}

fn messages(errors: &[SourceDiagnostic]) -> Error {
    let lines: Vec<&str> = errors.iter().map(|e| e.message.as_str()).collect();
    Error::Typesetting(lines.join("; "))
}

fn datetime(at: Timestamp) -> Option<Datetime> {
    let at = at.to_zoned(jiff::tz::TimeZone::UTC);
    let part = |n: i8| u8::try_from(n).ok();
    let (month, day) = (part(at.month())?, part(at.day())?);
    Datetime::from_ymd_hms(
        at.year().into(),
        month,
        day,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
}

struct OnePage {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    template: Source,
    data: (FileId, Bytes),
}

impl OnePage {
    fn new(template: &str, data: Vec<u8>) -> Self {
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&*FONTS)),
            template: Source::new(file("main.typ"), template.to_owned()),
            data: (file("data.json"), Bytes::new(data)),
        }
    }
}

fn file(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("a plain file name is a virtual path");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl World for OnePage {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data.0 { Ok(self.data.1.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
