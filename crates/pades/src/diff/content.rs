//! What a page shows that a reader would miss, and which of its annotations shows it.
//!
//! Texts and small pictures count as content that must not be written over; what is drawn, scans included, as content
//! that opaque ink must not hide ([`super::blot`]).

use std::rc::Rc;

use pdf::content::{self, Drawing, Mark, Paint};
use pdf::{Dict, Document, Object, ReadError, Rect, Ref};

use super::cover::opaque;
use super::{Comparison, blot};

/// Something on a page that a reader would miss.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) area: Rect,
    pub(super) text: String,
    /// The annotation that shows it; `None` for the page itself.
    pub(super) owner: Option<Ref>,
    /// It may stand anywhere in its area.
    pub(super) is_anywhere: bool,
}

/// What is painted, and the annotation that paints it; `None` for the page itself.
pub(super) type Drawn = (Option<Ref>, Mark);

/// Most annotations of a page that are looked at.
pub(super) const MOST_ANNOTATIONS: usize = 10_000;
/// Strips that a scan may be cut into.
const MOST_STRIPS: usize = 200;
/// Pages whose contents are kept.
const MOST_PAGES: usize = 16;
/// The texts and small pictures of a page (index from 0), of its annotations too: filled fields, earlier signatures.
fn contents(document: &Document, page: usize) -> Result<Vec<Content>, ReadError> {
    let whole = document.page(page)?.crop_box;
    let drawing = content::page(document, page)?;
    let mut found = Vec::new();
    if drawing.is_uncertain {
        // What follows an inline image that programs read differently may be anywhere.
        found.push(Content { area: whole, text: "…".to_owned(), owner: None, is_anywhere: true });
    }
    found.extend(readable(drawing, whole, None));
    let dict = document.page(page)?.dict;
    let annotations = document.value(&dict, "Annots")?;
    for one in annotations.as_array().unwrap_or_default().iter().take(MOST_ANNOTATIONS) {
        found.extend(annotation(document, (&*document.follow(one)?, one.as_reference()), whole)?);
    }
    Ok(found)
}

/// What a page and its annotations show without writing it, and who shows it.
fn drawn_on(document: &Document, page: usize) -> Result<Vec<Drawn>, ReadError> {
    let drawing = content::page(document, page)?;
    let mut found: Vec<Drawn> = sure(drawing).into_iter().map(|mark| (None, mark)).collect();
    let dict = document.page(page)?.dict;
    let annotations = document.value(&dict, "Annots")?;
    for one in annotations.as_array().unwrap_or_default().iter().take(MOST_ANNOTATIONS) {
        let object = document.follow(one)?;
        let Some(dict) = object.as_dict() else { continue };
        let marks = match drawn(document, dict)? {
            Some((_, Some(drawing))) => sure(drawing),
            Some((rect, None)) => vec![opaque(rect)],
            None => Vec::new(),
        };
        found.extend(marks.into_iter().map(|mark| (one.as_reference(), mark)));
    }
    found.retain(|(_, mark)| blot::is_content(mark));
    Ok(found)
}

/// The marks of a drawing. Where it is shown at times or through a mask, nobody may look into its pictures: one that is
/// empty could still show a shape.
fn sure(drawing: Drawing) -> Vec<Mark> {
    let mut marks = drawing.marks;
    if !drawing.oddities.is_empty() {
        for mark in &mut marks {
            if let Paint::Image(picture) = &mut mark.paint {
                *picture = None;
            }
        }
    }
    marks
}

/// What an annotation shows; all of its rectangle where that cannot be read.
fn annotation(
    document: &Document,
    (object, owner): (&Object, Option<Ref>),
    whole: Rect,
) -> Result<Vec<Content>, ReadError> {
    let Some(dict) = object.as_dict() else { return Ok(Vec::new()) };
    Ok(match drawn(document, dict)? {
        None => Vec::new(),
        Some((_, Some(drawing))) => readable(drawing, whole, owner),
        Some((rect, None)) => vec![Content { area: rect, text: "…".to_owned(), owner, is_anywhere: false }],
    })
}

/// The rectangle of an annotation that is seen and has a look, and what that paints where it can be read.
pub(super) fn drawn(document: &Document, dict: &Dict) -> Result<Option<(Rect, Option<Drawing>)>, ReadError> {
    let (Some(rect), false) = (rect_of(document, dict)?, is_hidden(document, dict)?) else { return Ok(None) };
    let looks = document.value(dict, "AP")?;
    let Some(looks) = looks.as_dict() else { return Ok(None) };
    let mut look = document.value(looks, "N")?;
    if let Object::Dictionary(states) = &*look {
        let state = document.value(dict, "AS")?.as_name().map(pdf::Name::to_text).unwrap_or_default();
        look = document.value(states, &state)?;
    }
    let Object::Stream(look) = &*look else { return Ok(None) };
    let drawing = match content::placement(document, look, rect) {
        Ok(Some(placed)) => content::form(document, look, placed, &Dict::new()),
        Ok(None) => Ok(Drawing::default()),
        Err(error) => Err(error),
    };
    match drawing {
        Ok(drawing) => Ok(Some((rect, Some(drawing)))),
        Err(error @ (ReadError::Io(_) | ReadError::Limit { .. })) => Err(error),
        Err(_) => Ok(Some((rect, None))),
    }
}

