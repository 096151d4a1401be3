//! How much of a place several marks paint over: what hides nothing by itself, as thin lines, may hide it together.

use pdf::content::{Line, Mark, Paint};
use pdf::{Point, Rect};

use super::cover::{has_own_colours, luminance, shines_through, writes};

/// Points looked at across the height of a text; half of them make the width of a narrow letter.
const ACROSS: u32 = 16;
/// Most points looked at along it: what is longer is looked at more coarsely.
const MOST_ALONG: u32 = 8_000;
/// Most comparisons of points with lines; beyond, a place counts as hidden.
const MOST_WORK: usize = 20_000_000;
/// Share of a letter under ink beyond which it is hidden.
const INK: f64 = 0.75;
/// The same for what is as pale as paper: it erases what it crosses, and takes a letter for another one earlier.
const PALE_INK: f64 = 0.35;

/// Light that several highlights must leave between them, lest black text drowns.
const LEAST_LIGHT: f64 = 0.2;

/// Whether the marks together hide some letter's width of a place.
pub(super) fn hide_together(place: Rect, marks: &[&Mark]) -> bool {
    let inks: Vec<Ink<'_>> = marks.iter().filter_map(|mark| Ink::of(mark, place)).collect();
    if inks.is_empty() || !place.is_proper() {
        return false;
    }
    let grid = Grid::over(place);
    let cost: usize = inks.iter().map(|ink| ink.lines.len().max(1)).sum();
    if cost.saturating_mul(grid.points()) > MOST_WORK {
        return true;
    }
    let columns: Vec<(u32, u32)> = (0..grid.along).map(|column| grid.inked(column, &inks)).collect();
    let width = usize::try_from(ACROSS / 2).unwrap_or(1).min(columns.len()).max(1);
    columns.windows(width).any(|window| {
        let points = f64::from(ACROSS) * f64::from(u32::try_from(width).unwrap_or(1));
        let (all, pale) = window.iter().fold((0, 0), |(all, pale), (a, p)| (all + a, pale + p));
        f64::from(all) >= INK * points || f64::from(pale) >= PALE_INK * points
    })
}

/// What a mark paints near a place.
struct Ink<'m> {
    /// It paints nothing beyond.
    area: Rect,
    /// The lines that it follows; none for a mark that fills its area.
    lines: Vec<&'m Line>,
    is_stroke: bool,
    half: f64,
    is_pale: bool,
    /// How much light it leaves to what lies below, where that shines through.
    light: Option<f64>,
}

impl<'m> Ink<'m> {
    fn of(mark: &'m Mark, place: Rect) -> Option<Self> {
        mark.reach.intersection(&place)?;
        let light = mark.colour.filter(|_| shines_through(mark)).map(luminance);
        let is_pale =
            has_own_colours(mark) || mark.colour.is_none_or(|colour| colour.iter().all(|part| *part > 0.6));
        let ink = |is_stroke, half, lines| Self { area: mark.reach, lines, is_stroke, half, is_pale, light };
        match &mark.paint {
            Paint::Stroke { width, lines: Some(lines) } => {
                let half = width / 2.0;
                let near = |line: &&Line| meets(line, place, half);
                let lines: Vec<&Line> = lines.iter().filter(near).collect();
                (!lines.is_empty()).then(|| ink(true, half, lines))
            }
            Paint::Text { .. } if !writes(mark) => None,
            _ => Some(ink(false, 0.0, Vec::new())),
        }
    }

    fn covers(&self, at: Point) -> bool {
        let area = &self.area;
        let is_inside = area.x0 <= at.x && at.x <= area.x1 && area.y0 <= at.y && at.y <= area.y1;
        is_inside && (!self.is_stroke || self.lines.iter().any(|line| distance(line, at) <= self.half))
    }
}

/// Whether a line that is that wide may reach into a place.
fn meets([a, b]: &Line, place: Rect, half: f64) -> bool {
    a.x.min(b.x) - half <= place.x1
        && a.x.max(b.x) + half >= place.x0
        && a.y.min(b.y) - half <= place.y1
        && a.y.max(b.y) + half >= place.y0
}

pub(super) fn distance([a, b]: &Line, at: Point) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { ((at.x - a.x) * dx + (at.y - a.y) * dy) / length } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    (at.x - a.x - along * dx).hypot(at.y - a.y - along * dy)
}

/// Points of a place, in columns across its longer side.
struct Grid {
    place: Rect,
    along: u32,
    is_upright: bool,
}

impl Grid {
    fn over(place: Rect) -> Self {
        let (width, height) = (place.width(), place.height());
        let is_upright = height > width;
        let (long, short) = if is_upright { (height, width) } else { (width, height) };
        let wanted = (long / short * f64::from(ACROSS)).ceil();
        let along = (1..=MOST_ALONG).rev().find(|along| f64::from(*along) <= wanted).unwrap_or(1);
        Self { place, along, is_upright }
    }

