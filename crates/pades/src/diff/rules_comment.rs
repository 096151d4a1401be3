//! Annotations at `DocMDP` 3 (ISO 32000-2 §12.8.2.2, table 257): "annotation creation, deletion and modification".
//!
//! The standard permits every annotation, and so an attacker may cover text with one (the evil annotation attack). What
//! is permitted here are comments that cannot be taken for content: sticky notes, highlights, lines under and through
//! text, and their pop-ups, each with a look that hides nothing; text boxes and ink that look like comments and keep away
//! from what was certified ([`super::rules_free`]). Whatever else may draw freely (stamps, shapes, redactions, widgets,
//! attachments, links, media) is not.

use std::sync::Arc;

use pdf::content::{self, Mark, Paint};
use pdf::{Dict, Document, Object, Point, ReadError, Rect, Ref, Stream};

use super::content::{is_hidden, rect_of};
use super::cover::{covered, opaque, shines_through};
use super::look::is_blank;
use super::rules_free::{FREE_KEYS, free_kind};
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
    // Of no standard, and written by pdf.js: an angle, which no program draws by.
    "Rotate",
];

/// Largest icon of a sticky note, in points.
const MOST_ICON: f64 = 48.0;
/// Icon that programs draw for a sticky note without a look, in points.
const ICON: f64 = 24.0;
/// Most pieces of text that one comment marks.
const MOST_QUADS: usize = 1_000;
/// Thickest line under or through text, in points.
const MOST_LINE: f64 = 3.0;

