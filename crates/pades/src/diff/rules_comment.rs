//! Annotations at `DocMDP` 3 (ISO 32000-2 §12.8.2.2, table 257): "annotation creation, deletion and modification".
//!
//! The standard permits every annotation, and so an attacker may cover text with one (the evil annotation attack). What
//! is permitted here are comments that cannot be taken for content: sticky notes, highlights, lines under and through
//! text, and their pop-ups, each with a look that hides nothing. Whatever may draw freely (free text, stamps, ink,
//! shapes, redactions, widgets, attachments, links, media) is not.

use pdf::content::{self, Mark, Paint};
use pdf::{Dict, Object, ReadError, Ref, Stream};

use super::cover::{covered, shines_through};
use super::look::is_blank;
use super::{Comparison, Finding, Modification};
use crate::report::{Code, Reason};

/// Kinds of annotations that only comment.
const COMMENTS: [&str; 6] = ["Text", "Highlight", "Underline", "Squiggly", "StrikeOut", "Popup"];

/// What a comment may state (tables 166, 172, 175, 182, 186). No actions, no optional content, no file.
const KEYS: &[&str] = &[
    "Type",
    "Subtype",
    "Rect",
    "Contents",
    "P",
    "NM",
    "M",
    "F",
    "AP",
    "Border",
    "BS",
    "C",
    "T",
    "Popup",
    "CA",
    "RC",
    "CreationDate",
    "Subj",
    "IRT",
    "RT",
    "QuadPoints",
    "Name",
    "State",
    "StateModel",
    "Parent",
    "Open",
    "Lang",
    "IT",
];

/// Largest icon of a sticky note, in points.
const MOST_ICON: f64 = 48.0;
/// Thickest line under or through text, in points.
const MOST_LINE: f64 = 3.0;

/// The kind of a comment; `None` for other annotations.
pub(super) fn comment_kind(dict: &Dict) -> Option<String> {
    let kind = dict.value("Subtype").as_name()?.to_text();
    COMMENTS.contains(&kind.as_str()).then_some(kind)
}

