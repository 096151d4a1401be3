//! Whether a field's appearance shows its value (ISO 32000-2 §12.7.4.3).
//!
//! A field may be filled in after a signature, so its look may change; but what it then shows must be what it holds.
//! Otherwise one program, or one person, would act on the value and another on the look.

use pdf::content::{self, Drawing, Mark, Paint};
use pdf::{Dict, Document, Field, Object, ReadError, Rect, Stream, Widget};

use super::cover::{luminance, writes};
use super::frame::{self, Shape};
use super::reading::{self, Line, Text};
use super::value::{Expected, expected, says, squeezed};
use super::{Comparison, ink, undrawn};
use crate::report::{Code, Reason};

const COMB: i64 = 1 << 24;

/// Margins of a field, in points: what its text is cut to may be that much smaller.
const SLACK: f64 = 8.0;
/// Smallest type that counts as seen, in points.
const LEAST_TYPE: f64 = 2.0;
/// Least difference in lightness between letters that are seen and what they stand on.
const LEAST_CONTRAST: f64 = 0.25;
/// Most straight segments of borders and backgrounds; more could be letters.
const MOST_SEGMENTS: usize = 80;

impl Comparison<'_> {
    /// Why the look of a filled text or choice field does not show its value; `None` where it does.
    ///
    /// What has no look is drawn by programs from the value, each in its own way: it passes where a plain line of text, as
    /// the default appearance says, shows all of it.
    pub(super) fn contradicts(
        &self,
        document: &Document,
        field: &Field,
        resources: &Dict,
    ) -> Result<Option<Reason>, ReadError> {
        let expected = expected(document, field)?;
        for widget in &field.widgets {
            let Some(rect) = widget.rect else { continue };
            let looks = document.value(&widget.dict, "AP")?;
            let empty = Dict::new();
            let looks = looks.as_dict().unwrap_or(&empty);
            if document.value(looks, "N")?.is_null()
                && let Some(reason) = self.undrawn(document, (field, &expected), widget, resources)?
            {
                return Ok(Some(reason));
            }
            // Besides the one that is usually seen, those under the pointer and while it is pressed.
            for key in ["N", "R", "D"] {
                let look = document.value(looks, key)?;
                let Object::Stream(look) = &*look else {
                    if look.is_null() {
                        continue;
                    }
                    return Ok(Some(unreadable(field, "it has several looks")));
                };
                let drawing = match content::placement(document, look, rect)? {
                    Some(placed) => content::look(document, look, placed, resources)?,
                    None if is_blank(document, look)? => continue,
                    None => return Ok(Some(unreadable(field, "its look has no box"))),
                };
                let directions = directions(document, widget)?;
                let place = (widget, rect, directions.as_slice());
                if let Some(reason) = self.compare(document, (field, &expected), &drawing, place)? {
                    return Ok(Some(reason));
                }
            }
        }
        Ok(None)
    }

    /// Why programs that draw a widget from its value could show something else.
    fn undrawn(
        &self,
        document: &Document,
        (field, expected): (&Field, &Expected),
        widget: &Widget,
        resources: &Dict,
    ) -> Result<Option<Reason>, ReadError> {
        let drawn = match undrawn::look(document, (field, expected), widget, resources)? {
            Ok(Some(drawn)) => drawn,
            Ok(None) => return Ok(None),
            Err(detail) => return Ok(Some(unreadable(field, detail))),
        };
        let drawing = content::look(document, &drawn.look, pdf::Matrix::IDENTITY, resources)?;
        self.compare(document, (field, expected), &drawing, (widget, drawn.rect, &[0.0]))
    }

    fn compare(
        &self,
        document: &Document,
        (field, expected): (&Field, &Expected),
        drawing: &Drawing,
        (widget, rect, directions): (&Widget, Rect, &[f64]),
    ) -> Result<Option<Reason>, ReadError> {
        if let Some(detail) = problem(drawing, rect) {
            return Ok(Some(unreadable(field, &detail)));
        }
        let (shown, seen) = match shown(drawing, rect, is_framed(widget)) {
            Ok(shown) => shown,
            Err(detail) => return Ok(Some(unreadable(field, detail))),
        };
        let mut texts = Vec::new();
        for mark in seen {
            match self.vouch(document, mark)? {
                Ok(outlines) => texts.push(Text { mark, outlines }),
                Err(detail) => return Ok(Some(unreadable(field, detail))),
            }
        }
        let shape = match expected {
            Expected::Options { .. } => Shape::List,
            Expected::Text(_) if field.flags & COMB != 0 => Shape::Comb,
            Expected::Text(_) => Shape::Plain,
        };
        let read = reading::read(&texts, directions);
        let problem = match &read {
            Err(detail) => Some(*detail),
            Ok(read) => frame::problem(&drawing.marks, rect, shape, &read.letters)
                .or_else(|| wrong_bar(drawing, rect, expected, &read.lines)),
        };
        Ok(match problem {
            Some(detail) => Some(unreadable(field, detail)),
            None => says(field, expected, &shown),
        })
    }
}

