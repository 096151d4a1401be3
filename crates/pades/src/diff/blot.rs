//! Whether opaque ink hides what a page shows without writing it: scans, pictures, letters drawn as shapes.
//!
//! A picture counts as content, but for places of it that are blank paper ([`super::picture`]). Of shapes, those count that could be
//! letters: not the rules and boxes that are there to be written on, nor backgrounds of one light colour.

use pdf::content::{Line, Mark, Paint};
use pdf::{Document, Point, ReadError, Rect};

use super::cover::{has_own_colours, luminance, shines_through, writes};
use super::frame::is_rectangle;
use super::picture::Layer;

/// Side of a cell, in points; of larger places it grows.
const CELL: f64 = 1.0;
/// Most cells along one side.
const MOST_CELLS: f64 = 1_200.0;
/// Cells along the side of a window: as large as a small letter.
const WINDOW: usize = 6;
/// Parts of a window under ink, and under ink as pale as paper, beyond which what lies below is hidden.
const INK: f64 = 0.75;
const PALE_INK: f64 = 0.35;
/// Cells of a window that hold something.
const LEAST_CONTENT: u32 = 2;
/// Most comparisons of cells with lines; beyond, a place counts as hidden.
pub(super) const MOST_WORK: usize = 40_000_000;
/// From here on a background is light.
const LIGHT: f64 = 0.7;
/// Lines that long are rules, rectangles that large are boxes, in points.
const RULE: f64 = 15.0;
const BOX: f64 = 30.0;
/// Thickest rule that is filled.
const THICKEST_RULE: f64 = 2.0;

/// Whether a mark of a page is something that a reader could miss, besides letters that are written.
pub(super) fn is_content(mark: &Mark) -> bool {
    let area = mark.area;
    let longest = area.width().max(area.height());
    match &mark.paint {
        Paint::Text { .. } => false,
        Paint::Image(_)
        | Paint::Shading
        | Paint::Fill { lines: None }
        | Paint::Stroke { lines: None, .. } => true,
        Paint::Fill { lines: Some(lines) } => {
            let is_light = mark.colour.is_some_and(|colour| luminance(colour) >= LIGHT);
            let is_rule = area.width().min(area.height()) <= THICKEST_RULE && longest >= RULE;
            !(is_rectangle(area, lines) && (is_light || is_rule))
        }
        Paint::Stroke { lines: Some(lines), .. } => {
            let is_straight = |[a, b]: &Line| (a.x - b.x).abs() < 0.1 || (a.y - b.y).abs() < 0.1;
            let is_long =
                |[a, b]: &Line| (a.x - b.x).hypot(a.y - b.y) >= RULE || (a.x - b.x).hypot(a.y - b.y) < 0.01;
            let is_box = longest >= BOX && lines.len() <= 5;
            !(lines.iter().all(is_straight) && (is_box || lines.iter().all(is_long)))
        }
    }
}

/// Whether the marks hide some of what is drawn in a place.
pub(super) fn hides(place: Rect, marks: &[Layer<'_>], drawn: &[Layer<'_>]) -> bool {
    let meets = |layer: &&Layer<'_>| layer.mark.reach.intersection(&place).is_some();
    let (marks, drawn): (Vec<&Layer<'_>>, Vec<&Layer<'_>>) =
        (marks.iter().filter(meets).collect(), drawn.iter().filter(meets).collect());
    if marks.is_empty() || drawn.is_empty() || !place.is_proper() {
        return false;
    }
    let (mut ink, mut below) = (Raster::over(place), Raster::over(place));
    for layer in marks.into_iter().filter(|layer| !shines_through(layer.mark)) {
        if layer.inks(&mut ink) {
            continue;
        }
        let mark = layer.mark;
        let is_pale =
            has_own_colours(mark) || mark.colour.is_none_or(|colour| colour.iter().all(|part| *part > 0.6));
        let value = if is_pale { 2 } else { 1 };
        match &mark.paint {
            Paint::Text { .. } if writes(mark) => ink.fill(mark.reach, value),
            Paint::Text { .. } => {}
            _ => ink.paint(mark, value, 0.0),
        }
    }
    for layer in drawn {
        if !layer.writes_on(&mut below) {
            below.paint(layer.mark, 1, CELL);
        }
    }
    ink.work.saturating_add(below.work) > MOST_WORK || hidden(&ink, &below)
}

/// Whether marks of a signed page show anything in a place, blank paper aside.
pub(super) fn shows(place: Rect, marks: &[&Mark], document: &Document) -> Result<bool, ReadError> {
    let mut raster = Raster::over(place);
    for mark in marks {
        let layer = Layer::paper(document, mark)?;
        if !layer.writes_on(&mut raster) {
            raster.paint(mark, 1, CELL);
        }
    }
    Ok(raster.work > MOST_WORK || raster.cells.iter().flatten().any(|cell| *cell > 0))
}

fn hidden(ink: &Raster, below: &Raster) -> bool {
    let (any, pale, content) =
        (ink.sums(|cell| cell > 0), ink.sums(|cell| cell > 1), below.sums(|cell| cell > 0));
    let (wide, high) = (WINDOW.min(ink.xs.len()), WINDOW.min(ink.ys.len()));
    let cells = f64::from(u32::try_from(wide.saturating_mul(high)).unwrap_or(1));
    let rows = ink.ys.len().saturating_sub(high);
    let columns = ink.xs.len().saturating_sub(wide);
    (0..=rows).any(|row| {
        (0..=columns).any(|column| {
            let count = |sums: &[Vec<u32>]| of_window(sums, (row, row + high), (column, column + wide));
            count(&content) >= LEAST_CONTENT
                && (f64::from(count(&any)) >= INK * cells || f64::from(count(&pale)) >= PALE_INK * cells)
        })
    })
}

