//! What a new appearance would cover: the overlay of the certification attacks (sneaky signature, evil annotation).

use std::sync::Arc;

use pdf::content::{self, Drawing, Mark, Paint};
use pdf::{Dict, Document, Field, Object, ReadError, Rect, Ref, Widget};

use super::content::{Content, MOST_ANNOTATIONS, drawn, is_hidden};
use super::look::is_blank;
use super::picture::Layer;
use super::{Comparison, Finding, Modification, blot, ink};
use crate::report::{Code, Reason};

/// Letters that a check mark may be made of.
const MOST_LETTERS: usize = 3;

/// The first content of others than `owner` that the marks would hide or write over.
pub(super) fn covered<'c>(contents: &'c [Content], owner: Option<Ref>, marks: &[Mark]) -> Option<&'c str> {
    let marks: Vec<&Mark> = marks.iter().collect();
    let of_others = contents.iter().filter(|content| owner.is_none() || content.owner != owner);
    let found = of_others.into_iter().find(|content| is_under(content, &marks));
    found.map(|content| content.text.as_str())
}

fn is_under(content: &Content, marks: &[&Mark]) -> bool {
    let meets = |mark: &&Mark| match content.is_anywhere {
        true => hides(mark) && content.area.intersection(&mark.reach).is_some(),
        false => hides(mark) && overlaps(content.area, mark.reach),
    };
    marks.iter().any(meets) || ink::hide_together(content.area, marks)
}

/// A mark that hides the whole of a rectangle: for what cannot be told.
pub(super) fn opaque(area: Rect) -> Mark {
    Mark {
        paint: Paint::Image(None),
        area,
        reach: area,
        colour: None,
        is_blended: false,
        blend_mode: "Normal".to_owned(),
    }
}

/// Which of its looks a widget shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looks {
    /// Those of every state, also under the pointer and while it is pressed.
    All,
    /// The one of its state.
    Shown,
}

/// What programs draw of a widget without a look: a background (`/MK /BG`), a border (`/MK /BC`).
fn by_its_style(document: &Document, widget: &Widget, rect: Rect) -> Result<Vec<Mark>, ReadError> {
    let style = document.value(&widget.dict, "MK")?;
    let Some(style) = style.as_dict() else { return Ok(Vec::new()) };
    let states = |key: &str| -> Result<bool, ReadError> {
        let value = document.value(style, key)?;
        Ok(!value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()))
    };
    let border = document.value(&widget.dict, "BS")?;
    let width = match border.as_dict() {
        Some(border) => document.value(border, "W")?.as_number(),
        None => None,
    };
    let is_thick = states("BC")? && width.is_some_and(|width| width > 6.0);
    let shows = states("BG")? || states("CA")? || states("I")? || is_thick;
    Ok(if shows { vec![opaque(rect)] } else { Vec::new() })
}

/// What a widget paints. What cannot be read counts as hiding all of its rectangle.
fn painted(
    (document, resources): (&Document, &Dict),
    widget: &Widget,
    which: Looks,
) -> Result<Vec<Mark>, ReadError> {
    let Some(rect) = widget.rect else { return Ok(Vec::new()) };
    let looks = document.value(&widget.dict, "AP")?;
    let Some(looks) = looks.as_dict() else { return by_its_style(document, widget, rect) };
    let mut streams: Vec<Arc<Object>> = Vec::new();
    for (key, value) in looks.iter() {
        if which == Looks::Shown && *key != *"N" {
            continue;
        }
        let look = document.follow(value)?;
        let Object::Dictionary(states) = &*look else {
            streams.push(look);
            continue;
        };
        for (state, value) in states.iter() {
            if which == Looks::All || widget.state.as_deref() == Some(state.to_text().as_str()) {
                streams.push(document.follow(value)?);
            }
        }
    }
    let mut marks = Vec::new();
    for look in &streams {
        let Object::Stream(look) = &**look else { continue };
        let drawing = match content::placement(document, look, rect) {
            Ok(Some(placed)) => content::look(document, look, placed, resources),
            // Programs differ about a look without a box.
            Ok(None) if is_blank(document, look)? => Ok(Drawing::default()),
            Ok(None) => Ok(Drawing { marks: vec![opaque(rect)], ..Drawing::default() }),
            Err(error) => Err(error),
        };
        match drawing {
            Ok(drawing) if drawing.is_uncertain || !drawing.oddities.is_empty() => marks.push(opaque(rect)),
            Ok(drawing) => marks.extend(drawing.marks),
            Err(error @ (ReadError::Io(_) | ReadError::Limit { .. })) => return Err(error),
            Err(_) => marks.push(opaque(rect)),
        }
    }
    Ok(marks)
}