impl Comparison<'_> {
    /// An annotation that came to a page.
    pub(super) fn annotation_added(&mut self, holder: Ref, item: &Object) -> Result<(), ReadError> {
        let fresh = item.as_reference().filter(|one| self.is_changed(*one) && self.is_new(*one));
        let object = self.new.document.follow(item)?;
        let kind = object.as_dict().and_then(comment_kind);
        let (Some(reference), Some(kind), Object::Dictionary(dict)) = (fresh, kind, &*object) else {
            return self.annotations_finding(holder, Code::ChangeAnnotationAdded);
        };
        self.explain_comment(reference, dict)?;
        self.comment(holder, reference, dict, &kind, Code::ChangeCommentAdded)
    }

    /// An annotation that a page no longer lists.
    pub(super) fn annotation_removed(&mut self, holder: Ref, item: &Object) -> Result<(), ReadError> {
        let was = self.old.document.follow(item)?;
        let Some(kind) = was.as_dict().and_then(comment_kind) else {
            return self.annotations_finding(holder, Code::ChangeAnnotationRemoved);
        };
        let what = Reason::new(Code::ChangeCommentRemoved);
        self.comment_finding(Modification::Commenting, holder, item.as_reference(), what.with("kind", kind));
        Ok(())
    }

    /// An annotation that was there and is defined anew.
    pub(super) fn annotation_changed(&mut self, reference: Ref, old: &Dict) -> Result<(), ReadError> {
        self.explain(reference);
        let is = self.new.document.resolve(reference)?;
        let (was, kind) = (comment_kind(old), is.as_dict().and_then(comment_kind));
        match (&*is, kind) {
            (Object::Dictionary(dict), Some(kind)) if was.as_ref() == Some(&kind) => {
                self.explain_comment(reference, dict)?;
                self.comment(reference, reference, dict, &kind, Code::ChangeCommentChanged)
            }
            _ => self.annotations_finding(reference, Code::ChangeAnnotation),
        }
    }

    fn explain_comment(&mut self, reference: Ref, dict: &Dict) -> Result<(), ReadError> {
        self.explain(reference);
        for key in ["AP", "Popup", "BS"] {
            self.explain_new(dict.value(key))?;
        }
        Ok(())
    }

    fn comment(
        &mut self,
        holder: Ref,
        reference: Ref,
        dict: &Dict,
        kind: &str,
        code: Code,
    ) -> Result<(), ReadError> {
        let page = self.pages_using(holder).first().map(|page| page - 1);
        let (level, what) = match self.comment_problem(dict, kind, page)? {
            None => (Modification::Commenting, Reason::new(code)),
            Some(detail) => {
                (Modification::Forbidden, Reason::new(Code::ChangeCommentCovers).with("detail", detail))
            }
        };
        self.comment_finding(level, holder, Some(reference), what.with("kind", kind));
        Ok(())
    }

    fn comment_finding(&mut self, level: Modification, holder: Ref, object: Option<Ref>, what: Reason) {
        let pages = self.pages_using(holder);
        let page = pages.first().map_or_else(|| "?".to_owned(), usize::to_string);
        let mut finding = Finding::new(level, object, what.with("page", page));
        finding.pages = pages;
        self.findings.push(finding);
    }

    /// Why a comment could cover or imitate content; `None` where it could not.
    fn comment_problem(
        &self,
        dict: &Dict,
        kind: &str,
        page: Option<usize>,
    ) -> Result<Option<String>, ReadError> {
        if let Some((key, _)) = dict.iter().find(|(key, _)| !KEYS.iter().any(|known| **key == **known)) {
            return Ok(Some(format!("/{}", key.to_text())));
        }
        if !dict.repeated_keys().is_empty() {
            return Ok(Some("a key stands twice".to_owned()));
        }
        let document = &self.new.document;
        let rect = document.value(dict, "Rect")?;
        let corners: Option<Vec<f64>> =
            rect.as_array().and_then(|items| items.iter().map(Object::as_number).collect());
        let Some([x0, y0, x1, y1]) = corners.as_deref() else { return Ok(Some("/Rect".to_owned())) };
        let rect = pdf::Rect::new(*x0, *y0, *x1, *y1);
        if kind == "Text" && rect.width().max(rect.height()) > MOST_ICON {
            return Ok(Some(format!("its icon is {:.0} points large", rect.width().max(rect.height()))));
        }
        if kind == "Highlight" && self.is_dark(dict)? {
            return Ok(Some("its colour is dark".to_owned()));
        }
        let looks = document.value(dict, "AP")?;
        let Some(looks) = looks.as_dict() else { return Ok(None) };
        if looks.iter().any(|(key, _)| *key != *"N") {
            return Ok(Some("it has several looks".to_owned()));
        }
        match &*document.value(looks, "N")? {
            Object::Null => Ok(None),
            Object::Stream(look) => self.look_problem(look, kind, rect, page),
            _ => Ok(Some("it has several looks".to_owned())),
        }
    }

    /// Whether /C is too dark to read through.
    fn is_dark(&self, dict: &Dict) -> Result<bool, ReadError> {
        let colour = self.new.document.value(dict, "C")?;
        let numbers: Option<Vec<f64>> =
            colour.as_array().and_then(|items| items.iter().map(Object::as_number).collect());
        Ok(match numbers.as_deref() {
            Some([grey]) => *grey < 0.35,
            Some([red, green, blue]) => 0.3 * red + 0.59 * green + 0.11 * blue < 0.35,
            Some([.., black]) if colour.as_array().is_some_and(|items| items.len() == 4) => *black > 0.6,
            _ => false,
        })
    }

    fn look_problem(
        &self,
        look: &Stream,
        kind: &str,
        rect: pdf::Rect,
        page: Option<usize>,
    ) -> Result<Option<String>, ReadError> {
        let document = &self.new.document;
        let drawing = match content::placement(document, look, rect)? {
            Some(placed) => content::form(document, look, placed, &Dict::new())?,
            None if is_blank(document, look)? => return Ok(None),
            None => return Ok(Some("its look has no box".to_owned())),
        };
        if let Some(oddity) = drawing.oddities.first() {
            return Ok(Some(oddity.clone()));
        }
        for mark in &drawing.marks {
            let problem = match (&mark.paint, kind) {
                (Paint::Text { .. }, _) => Some("it shows text"),
                (Paint::Image | Paint::Shading, _) => Some("it shows a picture"),
                (_, "Popup") => Some("it shows something on the page"),
                (Paint::Fill | Paint::Stroke { .. }, "Highlight") if !shines_through(mark) => {
                    Some("what it paints is not transparent")
                }
                (Paint::Stroke { width }, "Underline" | "Squiggly" | "StrikeOut") if *width > MOST_LINE => {
                    Some("its line is thick")
                }
                (Paint::Fill, "Underline" | "Squiggly" | "StrikeOut") if !is_line(mark) => {
                    Some("it fills an area")
                }
                (Paint::Fill | Paint::Stroke { .. }, "Underline" | "Squiggly" | "StrikeOut")
                    if is_pale(mark) =>
                {
                    Some("its lines are as pale as paper")
                }
                _ => None,
            };
            if let Some(problem) = problem {
                return Ok(Some(problem.to_owned()));
            }
        }
        if kind == "Text" {
            let Some(page) = page else { return Ok(Some("it stands on no page".to_owned())) };
            if let Some(text) = covered(&self.contents_of(page)?, None, &drawing.marks) {
                return Ok(Some(format!("“{text}”")));
            }
        }
        Ok(None)
    }
}

/// Whether lines of this colour would erase what they cross.
fn is_pale(mark: &Mark) -> bool {
    mark.colour.is_none_or(|colour| colour.iter().all(|part| *part > 0.85))
}

fn is_line(mark: &Mark) -> bool {
    mark.area.width().min(mark.area.height()) <= MOST_LINE
}
