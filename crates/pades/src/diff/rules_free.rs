//! Comments that draw freely, at `DocMDP` 3: text boxes and ink (ISO 32000-2 §12.5.6.6, §12.5.6.13).
//!
//! Both could be taken for content, so they must look like a comment and keep away from what was certified. Ink is thin and
//! of a lively colour, and hides nothing. A text box says what it holds (`/Contents`), in lively letters or on a coloured
//! ground, and stands on an empty place: no text, line, picture or field is near enough to be read together with it.

use pdf::content::{self, Drawing, Mark, Paint};
use pdf::{Dict, Object, ReadError, Rect, Ref};

use super::Comparison;
use super::content::Content;
use super::cover::{covered, has_own_colours, luminance, opaque};
use super::look::shown;
use super::reading::{self, Text};
use super::value::squeezed;
use super::{blot, frame};

/// The kinds.
const FREE: [&str; 2] = ["FreeText", "Ink"];
/// What they may state besides what every comment may (tables 177, 185). No callouts: programs draw their lines.
pub(super) const FREE_KEYS: [&str; 5] = ["InkList", "DA", "DS", "Q", "RD"];

/// Thickest line of ink, in points.
const MOST_LINE: f64 = 3.0;
/// How strong a channel of a lively colour is, and how far another one falls behind.
const LIVELY: (f64, f64) = (0.6, 0.5);
/// How near two colours are that look alike.
const ALIKE: f64 = 0.3;
/// Colours of a page that are looked at.
const MOST_COLOURS: usize = 10_000;
/// How light a ground is, and how far from grey.
const GROUND: (f64, f64) = (0.5, 0.15);
/// How far a text box keeps from what the page shows, along a line and across, in points.
const CLEAR: (f64, f64) = (18.0, 8.0);
/// Flags by which programs place an annotation in ways of their own: `NoZoom`, `NoRotate`.
const PLACED: i64 = 8 | 16;

/// The kind of a comment that draws freely; `None` for other annotations.
pub(super) fn free_kind(dict: &Dict) -> Option<String> {
    let kind = dict.value("Subtype").as_name()?.to_text();
    FREE.contains(&kind.as_str()).then_some(kind)
}

