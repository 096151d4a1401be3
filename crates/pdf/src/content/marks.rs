//! Marks: paths, texts and what clips leave of them (ISO 32000-2, 8.5, 9.4).

use std::sync::Arc;

use super::painter::Painter;
use super::path::{EVERYWHERE, NOWHERE, Path, common};
use super::state::{Colour, State};
use super::{Line, Mark, Paint, concat, scale, widest};
use crate::{Object, Point, ReadError, Rect};

/// Most marks of one drawing.
const MOST_MARKS: usize = 200_000;
/// Most lines of all its strokes that are kept.
const MOST_LINES: usize = 200_000;
/// Widest outline of letters that are written, against their size: more would be a bar.
const THICKEST_OUTLINE: f64 = 0.12;
/// Most clips that are noted.
const MOST_CLIPS: usize = 256;

impl Painter<'_> {
    /// Path construction and painting; whether it was that.
    pub(super) fn path_operator(
        &mut self,
        operator: &[u8],
        operands: &[Object],
        state: &mut State,
    ) -> Result<bool, ReadError> {
        let number = |at: usize| operands.get(at).and_then(Object::as_number).unwrap_or(0.0);
        let matrix = state.matrix;
        let at = |x: f64, y: f64| matrix.apply(Point { x, y });
        let point = |x: usize, y: usize| at(number(x), number(y));
        match operator {
            b"m" => self.path.move_to(point(0, 1)),
            b"l" => self.path.line_to(point(0, 1)),
            b"c" => self.path.curve_to(Some(point(0, 1)), point(2, 3), point(4, 5)),
            b"v" => self.path.curve_to(None, point(0, 1), point(2, 3)),
            b"y" => self.path.curve_to(Some(point(0, 1)), point(2, 3), point(2, 3)),
            b"re" => {
                let (x, y, width, height) = (number(0), number(1), number(2), number(3));
                self.path.corners([at(x, y), at(x + width, y), at(x + width, y + height), at(x, y + height)]);
            }
            b"h" => self.path.close(),
            b"n" => self.finish_path(state, false, false)?,
            b"f" | b"F" | b"f*" => self.finish_path(state, true, false)?,
            b"S" | b"B" | b"B*" => self.finish_path(state, operator != b"S", true)?,
            b"s" | b"b" | b"b*" => {
                self.path.close();
                self.finish_path(state, operator != b"s", true)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn finish_path(&mut self, state: &mut State, fills: bool, strokes: bool) -> Result<(), ReadError> {
        let mut path = std::mem::take(&mut self.path);
        let clip = std::mem::take(&mut self.clips).then_some(path.area);
        if fills || strokes {
            self.paint_path(&mut path, state, fills, strokes)?;
        }
        // What is painted from now on is cut (8.5.4).
        if let Some(clip) = clip {
            if path.curves > 0 || path.segments != 4 {
                self.odd("a clip that is no rectangle");
            }
            state.clip = match (clip, state.clip) {
                (Some(clip), Some(outer)) => Some(common(clip, outer).unwrap_or(NOWHERE)),
                (Some(clip), None) => Some(clip),
                // Programs differ about a clip to nothing: what follows is taken for painted.
                (None, outer) => outer,
            };
        }
        Ok(())
    }

    fn paint_path(
        &mut self,
        path: &mut Path,
        state: &State,
        fills: bool,
        strokes: bool,
    ) -> Result<(), ReadError> {
        let Some(area) = path.area else { return Ok(()) };
        self.drawing.has_curves |= path.curves > 0;
        self.drawing.segments = self.drawing.segments.saturating_add(path.segments);
        let lines = self.kept_lines(path);
        if fills {
            let closings = path.take_closings();
            let lines = match (&lines, closings.as_deref()) {
                (Some(lines), Some([])) => Some(Arc::clone(lines)),
                (Some(lines), Some(closings)) => Some([&**lines, closings].concat().into()),
                _ => None,
            };
            self.paint(Paint::Fill { lines }, area, state, true)?;
        }
        if strokes {
            let width = state.line_width.abs() * widest(state.matrix);
            let half = width / 2.0;
            let area =
                Rect { x0: area.x0 - half, y0: area.y0 - half, x1: area.x1 + half, y1: area.y1 + half };
            self.paint(Paint::Stroke { width, lines }, area, state, false)?;
        }
        Ok(())
    }

    /// The lines of a path that is stroked, as long as the drawing has room for them.
    fn kept_lines(&mut self, path: &mut Path) -> Option<Arc<[Line]>> {
        let lines = path.take_lines()?;
        self.lines = self.lines.checked_add(lines.len()).filter(|all| *all <= MOST_LINES)?;
        Some(lines.into())
    }

    pub(super) fn paint(
        &mut self,
        paint: Paint,
        area: Rect,
        state: &State,
        fills: bool,
    ) -> Result<(), ReadError> {
        self.paint_reaching(paint, (area, area), state, fills)
    }

    fn paint_reaching(
        &mut self,
        paint: Paint,
        (area, reach): (Rect, Rect),
        state: &State,
        fills: bool,
    ) -> Result<(), ReadError> {
        if self.drawing.marks.len() >= MOST_MARKS {
            return Err(ReadError::Limit { what: "marks of one drawing" });
        }
        let colour = if fills { &state.fill } else { &state.stroke };
        let colour = match colour {
            Colour::Known(rgb) => Some(*rgb),
            Colour::Unknown => None,
        };
        let blend_mode = state.blend_mode.clone();
        let is_blended = blend_mode != "Normal" || state.opacity < 0.99;
        let mark = Mark { paint, area, reach, colour, is_blended, blend_mode };
        self.drawing.marks.extend(match state.clip {
            Some(clip) => cut(mark, clip),
            None => Some(mark),
        });
        Ok(())
    }

    pub(super) fn show(&mut self, text: Option<&Object>, state: &mut State) -> Result<(), ReadError> {
        let Some(bytes) = text.and_then(Object::as_string) else { return Ok(()) };
        let size = state.size.abs() * scale(concat(state.text, state.matrix));
        let Some(run) = state.show(bytes, self.keeps_letters) else { return Ok(()) };
        let is_painted = !matches!(state.mode, 3 | 7);
        let strokes_only = state.mode == 1;
        if state.mode >= 4 {
            self.odd("a clip of letters");
        }
        if matches!(state.mode, 1 | 2 | 5 | 6)
            && state.line_width.abs() * widest(state.matrix) > size * THICKEST_OUTLINE
        {
            self.odd("letters with thick outlines");
        }
        if matches!(state.mode, 2 | 6) && state.fill != state.stroke {
            // Outlines as pale as paper eat letters up.
            self.odd("letters with outlines of another colour");
        }
        let first = self.drawing.marks.len();
        let paint = Paint::Text {
            text: run.text,
            size,
            is_painted,
            is_embedded: run.is_embedded,
            seen: EVERYWHERE,
            letters: run.letters.into(),
            face: run.face,
        };
        self.paint_reaching(paint, (run.area, run.reach), state, !strokes_only)?;
        if let Some(clip) = state.clip {
            self.cut_to(first, clip);
        }
        Ok(())
    }

    pub(super) fn show_array(&mut self, operands: &[Object], state: &mut State) -> Result<(), ReadError> {
        for item in operands.first().and_then(Object::as_array).unwrap_or_default() {
            match item {
                Object::String(_) => self.show(Some(item), state)?,
                other => state.shift(other.as_number().unwrap_or(0.0)),
            }
        }
        Ok(())
    }

    /// Notes what the text painted since `first` is cut to.
    pub(super) fn cut_to(&mut self, first: usize, clip: Rect) {
        let marks = self.drawing.marks.get(first..).unwrap_or_default();
        let is_text =
            marks.iter().any(|mark| matches!(mark.paint, Paint::Text { .. }) && mark.area.is_proper());
        if is_text && self.drawing.clips.len() < MOST_CLIPS && !self.drawing.clips.contains(&clip) {
            self.drawing.clips.push(clip);
        }
    }

    /// Marks outside the form's box are not seen; those that stick out are cut.
    pub(super) fn clip(&mut self, first: usize, clip: Rect) {
        let marks = self.drawing.marks.split_off(first.min(self.drawing.marks.len()));
        let cut = marks.into_iter().filter_map(|mark| cut(mark, clip));
        self.drawing.marks.extend(cut);
    }
}

/// What of a mark is seen within a clip. Letters that stand outside of it and may yet reach into it have no area there.
fn cut(mut mark: Mark, clip: Rect) -> Option<Mark> {
    mark.reach = common(mark.reach, clip)?;
    let corner = Rect { x0: mark.reach.x0, y0: mark.reach.y0, x1: mark.reach.x0, y1: mark.reach.y0 };
    mark.area = common(mark.area, clip).unwrap_or(corner);
    if let Paint::Text { seen, .. } = &mut mark.paint {
        *seen = common(*seen, clip).unwrap_or(NOWHERE);
    }
    Some(mark)
}

/// What an image fills.
pub(super) fn unit() -> Rect {
    Rect { x0: 0.0, y0: 0.0, x1: 1.0, y1: 1.0 }
}
