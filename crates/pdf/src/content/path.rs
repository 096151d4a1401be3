//! Paths and clips: as upright rectangles, and for strokes as the lines that are drawn (ISO 32000-2, 8.5.2).

use super::Line;
use crate::{Point, Rect};

/// Most lines of one path that are kept.
const MOST_LINES: usize = 20_000;
/// Straight lines that a curve is taken for.
const STEPS: u8 = 8;

/// The path being built.
#[derive(Default)]
pub(super) struct Path {
    pub(super) area: Option<Rect>,
    pub(super) curves: usize,
    pub(super) segments: usize,
    lines: Vec<Line>,
    /// What closes the parts that are left open, as fills do (8.5.3.3).
    closings: Vec<Line>,
    /// Where the part being built began, and where it has come to.
    start: Option<Point>,
    here: Option<Point>,
}

impl Path {
    pub(super) fn move_to(&mut self, at: Point) {
        self.note_open();
        self.reach(at);
        (self.start, self.here) = (Some(at), Some(at));
    }

    pub(super) fn line_to(&mut self, at: Point) {
        self.reach(at);
        self.segments += 1;
        self.draw(at);
    }

    /// A Bézier curve; where there is no `first`, the point reached serves.
    pub(super) fn curve_to(&mut self, first: Option<Point>, second: Point, end: Point) {
        let begin = self.here.unwrap_or(end);
        let first = first.unwrap_or(begin);
        for point in [first, second, end] {
            self.reach(point);
        }
        self.curves += 1;
        for step in 1..=STEPS {
            let t = f64::from(step) / f64::from(STEPS);
            let s = 1.0 - t;
            let weigh = |a: f64, b: f64, c: f64, d: f64| {
                s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
            };
            self.draw(Point {
                x: weigh(begin.x, first.x, second.x, end.x),
                y: weigh(begin.y, first.y, second.y, end.y),
            });
        }
    }

    /// A rectangle by its corners, one after another.
    pub(super) fn corners(&mut self, [first, others @ ..]: [Point; 4]) {
        self.move_to(first);
        for corner in others {
            self.line_to(corner);
        }
        self.segments += 1;
        self.close();
    }

    pub(super) fn close(&mut self) {
        // What is closed already stays as it is; a point that is closed is a dot (8.5.3.2).
        let is_closed = self.lines.last().is_some_and(|[_, end]| Some(*end) == self.start);
        if let Some(start) = self.start
            && !(is_closed && self.here == self.start)
        {
            self.draw(start);
        }
    }

    /// What a fill adds to the lines; `None` where it is too much.
    pub(super) fn take_closings(&mut self) -> Option<Vec<Line>> {
        self.note_open();
        let closings = std::mem::take(&mut self.closings);
        (closings.len() < MOST_LINES).then_some(closings)
    }

    fn note_open(&mut self) {
        if let (Some(start), Some(here)) = (self.start, self.here)
            && start != here
            && self.closings.len() < MOST_LINES
        {
            self.closings.push([here, start]);
        }
    }

    /// The lines that a stroke follows; `None` where they are too many.
    pub(super) fn take_lines(&mut self) -> Option<Vec<Line>> {
        let lines = std::mem::take(&mut self.lines);
        (lines.len() < MOST_LINES).then_some(lines)
    }

    fn draw(&mut self, to: Point) {
        if self.lines.len() < MOST_LINES {
            self.lines.push([self.here.unwrap_or(to), to]);
        }
        self.here = Some(to);
    }

    fn reach(&mut self, at: Point) {
        let here = Rect { x0: at.x, y0: at.y, x1: at.x, y1: at.y };
        self.area = Some(match self.area {
            None => here,
            Some(area) => union(area, here),
        });
    }
}

/// What lies within both, be it a line or a point.
pub(super) fn common(a: Rect, b: Rect) -> Option<Rect> {
    let seen = Rect { x0: a.x0.max(b.x0), y0: a.y0.max(b.y0), x1: a.x1.min(b.x1), y1: a.y1.min(b.y1) };
    (seen.x0 <= seen.x1 && seen.y0 <= seen.y1).then_some(seen)
}

pub(super) fn union(a: Rect, b: Rect) -> Rect {
    Rect { x0: a.x0.min(b.x0), y0: a.y0.min(b.y0), x1: a.x1.max(b.x1), y1: a.y1.max(b.y1) }
}

/// What a clip outside of the clip around it leaves.
pub(super) const NOWHERE: Rect = Rect { x0: f64::MAX, y0: f64::MAX, x1: f64::MAX, y1: f64::MAX };

/// What has no end that is known.
pub(super) const EVERYWHERE: Rect = Rect { x0: -1.0e6, y0: -1.0e6, x1: 1.0e6, y1: 1.0e6 };