impl Comparison<'_> {
    /// Why such a comment could be taken for content, or hide some; `None` where it could not.
    pub(super) fn free_problem(
        &self,
        dict: &Dict,
        kind: &str,
        (rect, page): (Rect, Option<usize>),
    ) -> Result<Option<String>, ReadError> {
        let because = |words: &str| Ok(Some(words.to_owned()));
        let document = &self.new.document;
        let Some(page) = page else { return because("it stands on no page") };
        if document.value(dict, "F")?.as_integer().unwrap_or_default() & PLACED != 0 {
            return because("it does not stay in its place");
        }
        let looks = document.value(dict, "AP")?;
        let look = match looks.as_dict() {
            Some(looks) if looks.iter().all(|(key, _)| *key == *"N") => document.value(looks, "N")?,
            Some(_) => return because("it has several looks"),
            None => return because("it has no look of its own"),
        };
        let Object::Stream(look) = &*look else { return because("it has no look of its own") };
        let Some(placed) = content::placement(document, look, rect)? else {
            return because("its look has no box");
        };
        let drawing = content::look(document, look, placed, &Dict::new())?;
        if let Some(oddity) = drawing.oddities.first() {
            return because(oddity);
        }
        if drawing.is_uncertain || drawing.marks.iter().any(|mark| mark.is_blended) {
            return because("programs draw it differently");
        }
        if drawing.marks.iter().any(|mark| matches!(mark.paint, Paint::Image(_) | Paint::Shading)) {
            return because("it shows a picture");
        }
        if kind == "Ink" {
            self.ink_problem(&drawing, page)
        } else {
            self.box_problem(dict, &drawing, (rect, page))
        }
    }

    fn ink_problem(&self, drawing: &Drawing, page: usize) -> Result<Option<String>, ReadError> {
        for mark in &drawing.marks {
            let Paint::Stroke { width, lines: Some(_) } = &mark.paint else {
                return Ok(Some("it is not made of lines".to_owned()));
            };
            if *width > MOST_LINE {
                return Ok(Some("its line is thick".to_owned()));
            }
            if !is_lively(mark) {
                return Ok(Some("its colour could be that of the page".to_owned()));
            }
        }
        if self.is_colour_of_page(page, &drawing.marks)? {
            return Ok(Some("its colour is that of the page".to_owned()));
        }
        if let Some(text) = covered(&self.contents_of(page)?, None, &drawing.marks) {
            return Ok(Some(format!("“{text}”")));
        }
        let Some(place) = around(drawing.marks.iter().map(|mark| mark.reach)) else { return Ok(None) };
        let hides = self.hides_drawn(&self.new.document, (page, None), place, &drawing.marks)?;
        Ok(hides.then(|| "it hides what the page shows".to_owned()))
    }

    fn box_problem(
        &self,
        dict: &Dict,
        drawing: &Drawing,
        (rect, page): (Rect, usize),
    ) -> Result<Option<String>, ReadError> {
        let document = &self.new.document;
        let (said, seen) = match shown(drawing, rect, false) {
            Ok(shown) => shown,
            Err(detail) => return Ok(Some(detail.to_owned())),
        };
        let contents = document.value(dict, "Contents")?.as_text().unwrap_or_default();
        if squeezed(&said) != squeezed(&contents) {
            return Ok(Some("it does not show what it says".to_owned()));
        }
        let mut texts = Vec::new();
        for mark in &seen {
            match self.vouch(document, mark)? {
                Ok(outlines) => texts.push(Text { mark, outlines }),
                Err(detail) => return Ok(Some(detail.to_owned())),
            }
        }
        let turned = f64::from(document.page(page)?.rotation.degrees());
        let read = match reading::read(&texts, &[0.0, turned]) {
            Ok(read) => read,
            Err(detail) => return Ok(Some(detail.to_owned())),
        };
        if let Some(detail) = frame::problem(&drawing.marks, rect, frame::Shape::Plain, &read.letters) {
            return Ok(Some(detail.to_owned()));
        }
        if self.is_colour_of_page(page, &drawing.marks)? {
            return Ok(Some("its colour is that of the page".to_owned()));
        }
        let letters = read.letters.iter().copied();
        if !is_told_apart(&drawing.marks, &seen, around(letters)) {
            return Ok(Some("its text could be that of the page".to_owned()));
        }
        let all = drawing.marks.iter().map(|mark| mark.area).chain(read.letters.iter().copied());
        let Some(place) = around(all) else { return Ok(None) };
        self.nearby(page, place)
    }

    /// Whether the page itself writes or draws in a lively colour of the marks.
    fn is_colour_of_page(&self, page: usize, marks: &[Mark]) -> Result<bool, ReadError> {
        let drawing = content::page(&self.old.document, page)?;
        let own = drawing.marks.iter().filter(|mark| is_lively(mark) && !has_own_colours(mark));
        let own: Vec<[f64; 3]> = own.filter_map(|mark| mark.colour).take(MOST_COLOURS).collect();
        let is_like = |colour: [f64; 3]| {
            own.iter().any(|one| one.iter().zip(colour).all(|(one, other)| (one - other).abs() < ALIKE))
        };
        Ok(marks.iter().filter(|mark| is_lively(mark)).filter_map(|mark| mark.colour).any(is_like))
    }

    /// What the page shows so near to a place that it would be read together with it.
    fn nearby(&self, page: usize, place: Rect) -> Result<Option<String>, ReadError> {
        let (x, y) = CLEAR;
        let place = Rect { x0: place.x0 - x, y0: place.y0 - y, x1: place.x1 + x, y1: place.y1 + y };
        let meets = |area: Rect| area.intersection(&place).is_some();
        let of_others = |content: &&Content| !self.is_late_comment(content.owner);
        let contents = self.contents_of(page)?;
        if let Some(content) = contents.iter().filter(of_others).find(|content| meets(content.area)) {
            return Ok(Some(format!("it stands beside “{}”", content.text.trim())));
        }
        let old = &self.old.document;
        let drawing = content::page(old, page)?;
        let writes = |mark: &Mark| {
            matches!(&mark.paint, Paint::Text { is_painted: true, text, .. }
            if text.as_deref().is_none_or(|text| !text.trim().is_empty()))
        };
        if drawing.marks.iter().any(|mark| writes(mark) && meets(mark.area)) {
            return Ok(Some("it stands beside text".to_owned()));
        }
        let is_ground = |mark: &Mark| {
            matches!(&mark.paint, Paint::Fill { lines: Some(lines) }
            if mark.colour.is_some_and(|colour| luminance(colour) >= 0.7) && frame::is_rectangle(mark.area, lines))
        };
        let drawn =
            drawing.marks.iter().filter(|mark| !matches!(mark.paint, Paint::Text { .. }) && !is_ground(mark));
        let shows = blot::shows(place, &drawn.filter(|mark| meets(mark.reach)).collect::<Vec<_>>(), old)?;
        if shows || self.hides_drawn(old, (page, None), place, &[opaque(place)])? {
            return Ok(Some("it stands beside a line or a picture".to_owned()));
        }
        let on_page = |widget: &&pdf::Widget| widget.page == Some(page);
        let mut widgets = self.old.form.fields.iter().flat_map(|field| &field.widgets).filter(on_page);
        let is_field = widgets.any(|widget| widget.rect.is_some_and(meets));
        Ok(is_field.then(|| "it stands beside a field".to_owned()))
    }

    /// Whether an annotation came after the first signature and is no field: other comments are no content.
    fn is_late_comment(&self, annotation: Option<Ref>) -> bool {
        let mut widgets = self.old.form.fields.iter().flat_map(|field| &field.widgets);
        self.is_late(annotation) && !widgets.any(|widget| Some(widget.reference) == annotation)
    }

    /// Whether a comment came after the first signature: what was certified is no comment to be taken away.
    pub(super) fn is_late(&self, reference: Option<Ref>) -> bool {
        reference.is_some_and(|reference| self.born(reference) > self.signed)
    }
}