/// Thickness of a line that programs draw by themselves, against the height of the text that it marks.
const THICKNESS: f64 = 0.075;

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
        let kind = object.as_dict().and_then(|dict| comment_kind(dict).or_else(|| free_kind(dict)));
        let (Some(reference), Some(kind), Object::Dictionary(dict)) = (fresh, kind, &*object) else {
            return self.annotations_finding(holder, Code::ChangeAnnotationAdded);
        };
        self.explain_comment(reference, dict)?;
        self.comment(holder, reference, dict, &kind, Code::ChangeCommentAdded)
    }

    /// An annotation that a page no longer lists.
    pub(super) fn annotation_removed(&mut self, holder: Ref, item: &Object) -> Result<(), ReadError> {
        let was = self.old.document.follow(item)?;
        let is_late = self.is_late(item.as_reference());
        let kind = |dict: &Dict| comment_kind(dict).or_else(|| free_kind(dict).filter(|_| is_late));
        let Some(kind) = was.as_dict().and_then(kind) else {
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
        let is_late = self.is_late(Some(reference));
        let kind = |dict: &Dict| comment_kind(dict).or_else(|| free_kind(dict).filter(|_| is_late));
        let (was, kind) = (kind(old), is.as_dict().and_then(kind));
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
        self.crowded.extend(page);
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
        let is_free = free_kind(dict).is_some();
        let known = KEYS.iter().chain(FREE_KEYS.iter().filter(|_| is_free));
        if let Some((key, _)) = dict.iter().find(|(key, _)| !known.clone().any(|known| **key == **known)) {
            return Ok(Some(format!("/{}", key.to_text())));
        }
        if !dict.repeated_keys().is_empty() {
            return Ok(Some("a key stands twice".to_owned()));
        }
        let document = &self.new.document;
        let Some(rect) = rect_of(document, dict)? else { return Ok(Some("/Rect".to_owned())) };
        if kind == "Text" && rect.width().max(rect.height()) > MOST_ICON {
            return Ok(Some(format!("its icon is {:.0} points large", rect.width().max(rect.height()))));
        }
        if kind == "Highlight" && self.is_dark(dict)? {
            return Ok(Some("its colour is dark".to_owned()));
        }
        if let Some(problem) = self.open_problem(dict, kind, page)? {
            return Ok(Some(problem));
        }
        if is_free {
            return self.free_problem(dict, kind, (rect, page));
        }
        let looks = document.value(dict, "AP")?;
        let Some(looks) = looks.as_dict() else { return self.default_look_problem(dict, kind, rect, page) };
        if looks.iter().any(|(key, _)| *key != *"N") {
            return Ok(Some("it has several looks".to_owned()));
        }
        match &*document.value(looks, "N")? {
            Object::Null => self.default_look_problem(dict, kind, rect, page),
            Object::Stream(look) => self.look_problem(look, kind, rect, page),
            _ => Ok(Some("it has several looks".to_owned())),
        }
    }

    /// Whether a pop-up window that opens by itself (table 186) would stand on what the page says.
    fn open_problem(
        &self,
        dict: &Dict,
        kind: &str,
        page: Option<usize>,
    ) -> Result<Option<String>, ReadError> {
        let document = &self.new.document;
        let other = document.value(dict, if kind == "Popup" { "Parent" } else { "Popup" })?;
        let (window, parent) =
            if kind == "Popup" { (Some(dict), other.as_dict()) } else { (other.as_dict(), Some(dict)) };
        let Some(window) = window else { return Ok(None) };
        let mut is_open = false;
        for one in [Some(window), parent].into_iter().flatten() {
            is_open |= !matches!(&*document.value(one, "Open")?, Object::Null | Object::Bool(false));
        }
        let (true, Some(rect)) = (is_open, rect_of(document, window)?) else { return Ok(None) };
        let Some(page) = page else { return Ok(Some("it stands on no page".to_owned())) };
        Ok(covered(&self.contents_of(page)?, None, &[opaque(rect)]).map(|text| format!("“{text}”")))
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

    /// Where a comment brings no look, programs draw one: an icon, a line, an area.
    fn default_look_problem(
        &self,
        dict: &Dict,
        kind: &str,
        rect: Rect,
        page: Option<usize>,
    ) -> Result<Option<String>, ReadError> {
        let document = &self.new.document;
        if is_hidden(document, dict)? {
            return Ok(None);
        }
        match kind {
            // Programs differ about the colour that is not stated.
            "Highlight" if without_look(document, dict)?.iter().any(|mark| mark.colour.is_none()) => {
                Ok(Some("its colour is not stated".to_owned()))
            }
            "Text" => {
                let Some(page) = page else { return Ok(Some("it stands on no page".to_owned())) };
                let icon = Rect { x0: rect.x0, y0: rect.y1 - ICON, x1: rect.x0 + ICON, y1: rect.y1 };
                let marks = [opaque(icon), opaque(rect)];
                let contents = self.contents_of(page)?;
                Ok(covered(&contents, None, &marks).map(|text| format!("“{text}”")))
            }
            "Underline" | "Squiggly" | "StrikeOut" => {
                let marks = without_look(document, dict)?;
                let is_thick =
                    |mark: &Mark| matches!(mark.paint, Paint::Stroke { width, .. } if width > MOST_LINE);
                Ok(if marks.iter().any(is_thick) {
                    Some("its line is thick".to_owned())
                } else if marks.iter().any(|mark| mark.colour.is_some() && is_pale(mark)) {
                    Some("its lines are as pale as paper".to_owned())
                } else {
                    None
                })
            }
            _ => Ok(None),
        }
    }

    fn look_problem(
        &self,
        look: &Stream,
        kind: &str,
        rect: Rect,
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
                (Paint::Image(_) | Paint::Shading, _) => Some("it shows a picture"),
                (_, "Popup") => Some("it shows something on the page"),
                (Paint::Fill { .. } | Paint::Stroke { .. }, "Highlight") if !shines_through(mark) => {
                    Some("what it paints is not transparent")
                }
                (Paint::Stroke { width, .. }, "Underline" | "Squiggly" | "StrikeOut")
                    if *width > MOST_LINE =>
                {
                    Some("its line is thick")
                }
                (Paint::Fill { .. }, "Underline" | "Squiggly" | "StrikeOut") if !is_line(mark) => {
                    Some("it fills an area")
                }
                (Paint::Fill { .. } | Paint::Stroke { .. }, "Underline" | "Squiggly" | "StrikeOut")
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

/// About what programs draw for a comment on text that brings no look of its own.
pub(super) fn without_look(document: &Document, dict: &Dict) -> Result<Vec<Mark>, ReadError> {
    let kind = comment_kind(dict).unwrap_or_default();
    let is_line = match kind.as_str() {
        "Underline" | "Squiggly" | "StrikeOut" => true,
        "Highlight" => false,
        _ => return Ok(Vec::new()),
    };
    let numbers = |key: &str| -> Result<Vec<f64>, ReadError> {
        let value = document.value(dict, key)?;
        let items = value.as_array().unwrap_or_default().iter();
        Ok(items.filter_map(Object::as_number).take(MOST_QUADS * 8).collect())
    };
    let colour = match numbers("C")?.as_slice() {
        [grey] => Some([*grey; 3]),
        [red, green, blue] => Some([*red, *green, *blue]),
        [cyan, magenta, yellow, black] => {
            Some([cyan, magenta, yellow].map(|ink| (1.0 - ink) * (1.0 - black)))
        }
        _ => is_line.then_some([0.0; 3]),
    };
    let style = document.value(dict, "BS")?;
    let stated = match style.as_dict() {
        Some(style) => document.value(style, "W")?.as_number(),
        None => numbers("Border")?.get(2).copied(),
    };
    let stated = stated.unwrap_or(1.0).max(1.0);
    let mut marks = Vec::new();
    for quad in numbers("QuadPoints")?.chunks_exact(8) {
        // Programs draw lines as thick as the text seems high.
        let width = stated.max(if is_line { THICKNESS * height(quad) } else { 0.0 });
        let (xs, ys) = (quad.iter().step_by(2), quad.iter().skip(1).step_by(2));
        let least = |values: &mut dyn Iterator<Item = &f64>| values.copied().fold(f64::INFINITY, f64::min);
        let most = |values: &mut dyn Iterator<Item = &f64>| values.copied().fold(f64::NEG_INFINITY, f64::max);
        let (x0, x1) = (least(&mut xs.clone()), most(&mut xs.clone()));
        let (y0, y1) = (least(&mut ys.clone()), most(&mut ys.clone()));
        let area = Rect { x0: x0 - width, y0: y0 - width, x1: x1 + width, y1: y1 + width };
        let y = if kind == "StrikeOut" { f64::midpoint(y0, y1) } else { y0 };
        let line = [Point { x: x0, y }, Point { x: x1, y }];
        let paint = if is_line {
            Paint::Stroke { width, lines: Some(Arc::new([line])) }
        } else {
            Paint::Fill { lines: None }
        };
        let blend_mode = if is_line { "Normal" } else { "Multiply" }.to_owned();
        marks.push(Mark { paint, area, reach: area, colour, is_blended: !is_line, blend_mode });
    }
    Ok(marks)
}

/// The height of a marked piece of text: corners stand in two rows, as programs have them (12.5.6.10).
fn height(quad: &[f64]) -> f64 {
    let [ax, ay, bx, by, cx, cy, dx, dy] = quad else { return f64::INFINITY };
    (ax - cx).hypot(ay - cy).max((bx - dx).hypot(by - dy))
}

/// Whether lines of this colour would erase what they cross.
fn is_pale(mark: &Mark) -> bool {
    mark.colour.is_none_or(|colour| colour.iter().all(|part| *part > 0.85))
}

fn is_line(mark: &Mark) -> bool {
    mark.area.width().min(mark.area.height()) <= MOST_LINE
}