/// Lines do not hide; fills, pictures and letters do, unless what lies below shines through a light colour.
fn hides(mark: &Mark) -> bool {
    match &mark.paint {
        Paint::Stroke { width, lines } => *width > 6.0 || lines.is_none(),
        Paint::Fill { .. } => !shines_through(mark),
        Paint::Text { .. } => writes(mark),
        Paint::Image(_) | Paint::Shading => true,
    }
}

/// Whether letters are painted. What a font of the file calls a blank need not look like one.
pub(super) fn writes(mark: &Mark) -> bool {
    match &mark.paint {
        Paint::Text { is_painted, text, is_embedded, .. } => {
            *is_painted && (*is_embedded || text.as_deref().is_none_or(|text| !text.trim().is_empty()))
        }
        _ => false,
    }
}

/// Whether letters erase what they are written on, as blocks and pale ones do.
fn erases(mark: &Mark) -> bool {
    let Paint::Text { text, .. } = &mark.paint else { return false };
    let is_pale = mark.colour.is_none_or(|colour| luminance(colour) > 0.6);
    let is_word = text.as_deref().is_some_and(|text| text.chars().any(char::is_alphanumeric));
    writes(mark) && (is_pale || !is_word)
}

/// Whether a mark brings its colours along.
pub(super) fn has_own_colours(mark: &Mark) -> bool {
    matches!(mark.paint, Paint::Image(_) | Paint::Shading)
}

/// Whether black text below stays black and readable.
pub(super) fn shines_through(mark: &Mark) -> bool {
    // The colour in force is not that of a picture.
    if has_own_colours(mark) {
        return false;
    }
    let is_light = mark.colour.is_some_and(|colour| luminance(colour) >= 0.35);
    is_light && matches!(mark.blend_mode.as_str(), "Multiply" | "Darken")
}

pub(super) fn luminance([red, green, blue]: [f64; 3]) -> f64 {
    0.3 * red + 0.59 * green + 0.11 * blue
}

/// Whether a mark takes a visible part of a piece of content.
fn overlaps(content: Rect, mark: Rect) -> bool {
    let Some(common) = content.intersection(&mark) else { return false };
    let height = content.height().min(mark.height().max(content.height() * 0.25));
    common.height() >= height * 0.3 && common.width() >= content.height() * 0.3
}

/// Letters and digits that are written.
fn words(marks: &[Mark]) -> usize {
    let texts = marks.iter().filter_map(|mark| match &mark.paint {
        Paint::Text { text: Some(text), is_painted: true, .. } => Some(text),
        _ => None,
    });
    texts.map(|text| text.chars().filter(|char| char.is_alphanumeric()).count()).sum()
}

/// The beginning of a text, for a message.
fn beginning(text: &str) -> String {
    let text: String = text.chars().take(60).collect();
    text.trim().to_owned()
}

/// A rectangle in a message, in points.
pub(super) fn shown_area(rect: Rect) -> String {
    format!("[{:.0} {:.0} {:.0} {:.0}]", rect.x0, rect.y0, rect.x1, rect.y1)
}

