//! Shapes in millimetres, y downwards.

use serde::{Deserialize, Serialize};

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Segment {
    /// Begins a subpath.
    #[serde(rename = "M")]
    Move(f64, f64),
    /// A straight line.
    #[serde(rename = "L")]
    Line(f64, f64),
    /// A cubic Bézier curve: two control points and the end.
    #[serde(rename = "C")]
    Cubic(f64, f64, f64, f64, f64, f64),
    /// Closes the subpath.
    #[serde(rename = "Z")]
    Close,
}

/// An opaque colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// The ink of a pen.
pub(crate) const INK: Rgb = Rgb(0x16, 0x1b, 0x26);

/// Seal paste.
pub(crate) const PASTE: Rgb = Rgb(0xd2, 0x20, 0x1b);

/// How a path is painted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Paint {
    /// Inside, by the non-zero winding rule.
    Fill,
    /// Along the path with round caps and joins; width in mm.
    Stroke(f64),
    /// Inside and along: makes glyphs bolder by the width in mm.
    Bold(f64),
}

/// A painted path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Shape {
    pub(crate) colour: Rgb,
    pub(crate) paint: Paint,
    pub(crate) path: Vec<Segment>,
}

/// An affine map: `x' = a·x + c·y + e`, `y' = b·x + d·y + f`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Affine {
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    e: f64,
    f: f64,
}

impl Affine {
    pub(crate) const IDENTITY: Self = Self { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 };

    /// This map after a translation of its input.
    pub(crate) fn translate(self, x: f64, y: f64) -> Self {
        let (e, f) = self.point(x, y);
        Self { e, f, ..self }
    }

    /// This map after a scaling of its input.
    pub(crate) fn scale(self, x: f64, y: f64) -> Self {
        Self { a: self.a * x, b: self.b * x, c: self.c * y, d: self.d * y, ..self }
    }

    /// This map after a clockwise rotation of its input (y points down), in radians.
    pub(crate) fn rotate(self, angle: f64) -> Self {
        let (sin, cos) = angle.sin_cos();
        Self {
            a: self.a * cos + self.c * sin,
            b: self.b * cos + self.d * sin,
            c: self.c * cos - self.a * sin,
            d: self.d * cos - self.b * sin,
            ..self
        }
    }

    /// This map after a slant of its input to the right by `tan` for each unit of height.
    pub(crate) fn slant(self, tan: f64) -> Self {
        Self { c: self.c - self.a * tan, d: self.d - self.b * tan, ..self }
    }

    pub(crate) fn point(self, x: f64, y: f64) -> (f64, f64) {
        (self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f)
    }

    pub(crate) fn apply(self, segment: Segment) -> Segment {
        match segment {
            Segment::Move(x, y) => {
                let (x, y) = self.point(x, y);
                Segment::Move(x, y)
            }
            Segment::Line(x, y) => {
                let (x, y) = self.point(x, y);
                Segment::Line(x, y)
            }
            Segment::Cubic(x1, y1, x2, y2, x, y) => {
                let ((x1, y1), (x2, y2), (x, y)) = (self.point(x1, y1), self.point(x2, y2), self.point(x, y));
                Segment::Cubic(x1, y1, x2, y2, x, y)
            }
            Segment::Close => Segment::Close,
        }
    }
}

/// Rounds to a micrometre, so that stored artwork stays short.
pub(crate) fn tidy(path: &mut [Segment]) {
    let round = |v: &mut f64| *v = (*v * 1000.0).round() / 1000.0;
    for segment in path {
        match segment {
            Segment::Move(x, y) | Segment::Line(x, y) => [x, y].into_iter().for_each(round),
            Segment::Cubic(x1, y1, x2, y2, x, y) => [x1, y1, x2, y2, x, y].into_iter().for_each(round),
            Segment::Close => {}
        }
    }
}

/// A full circle as four cubic curves.
pub(crate) fn circle(cx: f64, cy: f64, r: f64) -> Vec<Segment> {
    const K: f64 = 0.552_284_749_8;
    let k = r * K;
    vec![
        Segment::Move(cx, cy - r),
        Segment::Cubic(cx + k, cy - r, cx + r, cy - k, cx + r, cy),
        Segment::Cubic(cx + r, cy + k, cx + k, cy + r, cx, cy + r),
        Segment::Cubic(cx - k, cy + r, cx - r, cy + k, cx - r, cy),
        Segment::Cubic(cx - r, cy - k, cx - k, cy - r, cx, cy - r),
        Segment::Close,
    ]
}
