//! What a new appearance would cover: the overlay of the certification attacks (sneaky signature, evil annotation).
//!
//! Texts and small pictures of a page count as content that can be covered; a picture over most of the page is a scan,
//! of which nobody can tell where it is blank.

use pdf::content::{self, Drawing, Mark, Paint};
use pdf::{Dict, Document, Object, ReadError, Rect, Ref};

use super::{Comparison, Finding, Modification};
use crate::report::{Code, Reason};

/// Something on a page that a reader would miss.
pub(super) struct Content {
    area: Rect,
    text: String,
}

/// Most annotations of a page that are looked at.
const MOST_ANNOTATIONS: usize = 10_000;

/// The texts and small pictures of a page (index from 0), of its annotations too: filled fields, earlier signatures.
/// What `except` shows is left out.
pub(super) fn contents(
    document: &Document,
    page: usize,
    except: Option<Ref>,
) -> Result<Vec<Content>, ReadError> {
    let whole = document.page(page)?.crop_box;
    let mut found = readable(content::page(document, page)?, whole);
    let dict = document.page(page)?.dict;
    let annotations = document.value(&dict, "Annots")?;
    for one in annotations.as_array().unwrap_or_default().iter().take(MOST_ANNOTATIONS) {
        if one.as_reference().is_none_or(|reference| Some(reference) != except) {
            found.extend(annotation(document, &*document.follow(one)?, whole)?);
        }
    }
    Ok(found)
}

/// What an annotation shows; all of its rectangle where that cannot be read.
fn annotation(document: &Document, object: &Object, whole: Rect) -> Result<Vec<Content>, ReadError> {
    const HIDDEN: i64 = 1 << 1;
    let Some(dict) = object.as_dict() else { return Ok(Vec::new()) };
    let flags = document.value(dict, "F")?.as_integer().unwrap_or_default();
    let corners = document.value(dict, "Rect")?;
    let corners: Option<Vec<f64>> =
        corners.as_array().and_then(|items| items.iter().map(Object::as_number).collect());
    let (Some([x0, y0, x1, y1]), true) = (corners.as_deref(), flags & HIDDEN == 0) else {
        return Ok(Vec::new());
    };
    let rect = Rect::new(*x0, *y0, *x1, *y1);
    let looks = document.value(dict, "AP")?;
    let Some(looks) = looks.as_dict() else { return Ok(Vec::new()) };
    let mut look = document.value(looks, "N")?;
    if let Object::Dictionary(states) = &*look {
        let state = document.value(dict, "AS")?.as_name().map(pdf::Name::to_text).unwrap_or_default();
        look = document.value(states, &state)?;
    }
    let Object::Stream(look) = &*look else { return Ok(Vec::new()) };
    let drawing = match content::placement(document, look, rect) {
        Ok(Some(placed)) => content::form(document, look, placed, &Dict::new()),
        Ok(None) => Ok(Drawing::default()),
        Err(error) => Err(error),
    };
    match drawing {
        Ok(drawing) => Ok(readable(drawing, whole)),
        Err(error @ (ReadError::Io(_) | ReadError::Limit { .. })) => Err(error),
        Err(_) => Ok(vec![Content { area: rect, text: "…".to_owned() }]),
    }
}

/// What of a drawing a reader would miss.
fn readable(drawing: Drawing, whole: Rect) -> Vec<Content> {
    let mut found = Vec::new();
    for mark in drawing.marks {
        let text = match mark.paint {
            Paint::Text { text, is_painted: true, .. } => match text {
                // Lines of dots and underscores are there to be written on.
                Some(text) if !text.chars().any(char::is_alphanumeric) => continue,
                Some(text) => text,
                None => "…".to_owned(),
            },
            Paint::Image if area(mark.area) < area(whole) / 2.0 => "…".to_owned(),
            _ => continue,
        };
        found.push(Content { area: mark.area, text });
    }
    found
}

fn area(rect: Rect) -> f64 {
    rect.width().max(0.0) * rect.height().max(0.0)
}