/// Whether a text is told apart from that of a page: all of it is of a lively colour, or it stands on a coloured ground.
fn is_told_apart(marks: &[Mark], seen: &[&Mark], letters: Option<Rect>) -> bool {
    let is_blank =
        |mark: &&&Mark| matches!(&mark.paint, Paint::Text { text: Some(text), .. } if text.trim().is_empty());
    if seen.iter().filter(|mark| !is_blank(mark)).all(|mark| is_lively(mark)) {
        return true;
    }
    let is_ground = |mark: &Mark| {
        let Paint::Fill { lines: Some(lines) } = &mark.paint else { return false };
        let is_coloured = mark.colour.is_some_and(|colour| {
            luminance(colour) >= GROUND.0 && strongest(colour) - weakest(colour) >= GROUND.1
        });
        is_coloured
            && frame::is_rectangle(mark.area, lines)
            && letters.is_none_or(|letters| mark.area.contains(&letters))
    };
    // The last area is the one that is seen.
    marks.iter().rfind(|mark| matches!(mark.paint, Paint::Fill { .. })).is_some_and(is_ground)
}

fn is_lively(mark: &Mark) -> bool {
    mark.colour.is_some_and(|colour| {
        strongest(colour) >= LIVELY.0
            && strongest(colour) - weakest(colour) >= LIVELY.1
            && luminance(colour) <= 0.7
    })
}

fn strongest(colour: [f64; 3]) -> f64 {
    colour.into_iter().fold(0.0, f64::max)
}

fn weakest(colour: [f64; 3]) -> f64 {
    colour.into_iter().fold(1.0, f64::min)
}

/// The smallest rectangle around several.
fn around(areas: impl Iterator<Item = Rect>) -> Option<Rect> {
    areas.reduce(|a, b| Rect {
        x0: a.x0.min(b.x0),
        y0: a.y0.min(b.y0),
        x1: a.x1.max(b.x1),
        y1: a.y1.max(b.y1),
    })
}
