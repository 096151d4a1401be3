//! What a field's look may draw besides its text: a background, a border along its edge, the rules of a comb (§12.5.4,
//! §12.7.5.3). Any other line could be a sign or a stroke of a letter.

use pdf::content::{Line, Mark, Paint};
use pdf::{Point, Rect};

/// How near to its edge a border runs, in points and as a part of the field.
const NEAR: (f64, f64) = (2.0, 0.2);
/// How much of an edge a border takes at least.
const WHOLE: f64 = 0.8;
/// A line that is no thicker is a rule.
pub(super) const THIN: f64 = 1.5;

/// Why a look draws more than that.
pub(super) fn problem(marks: &[Mark], rect: Rect, shape: Shape, letters: &[Rect]) -> Option<&'static str> {
    for mark in marks {
        let is_fine = match &mark.paint {
            Paint::Stroke { lines: None, .. } | Paint::Fill { lines: None } => false,
            Paint::Stroke { width, lines: Some(lines) } => {
                let near = near(rect, 1.5 * width);
                lines.iter().all(|line| is_edge(line, rect, near) || shape.is_rule(line, rect, letters))
            }
            Paint::Fill { lines: Some(lines) } => {
                is_background(mark.area, lines, rect, shape)
                    || is_frame(mark.area, lines, rect)
                    || shape.is_rule(&middle(mark.area), rect, letters) && is_thin(mark.area)
            }
            _ => true,
        };
        if !is_fine {
            return Some("it draws shapes");
        }
    }
    None
}

/// What kind of field it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Plain,
    /// Letters in places of their own.
    Comb,
    /// Options among each other, the chosen ones on bars.
    List,
}

impl Shape {
    /// Whether a line parts two letters of a comb.
    fn is_rule(self, [a, b]: &Line, rect: Rect, letters: &[Rect]) -> bool {
        let (across, along) = ((a.x - b.x).abs(), (a.y - b.y).abs());
        let is_straight = (across < 0.1 && along >= WHOLE * rect.height())
            || (along < 0.1 && across >= WHOLE * rect.width());
        let line = Rect::new(a.x, a.y, b.x, b.y);
        self == Self::Comb && is_straight && !letters.iter().any(|letter| touches(*letter, line))
    }
}

fn touches(a: Rect, b: Rect) -> bool {
    a.x0 <= b.x1 && b.x0 <= a.x1 && a.y0 <= b.y1 && b.y0 <= a.y1
}

/// How near to its edge is at the edge.
fn near(rect: Rect, wanted: f64) -> f64 {
    let most = (rect.width().min(rect.height()) * NEAR.1).max(NEAR.0);
    wanted.clamp(NEAR.0, most)
}

/// Whether a line runs along an edge, most of it.
fn is_edge([a, b]: &Line, rect: Rect, near: f64) -> bool {
    let beside = |p: f64, q: f64, edge: f64| (p - edge).abs() <= near && (q - edge).abs() <= near;
    let upright = beside(a.x, b.x, rect.x0) || beside(a.x, b.x, rect.x1);
    let level = beside(a.y, b.y, rect.y0) || beside(a.y, b.y, rect.y1);
    (upright && (a.y - b.y).abs() >= WHOLE * rect.height() - 2.0 * near)
        || (level && (a.x - b.x).abs() >= WHOLE * rect.width() - 2.0 * near)
}

/// Whether a path is an upright rectangle.
pub(super) fn is_rectangle(area: Rect, lines: &[Line]) -> bool {
    let is_long = |[a, b]: &&Line| (a.x - b.x).abs() + (a.y - b.y).abs() > 0.01;
    let sides: Vec<&Line> = lines.iter().filter(is_long).collect();
    let on = |p: f64, edges: [f64; 2]| edges.iter().any(|edge| (p - edge).abs() < 0.05);
    let is_side = |[a, b]: &&Line| {
        let at_corner = |p: &Point| on(p.x, [area.x0, area.x1]) && on(p.y, [area.y0, area.y1]);
        at_corner(a) && at_corner(b) && ((a.x - b.x).abs() < 0.05 || (a.y - b.y).abs() < 0.05)
    };
    (3..=4).contains(&sides.len()) && sides.iter().all(is_side)
}

/// Whether a fill lies below the text as a whole, or below an option of a list.
fn is_background(area: Rect, lines: &[Line], rect: Rect, shape: Shape) -> bool {
    let is_high = area.height() > rect.height() / 2.0;
    let is_wide = area.width() > rect.width() / 2.0;
    is_cut_rectangle(area, lines) && (is_wide && is_high || shape == Shape::List && (is_wide || is_high))
}

/// The same for one that a clip may have made smaller.
fn is_cut_rectangle(area: Rect, lines: &[Line]) -> bool {
    let around = lines.iter().flatten().fold(None, |around: Option<Rect>, at| {
        let here = Rect { x0: at.x, y0: at.y, x1: at.x, y1: at.y };
        Some(around.map_or(here, |all| Rect {
            x0: all.x0.min(here.x0),
            y0: all.y0.min(here.y0),
            x1: all.x1.max(here.x1),
            y1: all.y1.max(here.y1),
        }))
    });
    around.is_some_and(|around| around.contains(&area) && is_rectangle(around, lines))
}

/// Whether a fill stays by the edges and takes the most of one: a border, or one that looks raised.
fn is_frame(area: Rect, lines: &[Line], rect: Rect) -> bool {
    let near = near(rect, 4.0);
    let by_edge = |p: &Point| {
        [rect.x0, rect.x1].iter().any(|edge| (p.x - edge).abs() <= near)
            || [rect.y0, rect.y1].iter().any(|edge| (p.y - edge).abs() <= near)
    };
    let is_long = area.width() >= WHOLE * rect.width() - 2.0 * near
        || area.height() >= WHOLE * rect.height() - 2.0 * near;
    // What lies by one edge alone is thin; what goes around has its corners by all of them.
    let is_thin = area.width().min(area.height()) <= near;
    let goes_around = area.width() >= WHOLE * rect.width() && area.height() >= WHOLE * rect.height();
    is_long && (is_thin || goes_around && lines.len() >= 5) && lines.iter().flatten().all(by_edge)
}

fn is_thin(area: Rect) -> bool {
    area.width().min(area.height()) <= THIN
}

/// The line in the middle of a narrow rectangle.
fn middle(area: Rect) -> Line {
    let (x, y) = (f64::midpoint(area.x0, area.x1), f64::midpoint(area.y0, area.y1));
    match area.width() < area.height() {
        true => [Point { x, y: area.y0 }, Point { x, y: area.y1 }],
        false => [Point { x: area.x0, y }, Point { x: area.x1, y }],
    }
}