fn of_window(sums: &[Vec<u32>], (top, bottom): (usize, usize), (left, right): (usize, usize)) -> u32 {
    let at = |row: usize, column: usize| sums.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0);
    (at(bottom, right) + at(top, left)).saturating_sub(at(top, right) + at(bottom, left))
}

/// A place in cells.
pub(super) struct Raster {
    /// The middles of its columns and rows.
    pub(super) xs: Vec<f64>,
    pub(super) ys: Vec<f64>,
    pub(super) cells: Vec<Vec<u8>>,
    /// The side of a cell.
    pub(super) cell: f64,
    pub(super) work: usize,
}

impl Raster {
    fn over(place: Rect) -> Self {
        let cell = CELL.max(place.width().max(place.height()) / MOST_CELLS);
        let middles = |from: f64, to: f64| -> Vec<f64> {
            let next = |at: &f64| Some(at + cell).filter(|at| *at < to);
            std::iter::successors(Some(from + (cell / 2.0).min((to - from) / 2.0)), next).collect()
        };
        let (xs, ys) = (middles(place.x0, place.x1), middles(place.y0, place.y1));
        let cells = vec![vec![0; xs.len()]; ys.len()];
        Self { xs, ys, cells, cell, work: 0 }
    }

    /// Fills a rectangle.
    fn fill(&mut self, area: Rect, value: u8) {
        for (y, row) in self.ys.iter().zip(&mut self.cells) {
            if *y >= area.y0 && *y <= area.y1 {
                span(&self.xs, row, (area.x0, area.x1), value);
            }
        }
    }

    /// Paints a mark, that much wider than it is.
    fn paint(&mut self, mark: &Mark, value: u8, wider: f64) {
        match &mark.paint {
            Paint::Fill { lines: Some(lines) } => {
                self.fill_path(lines, mark.reach, value);
                if wider > 0.0 {
                    self.stroke(lines, mark.reach, wider / 2.0, value);
                }
            }
            Paint::Stroke { lines: Some(lines), width } => {
                self.stroke(lines, mark.reach, (width + wider) / 2.0, value);
            }
            _ => self.fill(mark.reach, value),
        }
    }

    /// All that a path goes around (8.5.3.3.2), within a clip.
    fn fill_path(&mut self, lines: &[Line], clip: Rect, value: u8) {
        let rows = self.ys.iter().filter(|y| clip.y0 <= **y && **y <= clip.y1).count();
        self.work = self.work.saturating_add(rows.saturating_mul(lines.len()));
        if self.work > MOST_WORK {
            return;
        }
        for (y, row) in self.ys.iter().zip(&mut self.cells) {
            if *y < clip.y0 || *y > clip.y1 {
                continue;
            }
            let crossing = |[a, b]: &Line| -> Option<(f64, i32)> {
                let (low, high, turn) = if a.y <= b.y { (a, b, 1) } else { (b, a, -1) };
                let meets = low.y <= *y && *y < high.y;
                meets.then(|| (low.x + (high.x - low.x) * (y - low.y) / (high.y - low.y), turn))
            };
            let mut crossings: Vec<(f64, i32)> = lines.iter().filter_map(crossing).collect();
            crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut winding = 0_i32;
            for pair in crossings.windows(2) {
                let [(from, turn), (to, _)] = pair else { continue };
                winding = winding.saturating_add(*turn);
                if winding != 0 {
                    span(&self.xs, row, (from.max(clip.x0), to.min(clip.x1)), value);
                }
            }
        }
    }

    /// All that lies near some line, within a clip.
    fn stroke(&mut self, lines: &[Line], clip: Rect, half: f64, value: u8) {
        for line in lines {
            let [a, b] = line;
            let near = |values: &[f64], p: f64, q: f64| {
                let (from, to) = (p.min(q) - half, p.max(q) + half);
                values.partition_point(|at| *at < from)..values.partition_point(|at| *at <= to)
            };
            let (columns, rows) = (near(&self.xs, a.x, b.x), near(&self.ys, a.y, b.y));
            self.work = self.work.saturating_add(columns.len().saturating_mul(rows.len()).saturating_add(1));
            if self.work > MOST_WORK {
                return;
            }
            for row in rows {
                let (Some(y), Some(cells)) = (self.ys.get(row), self.cells.get_mut(row)) else { continue };
                for column in columns.clone() {
                    let (Some(x), Some(cell)) = (self.xs.get(column), cells.get_mut(column)) else {
                        continue;
                    };
                    let at = Point { x: *x, y: *y };
                    let is_inside = clip.x0 <= at.x && at.x <= clip.x1 && clip.y0 <= at.y && at.y <= clip.y1;
                    if is_inside && super::ink::distance(line, at) <= half {
                        *cell = value;
                    }
                }
            }
        }
    }

    /// For each corner how many cells before it are such.
    fn sums(&self, counts: fn(u8) -> bool) -> Vec<Vec<u32>> {
        let mut sums = vec![vec![0_u32; self.xs.len() + 1]];
        for row in &self.cells {
            let above = sums.last().cloned().unwrap_or_default();
            let mut along = 0_u32;
            let mut line = vec![0_u32];
            for (cell, above) in row.iter().zip(above.iter().skip(1)) {
                along += u32::from(counts(*cell));
                line.push(above + along);
            }
            sums.push(line);
        }
        sums
    }
}

/// Fills the cells of a row whose middles lie in a span.
fn span(xs: &[f64], row: &mut [u8], (from, to): (f64, f64), value: u8) {
    let (first, end) = (xs.partition_point(|x| *x < from), xs.partition_point(|x| *x <= to));
    if let Some(cells) = row.get_mut(first..end.max(first)) {
        cells.fill(value);
    }
}