/// The directions in which the lines of a widget may run, in degrees against the clock: as its style turns it (/MK /R,
/// table 192), and upright for whoever looks at the page.
fn directions(document: &Document, widget: &Widget) -> Result<Vec<f64>, ReadError> {
    let style = document.value(&widget.dict, "MK")?;
    let turned = match style.as_dict() {
        Some(style) => document.value(style, "R")?.as_number().unwrap_or(0.0),
        None => 0.0,
    };
    let page = match widget.page {
        Some(page) => f64::from(document.page(page)?.rotation.degrees()),
        None => 0.0,
    };
    Ok(vec![turned, page])
}

/// Whether the bars of a list mark anything but the options that are chosen.
fn wrong_bar(drawing: &Drawing, rect: Rect, expected: &Expected, lines: &[Line]) -> Option<&'static str> {
    let Expected::Options { chosen, .. } = expected else { return None };
    let chosen: Vec<String> = chosen.iter().map(|option| squeezed(option)).collect();
    let is_bar = |mark: &&Mark| {
        let (width, height) = (mark.area.width(), mark.area.height());
        matches!(mark.paint, Paint::Fill { .. })
            && (width < rect.width() * 0.9 || height < rect.height() * 0.9)
            && width.min(height) > frame::THIN
    };
    let bars: Vec<&Mark> = drawing.marks.iter().filter(is_bar).collect();
    let is_marked = |line: &Line| {
        let (x, y) = (f64::midpoint(line.area.x0, line.area.x1), f64::midpoint(line.area.y0, line.area.y1));
        bars.iter().any(|bar| bar.area.x0 <= x && x <= bar.area.x1 && bar.area.y0 <= y && y <= bar.area.y1)
    };
    let is_chosen = |line: &Line| chosen.contains(&squeezed(&line.text));
    // Some programs mark none.
    if bars.is_empty() || lines.iter().all(is_chosen) {
        return None;
    }
    lines.iter().any(|line| is_marked(line) != is_chosen(line)).then_some("it marks another option")
}

/// Whether a look paints nothing, whatever a program takes for its box.
pub(super) fn is_blank(document: &Document, look: &Stream) -> Result<bool, ReadError> {
    Ok(document.decoded(look)?.iter().all(u8::is_ascii_whitespace))
}

pub(super) fn unreadable(field: &Field, detail: &str) -> Reason {
    Reason::new(Code::ChangeLookUnreadable).with("field", &field.name).with("detail", detail)
}

/// What a look of a field may not be made of.
fn problem(drawing: &Drawing, rect: Rect) -> Option<String> {
    if drawing.has_curves || drawing.segments > MOST_SEGMENTS {
        return Some("it draws shapes".to_owned());
    }
    if drawing.marks.iter().any(|mark| matches!(mark.paint, Paint::Image(_) | Paint::Shading)) {
        return Some("it shows a picture".to_owned());
    }
    if let Some(oddity) = drawing.oddities.first() {
        return Some(oddity.clone());
    }
    // A clip that leaves the text no more than a part of the field hides the rest.
    let is_wide = |clip: &Rect| {
        clip.width() >= (rect.width() * 0.7).min(rect.width() - SLACK)
            && clip.height() >= (rect.height() * 0.5).min(rect.height() - SLACK)
    };
    (!drawing.clips.iter().all(is_wide)).then(|| "it cuts its text".to_owned())
}