impl Comparison<'_> {
    /// Looks at what a signature field shows that came to the document in revision `since`.
    pub(super) fn shown_over_content(&mut self, field: &Field, since: usize) -> Result<(), ReadError> {
        if since <= self.signed {
            return Ok(()); // everybody who signed has seen the place
        }
        for widget in &field.widgets {
            let (Some(page), Some(rect)) = (widget.page, widget.rect) else { continue };
            let marks = painted((&self.new.document, &Dict::new()), widget, Looks::All)?;
            if marks.is_empty() {
                continue;
            }
            let name = |code: Code| {
                Reason::new(code)
                    .with("field", &field.name)
                    .with("page", page + 1)
                    .with("area", shown_area(rect))
            };
            self.crowded.insert(page);
            let mut finding =
                Finding::new(Modification::None, Some(widget.reference), name(Code::ChangeSignatureShown));
            finding.pages = vec![page + 1];
            finding.seen_since = Some(since);
            match self.contents_of(page) {
                Ok(contents) => {
                    if let Some(text) = covered(&contents, Some(widget.reference), &marks) {
                        finding.level = Modification::Forbidden;
                        finding.what = name(Code::ChangeSignatureCovers).with("text", beginning(text));
                    } else if self.blots(&self.new.document, page, widget, &marks)? {
                        finding.level = Modification::Forbidden;
                        finding.what = name(Code::ChangeSignatureBlots);
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

    /// Whether marks of a widget hide what is drawn on the page: dark letters that are known write on it, all else hides.
    /// Of pictures counts what they show: the ink of a signature on transparent ground, a scan where it is not blank.
    fn blots(
        &self,
        document: &Document,
        page: usize,
        widget: &Widget,
        marks: &[Mark],
    ) -> Result<bool, ReadError> {
        let Some(rect) = widget.rect else { return Ok(false) };
        let mut inks = Vec::new();
        for mark in marks {
            let only_writes = matches!(mark.paint, Paint::Text { .. })
                && mark.colour.is_some_and(|colour| luminance(colour) <= 0.6)
                && self.vouch(document, mark)?.is_ok();
            if !only_writes {
                inks.push(mark);
            }
        }
        self.hides_drawn(document, (page, Some(widget.reference)), rect, inks)
    }

    /// Whether marks in a place hide what a page, or an annotation of others than `owner`, shows without writing it.
    pub(super) fn hides_drawn<'m>(
        &self,
        document: &Document,
        (page, owner): (usize, Option<Ref>),
        rect: Rect,
        marks: impl IntoIterator<Item = &'m Mark>,
    ) -> Result<bool, ReadError> {
        let inks: Vec<&Mark> = marks.into_iter().collect();
        if inks.is_empty() {
            return Ok(false);
        }
        let drawn = self.drawn_of(page)?;
        let of_others = drawn.iter().filter(|(one, _)| owner.is_none() || *one != owner);
        let drawn: Vec<&Mark> = of_others.map(|(_, mark)| mark).collect();
        if !blot::hides(rect, &Layer::plainly(&inks), &Layer::plainly(&drawn)) {
            return Ok(false);
        }
        let near = |mark: &&&Mark| mark.reach.intersection(&rect).is_some();
        let inks: Result<Vec<Layer<'_>>, _> =
            inks.iter().filter(near).map(|mark| Layer::ink(document, mark)).collect();
        let below: Result<Vec<Layer<'_>>, _> =
            drawn.iter().filter(near).map(|mark| Layer::paper(&self.old.document, mark)).collect();
        Ok(blot::hides(rect, &inks?, &below?))
    }

    /// What of the page a field that is filled in hides that it did not hide before, or no longer hides: the shadow
    /// attacks with a field over the text.
    pub(super) fn filled_over_content(&self, old: &Field, new: &Field) -> Result<Option<Reason>, ReadError> {
        let is_box = new.kind == pdf::FieldKind::Button;
        let (of_old, of_new) = (self.old.resources()?, self.new.resources()?);
        for widget in &new.widgets {
            let Some(page) = widget.page else { continue };
            let Some(was) = old.widgets.iter().find(|was| was.reference == widget.reference) else {
                continue;
            };
            let before = painted((&self.old.document, &of_old), was, Looks::Shown)?;
            let after = painted((&self.new.document, &of_new), widget, Looks::Shown)?;
            // Letters typed over a hint hide nothing; a check mark has no place on words.
            let counts = |mark: &&Mark| is_box || erases(mark) || !matches!(mark.paint, Paint::Text { .. });
            let was_hidden: Vec<&Mark> = before.iter().filter(counts).collect();
            let is_hidden: Vec<&Mark> = after.iter().filter(counts).collect();
            if was_hidden == is_hidden {
                continue;
            }
            let contents = self.contents_of(page)?;
            let differs =
                |content: &&Content| is_under(content, &was_hidden) != is_under(content, &is_hidden);
            let of_others = contents.iter().filter(|content| content.owner != Some(widget.reference));
            if let Some(content) = of_others.into_iter().find(differs) {
                let what = Reason::new(Code::ChangeFieldCovers).with("field", &new.name);
                return Ok(Some(what.with("page", page + 1).with("text", beginning(&content.text))));
            }
            if !is_box
                && self.blots(&self.new.document, page, widget, &after)?
                && !self.blots(&self.old.document, page, widget, &before)?
            {
                let what = Reason::new(Code::ChangeFieldCovers).with("field", &new.name);
                return Ok(Some(what.with("page", page + 1).with("text", "…")));
            }
            if is_box && words(&after) > MOST_LETTERS && words(&after) != words(&before) {
                let what = Reason::new(Code::ChangeLookUnreadable).with("field", &new.name);
                return Ok(Some(what.with("detail", "its mark is made of words")));
            }
        }
        Ok(None)
    }

    /// What of the page stands under a field that programs draw anew: its background and its border may come or go.
    pub(super) fn drawn_over_content(&self, field: &Field) -> Result<Option<Reason>, ReadError> {
        for widget in &field.widgets {
            let (Some(page), Some(rect)) = (widget.page, widget.rect) else { continue };
            if is_hidden(&self.old.document, &widget.dict)? {
                continue;
            }
            if let Some(text) = covered(&self.contents_of(page)?, Some(widget.reference), &[opaque(rect)]) {
                let what = Reason::new(Code::ChangeFieldCovers).with("field", &field.name);
                return Ok(Some(what.with("page", page + 1).with("text", beginning(text))));
            }
        }
        Ok(None)
    }

    /// Several annotations may hide together what none of them hides: looked at on each page to which this revision
    /// brought marks.
    pub(super) fn stacked(&mut self) -> Result<(), ReadError> {
        for page in std::mem::take(&mut self.crowded) {
            let contents = self.contents_of(page)?;
            let (before, _) = self.late_marks(&self.old.document, page)?;
            let (after, since) = self.late_marks(&self.new.document, page)?;
            let (before, after): (Vec<&Mark>, Vec<&Mark>) = (before.iter().collect(), after.iter().collect());
            let is_hidden = |content: &&Content| {
                ink::hide_together(content.area, &after) && !ink::hide_together(content.area, &before)
            };
            let of_page = contents.iter().filter(|content| content.owner.is_none() && !content.is_anywhere);
            if let Some(content) = of_page.into_iter().find(is_hidden) {
                let what = Reason::new(Code::ChangeTogetherCover).with("page", page + 1);
                let mut finding = Finding::forbidden(what.with("text", beginning(&content.text)));
                finding.pages = vec![page + 1];
                finding.seen_since = Some(since);
                self.findings.push(finding);
            }
        }
        Ok(())
    }

    /// The lines and areas painted by annotations of a page that were not there when the first signature was made, and
    /// the revision since which all their places were known: comments may change at any time.
    fn late_marks(&self, document: &Document, page: usize) -> Result<(Vec<Mark>, usize), ReadError> {
        let dict = document.page(page)?.dict;
        let annotations = document.value(&dict, "Annots")?;
        let (mut marks, mut since) = (Vec::new(), 0);
        for one in annotations.as_array().unwrap_or_default().iter().take(MOST_ANNOTATIONS) {
            let Some(reference) = one.as_reference().filter(|one| self.born(*one) > self.signed) else {
                continue;
            };
            let object = document.resolve(reference)?;
            let Some(dict) = object.as_dict() else { continue };
            let is_place = dict.value("Subtype").is_name("Widget");
            since = since.max(if is_place { self.born(reference) } else { self.revision });
            match drawn(document, dict)? {
                Some((_, Some(drawing))) => marks.extend(drawing.marks),
                Some((rect, None)) => marks.push(opaque(rect)),
                None => marks.extend(super::rules_comment::without_look(document, dict)?),
            }
        }
        marks.retain(|mark| matches!(mark.paint, Paint::Fill { .. } | Paint::Stroke { .. }));
        Ok((marks, since))
    }

    /// The revision that brought an object into the document.
    pub(super) fn born(&self, reference: Ref) -> usize {
        let defines = |revision: &pdf::Revision| {
            matches!(revision.change(reference.number), Some((_, pdf::Change::Defined(_))))
        };
        self.new.document.revisions().iter().position(defines).unwrap_or(self.revision)
    }
}