pub(super) fn is_hidden(document: &Document, dict: &Dict) -> Result<bool, ReadError> {
    const HIDDEN: i64 = 1 << 1;
    Ok(document.value(dict, "F")?.as_integer().unwrap_or_default() & HIDDEN != 0)
}

pub(super) fn rect_of(document: &Document, dict: &Dict) -> Result<Option<Rect>, ReadError> {
    let corners = document.value(dict, "Rect")?;
    let corners: Option<Vec<f64>> =
        corners.as_array().and_then(|items| items.iter().map(Object::as_number).collect());
    let Some([x0, y0, x1, y1]) = corners.as_deref() else { return Ok(None) };
    Ok(Some(Rect::new(*x0, *y0, *x1, *y1)))
}

/// What of a drawing a reader would miss.
fn readable(drawing: Drawing, whole: Rect, owner: Option<Ref>) -> Vec<Content> {
    let is_picture = |mark: &&Mark| matches!(mark.paint, Paint::Image(_));
    let pictures = drawing.marks.iter().filter(is_picture).map(|mark| mark.area);
    let pictures: Vec<Rect> = pictures.take(MOST_STRIPS).collect();
    let mut found = Vec::new();
    for mark in drawing.marks {
        let text = match mark.paint {
            Paint::Text { text, is_painted: true, .. } => match text {
                // Lines of dots and underscores are there to be written on.
                Some(text) if !text.chars().any(char::is_alphanumeric) => continue,
                Some(text) => text,
                None => "…".to_owned(),
            },
            Paint::Image(_) if area(scan_of(mark.area, &pictures)) < area(whole) / 2.0 => "…".to_owned(),
            _ => continue,
        };
        found.push(Content { area: mark.area, text, owner, is_anywhere: false });
    }
    found
}

/// The pictures of one width that join on to one above and below, as scanners cut a page into strips.
fn scan_of(strip: Rect, pictures: &[Rect]) -> Rect {
    const NEAR: f64 = 1.0;
    let is_alike = |one: &&Rect| (one.x0 - strip.x0).abs() <= NEAR && (one.x1 - strip.x1).abs() <= NEAR;
    let mut alike: Vec<&Rect> = pictures.iter().filter(is_alike).collect();
    alike.sort_by(|a, b| a.y0.total_cmp(&b.y0));
    let mut scan = strip;
    for one in alike.iter().filter(|one| one.y0 >= strip.y0) {
        if one.y0 <= scan.y1 + NEAR {
            scan.y1 = scan.y1.max(one.y1);
        }
    }
    alike.sort_by(|a, b| b.y1.total_cmp(&a.y1));
    for one in alike.iter().filter(|one| one.y1 <= strip.y1) {
        if one.y1 >= scan.y0 - NEAR {
            scan.y0 = scan.y0.min(one.y0);
        }
    }
    scan
}

fn area(rect: Rect) -> f64 {
    rect.width().max(0.0) * rect.height().max(0.0)
}

impl Comparison<'_> {
    /// What can be read on a page of the older document.
    pub(super) fn contents_of(&self, page: usize) -> Result<Rc<Vec<Content>>, ReadError> {
        if let Some(known) = self.contents.borrow().get(&page) {
            return Ok(Rc::clone(known));
        }
        let found = Rc::new(contents(&self.old.document, page)?);
        let mut kept = self.contents.borrow_mut();
        if kept.len() >= MOST_PAGES {
            kept.clear();
        }
        kept.insert(page, Rc::clone(&found));
        Ok(found)
    }

    /// What the older document shows on a page without writing it.
    pub(super) fn drawn_of(&self, page: usize) -> Result<Rc<Vec<Drawn>>, ReadError> {
        if let Some(known) = self.drawn.borrow().get(&page) {
            return Ok(Rc::clone(known));
        }
        let found = Rc::new(drawn_on(&self.old.document, page)?);
        let mut kept = self.drawn.borrow_mut();
        if kept.len() >= MOST_PAGES {
            kept.clear();
        }
        kept.insert(page, Rc::clone(&found));
        Ok(found)
    }
}
