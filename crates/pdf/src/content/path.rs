//! Paths and clips as upright rectangles.

use crate::{Point, Rect};

/// The path being built, as its area.
#[derive(Default)]
pub(super) struct Path {
    pub(super) area: Option<Rect>,
    pub(super) curves: usize,
    pub(super) segments: usize,
}

impl Path {
    pub(super) fn point(&mut self, at: Point) {
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

fn union(a: Rect, b: Rect) -> Rect {
    Rect { x0: a.x0.min(b.x0), y0: a.y0.min(b.y0), x1: a.x1.max(b.x1), y1: a.y1.max(b.y1) }
}

/// What a clip outside of the clip around it leaves.
pub(super) const NOWHERE: Rect = Rect { x0: f64::MAX, y0: f64::MAX, x1: f64::MAX, y1: f64::MAX };