/// The text that can be seen, and the marks that write it.
pub(super) fn shown(
    drawing: &Drawing,
    rect: Rect,
    framed: bool,
) -> Result<(String, Vec<&Mark>), &'static str> {
    let thick = if framed { rect.width().min(rect.height()) / 4.0 } else { 0.0 };
    let widest = thick.clamp(4.0, 12.0);
    let (mut text, mut marks): (String, Vec<&Mark>) = (String::new(), Vec::new());
    let mut grounds: Vec<&Mark> = Vec::new();
    let mut began = false;
    for (mark, above) in drawing.marks.iter().zip(1..) {
        match &mark.paint {
            Paint::Fill { .. } if !is_thin(mark.area) && marks.iter().any(|text| meet(mark, text)) => {
                return Err("it paints over its text");
            }
            Paint::Fill { .. } => grounds.push(mark),
            Paint::Text { text: said, size, is_painted, .. } => {
                let said = said.as_deref().ok_or("its font does not tell what it shows")?;
                if mark.is_blended && !said.trim().is_empty() {
                    return Err("its text is transparent");
                }
                let background = backgrounds(&grounds, mark)?;
                let seen = *is_painted
                    && !background.iter().any(|ground| is_like(mark, *ground))
                    && is_legible(mark, *size, said.chars().count());
                if seen && !said.trim().is_empty() {
                    let colour = mark.colour.ok_or("the colour of its text is unknown")?;
                    let is_pale =
                        |ground: &[f64; 3]| (luminance(*ground) - luminance(colour)).abs() < LEAST_CONTRAST;
                    if background.iter().any(is_pale) {
                        return Err("its text is pale");
                    }
                }
                if seen {
                    let above = drawing.marks.get(above..).unwrap_or_default();
                    let erased = |one: &Mark| background.iter().any(|ground| erases(one, mark, *ground));
                    if paints_over(above, mark) || above.iter().any(erased) {
                        return Err("it paints over its text");
                    }
                    text.push_str(said);
                    began |= !said.trim().is_empty();
                    marks.push(mark);
                }
            }
            Paint::Stroke { width, .. } if began && *width > widest => {
                return Err("it paints over its text");
            }
            _ => {}
        }
    }
    Ok((text, marks))
}

fn meet(one: &Mark, other: &Mark) -> bool {
    let common = one.area.intersection(&other.area);
    common.is_some_and(|common| common.width() > 0.5 && common.height() > 0.5)
}

/// The colours that a text may be written on: of the last area that lies under all of it, and of what came after.
fn backgrounds(grounds: &[&Mark], text: &Mark) -> Result<Vec<[f64; 3]>, &'static str> {
    let lies_under = |ground: &&Mark| {
        let Paint::Fill { lines: Some(lines) } = &ground.paint else { return false };
        ground.area.contains(&text.area) && frame::is_rectangle(ground.area, lines)
    };
    let last = grounds.iter().rposition(lies_under);
    let after = grounds.get(last.unwrap_or_default()..).unwrap_or_default();
    let mut colours = if last.is_some() { Vec::new() } else { vec![[1.0; 3]] };
    for ground in after.iter().filter(|ground| meet(ground, text)) {
        colours.push(ground.colour.ok_or("the colour of its background is unknown")?);
    }
    Ok(colours)
}

/// Whether letters in the colour of the background are written on a text.
fn erases(letters: &Mark, text: &Mark, background: [f64; 3]) -> bool {
    meet(letters, text) && writes(letters) && is_like(letters, background)
}

/// Whether lines and thin areas above a text hide it together.
fn paints_over(above: &[Mark], text: &Mark) -> bool {
    let paints = |mark: &&Mark| matches!(mark.paint, Paint::Fill { .. } | Paint::Stroke { .. });
    let above: Vec<&Mark> = above.iter().filter(paints).collect();
    ink::hide_together(text.area, &above)
}

/// Whether letters of that many are large enough to be read: neither tiny nor squeezed flat.
fn is_legible(mark: &Mark, size: f64, letters: usize) -> bool {
    let (width, height) = (mark.area.width(), mark.area.height());
    let letters = f64::from(u32::try_from(letters).unwrap_or(u32::MAX));
    size >= LEAST_TYPE && width.min(height) >= 0.3 && width.max(height) >= 0.05 * size * letters
}

/// Borders are strokes: a widget with a border style may have wide ones.
fn is_framed(widget: &Widget) -> bool {
    ["BS", "Border", "MK"].iter().any(|key| widget.dict.contains(key))
}

/// A rule between the cells of a comb, or an underline: too thin to hide a letter.
fn is_thin(area: Rect) -> bool {
    area.width().min(area.height()) <= frame::THIN
}

fn is_like(mark: &Mark, background: [f64; 3]) -> bool {
    mark.colour.is_some_and(|colour| colour.iter().zip(background).all(|(a, b)| (a - b).abs() < 0.08))
}