    fn points(&self) -> usize {
        usize::try_from(self.along.saturating_mul(ACROSS)).unwrap_or(usize::MAX)
    }

    /// How many points of a column lie under ink, and under pale ink.
    fn inked(&self, column: u32, inks: &[Ink<'_>]) -> (u32, u32) {
        let middle = |index: u32, count: u32| (f64::from(index) + 0.5) / f64::from(count);
        let (mut all, mut pale) = (0, 0);
        let along = middle(column, self.along);
        let is_near = |ink: &Ink<'_>| {
            let (from, to, at) = match self.is_upright {
                true => (ink.area.y0, ink.area.y1, self.place.y0 + along * self.place.height()),
                false => (ink.area.x0, ink.area.x1, self.place.x0 + along * self.place.width()),
            };
            from <= at && at <= to
        };
        if !inks.iter().any(is_near) {
            return (0, 0);
        }
        for row in 0..ACROSS {
            let across = middle(row, ACROSS);
            let (x, y) = if self.is_upright { (across, along) } else { (along, across) };
            let at = Point {
                x: self.place.x0 + x * self.place.width(),
                y: self.place.y0 + y * self.place.height(),
            };
            let mut light = 1.0;
            // What was painted last is seen.
            for ink in inks.iter().rev().filter(|ink| ink.covers(at)) {
                light *= ink.light.unwrap_or(0.0);
                if light < LEAST_LIGHT {
                    all += 1;
                    pale += u32::from(ink.is_pale && ink.light.is_none());
                    break;
                }
            }
        }
        (all, pale)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const TEXT: Rect = Rect { x0: 100.0, y0: 100.0, x1: 220.0, y1: 112.0 };

    fn stroke(lines: &[[f64; 4]], width: f64, colour: [f64; 3]) -> Mark {
        let lines: Arc<[Line]> =
            lines.iter().map(|[a, b, c, d]| [Point { x: *a, y: *b }, Point { x: *c, y: *d }]).collect();
        Mark {
            paint: Paint::Stroke { width, lines: Some(lines) },
            area: Rect { x0: 0.0, y0: 0.0, x1: 600.0, y1: 800.0 },
            reach: Rect { x0: 0.0, y0: 0.0, x1: 600.0, y1: 800.0 },
            colour: Some(colour),
            is_blended: false,
            blend_mode: "Normal".to_owned(),
        }
    }

    fn hidden(marks: &[Mark]) -> bool {
        hide_together(TEXT, &marks.iter().collect::<Vec<_>>())
    }

    fn stack(from: f64, to: f64, step: f64) -> Vec<[f64; 4]> {
        let count = (1..200).take_while(|count| from + step * f64::from(*count) <= to).count();
        let at = |index: usize| from + step * f64::from(u32::try_from(index).expect("few"));
        (0..=count).map(|index| [at(index), 100.0, at(index), 112.0]).collect()
    }

    #[test]
    fn lines_that_lie_close_hide_what_they_cross() {
        assert!(hidden(&[stroke(&stack(100.0, 220.0, 1.0), 1.2, [0.0; 3])]), "one path");
        let apart: Vec<Mark> =
            stack(140.0, 150.0, 1.0).iter().map(|line| stroke(&[*line], 1.2, [0.0; 3])).collect();
        assert!(hidden(&apart), "one letter, a path for each line");
        assert!(hidden(&[stroke(&[[100.0, 106.0, 220.0, 106.0]], 10.0, [0.0; 3])]), "one wide line");
        assert!(hidden(&[stroke(&[[100.0, 106.0, 220.0, 106.0]], 5.0, [1.0; 3])]), "half, in white");
    }

    #[test]
    fn rules_and_scribbles_do_not() {
        assert!(!hidden(&[stroke(&stack(100.0, 220.0, 24.0), 1.0, [0.0; 3])]), "a table");
        assert!(!hidden(&[stroke(&[[90.0, 106.0, 230.0, 106.0]], 1.0, [1.0; 3])]), "one line, in white");
        let scribble: Vec<[f64; 4]> =
            (0..30u8).map(f64::from).map(|at| [90.0 + 5.0 * at, 95.0, 95.0 + 5.0 * at, 118.0]).collect();
        assert!(!hidden(&[stroke(&scribble, 1.5, [0.0, 0.0, 0.5])]), "a signature");
    }

    #[test]
    fn highlights_leave_light_until_they_are_many() {
        let highlight = |colour| Mark {
            paint: Paint::Fill { lines: None },
            colour: Some(colour),
            blend_mode: "Multiply".to_owned(),
            ..stroke(&[], 1.0, [0.0; 3])
        };
        assert!(!hidden(&[highlight([1.0, 1.0, 0.0]), highlight([1.0, 1.0, 0.0])]));
        assert!(!hidden(&[highlight([0.5; 3])]));
        assert!(hidden(&[highlight([0.5; 3]), highlight([0.5; 3]), highlight([0.5; 3])]));
    }
}
