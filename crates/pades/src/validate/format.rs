//! The shape of a signature in the file: which bytes it covers, and that nothing hides in the hole
//! (ISO 32000-2 §12.8.1, EN 319 142-1 §5.3). These checks stop signature wrapping and universal forgery.

use std::borrow::Cow;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use pdf::{Document, Signature, Source};

use crate::report::{Code, Reason};

/// The bytes that a signature covers, found sound.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// The two ranges of the digest.
    pub(crate) covered: [Range<u64>; 2],
    /// The revision that the signature closes, from 0.
    pub(crate) revision: usize,
    /// Whether nothing follows.
    pub(crate) whole_file: bool,
}

/// The kind of signature that `/SubFilter` promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SubFilter {
    /// `ETSI.CAdES.detached`
    Cades,
    /// `adbe.pkcs7.detached`
    Pkcs7,
    /// `ETSI.RFC3161`
    TimeStamp,
}

impl SubFilter {
    pub(crate) fn of(signature: &Signature) -> Result<Self, Reason> {
        let name = signature.sub_filter.as_deref().unwrap_or_default();
        let stamp = signature.kind.as_deref() == Some("DocTimeStamp");
        match (name, stamp) {
            ("ETSI.CAdES.detached", false) => Ok(Self::Cades),
            ("adbe.pkcs7.detached", false) => Ok(Self::Pkcs7),
            ("ETSI.RFC3161", _) => Ok(Self::TimeStamp),
            _ => Err(Reason::new(Code::SubFilterUnknown).with("sub_filter", name)),
        }
    }
}

/// Checks the layout of a signature.
pub(crate) fn layout(document: &Document, signature: &Signature) -> Result<Layout, Reason> {
    if let Some(kind) = &signature.kind
        && kind != "Sig"
        && kind != "DocTimeStamp"
    {
        return Err(Reason::new(Code::SignatureTypeWrong).with("type", kind));
    }
    if document.is_repaired() {
        return Err(repaired(document, signature));
    }
    let covered = covered(document, signature)?;
    value(signature)?;
    let [before, after] = &covered;
    if signature.contents_span.as_ref() != Some(&(before.end..after.start)) {
        return Err(Reason::new(Code::GapNotContents));
    }
    let ends = |revision: &&pdf::Revision| (revision.eof..=revision.end).contains(&after.end);
    let revisions = document.revisions();
    let Some(revision) = revisions.get(signature.revision).filter(ends).map(|_| signature.revision) else {
        return Err(Reason::new(Code::CoverageNotRevision));
    };
    let whole_file = after.end == document.len();
    Ok(Layout { covered, revision, whole_file })
}

/// Why a signature in a file that had to be repaired is none: what follows the signed bytes is no update, or more is
/// damaged.
fn repaired(document: &Document, signature: &Signature) -> Reason {
    let detail = document.repaired_for().unwrap_or("cross reference");
    if let Ok([_, after]) = covered(document, signature)
        && after.end < document.len()
        && opens_up_to(document, after.end)
    {
        let reason = Reason::new(Code::BytesAfterSigned).with("from", after.end).with("to", document.len());
        return reason.with("detail", detail);
    }
    Reason::new(Code::StructureDamaged).with("detail", detail)
}

/// Whether the first `end` bytes of the file are a sound file.
fn opens_up_to(document: &Document, end: u64) -> bool {
    let beginning = Beginning { whole: Arc::clone(document.source()), end };
    document.open_later(Arc::new(beginning)).is_ok_and(|earlier| !earlier.is_repaired())
}

/// The first bytes of a file.
struct Beginning {
    whole: Arc<dyn Source>,
    end: u64,
}

impl Source for Beginning {
    fn len(&self) -> u64 {
        self.end
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let end = u64::try_from(buf.len()).ok().and_then(|len| offset.checked_add(len));
        if end.is_none_or(|end| end > self.end) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.whole.read_at(offset, buf)
    }
}

fn covered(document: &Document, signature: &Signature) -> Result<[Range<u64>; 2], Reason> {
    let Some(numbers) = &signature.byte_range else { return Err(Reason::new(Code::ByteRangeMissing)) };
    let shape = || {
        let ranges: Vec<String> = numbers.iter().take(8).map(i64::to_string).collect();
        Reason::new(Code::ByteRangeShape).with("ranges", format!("[{}]", ranges.join(" ")))
    };
    let [start, length, resume, rest] = numbers.as_slice() else { return Err(shape()) };
    let unsigned = |number: &i64| u64::try_from(*number).map_err(|_| shape());
    let (start, length, resume, rest) =
        (unsigned(start)?, unsigned(length)?, unsigned(resume)?, unsigned(rest)?);
    let end = resume.checked_add(rest).ok_or_else(shape)?;
    if start != 0 || length == 0 || length >= resume || rest == 0 {
        return Err(shape());
    }
    if end > document.len() {
        return Err(Reason::new(Code::ByteRangeBeyondFile));
    }
    Ok([0..length, resume..end])
}

/// `/Contents`, where anything is in it.
pub(crate) fn value(signature: &Signature) -> Result<&[u8], Reason> {
    let Some(contents) = &signature.contents else { return Err(Reason::new(Code::ContentsMissing)) };
    if contents.iter().all(|byte| *byte == 0) {
        return Err(Reason::new(Code::ContentsEmpty));
    }
    Ok(contents)
}

/// The value at the beginning of `/Contents` in DER, where nothing but zero bytes follows. Old signers write it with
/// indefinite lengths; only lengths are written anew then.
pub(crate) fn padded_der(contents: &[u8]) -> Result<Cow<'_, [u8]>, Reason> {
    const INDEFINITE: [u8; 2] = [0x30, 0x80];
    let malformed = |detail: &str| Reason::new(Code::ContentsMalformed).with("detail", detail);
    let (value, padding) = if contents.starts_with(&INDEFINITE) {
        let (value, padding) =
            pki::der::from_ber(contents).ok_or_else(|| malformed("an element without its end"))?;
        (Cow::Owned(value), padding)
    } else {
        let length = der_length(contents).ok_or_else(|| malformed("it does not begin as one"))?;
        let (value, padding) = contents.split_at_checked(length).ok_or_else(|| malformed("it is cut off"))?;
        (Cow::Borrowed(value), padding)
    };
    if padding.iter().any(|byte| *byte != 0) {
        return Err(Reason::new(Code::ContentsTrailing));
    }
    Ok(value)
}

/// The length of a DER SEQUENCE with its header.
fn der_length(bytes: &[u8]) -> Option<usize> {
    let [0x30, first, rest @ ..] = bytes else { return None };
    if *first < 0x80 {
        return Some(2 + usize::from(*first));
    }
    let count = usize::from(first & 0x7f);
    if count == 0 || count > 4 {
        return None;
    }
    let length = rest
        .get(..count)?
        .iter()
        .try_fold(0_usize, |length, byte| length.checked_mul(256)?.checked_add(usize::from(*byte)))?;
    length.checked_add(2 + count)
}