/// The first content that one of the marks would hide or write over.
pub(super) fn covered<'c>(contents: &'c [Content], marks: &[Mark]) -> Option<&'c str> {
    let hiding: Vec<Rect> = marks.iter().filter(|mark| hides(mark)).map(|mark| mark.area).collect();
    let found = contents.iter().find(|content| hiding.iter().any(|mark| overlaps(content.area, *mark)));
    found.map(|content| content.text.as_str())
}

/// Lines do not hide; fills, pictures and letters do, unless what lies below shines through a light colour.
fn hides(mark: &Mark) -> bool {
    match &mark.paint {
        Paint::Stroke { width } => *width > 6.0,
        Paint::Fill => !shines_through(mark),
        Paint::Text { is_painted, text, .. } => {
            *is_painted && text.as_deref().is_none_or(|text| !text.trim().is_empty())
        }
        Paint::Image | Paint::Shading => true,
    }
}

/// Whether black text below stays black and readable.
pub(super) fn shines_through(mark: &Mark) -> bool {
    let light = mark.colour.is_some_and(|[red, green, blue]| 0.3 * red + 0.59 * green + 0.11 * blue >= 0.35);
    light && matches!(mark.blend_mode.as_str(), "Multiply" | "Darken")
}

/// Whether a mark takes a visible part of a piece of content.
fn overlaps(content: Rect, mark: Rect) -> bool {
    let Some(common) = content.intersection(&mark) else { return false };
    let height = content.height().min(mark.height().max(content.height() * 0.25));
    common.height() >= height * 0.3 && common.width() >= content.height() * 0.3
}

/// A rectangle in a message, in points.
pub(super) fn shown_area(rect: Rect) -> String {
    format!("[{:.0} {:.0} {:.0} {:.0}]", rect.x0, rect.y0, rect.x1, rect.y1)
}

impl Comparison<'_> {
    /// Looks at what a signature field shows that came to the document in revision `since`.
    pub(super) fn shown_over_content(&mut self, field: &pdf::Field, since: usize) -> Result<(), ReadError> {
        if since <= self.signed {
            return Ok(()); // everybody who signed has seen the place
        }
        let document = &self.new.document;
        for widget in &field.widgets {
            let (Some(page), Some(rect)) = (widget.page, widget.rect) else { continue };
            let looks = document.value(&widget.dict, "AP")?;
            let Some(looks) = looks.as_dict() else { continue };
            let Object::Stream(look) = &*document.value(looks, "N")? else { continue };
            let drawing = match content::placement(document, look, rect)? {
                Some(placed) => content::form(document, look, placed, &Dict::new())?,
                None => Drawing::default(),
            };
            if drawing.marks.is_empty() {
                continue;
            }
            let name = |code: Code| {
                Reason::new(code)
                    .with("field", &field.name)
                    .with("page", page + 1)
                    .with("area", shown_area(rect))
            };
            let mut finding =
                Finding::new(Modification::None, Some(widget.reference), name(Code::ChangeSignatureShown));
            finding.pages = vec![page + 1];
            finding.seen_since = Some(since);
            match contents(&self.old.document, page, Some(widget.reference)) {
                Ok(contents) => {
                    if let Some(text) = covered(&contents, &drawing.marks) {
                        let text: String = text.chars().take(60).collect();
                        finding.level = Modification::Forbidden;
                        finding.what = name(Code::ChangeSignatureCovers).with("text", text.trim());
                    }
                }
                Err(error @ (ReadError::Io(_) | ReadError::Limit { .. })) => return Err(error),
                Err(error) => {
                    finding.level = Modification::Forbidden;
                    finding.what = Reason::new(Code::ChangesNotJudged).with("detail", error.to_string());
                }
            }
            self.findings.push(finding);
        }
        Ok(())
    }

    /// The revision that brought an object into the document.
    pub(super) fn born(&self, reference: Ref) -> usize {
        let defines = |revision: &pdf::Revision| {
            matches!(revision.change(reference.number), Some((_, pdf::Change::Defined(_))))
        };
        self.new.document.revisions().iter().position(defines).unwrap_or(self.revision)
    }
}
