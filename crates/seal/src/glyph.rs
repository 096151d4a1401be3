//! Glyph outlines, in ems with y downwards.

use std::sync::LazyLock;

use ttf_parser::{Face, OutlineBuilder};

use crate::Error;
use crate::path::{Affine, Segment};

static SERIF: LazyLock<Face<'static>> =
    LazyLock::new(|| Face::parse(fonts::SERIF, 0).expect("the embedded typeface parses: a test opens it"));

/// A glyph: its outline and its advance, both in ems.
pub(crate) struct Glyph {
    pub(crate) path: Vec<Segment>,
    pub(crate) advance: f64,
}

impl Glyph {
    /// The outline of a character of the serif face, its baseline at y = 0.
    pub(crate) fn serif(character: char) -> Result<Self, Error> {
        let face = &*SERIF;
        let id = face.glyph_index(character).ok_or(Error::NoGlyph(character))?;
        let em = f64::from(face.units_per_em());
        let mut pen = Pen { path: Vec::new(), at: (0.0, 0.0), unit: 1.0 / em };
        face.outline_glyph(id, &mut pen);
        Ok(Self { path: pen.path, advance: f64::from(face.glyph_hor_advance(id).unwrap_or(0)) / em })
    }

    /// The outline after a map.
    pub(crate) fn placed(&self, map: Affine) -> impl Iterator<Item = Segment> {
        self.path.iter().map(move |segment| map.apply(*segment))
    }
}

struct Pen {
    path: Vec<Segment>,
    at: (f64, f64),
    unit: f64,
}

impl Pen {
    fn scaled(&self, x: f32, y: f32) -> (f64, f64) {
        (f64::from(x) * self.unit, -f64::from(y) * self.unit)
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.at = self.scaled(x, y);
        self.path.push(Segment::Move(self.at.0, self.at.1));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.at = self.scaled(x, y);
        self.path.push(Segment::Line(self.at.0, self.at.1));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x0, y0), (qx, qy), (x, y)) = (self.at, self.scaled(x1, y1), self.scaled(x, y));
        let third = |end: f64, control: f64| end + 2.0 / 3.0 * (control - end);
        self.path.push(Segment::Cubic(third(x0, qx), third(y0, qy), third(x, qx), third(y, qy), x, y));
        self.at = (x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), end) = (self.scaled(x1, y1), self.scaled(x2, y2), self.scaled(x, y));
        self.path.push(Segment::Cubic(x1, y1, x2, y2, end.0, end.1));
        self.at = end;
    }

    fn close(&mut self) {
        self.path.push(Segment::Close);
    }
}
