//! What a sender's file is: its content says, not its name. Everything that stands against signing it is refused here,
//! before anything is kept.

use std::sync::Arc;

use domain::Refusal;
use domain::envelope::PageSize;
use pdf::{DocMdp, Document, FieldKind, OpenError, ReadError, Source};

use crate::Error;
use crate::config::Limits;

/// Pages are counted up to here, so that a refusal can say how many there are.
const PAGES_COUNTED: usize = 200_000;

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Inspection {
    pub(super) pages: u32,
    pub(super) existing_signatures: u32,
    pub(super) certification: Option<u8>,
    pub(super) has_form: bool,
    pub(super) page_sizes: Vec<PageSize>,
}

/// Reads what must be known of a file. Takes time: not for asynchronous threads.
pub(super) fn inspect(source: Arc<dyn Source>, limits: Limits) -> Result<Inspection, Error> {
    if source.len() > limits.upload_bytes {
        return Err(Refusal::PdfTooLarge { limit: limits.upload_bytes }.into());
    }
    let bounds = pdf::Limits::default().with_max_pages(PAGES_COUNTED).with_max_file_size(limits.upload_bytes);
    let document = Document::open(source, &bounds).map_err(|error| open_error(error, limits))?;
    let read = |error| read_error(error, limits);
    let pages = u32::try_from(document.page_count().map_err(read)?).unwrap_or(u32::MAX);
    if pages > limits.pages {
        return Err(Refusal::PdfTooManyPages { pages, limit: limits.pages }.into());
    }
    if pages == 0 {
        return Err(Refusal::PdfDamaged { what: "there are no pages".to_owned() }.into());
    }
    let certification = document.certification().map_err(read)?;
    if certification == Some(DocMdp::NoChanges) {
        return Err(Refusal::PdfNoChangesAllowed.into());
    }
    let signed =
        document.signatures().map_err(read)?.iter().filter(|field| field.signature.is_some()).count();
    let form = document.form().map_err(read)?;
    if document.xfa().map_err(read)? == Some(pdf::Xfa::Dynamic) {
        return Err(Refusal::PdfXfa.into());
    }
    Ok(Inspection {
        pages,
        existing_signatures: u32::try_from(signed).unwrap_or(u32::MAX),
        certification: certification.map(level),
        has_form: form.fields.iter().any(|field| field.kind != FieldKind::Signature),
        page_sizes: sizes(&document, pages).map_err(read)?,
    })
}

/// A file that does not open, said so that its sender knows what to do.
pub(crate) fn open_error(error: OpenError, limits: Limits) -> Error {
    match error {
        OpenError::NotPdf => Refusal::NotPdf.into(),
        OpenError::Truncated => Refusal::PdfTruncated.into(),
        OpenError::PasswordRequired => Refusal::PdfPassword.into(),
        OpenError::UnsupportedEncryption { .. } | OpenError::CertificateRequired { .. } => {
            Refusal::PdfEncryptionUnsupported.into()
        }
        OpenError::TooLarge { .. } => Refusal::PdfTooLarge { limit: limits.upload_bytes }.into(),
        OpenError::TooManyPages { limit } => too_many_pages(limit, limits),
        OpenError::Damaged { what } => Refusal::PdfDamaged { what }.into(),
        OpenError::Io(error) => error.into(),
        other => Refusal::PdfDamaged { what: other.to_string() }.into(),
    }
}

/// A part of a file that does not read.
fn read_error(error: ReadError, limits: Limits) -> Error {
    match error {
        ReadError::Io(error) => error.into(),
        ReadError::Limit { what } if what.contains("pages") => too_many_pages(PAGES_COUNTED, limits),
        other => Refusal::PdfDamaged { what: other.to_string() }.into(),
    }
}

fn too_many_pages(counted: usize, limits: Limits) -> Error {
    let pages = u32::try_from(counted).unwrap_or(u32::MAX);
    Refusal::PdfTooManyPages { pages, limit: limits.pages }.into()
}

fn level(certification: DocMdp) -> u8 {
    match certification {
        DocMdp::NoChanges => 1,
        DocMdp::FillForms => 2,
        DocMdp::Annotate => 3,
    }
}

fn sizes(document: &Document, pages: u32) -> Result<Vec<PageSize>, ReadError> {
    let pages = usize::try_from(pages).unwrap_or(usize::MAX);
    (0..pages)
        .map(|index| {
            let page = document.page(index)?;
            let (width, height) = page.size_in_points();
            Ok(PageSize { width, height })
        })
        .collect()
}
